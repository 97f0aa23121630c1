"""Each game is solved by a script, which shows that it can be: far better than by chance, and mostly to the end."""

import numpy as np
import pytest

from policies.agents.players import player
from policies.evaluation.match import Episodes, MatchOptions, play
from sim.errors import UserError
from sim.game import Game
from sim.rules import HIDERS, SEEKERS
from sim.scenario import scenario_from_text
from sim.tasks.shelter import rays_that_arrive
from tests.games import started

EPISODES = 48

pytestmark = pytest.mark.slow  # the solver takes a minute to compile


def played(text: str, hiders: str, episodes: int = EPISODES) -> Episodes:
    scenario = scenario_from_text(text)
    players = player(hiders, HIDERS, scenario, 0), player("idle", SEEKERS, scenario, 0)
    return play(scenario, *players, MatchOptions(episodes, seed=4))


def arriving(game: Game) -> np.ndarray:
    """How many rays reach the pillar of each world."""
    turned = game.seen.turned
    return np.array([rays_that_arrive(game.layout, game.state, turned[w], w) for w in range(game.worlds)])


def test_lock_and_return():
    """5 for the lock, at most 8.5 for the ways, and 1 for every tick at home: more than 50 means that it got there."""
    solved = played("lock_and_return", "solver")
    assert (solved.total_reward > 50).mean() > 0.9 and solved.done.mean() > 0.9
    assert (played("lock_and_return", "random").total_reward < 20).all()


def test_sequential_lock_searched():
    """Four locks pay 20; more than 50 means that all was locked long before the end."""
    assert (played("sequential_lock-doors", "solver").total_reward > 50).mean() > 0.9
    assert (played("sequential_lock-doors", "random").total_reward < 20).mean() > 0.9


def test_sequential_lock_over_walls():
    """Without doors the way leads over ramps; at times one gets stuck."""
    solved, random = played("sequential_lock", "solver"), played("sequential_lock", "random")
    assert (solved.total_reward > 50).mean() > 0.8 and solved.done.mean() > 0.8
    assert (random.total_reward < 20).all() and not random.done.any()


@pytest.mark.parametrize("text", ["blueprint", "blueprint-one", "blueprint:hiders=3"])
def test_blueprint(text: str):
    solved = played(text, "solver")
    assert solved.done.mean() > 0.85
    assert not played(text, "idle").done.any()
    assert solved.total_reward.mean() > played(text, "idle").total_reward.mean() + 5


def test_shelter():
    """Of the rays that arrive at first a fifth are left, at most, and no more than ten of a hundred in most worlds."""
    game = started("shelter", EPISODES, 4)
    builder = player("solver", HIDERS, game.scenario, 0)
    rays = [arriving(game)]
    builder.reset()
    for _ in range(game.scenario.ticks):
        game.tick(builder.act(game, HIDERS))
    rays.append(arriving(game))
    assert rays[1].mean() < 0.2 * rays[0].mean()
    assert (rays[1] <= 10).mean() > 0.5


def test_food():
    """Sight pays at most 72: more was earned by eating. Who only hides is paid less, and who is idle too.

    The solver takes no risk: it eats where no seeker looks, in about a fifth of the worlds.
    """
    fed = played("food", "solver").total_reward
    assert (fed > 72).sum() >= 3
    assert fed.mean() > max(played("food", name).total_reward.mean() for name in ("idle", "evader"))


def test_the_solver_plays_hiders_and_stands_still_where_nothing_is_to_be_done():
    with pytest.raises(UserError, match="solver plays hiders only"):
        player("solver", SEEKERS, scenario_from_text("food"), 0)
    game = started("quadrant", 3)
    assert not player("solver", HIDERS, game.scenario, 0).act(game, HIDERS).any()
