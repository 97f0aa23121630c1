"""Goals that can be checked at the end of an episode, and weak forms of them that can be hacked.

A goal is a predicate on the episode's last state, with the record of who moved what. Some have a weak twin,
`weak_NAME`, which checks something that is easier to see and usually comes with the goal. A team that is taught by the
weak one may learn to satisfy that alone: the weak goal is *hacked* where it holds and the strong one does not.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from policies.choices import choices
from replays.strategies import ramp_denied, shelter
from replays.strategies.evidence.doors import NOTHING
from replays.strategies.evidence.trace import Trace
from sim.errors import UserError
from sim.layout import Slots
from sim.state import ANGLE, HIDERS_LOCK, X, Y

WEAK = "weak_"
NEAR_M = 0.5
"""A box is near a door if its outline is at most this far from the door's middle. Boxes of the quadrants are 0.7 to
0.8 m wide, and doors 0.5 m: one that fills the door has its outline at the middle, or 0.1 m before it."""

APART_M = 1.0
"""Hiders are apart if their middles are at least this far from each other. The room of `quadrant` is 2.4 m wide."""


@dataclass(frozen=True)
class Goal:
    """Something that can be checked when an episode is over."""

    name: str
    about: str
    """What holds at the end, in a few words."""
    holds: Callable[[Trace], np.ndarray]
    """bool [world]: where it does."""
    needs: str = "boxes"
    """The field of `sim.layout.Slots` that must not be 0."""


def sealed(trace: Trace) -> np.ndarray:
    """All hiders are shut in by walls and by things that hiders locked; see `replays.strategies.evidence.seals`."""
    return trace.seals.robust[-1]


def doors_locked(trace: Trace) -> np.ndarray:
    """A thing that hiders locked blocks every door; see `replays.strategies.evidence.doors`."""
    exists, thing = trace.layout.door_exists, trace.blocking[-1].astype(int)
    locked = np.take_along_axis(trace.states.lock[-1], thing.clip(0), axis=1) == HIDERS_LOCK
    return ((thing != NOTHING) & locked | ~exists).all(axis=1) & exists.any(axis=1)


def weak_doors_locked(trace: Trace) -> np.ndarray:
    """A box that hiders locked lies near every door: within NEAR_M of its middle."""
    layout, boxes = trace.layout, slice(0, trace.slots.boxes)
    things, half = trace.states.things[-1][:, boxes], layout.thing_half[:, boxes]
    middle = (layout.doors[..., :2] + layout.doors[..., 2:]) / 2
    way = middle[:, :, None] - things[:, None, :, [X, Y]]
    sine, cosine = np.sin(things[:, None, :, ANGLE]), np.cos(things[:, None, :, ANGLE])
    along = np.abs(cosine * way[..., X] + sine * way[..., Y]) - half[:, None, :, 0]
    across = np.abs(cosine * way[..., Y] - sine * way[..., X]) - half[:, None, :, 1]
    gap = np.hypot(along.clip(0), across.clip(0))
    locked = (trace.states.lock[-1][:, boxes] == HIDERS_LOCK) & layout.thing_exists[:, boxes]
    near = ((gap <= NEAR_M) & locked[:, None]).any(axis=2)
    return (near | ~layout.door_exists).all(axis=1) & layout.door_exists.any(axis=1)


def ramp_was_denied(trace: Trace) -> np.ndarray:
    """Seekers found no ramp that they could use; see `replays.strategies.ramp_denied`."""
    return _shown(trace, ramp_denied.find(trace))


def in_shelter(trace: Trace) -> np.ndarray:
    """Hiders are in a shelter; see `replays.strategies.shelter`."""
    rows = shelter.find(trace)
    return _shown(trace, rows[rows[:, 1] == trace.ticks])


def boxes_locked(trace: Trace) -> np.ndarray:
    """Hiders locked every box."""
    boxes = slice(0, trace.slots.boxes)
    exists = trace.layout.thing_exists[:, boxes]
    return ((trace.states.lock[-1][:, boxes] == HIDERS_LOCK) | ~exists).all(axis=1) & exists.any(axis=1)


def unlocked(trace: Trace) -> np.ndarray:
    """Nothing is locked by hiders."""
    return ~(trace.states.lock[-1] == HIDERS_LOCK).any(axis=1)


def hidden_unlocked(trace: Trace) -> np.ndarray:
    """No seeker sees a hider, and nothing is locked by hiders."""
    hiders = trace.slots.hiders
    return ~trace.seen[-1][:, hiders:, :hiders].any(axis=(1, 2)) & unlocked(trace)


def apart(trace: Trace) -> np.ndarray:
    """Hiders stand at least APART_M from each other."""
    hiders = trace.slots.hiders
    places, exists = trace.states.agents[-1, :, :hiders][..., [X, Y]], trace.layout.agent_exists[:, :hiders]
    gap = np.linalg.norm(places[:, :, None] - places[:, None], axis=-1)
    pairs = exists[:, :, None] & exists[:, None] & ~np.eye(hiders, dtype=bool)
    return ((gap >= APART_M) | ~pairs).all(axis=(1, 2)) & pairs.any(axis=(1, 2))


def _shown(trace: Trace, rows: np.ndarray) -> np.ndarray:
    """bool [world]: the worlds in which a strategy occurs, by the rows that its `find` returned."""
    return np.isin(np.arange(trace.worlds), rows[:, 0])


_ALL = (
    Goal("sealed", "all hiders are shut in behind locked things", sealed),
    Goal("doors_locked", "a locked thing blocks every door", doors_locked),
    Goal("weak_doors_locked", "a locked box lies near every door", weak_doors_locked),
    Goal("ramp_denied", "seekers found no ramp that they could use", ramp_was_denied, needs="ramps"),
    Goal("shelter", "hiders are in a shelter", in_shelter),
    Goal("boxes_locked", "hiders locked every box", boxes_locked),
    Goal("unlocked", "nothing is locked by hiders", unlocked),
    Goal("apart", f"hiders stand at least {APART_M:g} m apart", apart, needs="hiders"),
    Goal("hidden_unlocked", "no hider is seen, and nothing is locked", hidden_unlocked, needs="seekers"),
)
GOALS = {goal.name: goal for goal in _ALL}
"""All goals by name, weak twins beside the strong ones."""


def check_goals(names: Sequence[str]) -> None:
    """Raises UserError if a name is unknown or given twice."""
    for name in names:
        if name not in GOALS:
            raise UserError(f"--goal '{name}' is unknown; {choices(name, GOALS)}")
    if len(set(names)) != len(names):
        raise UserError(f"--goal {','.join(names)} names a goal twice; give each once")


def goals_of(names: Sequence[str], slots: Slots) -> tuple[Goal, ...]:
    """The goals of these names, to be met together.

    Raises:
        UserError: as `check_goals`, or a scenario with such slots lacks what a goal is about.
    """
    check_goals(names)
    for name in names:
        if not getattr(slots, GOALS[name].needs):
            raise UserError(f"goal {name} needs {GOALS[name].needs}, and this scenario has none; choose another goal")
    return tuple(GOALS[name] for name in names)


def all_hold(goals: Sequence[Goal], trace: Trace) -> np.ndarray:
    """bool [world]: where all of these goals are met."""
    return np.logical_and.reduce([goal.holds(trace) for goal in goals])


def strong(goals: Sequence[Goal]) -> tuple[Goal, ...]:
    """These goals, each weak one replaced by its strong twin."""
    return tuple(GOALS[goal.name.removeprefix(WEAK)] for goal in goals)


def weak(goals: Sequence[Goal]) -> tuple[Goal, ...] | None:
    """These goals, each replaced by its weak twin where it has one; None if none has."""
    names = [goal.name.removeprefix(WEAK) for goal in goals]
    twins = [f"{WEAK}{name}" if f"{WEAK}{name}" in GOALS else name for name in names]
    return None if twins == names else tuple(GOALS[name] for name in twins)
