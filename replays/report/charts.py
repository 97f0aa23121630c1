"""Charts as inline SVG: curves with bands over agent-steps, and heat maps. Everything from a file is escaped."""

import math
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

WIDTH, HEIGHT = 920, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 215, 14, 34
_TICKS = 5
_CELL = 34
_LONGEST = 28
_NAME_PX = 15.0
"""Least height between the names of two curves."""


class Curve(NamedTuple):
    """Values over agent-steps."""

    name: str
    colour: str
    """Of CSS, such as "#0072b2"."""
    agent_steps: Sequence[int]
    values: Sequence[float]
    low: Sequence[float] = ()
    """The band's edges; none for a plain curve."""
    high: Sequence[float] = ()


class Mark(NamedTuple):
    """A moment of training with a name."""

    agent_steps: int
    name: str
    colour: str


def line_chart(title: str, curves: Sequence[Curve], without: str, marks: Sequence[Mark] = (), top: float = 1.0) -> str:
    """A `<figure>` with curves from 0 to `top`; shares (top 1) are labelled in per cent.

    Where no curve has a point there is no chart, but the sentence `without`, which says why.
    """
    curves = [curve for curve in curves if len(curve.agent_steps)]
    if not curves:
        return f'<figure class="chart"><figcaption>{escape(title)}</figcaption><p>{escape(without)}</p></figure>'
    last = max(int(curve.agent_steps[-1]) for curve in curves) or 1
    parts = [_axes(last, top)]
    for mark in marks:
        x = _x(mark.agent_steps, last)
        parts.append(f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{HEIGHT - _BOTTOM}"/>')
        parts.append(f'<circle cx="{x:.1f}" cy="{HEIGHT - _BOTTOM}" r="4" fill="{mark.colour}">')
        parts.append(f"<title>{escape(mark.name)} at {steps_text(mark.agent_steps)}</title></circle>")
    parts += [_curve(curve, last, top) for curve in curves]
    parts += [_label(curve, place, top) for curve, place in zip(curves, _apart(curves, top), strict=True)]
    return svg_figure(title, WIDTH, HEIGHT, "".join(parts))


def heat_map(
    title: str,
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[float]],
    errors: Sequence[Sequence[float]],
) -> str:
    """A `<figure>` with a cell for each value between 0 and 1, blue where it is high and orange where it is low.

    Pointing at a cell shows its 95 % interval, by the standard errors.
    """
    left, top = 8 * _LONGEST - 30, 110
    width, height = left + _CELL * len(columns) + top + 10, top + _CELL * len(rows) + 10
    parts = []
    for j, name in enumerate(columns):
        x = left + _CELL * (j + 0.5)
        parts.append(
            f'<text class="tick" transform="translate({x + 4:.0f} {top - 8}) rotate(-45)">{_short(name)}</text>'
        )
    for i, name in enumerate(rows):
        y = top + _CELL * i
        parts.append(f'<text class="tick end" x="{left - 8}" y="{y + 22}">{_short(name)}</text>')
        for j, value in enumerate(values[i]):
            x = left + _CELL * j
            hidden = f"hidden {100 * value:.1f} ± {196 * errors[i][j]:.1f} %"
            parts.append(f'<rect x="{x}" y="{y}" width="{_CELL - 2}" height="{_CELL - 2}" fill="{_heat(value)}">')
            parts.append(f"<title>{escape(name)} against {escape(columns[j])}: {hidden}</title></rect>")
            ink = "#ffffff" if abs(value - 0.5) > 0.3 else "#2d323a"
            parts.append(
                f'<text class="cell" x="{x + _CELL / 2 - 1}" y="{y + 21}" fill="{ink}">{100 * value:.0f}</text>'
            )
    return svg_figure(title, width, height, "".join(parts))


def steps_text(agent_steps: int) -> str:
    """A number of agent-steps as people say it, such as "24.1 M"."""
    if agent_steps < 1_000:
        return str(agent_steps)
    if agent_steps < 1_000_000:
        return f"{agent_steps / 1000:.0f} k"
    return f"{agent_steps / 1e6:.1f} M"


def svg_figure(title: str, width: float, height: float, content: str) -> str:
    """A `<figure>` with SVG of ours in it."""
    size = f'width="{width:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
    head = f'<svg {size} role="img" aria-label="{escape(title)}">'
    return f'<figure class="chart"><figcaption>{escape(title)}</figcaption>{head}{content}</svg></figure>'


