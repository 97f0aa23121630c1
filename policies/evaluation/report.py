"""What a run came to do, in numbers and recordings: what `hideseek report` prints and draws.

The onsets come from the rates that the run noted at every update; runs that noted none are dated by their stages, more
roughly. Everything else is played anew, from true starts that training never met.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from policies.evaluation.examination import Examination, PanelEpisodes, ReportOptions, examine
from policies.evaluation.groups import keep_groups
from policies.evaluation.novelty import alarms, new_groups
from policies.evaluation.onset import CONFIRMED, Series, lost, onset, series_of
from policies.evaluation.stages import Arena, Played, RunStages, Stage
from policies.evaluation.statistics import mean_fraction, proportion, standard_error
from policies.learning.config import TrainConfig
from policies.learning.episode_stats import WORLDS_JUDGED
from policies.learning.run_command import command_of, folder_for_again
from policies.learning.run_folder import trained, worlds_so_far
from policies.learning.run_metrics import metrics
from policies.probes.over_training import read_stages as goal_stages
from replays.format.metrics import FEWEST_FOR_CURVE
from replays.format.recording import Recording
from replays.report.documents.common import SIDES
from replays.report.documents.run import (
    Alarm,
    Onset,
    PanelStage,
    RateSeries,
    RunDocument,
    RunFindings,
    RunTraining,
    StageNumbers,
)
from replays.strategies.catalogue import names
from sim.scenario import Scenario, full_text

COUNTED = (
    *("boxes_away_prep", "boxes_away_play", "ramps_away_prep", "ramps_away_play"),
    *("hiders_locks_prep", "hiders_locks_play", "seekers_locks_play", "hiders_upstairs", "seekers_upstairs"),
)
"""The statistics that the original plotted, by their names in `replays.behaviour`: things moved, locks, heights."""
_LARGEST = 1e300
"""A number in a file of metrics is below this, whichever kind it is."""


@dataclass(frozen=True)
class RunReport:
    """What was found out about a run."""

    data: RunDocument
    clips: dict[str, Recording]
    """An episode that shows each strategy, by name."""
    unknown: list[Recording]
    """The most typical episode of each group without a name, in the order of `data["unknown"]`."""


@dataclass(frozen=True)
class _Rates:
    """How often teams did what, over a run."""

    series: dict[str, Series]
    """By strategy; those with too few updates to date them are missing."""
    hidden: Series | None
    """None if there are too few updates for a curve."""
    onsets: dict[str, Onset | None]
    """Of every strategy."""


def run_report(run: Path, options: ReportOptions, tell: Callable[[str], None] = lambda what: None) -> RunReport:
    """Examines a run.

    Args:
        run: its folder.
        options: how much is played.
        tell: gets what is done next, in a few words.

    Raises:
        UserError: it is no run, has no checkpoints, or its probes.json is damaged.
    """
    config, scenario = trained(run)
    worlds = worlds_so_far(run, config, scenario)
    run_stages = RunStages(run, Arena(worlds[-1][1], config.without, options.seed), options.episodes)
    agent_steps, lines, goals = int(run_stages.kept[-1].name), metric_lines(run), goal_stages(run)
    played = examine(run_stages, [world for _, world in worlds], options, tell)
    rates = _rates(lines, played, options)
    tell("recordings")
    clips = _clips(rates.onsets, played.stages, run_stages)
    unknown = keep_groups(run, new_groups(played.stages), run_stages)
    data: RunDocument = {
        **_training(run, config, worlds, agent_steps),
        "minutes": _minutes(lines, agent_steps),
        **_findings(played, rates, worlds[-1][0], options),
        "goals": goals,
        "unknown": unknown.data,
    }
    return RunReport(data, clips, unknown.typical)


def _training(run: Path, config: TrainConfig, worlds: Sequence[tuple[int, Scenario]], agent_steps: int) -> RunTraining:
    """How the run was trained; `worlds` as from `worlds_so_far`."""
    return {
        "run": run.resolve().name,
        "seed": config.seed,
        "scenario": full_text(worlds[-1][1]),
        "worlds": [{"begins": begins, "scenario": full_text(world)} for begins, world in worlds],
        "without": list(config.without),
        "command": command_of(config, worlds[0][1], folder_for_again(run), agent_steps),
        "learned": [side for side in SIDES if not getattr(config, side)],
        "agent_steps": agent_steps,
    }


def _findings(played: Examination, rates: _Rates, since: int, options: ReportOptions) -> RunFindings:
    """What the teams came to do; the last of their worlds came beyond `since` agent-steps."""
    last = played.stages[-1]
    return {
        "onsets": rates.onsets,
        "random": played.random,
        "final": {"hidden": mean_fraction(last.hidden)}
        | {name: proportion(shown) for name, shown in last.strategies.items()},
        "lost": lost({name: one for name, one in rates.series.items() if rates.onsets[name]}, since),
        "necessity": played.necessity,
        "sufficiency": played.sufficiency,
        "panel": [_panel_stage(steps, hidden) for steps, hidden in played.against_panel.items()],
        "series": {name: _as_lists(one) for name, one in rates.series.items()},
        "hidden": _as_lists(rates.hidden) if rates.hidden else None,
        "stages": [_stage_numbers(stage) for stage in played.stages],
        "alarms": _alarms(played.against_panel, played.stages, options),
    }


def metric_lines(run: Path) -> list[dict[str, float]]:
    """The finite numbers in the lines of a run's metrics; damaged lines are left out."""
    lines = [{name: value for name, value in line.items() if type(value) in (int, float)} for line in metrics(run)]
    return [{name: value for name, value in line.items() if abs(value) < _LARGEST} for line in lines]


