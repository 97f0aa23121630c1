"""An episode as a vector of plain numbers, to tell behaviours apart that have no name yet.

Nothing in it depends on which corner the room is in, on how the world is turned or mirrored, or on the order of agents:
distances, speeds, counts and times only. Lengths are in metres, times in fractions of the episode; what never happened
has the time 1.
"""

from typing import NamedTuple

import numpy as np

from replays.strategies.evidence.seals import MOVED_M
from replays.strategies.evidence.trace import Trace
from sim.climb import UPPER
from sim.rules import HIDERS, SEEKERS
from sim.state import FREE, X, Y

_FAR_M = 10.0
"""Distance to what is not there; on a floor with a longer diagonal it is the diagonal, so that nothing is further."""


class _Scene(NamedTuple):
    """The arrays that the numbers are made of."""

    trace: Trace
    places: np.ndarray
    """float64 [moment, world, agent, 2]"""
    things: np.ndarray
    """float64 [moment, world, thing, 2]"""
    hiders: np.ndarray
    """bool [world, agent]: exists, and is one."""
    seekers: np.ndarray
    boxes: np.ndarray
    """bool [world, thing]"""
    ramps: np.ndarray
    phases: dict[str, slice]
    """Moments of preparation and of play."""
    far_m: np.ndarray
    """float64 [world]: the distance to what is not there."""


def behaviour(trace: Trace) -> dict[str, np.ndarray]:
    """float64 [world] by name: the numbers of each episode."""
    scene = _scene(trace)
    return {**_movement(scene), **_things(scene), **_hands(scene), **_sight(scene), **_at_the_end(scene)}


def _scene(trace: Trace) -> _Scene:
    slots, layout = trace.slots, trace.layout
    hider, box = np.arange(slots.agents) < slots.hiders, np.arange(slots.things) < slots.boxes
    split = min(trace.preparation_ticks, trace.ticks)
    return _Scene(
        trace,
        trace.states.agents[..., [X, Y]],
        trace.states.things[..., [X, Y]],
        layout.agent_exists & hider,
        layout.agent_exists & ~hider,
        layout.thing_exists & box,
        layout.thing_exists & ~box,
        {"prep": slice(0, split + 1), "play": slice(split, trace.ticks + 1)},
        np.maximum(_FAR_M, np.sqrt(2.0) * layout.floor),
    )


def _movement(scene: _Scene) -> dict[str, np.ndarray]:
    """How far agents run and turn, and how near they are to mates, opponents and the floor's border."""
    found = {}
    floor = scene.trace.layout.floor[:, None]
    border = np.minimum(scene.places, floor[..., None] - scene.places).min(axis=-1)
    for team, who in (("hiders", scene.hiders), ("seekers", scene.seekers)):
        for phase, moments in scene.phases.items():
            steps = np.linalg.norm(np.diff(scene.places[moments], axis=0), axis=-1)
            found[f"{team}_way_{phase}"] = _mean(steps.sum(axis=0), who)
        play = scene.phases["play"]
        found[f"{team}_from_border"] = _mean(border[play].mean(axis=0), who)
        found[f"{team}_from_mate"] = _nearest(scene.places[play], scene.places[play], who, who, scene.far_m).mean(
            axis=0
        )
        found[f"{team}_upstairs"] = _mean((scene.trace.states.level == UPPER).mean(axis=0), who)
    play = scene.phases["play"]
    apart = _nearest(scene.places[play], scene.places[play], scene.hiders, scene.seekers, scene.far_m)
    found["from_opponent"], found["nearest_opponent"] = apart.mean(axis=0), apart.min(axis=0)
    return found


def _things(scene: _Scene) -> dict[str, np.ndarray]:
    """How far boxes and ramps come, and where they are left."""
    found = {}
    for name, which in (("boxes", scene.boxes), ("ramps", scene.ramps)):
        for phase, moments in scene.phases.items():
            way = np.linalg.norm(scene.things[moments][-1] - scene.things[moments][0], axis=-1)
            found[f"{name}_moved_{phase}"] = np.where(which, way, 0.0).sum(axis=1)
            found[f"{name}_away_{phase}"] = (which & (way >= MOVED_M)).sum(axis=1).astype(float)
    carried = np.linalg.norm(scene.trace.carried.by_hiders[-1], axis=-1)
    found["moved_by_hiders"] = np.where(scene.boxes | scene.ramps, carried, 0.0).sum(axis=1)
    return found


