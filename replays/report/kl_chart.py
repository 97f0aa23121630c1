"""Measures over how far a policy moved from what it was: inline SVG. Everything from a file is escaped."""

import math
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from replays.report.charts import round_step, svg_figure
from replays.report.documents.common import Interval
from replays.report.tables import percent

WIDTH, HEIGHT = 920, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 250, 14, 44
_APART = 15.0
"""Between two names at the right end."""


class KlCurve(NamedTuple):
    """What a measure was at the checkpoints of a run, in the order in which it was trained."""

    name: str
    colour: str
    """Of CSS, such as "#0072b2"."""
    kl: Sequence[float]
    """Divergence from the policy that it began as, in nats."""
    values: Sequence[Interval]
    dashed: bool = False
    begins: float | None = None
    """The divergence at which a proxy begins to be over-optimised; marked with a ring."""


class _Frame(NamedTuple):
    """What is shown: `kl` across and `values` up, whole numbers of a round step from one to another."""

    kl: Sequence[float]
    values: Sequence[float]

    def x(self, kl: float) -> float:
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * kl / self.kl[-1]

    def y(self, value: float) -> float:
        share = (value - self.values[0]) / (self.values[-1] - self.values[0])
        return _TOP + (HEIGHT - _TOP - _BOTTOM) * (1.0 - min(max(share, 0.0), 1.0))


def kl_chart(title: str, curves: Sequence[KlCurve], shares: bool) -> str:
    """A `<figure>`; the values are shares, labelled in per cent, or numbers of any size."""
    frame = _frame(curves)
    parts = [_axes(frame, shares), *(_curve(curve, frame) for curve in curves)]
    ends = [frame.y(curve.values[-1]["mean"]) for curve in curves]
    for curve, y in zip(curves, _spread_out(ends), strict=True):
        words = f"{escape(curve.name)} {_words(curve.values[-1]['mean'], shares)}"
        parts.append(
            f'<text class="name" x="{WIDTH - _RIGHT + 10}" y="{y + 4:.1f}" fill="{curve.colour}">{words}</text>'
        )
    return svg_figure(title, WIDTH, HEIGHT, "".join(parts))


def _frame(curves: Sequence[KlCurve]) -> _Frame:
    """All of the curves, with their intervals, from one round number to another."""
    edges = [value[edge] for curve in curves for value in curve.values for edge in ("low", "high")]
    low, high = min(edges, default=0.0), max(edges, default=1.0)
    last = max((kl for curve in curves for kl in curve.kl), default=0.0) or 1.0
    return _Frame(_ticks(0.0, last, 1e-4), _ticks(low, high, 0.01))


def _axes(frame: _Frame, shares: bool) -> str:
    parts = []
    for value in frame.values:
        y = frame.y(value)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="tick end" x="{_LEFT - 6}" y="{y + 4:.1f}">{_words(value, shares)}</text>')
    for kl in frame.kl:
        parts.append(f'<text class="tick middle" x="{frame.x(kl):.1f}" y="{HEIGHT - 26}">{kl:.3g}</text>')
    middle = (_LEFT + WIDTH - _RIGHT) / 2
    parts.append(
        f'<text class="tick middle" x="{middle:.1f}" y="{HEIGHT - 8}">divergence from before, nats a tick</text>'
    )
    return "".join(parts)


def _ticks(low: float, high: float, least: float) -> list[float]:
    """Multiples of a round step of at least `least`, from below or at `low` to above or at `high`; two or more."""
    step = max(round_step(max(high - low, least), 8), least)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [k * step for k in range(first, max(last, first + 1) + 1)]


def _curve(curve: KlCurve, frame: _Frame) -> str:
    points = [(frame.x(kl), frame.y(value["mean"])) for kl, value in zip(curve.kl, curve.values, strict=True)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashes = ' stroke-dasharray="5 4"' if curve.dashed else ""
    parts = [f'<polyline points="{line}" fill="none" stroke="{curve.colour}" stroke-width="2"{dashes}/>']
    for (x, y), value in zip(points, curve.values, strict=True):
        low, high = frame.y(value["low"]), frame.y(value["high"])
        parts.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{low:.1f}" y2="{high:.1f}" stroke="{curve.colour}" opacity="0.35"/>'
        )
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{curve.colour}"/>')
    if curve.begins is not None:
        x, y = min(points, key=lambda point: math.fabs(point[0] - frame.x(curve.begins or 0.0)))
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="7" fill="none" stroke="{curve.colour}" stroke-width="2">')
        parts.append("<title>from here on more of the proxy brings less of this</title></circle>")
    return "".join(parts)


def _words(value: float, shares: bool) -> str:
    return percent(value) if shares else f"{value:.2f}"


def _spread_out(ends: Sequence[float]) -> list[float]:
    """Heights near these, far enough apart for names, the lowest inside the frame."""
    order, placed, least = sorted(range(len(ends)), key=lambda k: ends[k]), [0.0] * len(ends), float(_TOP)
    for k in order:
        placed[k] = least = max(ends[k], least)
        least += _APART
    most = float(HEIGHT - _BOTTOM)
    for k in reversed(order):
        placed[k] = most = min(placed[k], most)
        most -= _APART
    return placed
