"""What a run came to do, in numbers and recordings: what `hideseek report` prints and draws.

The onsets come from the rates that the run noted at every update; runs that noted none are dated by their stages, more
roughly. Everything else is played anew, from true starts that training never met.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from policies.evaluation.groups import keep_groups
from policies.evaluation.necessity import necessity, sufficiency, tools_of
from policies.evaluation.novelty import alarms, new_groups
from policies.evaluation.onset import CONFIRMED, Series, lost, onset, series_of
from policies.evaluation.ratings import PANEL
from policies.evaluation.stages import RANDOM, Arena, Played, RunStages, Stage
from policies.evaluation.statistics import mean_fraction, proportion, standard_error
from policies.learning.episode_stats import WORLDS_JUDGED
from policies.learning.run_command import command_of, folder_for_again
from policies.learning.run_folder import trained, worlds_so_far
from policies.learning.run_metrics import metrics
from policies.probes.over_training import read_stages as goal_stages
from replays.format.metrics import FEWEST_FOR_CURVE
from replays.format.recording import Recording
from replays.report.documents.common import SIDES, Interval, Side
from replays.report.documents.run import Alarm, Onset, PanelStage, RateSeries, RunDocument, StageNumbers
from replays.strategies.catalogue import names
from sim.rules import HIDERS, SEEKERS
from sim.scenario import Scenario, full_text

COUNTED = (
    *("boxes_away_prep", "boxes_away_play", "ramps_away_prep", "ramps_away_play"),
    *("hiders_locks_prep", "hiders_locks_play", "seekers_locks_play", "hiders_upstairs", "seekers_upstairs"),
)
"""The statistics that the original plotted, by their names in `replays.behaviour`: things moved, locks, heights."""
_PANEL_STAGES = 8
"""Most stages that play against the panel."""
_LARGEST = 1e300
"""A number in a file of metrics is below this, whichever kind it is."""


PanelEpisodes = dict[Side, np.ndarray]
"""Fractions of play in which hiders stay hidden, float64 [episode]: a stage's hiders, or seekers, against the panel."""


@dataclass(frozen=True)
class ReportOptions:
    """How much is played."""

    episodes: int = 256
    """Of each stage against itself."""
    panel_episodes: int = 128
    """Of each pair with the panel."""
    necessity_episodes: int = 1000
    """With and without each tool."""
    random_episodes: int = 2000
    """Of random teams."""
    seed: int = 0
    """Of the starts."""


@dataclass(frozen=True)
class RunReport:
    """What was found out about a run."""

    data: RunDocument
    clips: dict[str, Recording]
    """An episode that shows each strategy, by name."""
    unknown: list[Recording]
    """The most typical episode of each group without a name, in the order of `data["unknown"]`."""


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
    arena = Arena(worlds[-1][1], config.without, options.seed)
    run_stages = RunStages(run, arena, options.episodes)
    kept, lines, goals = run_stages.kept, metric_lines(run), goal_stages(run)
    tell("random teams")
    random, by_chance = _random_rates(arena, [world for _, world in worlds], options)
    stages = run_stages.look_at_all(lambda done, of: tell(f"played {done} of {of} stages"))
    judged = int(lines[-1].get("episodes_judged", WORLDS_JUDGED)) if lines else WORLDS_JUDGED
    series = {name: _series(lines, stages, name, judged) for name in names()}
    hidden = hidden_series(lines, stages, judged)
    onsets = {
        name: onset(one, by_chance[name], options.random_episodes) if one else None for name, one in series.items()
    }
    team, last = str(kept[-1] / "team"), stages[-1]
    against_panel = _against_panel(arena, [*kept[:: -(-len(kept) // _PANEL_STAGES)], kept[-1]], options, tell)
    groups = new_groups(stages)
    tell("necessity and sufficiency")
    necessity_by_tool = necessity(arena, team, tools_of(last.rates()), options.necessity_episodes)
    sufficiency_by_strategy = sufficiency(arena, team, options.necessity_episodes)
    tell("recordings")
    clips, unknown = _clips(onsets, stages, run_stages), keep_groups(run, groups, run_stages)
    data: RunDocument = {
        "run": run.resolve().name,
        "seed": config.seed,
        "scenario": full_text(arena.scenario),
        "worlds": [{"begins": begins, "scenario": full_text(world)} for begins, world in worlds],
        "without": list(config.without),
        "command": command_of(config, scenario, folder_for_again(run), int(kept[-1].name)),
        "learned": [side for side in SIDES if not getattr(config, side)],
        "agent_steps": int(kept[-1].name),
        "minutes": _minutes(lines, int(kept[-1].name)),
        "onsets": onsets,
        "random": random,
        "final": {"hidden": mean_fraction(last.hidden)}
        | {name: proportion(shown) for name, shown in last.strategies.items()},
        "lost": lost({name: one for name, one in series.items() if one and onsets[name]}, worlds[-1][0]),
        "necessity": necessity_by_tool,
        "sufficiency": sufficiency_by_strategy,
        "panel": [_panel_stage(steps, hidden) for steps, hidden in against_panel.items()],
        "series": {name: _as_lists(one) for name, one in series.items() if one},
        "hidden": _as_lists(hidden) if hidden else None,
        "stages": [_stage_numbers(stage) for stage in stages],
        "alarms": _alarms(against_panel, stages, options),
        "goals": goals,
        "unknown": unknown.data,
    }
    return RunReport(data, clips, unknown.typical)


def metric_lines(run: Path) -> list[dict[str, float]]:
    """The finite numbers in the lines of a run's metrics; damaged lines are left out."""
    lines = [{name: value for name, value in line.items() if type(value) in (int, float)} for line in metrics(run)]
    return [{name: value for name, value in line.items() if abs(value) < _LARGEST} for line in lines]


def _random_rates(
    arena: Arena, worlds: Sequence[Scenario], options: ReportOptions
) -> tuple[dict[str, Interval], dict[str, float]]:
    """What random teams do in the last of a run's worlds, and each strategy's rate in that where it is highest.

    The run noted its rates in all of them: what chance brings in one has not set in there.
    """
    played = [replace(arena, scenario=world).match(RANDOM, RANDOM, options.random_episodes) for world in worlds]
    rates = [{name: proportion(one) for name, one in found.strategies.items()} for found in played]
    highest = {name: max(one[name]["mean"] for one in rates) for name in names()}
    return {"hidden": mean_fraction(played[-1].hidden), **rates[-1]}, highest


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


def _against_panel(
    arena: Arena, kept: Sequence[Path], options: ReportOptions, tell: Callable[[str], None]
) -> dict[int, PanelEpisodes]:
    """How long hiders stay hidden when a stage's hiders, or seekers, meet the fixed teams of the panel.

    By the stage's agent-steps; nothing where nobody seeks.
    """
    found: dict[int, PanelEpisodes] = {}
    stages = list(dict.fromkeys(kept if arena.scenario.slots.seekers else ()))
    for number, checkpoint in enumerate(stages, 1):
        tell(f"the fixed panel against stage {number} of {len(stages)}")
        team, episodes = str(checkpoint / "team"), options.panel_episodes
        hiders = [arena.match(team, other, episodes).hidden for other in PANEL[SEEKERS]]
        seekers = [arena.match(other, team, episodes).hidden for other in PANEL[HIDERS]]
        found[int(checkpoint.name)] = {"hiders": np.concatenate(hiders), "seekers": np.concatenate(seekers)}
    return found


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
