"""A world as one of its hiders meets it, as numbers: what the soft values of `policies.probes.directedness` depend on.

Unlike an observation it leaves nothing out, and it is small: where the others, things and doors are from the hider's
place, and what is held, locked, shut and seen. Slots that do not exist are zero.
"""

import numpy as np

from replays.strategies.evidence.trace import Trace
from sim.rules import RULES
from sim.state import ANGLE, HIDERS_LOCK, SEEKERS_LOCK, VX, VY, X, Y


def world_features(trace: Trace, sealed: np.ndarray) -> np.ndarray:
    """float32 [moment, world, hider, number]; `sealed` is bool [moment, world]."""
    states, layout, hiders = trace.states, trace.layout, trace.slots.hiders
    own = states.agents[:, :, :hiders]
    doors = np.broadcast_to(_door_middles(trace), (trace.ticks + 1, *layout.doors.shape[:2], 2))
    parts = [
        own[..., [X, Y, VX, VY]],
        np.stack([np.cos(own[..., ANGLE]), np.sin(own[..., ANGLE]), states.level[:, :, :hiders]], axis=-1),
        _others(trace),
        _around(own, states.things[:, :, None], layout.thing_exists[:, None]),
        _around(own, doors[:, :, None], layout.door_exists[:, None]),
        np.asarray(trace.seen[:, :, hiders:, :hiders].any(axis=2))[..., None],
        np.repeat(_common(trace, sealed)[:, :, None], hiders, axis=2),
    ]
    return np.concatenate(parts, axis=-1).astype(np.float32)


def _door_middles(trace: Trace) -> np.ndarray:
    """float64 [world, door, 2]"""
    return trace.layout.doors.reshape(*trace.layout.doors.shape[:-1], 2, 2).mean(axis=-2)


def _others(trace: Trace) -> np.ndarray:
    """The other agents from each hider's place, its mates first; and what it and each of its mates holds."""
    slots, states = trace.slots, trace.states
    holds = states.held[..., None] == np.arange(slots.things)
    rows = []
    for hider in range(slots.hiders):
        mates = [(hider + more) % slots.hiders for more in range(1, slots.hiders)]
        others = [*mates, *range(slots.hiders, slots.agents)]
        one = states.agents[:, :, hider : hider + 1]
        places = _around(one, states.agents[:, :, None, others], trace.layout.agent_exists[:, None, others])
        held = holds[:, :, [hider, *mates]].reshape(*holds.shape[:2], -1)
        rows.append(np.concatenate([places[:, :, 0], held], axis=-1))
    return np.stack(rows, axis=2)


def _around(own: np.ndarray, poses: np.ndarray, exist: np.ndarray) -> np.ndarray:
    """Way, direction and distance from agents [moment, world, agent, 6] to poses [moment, world, 1, n, 2+]."""
    way = poses[..., [X, Y]] - own[..., None, [X, Y]]
    distance = np.linalg.norm(way, axis=-1, keepdims=True)
    numbers = np.concatenate([way, way / np.maximum(distance, RULES.agent_radius_m), distance], axis=-1)
    return (numbers * exist[..., None]).reshape(*own.shape[:-1], -1)


def _common(trace: Trace, sealed: np.ndarray) -> np.ndarray:
    """[moment, world, number]: what is the same for all hiders."""
    states, layout, hiders = trace.states, trace.layout, trace.slots.hiders
    to_door = states.things[:, :, :, None, [X, Y]] - _door_middles(trace)[:, None]
    to_door = np.concatenate([to_door, np.linalg.norm(to_door, axis=-1, keepdims=True)], axis=-1)
    both = layout.thing_exists[:, :, None] & layout.door_exists[:, None]
    parts = [
        (to_door * both[..., None]).reshape(*sealed.shape, -1),
        states.lock == HIDERS_LOCK,
        states.lock == SEEKERS_LOCK,
        np.cos(4 * states.things[..., ANGLE]),
        np.sin(4 * states.things[..., ANGLE]),
        trace.blocking >= 0,
        states.agents[:, :, hiders:, [VX, VY]].reshape(*sealed.shape, -1),
        sealed[..., None],
        np.asarray(trace.seen[:, :, hiders:, :hiders].any(axis=(2, 3)))[..., None],
    ]
    return np.concatenate(parts, axis=-1)
