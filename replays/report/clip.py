"""A recording as a clip: what a player in a browser needs of it, small enough to stand in a page many times.

A clip is base64 of zlib of these bytes:

- the length of the facts in bytes, as four bytes, little endian;
- the facts, a JSON object in UTF-8, see `replays.report.documents.clip`;
- a table of int16 [column, moment] as differences along time (the first from zero; sums wrap at 16 bits), of each
  column first the low bytes of all moments, then the high bytes.

Its columns are, in this order: x, y and angle of every body (agents, then things), in the facts' `units`; of every
agent the number of the thing it holds, or -1; of every agent its level; of every thing its lock (`State.lock`); of
every food the bites left; and for each of the facts' `pairs` whether the first agent sees the second. Agents and
things that do not take part are left out, and the others are numbered without them.
"""

import base64
import json
import math
import struct
import zlib
from collections.abc import Iterator, Sequence

import numpy as np

from replays.events import CHANGE_KINDS, Event
from replays.film.caption import caption
from replays.film.event_markers import team_of
from replays.film.film import Film
from replays.format.recording import Recording
from replays.interpolation import FURTHEST_M
from replays.report.documents.clip import Caption, ClipFacts, Sign
from replays.wording import agent_name, thing_name
from sim.rules import RULES
from sim.state import ANGLE, BITES, FREE, X, Y
from sim.tasks.eating import MOST_BITES

VERSION = 1
"""Of the clip format; page and player are written together, so the player knows no other."""

UNIT_M = 0.002
"""Positions are whole multiples of it: 1 mm of error. 16 bits reach from -65 m to 65 m; what is further away, such as
things that the user took away, is put there."""
ANGLE_UNIT_RAD = 2 * math.pi / 2048
"""Likewise for angles: 0.09 degrees of error. 16 bits hold 32 whole turns, so that angles may wrap."""

_INT16 = (-(2**15), 2**15 - 1)
_DIGITS = 4
"""Of the lengths in the layout, in metres."""


def clip_of(recording: Recording, first: int, last: int) -> str:
    """The clip of the ticks `first` to `last`, both included, as text of letters, digits, "+", "/" and "="."""
    facts = json.dumps(_facts(recording, first, last), separators=(",", ":"), allow_nan=False).encode()
    table = np.concatenate(list(_columns(recording, slice(first, last + 1))), axis=1).astype("<i2")
    steps = np.diff(table, axis=0, prepend=np.zeros_like(table[:1]))
    planes = steps.view(np.uint8).reshape(*steps.shape, 2).transpose(1, 2, 0)
    return base64.b64encode(zlib.compress(struct.pack("<I", len(facts)) + facts + planes.tobytes(), 9)).decode()


def agents_and_things(recording: Recording) -> tuple[list[int], list[int]]:
    """The slots of the agents and of the things that take part."""
    layout = recording.layout
    return np.flatnonzero(layout.agent_exists[0]).tolist(), np.flatnonzero(layout.thing_exists[0]).tolist()


def opponents(recording: Recording) -> list[tuple[int, int]]:
    """Every observer and opponent among the agents that take part, by their slots."""
    agents, hiders = agents_and_things(recording)[0], recording.header.slots.hiders
    return [(one, other) for one in agents for other in agents if (one < hiders) != (other < hiders)]


def _columns(recording: Recording, moments: slice) -> Iterator[np.ndarray]:
    """The parts of the table, each int [moment, column]."""
    states, (agents, things) = recording.states, agents_and_things(recording)
    bodies = np.concatenate([states.agents[moments][:, agents], states.things[moments][:, things]], axis=1)
    poses = np.round(bodies[..., [X, Y, ANGLE]] / (UNIT_M, UNIT_M, ANGLE_UNIT_RAD)).astype(np.int64)
    poses[..., :2] = np.clip(poses[..., :2], *_INT16)
    yield poses.reshape(len(poses), -1).astype(np.int16)  # the angles wrap
    numbers = np.full(recording.header.slots.things + 1, FREE)  # the last stands for FREE
    numbers[things] = np.arange(len(things))
    yield numbers[states.held[moments][:, agents]]
    yield states.level[moments][:, agents]
    yield states.lock[moments][:, things]
    food = states.food[moments][:, recording.layout.food_exists[0], BITES]
    yield np.round(np.clip(food, 0, MOST_BITES)).astype(np.int16)
    pairs = np.array(opponents(recording), int).reshape(-1, 2)
    yield recording.seen[moments][:, pairs[:, 0], pairs[:, 1]]


def _facts(recording: Recording, first: int, last: int) -> ClipFacts:
    """Everything but the table."""
    header, layout, film = recording.header, recording.layout, Film(recording, "")
    slots, (agents, things) = header.slots, agents_and_things(recording)
    sites = np.column_stack([layout.sites[0], layout.site_observed[0]])[layout.site_exists[0]]
    return {
        "version": VERSION,
        "moments": last - first + 1,
        "units": [UNIT_M, ANGLE_UNIT_RAD],
        "rules": {
            "tick": RULES.tick_s,
            "radius": RULES.agent_radius_m,
            "cone": RULES.half_cone_rad,
            "wall": RULES.wall_m,
            "jump": FURTHEST_M,
            "bites": MOST_BITES,
        },
        "first": first,
        "preparation": header.preparation_ticks,
        "floor": float(layout.floor[0]),
        "margin": float(layout.out_of_bounds_margin_m[0]),
        "walls": _rounded(layout.walls[0, layout.wall_exists[0]]),
        "doors": _rounded(layout.doors[0, layout.door_exists[0]]),
        "sites": _rounded(sites),
        "pillars": _rounded(layout.pillars[0, layout.pillar_exists[0]]),
        "food": _rounded(layout.food[0, layout.food_exists[0]]),
        "agents": [{"name": agent_name(agent, slots), "team": int(agent >= slots.hiders)} for agent in agents],
        "things": [
            {
                "name": thing_name(thing, slots),
                "ramp": thing >= slots.boxes,
                "half": np.round(layout.thing_half[0, thing], _DIGITS).tolist(),
            }
            for thing in things
        ],
        "pairs": [[agents.index(one), agents.index(other)] for one, other in opponents(recording)],
        "captions": list(_captions(film, range(first, last + 1))),
        "events": [
            {"tick": event.tick, "text": film.words(event), **_sign(film, event)}
            for event in film.events
            if first <= event.tick <= last
        ],
    }


def _captions(film: Film, ticks: Sequence[int]) -> Iterator[Caption]:
    """The window's captions: each with the first tick that has it, and the sign of the event it is about."""
    before = None
    for tick in ticks:
        text, event = caption(film, tick)
        if (text, event) != before:
            said: Caption = {"tick": tick, "text": text}
            yield said if event is None else {**said, **_sign(film, event)}
        before = (text, event)


def _sign(film: Film, event: Event) -> Sign:
    team = None if event.kind in CHANGE_KINDS else team_of(event, film.recording.header.slots)
    return {"kind": event.kind, "team": team}


def _rounded(rows: np.ndarray) -> list[list[float]]:
    return np.round(rows, _DIGITS).tolist()
