"""Films hold exactly the moments asked for, in true colours, at the game's speed."""

import builtins
import dataclasses
import errno
import io
import itertools
import os
import weakref
from pathlib import Path

import numpy as np
import pygame
import pytest
from PIL import Image, ImageSequence

from replays import video, video_footer
from replays.format.recording import Recording
from replays.gif import GifWriter
from replays.video import export, export_bit_by_bit
from sim.errors import UserError
from sim.render.palette import BOX, FLOOR, HIDER, INK, PAPER, SEEKER, WALL, WHITE, mix


def frames(path: Path) -> list[np.ndarray]:
    with Image.open(path) as film:
        return [np.asarray(frame.convert("RGB")).astype(int) for frame in ImageSequence.Iterator(film)]


@pytest.mark.parametrize(
    ("first", "last", "between", "count"), [(0, 20, 0, 21), (4, 9, 1, 11), (4, 4, 3, 1), (18, 20, 4, 11)]
)
def test_a_gif_has_exactly_the_pictures_asked_for(
    recording: Recording, tmp_path: Path, first: int, last: int, between: int, count: int
):
    export(recording, tmp_path / "a.gif", first, last, 128, between)
    shown = frames(tmp_path / "a.gif")
    assert len(shown) == count
    for tick in range(first, last + 1):
        export(recording, tmp_path / "still.png", tick, size=128)
        still = frames(tmp_path / "still.png")[0]
        assert np.abs(shown[(tick - first) * (1 + between)] - still).mean() < 2.0


@pytest.mark.parametrize("between", [0, 1, 2, 3, 6])
def test_a_gif_plays_at_the_games_speed(recording: Recording, tmp_path: Path, between: int):
    export(recording, tmp_path / "a.gif", 0, 10, 64, between)
    with Image.open(tmp_path / "a.gif") as film:
        durations = [frame.info["duration"] for frame in ImageSequence.Iterator(film)]
    assert sum(durations[: 10 * (1 + between)]) == 1000


def test_a_gif_keeps_the_teams_colours(recording: Recording, tmp_path: Path):
    export(recording, tmp_path / "a.gif", 12, 14, 320)
    for shown in frames(tmp_path / "a.gif"):
        for colour in (HIDER, SEEKER):
            near = np.abs(shown - colour).max(axis=2) <= 6
            assert near.sum() > 40


def test_a_png_is_one_sharp_picture_of_its_tick(recording: Recording, tmp_path: Path):
    for tick in (3, 13):
        export(recording, tmp_path / f"{tick}.png", tick, size=200)
    early, late = frames(tmp_path / "3.png")[0], frames(tmp_path / "13.png")[0]
    assert early.shape == (236, 200, 3)
    assert (early != late).any(axis=2).sum() > 200


def test_an_mp4_has_exactly_the_pictures_asked_for(recording: Recording, tmp_path: Path):
    av = pytest.importorskip("av")
    export(recording, tmp_path / "a.mp4", 2, 7, 128, 2)
    with av.open(str(tmp_path / "a.mp4")) as film:
        shown = [frame.to_ndarray(format="rgb24").astype(int) for frame in film.decode(video=0)]
        assert film.streams.video[0].average_rate == 30
        assert film.streams.video[0].frames == 16
    assert len(shown) == 16 and shown[0].shape == (164, 128, 3)
    export(recording, tmp_path / "still.png", 7, size=128)
    assert np.abs(shown[-1] - frames(tmp_path / "still.png")[0]).mean() < 4.0


def from_bt709(planes: np.ndarray) -> np.ndarray:
    """Red, green and blue [height, width, 3] of luma and two chromas of limited range, without a player's shortcuts."""
    luma, blue, red = (planes.astype(float) - [[[16]], [[128]], [[128]]]) / [[[219]], [[224]], [[224]]]
    r, b = luma + 1.5748 * red, luma + 1.8556 * blue
    return 255 * np.stack([r, (luma - 0.2126 * r - 0.0722 * b) / 0.7152, b], axis=2)


def test_an_mp4_has_the_windows_colours_and_says_how_they_are_meant(recording: Recording, tmp_path: Path):
    """Broad surfaces, decoded as declared, are what the window draws; 4 of 255 is what compression may change."""
    av = pytest.importorskip("av")
    export(recording, tmp_path / "a.mp4", 3, 3, 960)
    export(recording, tmp_path / "still.png", 3, size=960)
    still = frames(tmp_path / "still.png")[0]
    with av.open(str(tmp_path / "a.mp4")) as film:
        shown = from_bt709(next(film.decode(video=0)).to_ndarray(format="yuv444p"))
        codec = film.streams.video[0].codec_context
        assert (codec.colorspace, codec.color_range, codec.color_primaries, codec.color_trc) == (1, 1, 1, 1)
    broad = (BOX, 0.14), (HIDER, 0.16), (SEEKER, 0.16)
    for colour in (PAPER, FLOOR, WALL, *(mix(colour, WHITE, share) for colour, share in broad)):
        surface = np.abs(still - colour).max(axis=2) <= 1
        inside = surface.copy()
        for away, axis in itertools.product((-3, -2, -1, 1, 2, 3), (0, 1)):
            inside &= np.roll(surface, away, axis)
        assert inside.any() and np.abs(np.median(shown[inside], axis=0) - colour).max() <= 4, colour


