"""What is played to examine a run, from true starts that training never met.

Every stage plays itself and some a fixed panel, the last also without tools; random teams say what chance brings.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from policies.evaluation.necessity import necessity, sufficiency, tools_of
from policies.evaluation.ratings import PANEL
from policies.evaluation.stages import RANDOM, Arena, RunStages, Stage
from policies.evaluation.statistics import mean_fraction, proportion
from replays.report.documents.common import Interval, Side
from replays.report.documents.run import Sufficiency
from replays.strategies.catalogue import names
from sim.rules import HIDERS, SEEKERS
from sim.scenario import Scenario

_PANEL_STAGES = 8
"""Most stages that play against the panel."""

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
class Examination:
    """What came of it."""

    random: dict[str, Interval]
    """Of random teams in the last of the run's worlds: "hidden", and the rate of every strategy."""
    by_chance: dict[str, float]
    """The rate of every strategy of random teams, in that of the run's worlds where it is highest."""
    stages: list[Stage]
    against_panel: dict[int, PanelEpisodes]
    """By a stage's agent-steps; nothing where nobody seeks."""
    necessity: dict[str, Interval]
    """By tool, of the newest checkpoint; see `policies.evaluation.necessity`."""
    sufficiency: dict[str, Sufficiency]
    """By strategy, of the newest checkpoint; likewise."""


def examine(
    run_stages: RunStages, worlds: Sequence[Scenario], options: ReportOptions, tell: Callable[[str], None]
) -> Examination:
    """Plays all that is played, but for recordings.

    Args:
        run_stages: the run, and where it is examined.
        worlds: all in which it was trained, in their order.
        options: how much is played.
        tell: gets what is done next, in a few words.
    """
    arena, kept = run_stages.arena, run_stages.kept
    tell("random teams")
    random, by_chance = random_rates(arena, worlds, options)
    stages = run_stages.look_at_all(lambda done, of: tell(f"played {done} of {of} stages"))
    meeting_panel = [*kept[:: -(-len(kept) // _PANEL_STAGES)], kept[-1]]
    against_panel = _against_panel(arena, meeting_panel, options, tell)
    tell("necessity and sufficiency")
    team, tools = str(kept[-1] / "team"), tools_of(stages[-1].rates())
    return Examination(
        random,
        by_chance,
        stages,
        against_panel,
        necessity(arena, team, tools, options.necessity_episodes),
        sufficiency(arena, team, options.necessity_episodes),
    )


def random_rates(
    arena: Arena, worlds: Sequence[Scenario], options: ReportOptions
) -> tuple[dict[str, Interval], dict[str, float]]:
    """What random teams do in the last of a run's worlds, and each strategy's rate in that where it is highest.

    The run noted its rates in all of them: what chance brings in one has not set in there.
    """
    played = [replace(arena, scenario=world).match(RANDOM, RANDOM, options.random_episodes) for world in worlds]
    rates = [{name: proportion(one) for name, one in found.strategies.items()} for found in played]
    highest = {name: max(one[name]["mean"] for one in rates) for name in names()}
    return {"hidden": mean_fraction(played[-1].hidden), **rates[-1]}, highest


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