def _hands(scene: _Scene) -> dict[str, np.ndarray]:
    """Holds and locks of both teams: how many, for how long, and when the first."""
    states, found = scene.trace.states, {}
    for team, who in ((HIDERS, scene.hiders), (SEEKERS, scene.seekers)):
        name = ("hiders", "seekers")[team]
        holds = (states.held != FREE) & who
        found[f"{name}_hold"] = holds.sum(axis=(0, 2)) / (len(holds) * np.maximum(who.sum(axis=1), 1))
        locked = states.lock == team + 1
        locks = (locked[1:] & ~locked[:-1]).sum(axis=2)
        for phase, moments in scene.phases.items():
            found[f"{name}_locks_{phase}"] = locks[moments.start : moments.stop - 1].sum(axis=0).astype(float)
        found[f"{name}_first_lock"] = _first(locks > 0)
        found[f"{name}_first_hold"] = _first(np.asarray(holds.any(axis=2))[1:])
        found[f"{name}_locked"] = (locked[-1] & (scene.boxes | scene.ramps)).sum(axis=1).astype(float)
    return found


def _sight(scene: _Scene) -> dict[str, np.ndarray]:
    """How much hiders are seen, how often anew, and when first."""
    hiders, play = scene.trace.slots.hiders, scene.phases["play"]
    seen = np.asarray(scene.trace.seen[play.start + 1 :, :, hiders:, :hiders].any(axis=2))
    anybody = np.asarray(seen.any(axis=2))
    again = (anybody[1:] & ~anybody[:-1]).sum(axis=0).astype(float)
    return {
        "seen": anybody.mean(axis=0),
        "hiders_seen": _mean(seen.mean(axis=0), scene.hiders[:, :hiders]),
        "sightings": again,
        "first_seen": _first(anybody),
    }


def _at_the_end(scene: _Scene) -> dict[str, np.ndarray]:
    """Where agents and things are when preparation ends, and when the episode does."""
    found, layout = {}, scene.trace.layout
    floor = layout.floor[:, None, None]
    doors = 0.5 * (layout.doors[..., :2] + layout.doors[..., 2:])
    for when, moment in (("prep", scene.phases["prep"].stop - 1), ("end", -1)):
        places, things = scene.places[moment], scene.things[moment]
        found[f"box_to_door_{when}"] = _least(things, doors, scene.boxes, layout.door_exists, scene.far_m)
        found[f"box_to_hider_{when}"] = _least(things, places, scene.boxes, scene.hiders, scene.far_m)
        found[f"hider_to_door_{when}"] = _least(places, doors, scene.hiders, layout.door_exists, scene.far_m)
        found[f"hiders_apart_{when}"] = _spread(places, scene.hiders)
        for name, there, who in (("hider", places, scene.hiders), ("box", things, scene.boxes)):
            corner = np.linalg.norm(np.minimum(there, floor - there), axis=-1)
            found[f"{name}_to_corner_{when}"] = _mean(corner, who)
    return found


def _mean(values: np.ndarray, who: np.ndarray) -> np.ndarray:
    """float64 [world]: the mean of values [world, one] over those that exist; 0 where none does."""
    return np.where(who, values, 0.0).sum(axis=1) / np.maximum(who.sum(axis=1), 1)


def _nearest(one: np.ndarray, other: np.ndarray, who: np.ndarray, whom: np.ndarray, far_m: np.ndarray) -> np.ndarray:
    """float64 [moment, world]: the mean over `who` of the distance to the nearest other of `whom`."""
    gaps = np.linalg.norm(one[:, :, :, None] - other[:, :, None], axis=-1)
    itself = np.eye(one.shape[2], dtype=bool)
    gaps = np.where(whom[:, None] & ~itself, gaps, far_m[:, None, None]).min(axis=-1)
    return np.where(who, gaps, 0.0).sum(axis=-1) / np.maximum(who.sum(axis=1), 1)


def _least(one: np.ndarray, other: np.ndarray, who: np.ndarray, whom: np.ndarray, far_m: np.ndarray) -> np.ndarray:
    """float64 [world]: the least distance of one of `who` to one of `whom`."""
    if not one.shape[1] or not other.shape[1]:
        return far_m.copy()
    gaps = np.linalg.norm(one[:, :, None] - other[:, None], axis=-1)
    return np.where(who[:, :, None] & whom[:, None], gaps, far_m[:, None, None]).min(axis=(1, 2))


def _spread(places: np.ndarray, who: np.ndarray) -> np.ndarray:
    """float64 [world]: the mean distance of those that exist from their middle."""
    count = np.maximum(who.sum(axis=1), 1)[:, None]
    middle = np.where(who[..., None], places, 0.0).sum(axis=1) / count
    return _mean(np.linalg.norm(places - middle[:, None], axis=-1), who)


def _first(flags: np.ndarray) -> np.ndarray:
    """float64 [world]: when the first True is (flags [moment, world]), as a fraction of the time; 1 for never."""
    if not len(flags):
        return np.ones(flags.shape[1])
    return np.where(flags.any(axis=0), flags.argmax(axis=0) / len(flags), 1.0)
