"""Two players as the pair of teams that the window plays with."""

import numpy as np

from policies.agents.players import Player, tools_missing
from policies.evaluation.match import choose, expect
from sim.game import Game


class LiveTeams:
    """Two players as the `TeamPair` that `replays.session` expects."""

    def __init__(self, hiders: Player, seekers: Player, note: str = "") -> None:
        self._players = hiders, seekers
        self.names = hiders.name, seekers.name
        self.hashes = hiders.hash, seekers.hash
        self.without = tools_missing(hiders, seekers)
        self.note = note

    def reset(self) -> None:
        for one in self._players:
            one.reset()

    def act(self, game: Game) -> np.ndarray:
        return choose(game, *self._players)

    def expect(self, game: Game) -> np.ndarray | None:
        return expect(game, *self._players)
