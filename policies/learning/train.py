"""Training a run from its first weights, or on from where it stopped: the loop behind `hideseek train`."""

import threading
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.console import Console

from policies.agents.folders import step_name
from policies.agents.players import Player
from policies.agents.team import LearnedPlayer
from policies.evaluation.record import play
from policies.learning import run_folder, run_metrics
from policies.learning.checkpoint import restore_checkpoint, save_checkpoint
from policies.learning.config import TrainConfig
from policies.learning.curriculum import Curriculum
from policies.learning.episodes import recorded_seed
from policies.learning.fast_arithmetic import fast_arithmetic
from policies.learning.initial_networks import fitting_team
from policies.learning.limits import Countdown, Limits
from policies.learning.objective import Objective
from policies.learning.progress import Progress
from policies.learning.ranks import Ranks, joined, own_cuda_device
from policies.learning.regret import RegretShifts
from policies.learning.stop_requests import stop_requests
from policies.learning.stopwatch import Stopwatch
from policies.learning.tensorboard import check_installed
from policies.learning.threads import learning_threads, simulating_threads
from policies.learning.trainer import Trainer
from policies.learning.warm_up import warm_up
from policies.scripted.base import Idle
from replays.format.header import GOAL_MARK
from replays.format.recording import Recording, write
from sim.errors import UserError
from sim.game import Game
from sim.layout import sides_of
from sim.rules import SIDES
from sim.scenario import Scenario


@dataclass(frozen=True)
class RunOptions:
    """Options of one call of `train`; what a run learns does not depend on any of them."""

    limits: Limits = field(default_factory=Limits)
    """When this call ends by itself."""
    device: str = "auto"
    """auto (CUDA if there is one), cpu or cuda."""
    keep: int = 24
    """Checkpoints and recordings kept of the run, see `policies.learning.thinning`."""
    threads: int = 0
    """Most threads that simulate; 0 for as many as there are cores, if each has enough worlds to be worth waking."""
    tensorboard: bool = False
    """Write curves into the run's folder `tensorboard` as well."""

    def __post_init__(self) -> None:
        for name, value, least in (("keep", self.keep, 1), ("threads", self.threads, 0)):
            if value < least:
                raise UserError(f"--{name} {value} is too little; give {least} or more")


