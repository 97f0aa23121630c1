"""Named features of one tick that a person may care about, of the hiders as a team.

They follow from the layout, the state and who sees whom, so they are the same in a recording and in a running game.
Lengths are in metres, speeds in metres a second. A mean over no bodies is 0.
"""

from collections.abc import Callable
from functools import cache

import numpy as np

from replays.format.recording import Recording, read
from replays.questions import Clip
from replays.strategies.evidence.trace import Trace
from sim.climb import UPPER
from sim.layout import Layout, Slots
from sim.state import FREE, HIDERS_LOCK, SEEKERS_LOCK, SPIN, VX, VY, State, Y, take

FEATURES = {
    "mates_apart": "how far hiders are from each other",
    "seeker_distance": "from a hider to the nearest seeker",
    "closest_seeker": "from the seekers to the hider that they are closest to",
    "hiders_seen": "share of hiders that a seeker sees",
    "seekers_seen": "share of seekers that a hider sees",
    "mates_seen": "share of hiders that another hider sees",
    "hider_speed": "how fast hiders move",
    "hider_spin": "how fast hiders turn, in radians a second",
    "seeker_speed": "how fast seekers move",
    "wall_distance": "from a hider to the floor's border",
    "door_distance": "from a hider to the nearest door",
    "box_distance": "from a hider to the nearest box",
    "ramp_distance": "from a hider to the nearest ramp",
    "box_to_door": "from a door to the nearest box",
    "boxes_apart": "how far boxes are from each other",
    "boxes_locked": "share of boxes that hiders have locked",
    "boxes_lost": "share of boxes that seekers have locked",
    "ramps_locked": "share of ramps that hiders have locked",
    "thing_speed": "how fast things move",
    "hands_full": "share of hiders that hold something",
    "seekers_hands_full": "share of seekers that hold something",
    "upstairs": "share of hiders on the upper level",
}
"""What each feature is, by name, in the order in which `features` gives them."""


def features(slots: Slots, layout: Layout, state: State, seen: np.ndarray) -> np.ndarray:
    """Features float32 [..., feature], of states [...].

    Args:
        slots: entity counts.
        layout: of as many worlds, or of one without a first axis (see `one_world`).
        state: first axes are free.
        seen: bool [..., agent, agent], observer first.
    """
    hider, seeker = slice(0, slots.hiders), slice(slots.hiders, slots.agents)
    box, ramp = slice(0, slots.boxes), slice(slots.boxes, slots.things)
    agents, things = state.agents, state.things
    exist = np.broadcast_to(layout.agent_exists, agents.shape[:-1])
    thing_exist = np.broadcast_to(layout.thing_exists, things.shape[:-1])
    hiders, seekers, boxes = exist[..., hider], exist[..., seeker], thing_exist[..., box]
    doors = np.broadcast_to(layout.door_exists, (*exist.shape[:-1], slots.doors))
    door_middle = np.broadcast_to((layout.doors[..., :2] + layout.doors[..., 2:]) / 2, (*doors.shape, 2))
    to_seeker = _distances(agents[..., hider, :], agents[..., seeker, :])
    to_thing = _distances(agents[..., hider, :], things)
    to_door = _distances(agents[..., hider, :], door_middle)
    watched = seen & exist[..., :, None] & exist[..., None, :]
    agent_speed, thing_speed = (np.hypot(poses[..., VX], poses[..., VY]) for poses in (agents, things))
    place = agents[..., hider, :2]
    border = np.minimum(place, np.asarray(layout.floor)[..., None, None] - place).min(axis=-1)
    holds, lock = state.held != FREE, state.lock
    nearest_seeker = _nearest(to_seeker, seekers)
    columns = {
        "mates_apart": _apart(agents[..., hider, :], hiders),
        "seeker_distance": _mean(nearest_seeker, hiders),
        "closest_seeker": np.where(hiders, nearest_seeker, np.inf).min(axis=-1, initial=np.inf),
        "hiders_seen": _mean(_any(watched[..., seeker, hider]), hiders),
        "seekers_seen": _mean(_any(watched[..., hider, seeker]), seekers),
        "mates_seen": _mean(_any(watched[..., hider, hider] & ~np.eye(slots.hiders, dtype=bool)), hiders),
        "hider_speed": _mean(agent_speed[..., hider], hiders),
        "hider_spin": _mean(np.abs(agents[..., hider, SPIN]), hiders),
        "seeker_speed": _mean(agent_speed[..., seeker], seekers),
        "wall_distance": _mean(border, hiders),
        "door_distance": _mean(_nearest(to_door, doors), hiders),
        "box_distance": _mean(_nearest(to_thing[..., box], boxes), hiders),
        "ramp_distance": _mean(_nearest(to_thing[..., ramp], thing_exist[..., ramp]), hiders),
        "box_to_door": _mean(_nearest(_distances(door_middle, things[..., box, :]), boxes), doors),
        "boxes_apart": _apart(things[..., box, :], boxes),
        "boxes_locked": _mean(lock[..., box] == HIDERS_LOCK, boxes),
        "boxes_lost": _mean(lock[..., box] == SEEKERS_LOCK, boxes),
        "ramps_locked": _mean(lock[..., ramp] == HIDERS_LOCK, thing_exist[..., ramp]),
        "thing_speed": _mean(thing_speed, thing_exist),
        "hands_full": _mean(holds[..., hider], hiders),
        "seekers_hands_full": _mean(holds[..., seeker], seekers),
        "upstairs": _mean(state.level[..., hider] == UPPER, hiders),
    }
    rows = np.stack([columns[name] for name in FEATURES], axis=-1)
    return np.where(np.isfinite(rows), rows, 0.0).astype(np.float32)


