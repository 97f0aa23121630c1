"""The viewer does what keys, mouse and files ask for, and shows it."""

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pygame
import pytest

from replays.events import NOBODY, Event
from replays.format.recording import Recording, read, write
from replays.viewer.app import open_window, watch
from replays.viewer.film import scoreboard
from replays.viewer.film.viewer import LEAST_SIZE, Viewer
from replays.viewer.film.watching import FIRST_SIZE
from replays.viewer.keys import BY_NUMBER, KEYS
from replays.viewer.widgets.panes import arrange
from replays.viewer.widgets.time_axis import time_at, x_of
from sim.errors import UserError
from tests.replays.acting import click, mouse, picture, press


@pytest.fixture
def path(recording: Recording, tmp_path: Path) -> Path:
    write(recording, tmp_path / "first.npz")
    return tmp_path / "first.npz"


@pytest.fixture
def other(recording: Recording, tmp_path: Path) -> Path:
    header = dataclasses.replace(recording.header, hiders="evader")
    write(dataclasses.replace(recording, header=header), tmp_path / "second.npz")
    return tmp_path / "second.npz"


def test_it_plays_from_the_start_or_waits_at_a_tick(path: Path):
    assert Viewer([path]).playback.playing
    viewer = Viewer([path], tick=5)
    assert (viewer.playback.time, viewer.playback.playing) == (5, False)


@pytest.mark.parametrize("tick", [-1, 21])
def test_a_tick_that_is_not_there_is_told(path: Path, tick: int):
    with pytest.raises(UserError, match=r"first\.npz: has no tick .* from 0 to 20"):
        Viewer([path], tick)


def test_a_first_recording_that_is_broken_is_an_error(tmp_path: Path):
    with pytest.raises(UserError, match="cannot be opened"):
        Viewer([tmp_path / "none.npz"])


def test_space_arrows_home_and_end(viewer: Viewer):
    for key, lands in (
        (pygame.K_RIGHT, 1),
        (pygame.K_RIGHT, 2),
        (pygame.K_LEFT, 1),
        (pygame.K_END, 20),
        (pygame.K_HOME, 0),
    ):
        press(viewer, key)
        assert viewer.playback.time == lands
    press(viewer, pygame.K_SPACE)
    viewer.advance(0.5)
    assert viewer.playback.time == pytest.approx(5)
    press(viewer, pygame.K_r)
    viewer.advance(0.2)
    assert viewer.playback.time == pytest.approx(3)
    press(viewer, pygame.K_UP)
    press(viewer, pygame.K_r)
    viewer.advance(0.1)
    assert viewer.playback.time == pytest.approx(5)


def test_p_goes_to_the_end_of_preparation(viewer: Viewer):
    press(viewer, pygame.K_p)
    assert viewer.playback.time == 8


def test_beyond_the_last_and_the_first_event_n_and_b_say_so(viewer: Viewer):
    strategy = "strategy; Shift+{} goes to every event."
    for key, words, name in ((pygame.K_n, "No later", "N"), (pygame.K_b, "No earlier", "B")):
        for held, last in ((pygame.KMOD_SHIFT, "event."), (0, strategy.format(name))):
            for _ in range(9):
                press(viewer, key, mod=held)
            assert viewer.note == f"{words} {last}"


def test_at_the_end_of_preparation_the_clock_does_not_contradict_itself(
    viewer: Viewer, monkeypatch: pytest.MonkeyPatch
):
    texts: list[str] = []
    real = scoreboard.write
    monkeypatch.setattr(scoreboard, "write", lambda *args, **named: (texts.append(args[1]), real(*args, **named))[1])
    for tick, words in ((7, {"Preparation", "not yet seeking"}), (8, {"Seeking", "seeking begins"})):
        viewer.playback.seek(tick)
        texts.clear()
        picture(viewer)
        assert {text for text in texts if "eeking" in text or text == "Preparation"} == words


