"""Labels of linear probes: what hiders will do, at every tick of recorded episodes.

box     the thing that the hider will move next
door    the door that hiders will block next
soon    how soon that will be
lock    whether the hider will lock a thing

Class 0 is always "not in this episode". Ticks at which it is already under way have no label: those in which the hider
moves a box, or in which a door is blocked.
"""

from typing import NamedTuple

import numpy as np

from policies.evaluation.stages import Played
from replays.strategies.evidence.trace import MOVED_AT_ALL_M
from sim.rules import LOCK, RULES
from sim.state import HIDERS_LOCK, X, Y

NOT_ASKED = -1
SOON_TICKS = (5, 10, 20)
"""Ticks within which a door will be blocked, of classes 1 to 3; class 4 is later."""


class Question(NamedTuple):
    """One label."""

    labels: np.ndarray
    """int8 [tick, world, hider]: the class, or NOT_ASKED."""
    possible: np.ndarray
    """bool [world, class - 1]: which classes can be in which world. Empty where classes are no actions."""
    names: tuple[str, ...]
    """Of the classes, for people."""


def questions(played: Played) -> dict[str, Question]:
    """All labels, by name."""
    trace, slots = played.trace, played.trace.slots
    moves, blocks, locks = _moves(played), _blocks(played), _locks(played)
    things = tuple(f"box {k}" if k < slots.boxes else f"ramp {k - slots.boxes}" for k in range(slots.things))
    doors = tuple(f"door {k}" for k in range(slots.doors))
    when = tuple(f"within {ticks * RULES.tick_s:.1f} s" for ticks in SOON_TICKS)
    always = np.ones((trace.worlds, 1), bool)
    open_doors = np.asarray((trace.blocking[:-1] < 0).all(axis=-1))
    door, left = _next(np.repeat(blocks[:, :, None], slots.hiders, axis=2))
    box, lock = _next(moves)[0], _next(locks[..., None])[0]
    soon = np.where(door > 0, 1 + np.searchsorted(SOON_TICKS, left), 0)
    return {
        "box": Question(_asked(box, ~np.asarray(moves.any(axis=-1))), trace.layout.thing_exists, ("none", *things)),
        "door": Question(_asked(door, open_doors[..., None]), trace.layout.door_exists, ("none", *doors)),
        "soon": Question(_asked(soon, open_doors[..., None]), always[:, :0], ("never", *when, "later")),
        "lock": Question(_asked(lock, np.ones_like(lock, bool)), always, ("no", "yes")),
    }


def _asked(labels: np.ndarray, asked: np.ndarray) -> np.ndarray:
    return np.where(asked, labels, NOT_ASKED).astype(np.int8)


def _next(events: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """1 + the kind of the next event (0 for none), and ticks until it, from events bool [tick, world, hider, kind].

    An event of the tick itself is the next one, 0 ticks away.
    """
    kind, left = np.zeros(events.shape[:3], int), np.zeros(events.shape[:3], int)
    for tick in reversed(range(len(events))):
        if tick + 1 < len(events):
            kind[tick], left[tick] = kind[tick + 1], left[tick + 1] + 1
        now = events[tick].any(axis=-1)
        kind[tick][now], left[tick][now] = 1 + events[tick].argmax(axis=-1)[now], 0
    return kind, left


def _moves(played: Played) -> np.ndarray:
    """bool [tick, world, hider, thing]: the hider moves the thing in the tick."""
    trace = played.trace
    steps = np.abs(np.diff(trace.states.things[..., [X, Y]], axis=0)).max(axis=-1) > MOVED_AT_ALL_M
    by = trace.carried.mover[1:, :, None] == np.arange(trace.slots.hiders)[:, None]
    return by & steps[:, :, None]


def _blocks(played: Played) -> np.ndarray:
    """bool [tick, world, door]: the door is blocked after the tick, and was not before."""
    blocked = played.trace.blocking >= 0
    return blocked[1:] & ~blocked[:-1]


def _locks(played: Played) -> np.ndarray:
    """bool [tick, world, hider]: the hider chooses to lock, and a thing is locked by the hiders in the tick."""
    locked = played.trace.states.lock == HIDERS_LOCK
    fresh = (locked[1:] & ~locked[:-1]).any(axis=-1)
    return fresh[..., None] & (played.actions[:, :, : played.trace.slots.hiders, 2] == LOCK)
