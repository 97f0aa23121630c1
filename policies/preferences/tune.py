"""Teaching the hiders of a trained team something else than the game: the work behind `hideseek tune`.

    verifier        reward 1 or 0 at the end of an episode, groups of episodes of one start, no critic
    reward-model    labels -> a reward for every tick -> the ordinary PPO
    preference      labels -> the policy, without a reward and without playing

The opponents are the team's own seekers, who learn nothing. The hiders begin as the team's. The first two keep them
near by a penalty on the divergence from what they were; the third does so by its definition. What comes out is a run
folder and ordinary teams, whose `team.json` says what they were taught: they are no evidence of what the game alone
brings about.
"""

import copy
import hashlib
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from policies.agents.folders import checkpoints, latest_team
from policies.agents.players import Player, check_seed, player, team_folder
from policies.agents.team import LearnedPlayer, Team, load, save
from policies.evaluation.record import play
from policies.evaluation.statistics import mean_fraction, mean_with_interval, proportion
from policies.learning import run_folder
from policies.learning.config import TrainConfig, Tuning
from policies.learning.episodes import recorded_seed
from policies.learning.objective import Objective
from policies.learning.train import RunOptions, train
from policies.learning.trainer import fast_arithmetic
from policies.learning.warm_up import warm_up
from policies.preferences import preference
from policies.preferences.clips import answered, comparisons, deeds
from policies.preferences.goals import goals_of
from policies.preferences.learnt_reward import LearntReward
from policies.preferences.measure import ComparedPlayer, Taught, measure
from policies.preferences.reward_model import Fit, held_out, train_reward_model
from policies.preferences.verifier import Verifier
from policies.scripted.base import Idle
from replays.format.recording import write
from replays.labels import content_of
from sim.errors import UserError
from sim.game import Game
from sim.rules import HIDERS, SEEKERS
from sim.scenario import Scenario, scenario_from_text

METHODS = ("reward-model", "preference", "verifier")
GROUP = 16
"""Episodes of one start that a verifier's rewards are compared in."""
_MOST_LEASH = 100.0


@dataclass(frozen=True)
class TuneRequest:
    """What is to be taught to whom."""

    team: str
    """See `policies.agents.players`."""
    method: str
    goals: tuple[str, ...] = ()
    labels: Path | None = None
    fresh: bool = False
    """Begin with untrained hiders."""
    leash: float = 0.05
    seed: int = 0

    def __post_init__(self) -> None:
        check_seed(self.seed)
        if self.method not in METHODS:
            raise UserError(f"--method {self.method} is unknown; choose {', '.join(METHODS)}")
        if (self.method == "verifier") != bool(self.goals):
            raise UserError("--goal names what --method verifier checks; give both or neither")
        if (self.method == "verifier") == (self.labels is not None):
            raise UserError("--labels is what --method reward-model and preference learn from; verifier takes none")
        if self.fresh and self.method == "preference":
            raise UserError("--fresh: --method preference learns how to change a team; leave it out")
        if not 0 <= self.leash <= _MOST_LEASH:
            raise UserError(f"--leash {self.leash} is out of range; give 0 to {_MOST_LEASH:g}")


@fast_arithmetic()
def tune(request: TuneRequest, run: Path, options: RunOptions, console: Console) -> bool:
    """Teaches in the folder `run`, and goes on with what it finds there.

    Returns:
        False if it ended early, see `policies.learning.train.train`; everything is saved.

    Raises:
        UserError: the team cannot be taught this, or the run folder cannot be used.
    """
    team, scenario = taught_team(request)
    config = _config(request, team, scenario)
    if request.method == "preference":
        _learn_from_preferences(request, run, options, config)
        return True
    return train(config, scenario, run, options, console, _objective(request, team, scenario))


def taught_team(request: TuneRequest) -> tuple[Team, Scenario]:
    """The hiders to begin with, and the world they were trained in. Raises UserError if they cannot be read."""
    team = load(team_folder(request.team), HIDERS)
    return team, scenario_from_text(team.metadata.scenario)


def _objective(request: TuneRequest, team: Team, scenario: Scenario) -> Objective:
    start, leash = (None, 0.0) if request.fresh else (team, request.leash)
    if request.labels is None:
        return Objective(Verifier(goals_of(request.goals, scenario.slots)), start, leash, GROUP)
    model = train_reward_model(comparisons(answered(request.labels)), request.seed)
    return Objective(LearntReward(model), start, leash)


