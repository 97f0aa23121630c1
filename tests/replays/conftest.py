"""A small episode made by hand, in which something of every kind happens."""

import numpy as np
import pytest

from replays.events import find_events
from replays.header import FORMAT, Header
from replays.recording import Recording
from sim.layout import Slots, empty_layout
from sim.rules import GRAB, LOCK
from sim.state import State, empty_state
from tests.replays.acting import quiet_episode

TICKS = 20


@pytest.fixture
def recording() -> Recording:
    """Two hiders, a seeker, two boxes and a ramp; 20 ticks, of which 8 preparation.

    Hider 0 grabs box 0 in tick 2 and locks it in tick 5; the seeker sees hider 1 from state 12 to state 14.
    """
    slots = Slots(hiders=2, seekers=1, boxes=2, ramps=1, walls=1, doors=1)
    layout = empty_layout(1, slots)
    layout.floor[:] = 6.0
    layout.walls[0, 0], layout.wall_exists[:] = (3.0, 0.0, 3.1, 2.0), True
    layout.doors[0, 0], layout.door_exists[:] = (3.0, 2.0, 3.1, 2.5), True
    layout.agent_exists[:], layout.thing_exists[:], layout.thing_lockable[:] = True, True, True
    layout.thing_half[0] = [(0.38, 0.38), (0.8, 0.08), (0.45, 0.3)]
    start = empty_state(1, slots)
    start.agents[0, :, :3] = [(1.0, 1.0, 0.0), (2.0, 4.0, 1.0), (5.0, 5.0, -2.0)]
    start.things[0, :, :3] = [(1.7, 1.0, 0.2), (4.5, 2.0, 0.6), (4.0, 4.0, 2.0)]
    states = State(*(np.repeat(column, TICKS + 1, axis=0) for column in start))
    states.tick[:] = np.arange(TICKS + 1)
    states.agents[:, 0, 0] += 0.1 * np.arange(TICKS + 1)
    states.agents[:, 1, 2] += 0.5 * np.arange(TICKS + 1)
    states.held[3:6, 0] = 0
    states.lock[6:, 0] = 1
    actions = np.zeros((TICKS, slots.agents, 3), np.int8)
    actions[2, 0, 2], actions[5, 0, 2] = GRAB, LOCK
    seen = np.zeros((TICKS + 1, slots.agents, slots.agents), bool)
    seen[12:15, 2, 1] = True
    header = Header(
        format=FORMAT,
        made_by={"hideseek": "0.1.0"},
        scenario="quadrant",
        ticks=TICKS,
        preparation_ticks=8,
        slots=slots,
        seed=7,
        hiders="builder",
        seekers="chaser",
        hashes={"hiders": "", "seekers": "abc"},
        outcome={"hidden": 0.75, "win": True},
    )
    return Recording(
        header=header,
        layout=layout,
        states=states,
        actions=actions,
        seen=seen,
        reward=np.ones((TICKS, slots.agents), np.float32),
        values=np.zeros((TICKS, 2), np.float32),
        events=tuple(find_events(slots, layout, states, actions, seen)),
    )


@pytest.fixture(scope="session")
def episode() -> Recording:
    """See `quiet_episode`; a Recording is never changed."""
    return quiet_episode()
