"""Fog, and what somebody who plays in it could know: nothing more is shown or said until the end."""

import dataclasses
from pathlib import Path

import numpy as np
import pygame
import pytest

from replays.events import NOBODY, Event
from replays.film.caption import caption
from replays.film.film import Film
from replays.film.witness import witnessed
from replays.format.recording import Recording, write
from replays.viewer.film.viewer import Viewer
from replays.viewer.widgets.time_axis import x_of
from sim.render.palette import PAPER
from sim.rules import HIDERS, SEEKERS
from tests.replays.acting import TICK, live, mouse, pass_time, picture, pixel, press, tick_by_tick

FAR_BOX = (3.0, 2.0)
"""Box 1 of the quiet episode, behind hider 0."""


@pytest.fixture
def in_fog(playable: Viewer) -> Viewer:
    """The quiet episode, as hider 0 sees it: box 0 and not box 1."""
    press(playable, pygame.K_TAB, *[pygame.K_f] * 3)
    playable.advance(10.0)
    assert playable.world_view.fog == 3 and playable.world_view.selected == 0
    return playable


def without(episode: Recording, thing: int, folder: Path) -> Path:
    layout = episode.layout._replace(thing_exists=episode.layout.thing_exists.copy())
    layout.thing_exists[0, thing] = False
    write(dataclasses.replace(episode, layout=layout), folder / f"without-{thing}.npz")
    return folder / f"without-{thing}.npz"


@pytest.mark.parametrize(("thing", "shown"), [(0, True), (1, False)])
def test_fog_shows_the_boxes_that_are_seen_and_no_others(
    in_fog: Viewer, episode: Recording, tmp_path: Path, thing: int, shown: bool
):
    other = Viewer([without(episode, thing, tmp_path)], tick=TICK)
    press(other, pygame.K_TAB, *[pygame.K_f] * 3)
    world = in_fog.panes.world
    area = (slice(world.left, world.right), slice(world.top, world.bottom))
    in_fog.note = other.note = ""
    assert (picture(in_fog)[area] != picture(other)[area]).any() == shown


def test_the_mouse_finds_nothing_that_the_fog_hides(in_fog: Viewer):
    hidden = [pixel(in_fog, *FAR_BOX), pixel(in_fog, 1.0, 1.0)]
    for place in hidden:
        mouse(in_fog, pygame.MOUSEMOTION, place)
        assert not in_fog.mouse.tip
    mouse(in_fog, pygame.MOUSEMOTION, pixel(in_fog, 4.8, 4.5))
    assert in_fog.mouse.tip[0] == "Box 0"
    press(in_fog, pygame.K_f)
    for place, name in zip(hidden, ("Box 1", "Seeker 0"), strict=True):
        mouse(in_fog, pygame.MOUSEMOTION, place)
        assert in_fog.mouse.tip[0].startswith(name)


def kinds(recording: Recording, team: int | None) -> set[str]:
    return {event.kind for event in Film(recording, "", team).events}


def test_a_team_knows_what_it_did_and_what_it_saw_done(recording: Recording):
    assert kinds(recording, SEEKERS) == {"spotted", "lost"}
    assert kinds(recording, HIDERS) == {"grab", "lock"}
    assert kinds(recording, None) == {"grab", "lock", "spotted", "lost"}
    recording.seen[12:15, 1, 2] = True
    assert kinds(recording, HIDERS) == {"grab", "lock", "spotted"}, "hider 1 sees the seeker that spots it"


@pytest.mark.parametrize("last_is_seen", [False, True])
def test_what_rests_on_no_thing_only_hiders_know(recording: Recording, last_is_seen: bool):
    denied = dataclasses.replace(recording, events=(Event(10, "ramp denied", NOBODY, NOBODY, NOBODY),))
    sight = Film(recording, "").sight(10)
    sight.things[:] = False
    sight.things[..., -1] = last_is_seen
    known = {team: witnessed(denied, denied.events[0], team, lambda _: sight) for team in (HIDERS, SEEKERS)}
    assert known == {HIDERS: True, SEEKERS: False}


def test_a_hider_in_fog_is_not_shown_that_a_seeker_it_does_not_see_sees_it(recording: Recording):
    recording.seen[14, 1, 2] = True  # hider 1 turns round to the seeker that sees it from state 12 to 14
    spans, share = (
        {team: value(Film(recording, "", team)) for team in (None, HIDERS, SEEKERS)}
        for value in (lambda film: film.somebody_seen, lambda film: film.hidden_share[-1])
    )
    assert spans == {None: [(12, 15)], HIDERS: [(14, 15)], SEEKERS: [(12, 15)]}
    assert share == {None: 9 / 12, HIDERS: 11 / 12, SEEKERS: 9 / 12}


def test_sleeping_seekers_see_nothing_done(recording: Recording):
    recording.seen[:, 2, 0] = True
    shown = [event.kind for event in Film(recording, "", SEEKERS).events if event.tick < 8]
    assert shown == []


def test_captions_in_fog_say_what_one_could_see(recording: Recording):
    recording = dataclasses.replace(recording, events=())
    assert caption(Film(recording, ""), 13)[0] == "Seeker 0 sees hider 1"
    assert caption(Film(recording, "", SEEKERS), 13)[0] == "Seeker 0 sees hider 1"
    assert caption(Film(recording, "", HIDERS), 13)[0] == "You see no seeker"
    assert caption(Film(recording, "", SEEKERS), 16)[0] == "No hider is seen"


def test_a_caption_and_a_blocked_door_stay_unknown_to_those_who_did_not_see_it(recording: Recording):
    event = Event(9, "door blocked", 0, 0, 0)
    recording = dataclasses.replace(recording, events=(event,))
    assert "blocks" in caption(Film(recording, "", HIDERS), 9)[0]
    assert "blocks" not in caption(Film(recording, "", SEEKERS), 9)[0]
    assert not Film(recording, "", SEEKERS).shut_doors(12) and Film(recording, "").shut_doors(12)


def test_who_plays_in_fog_is_told_everything_at_the_end(playing: Viewer):
    press(playing, pygame.K_o, pygame.K_UP)
    tick_by_tick(playing, 2)
    assert playing.world_view.fog == 1 and playing.film is not None and playing.film.witness == HIDERS
    pass_time(playing, 20.0)
    assert live(playing).session.episode.over
    assert playing.world_view.fog == 0 and playing.film.witness is None


def test_the_future_is_veiled_while_one_plays(playing: Viewer):
    press(playing, pygame.K_UP)
    tick_by_tick(playing, 3)
    panes, shown = playing.panes, picture(playing)
    played, ticks = live(playing).session.episode.played, live(playing).session.episode.ticks
    past, future = (round(x_of(panes.track, ticks, tick)) for tick in (played - 8, played + 8))
    row = panes.ribbons.top + 7
    assert shown[future, row].tolist() == list(PAPER) and shown[past, row].tolist() != list(PAPER)
    assert shown[future, panes.track.centery].tolist() == list(PAPER)
    assert shown[past, panes.track.centery].tolist() != list(PAPER)
    assert np.asarray(shown[future : panes.track.right - 2, row] == PAPER).all()