def recording_features(recording: Recording, first: int = 0, until: int | None = None) -> np.ndarray:
    """Features float32 [tick, feature] of the states after ticks `first` to `until` - 1 of a recording.

    By default all ticks.
    """
    after = slice(first + 1, None if until is None else until + 1)
    layout, states = one_world(recording.layout), take(recording.states, after)
    return features(recording.header.slots, layout, states, recording.seen[after])


def clip_features() -> Callable[[Clip], np.ndarray]:
    """A function that returns features float32 [tick, feature] of the states after a clip's ticks.

    It reads each recording once, and raises UserError if one cannot be read.
    """
    rows = cache(lambda path: recording_features(read(path)))
    return lambda clip: rows(clip.path)[clip.first : clip.until]


def trace_features(trace: Trace) -> np.ndarray:
    """Features float32 [tick, episode, feature] of the states after the ticks of episodes."""
    return features(trace.slots, trace.layout, take(trace.states, slice(1, None)), trace.seen[1:])


def one_world(layout: Layout) -> Layout:
    """The layout of the first world, without the world axis, so that it goes with a state of any shape."""
    return Layout(*(column[0] for column in layout))


def _distances(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """float64 [..., n, m] between the places of n and of m bodies."""
    return np.linalg.norm(one[..., :, None, : Y + 1] - other[..., None, :, : Y + 1], axis=-1)


def _nearest(distances: np.ndarray, exist: np.ndarray) -> np.ndarray:
    """The smallest of [..., n, m] over those of m that exist; infinite if none does."""
    return np.where(exist[..., None, :], distances, np.inf).min(axis=-1, initial=np.inf)


def _any(watched: np.ndarray) -> np.ndarray:
    """bool [..., m]: which of m are seen by at least one of n, from bool [..., n, m]."""
    return np.asarray(watched.any(axis=-2))


def _mean(values: np.ndarray, exist: np.ndarray) -> np.ndarray:
    """The mean of [..., n] over those that exist and are finite; 0 if there are none."""
    counts = exist & np.isfinite(values)
    return np.where(counts, values, 0.0).sum(axis=-1) / counts.sum(axis=-1).clip(1)


def _apart(poses: np.ndarray, exist: np.ndarray) -> np.ndarray:
    """The mean distance between two different bodies that exist; 0 if there are fewer than two."""
    pairs = exist[..., :, None] & exist[..., None, :] & ~np.eye(poses.shape[-2], dtype=bool)
    total = np.where(pairs, _distances(poses, poses), 0.0).sum(axis=(-2, -1))
    return total / pairs.sum(axis=(-2, -1)).clip(1)
