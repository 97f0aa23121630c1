"""What hide-and-seek pays, against the rule written out agent by agent."""

import numpy as np
import pytest

from sim.game import Game
from sim.reward import PAYMENTS
from sim.rules import ACTION_SIZES
from tests.games import started

WORLDS, PREPARATION = 10, 3


def alone(game: Game, world: int, agent: int) -> float:
    """What sight gives one agent, whatever happens to its team."""
    hiders, sees = game.slots.hiders, game.seen.agents[world]
    if agent < hiders:
        return -1.0 if sees[hiders:, agent].any() else 1.0
    return 1.0 if sees[agent, :hiders].any() else -1.0


def wanted(game: Game, world: int, agent: int, payment: str) -> float:
    exists, hiders = game.layout.agent_exists[world], game.slots.hiders
    if not exists[agent] or game.state.tick[world] <= PREPARATION:
        return 0.0
    team = [mate for mate in np.flatnonzero(exists).tolist() if (mate < hiders) == (agent < hiders)]
    if payment == "individual":
        return alone(game, world, agent)
    if payment == "team_mean":
        return float(np.mean([alone(game, world, mate) for mate in team]))
    each = [alone(game, world, mate) for mate in team]
    return min(each) if agent < hiders else max(each)


@pytest.mark.parametrize("payment", PAYMENTS)
def test_sight_is_paid_to_each_or_to_the_team(payment: str):
    game = started(f"open_field:reward={payment},ticks=20,preparation_ticks={PREPARATION}", WORLDS, 1)
    random, agents, hiders = np.random.default_rng(0), range(game.slots.agents), game.slots.hiders
    assert not game.layout.agent_exists.all() and not game.reward.any(), "a start is not paid"
    paid: set[float] = set()
    for _ in range(12):
        game.tick(np.stack([random.integers(0, size, (WORLDS, len(agents))) for size in ACTION_SIZES], -1))
        found = [[wanted(game, world, agent, payment) for agent in agents] for world in range(WORLDS)]
        np.testing.assert_allclose(game.reward, found, atol=1e-6)
        assert np.array_equal(game.hidden, ~game.seen.agents[:, hiders:, :hiders].any((1, 2)))
        paid |= set(game.reward.round(3).ravel().tolist())
    assert paid > {-1.0, 0.0, 1.0} if payment == "team_mean" else paid == {-1.0, 0.0, 1.0}