def _rates(lines: Sequence[dict[str, float]], played: Examination, options: ReportOptions) -> _Rates:
    """From the lines of a run's metrics, and from its stages where those say nothing."""
    judged = int(lines[-1].get("episodes_judged", WORLDS_JUDGED)) if lines else WORLDS_JUDGED
    found = {name: _series(lines, played.stages, name, judged) for name in names()}
    onsets = {
        name: onset(one, played.by_chance[name], options.random_episodes) if one else None
        for name, one in found.items()
    }
    series = {name: one for name, one in found.items() if one}
    return _Rates(series, hidden_series(lines, played.stages, judged), onsets)


def _series(lines: Sequence[dict[str, float]], stages: Sequence[Stage], name: str, judged: int) -> Series | None:
    """A rate over the run, from its metrics (`judged` episodes an update), or from its stages if it noted none."""
    noted = series_of(lines, name, judged)
    if noted is not None or len(stages) < 2 * CONFIRMED:
        return noted
    rates = [float(stage.hidden.mean()) if name == "hidden" else stage.rates()[name] for stage in stages]
    steps = np.array([stage.agent_steps for stage in stages], np.int64)
    return Series(steps, np.array([_minutes(lines, step) for step in steps]), np.array(rates), len(stages[0].hidden))


def hidden_series(lines: Sequence[dict[str, float]], stages: Sequence[Stage], judged: int) -> Series | None:
    """How long nobody was seen, which is drawn and not dated: fewer updates are enough."""
    return series_of(lines, "hidden", judged, FEWEST_FOR_CURVE) or _series(lines, stages, "hidden", judged)


def _minutes(lines: Sequence[dict[str, float]], agent_steps: int) -> float:
    """How long the run had trained by then, compiling and measuring aside."""
    return sum(float(line.get("seconds", 0.0)) for line in lines if line["agent_steps"] <= agent_steps) / 60.0


def _as_lists(series: Series) -> RateSeries:
    rates = series.rate.round(4).tolist()
    return {"agent_steps": series.agent_steps.tolist(), "rate": rates, "episodes": series.episodes}


def _panel_stage(agent_steps: int, hidden: PanelEpisodes) -> PanelStage:
    rates = {side: mean_fraction(hidden[side]) for side in SIDES}
    return {"agent_steps": agent_steps, "hiders": rates["hiders"], "seekers": rates["seekers"]}


def _stage_numbers(stage: Stage) -> StageNumbers:
    return {
        "agent_steps": stage.agent_steps,
        "hidden": float(stage.hidden.mean()),
        "rates": stage.rates(),
        "statistics": {name: float(stage.behaviour[name].mean()) for name in COUNTED},
    }


def _alarms(against_panel: Mapping[int, PanelEpisodes], stages: Sequence[Stage], options: ReportOptions) -> list[Alarm]:
    steps = list(against_panel)
    by_steps = {stage.agent_steps: list(stage.rates().values()) for stage in stages}
    rates = np.array([by_steps[step] for step in steps])
    found: list[Alarm] = []
    for side in SIDES:
        episodes = [hidden[side] for hidden in against_panel.values()]
        hidden, error = (np.array([of(one) for one in episodes]) for of in (np.mean, standard_error))
        found.extend({"side": side, **one} for one in alarms(steps, (hidden, error), rates, options.episodes))
    return found


def _clips(onsets: Mapping[str, Onset | None], stages: Sequence[Stage], run_stages: RunStages) -> dict[str, Recording]:
    """An episode for each strategy that set in, from the stage at which it was most common; another one for each."""
    found: dict[str, Recording] = {}
    played: dict[int, Played] = {}
    taken: set[tuple[int, int]] = set()
    for name, one in onsets.items():
        number = max(range(len(stages)), key=lambda k, name=name: stages[k].rates()[name])
        shown = np.flatnonzero(stages[number].strategies[name])
        if one is None or not len(shown):
            continue
        episode = next((int(k) for k in shown if (number, int(k)) not in taken), int(shown[0]))
        taken.add((number, episode))
        if number not in played:
            played[number] = run_stages.play(number)
        found[name] = played[number].recording(episode)
    return found
