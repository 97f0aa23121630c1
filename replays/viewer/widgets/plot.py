"""Curves over agent-steps: an axis, lines, the places where rates begin to rise, and values under the mouse.

The curves are drawn once and kept until they change, since most frames show the same ones again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pygame
from pygame import Rect

from replays.viewer.widgets.theme import FAINT, LINE, PANEL, SMALL, card, px, write
from sim.render.canvas import Stamp
from sim.render.palette import INK, PAPER, WHITE, Colour, mix
from sim.render.text import label

_GUTTER, _AXIS, _TOP = 46, 20, 6
"""Room for the heights' names, the axis and the topmost signs, in pixels of the plain design."""
_FULL_HEIGHT = 90
"""A lower plot has fewer words."""
_NICE = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_STEPS = (1.0, 2.0, 5.0, 10.0)
_TICK_WIDTH = 118
_POINT_WIDTH = 3
_TIP_ROW = 20


class Onset(NamedTuple):
    """Where a rate first reaches a level."""

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
        """A value as people write it."""
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

    @property
    def last(self) -> int:
        """Agent-steps of the last point; 0 where there is none."""
        return int(self.agent_steps[-1]) if len(self.agent_steps) else 0

    def point_at(self, agent_steps: float) -> int | None:
        """The number of the nearest point; None where there is none."""
        return int(np.abs(self.agent_steps - agent_steps).argmin()) if len(self.agent_steps) else None

    def seconds_at(self, agent_steps: float) -> float:
        """How long training had taken to get there."""
        if not len(self.agent_steps):
            return 0.0
        return float(np.interp(agent_steps, [0, *self.agent_steps], [0.0, *self.seconds]))


class Plot:
    """Curves in a rectangle. The axis ends at a round number, so that curves grow to the right before they shrink."""

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
        """The pixel column of so many agent-steps."""
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
        here._draw_onsets(surface)
        return surface

    def draw(self, surface: pygame.Surface) -> None:
        """Draws the curves; what the mouse points at is drawn by `draw_values`."""
        surface.blit(self.picture, self.area)

    def draw_values(self, surface: pygame.Surface, x: int, title: str, foot: str = "") -> None:
        """A line through the curves at a pixel column, and a card with every curve's value there."""
        point = self.curves.point_at(self.steps_at(x))
        track = self.track
        pygame.draw.line(surface, mix(PAPER, INK, 0.4), (x, track.top), (x, track.bottom))
        rows: list[tuple[Colour | None, str, str]] = [(None, title, "")]
        if point is not None:
            at = self.x_of(float(self.curves.agent_steps[point]))
            for line in self.curves.lines:
                value = float(line.values[point])
                rows.append((line.colour, line.label, line.text(value)))
                if not np.isnan(value):
                    place = (at, self.y_of(line, value))
                    stamp = Stamp(surface, [place], px(6))
                    stamp.disc(WHITE, place, px(50) / 10)
                    stamp.disc(line.colour, place, px(35) / 10)
                    stamp.lay()
        if foot:
            rows.append((None, foot, ""))
        _draw_rows(surface, rows, x, track)

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

    def _draw_line(self, surface: pygame.Surface, line: Line) -> None:
        points, width = self._points(line), max(px(2), 1)
        if len(points) < 2:
            return
        for row in range(width):  # pygame's smooth lines are one pixel wide
            shift = row - (width - 1) / 2
            pygame.draw.aalines(surface, line.colour, False, [(x, y + shift) for x, y in points])

    def _points(self, line: Line) -> list[tuple[float, float]]:
        """The points of a line, one for every few pixels: the mean of what falls there."""
        known = ~np.isnan(line.values)
        if known.sum() < 2:
            return []
        columns = self.track.left + self.track.width * self.curves.agent_steps[known] / self.end
        _, first, count = np.unique(columns // px(_POINT_WIDTH), return_index=True, return_counts=True)
        columns, means = (np.add.reduceat(numbers, first) / count for numbers in (columns, line.values[known]))
        rows = self.track.bottom - 1 - (self.track.height - 2) * np.minimum(means / line.top, 1.0)
        return list(zip(columns.tolist(), rows.tolist(), strict=True))

    def _draw_onsets(self, surface: pygame.Surface) -> None:
        """A ring for each on its curve, and in words where no other words are."""
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


def draw_legend(surface: pygame.Surface, area: Rect, lines: Sequence[Line], row: int, values: bool = True) -> None:
    """Each line's colour, what it is, and its newest value, from the top of an area down as far as there is room."""
    for number, line in enumerate(lines):
        top = area.top + number * row
        if top + row > area.bottom:
            return
        middle = top + row // 2
        swatch = Rect(area.left, middle - px(2), px(14), px(4))
        pygame.draw.rect(surface, line.colour, swatch, border_radius=px(2))
        room = area.right - swatch.right - px(6)
        if values:
            known = line.values[~np.isnan(line.values)]
            told = write(
                surface, line.text(known[-1] if len(known) else np.nan), (area.right, middle), SMALL, INK, "midright"
            )
            room -= told.width + px(8)
        write(surface, line.label, (swatch.right + px(6), middle), SMALL, FAINT if values else INK, "midleft", room)


def short_steps(agent_steps: float) -> str:
    """So many agent-steps in as few letters as possible, such as "1.2 M"."""
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if agent_steps >= size:
            return f"{agent_steps / size:.3g} {unit}"
    return f"{agent_steps:.0f}"


def short_time(seconds: float) -> str:
    """A time in as few letters as possible, such as "40 s", "12 min" or "3 h 20"."""
    if seconds < 99.5:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60:02}"


def _draw_rows(surface: pygame.Surface, rows: Sequence[tuple[Colour | None, str, str]], x: int, track: Rect) -> None:
    """A card with rows of colour, words and value, beside a column of the track and within the surface."""
    step, pad = px(_TIP_ROW), px(10)
    widest = max(
        label(f"{words}   {value}", px(SMALL), INK).get_width() + (px(22) if colour else 0)
        for colour, words, value in rows
    )
    sheet = Rect(0, 0, widest + 2 * pad, len(rows) * step + px(10))
    sheet.bottomleft = (x + px(14), track.bottom - px(8))
    if sheet.right > surface.get_width() - px(4):
        sheet.right = x - px(14)
    sheet.clamp_ip(surface.get_rect().inflate(-px(8), -px(8)))
    card(surface, sheet, PANEL)
    for number, (colour, words, value) in enumerate(rows):
        middle, left = sheet.top + px(5) + number * step + step // 2, sheet.left + pad
        if colour:
            pygame.draw.rect(surface, colour, Rect(left, middle - px(2), px(14), px(4)), border_radius=px(2))
            left += px(22)
        write(surface, words, (left, middle), SMALL, FAINT if colour else INK, "midleft")
        write(surface, value, (sheet.right - pad, middle), SMALL, INK, "midright")


def _round_up(agent_steps: float) -> float:
    size = 10.0 ** np.floor(np.log10(agent_steps))
    return float(next(size * nice for nice in _NICE if size * nice >= agent_steps * (1 - 1e-9)))
