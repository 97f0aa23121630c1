"""A person's own policy, named by its file and a function in it: `path/to/own.py:make`.

    import numpy as np

    def make(scenario, side, seed):
        random = np.random.default_rng(seed)
        return lambda observations: random.integers((9, 3, 4), size=(*observations.shape[:2], 3))

The function gets the scenario, the side to play (0 hiders, 1 seekers) and a seed, and returns what chooses: a callable
that takes the observations of the side's agents, float32 [world, agent, number] as with `flat=True` in `sim.env`, and
returns their actions, int [world, agent, 3] (move, turn, hands). If it has a method `reset`, that is called whenever
new episodes begin in all worlds.

Naming such a file runs its code, which may do on this machine whatever you may do: name only what you wrote or read.
Only what the user names goes through `user_player`; names in recordings and runs, which may be a stranger's, do not.
"""

import functools
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from policies.agents.players import Player, check_seed, is_own, player, team_folder
from sim.checks import checked_actions
from sim.errors import UserError
from sim.game import Game
from sim.layout import side_agents
from sim.rules import HIDERS, SEEKERS
from sim.scenario import Scenario


def user_player(text: str, side: int, scenario: Scenario, seed: int, greedy: bool = False) -> Player:
    """As `policies.agents.players.player`; a text such as "own.py:make" runs that file.

    Raises:
        UserError: as `player`, or the file or the function does not exist. What their code raises is not caught.
    """
    if not is_own(text):
        return player(text, side, scenario, seed, greedy)
    check_seed(seed)
    file, _, name = text.rpartition(":")
    make = getattr(_module(Path(file).resolve()), name, None)
    if not callable(make):
        raise UserError(f"{file} has no function '{name}'; name one that takes scenario, side and seed")
    chooses = make(scenario, side, seed)
    if not callable(chooses):
        raise UserError(f"{text} returned {type(chooses).__name__}, not something to call with observations")
    return OwnPolicy(text, chooses)


def sides_of_named(text: str) -> list[int]:
    """The sides that a trained team or an own policy can play. Raises UserError for what is neither."""
    if is_own(text):
        return [HIDERS, SEEKERS]
    from policies.agents.team import sides_in

    return sides_in(team_folder(text))


@functools.cache
def _module(file: Path) -> ModuleType:
    """The file as a module, run once; like a script it may import what lies beside it."""
    spec = importlib.util.spec_from_file_location(f"own_policy_{file.stem}", file)
    if not file.is_file() or spec is None or spec.loader is None:
        raise UserError(f"{file} is no file; give path/to/own.py:make")
    module = importlib.util.module_from_spec(spec)
    sys.path.append(str(file.parent))
    spec.loader.exec_module(module)
    return module


class OwnPolicy:
    """What a person's function returned, as a player."""

    def __init__(self, name: str, chooses: Callable[[np.ndarray], Any]) -> None:
        self.name, self.hash, self.without = name, "", ()
        self._chooses = chooses

    def act(self, game: Game, side: int) -> np.ndarray:
        """Actions int8 [world, agents of the side, 3]. Raises UserError if they are no actions."""
        observations = game.observation[:, side_agents(game.slots, side)]
        chosen = self._chooses(observations.copy())  # a ValueError in there is theirs, and keeps its traceback
        try:
            return checked_actions(chosen, (*observations.shape[:2], 3)).astype(np.int8)
        except ValueError as error:
            raise UserError(f"{self.name}: {error}") from error

    def expect(self, game: Game) -> None:
        """It has no critic."""

    def reset(self) -> None:
        reset = getattr(self._chooses, "reset", None)
        if reset is not None:
            reset()
