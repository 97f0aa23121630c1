"""The curves of one run in a report: strategies, hidden against scripted teams, what is moved and locked."""

import numpy as np

from replays.format.metrics import FEWEST_FOR_CURVE
from replays.report.charts import Curve, Mark, line_chart
from replays.report.documents.run import RateSeries, RunDocument
from replays.report.strategy_section import in_order
from replays.strategies.catalogue import by_name

_COLOURS = (
    *("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#a07400", "#56b4e9", "#7b3294", "#8c564b", "#444444"),
    *("#1b9e77", "#e7298a", "#66a61e", "#e6ab02", "#a6761d", "#1f78b4", "#b2182b", "#4d4d4d"),
)
_Z_95 = 1.96
_STATISTICS = {
    "boxes_away_prep": "boxes moved in preparation",
    "boxes_away_play": "boxes moved in play",
    "ramps_away_prep": "ramps moved in preparation",
    "ramps_away_play": "ramps moved in play",
    "hiders_locks_prep": "hiders' locks in preparation",
    "hiders_locks_play": "hiders' locks in play",
    "seekers_locks_play": "seekers' locks",
}


def run_curves(run: RunDocument) -> str:
    """All of them, as `<figure>`s."""
    shown = [name for name in in_order([run]) if name in run["series"]]
    curves = [_rate_curve("hidden", _COLOURS[0], run["hidden"])] if run["hidden"] else []
    colours = {name: _COLOURS[1 + k % (len(_COLOURS) - 1)] for k, name in enumerate(shown)}
    curves += [_rate_curve(by_name(name).title.lower(), colours[name], run["series"][name]) for name in shown]
    dates = {name: date["agent_steps"] for name in shown if (date := run["onsets"][name])}
    marks = [Mark(world["begins"], "Another world", "currentColor") for world in run["worlds"][1:]]
    marks += [Mark(date, by_name(name).title, colours[name]) for name, date in dates.items()]
    title = f"{run['run']}: share of play hidden, and of episodes with each strategy"
    parts = [line_chart(title, curves, f"Too few updates for a curve; {FEWEST_FOR_CURVE} are enough.", marks)]
    steps = [line["agent_steps"] for line in run["panel"]]
    panel = []
    for k, (side, words) in enumerate((("hiders", "these hiders"), ("seekers", "others, from these seekers"))):
        rates = [line[side] for line in run["panel"]]
        band = [[rate[edge] for rate in rates] for edge in ("mean", "low", "high")]
        panel.append(Curve(words, _COLOURS[k], steps, *band))
    alone = ", one stage by now" if len(steps) == 1 else ""
    title = f"{run['run']}: share of play hidden, against scripted teams that stay the same{alone}"
    parts.append(line_chart(title, panel, "Nobody seeks in this world."))
    parts.append(_statistics(run))
    return "".join(parts)


def _statistics(run: RunDocument) -> str:
    stages = run["stages"]
    steps = [stage["agent_steps"] for stage in stages]
    curves = []
    for name, words in _STATISTICS.items():
        values = [stage["statistics"][name] for stage in stages]
        if max(values) > 0:
            curves.append(Curve(words, _COLOURS[len(curves)], steps, values))
    top = max((max(curve.values) for curve in curves), default=1.0)
    without = "At none of its stages was anything moved or locked."
    return line_chart(f"{run['run']}: number in an episode", curves, without, top=float(np.ceil(top)) + 1e-9)


def _rate_curve(name: str, colour: str, series: RateSeries) -> Curve:
    rate = np.array(series["rate"])
    half = _Z_95 * np.sqrt(rate * (1 - rate) / series["episodes"])
    return Curve(name, colour, series["agent_steps"], rate.tolist(), (rate - half).tolist(), (rate + half).tolist())
