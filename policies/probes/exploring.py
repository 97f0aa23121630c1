"""Episodes in which hiders explore: the value of an action only shows where other actions are tried."""

import numpy as np

from policies.agents.players import Player
from policies.evaluation.stages import Arena, Played, play_episodes
from sim.game import Game
from sim.rng import episode_seeds
from sim.rules import ACTION_SIZES, HIDERS, SEEKERS

SHARES = (0.0, 0.5, 0.0, 0.25, 0.0, 1.0, 0.0, 0.1)
"""Probability that a hider's action is replaced by a random one; episodes take these in turn."""


class Exploring:
    """A player whose actions are replaced by random ones with a chance of its own in each world."""

    def __init__(self, player: Player, chances: np.ndarray, seed: int) -> None:
        """`chances` is float64 [world]."""
        self.name, self.hash, self.without = player.name, player.hash, player.without
        self._player, self._chances, self._stream = player, chances, np.random.default_rng(seed)

    def reset(self) -> None:
        self._player.reset()

    def expect(self, game: Game) -> None:
        """None: no critic knows what such a player will do."""

    def act(self, game: Game, side: int) -> np.ndarray:
        """int8 [world, agents of the side, 3]"""
        actions = self._player.act(game, side)
        anything = self._stream.integers(0, ACTION_SIZES, actions.shape, np.int8)
        return np.where(self._stream.random((*actions.shape[:2], 1)) < self._chances[:, None, None], anything, actions)


def explored(arena: Arena, hiders: str, seekers: str, episodes: int) -> tuple[Played, np.ndarray]:
    """Episodes of two teams, and which of them (bool [episode]) the hiders play as they always do."""
    chances = np.resize(np.array(SHARES), episodes)
    player = Exploring(arena.team(hiders, HIDERS), chances, arena.seed)
    teams = player, arena.team(seekers, SEEKERS)
    return play_episodes(arena, teams, (hiders, seekers), episode_seeds(arena.seed, 0, episodes)), chances == 0.0
