"""Loads the game and two teams for a drawn world; kernels are compiled when they are used for the first time."""

from replays.session import NamedTeams
from replays.viewer.edit.games import Games, ManyGames, OneGame
from sim.scenarios.drawn.world import DrawnWorld


def load_games(world: DrawnWorld, count: int, named: NamedTeams, teams: tuple[str, str], seed: int) -> Games:
    """Plays a world from as many starts, which follow from a seed.

    Raises:
        UserError: something finds no place in it, or a team is missing or does not fit.
    """
    players, scenario = named.load(*teams, world, seed)
    return OneGame(scenario, players, seed) if count == 1 else ManyGames(scenario, players, seed, count)
