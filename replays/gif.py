"""A gif that is written picture by picture: Pillow, asked to save all of them, keeps all of them until the last."""

from collections.abc import Sequence
from typing import BinaryIO

import numpy as np
from PIL import Image
from PIL.GifImagePlugin import getdata, getheader

from sim.render.palette import BOX, FLOOR, INK, PAPER, TEAMS, WALL, WHITE

_COLOURS = 255
"""One less than a gif can have: the last stands for pixels that stay as they are, which keeps files small."""
_UNCHANGED = _COLOURS
_END = b";"


class GifWriter:
    """Writes pictures of one size that are shown one after the other, over and over; times are hundredths of a second.

    All have the colours of one palette, so that colours neither drift nor flicker.
    """

    def __init__(self, file: BinaryIO, samples: Sequence[Image.Image]) -> None:
        """`samples` are pictures like those to be written, for the palette."""
        self._file, self._palette = file, _palette(samples)
        self._shown: np.ndarray | None = None
        """uint8 [row, column]: the colours of the newest picture."""
        self._changed, self._start = np.zeros((0, 0), bool), 0
        """bool [row, column]: what it changed, which is not written yet; and when it is shown."""

    def show(self, picture: Image.Image, start: int) -> None:
        """Shows a picture from a time on."""
        reduced = picture.quantize(palette=self._palette, dither=Image.Dither.NONE)
        colours = np.asarray(reduced)
        if self._shown is None:
            self._file.writelines(getheader(reduced, info={"loop": 0})[0])
            changed = np.ones(colours.shape, bool)
        else:
            changed = colours != self._shown
            if not changed.any():
                return
            self._write(start)
        self._shown, self._changed, self._start = colours, changed, start

    def close(self, end: int) -> None:
        """Ends the last picture, and the file."""
        self._write(end)
        self._file.write(_END)

    def _write(self, end: int) -> None:
        """Writes what the newest picture changed; only now it is known how long it is shown."""
        if self._shown is None:
            return
        rows, columns = (np.flatnonzero(self._changed.any(axis=axis)) for axis in (1, 0))
        part = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
        colours = np.where(self._changed[part], self._shown[part], np.uint8(_UNCHANGED))
        place, duration = (int(columns[0]), int(rows[0])), 10 * (end - self._start)
        self._file.writelines(getdata(Image.fromarray(colours), place, duration=duration, transparency=_UNCHANGED))


def _palette(frames: Sequence[Image.Image]) -> Image.Image:
    """A palette for pictures like these; the colours that tell something are in it even where they are rare."""
    width, height = frames[0].size
    telling = (*TEAMS, BOX, FLOOR, INK, PAPER, WALL, WHITE)
    swatch = height // len(telling)
    sheet = Image.new("RGB", (width * (len(frames) + 1), height), PAPER)
    for column, frame in enumerate(frames):
        sheet.paste(frame, (column * width, 0))
    for row, colour in enumerate(telling):
        left, top = width * len(frames), row * swatch
        sheet.paste(colour, (left, top, left + width, top + swatch))
    return sheet.quantize(_COLOURS, Image.Quantize.MEDIANCUT, kmeans=1)
