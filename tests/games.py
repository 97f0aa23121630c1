"""Games whose first episodes have begun."""

from collections.abc import Collection

from sim.game import Game
from sim.rng import episode_seeds
from sim.scenario import Scenario, scenario_from_text


def started(world: str | Scenario, worlds: int, seed: int = 0, without: Collection[str] = ()) -> Game:
    """A game of so many worlds, with the starts that belong to the seed."""
    game = Game(scenario_from_text(world) if isinstance(world, str) else world, worlds, without=without)
    game.reset(episode_seeds(seed, 0, worlds))
    return game
