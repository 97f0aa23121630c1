"""Curves over agent-steps: an axis, lines, the places where rates begin to rise, and values under the mouse.

The picture of the curves is kept until they change, since most frames show the same ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pygame
from pygame import Rect

from replays.film.units import short_steps, short_time
from replays.viewer.widgets.theme import FAINT, LINE, SMALL, px, write
from replays.viewer.widgets.value_rows import ValueRow, draw_card, draw_row
from sim.render.canvas import Point, Stamp
from sim.render.palette import INK, PAPER, WHITE, Colour, mix
from sim.render.text import label

_GUTTER, _AXIS, _TOP = 46, 20, 6
"""Room for the names of values, for the axis, and above the curves, in pixels of the plain design."""
_FULL_HEIGHT = 90
"""Lower plots have fewer words."""
_NICE = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_STEPS = (1.0, 2.0, 5.0, 10.0)
_TICK_WIDTH = 118
_POINT_WIDTH = 3
_RIM = 1.5
"""Width of the white rim of a dot, in pixels of the plain design."""


class Onset(NamedTuple):
    """The first point at which a rate has risen to a level."""

    agent_steps: int
    level: float


class Line(NamedTuple):
    """One curve."""

    name: str
    label: str
    colour: Colour
    values: np.ndarray
    """float [point]; NaN where nothing is known."""
    top: float
    """The value at the upper edge of the plot."""
    onsets: tuple[Onset, ...] = ()

    def text(self, value: float) -> str:
        """A value in words, such as "62%"."""
        if np.isnan(value):
            return "-"
        return f"{value:.0%}" if self.top == 1.0 else f"{value:.1f}"


@dataclass(frozen=True)
class Curves:
    """Several lines over the same agent-steps."""

    agent_steps: np.ndarray
    """int [point], growing."""
    seconds: np.ndarray
    """float [point]: how long training had taken."""
    lines: tuple[Line, ...]
    changes: tuple[int, ...] = ()
    """Beyond how many agent-steps training went on in another world."""

    @property
    def last(self) -> int:
        """Agent-steps of the last point; 0 where there is none."""
        return int(self.agent_steps[-1]) if len(self.agent_steps) else 0

    def point_at(self, agent_steps: float) -> int | None:
        """The number of the nearest point; None where there is none."""
        return int(np.abs(self.agent_steps - agent_steps).argmin()) if len(self.agent_steps) else None

    def values_at(self, agent_steps: int | None = None) -> list[float]:
        """Every line's value at the nearest point, or its newest one; NaN where it has none."""
        point = None if agent_steps is None else self.point_at(agent_steps)
        if point is not None:
            return [float(line.values[point]) for line in self.lines]
        known = [line.values[~np.isnan(line.values)] for line in self.lines]
        return [float(values[-1]) if len(values) else np.nan for values in known]

    def seconds_at(self, agent_steps: float) -> float:
        """How long training had taken to get there."""
        if not len(self.agent_steps):
            return 0.0
        return float(np.interp(agent_steps, [0, *self.agent_steps], [0.0, *self.seconds]))