def test_n_and_b_visit_strategies_and_doors_and_with_shift_every_event(recording: Recording, tmp_path: Path):
    blocked, opened = Event(4, "door blocked", 1, 0, 0), Event(17, "door open again", 2, 0, 0)
    events = sorted([*recording.events, blocked, opened], key=lambda event: event.tick)
    write(dataclasses.replace(recording, events=tuple(events)), tmp_path / "blocked.npz")
    viewer = Viewer([tmp_path / "blocked.npz"], tick=0)
    for held, ticks in ((0, [4, 17]), (pygame.KMOD_SHIFT, [3, 4, 6, 12, 15, 17])):
        viewer.playback.seek(0)
        visited = []
        for key in [pygame.K_n] * (len(ticks) + 1) + [pygame.K_b] * len(ticks):
            press(viewer, key, mod=held)
            visited.append(viewer.playback.time)
        assert visited == [*ticks, ticks[-1], *ticks[-2::-1], ticks[0]]


def test_brackets_go_round_the_recordings(path: Path, other: Path):
    viewer = Viewer([path, other])
    names = []
    for key in (pygame.K_RIGHTBRACKET, pygame.K_PAGEDOWN, pygame.K_LEFTBRACKET):
        press(viewer, key)
        assert viewer.film is not None
        names.append(viewer.film.recording.header.hiders)
    assert names == ["evader", "builder", "evader"]
    assert viewer.title == "second.npz - hideseek"


def test_an_agent_stays_selected_in_the_next_recording_if_it_takes_part_there(path: Path, tmp_path: Path):
    recording = read(path)
    recording.layout.agent_exists[0, 1] = False
    write(recording, tmp_path / "alone.npz")
    viewer = Viewer([path, tmp_path / "alone.npz"], tick=0)
    for agent, kept in ((0, 0), (1, None)):
        viewer.show(path)
        viewer.world_view.select(agent)
        viewer.show(tmp_path / "alone.npz")
        assert viewer.world_view.selected == kept


def test_any_of_the_recordings_can_be_the_first_shown(path: Path, other: Path):
    viewer = Viewer([path, other], tick=3, number=1)
    assert viewer.title == "second.npz - hideseek" and viewer.playback.time == 3
    press(viewer, pygame.K_PAGEUP)
    assert viewer.title == "first.npz - hideseek"


def test_a_broken_recording_among_others_is_told_and_passed(path: Path, other: Path, tmp_path: Path):
    (tmp_path / "broken.npz").write_bytes(b"x")
    viewer = Viewer([path, tmp_path / "broken.npz", other])
    press(viewer, pygame.K_PAGEDOWN)
    assert viewer.message is not None and "broken.npz" in viewer.message
    assert (viewer.number, viewer.title) == (2, "second.npz - hideseek")


def test_where_all_others_are_broken_nothing_moves(path: Path, tmp_path: Path):
    viewer = Viewer([path, tmp_path / "none.npz", tmp_path / "gone.npz"], tick=7)
    press(viewer, pygame.K_PAGEDOWN)
    assert viewer.message is not None and "none.npz" in viewer.message
    assert (viewer.number, viewer.title, viewer.playback.time) == (0, "first.npz - hideseek", 7)


@pytest.mark.parametrize("key", [pygame.K_z, pygame.K_END, pygame.K_ESCAPE, None])
def test_any_key_or_click_puts_a_message_away_and_does_no_more(viewer: Viewer, tmp_path: Path, key: int | None):
    mouse(viewer, pygame.MOUSEMOTION, viewer.panes.track.center)
    calm = picture(viewer)
    viewer.handle(pygame.Event(pygame.DROPFILE, file=str(tmp_path / "none.npz")))
    assert (picture(viewer) != calm).any()
    if key is None:
        click(viewer, viewer.panes.track.center)
    else:
        press(viewer, key)
    assert viewer.stale and viewer.running and viewer.playback.time == 0
    np.testing.assert_array_equal(picture(viewer), calm)
    press(viewer, pygame.K_ESCAPE)
    assert not viewer.running


