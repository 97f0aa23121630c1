"""Training a run from its first weights, or on from where it stopped: the loop behind `hideseek train`."""

import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from rich.console import Console

from policies.agents.players import Player
from policies.agents.team import LearnedPlayer
from policies.evaluation.record import play
from policies.learning import run_folder
from policies.learning.config import TrainConfig
from policies.learning.progress import Progress
from policies.learning.stopwatch import Stopwatch
from policies.learning.tensorboard import Board, check_installed
from policies.learning.trainer import Trainer, fast_arithmetic, frozen_team
from policies.scripted.players import Idle
from replays.format.recording import Recording, write
from sim.errors import UserError
from sim.game import Game
from sim.layout import sides_of
from sim.rng import episode_seeds
from sim.rules import SIDES
from sim.scenario import Scenario

_TEAM_THREADS = 2
"""Both sides act and learn side by side, one thread each."""
_MOST = 10**11
"""Minutes or agent-steps: more than any machine will see, and still a number that can be counted down."""


@dataclass(frozen=True)
class Limits:
    """When a call of `train` ends by itself."""

    minutes: float | None
    """After the update that passes so much time; None for never."""
    steps: int | None
    """When the run has so many agent-steps; None for never."""

    def __post_init__(self) -> None:
        for name, value in (("minutes", self.minutes), ("steps", self.steps)):
            if value is not None and not 0 < value <= _MOST:
                raise UserError(f"--{name} {value} is out of range; give more than 0 and at most {_MOST}")

    def reached(self, agent_steps: int, spent: float) -> bool:
        """Whether to stop, after `spent` seconds."""
        out_of_time = self.minutes is not None and spent >= self.minutes * 60
        return out_of_time or (self.steps is not None and agent_steps >= self.steps)

    def seconds_left(self, agent_steps: int, spent: float, speed: float) -> float | None:
        """Until the nearer limit at `speed` agent-steps a second, None if there is none."""
        left = []
        if self.minutes is not None:
            left.append(self.minutes * 60 - spent)
        if self.steps is not None:
            left.append((self.steps - agent_steps) / speed)
        return max(0.0, min(left)) if left else None


def train(
    config: TrainConfig,
    scenario: Scenario,
    run: Path,
    minutes: float | None = None,
    steps: int | None = None,
    device: str = "auto",
    keep: int = 10,
    threads: int = 2,
    tensorboard: bool = False,
    console: Console | None = None,
) -> bool:
    """Trains both sides in the folder `run`, and goes on with what it finds there.

    Args:
        config: every number of the learner; must agree with the run's own if it exists.
        scenario: the world; likewise.
        run: the run folder, see `policies.learning.run_folder`.
        minutes: stop after the update that passes so much time in this call; None for no limit.
        steps: stop when the run has so many agent-steps in all; None for no limit.
        device: "auto" (CUDA if there is one), "cpu" or "cuda".
        keep: newest checkpoints and recordings to keep.
        threads: threads that simulate; the result does not depend on it.
        tensorboard: write curves into the run's folder `tensorboard` as well.
        console: where progress is shown; standard output by default.

    Returns:
        False if it ended early: by SIGINT, SIGTERM or SIGHUP, or because nobody reads `console` any more. Either
        way everything is saved.

    Raises:
        UserError: an option is out of range, or the run folder cannot be used (see `run_folder.opened`).
    """
    limits = Limits(minutes, steps)
    for name, value in (("keep", keep), ("threads", threads)):
        if value < 1:
            raise UserError(f"--{name} {value} is too little; give 1 or more")
    where = _device(device)
    if config.seekers and len(sides_of(scenario.slots)) < len(SIDES):
        raise UserError(f"--seekers {config.seekers}: nobody seeks in this scenario; leave it out")
    for side, name in enumerate((config.hiders, config.seekers)):
        if name:
            frozen_team(name, side, config, scenario)
    if tensorboard:
        check_installed()
    with (
        run_folder.opened(run, config, scenario),
        _stop_requests() as stop,
        ThreadPoolExecutor(_TEAM_THREADS, "hideseek-team") as team,
        Progress(console or Console(), f"{run}", stop.set) as progress,
        fast_arithmetic(),
    ):
        trainer = Trainer(config, scenario, where, threads)
        _resume(trainer, run, progress)
        with _notes(run, trainer.agent_steps if tensorboard else None) as note:
            _loop(trainer, run, limits, keep, stop, team, progress, note)
        return not stop.is_set()


