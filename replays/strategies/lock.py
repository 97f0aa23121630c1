"""Lock: hiders lock a thing."""

import numpy as np

from replays.strategies.evidence.trace import Trace
from replays.strategies.strategy import NOBODY, Strategy, occurrences
from sim.state import ANGLE, HIDERS_LOCK, X, Y


def find(trace: Trace) -> np.ndarray:
    """Every lock, by the hider that held the thing before, else by the nearest: a trace knows no actions."""
    locked = trace.states.lock == HIDERS_LOCK
    before, world, thing = np.nonzero(locked[1:] & ~locked[:-1])
    return occurrences(world, before + 1, _lockers(trace, before, world, thing), thing)


def _lockers(trace: Trace, moment: np.ndarray, world: np.ndarray, thing: np.ndarray) -> np.ndarray:
    """int [lock]: the hider that probably locks each thing in the tick after a moment."""
    hiders = slice(0, trace.slots.hiders)
    places, pose = trace.states.agents[moment, world, hiders][..., [X, Y]], trace.states.things[moment, world, thing]
    dx, dy = np.moveaxis(places - pose[:, None, [X, Y]], -1, 0)
    cos, sin = np.cos(pose[:, ANGLE, None]), np.sin(pose[:, ANGLE, None])
    half = trace.layout.thing_half[world, thing]
    along, across = np.abs(cos * dx + sin * dy) - half[:, :1], np.abs(cos * dy - sin * dx) - half[:, 1:]
    gap = np.hypot(np.maximum(along, 0.0), np.maximum(across, 0.0))
    gap[trace.states.held[moment, world, hiders] == thing[:, None]] = -1.0
    gap[~trace.layout.agent_exists[world, hiders]] = np.inf
    return gap.argmin(axis=1) if gap.size else np.full(len(thing), NOBODY)


STRATEGY = Strategy(
    name="lock",
    title="Locked by hiders",
    about="boxes and ramps are fixed where hiders want them",
    rank=130,
    find=find,
    sentence="{agent} locks {thing}",
    kind="lock",
    sign=(((-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)),),
    tool="lock",
    own_event=False,
)