def test_a_dropped_file_is_opened(viewer: Viewer, other: Path, tmp_path: Path):
    viewer.handle(pygame.Event(pygame.DROPFILE, file=str(other)))
    assert viewer.title == "second.npz - hideseek" and viewer.playback.playing
    (tmp_path / "broken.npz").write_bytes(b"x")
    viewer.handle(pygame.Event(pygame.DROPFILE, file=str(tmp_path / "broken.npz")))
    assert viewer.message is not None and viewer.title == "second.npz - hideseek"
    viewer.handle(pygame.Event(pygame.DROPFILE, file=str(other)))
    assert viewer.message is None and len(viewer.paths) == 2


def test_with_nothing_open_every_key_is_harmless(path: Path):
    viewer = Viewer([])
    assert len(np.unique(picture(viewer))) > 10, "it says so"
    for key in BY_NUMBER:
        press(viewer, key)
    click(viewer, (100, 100))
    viewer.advance(0.1)
    picture(viewer)
    viewer.handle(pygame.Event(pygame.DROPFILE, file=str(path)))
    assert viewer.film is not None and viewer.message is None


def test_escape_leaves_the_help_page_first(viewer: Viewer):
    press(viewer, pygame.K_F1)
    assert viewer.help
    press(viewer, pygame.K_ESCAPE)
    assert not viewer.help and viewer.running
    press(viewer, pygame.K_ESCAPE)
    assert not viewer.running


def test_no_key_does_two_things():
    chords = [(number, key.chord) for key in KEYS for number in key.keys]
    assert len(set(chords)) == len(chords)


@pytest.mark.parametrize("key", [pygame.K_c, pygame.K_l, pygame.K_t, pygame.K_m, pygame.K_F1])
def test_toggles_change_the_picture_and_change_it_back(viewer: Viewer, key: int):
    viewer.playback.seek(13)
    before = picture(viewer)
    press(viewer, key)
    assert viewer.stale and (picture(viewer) != before).any()
    press(viewer, key)
    np.testing.assert_array_equal(picture(viewer), before)


def test_dragging_scrubs_and_holds_the_time(viewer: Viewer):
    track = viewer.panes.track
    press(viewer, pygame.K_SPACE)
    viewer.handle(pygame.Event(pygame.MOUSEBUTTONDOWN, pos=track.center, button=1))
    assert viewer.playback.time == pytest.approx(10, abs=0.1) and not viewer.moving
    mouse(viewer, pygame.MOUSEMOTION, (track.right + 500, 0))
    assert viewer.playback.time == 20
    mouse(viewer, pygame.MOUSEMOTION, (x_of(track, 20, 4), track.bottom + 90))
    viewer.advance(1.0)
    assert viewer.playback.time == pytest.approx(4, abs=0.1)
    viewer.handle(pygame.Event(pygame.MOUSEBUTTONUP, pos=(0, 0), button=1))
    assert viewer.moving
    mouse(viewer, pygame.MOUSEMOTION, track.midright)
    assert viewer.playback.time == pytest.approx(4, abs=0.1)


def test_a_click_on_an_events_sign_goes_to_it(viewer: Viewer):
    panes = viewer.panes
    click(viewer, (x_of(panes.track, 20, 12) + 3, panes.markers.centery))
    assert viewer.playback.time == 12


def test_every_button_does_what_its_key_does(viewer: Viewer, path: Path):
    for button in viewer.buttons:
        by_mouse, by_key = Viewer([path], tick=5), Viewer([path], tick=5)
        click(by_mouse, button.area.center)
        press(by_key, button.key.keys[0])
        for name in ("playback", "settings", "help", "note"):
            assert getattr(by_mouse, name) == getattr(by_key, name)


def test_time_and_place_on_the_track_are_inverse():
    track = arrange(FIRST_SIZE, 2).track
    for tick in (0, 3.5, 20):
        assert time_at(track, 20, x_of(track, 20, tick)) == pytest.approx(tick)


