"""The report of one or several runs as a page of its own: one file, which asks no server for anything.

It shows what `replays.report.documents.run` says. Strings that come from files are escaped; clips are `clip_figure`s.
What it says of strategies stands in `replays.report.strategy_section`.
"""

from collections.abc import Mapping, Sequence
from html import escape
from importlib.metadata import version

import numpy as np

from replays.format.recording import Recording
from replays.report.behaviour_words import comparison
from replays.report.charts import steps_text
from replays.report.documents.common import Interval
from replays.report.documents.run import RunDocument, Sufficiency
from replays.report.goals_section import goals_section
from replays.report.page import clip_figure, page_with
from replays.report.run_curves import run_curves
from replays.report.strategy_section import TOOL_WORDS, in_order, overview, strategy_cards
from replays.report.tables import listed, negated, percent, points, rate_text, table
from replays.strategies.catalogue import by_name
from sim.scenario import brief

_MOST_CHANGED = 3
"""Most strategies that are named at the top."""


def report_page(
    runs: Sequence[RunDocument],
    clips: Mapping[str, Recording],
    unknown: Sequence[Sequence[Recording]],
) -> str:
    """The page.

    Args:
        runs: what is known of each run.
        clips: a recording that shows each strategy, by name.
        unknown: for each run the typical recordings of its groups without a name.
    """
    title = "What the agents came to do"
    sections = [
        ("When each strategy set in", overview(runs)),
        ("What they do", strategy_cards(runs, clips)),
        *((run["run"], run_curves(run)) for run in runs),
        *((f"What {run['run']} came to want", goals_section(run["goals"])) for run in runs),
        ("What a tool is worth", _worth(runs)),
        ("What was lost again", _lost(runs)),
        ("Changes that no strategy explains", _alarms(runs)),
        ("What nobody has named", "".join(map(_unknown, runs, unknown))),
        ("To do it again", _again(runs)),
    ]
    sections = [(name, content) for name, content in sections if content]
    parts = [f"<h1>{title}</h1>", _in_short(runs), _contents([name for name, _ in sections]), _about(runs)]
    parts += [f"<h2 id='part-{k}'>{escape(name)}</h2>{content}" for k, (name, content) in enumerate(sections)]
    return page_with(title, f'<article class="report">{"".join(parts)}</article>')


def _contents(names: Sequence[str]) -> str:
    links = " · ".join(f"<a href='#part-{k}'>{escape(name)}</a>" for k, name in enumerate(names))
    return f"<nav class='faint'>{links}</nav>"


def _in_short(runs: Sequence[RunDocument]) -> str:
    """The answer in a few sentences: how well they hide, what training changed most, what was lost."""
    now = listed([rate_text(run["final"]["hidden"]) for run in runs])
    said = [
        f"At the end no hider is seen in {now} of the play (untrained teams: {percent(_untrained(runs, 'hidden'))})."
    ]
    change = {name: _final(runs, name) - _untrained(runs, name) for name in in_order(runs)}
    most = [name for name in sorted(change, key=lambda name: -change[name]) if change[name] > 0][:_MOST_CHANGED]
    if most:
        titles = [
            f"{by_name(name).title.lower()} ({percent(_final(runs, name))} of their episodes, "
            f"{percent(_untrained(runs, name))} of untrained teams')"
            for name in most
        ]
        said.append(f"What they do now and untrained teams do not: {listed(titles)}.")
    lost = dict.fromkeys(by_name(one["strategy"]).title.lower() for run in runs for one in run["lost"])
    if lost:
        said.append(f"Learned and lost again: {listed(list(lost))}.")
    return f"<p class='short'>{escape(' '.join(said))}</p>"


def _untrained(runs: Sequence[RunDocument], name: str) -> float:
    return float(np.mean([run["random"][name]["mean"] for run in runs]))


def _final(runs: Sequence[RunDocument], name: str) -> float:
    return float(np.mean([run["final"][name]["mean"] for run in runs]))


def _about(runs: Sequence[RunDocument]) -> str:
    rows = [
        [escape(str(cell)) for cell in (run["run"], _worlds(run), run["seed"], steps_text(run["agent_steps"]))]
        + [f"{run['minutes']:.0f}"]
        for run in runs
    ]
    where = " of a run's last world" if any(len(run["worlds"]) > 1 for run in runs) else ""
    words = (
        f"{_who_learned(runs)} Strategies were looked for in the training, and again in episodes from starts{where} "
        "that training never met. Rates have 95% intervals."
    )
    return f"<p>{words}</p>{table(('run', 'world', 'seed', 'agent-steps', 'minutes of training'), rows)}"


