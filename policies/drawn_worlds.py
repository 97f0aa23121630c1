"""Teams for the editor of drawn worlds: who can be named, who plays where one does not fit, and training in a world.

Networks are loaded when the first trained team is asked for.
"""

import importlib.util
import subprocess
import sys
from pathlib import Path

from policies.agents.players import SHIPPED, Player, player, scripted_teams, shipped_teams
from policies.commands.places import RUNS
from policies.commands.worlds import fitted
from policies.live_teams import LiveTeams
from policies.scripted.players import PLAYERS
from replays.format.archive import free_path
from replays.session import NamedTeams, TeamPair
from sim.errors import UserError
from sim.rules import HIDERS, SEEKERS, SIDES
from sim.scenario import Scenario

_FIRST = {HIDERS: ("quadrant-block", "builder"), SEEKERS: ("quadrant-chase", "chaser")}
"""Who plays at first: with PyTorch, and without."""
_STAND_INS = {HIDERS: "builder", SEEKERS: "chaser"}
"""Who plays for a team that does not fit: both play in every world."""


def named_teams() -> NamedTeams:
    """The teams that are offered, and how they are loaded."""
    return NamedTeams((_names(HIDERS), _names(SEEKERS)), load_teams, train_in)


def load_teams(hiders: str, seekers: str, scenario: Scenario, seed: int) -> tuple[TeamPair, Scenario]:
    """Two teams for a scenario, and the scenario with room for what they observe; see `NamedTeams.load`."""
    roomy = fitted(scenario, *filter(_is_learned, (hiders, seekers)))
    hiding, first = _player(hiders, HIDERS, roomy, seed)
    seeking, second = _player(seekers, SEEKERS, roomy, seed)
    return LiveTeams(hiding, seeking, " ".join(filter(None, (first, second)))), roomy


class TrainingProcess:
    """A `Training`."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes]) -> None:
        self.folder = folder
        self._process = process

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        self._process.terminate()  # which saves, see `policies.learning.train`


def train_in(world: Path) -> TrainingProcess:
    """Trains in a drawn world in a process of its own, which opens a window and goes on when the editor is closed.

    What the process says stands in a file beside the run's folder, RUN.log.

    Raises:
        UserError: PyTorch is not installed, or no process can be started.
    """
    if not _has_torch():
        raise UserError('training needs torch, which is not installed; pip install "hideseek[train]" brings it')
    try:
        RUNS.mkdir(exist_ok=True)
        run = free_path(RUNS, world.stem, "")
        run.mkdir()  # taken now: the process needs seconds until it would make it
        words = [sys.executable, "-m", "policies.cli", "train", "--scenario", str(world), "--watch", "--run", str(run)]
        with open(RUNS / f"{run.name}.log", "wb") as log:
            process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
    except OSError as problem:
        raise UserError(f"training cannot be started: {problem.strerror or problem}") from None
    return TrainingProcess(run, process)


def _names(side: int) -> tuple[str, ...]:
    """Everyone who may play a side, the first choice first; trained teams only where there is PyTorch."""
    scripted = [name for name in scripted_teams() if side == HIDERS or not PLAYERS[name].hiders_only]
    names = [*(shipped_teams() if _has_torch() else ()), *scripted]
    return tuple(sorted(names, key=lambda name: name != _FIRST[side][0 if _has_torch() else 1]))


def _player(name: str, side: int, scenario: Scenario, seed: int) -> tuple[Player, str]:
    """A player for a side, and a sentence if it is another one than was named."""
    try:
        return player(name, side, scenario, seed), ""
    except UserError as error:
        stand_in = _STAND_INS[side]
        why = str(error).replace(str(SHIPPED / name), name).partition(";")[0]
        return player(stand_in, side, scenario, seed), f"{stand_in} plays for the {SIDES[side]}: {why}."


def _is_learned(name: str) -> bool:
    return name not in PLAYERS


def _has_torch() -> bool:
    return importlib.util.find_spec("torch") is not None
