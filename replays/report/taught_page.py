"""The page of `hideseek report` for runs of `hideseek tune`: several ways of teaching beside each other.

It shows what `replays.report.documents.taught` says. Strings from files are escaped.
"""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from replays.format.recording import Recording
from replays.report.changed_features import is_sure, most_changed, size_of_change
from replays.report.charts import steps_text
from replays.report.documents.taught import Measure, TaughtDocument
from replays.report.goal_following_table import goal_following_table
from replays.report.kl_chart import KlCurve, kl_chart
from replays.report.label_findings import doubts
from replays.report.page import clip_figure, page_with
from replays.report.tables import percent, rate_text, table
from replays.report.taught_summary import (
    begun_as,
    change_text,
    method_text,
    paid_for_text,
    summary,
    turning_point,
    weak_goal_text,
)

_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#a07400", "#56b4e9", "#7b3294", "#444444")
_CHANGED = 6
"""How many features are shown: those that changed most."""
_ABOUT = (
    "Hiders were taught something else than the game, against the seekers of a trained team, who learned nothing. What "
    "they were before and the checkpoints of every run played the same episodes, from starts that training never met. "
    "The proxy is what hiders were taught by. Intervals are 95%."
)
_CURVES = (
    "A point for each checkpoint, from left to right in the order of training as far as hiders moved on. Where a curve "
    "has a ring, it falls from there on while the proxy rises (the last checkpoint against the best one, chosen and "
    "compared on different episodes)."
)
_GOALS_GIVEN = "Share of episodes in which goals were met, by the goals given; bold where both are the same."
_GLOSSARY = (
    "Paid by the game: 1 if no hider is ever seen, -1 if one always is. A learnt reward is in units of its own spread "
    "over the ticks of the labels, whose mean is 0; direct preference learns without it, and is judged by that of the "
    "same labels. A verifier's proxy is the goal it checks; where that is a weak one, the goal itself was wanted. A "
    "group is of episodes of one start; if all are paid alike, it teaches nothing. Divergence: Kullback-Leibler, in "
    "nats, mean over hiders and ticks."
)


class TaughtRun(NamedTuple):
    """A run as the page shows it."""

    name: str
    figures: TaughtDocument
    before: Sequence[Recording]
    """Episodes of the hiders before, each from another start."""
    after: Sequence[Recording]
    """Those of the taught hiders, from the same starts."""
    hacked: Sequence[Recording] = ()
    """Episodes in which the verifier paid, for a weak goal, and the strong one was not met."""


def taught_page(runs: Sequence[TaughtRun]) -> str:
    """The page. Raises KeyError or TypeError if figures are not what `evaluate_tuning` wrote."""
    title = "What was taught, and what became of it"
    parts = [f"<h1>{title}</h1><p>{_ABOUT}</p>", *map(_in_short, runs)]
    sections = [
        ("Before and after", _measures(runs)),
        ("Goals given, and met", _goals_given(runs)),
        (_wanted_title(runs), _curves(runs)),
        ("What the reward knows of the labels", _calibration(runs)),
        ("What hiders do differently", _features(runs)),
        ("The verifier paid here, and the goal was missed", _hacked_clips(runs)),
        ("The same starts", _clips(runs)),
        ("To do it again", f"<pre>{escape(chr(10).join(run.figures['command'] for run in runs))}</pre>"),
    ]
    parts += [f"<h2>{name}</h2>{content}" for name, content in sections if content]
    return page_with(title, f'<article class="report">{"".join(parts)}</article>')


def _in_short(run: TaughtRun) -> str:
    doubtful = "".join(f"<p class='short'>Warning: {escape(doubt)}.</p>" for doubt in doubts(run.figures))
    return f"<p class='short'><b>{escape(run.name)}</b>: {escape(' '.join(summary(run.figures)))}</p>{doubtful}"


def _number(value: float) -> str:
    return f"{value:.2f}"


