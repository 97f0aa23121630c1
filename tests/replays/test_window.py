"""Captions, hints, loops and keys of the window, driven as a person would."""

import dataclasses
from pathlib import Path

import numpy as np
import pygame
import pytest

from replays.events import DOOR_KINDS, Event
from replays.film.caption import caption
from replays.format.recording import Recording, read, write
from replays.strategies.catalogue import names
from replays.viewer.film.timeline import hint
from replays.viewer.film.viewer import Viewer
from replays.viewer.widgets.time_axis import x_of
from tests.replays.acting import drag, mouse, picture, pixel, press

SHIFT, CTRL = pygame.KMOD_LSHIFT, pygame.KMOD_LCTRL


def words(viewer: Viewer) -> str:
    assert viewer.film is not None
    return caption(viewer.film, viewer.playback.tick)[0]


def test_the_caption_says_who_blocked_the_door_with_what_and_keeps_saying_so(viewer: Viewer):
    expected = {
        0: "The hiders prepare; seekers wake up in 0.8 s",
        4: "Hider 1 blocks the door with box 0",
        6: "Hider 1 blocks the door with box 0",
        12: "Seeker 0 spots hider 1 · Hider 1 has blocked the door with box 0",
        17: "Seeker 0 moves box 0: the door is open again",
    }
    for tick, told_there in expected.items():
        viewer.playback.seek(tick)
        assert words(viewer) == told_there
    still = picture(viewer)
    viewer.playback.seek(4)
    area = viewer.panes.caption
    differs = (picture(viewer) != still)[area.left : area.right, area.top : area.bottom]
    assert differs.any()


def test_without_news_the_caption_says_how_things_stand(recording: Recording, tmp_path: Path):
    recording.seen[:] = False
    recording.seen[14:, 2, 1] = True
    header = dataclasses.replace(recording.header, outcome=dict.fromkeys(names(), False))
    write(dataclasses.replace(recording, events=(), header=header), tmp_path / "calm.npz")
    viewer = Viewer([tmp_path / "calm.npz"], tick=10)
    assert words(viewer) == "No hider is seen"
    viewer.playback.seek(14)
    assert words(viewer) == "Seeker 0 sees hider 1"


def test_the_tooltip_of_a_sign_tells_its_event_and_covers_something(viewer: Viewer):
    assert viewer.film is not None
    panes = viewer.panes
    column = round(x_of(panes.track, 20, 4))
    assert hint(viewer.film, panes, column) == ["0.4 s, tick 4", "Hider 1 blocks the door with box 0"]
    before = picture(viewer)
    mouse(viewer, pygame.MOUSEMOTION, (column, panes.markers.centery))
    assert viewer.stale and (picture(viewer) != before)[:, : panes.markers.top].any()


def test_old_recordings_are_searched_for_strategies_when_opened(recording: Recording, tmp_path: Path):
    header = dataclasses.replace(recording.header, outcome={"hidden": 0.75, "win": True, "door_blocked": False})
    write(dataclasses.replace(recording, header=header), tmp_path / "old.npz")
    viewer = Viewer([tmp_path / "old.npz"])
    assert viewer.film is not None
    outcome = viewer.film.recording.header.outcome
    assert outcome["lock"] is True and outcome["door_blocked"] is False and outcome["hidden"] == 0.75


def test_hovering_names_what_is_there(viewer: Viewer):
    for place, name in (((1.0, 1.0), "Hider 0, holds nothing"), ((1.7, 1.0), "Box 0"), ((3.0, 5.5), None)):
        mouse(viewer, pygame.MOUSEMOTION, pixel(viewer, *place))
        assert (viewer.mouse.tip or [None])[0] == name
    viewer.playback.seek(6)
    mouse(viewer, pygame.MOUSEMOTION, pixel(viewer, 1.75, 1.2))
    assert viewer.mouse.tip == ["Box 0", "locked by the hiders"]


def test_i_and_o_loop_a_range_and_k_ends_it(viewer: Viewer):
    plain = picture(viewer)
    viewer.playback.seek(5)
    press(viewer, pygame.K_i)
    viewer.playback.seek(9)
    press(viewer, pygame.K_o)
    assert viewer.playback.loop == (5, 9)
    press(viewer, pygame.K_SPACE)
    seen = set()
    for _ in range(40):
        viewer.advance(0.05)
        seen.add(viewer.playback.tick)
    assert seen == {5, 6, 7, 8, 9} and viewer.playback.playing
    press(viewer, pygame.K_r)
    for _ in range(40):
        viewer.advance(0.05)
        assert 5 <= viewer.playback.time <= 9
    press(viewer, pygame.K_HOME)
    viewer.playback.playing, viewer.playback.direction = False, 1
    assert (picture(viewer) != plain).any(), "the range is marked"
    press(viewer, pygame.K_k)
    np.testing.assert_array_equal(picture(viewer), plain)


def test_a_drag_with_shift_marks_a_loop(viewer: Viewer):
    track = viewer.panes.track
    viewer.handle(pygame.Event(pygame.KEYDOWN, key=pygame.K_LSHIFT, mod=SHIFT, unicode="", scancode=0))
    drag(viewer, (x_of(track, 20, 12), track.centery), (x_of(track, 20, 3), track.centery))
    assert viewer.playback.loop == (3, 12) and viewer.playback.time == 0
    viewer.handle(pygame.Event(pygame.KEYUP, key=pygame.K_LSHIFT, mod=0))
    drag(viewer, (x_of(track, 20, 12), track.centery), (x_of(track, 20, 15), track.centery))
    assert viewer.playback.loop == (3, 12) and viewer.playback.time == pytest.approx(15, abs=0.1)


def test_digits_are_speeds(viewer: Viewer):
    for key, speed in ((pygame.K_1, 1 / 8), (pygame.K_4, 1), (pygame.K_9, 32)):
        press(viewer, key)
        assert viewer.playback.speed == speed


def test_ctrl_c_copies_what_watch_opens_again(viewer: Viewer, path: Path, monkeypatch: pytest.MonkeyPatch):
    copied = []
    monkeypatch.setattr(pygame.scrap, "put_text", copied.append)
    viewer.playback.seek(12.4)
    press(viewer, pygame.K_c, mod=CTRL)
    assert copied == [f"{path}#tick=12"] and viewer.world_view.cones and copied[0] in viewer.note
    viewer.advance(10.0)
    assert not viewer.note and viewer.stale

    def refuses(_text: str):
        raise pygame.error("no clipboard")

    monkeypatch.setattr(pygame.scrap, "put_text", refuses)
    press(viewer, pygame.K_c, mod=CTRL)
    assert viewer.message is not None and copied[0] in viewer.message


def test_reading_back_keeps_door_events(path: Path):
    found = [event for event in read(path).events if event.kind in DOOR_KINDS]
    assert found == [Event(4, "door blocked", 1, 0, 0), Event(17, "door open again", 2, 0, 0)]
