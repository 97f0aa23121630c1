"""Teaching the hiders of a trained team something else than the game: the work behind `hideseek tune`.

    verifier        reward 1 or 0 at the end, groups of episodes of one start, no critic

The opponents are the team's own seekers, who learn nothing. The hiders begin as the team's and are kept near them by a
penalty on the divergence from them. What comes out is a run folder and ordinary teams, whose `team.json` says what they
were taught: they are no evidence of what the game alone brings about.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from policies.agents.folders import latest_team
from policies.agents.players import Player, check_seed, player, team_folder
from policies.agents.team import Team, load
from policies.evaluation.statistics import mean_fraction, mean_with_interval, proportion
from policies.learning.config import TrainConfig, Tuning
from policies.learning.objective import Objective
from policies.learning.train import RunOptions, train
from policies.preferences.goals import Goal, goals_of
from policies.preferences.measure import ComparedPlayer, Taught, measure
from policies.preferences.verifier import Verifier
from policies.scripted.base import Idle
from sim.errors import UserError
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
            raise UserError("--labels is what the other methods learn from, and --method verifier takes none")
        if not 0 <= self.leash <= _MOST_LEASH:
            raise UserError(f"--leash {self.leash} is out of range; give 0 to {_MOST_LEASH:g}")


def tune(request: TuneRequest, run: Path, options: RunOptions, console: Console) -> bool:
    """Teaches in the folder `run`, and goes on with what it finds there.

    Returns:
        False if it ended early, see `policies.learning.train.train`; everything is saved.

    Raises:
        UserError: the team cannot be taught this, or the run folder cannot be used.
    """
    team, scenario = taught_team(request)
    config = _config(request, team, scenario)
    objective = Objective(
        Verifier(goals_of(request.goals, scenario.slots)),
        start=None if request.fresh else team,
        leash=config.tuning.leash if config.tuning else 0.0,
        group=GROUP,
    )
    return train(config, scenario, run, options, console, objective)


def taught_team(request: TuneRequest) -> tuple[Team, Scenario]:
    """The hiders to begin with, and the world they were trained in. Raises UserError if they cannot be read."""
    folder = team_folder(request.team)
    team = load(folder, HIDERS)
    return team, scenario_from_text(team.metadata.scenario)


def _config(request: TuneRequest, team: Team, scenario: Scenario) -> TrainConfig:
    """Small steps and no bonus for entropy near a trained team; a beginner learns as in the game."""
    leash = 0.0 if request.fresh else request.leash
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
            leash=leash,
            group=GROUP,
        ),
    )


def judge(request: TuneRequest, run: Path, episodes: int) -> dict[str, Any]:
    """What `hideseek tune --json` prints: the taught hiders, and under `before` the team's, against the team's seekers.

    Both play the same episodes. `hidden` is the mean fraction of play ticks, `true_return` what the game pays a hider
    in a play tick (-1 to 1), `kl` the divergence of the taught hiders from the team's in nats, mean over hiders and
    ticks. `goal`, `weak_goal` and `hacked` are proportions, see `goal_flags`, and null where nothing is meant.
    """
    team, scenario = taught_team(request)
    goals = goals_of(request.goals, scenario.slots)
    taught = load(latest_team(run), HIDERS, scenario)
    after = _measured(taught, team, (request, scenario, goals, episodes))
    before = _measured(team, team, (request, scenario, goals, episodes))
    return {
        "method": request.method,
        "team": request.team,
        "goals": list(request.goals),
        "labels": None,
        "accuracy": None,
        "agent_steps": taught.metadata.trained["agent_steps"],
        "episodes": episodes,
        **_figures(after),
        "before": _figures(before),
    }


def _measured(hiders: Team, team: Team, match: tuple[TuneRequest, Scenario, tuple[Goal, ...], int]) -> Taught:
    request, scenario, goals, episodes = match
    compared = ComparedPlayer(hiders, None if hiders is team else team.actor, seed=0)
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