def _measures(runs: Sequence[TaughtRun]) -> str:
    """The table of everything that was measured."""
    rows = [
        ("taught by", [escape(method_text(run.figures)) for run in runs]),
        ("agent-steps, seed", [f"{steps_text(run.figures['agent_steps'])}, {run.figures['seed']}" for run in runs]),
        ("leash", [f"{run.figures['leash']:g}" if run.figures["leash"] else "none" for run in runs]),
        ("divergence", [f"{run.figures['kl']:.3f}" for run in runs]),
        ("groups that taught nothing", [_share(run.figures["groups_skipped"]) for run in runs]),
        ("held-out labels predicted", [_predicted(run.figures) for run in runs]),
    ]
    for name, words, shown in (
        ("proxy", "proxy", None),
        ("gold", "what was wanted", None),
        ("goal", "goal met", percent),
        ("weak_goal", "weak goal met", percent),
        ("hacked", "weak goal met, goal not", percent),
        ("hidden", "hidden, share of play", percent),
        ("sealed", "sealed at the end", percent),
        ("locked", "all boxes locked at the end", percent),
        ("true_return", "paid by the game", _number),
    ):
        cells = []
        for one in (run.figures for run in runs):
            of_score = percent if one["labels"] is None else _number
            before, now = one["before"][name], one[name]
            again = name in ("proxy", "gold") and one["goals"]  # the rows of the goals say it
            cells.append(change_text(before, now, shown or of_score) if before and now and not again else "")
        rows.append((words, cells))
    shown_rows = [[words, *cells] for words, cells in rows if any(cells)]
    links = [f'<a href="#start-0-{number}">{escape(run.name)}</a>' for number, run in enumerate(runs)]
    return table(("", *links), shown_rows) + f"<p class='faint'>{_GLOSSARY}</p>"


def _goals_given(runs: Sequence[TaughtRun]) -> str:
    """Tables of the runs of goal-conditioned hiders; figures of an older version have no `told`."""
    conditioned = [(run.name, rows) for run in runs if (rows := run.figures.get("told"))]
    tables = "".join(f"<h3>{escape(name)}</h3>{goal_following_table(rows)}" for name, rows in conditioned)
    return tables and f"<p>{_GOALS_GIVEN}</p>{tables}"


def _share(value: float | None) -> str:
    return "" if value is None else percent(value)


def _predicted(one: TaughtDocument) -> str:
    if one["accuracy"] is None:
        return ""
    predicted = one.get("predicted")
    return f"{rate_text(predicted) if predicted else percent(one['accuracy'])} of {one['held_out']}"


def _wanted_title(runs: Sequence[TaughtRun]) -> str:
    known = any(point["gold"] for run in runs for point in run.figures["curve"])
    return "Proxy against what was wanted" if known else "The proxy, and what the game pays"


def _curves(runs: Sequence[TaughtRun]) -> str:
    """Proxies and what was wanted, labels and goals apart as their units differ; then what the game pays."""
    by_labels = [(k, run) for k, run in enumerate(runs) if run.figures["labels"] is not None]
    by_goals = [(k, run) for k, run in enumerate(runs) if run.figures["labels"] is None]
    charts = []
    for title, wanted, chosen, shares in (
        ("Learnt reward a tick (the proxy)", "what was wanted", by_labels, False),
        ("Share of episodes that were paid (the proxy)", "the goal itself", by_goals, True),
    ):
        dashed = _of(chosen, "gold", dashed=True)
        named = f"{title}; dashed: {wanted}" if dashed else title
        charts += [kl_chart(named, [*_of(chosen, "proxy"), *dashed], shares)] if chosen else []
    charts.append(kl_chart("Paid by the game in a play tick", _of(list(enumerate(runs)), "true_return"), False))
    return f"<p>{_CURVES}</p>{''.join(charts)}"


