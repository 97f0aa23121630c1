"""What counts as climbing, getting over a wall and surfing."""

import numpy as np
import pytest

from replays.events import strategy_events
from replays.strategies.catalogue import find_all
from replays.strategies.evidence.heights import Climb, Crossing, climbs, crossings, rides
from replays.strategies.evidence.trace import trace_episode
from replays.wording import in_words
from sim.layout import Layout, Slots, empty_layout
from sim.state import State, empty_state

SLOTS = Slots(hiders=1, seekers=1, boxes=1, ramps=2, walls=2, doors=1)
AGENT, BOX, RAMP, OTHER_RAMP = 1, 0, 1, 2


def layout() -> Layout:
    """A wall at x 3.0 to 3.1 and another across it at y 4.0 to 4.1; a ramp on either side."""
    made = empty_layout(1, SLOTS)
    made.floor[:] = 6.0
    made.walls[0] = [(3.0, 0.0, 3.1, 4.1), (3.0, 4.0, 6.0, 4.1)]
    for exists in (made.wall_exists, made.agent_exists, made.thing_exists):
        exists[:] = True
    made.thing_half[0] = [(0.4, 0.4), (0.45, 0.3), (0.45, 0.3)]
    return made


def film(path, levels, held=()) -> State:
    """An agent's way; the box is where it is, half a metre to the left, while held."""
    states = empty_state(len(path), SLOTS)
    states.tick[:] = np.arange(len(path))
    states.agents[:, AGENT, :2], states.level[:, AGENT] = path, levels
    states.agents[:, 0, :2] = 0.5
    states.things[:, RAMP, :2], states.things[:, OTHER_RAMP, :2], states.things[:, BOX, :2] = (2.5, 1), (4, 1), (1, 5)
    if held:
        states.held[:, AGENT] = held
        states.things[:, BOX, :2] = states.agents[:, AGENT, :2] - (0.5, 0.0)
    return states


OVER = [(2.3, 1.0), (2.6, 1.0), (2.9, 1.0), (3.2, 1.0), (3.4, 1.0)]


def test_a_climb_is_told_with_its_ramp():
    assert climbs(layout(), film(OVER, [0, 1, 1, 1, 0]), SLOTS) == [Climb(1, AGENT, RAMP)]
    back = [(x + 1.5, y) for x, y in OVER]
    assert climbs(layout(), film(back, [0, 1, 0, 0, 1]), SLOTS)[0] == Climb(1, AGENT, OTHER_RAMP)


@pytest.mark.parametrize(
    ("path", "levels", "walls"),
    [
        (OVER, [0, 1, 1, 1, 0], [0]),
        (OVER[::-1], [0, 1, 1, 1, 0], [0]),
        (OVER, [0, 0, 0, 0, 0], []),
        ([(2.6, 1.0), (2.9, 1.0), (3.05, 1.0), (2.9, 1.0)], [1, 1, 1, 1], []),
        ([(2.6, 1.0), (2.9, 1.0), (3.05, 1.0), (3.06, 1.0), (3.3, 1.0)], [1, 1, 1, 1, 1], [0]),
        ([(2.6, 1.0), (2.9, 1.0), (3.08, 1.0)], [1, 1, 1], []),
        ([(4.0, 3.8), (4.0, 4.2)], [1, 0], [1]),
        ([(4.0, 3.8), (4.0, 4.05)], [1, 1], []),
        ([(2.9, 3.95), (3.2, 3.95)], [1, 1], [0]),
    ],
    ids=["over", "back", "on foot", "turns back", "lingers", "still on it", "other wall", "still on that", "its end"],
)
def test_getting_over_a_wall(path, levels, walls):
    found = crossings(layout(), film(path, levels))
    assert [crossing.wall for crossing in found] == walls
    if path is OVER and walls:
        assert found == [Crossing(3, AGENT, 0)]


def test_a_step_upstairs_gets_over_a_wall_where_it_touches_it():
    """Any step: some points of it are on the wall, and its ends on either side."""
    random = np.random.default_rng(0)
    x0, y0, x1, y1 = layout().walls[0, 0]
    over = 0
    for start, end in random.uniform((2.6, 3.4), (3.5, 4.6), (300, 2, 2)):
        x, y = np.linspace(start, end, 5001).T
        touches = bool(((x0 <= x) & (x <= x1) & (y0 <= y) & (y <= y1)).any())
        beyond = (start[0] - x0) * (end[0] - x1) < 0 and not any(x0 <= place[0] <= x1 for place in (start, end))
        found = crossings(layout(), film([start, end], [1, 1]))
        assert (0 in [crossing.wall for crossing in found]) == (touches and beyond)
        over += touches and beyond
    assert 50 < over < 150


def test_a_ride_is_long_enough_and_from_above():
    path = [(1.0 + 0.3 * step, 2.0) for step in range(8)]
    upstairs, held = [1] * 8, [-1, 0, 0, 0, 0, 0, -1, -1]
    (ride,) = rides(film(path, upstairs, held))
    assert ride[:4] == (1, 5, AGENT, BOX) and ride.metres == pytest.approx(1.2)
    assert ride.moving == 2 and not rides(film(path, [0] * 8, held))
    waits = [(1.0, 2.0)] * 4 + [(1.0 + 0.3 * step, 2.0) for step in range(5)]
    (ride,) = rides(film(waits, [1] * 9, [0] * 9))
    assert (ride.first, ride.moving) == (0, 5)
    short = [(1.0 + 0.24 * step, 2.0) for step in range(8)]
    assert not rides(film(short, upstairs, held)), "0.96 m are no ride"
    assert not rides(film(path, upstairs, [-1, 0, 0, 0, -1, -1, -1, -1]))


def test_they_are_among_the_events_in_plain_words():
    path = [*OVER, *[(3.7 + 0.3 * step, 1.0) for step in range(6)]]
    held = [-1] * 5 + [0] * 6
    states = film(path, [0] + [1] * 10, held)
    trace = trace_episode(SLOTS, layout(), states, np.zeros((11, 2, 2), bool), 0)
    events = sorted(strategy_events(trace, find_all(trace)), key=lambda event: event.tick)
    texts = [in_words(event, SLOTS) for event in events]
    assert texts == [
        "Seeker 0 climbs ramp 0",
        "Seeker 0 gets over a wall",
        "Seeker 0 surfs on box 0",
    ]
