"""What a report says of each strategy: when it set in, what it is, whether it matters."""

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

from replays.format.metrics import FEWEST_FOR_DATE, LEVELS
from replays.format.recording import Recording
from replays.report.charts import steps_text
from replays.report.documents.run import Level, Onset, RunDocument
from replays.report.page import clip_figure
from replays.report.sparkline import sparkline
from replays.report.tables import listed, negated, percent, points, rate_text, table
from replays.strategies.catalogue import by_name, names, strategies
from replays.strategies.strategy import Strategy

TOOL_WORDS = {
    "lock": "without locks",
    "grab": "without hands",
    "boxes": "without boxes",
    "ramps": "without ramps",
    "surfing": "without rides",
}
_WORTH_ASKING = 0.1
"""A strategy in fewer episodes at the end is not judged by what its tool is worth then."""
_LEVELS: dict[Level, float] = dict(zip(("t10", "t50"), LEVELS, strict=True))
_DEFINED = (
    "A strategy has set in where its rate left that of untrained teams: a change point after which it stays more than "
    "five standard deviations above theirs, in three evaluations in a row. Below the date: its 95% interval, and when "
    "10 and 50% of the episodes showed it, where untrained teams show it less often than that. The curves are its "
    "rate over the training, from none to all of the episodes: dotted the rate of untrained teams, the dot the date."
)


def in_order(runs: Sequence[RunDocument]) -> list[str]:
    """The strategies that set in anywhere, in the order in which they did."""
    dates = {name: [date["agent_steps"] for date in _onsets_of(runs, name)] for name in names()}
    return sorted((name for name in dates if dates[name]), key=lambda name: float(np.median(dates[name])))


def _onsets_of(runs: Sequence[RunDocument], name: str) -> list[Onset]:
    """When a strategy set in, in those of the runs in which it did."""
    return [date for run in runs if (date := run["onsets"].get(name))]


def overview(runs: Sequence[RunDocument]) -> str:
    """The table of all strategies: a column for each run."""
    rows = [
        [escape(by_name(name).title), percent(runs[0]["random"][name]["mean"]), *(_cell(run, name) for run in runs)]
        for name in in_order(runs)
    ]
    columns = (f"{escape(run['run'])}, 0 to {steps_text(run['agent_steps'])}" for run in runs)
    head = ("strategy", "untrained teams", *(f"{column}: set in, and at the end" for column in columns))
    rest = [one for one in strategies() if one.name not in in_order(runs)]
    undated = [one for one in rest if not any(one.name in run["series"] for run in runs)]
    note = _titles("Never more frequent than in untrained teams", [one for one in rest if one not in undated])
    note += _titles(f"Too few updates to date, {FEWEST_FOR_DATE} are enough", undated)
    return f"<p>{_DEFINED}</p>{table(head, rows)}{note}"


def _cell(run: RunDocument, name: str) -> str:
    """A strategy's rate over a run, when it set in, and how frequent it is at the end; the words go below the curve
    where there is no room beside it.
    """
    onset, series, random = run["onsets"].get(name), run["series"].get(name), run["random"][name]["mean"]
    date = onset["agent_steps"] if onset else None
    curve = sparkline(series, random, date, run["agent_steps"]) if series else ""
    return f"<div class='beside-curve'>{curve}<div>{_date(run, name)}</div></div>"


def _date(run: RunDocument, name: str) -> str:
    onset, now = run["onsets"].get(name), rate_text(run["final"][name])
    if not onset:
        return f"never<br>at the end {now}"
    random = run["random"][name]["mean"]
    reached = [
        f"{level:.0%} at {steps_text(steps)}"
        for key, level in _LEVELS.items()
        if (steps := onset[key]) and random < level
    ]
    small = "; ".join([f"{steps_text(onset['low'])} to {steps_text(onset['high'])}", *reached])
    date = f"<b>{steps_text(onset['agent_steps'])}</b>, {onset['minutes']:.1f} minutes"
    return f"{date}<br><small>{small}</small><br>at the end {now}"


def _titles(words: str, those: Sequence[Strategy]) -> str:
    titles = ", ".join(escape(one.title.lower()) for one in those)
    return f"<p class='faint'>{words}: {titles}.</p>" if titles else ""


def strategy_cards(runs: Sequence[RunDocument], clips: Mapping[str, Recording]) -> str:
    """A paragraph and a replay for each strategy that set in."""
    parts = []
    for name in in_order(runs):
        title = by_name(name).title
        parts.append(f"<h3>{escape(title)}</h3><p>{_paragraph(runs, name)}</p>")
        if name in clips:
            parts.append(clip_figure(clips[name], shows=title))
    return "".join(parts)


def _paragraph(runs: Sequence[RunDocument], name: str) -> str:
    """What the numbers say of a strategy, in sentences."""
    about = by_name(name).about
    found = [run for run in runs if run["onsets"].get(name)]
    dates = _onsets_of(runs, name)
    steps = listed([steps_text(date["agent_steps"]) for date in dates])
    minutes = listed([f"{date['minutes']:.1f}" for date in dates])
    which = f" in {listed([run['run'] for run in found])}" if len(runs) > 1 else ""
    never = f", never in {listed([run['run'] for run in runs if run not in found])}" if len(found) < len(runs) else ""
    now = listed([rate_text(run["final"][name]) for run in runs])
    random = percent(found[0]["random"][name]["mean"])
    said = [
        f"{about[0].upper()}{about[1:]}.",
        f"It set in after {steps} agent-steps ({minutes} minutes of training){which}{never}.",
        f"Untrained teams show it in {random} of their episodes, these at the end in {now}.",
        *_verdict(runs, name),
    ]
    behind = [run["sufficiency"][name] for run in runs if name in run["sufficiency"]]
    if behind:
        hidden, bare = (listed([percent(one[who]["mean"]) for one in behind]) for who in ("hidden", "random"))
        said.append(
            f"Hiders that act at random, put behind what these have built, stay hidden in {hidden} of the play; "
            f"where nobody has built for them, in {bare}."
        )
    return escape(" ".join(said))


def _verdict(runs: Sequence[RunDocument], name: str) -> list[str]:
    """Whether a strategy's tool matters, in the runs that show the strategy at the end."""
    tool = by_name(name).tool or ""
    shown = [run for run in runs if run["final"][name]["mean"] >= _WORTH_ASKING and tool in run["necessity"]]
    costs = [negated(run["necessity"][tool]) for run in shown]
    if not costs:
        return []
    matters = [cost["low"] > 0 or cost["high"] < 0 for cost in costs]
    verdict = "and that matters" if all(matters) else "and it is unclear whether that matters"
    if not any(matters):
        verdict = "which is not shown to matter"
    needed = {"lock": "locks", "grab": "hands"}.get(tool, tool)
    which = f" (in {listed([run['run'] for run in shown])})" if len(shown) < len(runs) else ""
    changes = listed([points(cost) for cost in costs])
    effect = f"{TOOL_WORDS.get(tool, tool)} the share of play hidden changes by {changes}{which}"
    return [f"It needs {needed}, {verdict}: {effect}."]