@pytest.mark.parametrize("size", [FIRST_SIZE, LEAST_SIZE, (640, 480), (2000, 500), (500, 1400), (10, 10)])
def test_every_size_of_window_can_be_drawn(viewer: Viewer, size: tuple[int, int]):
    viewer.handle(pygame.Event(pygame.VIDEORESIZE, w=size[0], h=size[1], size=size))
    for key in (pygame.K_n, pygame.K_F1):
        press(viewer, key)
        picture(viewer)
    panes = viewer.panes
    for part in (panes.world, panes.track, panes.ribbons, panes.controls):
        assert pygame.Rect((0, 0), viewer.size).contains(part)
        assert part == panes.controls or not part.colliderect(panes.controls)


def test_the_ribbon_and_the_score_tell_who_was_seen(viewer: Viewer):
    assert viewer.film is not None
    assert not viewer.film.hidden[12:15, 1].any() and viewer.film.hidden[:, 0].all()
    assert np.isnan(viewer.film.hidden_share[8])
    assert viewer.film.hidden_share[20] == pytest.approx(9 / 12)


def test_a_seal_is_told_in_the_caption_and_has_its_sign(recording: Recording, viewer: Viewer, tmp_path: Path):
    seal = Event(10, "room sealed", NOBODY, 1, NOBODY)
    events = sorted([*recording.events, seal], key=lambda event: event.tick)
    write(dataclasses.replace(recording, events=tuple(events)), tmp_path / "sealed.npz")
    sealed, panes = Viewer([tmp_path / "sealed.npz"], tick=10), viewer.panes
    viewer.playback.seek(10)
    changed = (picture(sealed) != picture(viewer)).any(axis=2)
    assert changed[panes.caption.left : panes.caption.right, panes.caption.top : panes.caption.bottom].any()
    x = round(x_of(panes.track, 20, 10))
    assert changed[x - 3 : x + 3, panes.markers.top : panes.markers.bottom].any()
    assert sealed.film is not None and sealed.film.last_events(10) == [seal]


def test_while_paused_nothing_asks_to_be_drawn(viewer: Viewer):
    picture(viewer)
    viewer.advance(1.0)
    mouse(viewer, pygame.MOUSEMOTION, viewer.panes.world.center)
    viewer.handle(pygame.Event(pygame.NOEVENT))
    viewer.handle(pygame.Event(pygame.KEYUP, key=pygame.K_a))
    assert not viewer.stale
    mouse(viewer, pygame.MOUSEMOTION, viewer.panes.track.center)
    assert viewer.stale


def test_the_window_opens_plays_and_closes(path: Path):
    pygame.display.init()
    pygame.event.post(pygame.Event(pygame.KEYDOWN, key=pygame.K_q, mod=0, unicode="", scancode=0))
    watch([path])
    assert not pygame.display.get_init()


def test_without_a_display_one_line_says_what_to_do(path: Path):
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment |= {"SDL_VIDEODRIVER": "x11", "PYTHONPATH": "."}
    program = "import sys; from pathlib import Path; from replays.viewer.app import watch; watch([Path(sys.argv[1])])"
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, env=environment)
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode == 1 and "NoWindow: no window can be opened here" in last and "clip.gif" in last


def test_a_paused_window_costs_next_to_nothing(path: Path, monkeypatch: pytest.MonkeyPatch):
    """Three seconds at rest: the loop sleeps, and draws once."""
    from replays.viewer import app

    drawn = []
    real = Viewer.draw
    monkeypatch.setattr(Viewer, "draw", lambda self, surface: (drawn.append(1), real(self, surface)))
    viewer, screen = Viewer([path], tick=3), open_window()
    pygame.time.set_timer(pygame.QUIT, 3000, loops=1)
    viewer.draw(screen)
    viewer.stale = True
    app._run(viewer, screen)
    pygame.display.quit()
    assert len(drawn) <= 4
