"""A clip, unpacked by a second reading of its description, is the recording within its tolerances."""

import base64
import dataclasses
import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from policies.bench.busy_recording import busy_recording
from replays.annotate import searched
from replays.events import Event
from replays.film.caption import caption
from replays.film.film import Film
from replays.format.recording import Recording, read
from replays.format.validation import AWAY
from replays.report.clip import clip_of
from sim.layout import empty_layout
from sim.state import ANGLE, BITES, FREE, X, Y, empty_state, take
from sim.tasks.eating import MOST_BITES

FILMS = sorted((Path(__file__).parents[2] / "replays" / "gallery").glob("*.npz"))
NEAR_M, NEAR_RAD = 0.005, np.radians(0.5)
SMALL_BYTES = 60 * 1024


def unpacked(clip: str) -> tuple[dict[str, Any], np.ndarray]:
    """The facts, and the table as int [moment, column]."""
    content = zlib.decompress(base64.b64decode(clip, validate=True))
    end = 4 + int.from_bytes(content[:4], "little")
    facts = json.loads(content[4:end])
    planes = np.frombuffer(content[end:], np.uint8).reshape(-1, 2, facts["moments"])
    steps = planes[:, 0].astype(np.int64) + 256 * planes[:, 1].astype(np.int64)
    return facts, ((np.cumsum(steps, axis=1) + 2**15) % 2**16 - 2**15).T


def check(recording: Recording, first: int, last: int) -> dict[str, Any]:
    """That a clip is true to the states of its ticks; returns its facts."""
    facts, table = unpacked(clip_of(recording, first, last))
    layout, moments = recording.layout, slice(first, last + 1)
    agents, things = np.flatnonzero(layout.agent_exists[0]), np.flatnonzero(layout.thing_exists[0])
    food = np.flatnonzero(layout.food_exists[0])
    sizes = [3 * (len(agents) + len(things)), len(agents), len(agents), len(things), len(food), len(facts["pairs"])]
    poses, held, level, lock, bites, sight = np.split(table, np.cumsum(sizes)[:-1], axis=1)
    assert sight.shape[1] == sizes[-1] and len(table) == last - first + 1 == facts["moments"]
    states = recording.states
    bodies = np.concatenate([states.agents[moments][:, agents], states.things[moments][:, things]], axis=1)
    found = poses.reshape(*bodies.shape[:2], 3) * np.array([facts["units"][0]] * 2 + [facts["units"][1]])
    away = np.abs(found - bodies[..., [X, Y, ANGLE]])
    assert away[..., :2].max() < NEAR_M
    assert np.abs((away[..., 2] + np.pi) % (2 * np.pi) - np.pi).max() < NEAR_RAD
    slots_held = np.append(things, FREE)[held]
    np.testing.assert_array_equal(slots_held, states.held[moments][:, agents])
    np.testing.assert_array_equal(level, states.level[moments][:, agents])
    np.testing.assert_array_equal(lock, states.lock[moments][:, things])
    np.testing.assert_array_equal(bites, np.round(states.food[moments][:, food, BITES]))
    opponents = np.array([agents[pair] for pair in facts["pairs"]])
    np.testing.assert_array_equal(sight, recording.seen[moments][:, opponents[:, 0], opponents[:, 1]])
    team = np.arange(recording.header.slots.agents) >= recording.header.slots.hiders
    assert len(opponents) == 2 * (~team[agents]).sum() * team[agents].sum()
    assert (team[opponents[:, 0]] != team[opponents[:, 1]]).all()
    return facts


@pytest.mark.parametrize("path", FILMS, ids=lambda path: path.stem)
def test_a_shipped_film_comes_back_and_is_small(path: Path):
    recording = searched(read(path))
    ticks = recording.header.ticks
    facts = check(recording, 0, ticks)
    check(recording, 7, 31)
    assert len(clip_of(recording, 0, ticks)) < SMALL_BYTES
    film = Film(recording, "")
    assert [event["text"] for event in facts["events"]] == [film.words(event) for event in film.events]


