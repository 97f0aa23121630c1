"""A recording, or a part of it, as a film or a picture: .gif, .png, and with PyAV .mp4."""

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

import pygame
from PIL import Image

from replays.format.archive import replacing
from replays.format.recording import Recording
from replays.gif import GifWriter
from replays.interpolation import moment, tick_range
from replays.video_footer import STRIP_HEIGHT, draw_strip
from sim.errors import UserError, extra_missing
from sim.render.draw import Options, draw, pixels
from sim.render.palette import PAPER
from sim.render.snapshot import Snapshot
from sim.rules import RULES

_OVERSIZE = 2
"""Pictures are drawn this many times too large and shrunk: nothing is in a hurry here."""
_SAMPLES = 8
"""About how many pictures the palette of a gif is made from."""
_SIZES = (64, 2160)
_MOST_BETWEEN = 9


class Pictures(NamedTuple):
    """The pictures of a film, drawn when they are asked for: all of a long film would not fit into memory."""

    count: int
    draw: Callable[[int], Image.Image]
    """Draws the picture of a number from 0 up; all are of one size."""


Writer = Callable[[BinaryIO, Pictures, int], Iterator[float]]
"""Writes pictures to a file, a number of them a tick.

Yields the share of them that is drawn after each piece of work, so that a window stays awake meanwhile.
"""


def export(
    recording: Recording, path: Path, first: int = 0, last: int | None = None, size: int = 480, between: int = 1
) -> None:
    """Writes the ticks `first` to `last`, both included, at the game's own speed.

    Args:
        recording: what to show.
        path: what to write; its ending says how. A .png shows the tick `first` alone.
        first: first tick.
        last: last tick; None is the end.
        size: pixels of the picture's width; a strip with names and time comes below.
        between: interpolated pictures between one tick and the next; 1 makes 20 pictures a second.

    Raises:
        UserError: an unknown ending, ticks or a size that do not exist, no PyAV for .mp4, or nothing can be written.
    """
    for _ in export_bit_by_bit(recording, path, first, last, size, between):
        pass


def export_bit_by_bit(
    recording: Recording, path: Path, first: int = 0, last: int | None = None, size: int = 480, between: int = 1
) -> Generator[float]:
    """`export`, in pieces of some hundredths of a second; yields the share that is done, from 0 to 1.

    What is asked for is checked at once; closing the iterator before its end leaves no file.
    """
    first, end = tick_range(recording, first, last)
    if not _SIZES[0] <= size <= _SIZES[1] or size % 2:
        raise UserError(
            f"a film {size} pixels wide cannot be made; choose an even number from {_SIZES[0]} to {_SIZES[1]}"
        )
    if not 0 <= between <= _MOST_BETWEEN:
        raise UserError(f"{between} pictures between ticks cannot be made; choose from 0 to {_MOST_BETWEEN}")
    writer, steps = _writer(path), 1 + between
    if path.suffix.lower() == ".png":
        end = first
    times = [first + k / steps for k in range((end - first) * steps + 1)]
    return _write(recording, path, times, size, steps, writer)


def write_film(path: Path, pictures: Pictures, pictures_a_tick: int) -> None:
    """Writes pictures of one size as a film at the game's own speed.

    Raises:
        UserError: an unknown ending, no PyAV for .mp4, or nothing can be written.
    """
    writer = _writer(path)
    with replacing(path) as file:
        for _ in writer(file, pictures, pictures_a_tick):
            pass


def can_write_mp4() -> bool:
    """Whether PyAV is there."""
    try:
        import av  # noqa: F401  # pyright: ignore[reportMissingImports]
    except ImportError:
        return False
    return True


def _write(
    recording: Recording, path: Path, times: list[float], size: int, steps: int, writer: Writer
) -> Generator[float]:
    pictures = Pictures(len(times), lambda number: _picture(recording, times[number], size))
    with replacing(path) as file:
        yield from writer(file, pictures, steps)


def _picture(recording: Recording, time: float, size: int) -> Image.Image:
    now, header = moment(recording, time), recording.header
    surface = pygame.Surface((size * _OVERSIZE, (size + STRIP_HEIGHT) * _OVERSIZE), depth=32)
    surface.fill(PAPER)
    world = pygame.Rect(0, 0, size * _OVERSIZE, size * _OVERSIZE)
    options = Options(preparation=now.preparation)
    draw(surface, world, Snapshot(header.slots, recording.layout, now.state, now.seen), options)
    strip = pygame.Rect(0, world.bottom, world.width, STRIP_HEIGHT * _OVERSIZE)
    draw_strip(surface, strip, recording, time)
    return Image.fromarray(pixels(surface)).reduce(_OVERSIZE)


def _writer(path: Path) -> Writer:
    writers: dict[str, Writer] = {".gif": _write_gif, ".png": _write_png, ".mp4": _write_mp4}
    suffix = path.suffix.lower()
    if suffix not in writers:
        raise UserError(
            f"{path}: cannot write '{path.suffix}' files; choose a name that ends in .gif, .png or .mp4"
            ", or in .html with hideseek export"
        )
    if suffix == ".mp4" and not can_write_mp4():
        raise extra_missing(f"{path}: .mp4", "video")
    return writers[suffix]


def _write_png(file: BinaryIO, pictures: Pictures, steps: int) -> Iterator[float]:
    pictures.draw(0).save(file, "PNG")
    yield 1.0


def _write_gif(file: BinaryIO, pictures: Pictures, steps: int) -> Iterator[float]:
    """The pictures that the palette is made from are drawn first."""
    samples = {}
    for number in range(0, pictures.count, max(pictures.count // _SAMPLES, 1)):
        samples[number] = pictures.draw(number)
        yield 0.0
    gif = GifWriter(file, list(samples.values()))
    # A gif counts in hundredths of a second: rounding the times, not the durations, keeps the speed true.
    starts = [round(100 * RULES.tick_s * k / steps) for k in range(pictures.count + 1)]
    for number in range(pictures.count):
        gif.show(samples.pop(number) if number in samples else pictures.draw(number), starts[number])
        yield (number + 1) / pictures.count
    gif.close(starts[-1])


def _write_mp4(file: BinaryIO, pictures: Pictures, steps: int) -> Iterator[float]:
    """H.264 with its colours declared as BT.709; undeclared, players would guess them from the picture's size."""
    import av  # pyright: ignore[reportMissingImports]
    from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc  # pyright: ignore[reportMissingImports]

    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=steps * round(1 / RULES.tick_s), options={"crf": "16"})
        first = pictures.draw(0)
        stream.width, stream.height, stream.pix_fmt = *first.size, "yuv420p"
        stream.codec_context.colorspace, stream.codec_context.color_range = Colorspace.ITU709, ColorRange.MPEG
        stream.codec_context.color_primaries, stream.codec_context.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
        for number in range(pictures.count):
            picture = pictures.draw(number) if number else first
            frame = av.VideoFrame.from_image(picture)
            frame = frame.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG)
            container.mux(stream.encode(frame))
            yield (number + 1) / pictures.count
        container.mux(stream.encode())
