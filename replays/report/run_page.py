"""The report of one or several runs as a page of its own: one file, which asks no server for anything.

The data are those of `hideseek report --json`. Strings that come from files are escaped; clips are `clip_figure`s.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

from replays.format.recording import Recording
from replays.report.charts import Curve, Mark, heat_map, line_chart, steps_text
from replays.report.page import clip_figure, page_with
from replays.strategies.catalogue import by_name, names, strategies
from replays.strategies.strategy import Strategy
from sim.scenario import brief

_COLOURS = (
    *("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#a07400", "#56b4e9", "#7b3294", "#8c564b", "#444444"),
    *("#1b9e77", "#e7298a", "#66a61e", "#e6ab02", "#a6761d", "#1f78b4", "#b2182b", "#4d4d4d"),
)
_Z_95 = 1.96
_WORTH_ASKING = 0.1
"""A strategy in fewer episodes at the end is not judged by what its tool is worth then."""
_TOOL_WORDS = {"lock": "without locks", "grab": "without hands", "boxes": "without boxes", "ramps": "without ramps"}
_STATISTICS = {
    "boxes_away_prep": "boxes moved in preparation",
    "boxes_away_play": "boxes moved in play",
    "ramps_away_prep": "ramps moved in preparation",
    "ramps_away_play": "ramps moved in play",
    "hiders_locks_prep": "hiders' locks in preparation",
    "hiders_locks_play": "hiders' locks in play",
    "seekers_locks_play": "seekers' locks",
}


def report_page(
    runs: Sequence[Mapping[str, Any]],
    clips: Mapping[str, Recording],
    unknown: Sequence[Sequence[Recording]],
) -> str:
    """The page.

    Args:
        runs: `RunReport.data` of each run.
        clips: a recording that shows each strategy, by name.
        unknown: for each run the typical recordings of its groups without a name.
    """
    title = "What the agents came to do"
    parts = [f"<h1>{title}</h1>", _about(runs), _overview(runs), _stages(runs, clips)]
    parts += [_curves(run) for run in runs]
    parts += [_worth(runs), _lost(runs), *(_unknown(run, shown) for run, shown in zip(runs, unknown, strict=True))]
    parts.append(_again(runs))
    return page_with(title, f'<article class="report">{"".join(parts)}</article>')


def tournament_page(found: Mapping[str, Any]) -> str:
    """A page of its own for `hideseek tournament --json`."""
    title = "Every stage against every stage"
    return page_with(title, f'<article class="report"><h1>{title}</h1>{_tournament(found)}</article>')


def _about(runs: Sequence[Mapping[str, Any]]) -> str:
    rows = []
    for run in runs:
        cells = (
            run["run"],
            brief(run["scenario"]),
            run["seed"],
            steps_text(run["agent_steps"]),
            f"{run['minutes']:.0f}",
        )
        rows.append([escape(str(cell)) for cell in cells])
    head = ("run", "world", "seed", "agent-steps", "minutes")
    words = (
        f"{_who_learned(runs)} The strategies below were looked for in the training, and again in episodes from true "
        "starts that training never met."
    )
    return f"<p>{words}</p>{_table(head, rows)}"


def _who_learned(runs: Sequence[Mapping[str, Any]]) -> str:
    learned = {tuple(run["learned"]) for run in runs}
    if learned != {("hiders", "seekers")}:
        return f"Only the {' or the '.join(sorted({side for sides in learned for side in sides}))} learned."
    return "Hiders and seekers learned against each other, from the reward of their world and nothing else."


def _overview(runs: Sequence[Mapping[str, Any]]) -> str:
    rows = []
    for name in _in_order(runs):
        onsets = [run["onsets"].get(name) for run in runs]
        cells = [
            [escape(run["run"]) for run in runs],
            [steps_text(one["agent_steps"]) if one else "-" for one in onsets],
            [f"{one['minutes']:.1f}" if one else "-" for one in onsets],
            [f"{steps_text(one['low'])} to {steps_text(one['high'])}" if one else "-" for one in onsets],
            *([steps_text(one[level]) if one and one[level] else "-" for one in onsets] for level in ("t10", "t50")),
            [_rate(run["final"][name]) for run in runs],
            [_percent(run["random"][name]["mean"]) for run in runs[:1]],
        ]
        rows.append([escape(by_name(name).title), *("<br>".join(cell) for cell in cells)])
    head = ("strategy", "run", "set in at", "minutes", "95 % interval", "10 % at", "50 % at", "at the end", "random")
    rest = [one for one in strategies() if one.name not in _in_order(runs)]
    undated = [one for one in rest if not any(one.name in run["series"] for run in runs)]
    note = _titles("Never, or no more than by chance", [one for one in rest if one not in undated])
    note += _titles("Too few updates to date", undated)
    return f"<h2>When it set in</h2>{_table(head, rows)}{note}"


def _titles(words: str, those: Sequence[Strategy]) -> str:
    titles = ", ".join(escape(one.title.lower()) for one in those)
    return f"<p class='faint'>{words}: {titles}.</p>" if titles else ""


def _stages(runs: Sequence[Mapping[str, Any]], clips: Mapping[str, Recording]) -> str:
    parts = ["<h2>What they do</h2>"]
    for name in _in_order(runs):
        parts.append(f"<h3>{escape(by_name(name).title)}</h3><p>{_paragraph(runs, name)}</p>")
        if name in clips:
            parts.append(clip_figure(clips[name]))
    return "".join(parts)


def _paragraph(runs: Sequence[Mapping[str, Any]], name: str) -> str:
    """What the numbers say of a strategy, in sentences."""
    strategy = by_name(name)
    found = [run for run in runs if run["onsets"].get(name)]
    first = min(found, key=lambda run: run["onsets"][name]["agent_steps"])
    onset = first["onsets"][name]
    said = [f"{strategy.about[0].upper()}{strategy.about[1:]}."]
    spread = f" ({len(found)} of {len(runs)} runs)" if len(runs) > 1 else ""
    date = f"{steps_text(onset['agent_steps'])} agent-steps, {onset['minutes']:.1f} minutes of training{spread}"
    random = _percent(first["random"][name]["mean"])
    said.append(f"It first set in after {date}, and random teams show it in {random} of their episodes.")
    said.append("At the end: " + ", ".join(_rate(run["final"][name]) for run in runs) + " of the episodes.")
    said += _verdict(runs, name)
    behind = [run["sufficiency"][name] for run in runs if name in run["sufficiency"]]
    if behind:
        shares = ", ".join(
            f"{_percent(b['hidden']['mean'])} instead of {_percent(b['random']['mean'])}" for b in behind
        )
        said.append(
            f"Random hiders in the place of these, behind what they built, stay hidden in {shares} of the play."
        )
    return escape(" ".join(said))


def _verdict(runs: Sequence[Mapping[str, Any]], name: str) -> list[str]:
    """Whether a strategy is real, of the runs that show it at the end."""
    tool = by_name(name).tool or ""
    shown = [run for run in runs if run["final"][name]["mean"] >= _WORTH_ASKING and tool in run["necessity"]]
    costs = [run["necessity"][tool] for run in shown]
    if not costs:
        return []
    matters = [cost["low"] > 0 or cost["high"] < 0 for cost in costs]
    verdict = "Its tool matters" if all(matters) else "It is unclear whether its tool matters"
    if not any(matters):
        verdict = "Its tool is not shown to matter"
    changes = ", ".join(f"by {_change(cost)}" for cost in costs)
    return [f"{verdict}: {_TOOL_WORDS.get(tool, tool)} the time hidden changes {changes} of the play."]


def _change(cost: Mapping[str, float]) -> str:
    """What taking a tool away changes, in points; the interval keeps its signs."""
    return f"{-100 * cost['mean']:+.0f} points ({-100 * cost['high']:+.0f} to {-100 * cost['low']:+.0f})"


def _curves(run: Mapping[str, Any]) -> str:
    shown = [name for name in _in_order([run]) if name in run["series"]]
    curves = [_rate_curve("hidden", _COLOURS[0], run["hidden"])] if run["hidden"] else []
    colours = {name: _COLOURS[1 + k % (len(_COLOURS) - 1)] for k, name in enumerate(shown)}
    curves += [_rate_curve(by_name(name).title.lower(), colours[name], run["series"][name]) for name in shown]
    marks = [Mark(run["onsets"][name]["agent_steps"], by_name(name).title, colours[name]) for name in shown]
    who = escape(run["run"])
    parts = [f"<h2>{who}</h2>", line_chart(f"{run['run']}: share of play hidden, and of episodes", curves, marks)]
    steps = [line["agent_steps"] for line in run["panel"]]
    panel = []
    for k, (side, words) in enumerate((("hiders", "these hiders"), ("seekers", "from these seekers"))):
        rates = [line[side] for line in run["panel"]]
        band = [[rate[edge] for rate in rates] for edge in ("mean", "low", "high")]
        panel.append(Curve(words, _COLOURS[k], steps, *band))
    if steps:
        parts.append(line_chart(f"{run['run']}: hidden against the fixed panel of scripted teams", panel))
    parts.append(_statistics(run))
    return "".join(parts)


def _statistics(run: Mapping[str, Any]) -> str:
    stages = run["stages"]
    steps = [stage["agent_steps"] for stage in stages]
    curves = []
    for name, words in _STATISTICS.items():
        values = [stage["statistics"][name] for stage in stages]
        if max(values) > 0:
            curves.append(Curve(words, _COLOURS[len(curves)], steps, values))
    top = max((max(curve.values) for curve in curves), default=1.0)
    return line_chart(f"{run['run']}: an episode has", curves, top=float(np.ceil(top)) + 1e-9)


def _rate_curve(name: str, colour: str, series: Mapping[str, Any]) -> Curve:
    rate = np.array(series["rate"])
    half = _Z_95 * np.sqrt(rate * (1 - rate) / series["episodes"])
    return Curve(name, colour, series["agent_steps"], rate.tolist(), (rate - half).tolist(), (rate + half).tolist())


def _worth(runs: Sequence[Mapping[str, Any]]) -> str:
    tools = sorted({tool for run in runs for tool in run["necessity"]})
    rows = [
        [
            _TOOL_WORDS.get(tool, tool),
            *(_change(run["necessity"][tool]) if tool in run["necessity"] else "" for run in runs),
        ]
        for tool in tools
    ]
    head = ("time hidden", *(escape(run["run"]) for run in runs))
    behind = sorted({name for run in runs for name in run["sufficiency"]})
    gains = [[escape(by_name(name).title), *(_gain(run["sufficiency"].get(name)) for run in runs)] for name in behind]
    titles = ("random hiders in their place, behind", *(escape(run["run"]) for run in runs))
    return f"<h2>What a tool is worth</h2>{_table(head, rows)}{_table(titles, gains)}"


def _gain(gain: Mapping[str, Any] | None) -> str:
    if gain is None:
        return ""
    points = {edge: 100 * gain["gain"][edge] for edge in ("mean", "low", "high")}
    return f"{points['mean']:+.0f} points ({points['low']:+.0f} to {points['high']:+.0f})"


def _lost(runs: Sequence[Mapping[str, Any]]) -> str:
    rows = []
    for run in runs:
        for one in run["lost"]:
            top = f"{_percent(one['rate'])} at {steps_text(one['agent_steps'])}"
            rows.append([escape(run["run"]), escape(by_name(one["strategy"]).title), top, _percent(one["now"])])
        for one in run["alarms"]:
            jump = f"{100 * one['jump']:+.0f} points against the panel at {steps_text(one['agent_steps'])}"
            rows.append([escape(run["run"]), f"unexplained change of {one['side']}", jump, ""])
    table = _table(("run", "what", "then", "now"), rows) if rows else "<p>Nothing.</p>"
    return f"<h2>What was lost again, and what no strategy explains</h2>{table}"


def _unknown(run: Mapping[str, Any], shown: Sequence[Recording]) -> str:
    parts = []
    for group, recording in zip(run["unknown"], shown, strict=True):
        name = group["named"] or "Nobody has named this yet"
        differs = ", ".join(f"{what.replace('_', ' ')} {gap:+.1f} sd" for what, gap in group["differs_in"])
        parts.append(
            f"<h3>{escape(name)}</h3><p>From {_percent(group['share_before'])} to {_percent(group['share_after'])} of "
            f"the episodes since {steps_text(group['agent_steps'])}; {group['novelty']:.1f} times as far from earlier "
            f"episodes as those from each other. It differs in {escape(differs)}.</p>{clip_figure(recording)}"
        )
    if not parts:
        return ""
    return f"<h2>{escape(run['run'])}: groups without a name</h2>{''.join(parts)}"


def _tournament(found: Mapping[str, Any]) -> str:
    parts = [
        heat_map(
            "Hidden, in per cent: hiders (rows) against seekers", found["hiders"], found["seekers"], found["hidden"]
        )
    ]
    parts.append(f"<p>Cyclic share: {found['cyclic_share']:.1%} of the variance between pairs.</p>")
    rows = [
        [escape(one["team"]), escape(one["best"]), escape(one["against"]), f"{100 * one['drop']:.0f} points"]
        for one in found["forgotten"]
    ]
    if rows:
        parts.append(_table(("forgotten by", "known to", "against", "lost"), rows))
    return "".join(parts)


def _again(runs: Sequence[Mapping[str, Any]]) -> str:
    lines = [run["command"] for run in runs]
    lines.append(f"hideseek report {' '.join(run['run'] for run in runs)} --to report.html")
    return f"<h2>To do it again</h2><pre>{escape(chr(10).join(lines))}</pre>"


def _in_order(runs: Sequence[Mapping[str, Any]]) -> list[str]:
    """The strategies that set in anywhere, in the order in which they did."""
    dates = {name: [run["onsets"][name]["agent_steps"] for run in runs if run["onsets"].get(name)] for name in names()}
    return sorted((name for name in dates if dates[name]), key=lambda name: float(np.median(dates[name])))


def _rate(rate: Mapping[str, float]) -> str:
    return f"{_percent(rate['mean'])} ({_interval(rate)})"


def _interval(rate: Mapping[str, float]) -> str:
    return f"{100 * rate['low']:.0f} to {100 * rate['high']:.0f}"


def _percent(value: float) -> str:
    return f"{value:.1%}" if 0 < value < 0.095 else f"{value:.0%}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    titles = "".join(f"<th>{cell}</th>" for cell in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<div class='scroll'><table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table></div>"