def _config(request: TuneRequest, team: Team, scenario: Scenario) -> TrainConfig:
    """Small steps and no bonus for entropy near a trained team; a beginner learns as in the game."""
    labels = "" if request.labels is None else hashlib.sha256(content_of(request.labels)).hexdigest()
    return TrainConfig(
        seed=request.seed,
        learning_rate=1e-3 if request.fresh else 3e-4,
        schedule_steps=0,
        entropy=0.01 if request.fresh else 0.0,
        reward_scale=team.metadata.reward_scale,
        network=team.metadata.network,
        hidden=team.metadata.hidden,
        past_share=0.0,
        visited_share=0.0,
        checkpoint_steps=500_000,
        seekers=request.team if scenario.slots.seekers else "",
        tuning=Tuning(
            method=request.method,
            team=request.team,
            team_hash=team.hash(),
            fresh=request.fresh,
            goals=request.goals,
            labels=labels,
            leash=0.0 if request.fresh or request.method == "preference" else request.leash,
            group=GROUP if request.method == "verifier" else 0,
        ),
    )


def _learn_from_preferences(request: TuneRequest, run: Path, options: RunOptions, config: TrainConfig) -> None:
    """Writes one checkpoint and a recording of it; a run that has its checkpoint is left as it is."""
    assert request.labels is not None and config.tuning is not None
    team, scenario = taught_team(request)
    labels = answered(request.labels)
    warm_up(scenario)
    pairs, _ = preference.split(deeds(labels, scenario), request.seed)
    opponents = [load(team_folder(request.team), SEEKERS, scenario)] if scenario.slots.seekers else []
    steps = options.limits.steps or 0
    with run_folder.opened(run, config, scenario):
        if checkpoints(run):
            return
        reference = copy.deepcopy(team.actor)
        done = preference.learn_preferences(team.actor, reference, pairs, steps, request.seed)
        trained = {"agent_steps": done, "seed": request.seed, "without": [], "frozen": [request.team]}
        metadata = replace(team.metadata, trained=trained | {"tuning": asdict(config.tuning)})
        taught = Team(HIDERS, metadata, team.actor, team.critic)
        run_folder.write_checkpoint(run, done, lambda folder: save(folder / "team", [taught, *opponents]))
        seed = recorded_seed(request.seed)
        players = LearnedPlayer(taught, "hiders", seed % 2**32), _opponents(request, scenario)
        recording = play(Game(scenario, 1), *players, np.array([seed], np.uint64))[0]
        write(recording, run_folder.replay_path(run, done))


@fast_arithmetic()
def judge(request: TuneRequest, run: Path, episodes: int) -> dict[str, Any]:
    """What `hideseek tune --json` prints: the taught hiders, and under `before` the team's, against the team's seekers.

    Both play the same episodes. `hidden` is the mean fraction of play ticks, `true_return` what the game pays a hider
    in a play tick (-1 to 1), `kl` the divergence of the taught hiders from the team's in nats, mean over hiders and
    ticks. `goal`, `weak_goal` and `hacked` are proportions, see `goal_flags`, and null where nothing is meant.
    `accuracy` and `calibration` are about labels that were held out, see `reward_model.Fit`; null without labels.
    """
    team, scenario = taught_team(request)
    taught = load(latest_team(run), HIDERS, scenario)
    after, before = (_measured(request, hiders, team, episodes) for hiders in (taught, team))
    fit = _fit(request, taught, team)
    return {
        "method": request.method,
        "team": request.team,
        "goals": list(request.goals),
        "labels": None if request.labels is None else str(request.labels),
        "accuracy": fit and fit.accuracy,
        "calibration": fit and fit.calibration,
        "agent_steps": taught.metadata.trained["agent_steps"],
        "episodes": episodes,
        **_figures(after),
        "before": _figures(before),
    }


def _fit(request: TuneRequest, taught: Team, team: Team) -> Fit | None:
    if request.labels is None:
        return None
    labels = answered(request.labels)
    if request.method == "reward-model":
        return held_out(comparisons(labels), request.seed)
    _, held = preference.split(deeds(labels, scenario_from_text(team.metadata.scenario)), request.seed)
    return preference.fit(taught.actor, team.actor, held) if held else None


def _measured(request: TuneRequest, hiders: Team, team: Team, episodes: int) -> Taught:
    scenario = scenario_from_text(team.metadata.scenario)
    compared = ComparedPlayer(hiders, None if hiders is team else team.actor, seed=0)
    goals = goals_of(request.goals, scenario.slots)
    return measure(scenario, compared, _opponents(request, scenario), goals, episodes, seed=0)


def _opponents(request: TuneRequest, scenario: Scenario) -> Player:
    return player(request.team, SEEKERS, scenario, 0) if scenario.slots.seekers else Idle()


def _figures(taught: Taught) -> dict[str, Any]:
    rates = {name: proportion(flags) for name, flags in taught.goals.items()}
    return {
        "hidden": mean_fraction(taught.hidden),
        "true_return": mean_with_interval(taught.paid),
        "kl": float(taught.kl.mean()),
        **{name: rates.get(name) for name in ("goal", "weak_goal", "hacked")},
    }