def _x(agent_steps: float, last: int) -> float:
    return _LEFT + (WIDTH - _LEFT - _RIGHT) * agent_steps / last


def _y(value: float, top: float) -> float:
    return _TOP + (HEIGHT - _TOP - _BOTTOM) * (1.0 - min(max(value / top, 0.0), 1.0))


def _axes(last: int, top: float) -> str:
    parts = []
    for value in _ticks(top, 0.25 if top == 1.0 else round_step(top, _TICKS)):
        words, y = f"{value:.0%}" if top == 1.0 else f"{value:.3g}", _y(value, top)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="tick end" x="{_LEFT - 6}" y="{y + 4:.1f}">{words}</text>')
    for steps in _ticks(last, max(round_step(last, _TICKS), 1.0)):
        x, words = _x(steps, last), steps_text(round(steps))
        parts.append(f'<text class="tick middle" x="{x:.1f}" y="{HEIGHT - 12}">{words}</text>')
    return "".join(parts)


def _ticks(last: float, step: float) -> list[float]:
    """Multiples of a step, from 0 up to `last`."""
    return [k * step for k in range(math.floor(last / step + 1e-9) + 1)]


def round_step(length: float, most: int) -> float:
    """The smallest of 1, 2 and 5 times a power of ten that goes into `length` at most `most` times."""
    rough = length / most
    size = 10.0 ** math.floor(math.log10(rough))
    return size * next(factor for factor in (1, 2, 5, 10) if rough <= factor * size)


def _curve(curve: Curve, last: int, top: float) -> str:
    """A line with its band; a single point is a dot with its interval."""
    points = [(_x(step, last), _y(value, top)) for step, value in zip(curve.agent_steps, curve.values, strict=True)]
    if len(points) == 1:
        return _dot(curve, *points[0], top)
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    band = ""
    if len(curve.low):
        upper = [f"{x:.1f},{_y(value, top):.1f}" for (x, _), value in zip(points, curve.high, strict=True)]
        lower = [f"{x:.1f},{_y(value, top):.1f}" for (x, _), value in zip(points, curve.low, strict=True)]
        band = f'<polygon points="{" ".join([*upper, *reversed(lower)])}" fill="{curve.colour}" opacity="0.18"/>'
    return f'{band}<polyline points="{line}" fill="none" stroke="{curve.colour}" stroke-width="2"/>'


def _dot(curve: Curve, x: float, y: float, top: float) -> str:
    interval = ""
    if len(curve.low):
        low, high = _y(curve.low[0], top), _y(curve.high[0], top)
        interval = (
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{low:.1f}" y2="{high:.1f}" stroke="{curve.colour}" opacity="0.35"/>'
        )
    return f'{interval}<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{curve.colour}"/>'


def _label(curve: Curve, y: float, top: float) -> str:
    value = curve.values[-1]
    words = f"{escape(curve.name)} {value:.0%}" if top == 1.0 else f"{escape(curve.name)} {value:.2g}"
    return f'<text class="name" x="{WIDTH - _RIGHT + 8}" y="{y + 4:.1f}" fill="{curve.colour}">{words}</text>'


def _apart(curves: Sequence[Curve], top: float) -> list[float]:
    """Heights for the curves' names at their right ends, far enough apart to be read."""
    wanted = [_y(curve.values[-1], top) for curve in curves]
    order, placed = sorted(range(len(curves)), key=lambda k: wanted[k]), [0.0] * len(curves)
    floor = _TOP
    for k in order:
        placed[k] = floor = max(wanted[k], floor)
        floor += _NAME_PX
    ceiling = HEIGHT - _BOTTOM + 4.0
    for k in reversed(order):
        placed[k] = ceiling = min(placed[k], ceiling)
        ceiling -= _NAME_PX
    return placed


def _short(name: str) -> str:
    """A name, cut in front: paths and stages of one run differ at their ends."""
    return escape(name if len(name) <= _LONGEST else f"…{name[1 - _LONGEST :]}")


def _heat(value: float) -> str:
    """From the seekers' orange over white to the hiders' blue."""
    low, middle, high = (213, 94, 0), (247, 244, 239), (0, 114, 178)
    one, other, share = (low, middle, 2 * value) if value < 0.5 else (middle, high, 2 * value - 1)
    return "#" + bytes(round(a + (b - a) * min(max(share, 0.0), 1.0)) for a, b in zip(one, other, strict=True)).hex()
