"""What became of a team that was taught, checkpoint by checkpoint: the data of `hideseek tune --json`.

The team itself and the checkpoints of its run play the same episodes. The *proxy* is what hiders were taught by: a
learnt reward, or a goal that is checked. The *gold* score is what was really wanted, where that is known and not the
same: the strong goal where a weak one was taught, the hidden weights of a simulated rater.

A proxy is *over-optimised* (Goodhart; Gao et al. 2023) if more of it brings less of another measure. Which checkpoint
is best by that measure is decided by every second episode; on the others, the last checkpoint must be worse than that
one (the 95 % interval of the paired difference lies below 0) and its proxy no smaller. It begins at the divergence of
the best one. The measures are the gold score and what the game pays.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from policies.agents.folders import checkpoints
from policies.agents.players import Player, player
from policies.agents.team import Team, load
from policies.evaluation.report import command_of
from policies.evaluation.statistics import mean_fraction, mean_with_interval, proportion
from policies.learning import run_folder
from policies.learning.fast_arithmetic import fast_arithmetic
from policies.preferences import preference
from policies.preferences.clips import answered, comparisons, deeds
from policies.preferences.features import FEATURES
from policies.preferences.goals import WEAK, all_hold, goals_of, strong
from policies.preferences.measure import ComparedPlayer, Score, Taught, Yardsticks, measure
from policies.preferences.obedience import obedience
from policies.preferences.request import TuneRequest
from policies.preferences.reward_model import Fit, held_out, train_reward_model
from policies.preferences.taught_folder import keep
from policies.preferences.tune import taught_team
from policies.scripted.base import Idle
from replays.labels import read as read_labels
from replays.report.charts import steps_text
from sim.errors import UserError
from sim.rules import HIDERS, SEEKERS
from sim.scenario import Scenario, full_text, scenario_from_text

_STAGES = 8
"""At most so many checkpoints play."""
_FEWEST = 8
"""Of fewer episodes it cannot be said what was over-optimised."""


class Stage(NamedTuple):
    """A checkpoint and what it did."""

    agent_steps: int
    taught: Taught


@fast_arithmetic()
def judge(
    request: TuneRequest,
    run: Path,
    episodes: int,
    gold: Score | None = None,
    tell: Callable[[str], None] = lambda words: None,
) -> dict[str, Any]:
    """What `hideseek tune --json` prints; it is kept in the run, see `taught_folder`.

    `hidden` is the mean fraction of play ticks, `true_return` what the game pays a hider in a play tick (-1 to 1), `kl`
    the divergence of the taught hiders from the team's in nats, mean over hiders and ticks. `sealed` and `locked` are
    the goals `sealed` and `boxes_locked`. `goal`, `weak_goal` and `hacked` are proportions, see `goal_flags`, and null
    where nothing is meant, as is `gold`. All stand for the newest checkpoint, under `before` for the team, and in
    `curve` for the checkpoints, the team's first unless hiders began untrained. `features` has the mean of each before
    and after, the change with its interval, and the spread over episodes before. `accuracy` and `calibration` are about
    labels that were held out, see `reward_model.Fit`; null without labels. `groups_skipped` is the mean share of groups
    of episodes whose rewards were all alike, over the updates of a verifier's run. Hiders that were taught several sets
    of goals are told the first one in all of that; `told` has what they do when told another, see `obedience`.

    Args:
        request: what was taught.
        run: the run folder.
        episodes: how many each checkpoint plays.
        gold: what is really wanted, where the caller knows.
        tell: gets what is measured next, in a few words.

    Raises:
        UserError: the run has no checkpoint, or something cannot be read or written.
    """
    team, scenario = taught_team(request)
    yardsticks = _yardsticks(request, scenario, gold)
    before, stages, hiders = _played(request, team, run, yardsticks, episodes, tell)
    after = stages[-1].taught
    result = {
        "method": request.method,
        "team": request.team,
        "scenario": full_text(scenario),
        "seed": request.seed,
        "fresh": request.fresh,
        "leash": 0.0 if request.fresh or request.method == "preference" else request.leash,
        "goals": list(_goals(request)),
        "told": _told(request, run, scenario, episodes, tell),
        **_labels(request, hiders, team),
        "groups_skipped": _groups_skipped(run),
        "command": _command(run, stages[-1].agent_steps),
        "agent_steps": stages[-1].agent_steps,
        "episodes": episodes,
        **_figures(after),
        "before": _figures(before),
        "curve": [{"agent_steps": stage.agent_steps, **_figures(stage.taught)} for stage in stages],
        "over_optimised": {
            "gold": over_optimised(stages, lambda taught: taught.scores.get("gold")),
            "true_return": over_optimised(stages, lambda taught: taught.paid),
        },
        "features": _features(before, after),
    }
    keep(run, result, before, after)
    return result


def _played(
    request: TuneRequest, team: Team, run: Path, yardsticks: Yardsticks, episodes: int, tell: Callable[[str], None]
) -> tuple[Taught, list[Stage], Team]:
    """What the team did before; the stages, it among them unless hiders began untrained; and the newest hiders."""
    scenario = scenario_from_text(team.metadata.scenario)

    def measured(hiders: Team, name: str) -> Taught:
        compared = ComparedPlayer(hiders, None if hiders is team else team.actor, seed=0)
        compared.name = name
        return measure(scenario, compared, _opponents(request, scenario), yardsticks, episodes, seed=0)

    tell("the team before")
    before, kept = measured(team, request.team), _spread(checkpoints(run))
    stages = [] if request.fresh else [Stage(0, before)]
    hiders = team
    for number, checkpoint in enumerate(kept, 1):
        tell(f"checkpoint {number} of {len(kept)}")
        steps, hiders = int(checkpoint.name), load(checkpoint / "team", HIDERS, scenario)
        stages.append(Stage(steps, measured(hiders, f"{run.resolve().name} {steps_text(steps)}")))
    return before, stages, hiders


def over_optimised(stages: Sequence[Stage], wanted: Callable[[Taught], np.ndarray | None]) -> dict[str, float] | None:
    """Where a proxy began to be over-optimised at the cost of what is wanted, and how much of that was lost.

    None where it was not, see the module, or where there is no such measure.
    """
    scores = [score for stage in stages if (score := wanted(stage.taught)) is not None]
    if len(scores) < len(stages) or len(scores[0]) < _FEWEST:
        return None
    best = int(np.argmax([score[::2].mean() for score in scores]))
    lost = mean_with_interval((scores[best] - scores[-1])[1::2])
    proxies = [stages[number].taught.scores["proxy"].mean() for number in (best, -1)]
    if lost["low"] <= 0 or proxies[1] < proxies[0]:
        return None
    return {"kl": float(stages[best].taught.kl.mean()), "agent_steps": stages[best].agent_steps, "lost": lost["mean"]}


def _spread(kept: Sequence[Path]) -> list[Path]:
    """Up to _STAGES checkpoints over the whole run, the newest among them. Raises UserError if there are none."""
    if not kept:
        raise UserError("the run has no checkpoint yet; teach it first")
    rows = np.linspace(0, len(kept) - 1, min(len(kept), _STAGES)).round().astype(int)
    return [kept[row] for row in rows]


def _yardsticks(request: TuneRequest, scenario: Scenario, gold: Score | None) -> Yardsticks:
    if request.labels is not None:
        model = train_reward_model(comparisons(answered(request.labels)), request.seed)
        return Yardsticks(lambda trace, rows: model.reward(rows).mean(axis=0), gold=gold)
    goals = goals_of(_goals(request), scenario.slots)
    if gold is None and any(goal.name.startswith(WEAK) for goal in goals):
        meant = strong(goals)
        gold = lambda trace, rows: all_hold(meant, trace)  # noqa: E731
    return Yardsticks(lambda trace, rows: all_hold(goals, trace), goals, gold)


def _goals(request: TuneRequest) -> tuple[str, ...]:
    return tuple(request.goal_sets[0].split(",")) if request.goal_sets else request.goals


def _told(
    request: TuneRequest, run: Path, scenario: Scenario, episodes: int, tell: Callable[[str], None]
) -> list[dict[str, Any]] | None:
    if not request.goal_sets:
        return None
    tell("hiders told other goals")
    return obedience(run, request.team, request.goal_sets, scenario, _opponents(request, scenario), episodes, seed=0)


def _labels(request: TuneRequest, taught: Team, team: Team) -> dict[str, Any]:
    """What is said of labels; nulls without any."""
    if request.labels is None:
        return dict.fromkeys(("labels", "ask", "label_count", "accuracy", "held_out", "calibration"))
    labels, fit = read_labels(request.labels), _fit(request, taught, team)
    return {
        "labels": str(request.labels),
        "ask": labels[0].ask,
        "label_count": len(answered(request.labels)),
        "accuracy": fit and fit.accuracy,
        "held_out": fit and fit.pairs,
        "calibration": fit and fit.calibration,
    }


def _fit(request: TuneRequest, taught: Team, team: Team) -> Fit | None:
    assert request.labels is not None
    labels = answered(request.labels)
    if request.method == "reward-model":
        return held_out(comparisons(labels), request.seed)
    _, held = preference.split(deeds(labels, scenario_from_text(team.metadata.scenario)), request.seed)
    return preference.fit(taught.actor, team.actor, held) if held else None


def _opponents(request: TuneRequest, scenario: Scenario) -> Player:
    return player(request.team, SEEKERS, scenario, 0) if scenario.slots.seekers else Idle()


def _command(run: Path, agent_steps: int) -> str:
    """The command line that makes the run again."""
    config, scenario = run_folder.trained(run)
    return command_of(config, scenario, Path("runs", run.resolve().name), agent_steps)


def _groups_skipped(run: Path) -> float | None:
    """The mean share of groups of episodes that taught nothing; None where there were no groups."""
    shares = [
        float(line["hiders"]["groups_skipped"])
        for line in run_folder.metrics(run)
        if isinstance(line.get("hiders"), dict) and "groups_skipped" in line["hiders"]
    ]
    return float(np.mean(shares)) if shares else None


def _figures(taught: Taught) -> dict[str, Any]:
    rates = {name: proportion(flags) for name, flags in taught.goals.items()}
    scores = {name: _score(values) for name, values in taught.scores.items()}
    return {
        "hidden": mean_fraction(taught.hidden),
        "true_return": _paid(taught.paid),
        "sealed": proportion(taught.sealed),
        "locked": proportion(taught.locked),
        "kl": float(taught.kl.mean()),
        **{name: rates.get(name) for name in ("goal", "weak_goal", "hacked")},
        **{name: scores.get(name) for name in ("proxy", "gold")},
    }


def _score(values: np.ndarray) -> dict[str, float]:
    """A mean score with its interval; goals that were checked are 0 or 1, and their mean is a proportion."""
    return proportion(values == 1.0) if np.isin(values, (0.0, 1.0)).all() else mean_with_interval(values)


def _paid(values: np.ndarray) -> dict[str, float]:
    """The mean pay with its interval, which stays in what can be paid: -1 to 1, or more where it was more."""
    paid, low, high = mean_with_interval(values), min(-1.0, values.min()), max(1.0, values.max())
    return {name: float(np.clip(value, low, high)) for name, value in paid.items()}


def _features(before: Taught, after: Taught) -> dict[str, dict[str, Any]]:
    rows = zip(before.features.T, after.features.T, strict=True)
    return {
        name: {
            "about": about,
            "before": float(was.mean()),
            "after": float(now.mean()),
            "change": mean_with_interval(now - was),
            "spread": float(was.std()),
        }
        for (name, about), (was, now) in zip(FEATURES.items(), rows, strict=True)
    }
