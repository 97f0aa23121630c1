"""A person exports from the window: the range chosen, bit by bit, and nothing half written is left."""

from pathlib import Path

import numpy as np
import pygame
import pytest
from PIL import Image, ImageSequence

from replays import video
from replays.format.recording import Recording, write
from replays.video import export
from replays.viewer.film.viewer import LEAST_SIZE, Viewer
from replays.viewer.modes import export as exporting
from replays.viewer.modes.export import EXPORT_KEYS, Exporting
from replays.viewer.modes.play import LIVE_KEYS
from replays.viewer.modes.what_if import WHAT_IF_KEYS
from replays.viewer.widgets.time_axis import x_of
from tests.replays.acting import click, pass_time, picture, play_context, press


@pytest.fixture
def viewer(recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Viewer:
    """A film of 20 ticks, after E; without PyAV, so that all machines write the same."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(exporting, "can_write_mp4", lambda: False)
    write(recording, tmp_path / "film.npz")
    viewer = Viewer([tmp_path / "film.npz"], tick=4)
    press(viewer, pygame.K_e)
    return viewer


def mode(viewer: Viewer) -> Exporting:
    assert isinstance(viewer.mode, Exporting)
    return viewer.mode


def until_written(viewer: Viewer) -> int:
    """How many frames of the window that took."""
    frames = 0
    while viewer.mode is not None:
        viewer.advance(1 / 60)
        frames += 1
        assert frames < 10_000
    return frames


def test_a_range_is_chosen_with_the_films_own_keys_and_written_exactly(viewer: Viewer, tmp_path: Path):
    press(viewer, pygame.K_i, pygame.K_RIGHT, pygame.K_RIGHT, pygame.K_RIGHT, pygame.K_o, pygame.K_RETURN)
    assert mode(viewer).busy and until_written(viewer) > 3
    assert (tmp_path / "film-4-7.gif").is_file() and "film-4-7.gif" in viewer.note
    with Image.open(tmp_path / "film-4-7.gif") as film:
        assert sum(1 for _ in ImageSequence.Iterator(film)) == 7
    assert sorted(path.name for path in tmp_path.iterdir()) == ["film-4-7.gif", "film.npz"]


def test_the_loop_is_what_is_written(viewer: Viewer):
    assert mode(viewer).range == (0, 20)
    press(viewer, pygame.K_o)
    assert mode(viewer).range == viewer.playback.loop == (0, 4)
    click(viewer, (x_of(viewer.panes.track, 20, 10), viewer.panes.track.centery))
    press(viewer, pygame.K_i)
    assert mode(viewer).range == (10, 20)
    press(viewer, pygame.K_k)
    assert mode(viewer).range == (0, 20)


def test_a_loop_that_was_marked_before_is_taken(viewer: Viewer):
    press(viewer, pygame.K_ESCAPE)
    viewer.playback.set_loop(3, 6)
    press(viewer, pygame.K_e)
    assert mode(viewer).range == (3, 6)


def test_a_picture_is_of_the_moment_shown(viewer: Viewer, recording: Recording, tmp_path: Path):
    press(viewer, pygame.K_RIGHT, pygame.K_u)
    until_written(viewer)
    export(recording, tmp_path / "expected.png", 5)
    with Image.open(tmp_path / "film-5.png") as shown, Image.open(tmp_path / "expected.png") as expected:
        np.testing.assert_array_equal(np.asarray(shown), np.asarray(expected))


def test_nothing_is_overwritten(viewer: Viewer, tmp_path: Path):
    for _ in range(2):
        press(viewer, pygame.K_u)
        until_written(viewer)
        press(viewer, pygame.K_e)
    assert (tmp_path / "film-4.png").is_file() and (tmp_path / "film-4-2.png").is_file()


def test_the_window_stays_awake_and_escape_leaves_nothing(viewer: Viewer, tmp_path: Path):
    press(viewer, pygame.K_RETURN)
    pass_time(viewer, 1 / 60)
    first = mode(viewer).done
    for _ in range(20):  # of a gif nothing is written while its palette is made
        if mode(viewer).done == first:
            pass_time(viewer, 1 / 60)
    assert first < mode(viewer).done < 1 and viewer.stale
    picture(viewer)
    press(viewer, pygame.K_ESCAPE)
    assert viewer.mode is None and viewer.running
    assert [path.name for path in tmp_path.iterdir()] == ["film.npz"]


@pytest.mark.parametrize("key", [pygame.K_x, pygame.K_w])
def test_what_is_half_written_is_taken_away_when_the_user_plays_on(viewer: Viewer, episode: Recording, key: int):
    write(episode, Path("long.npz"))
    viewer.play_context = play_context(Path())
    viewer.open(Path("long.npz"))
    press(viewer, pygame.K_e, pygame.K_RETURN)
    pass_time(viewer, 1 / 60)
    assert mode(viewer).busy and list(Path().glob(".*.part"))
    press(viewer, key)
    assert not isinstance(viewer.mode, Exporting) and "Not written" in viewer.note
    assert not list(Path().glob(".*.part"))
    viewer.leave_mode()


def test_what_cannot_be_written_is_told(viewer: Viewer, monkeypatch: pytest.MonkeyPatch):
    def full(_file: int):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    press(viewer, pygame.K_u)
    pass_time(viewer, 0.1)
    assert viewer.message is not None and "No space left" in viewer.message


@pytest.mark.parametrize("size", [LEAST_SIZE, (800, 600), (1280, 720)])
def test_it_can_be_drawn_at_every_size(viewer: Viewer, size: tuple[int, int]):
    viewer.handle(pygame.Event(pygame.VIDEORESIZE, w=size[0], h=size[1], size=size))
    before = picture(viewer)
    press(viewer, pygame.K_i)
    assert (picture(viewer) != before).any()


def test_where_the_card_has_room_for_two_keys_only_one_of_them_shows_all(viewer: Viewer):
    for keys in (EXPORT_KEYS, LIVE_KEYS, WHAT_IF_KEYS):
        assert [key.name for key in keys[-2:]] == ["F1, H", "Esc"], "those two are always on the card"
    press(viewer, pygame.K_F1)
    assert viewer.help and isinstance(viewer.mode, Exporting)


def test_no_key_does_two_things():
    numbers = [number for key in EXPORT_KEYS for number in key.keys]
    assert len(set(numbers)) == len(numbers)


def test_mp4_is_what_is_written_where_it_can_be(viewer: Viewer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exporting, "can_write_mp4", video.can_write_mp4)
    av = pytest.importorskip("av")
    press(viewer, pygame.K_i, pygame.K_RIGHT, pygame.K_RIGHT, pygame.K_o, pygame.K_RETURN)
    until_written(viewer)
    with av.open(str(tmp_path / "film-4-6.mp4")) as film:
        assert sum(1 for _ in film.decode(video=0)) == 5
