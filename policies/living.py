"""Living teams for the window: who played a recording is found again, where that can be, and plays on."""

from pathlib import Path

import numpy as np

from policies.match import choose, expect
from policies.players import SIDES, Player, player
from policies.run_folder import step_name
from replays.recording import Recording
from sim.errors import UserError
from sim.game import Game
from sim.rules import HIDERS, SEEKERS
from sim.scenario import Scenario

_STAND_INS = {HIDERS: "evader", SEEKERS: "chaser"}
"""Who plays where the recorded team cannot be found: both play in every scenario, and need no files."""


class Living:
    """Two players as the window wants them, see `replays.session.Cast`."""

    def __init__(self, hiders: Player, seekers: Player, note: str = "") -> None:
        self._players = hiders, seekers
        self.names = hiders.name, seekers.name
        self.hashes = hiders.hash, seekers.hash
        self.note = note

    def reset(self) -> None:
        for one in self._players:
            one.reset()

    def act(self, game: Game) -> np.ndarray:
        self._stay_alone()
        return choose(game, *self._players)

    def expect(self, game: Game) -> np.ndarray | None:
        self._stay_alone()
        return expect(game, *self._players)

    def _stay_alone(self) -> None:
        """Networks run on the calling thread alone: for one world, waking others up takes longer than the work.

        Torch keeps this number for each thread that calls it, so it is not enough to say it once, elsewhere.
        """
        if any(self.hashes):
            import torch

            torch.set_num_threads(1)


def cast_of(recording: Recording, path: Path, scenario: Scenario) -> Living:
    """The teams of a recording read from `path`, to play on in its scenario; see `replays.session.Casting`."""
    hiders, first = _find(recording, path, HIDERS, scenario)
    seekers, second = _find(recording, path, SEEKERS, scenario)
    return Living(hiders, seekers, " ".join(filter(None, (first, second))))


def _find(recording: Recording, path: Path, side: int, scenario: Scenario) -> tuple[Player, str]:
    """A player for one side, and a sentence if it is not quite who played before."""
    header = recording.header
    name = header.hiders if side == HIDERS else header.seekers
    name = name.removesuffix(", and you")
    wanted, seed = header.hashes.get(SIDES[side], ""), 0
    for text in (name, *_in_run(path, name)):
        try:
            found = player(text, side, scenario, seed)
        except UserError:
            continue
        found.name = name
        if wanted and found.hash != wanted:
            return found, f"{name} has been trained on since; it plays as it is now."
        return found, ""
    stand_in = _STAND_INS[side]
    return player(stand_in, side, scenario, seed), f"{name} is not here: {stand_in} plays for the {SIDES[side]}."


def _in_run(path: Path, name: str) -> list[str]:
    """The team folder in which a run has what it recorded itself: the checkpoint that the name ends with."""
    folder = path.resolve().parent
    step = name.rpartition("-")[2]
    if folder.name != "replays" or not step.isdecimal():
        return []
    return [str(folder.parent / "checkpoints" / step_name(int(step)) / "team")]
