"""A recording with as much in it as a viewer may meet, to time the viewer with."""

import numpy as np

from replays.annotate import with_strategies
from replays.events import find_events
from replays.format.header import FORMAT, Header
from replays.format.recording import Recording, made_by
from sim.layout import Layout, Slots, empty_layout
from sim.rules import ACTION_SIZES
from sim.sight import look
from sim.state import ANGLE, State, X, Y, empty_state

TICKS = 240
_PREPARATION_TICKS = 96
_SLOTS = Slots(hiders=3, seekers=3, boxes=9, ramps=0, walls=6, doors=4)
_FLOOR_M = 6.0
_STEP_M, _TURN = 0.1, 0.15
"""How far a body goes in a tick, and how much it turns, at most."""


def busy_recording() -> Recording:
    """240 ticks of three against three with nine boxes in four rooms; all agents and things drift about."""
    random, layout = np.random.default_rng(0), _rooms()
    start = empty_state(1, _SLOTS)
    states = State(*(np.repeat(column, TICKS + 1, axis=0) for column in start))
    states.tick[:] = np.arange(TICKS + 1)
    for bodies in (states.agents, states.things):
        _drift(bodies, random)
    states.held[120:160, 0], states.lock[160:, 0] = 0, 1
    seen = look(_SLOTS, Layout(*(np.repeat(column, TICKS + 1, axis=0) for column in layout)), states).agents
    actions = random.integers(0, ACTION_SIZES, (TICKS, _SLOTS.agents, 3), np.int8)
    header = Header(
        format=FORMAT,
        made_by=made_by(),
        scenario="quadrant",
        ticks=TICKS,
        preparation_ticks=_PREPARATION_TICKS,
        slots=_SLOTS,
        seed=0,
        hiders="random",
        seekers="random",
        hashes={},
        outcome={},
    )
    return with_strategies(
        Recording(
            header=header,
            layout=layout,
            states=states,
            actions=actions,
            seen=seen,
            reward=np.zeros((TICKS, _SLOTS.agents), np.float32),
            values=random.normal(size=(TICKS, 2)).astype(np.float32),
            events=tuple(find_events(_SLOTS, layout, states, actions, seen, _PREPARATION_TICKS)),
        )
    )


def _rooms() -> Layout:
    layout, half = empty_layout(1, _SLOTS), _FLOOR_M / 2
    layout.floor[:] = _FLOOR_M
    # A cross of walls with a door in each arm.
    layout.walls[0] = [
        (half - 0.05, 0.0, half + 0.05, 1.2),
        (half - 0.05, 1.8, half + 0.05, 4.2),
        (half - 0.05, 4.8, half + 0.05, _FLOOR_M),
        (0.0, half - 0.05, 1.2, half + 0.05),
        (1.8, half - 0.05, 4.2, half + 0.05),
        (4.8, half - 0.05, _FLOOR_M, half + 0.05),
    ]
    layout.doors[0] = [
        (half - 0.05, 1.2, half + 0.05, 1.8),
        (half - 0.05, 4.2, half + 0.05, 4.8),
        (1.2, half - 0.05, 1.8, half + 0.05),
        (4.2, half - 0.05, 4.8, half + 0.05),
    ]
    layout.wall_exists[:], layout.door_exists[:] = True, True
    layout.agent_exists[:], layout.thing_exists[:], layout.thing_lockable[:] = True, True, True
    layout.thing_half[0] = [(0.35, 0.35)] * 5 + [(0.82, 0.08)] * 4
    return layout


def _drift(bodies: np.ndarray, random: np.random.Generator) -> None:
    """Writes a random walk into float64 [tick, body, 6]; a body that meets the outer wall turns back."""
    shape = bodies.shape[:2]
    steps = random.uniform(-_STEP_M, _STEP_M, (*shape, 2))
    steps[0] = random.uniform(0.5, _FLOOR_M - 0.5, (shape[1], 2))
    walked = np.cumsum(steps, axis=0) % (2 * _FLOOR_M)
    bodies[..., [X, Y]] = np.clip(np.minimum(walked, 2 * _FLOOR_M - walked), 0.4, _FLOOR_M - 0.4)
    bodies[..., ANGLE] = np.cumsum(random.uniform(-_TURN, _TURN, shape), axis=0)