class Plot:
    """Curves in a rectangle. The axis ends at a round number, so that new points rarely rescale it."""

    def __init__(self, area: Rect, curves: Curves, least_end: int = 1) -> None:
        """`least_end` is where the axis ends at the earliest, in agent-steps."""
        self.area, self.curves = area, curves
        self.end = _round_up(max(curves.last, least_end, 1))

    @cached_property
    def track(self) -> Rect:
        """Where the curves lie: its left end is the first agent-step, its lower edge the value 0."""
        area = self.area
        left, bottom = area.left + px(_GUTTER), area.bottom - px(_AXIS + 6)
        return Rect(left, area.top + px(_TOP), max(area.right - px(14) - left, 1), max(bottom - area.top - px(_TOP), 1))

    def x_of(self, agent_steps: float) -> float:
        """The pixel column of a number of agent-steps."""
        return self.track.left + self.track.width * agent_steps / self.end

    def steps_at(self, x: float) -> float:
        """The agent-steps at a pixel column, within the plot."""
        return min(max((x - self.track.left) / self.track.width, 0.0), 1.0) * self.end

    def y_of(self, line: Line, value: float) -> float:
        """The pixel row of a value."""
        return self.track.bottom - 1 - (self.track.height - 2) * min(value / line.top, 1.0)

    @cached_property
    def picture(self) -> pygame.Surface:
        """Axis, curves and onsets on paper; the size of the area."""
        surface = pygame.Surface(self.area.size, depth=32)
        surface.fill(PAPER)
        here = Plot(Rect(0, 0, *self.area.size), self.curves, round(self.end))
        here._draw_grid(surface)
        for line in reversed(self.curves.lines):
            here._draw_line(surface, line)
        here._draw_changes(surface)
        here._draw_onsets(surface)
        return surface

    def draw(self, surface: pygame.Surface) -> None:
        """Draws the curves; what the mouse points at is drawn by `draw_values`."""
        surface.blit(self.picture, self.area)

    def draw_values(self, surface: pygame.Surface, x: int, foot: str = "") -> None:
        """Draws a line through the curves at the mouse's pixel column, and a card with every curve's value there."""
        track, curves = self.track, self.curves
        x = min(max(x, track.left), track.right)
        steps, point = min(self.steps_at(x), curves.last or self.end), curves.point_at(self.steps_at(x))
        pygame.draw.line(surface, mix(PAPER, INK, 0.4), (x, track.top), (x, track.bottom))
        title = f"{short_steps(steps)} agent-steps"
        rows = [ValueRow(title if point is None else f"{title} · {short_time(curves.seconds_at(steps))}")]
        for line in curves.lines if point is not None else ():
            value = float(line.values[point])
            rows.append(ValueRow(line.label, line.colour, line.text(value)))
            if not np.isnan(value):
                place = (self.x_of(float(curves.agent_steps[point])), self.y_of(line, value))
                draw_dot(surface, place, 3.5, line.colour)
        if foot:
            rows.append(ValueRow(foot))
        draw_card(surface, rows, x, track)

    def _draw_grid(self, surface: pygame.Surface) -> None:
        track, area = self.track, self.area
        full = area.height >= px(_FULL_HEIGHT)
        for share in (0.0, 0.5, 1.0):
            y = round(track.bottom - 1 - (track.height - 2) * share)
            pygame.draw.line(surface, LINE, (track.left, y), (track.right, y))
            if full or share != 0.5:
                write(surface, f"{share:.0%}", (track.left - px(6), y), SMALL - 2, FAINT, "midright")
        step = self._tick_step()
        for number in range(int(self.end / step + 1e-9) + 1):
            steps = number * step
            x = round(self.x_of(steps))
            pygame.draw.line(surface, LINE, (x, track.bottom), (x, track.bottom + px(4)))
            words = self._tick_words(steps)
            wide = label(words, px(SMALL - 2), FAINT).get_width()
            middle = min(max(x, area.left + wide // 2 + px(2)), area.right - wide // 2 - px(6))
            write(surface, words, (middle, area.bottom - px(_AXIS) // 2), SMALL - 2, FAINT, "center")

    def _tick_step(self) -> float:
        """Agent-steps from one mark of the axis to the next."""
        wanted = self.end * px(_TICK_WIDTH) / self.track.width
        size = 10.0 ** np.floor(np.log10(wanted))
        return float(next(size * nice for nice in _STEPS if size * nice >= wanted * (1 - 1e-9)))

    def _tick_words(self, steps: float) -> str:
        if not steps:
            return "0 steps"
        words = short_steps(steps)
        return f"{words} · {short_time(self.curves.seconds_at(steps))}" if 0 < steps <= self.curves.last else words

    def _draw_changes(self, surface: pygame.Surface) -> None:
        """Draws a line where another world comes, as rates may jump there, with words where these have room."""
        for agent_steps in self.curves.changes:
            x = round(self.x_of(agent_steps))
            if agent_steps <= self.curves.last:
                pygame.draw.line(surface, mix(PAPER, INK, 0.35), (x, self.track.top), (x, self.track.bottom), px(2))
                if self.area.height >= px(_FULL_HEIGHT):
                    spot = (x + px(6), self.track.top + self.track.height // 5)
                    words = label("another world", px(SMALL - 2), FAINT)
                    pygame.draw.rect(surface, PAPER, words.get_rect(topleft=spot).inflate(px(2), -px(4)))
                    surface.blit(words, spot)

    def _draw_line(self, surface: pygame.Surface, line: Line) -> None:
        points, width = self._points(line), max(px(2), 1)
        if len(points) < 2:
            return
        for row in range(width):  # pygame's smooth lines are one pixel wide
            shift = row - (width - 1) / 2
            pygame.draw.aalines(surface, line.colour, False, [(x, y + shift) for x, y in points])

    def _points(self, line: Line) -> list[tuple[float, float]]:
        """The points of a line: one for every few pixels, the mean of the values there."""
        known = ~np.isnan(line.values)
        if known.sum() < 2:
            return []
        columns = self.track.left + self.track.width * self.curves.agent_steps[known] / self.end
        _, first, count = np.unique(columns // px(_POINT_WIDTH), return_index=True, return_counts=True)
        columns, means = (np.add.reduceat(numbers, first) / count for numbers in (columns, line.values[known]))
        rows = self.track.bottom - 1 - (self.track.height - 2) * np.minimum(means / line.top, 1.0)
        return list(zip(columns.tolist(), rows.tolist(), strict=True))

    def _draw_onsets(self, surface: pygame.Surface) -> None:
        """Draws a ring for each on its curve, and words where they cover no other words."""
        taken: list[Rect] = []
        for line in self.curves.lines:
            for onset in line.onsets:
                place = (self.x_of(onset.agent_steps), self.y_of(line, onset.level * line.top))
                stamp = Stamp(surface, [place], px(7))
                for radius, colour in ((60, WHITE), (45, line.colour), (20, WHITE)):
                    stamp.disc(colour, place, px(radius) / 10)
                stamp.lay()
                if self.area.height >= px(_FULL_HEIGHT):
                    self._write_onset(surface, line, onset, taken)

    def _write_onset(self, surface: pygame.Surface, line: Line, onset: Onset, taken: list[Rect]) -> None:
        x, y = round(self.x_of(onset.agent_steps)), round(self.y_of(line, onset.level * line.top))
        words, height = f"{onset.level:.0%} at {short_steps(onset.agent_steps)}", SMALL - 2
        letters = label(words, px(height), INK)
        for anchor, spot in (("midright", (x - px(9), y - px(9))), ("midleft", (x + px(9), y + px(10)))):
            area = letters.get_rect(**{anchor: spot})
            if self.track.contains(area) and area.collidelist(taken) < 0:
                pygame.draw.rect(surface, PAPER, area.inflate(px(2), -px(4)))
                taken.append(write(surface, words, spot, height, mix(line.colour, INK, 0.2), anchor))
                return


def draw_legend(
    surface: pygame.Surface, area: Rect, lines: Sequence[Line], row: int, values: Sequence[float] | None = None
) -> None:
    """Draws each line's colour, name and value, if any are given, from the top of an area down, as many as fit."""
    for number, line in enumerate(lines[: area.height // row]):
        value = "" if values is None else line.text(values[number])
        place = Rect(area.left, area.top + number * row, area.width, row)
        draw_row(surface, place, ValueRow(line.label, line.colour, value), INK if values is None else FAINT)


def draw_dot(surface: pygame.Surface, place: Point, radius: float, colour: Colour) -> None:
    """A disc with a white rim; both in pixels of the plain design."""
    unit = px(100) / 100
    stamp = Stamp(surface, [place], (radius + _RIM + 1) * unit)
    stamp.disc(WHITE, place, (radius + _RIM) * unit)
    stamp.disc(colour, place, radius * unit)
    stamp.lay()


def _round_up(agent_steps: float) -> float:
    size = 10.0 ** np.floor(np.log10(agent_steps))
    return float(next(size * nice for nice in _NICE if size * nice >= agent_steps * (1 - 1e-9)))
