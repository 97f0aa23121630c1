"""What a tool is worth: the same episodes with it and without it, and the difference episode by episode."""

import numpy as np
from rich.table import Table

from policies.evaluation.document import Comparison, Evaluation, Rate
from policies.evaluation.match import Episodes
from policies.evaluation.statistics import RATE_TITLES, mean_difference, short_names
from replays.report.documents.common import Interval
from sim.scenario import Scenario


def differences(without: Episodes, whole: Episodes) -> dict[Rate, Interval]:
    """The difference that the missing tool makes to each rate: mean of the paired differences, 95 % interval."""
    return {name: mean_difference(_per_episode(without, name) - _per_episode(whole, name)) for name in RATE_TITLES}


def compared(without: Evaluation, whole: Evaluation, difference: dict[Rate, Interval]) -> Comparison:
    """What came of the episodes without the tools, with them, and the difference."""
    return {**without, "with": whole, "difference": difference}


def comparison_table(result: Comparison, scenario: Scenario) -> Table:
    """Rates with the tools, without them, and the difference with its interval."""
    missing = result["with"]["without"]
    tools = ", ".join(tool for tool in result["without"] if tool not in missing)
    played = f"each played twice, never with {', '.join(missing)}" if missing else "each played twice"
    names = short_names(result["hiders"], result["seekers"])
    title = f"{names[result['hiders']]} (hiders) against {names[result['seekers']]} (seekers), without {tools}"
    caption = f"{result['scenario']}, {result['episodes']:,} episodes of seed {result['seed']}, {played}"
    found = Table("", "with", f"without {tools}", "difference", "95 % interval", title=title, caption=caption)
    for name, words in RATE_TITLES.items():
        whole, less, gap = result["with"][name], result[name], result["difference"][name]
        interval = f"{gap['low']:+.1%} to {gap['high']:+.1%}"
        found.add_row(words, f"{whole['mean']:.1%}", f"{less['mean']:.1%}", f"{gap['mean']:+.1%}", interval)
    return found


def _per_episode(episodes: Episodes, name: str) -> np.ndarray:
    values = episodes.hidden > 0.5 if name == "win" else getattr(episodes, name)
    return values.astype(float)