def _resume(trainer: Trainer, run: Path, progress: Progress) -> None:
    """Goes on from the newest checkpoint, if there is one; what was measured after it will be measured again."""
    found = run_folder.checkpoints(run)
    if found:
        trainer.restore(found[-1])
        progress.say(f"{run}: going on from {trainer.agent_steps:,} agent-steps")
    run_folder.truncate_metrics(run, trainer.agent_steps)


@contextmanager
def _notes(run: Path, board_from: int | None) -> Iterator[Callable[[dict[str, Any]], None]]:
    """What keeps a line of metrics: the run's file, and TensorBoard from so many agent-steps on unless that is None."""
    if board_from is None:
        yield lambda line: run_folder.append_metrics(run, line)
        return
    board = Board(run, board_from)

    def note(line: dict[str, Any]) -> None:
        run_folder.append_metrics(run, line)
        board.add(line)

    try:
        yield note
    finally:
        board.close()


def _loop(
    trainer: Trainer,
    run: Path,
    limits: Limits,
    keep: int,
    stop: threading.Event,
    team: Executor,
    progress: Progress,
    note: Callable[[dict[str, Any]], None],
) -> None:
    clock = Stopwatch()
    saved = begun = trainer.agent_steps
    interval = trainer.config.checkpoint_steps
    while not stop.is_set() and not limits.reached(trainer.agent_steps, clock.seconds()):
        line = trainer.update(team)
        note(line)
        speed = (trainer.agent_steps - begun) / clock.seconds()
        progress.show(line, limits.seconds_left(trainer.agent_steps, clock.seconds(), speed))
        if trainer.agent_steps // interval > saved // interval:
            _checkpoint(trainer, run, keep)
            saved = trainer.agent_steps
    if saved != trainer.agent_steps:
        _checkpoint(trainer, run, keep)
    ended = "stopped" if stop.is_set() else "done"
    kept = "saved" if trainer.updates else "nothing to save yet"
    progress.say(f"{run}: {ended} at {trainer.agent_steps:,} agent-steps; {kept}")


def _checkpoint(trainer: Trainer, run: Path, keep: int) -> None:
    """Stores everything and one recorded episode, and lets go of the oldest."""
    run_folder.write_checkpoint(run, trainer.agent_steps, trainer.save)
    write(record(trainer), run_folder.replay_path(run, trainer.agent_steps))
    run_folder.prune(run, keep)


def record(trainer: Trainer) -> Recording:
    """One episode of the present teams from a true start."""
    seeds = episode_seeds(trainer.config.seed, trainer.updates, 1)
    players: list[Player] = [
        LearnedPlayer(team, f"{side}-{run_folder.step_name(trainer.agent_steps)}", int(seeds[0]) % 2**32)
        for side, team in zip(SIDES, trainer.teams(), strict=False)
    ]
    hiders, seekers = players if len(players) == len(SIDES) else (*players, Idle())
    return play(Game(trainer.scenario, 1, without=trainer.config.without), hiders, seekers, seeds)[0]


@contextmanager
def _stop_requests() -> Iterator[threading.Event]:
    """An event that SIGINT, SIGTERM and SIGHUP set; a second SIGINT or SIGTERM acts as it did before.

    A closing terminal may send several SIGHUP. Where it is ignored (`nohup`), it stays so.
    """
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    hangup = getattr(signal, "SIGHUP", None)  # Windows has none
    before: dict[int, Any] = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    if hangup and signal.getsignal(hangup) is not signal.SIG_IGN:
        before[hangup] = signal.getsignal(hangup)

    def request(number: int, _: object) -> None:
        stop.set()
        if number != hangup:
            signal.signal(number, before[number])

    for number in before:
        signal.signal(number, request)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _device(name: str) -> torch.device:
    if name not in ("auto", "cpu", "cuda"):
        raise UserError(f"--device {name} is unknown; choose auto, cpu or cuda")
    if name == "cuda" and not torch.cuda.is_available():
        raise UserError("--device cuda: torch finds no CUDA device; choose auto or cpu")
    return torch.device("cuda" if name != "cpu" and torch.cuda.is_available() else "cpu")