def _of(runs: Sequence[tuple[int, TaughtRun]], measure: Measure, dashed: bool = False) -> list[KlCurve]:
    """A curve of each run that has such a measure, by its number on the page."""
    curves = []
    for number, run in runs:
        points = run.figures["curve"]
        values = [value for point in points if (value := point[measure])]
        if len(values) == len(points):
            begins, kl = turning_point(run.figures, measure), [point["kl"] for point in points]
            name, colour = f"{run.name}, wanted" if dashed else run.name, _COLOURS[number % len(_COLOURS)]
            curves.append(KlCurve(name, colour, kl, values, dashed, begins["kl"] if begins else None))
    return curves


def _calibration(runs: Sequence[TaughtRun]) -> str:
    """How often a reward is right, by how sure it is, on labels that it was not made from."""
    rows = [
        ["" if number else escape(run.name), f"{sure:.0%}", f"{right:.0%}", str(pairs)]
        for run in runs
        for number, (sure, right, pairs) in enumerate(run.figures["calibration"] or [])
    ]
    words = (
        "Labels that were held out, without those answered “equal”, by how sure the learnt reward is of them; direct "
        "preference has an implicit reward of its own. Calibrated is what is right as often as it is sure."
    )
    return f"<p>{words}</p>{table(('', 'sure', 'right', 'labels'), rows)}" if rows else ""


def _shown(runs: Sequence[TaughtRun]) -> list[str]:
    """The features of the table: those that changed most in any run, and all that a summary names."""
    features = [run.figures["features"] for run in runs]
    sizes = {name: max(size_of_change(one[name]) for one in features) for name in features[0]}
    most = sorted(sizes, key=lambda name: -sizes[name])
    named = {name for one in features for name in most_changed(one)}
    asked = [one["name"] for run in runs if (one := run.figures.get("asked"))]
    shown = [name for place, name in enumerate(most) if place < _CHANGED or name in named]
    return list(dict.fromkeys([*asked, *shown]))


def _features(runs: Sequence[TaughtRun]) -> str:
    rows = []
    for name in _shown(runs):
        cells = []
        for run in runs:
            one = run.figures["features"][name]
            words = f"{one['before']:.2f} → {one['after']:.2f}"
            cells.append(f"<b>{words}</b>" if is_sure(one) else words)
        rows.append([escape(runs[0].figures["features"][name]["about"]), *cells])
    words = (
        "Means over the ticks of all episodes, in metres and seconds; what changed most in its spread over episodes "
        "before. Bold where the 95% interval of the change, episode by episode, leaves out 0 and the change is at "
        "least 0.01."
    )
    return f"<p>{words}</p>{table(('', *(escape(run.name) for run in runs)), rows)}"


def _clips(runs: Sequence[TaughtRun]) -> str:
    """Each start in a part that opens with a click: the hiders before, then every run."""
    parts = []
    for start in range(min(len(shown) for run in runs for shown in (run.before, run.after))):
        begun = {begun_as(run.figures): run.before[start] for run in reversed(runs)}
        shown = [(f"before-{start}-{hiders}", f"{hiders}, before", recording) for hiders, recording in begun.items()]
        shown += [(f"start-{start}-{number}", run.name, run.after[start]) for number, run in enumerate(runs)]
        figures = "".join(
            f'<div id="{escape(key)}"><h3>{escape(name)}</h3>{clip_figure(recording)}</div>'
            for key, name, recording in shown
        )
        names = " · ".join(escape(name) for _, name, _ in shown)
        summary = f"<summary>Start {start + 1}: {names}</summary>"
        parts.append(f"<details{'' if start else ' open'}>{summary}<div class='beside'>{figures}</div></details>")
    return "".join(parts)


def _hacked_clips(runs: Sequence[TaughtRun]) -> str:
    """Of every run with a weak goal how often only that was met, and episodes of it."""
    parts = []
    for run in runs:
        if run.hacked:
            clips = "".join(f"<div>{clip_figure(recording)}</div>" for recording in run.hacked)
            words = f"{weak_goal_text(run.figures)} {paid_for_text(run.figures)}".strip()
            parts.append(f"<h3>{escape(run.name)}</h3><p>{escape(words)}</p><div class='beside'>{clips}</div>")
    return "".join(parts)