def test_captions_are_the_windows(recording: Recording):
    facts = check(recording, 3, 17)
    shown = {row["tick"]: row["text"] for row in facts["captions"]}
    film, text = Film(recording, ""), ""
    for tick in range(3, 18):
        text = shown.get(tick, text)
        assert text == caption(film, tick)[0]
    assert {event["tick"] for event in facts["events"]} == {e.tick for e in recording.events if 3 <= e.tick <= 17}


def test_only_what_the_user_changed_has_no_team(recording: Recording):
    events = (Event(2, "taken away", -1, 0, -1), *recording.events)
    facts = check(dataclasses.replace(recording, events=events), 0, 20)
    assert [event["kind"] for event in facts["events"] if event["team"] is None] == ["taken away"]
    teams = {event["kind"]: event["team"] for event in facts["events"]}
    assert teams["lock"] == 0 and teams["spotted"] == 1


def test_the_layout_is_told(recording: Recording):
    facts = check(recording, 0, 20)
    assert (
        facts["floor"] == 6.0 and facts["walls"] == [[3.0, 0.0, 3.1, 2.0]] and facts["doors"] == [[3.0, 2.0, 3.1, 2.5]]
    )
    assert facts["things"][1] == {"name": "box 1", "ramp": False, "half": [0.8, 0.08]}
    assert facts["things"][2]["ramp"] and facts["preparation"] == 8
    assert facts["agents"][2] == {"name": "seeker 0", "team": 1}


def test_the_fullest_room_is_small():
    """Three against three with nine boxes, all of which drift about for 240 ticks."""
    recording = busy_recording()
    check(recording, 0, 240)
    assert len(clip_of(recording, 0, 240)) < SMALL_BYTES


def test_who_does_not_take_part_is_left_out_and_what_others_hold_is_numbered_anew(recording: Recording):
    layout, states = take(recording.layout, slice(None)), take(recording.states, slice(None))
    layout.agent_exists[0, 1] = layout.thing_exists[0, 0] = False
    states.held[:, 0], states.lock[:, 0] = 2, 0
    facts = check(dataclasses.replace(recording, layout=layout, states=states, events=()), 0, 20)
    assert [agent["name"] for agent in facts["agents"]] == ["hider 0", "seeker 0"]
    assert [thing["name"] for thing in facts["things"]] == ["box 1", "ramp 0"]


def test_far_places_and_many_turns_come_back(recording: Recording):
    layout, states = take(recording.layout, slice(None)), take(recording.states, slice(None))
    layout.floor[:] = 45.0
    states.agents[:, :, [X, Y]] = np.linspace(-1.0, 46.0, 21)[:, None, None]
    states.agents[:, :, ANGLE] = np.linspace(-1e5, 1e5, 21)[:, None]
    check(dataclasses.replace(recording, layout=layout, states=states), 0, 20)


def test_what_the_user_took_away_is_off_every_floor(recording: Recording):
    states = take(recording.states, slice(None))
    states.things[9:, 0, [X, Y]] = AWAY
    facts, table = unpacked(clip_of(dataclasses.replace(recording, states=states), 0, 20))
    column = 3 * len(facts["agents"])
    assert (table[9:, column : column + 2] * facts["units"][0] < -60).all()


def test_food_and_marks_are_told(recording: Recording):
    slots = recording.header.slots._replace(food=2, sites=1, pillars=1)
    layout, states = empty_layout(1, slots), empty_state(21, slots)
    for name, array in recording.layout._asdict().items():
        if array.shape == getattr(layout, name).shape:
            getattr(layout, name)[:] = array
    states = recording.states._replace(food=states.food)
    layout.food[0, 1], layout.food_exists[0, 1] = (2.0, 3.0), True
    layout.sites[0, 0], layout.site_exists[:] = (1.0, 1.0, 1.5, 1.5), True
    layout.pillars[0, 0], layout.pillar_exists[:] = (4.0, 4.0, 0.3), True
    states.food[:, 1, BITES] = np.linspace(MOST_BITES, 0, 21)
    header = dataclasses.replace(recording.header, slots=slots)
    facts = check(dataclasses.replace(recording, header=header, layout=layout, states=states), 0, 20)
    assert facts["food"] == [[2.0, 3.0]] and facts["pillars"] == [[4.0, 4.0, 0.3]]
    assert facts["sites"] == [[1.0, 1.0, 1.5, 1.5, 0.0]]