def test_bit_by_bit_is_the_same_film_and_stopping_leaves_nothing(recording: Recording, tmp_path: Path):
    shares = list(export_bit_by_bit(recording, tmp_path / "a.gif", 2, 6, 64))
    assert shares == sorted(shares) and shares[-1] == 1 and len(shares) >= 9
    export(recording, tmp_path / "b.gif", 2, 6, 64)
    assert (tmp_path / "a.gif").read_bytes() == (tmp_path / "b.gif").read_bytes()
    work = export_bit_by_bit(recording, tmp_path / "c.gif", 2, 6, 64)
    next(work)
    work.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.gif", "b.gif"]


def test_a_gif_keeps_few_full_pictures_in_memory(recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    drawn, real = [], video._picture

    def picture(*args) -> Image.Image:
        made = real(*args)
        drawn.append(weakref.ref(made))
        return made

    monkeypatch.setattr(video, "_picture", picture)
    most = 0
    for _ in export_bit_by_bit(recording, tmp_path / "a.gif", 0, 20, 64, 3):
        most = max(most, sum(one() is not None for one in drawn))
    assert len(drawn) == 81 == len(frames(tmp_path / "a.gif")) and most <= 10


def test_a_gif_is_written_while_it_is_drawn(recording: Recording):
    file, sizes = io.BytesIO(), []
    pictures = video.Pictures(41, lambda number: video._picture(recording, number / 2, 64))
    for _ in video._write_gif(file, pictures, 2):
        sizes.append(file.tell())
    assert sizes[-21] > 0.3 * sizes[-1] > 0 and file.getvalue().endswith(b";")


def test_a_gif_shows_what_it_was_given_and_says_only_once_what_stays():
    noise = np.random.default_rng(0)
    colours = np.array([PAPER, FLOOR, INK, WALL], np.uint8)
    given = [colours[noise.integers(4, size=(20, 30))]] * 2
    for corner, colour in ((np.s_[3:9, 4:5], WHITE), (np.s_[19:, 29:], BOX), (np.s_[:, :], WHITE), (np.s_[:0], BOX)):
        given.append(given[-1].copy())
        given[-1][corner] = colour
    file = io.BytesIO()
    writer = GifWriter(file, [Image.fromarray(one) for one in given])
    for number, one in enumerate(given):
        writer.show(Image.fromarray(one), 7 * number)
    writer.close(7 * len(given))
    with Image.open(file) as film:
        shown = [(np.asarray(frame.convert("RGB")), frame.info["duration"]) for frame in ImageSequence.Iterator(film)]
    assert [duration for _, duration in shown] == [140, 70, 70, 140]
    for (found, _), one in zip(shown, [given[0], *given[2:5]], strict=True):
        assert np.abs(found.astype(int) - one).max() <= 2


def test_without_pyav_an_mp4_is_refused(recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    real = builtins.__import__

    def without(name: str, *rest, **more):
        if name == "av":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UserError, match=r'pip install -e "\.\[video\]"'):
        export(recording, tmp_path / "a.mp4")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("a.webm", {}, r"a\.webm.*\.gif, \.png or \.mp4"),
        ("a", {}, r"\.gif, \.png or \.mp4"),
        ("a.gif", {"first": -1}, "ticks -1 to 20"),
        ("a.gif", {"last": 21}, "choose from 0 to 20"),
        ("a.gif", {"first": 9, "last": 8}, "ticks 9 to 8"),
        ("a.png", {"first": 21}, "ticks 21"),
        ("a.gif", {"size": 10**6}, "1000000 pixels"),
        ("a.gif", {"size": 101}, "even"),
        ("a.gif", {"between": -1}, "-1 pictures"),
        ("nowhere/a.gif", {"last": 1, "size": 64}, "cannot be written"),
    ],
)
def test_what_cannot_be_made_is_told(recording: Recording, tmp_path: Path, name: str, arguments: dict, message: str):
    with pytest.raises(UserError, match=message):
        export(recording, tmp_path / name, **arguments)
    assert not list(tmp_path.iterdir())


def test_a_full_disk_leaves_the_old_film(recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "a.gif").write_bytes(b"old")

    def full(_file: int):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match="No space left"):
        export(recording, tmp_path / "a.gif", 0, 1, 64)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.gif", b"old")]


def test_a_film_names_trained_teams_as_the_window_does(recording: Recording, monkeypatch: pytest.MonkeyPatch):
    texts: list[str] = []
    real = video_footer.label
    monkeypatch.setattr(video_footer, "label", lambda text, *how: (texts.append(text), real(text, *how))[1])
    header = dataclasses.replace(recording.header, hiders="hiders-000030015488", seekers="chaser")
    surface = pygame.Surface((480, 36))
    video_footer.draw_strip(surface, surface.get_rect(), dataclasses.replace(recording, header=header), 3.0)
    assert {"hiders of 30 M steps", "against", "chaser"} <= set(texts)