def train(
    config: TrainConfig,
    scenario: Scenario,
    run: Path,
    options: RunOptions | None = None,
    console: Console | None = None,
    objective: Objective | None = None,
) -> bool:
    """Trains both sides in the folder `run`, and goes on with what it finds there.

    Args:
        config: every number of the learner; must agree with the run's own if it exists.
        scenario: the world; likewise.
        run: the run folder, see `policies.learning.run_folder`.
        options: when to stop, where to compute, what to keep.
        console: where progress is shown; standard output by default.
        objective: what hiders are taught instead of the game; the config's `tuning` says the same in words.

    Returns:
        False if it ended early: by SIGINT, SIGTERM or SIGHUP, or because `console` was closed. Either way everything
        is saved.

    Raises:
        UserError: an option is out of range, or the run folder cannot be used (see `run_folder.opened`).
    """
    options = options or RunOptions()
    device = _device(options.device)
    if config.tuning and not objective:
        raise UserError(f"{run} was made by hideseek tune; go on with it by that command")
    _check_teams(config, scenario, new=not run_folder.checkpoints(run))
    # Both refuse worlds that do not suit, before anything is compiled.
    RegretShifts(scenario, config.regret_share)
    worlds = Curriculum(scenario, config.then).worlds
    if options.tensorboard:
        check_installed()
    with joined() as ranks, _opened(run, config, scenario, ranks):
        console = (console or Console()) if ranks.first else Console(quiet=True)
        for _, world in worlds:
            warm_up(world)  # Ctrl-C ends this at once: there is nothing to save yet
        with (
            stop_requests() as stop,
            Progress(console, f"{run}", scenario, stop.set) as progress,
            fast_arithmetic(),
        ):
            threads = simulating_threads(options.threads, config.worlds // ranks.count)
            trainer = Trainer(config, scenario, device, threads, objective, ranks)
            _resume(trainer, run, progress)
            board_from = trainer.agent_steps if options.tensorboard else None
            writer = run_metrics.metrics_writer(run, board_from) if ranks.first else nullcontext(lambda line: None)
            networks = 2 * len(trainer.learning)
            learning = ThreadPoolExecutor(learning_threads(networks, ranks), "hideseek-learn")
            with writer as write_metrics, learning as executor:
                loop = _Loop(trainer, run, options, progress, write_metrics)
                loop.go(stop, executor)
            return not stop.is_set()


def _opened(run: Path, config: TrainConfig, scenario: Scenario, ranks: Ranks) -> AbstractContextManager[None]:
    """The run's folder for the first of the ranks; refused before anything in it remembers the attempt."""
    if config.tuning and ranks.count > 1:
        raise UserError("hideseek tune learns in one process; start it without torchrun")
    ranks.share(config.worlds)
    return run_folder.opened(run, config, scenario) if ranks.first else nullcontext()


def _check_teams(config: TrainConfig, scenario: Scenario, new: bool) -> None:
    """Raises UserError if a team named does not fit; a wrong option leaves no run behind that remembers it."""
    if config.seekers and len(sides_of(scenario.slots)) < len(SIDES):
        raise UserError(f"--seekers {config.seekers}: nobody seeks in this scenario; leave it out")
    for side, name in zip(sides_of(scenario.slots), (config.hiders, config.seekers), strict=False):
        if needed := name or (config.start if new else ""):
            fitting_team(needed, side, config, scenario)


def _resume(trainer: Trainer, run: Path, progress: Progress) -> None:
    """Goes on from the newest checkpoint, if there is one; what was measured after it will be measured again.

    A new run begins with new networks, or with those of a team, and with a recording of them. A call that was killed
    between a checkpoint and its recording left none: it is made now.
    """
    ranks = trainer.ranks
    ranks.sum(0)  # the first has put the folder in order
    found = run_folder.checkpoints(run)
    if found:
        _restore(trainer, found)
        progress.say(f"{run}: going on from {trainer.agent_steps:,} agent-steps")
    elif trainer.config.start:
        trainer.begin_with(trainer.config.start)
    if ranks.sum(trainer.updates) != ranks.count * trainer.updates:
        raise UserError(f"{run} is not the same folder for all processes; put it on a disk that all of them see")
    if not ranks.first:
        return
    run_metrics.truncate_metrics(run, trainer.agent_steps)
    recording = run_folder.replay_path(run, trainer.agent_steps)
    if not (found and recording.exists()):
        write(record(trainer), recording)


def _restore(trainer: Trainer, found: list[Path]) -> None:
    """Goes on from the newest of these checkpoints. Raises UserError if it is damaged."""
    try:
        restore_checkpoint(trainer, found[-1])
    except UserError as error:
        before = "delete it to resume from the checkpoint before it" if found[1:] else "start another run"
        raise UserError(f"{error}; {before}") from None


class _Loop:
    """Update after update, with a checkpoint now and then, until a limit is reached or a stop requested."""

    def __init__(
        self,
        trainer: Trainer,
        run: Path,
        options: RunOptions,
        progress: Progress,
        write_metrics: Callable[[dict[str, Any]], None],
    ) -> None:
        self.trainer, self.run, self.options = trainer, run, options
        self.progress, self.write_metrics = progress, write_metrics
        self.onsets = run_metrics.known_onsets(run)
        self.saved = trainer.agent_steps

    def go(self, stop: threading.Event, executor: Executor) -> None:
        trainer, clock = self.trainer, Stopwatch()
        countdown = Countdown(self.options.limits if trainer.ranks.first else Limits())
        begun = trainer.agent_steps
        countdown.check_steps(trainer.agent_steps)
        while not _ended(trainer.ranks, stop, countdown):
            line = trainer.update(executor)
            self.write_metrics(line)
            self.onsets.add(line)
            countdown.add(line, clock.seconds())
            speed = (trainer.agent_steps - begun) / clock.seconds()
            self.progress.show(line, countdown.seconds_left(trainer.agent_steps, clock.seconds(), speed))
            if trainer.checkpoint_due(trainer.agent_steps):
                self._checkpoint()
        if self.saved != trainer.agent_steps:
            self._checkpoint()
        if trainer.ranks.first:
            run_folder.note_end(self.run, countdown.reached or "stopped")
        ended = countdown.ending(trainer.agent_steps, stop.is_set())
        self.progress.say(f"{self.run}: {ended}; {'saved' if trainer.updates else 'nothing to save yet'}")

    def _checkpoint(self) -> None:
        """Stores everything and one recorded episode, and thins what was stored before."""
        trainer, run = self.trainer, self.run
        self.saved = trainer.agent_steps
        if not trainer.ranks.first:
            return
        run_folder.write_checkpoint(run, trainer.agent_steps, lambda folder: save_checkpoint(trainer, folder))
        write(record(trainer), run_folder.replay_path(run, trainer.agent_steps))
        run_folder.prune(run, self.options.keep, self.onsets)


def _ended(ranks: Ranks, stop: threading.Event, countdown: Countdown) -> bool:
    """Whether one of the ranks was requested to stop, or the first has reached a limit."""
    if ranks.sum(stop.is_set()):
        stop.set()
    return bool(ranks.sum(bool(countdown.reached))) or stop.is_set()


def record(trainer: Trainer) -> Recording:
    """One episode of the present teams, from the start that all recordings of the run have."""
    seed = recorded_seed(trainer.config.seed)
    players: list[Player] = []
    for side, team in zip(SIDES, trainer.teams(), strict=False):
        name, sets = f"{side}-{step_name(trainer.agent_steps)}", team.metadata.goal_sets_of(team.side)
        players.append(LearnedPlayer(team.for_goals(), f"{name}{GOAL_MARK}{sets[0]}" if sets else name, seed % 2**32))
    hiders, seekers = players if len(players) == len(SIDES) else (*players, Idle())
    game = Game(trainer.world, 1, without=trainer.config.without)
    return play(game, hiders, seekers, np.array([seed], np.uint64))[0]


def _device(name: str) -> torch.device:
    if name not in ("auto", "cpu", "cuda"):
        raise UserError(f"--device {name} is unknown; choose auto, cpu or cuda")
    if name == "cuda" and not torch.cuda.is_available():
        raise UserError("--device cuda: torch finds no CUDA device; choose auto or cpu")
    return own_cuda_device() if name != "cpu" and torch.cuda.is_available() else torch.device("cpu")