def _worlds(run: RunDocument) -> str:
    """Where a run was trained, in words."""
    first, *later = run["worlds"]
    then = [f"; beyond {steps_text(world['begins'])} {brief(world['scenario'])}" for world in later]
    return brief(first["scenario"]) + "".join(then)


def _who_learned(runs: Sequence[RunDocument]) -> str:
    learned = {tuple(run["learned"]) for run in runs}
    if learned != {("hiders", "seekers")}:
        return f"Only the {' or the '.join(sorted({side for sides in learned for side in sides}))} learned."
    return "Hiders and seekers learned against each other, from the reward of their world and nothing else."


def _worth(runs: Sequence[RunDocument]) -> str:
    tools = sorted({tool for run in runs for tool in run["necessity"]})
    costs = [[TOOL_WORDS.get(tool, tool), *(_cost(run["necessity"].get(tool)) for run in runs)] for tool in tools]
    behind = sorted({name for run in runs for name in run["sufficiency"]})
    gains = [[escape(by_name(name).title), *(_gain(run["sufficiency"].get(name)) for run in runs)] for name in behind]
    names = [escape(run["run"]) for run in runs]
    parts = []
    if costs:
        parts.append(
            "<p>The trained teams play the same starts with and without a tool. Nothing is learned anew, and neither "
            "team has the tool. Where the share of the play in which no hider is seen falls, the tool served the "
            f"hiders.</p>{table(('share of play hidden', *names), costs)}"
        )
    if gains:
        parts.append(
            "<p>The trained hiders prepare; when the seekers wake up, hiders that act at random take their places. "
            "What hides those is what was built. Instead of: the same random hiders where nobody had prepared for "
            f"them.</p>{table(('random hiders, hidden behind', *names), gains)}"
        )
    return "".join(parts)


def _cost(cost: Interval | None) -> str:
    return points(negated(cost)) if cost else ""


def _gain(gain: Sufficiency | None) -> str:
    if gain is None:
        return ""
    return f"{percent(gain['hidden']['mean'])} instead of {percent(gain['random']['mean'])}<br>{points(gain['gain'])}"


def _lost(runs: Sequence[RunDocument]) -> str:
    rows = [
        [
            escape(run["run"]),
            escape(by_name(one["strategy"]).title),
            f"{percent(one['rate'])} at {steps_text(one['agent_steps'])}",
            percent(one["now"]),
            percent(run["random"][one["strategy"]]["mean"]),
        ]
        for run in runs
        for one in run["lost"]
    ]
    return table(("run", "strategy", "at its height in training", "in the last updates", "untrained teams"), rows)


def _alarms(runs: Sequence[RunDocument]) -> str:
    rows = [
        [escape(run["run"]), f"{one['side']}, {100 * one['jump']:+.0f} points hidden", steps_text(one["agent_steps"])]
        for run in runs
        for one in run["alarms"]
    ]
    return table(("run", "against the scripted teams", "at"), rows)


def _unknown(run: RunDocument, shown: Sequence[Recording]) -> str:
    parts = []
    for group, recording in zip(run["unknown"], shown, strict=True):
        name = group["named"] or f"{run['run']}, since {steps_text(group['agent_steps'])}"
        differs = "; ".join(comparison(what, gap) for what, gap in group["differs_in"])
        parts.append(
            f"<h3>{escape(name)}</h3><p>A kind of episode that no strategy of ours explains: "
            f"{percent(group['share_before'])} before {steps_text(group['agent_steps'])} agent-steps, up to "
            f"{percent(group['share_after'])} since. Its episodes lie {group['novelty']:.1f} times as far from earlier "
            f"ones as those from each other. Against all others: {escape(differs)}.</p>"
            f"{clip_figure(recording, shows='typical of the group')}"
        )
    return "".join(parts)


def _again(runs: Sequence[RunDocument]) -> str:
    lines = [run["command"] for run in runs]
    lines.append(f"hideseek report {' '.join('runs/' + run['run'] for run in runs)} --to report.html")
    words = (
        f"With hideseek {version('hideseek')}. On another processor, or with another version of PyTorch, sums are "
        "rounded differently, and a run takes another course after the first minutes."
    )
    return f"<p>{words}</p><pre>{escape(chr(10).join(lines))}</pre>"
