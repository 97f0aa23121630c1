"""Teams for the editor of drawn worlds: who can be named, who plays where one does not fit, and training in a world.

As a program, `python -m policies.window.drawn_worlds HIDERS SEEKERS SCENARIO`, it compiles what two teams need there.

Networks are loaded when the first trained team is asked for.
"""

import importlib.util
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from policies.agents.players import Player, player, scripted_teams, shipped_teams
from policies.commands.places import RUNS
from policies.commands.worlds import fitted
from policies.scripted.players import PLAYERS, STAND_INS
from policies.window.live_teams import LiveTeams
from replays.format.archive import free_path
from replays.session import NamedTeams, TeamPair, begin
from sim import kernel_cache
from sim.errors import UserError, extra_missing
from sim.rules import HIDERS, SEEKERS
from sim.scenario import Scenario, family_of, full_text, scenario_from_text

_FIRST = {HIDERS: ("quadrant-block", "builder"), SEEKERS: ("quadrant-chase", "chaser")}
"""Who plays at first: with PyTorch, and without."""
_STAND_INS = {**STAND_INS, HIDERS: "builder"}
"""Who plays for a team that does not fit; a builder shows more of a drawn world than an evader."""


def named_teams() -> NamedTeams:
    """The teams that are offered, and how they are loaded."""
    return NamedTeams((_names(HIDERS), _names(SEEKERS)), load_teams, train_in, begin_compiling)


def load_teams(hiders: str, seekers: str, scenario: Scenario, seed: int) -> tuple[TeamPair, Scenario]:
    """Two teams for a scenario, and the scenario with room for what they observe; see `NamedTeams.load`."""
    roomy = fitted(scenario, *filter(_is_learned, (hiders, seekers)))
    hiding, first = _player(hiders, HIDERS, roomy, seed)
    seeking, second = _player(seekers, SEEKERS, roomy, seed)
    return LiveTeams(hiding, seeking, _note([one for one in (first, second) if one])), roomy


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
        raise extra_missing("training", "train")
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


class CompilingProcess:
    """A `Compiling`."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    @property
    def running(self) -> bool:
        return self._process.poll() is None


def begin_compiling(hiders: str, seekers: str, scenario: Scenario) -> CompilingProcess | None:
    """Begins to compile what two teams need in a scenario; see `NamedTeams.begin_compiling`.

    Where kernels cannot be kept another process helps nothing, and where none can be started they are compiled here.
    """
    marker = _marker(hiders, seekers, scenario)
    if marker is None or marker.exists():
        return None
    words = [sys.executable, "-m", "policies.window.drawn_worlds", hiders, seekers, full_text(scenario)]
    try:
        process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return None
    return CompilingProcess(process)


def compile_for(hiders: str, seekers: str, scenario: Scenario) -> None:
    """Plays an episode in a scenario, so that everything it needs is compiled and kept, and remembers that.

    So is who would stand in for a trained team, which may not fit once the world has one box more.
    """
    from policies.learning.warm_up import warm_up, warm_up_player
    from replays.viewer.warm_up import compile_for_window

    warm_up(scenario)
    compile_for_window()
    for side, name in ((HIDERS, hiders), (SEEKERS, seekers)):
        if _is_learned(name):
            warm_up_player(_STAND_INS[side], scenario)
    teams, roomy = load_teams(hiders, seekers, scenario, 0)
    session = begin(roomy, teams, 0)
    while not session.episode.over:
        session.step((0, 0, 0))
    if marker := _marker(hiders, seekers, scenario):
        with suppress(OSError):  # a full disk: it is played once more the next time
            marker.touch()


def _marker(hiders: str, seekers: str, scenario: Scenario) -> Path | None:
    """The file that says that everything is compiled.

    What is needed depends on which kinds of things there are and on scripted players; trained teams need the same.
    """
    things = f"boxes-{scenario.slots.boxes > 0}-ramps-{scenario.slots.ramps > 0}"
    players = "-".join("learned" if _is_learned(name) else name for name in (hiders, seekers))
    return kernel_cache.marker("policies.window.drawn_worlds", f"{family_of(scenario)}-{things}-{players}")


def _names(side: int) -> tuple[str, ...]:
    """Everyone who may play a side, the first choice first; trained teams only where there is PyTorch."""
    scripted = [name for name in scripted_teams() if side == HIDERS or not PLAYERS[name].hiders_only]
    names = [*(shipped_teams() if _has_torch() else ()), *scripted]
    return tuple(sorted(names, key=lambda name: name != _FIRST[side][0 if _has_torch() else 1]))


def _player(name: str, side: int, scenario: Scenario, seed: int) -> tuple[Player, "_StandIn | None"]:
    """A player for a side, and who that is if it is another one than was named."""
    try:
        return player(name, side, scenario, seed), None
    except UserError as error:
        stand_in, why = _STAND_INS[side], str(error).partition(";")[0].removeprefix(f"{name} ")
        return player(stand_in, side, scenario, seed), _StandIn(name, stand_in, side, why)


class _StandIn(NamedTuple):
    """Who plays for a team that does not fit."""

    team: str
    player: str
    side: int
    why: str
    """What is wrong with the team."""


def _note(found: list[_StandIn]) -> str:
    """Who plays for whom and why, in as few words as possible."""
    if len(found) == 2 and found[0].why == found[1].why:
        hiding, seeking = found
        why = hiding.why.replace("was", "were", 1)
        return f"{hiding.player} and {seeking.player} play: {hiding.team} and {seeking.team} {why}."
    return " ".join(
        f"{one.player} {'hides' if one.side == HIDERS else 'seeks'}: {one.team} {one.why}." for one in found
    )


def _is_learned(name: str) -> bool:
    return name not in PLAYERS


def _has_torch() -> bool:
    return importlib.util.find_spec("torch") is not None


if __name__ == "__main__":
    compile_for(sys.argv[1], sys.argv[2], scenario_from_text(sys.argv[3]))
