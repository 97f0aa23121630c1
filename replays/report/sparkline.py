"""A strategy's rate over a training, small enough for a cell of a table."""

import numpy as np

from replays.report.charts import steps_text
from replays.report.documents.run import RateSeries

_WIDTH, _HEIGHT, _EDGE = 220, 40, 4
_POINTS = 60
"""Updates next to each other share a point; one by one they are noise at this size."""


def sparkline(series: RateSeries, random: float, onset: int | None, last: int) -> str:
    """An `<svg>` from 0 to `last` agent-steps and from none to all of the episodes; nothing where there is no point.

    The dotted line is the rate `random` of untrained teams, the dot the agent-steps `onset` at which it set in.
    """
    steps, rates = np.array(series["agent_steps"]), np.array(series["rate"])
    steps, rates = steps[steps <= last], rates[steps <= last]
    if not len(steps):
        return ""
    pieces = np.array_split(np.arange(len(steps)), min(_POINTS, len(steps)))
    points = [(_x(steps[piece].mean(), last), _y(rates[piece].mean())) for piece in pieces]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    area = f"{points[0][0]:.1f},{_y(0.0):.1f} {line} {points[-1][0]:.1f},{_y(0.0):.1f}"
    parts = [
        f'<polygon class="area" points="{area}"/><polyline points="{line}"/>',
        f'<line class="random" x1="{_EDGE}" x2="{_WIDTH - _EDGE}" y1="{_y(random):.1f}" y2="{_y(random):.1f}"/>',
    ]
    if onset is not None:
        near = min(points, key=lambda point: abs(point[0] - _x(onset, last)))
        parts.append(f'<circle cx="{_x(onset, last):.1f}" cy="{near[1]:.1f}" r="3.5"/>')
    label = f"{rates[0]:.0%} at the start, {rates[-1]:.0%} at {steps_text(last)}"
    size = f'width="{_WIDTH}" height="{_HEIGHT}" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
    return f'<svg class="spark" {size} role="img" aria-label="{label}"><title>{label}</title>{"".join(parts)}</svg>'


def _x(agent_steps: float, last: int) -> float:
    return _EDGE + (_WIDTH - 2 * _EDGE) * agent_steps / max(last, 1)


def _y(rate: float) -> float:
    return _EDGE + (_HEIGHT - 2 * _EDGE) * (1.0 - float(rate))
