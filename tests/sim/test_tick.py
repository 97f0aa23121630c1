"""What the chosen actions do, and when in an episode: moving, turning, and the phase of preparation."""

import math

import numpy as np
import pytest

from sim.rules import GRAB, LOCK, RULES, STILL, TURN_LEFT
from sim.state import ANGLE, SPIN
from tests.games import started
from tests.sim.heights import HIDER, SEEKER, bare_world, walk

PREPARATION = 2


@pytest.mark.parametrize("move", range(9))
def test_moves_are_the_compass_counter_clockwise_from_east(move: int):
    game = bare_world([(3.0, 3.0, 0.7)])
    walk(game, 4, {HIDER: move})
    x, y, angle = game.state.agents[0, HIDER, :3] - (3.0, 3.0, 0.7)
    assert angle == pytest.approx(0.0, abs=1e-9)
    if move == STILL:
        assert x == y == 0.0
    else:
        assert math.hypot(x, y) > 0.5
        assert math.remainder(math.atan2(y, x) - (move - 1) * math.pi / 4, math.tau) == pytest.approx(0.0, abs=1e-6)


def test_one_turn_goes_left_the_other_right_as_fast():
    spins = []
    for turn in range(3):
        game = bare_world([(3.0, 3.0, 0.7)])
        for _ in range(6):
            game.tick(np.array([[(STILL, turn, 0), (0, 0, 0), (0, 0, 0)]]))
        assert game.state.agents[0, HIDER, :2].tolist() == [3.0, 3.0]
        spins.append(game.state.agents[0, HIDER, SPIN])
    left, (right,) = spins.pop(TURN_LEFT), [spin for spin in spins if spin != 0.0]
    assert left == -right > 3.0 and len(spins) == 2


def test_seekers_do_nothing_and_are_shown_nothing_in_preparation_and_all_of_it_afterwards():
    game = started(f"quadrant:boxes=2,preparation_ticks={PREPARATION}", 1)
    layout, state = game.snapshot()
    layout.wall_exists[:] = False
    state.agents[0, :, :3] = [(1.0, 1.0, 0.0), (1.0, 2.0, 0.0), (2.0, 4.0, 0.0), (2.0, 5.0, 0.0)]
    state.things[0, :2, :3] = [(2.0 + 0.15 + 0.2 + layout.thing_half[0, 0, 0], 4.0, 0.0), (5.5, 1.0, 0.0)]
    game.restore(layout, state)
    hiders, first, second = slice(0, 2), 2, 3
    actions = np.array([[(1, 1, 0), (1, 1, 0), (5, 1, LOCK), (5, 1, GRAB)]])
    before = state.agents.copy()
    for tick in range(PREPARATION):
        assert not game.seen.agents[0, first:].any() and not game.seen.things[0, first:].any()
        game.tick(actions)
        assert game.state.tick[0] == tick + 1 and not game.reward.any()
        assert np.array_equal(game.state.agents[0, first:], before[0, first:]) and not game.state.lock.any()
        assert not game.actions[0, first:].any() and np.array_equal(game.actions[0, hiders], actions[0, hiders])
    assert (game.state.agents[0, hiders, :3] > before[0, hiders, :3]).any(1).all()
    assert game.seen.things[0, first, 0], "what they act upon is shown before they may act"
    game.tick(actions)
    assert game.state.lock[0, 0] == 2 and np.abs(game.reward).min() == 1.0
    assert (game.state.agents[0, first:, 0] < before[0, first:, 0]).all()
    assert (game.state.agents[0, second:, ANGLE] > before[0, second:, ANGLE]).all()


def test_no_agent_gets_ahead_of_what_it_was_last_shown():
    """The box comes into sight in the tick in which the seeker reaches for it: too late for that tick."""
    game = bare_world([(0.5, 0.5, 0.0), (1.0, 0.5, 0.0), (2.0, 3.0, math.pi)], [(2.75, 3.0, 0.0)])
    layout, state = game.snapshot()
    state.agents[0, SEEKER, ANGLE] = RULES.half_cone_rad + 0.01
    state.agents[0, SEEKER, SPIN] = -3.0
    game.restore(layout, state)
    walk(game, 1, hands={SEEKER: GRAB})
    assert game.seen.things[0, SEEKER, 0] and (game.state.held == -1).all()
    walk(game, 1, hands={SEEKER: GRAB})
    assert game.state.held[0, SEEKER] == 0
