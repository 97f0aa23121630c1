"""A second time line under a film of a run: not the episode's time but the teams', from untrained to trained."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pygame
from pygame import Rect

from replays.viewer.gallery.labels import steps_text
from replays.viewer.gallery.loader import RecordingLoader
from replays.viewer.gallery.metadata import Facts, agent_steps_of
from replays.viewer.widgets.panes import NAMES_WIDTH, PAD
from replays.viewer.widgets.theme import FAINT, LINE, SMALL, SOFT, px, write
from sim.render.canvas import Stamp
from sim.render.palette import HIDER, INK, PAPER, SEEKER, WHITE, mix

HEIGHT = 62
"""Of the plain design, before `px`."""
_MOST_BYTES = 32 * 2**20
_MOST_POINTS = 400
_SHUT_TITLES = ("Door blocked", "Room sealed", "Fort built")


class Curve(NamedTuple):
    """How often hiders stayed hidden in training."""

    agent_steps: list[int]
    hidden: list[float]
    """Share of play ticks, averaged over the episodes of an update."""


class TrainingTimeline:
    """The recordings of one run by agent-steps, and which of them is shown."""

    def __init__(self, paths: Sequence[Path], shelf: RecordingLoader) -> None:
        """Takes the recordings of a run, two or more, earliest first."""
        self.paths = list(paths)
        self.steps = [agent_steps_of(path) or 0 for path in paths]
        self.held = False
        self._shelf = shelf
        self._curve = read_curve(self.paths[0].parent.parent / "metrics.jsonl")
        self._longest = max(self.steps[-1], *self._curve.agent_steps[-1:], 1)

    def x_of(self, area: Rect, number: int) -> int:
        """The pixel column of a recording."""
        return round(self._x(_track(area), self.steps[number]))

    def number_at(self, area: Rect, x: int) -> int:
        """The recording that is nearest to a pixel column."""
        return min(range(len(self.paths)), key=lambda number: abs(self.x_of(area, number) - x))

    def draw(self, surface: pygame.Surface, area: Rect, shown: Path, hover: int | None) -> None:
        """Draws the strip in `area`; `hover` is the pixel column under the mouse, if it is there."""
        pygame.draw.rect(surface, PAPER, area)
        pygame.draw.line(surface, LINE, area.topleft, area.topright)
        track = _track(area)
        write(surface, "training", (track.left - px(12), track.centery), SMALL, FAINT, "midright")
        pygame.draw.rect(surface, SOFT, track, border_radius=px(4))
        self._draw_curve(surface, track)
        number = self.paths.index(shown) if shown in self.paths else None
        for place, path in enumerate(self.paths):
            self._draw_sign(surface, (self.x_of(area, place), track.bottom), path, place == number)
        told = hover if hover is not None else None if number is None else self.x_of(area, number)
        if told is not None:
            place = self.number_at(area, told)
            words = write(
                surface, self._words(place), (self.x_of(area, place), area.top + px(4)), SMALL, PAPER, "midtop"
            )
            words.clamp_ip(area.inflate(-2 * px(PAD), 0))
            pygame.draw.rect(surface, PAPER, words.inflate(px(8), 0))
            write(surface, self._words(place), words.topleft, SMALL, INK)

    def _x(self, track: Rect, agent_steps: int) -> float:
        return track.left + track.width * agent_steps / self._longest

    def _words(self, number: int) -> str:
        words = f"{steps_text(self.steps[number])}  ({number + 1} of {len(self.paths)})"
        facts = self._shelf.facts(self.paths[number])
        if isinstance(facts, Facts):
            words += f"  {facts.strategies[0]}"
            words += "" if facts.hidden is None else f", {facts.hidden:.0%} hidden"
        return words

    def _draw_curve(self, surface: pygame.Surface, track: Rect) -> None:
        """Hidden in training, as a hill: the higher, the better for the hiders."""
        points = [
            (self._x(track, steps), track.bottom - 1 - (track.height - 2) * share)
            for steps, share in zip(*self._curve, strict=True)
        ]
        if len(points) > 1:
            foot = [(points[-1][0], track.bottom - 1), (points[0][0], track.bottom - 1)]
            pygame.draw.polygon(surface, mix(PAPER, HIDER, 0.25), [*points, *foot])
            pygame.draw.aalines(surface, mix(PAPER, HIDER, 0.7), False, points)

    def _draw_sign(self, surface: pygame.Surface, place: tuple[int, int], path: Path, shown: bool) -> None:
        """A disc for each recording; a roof where hiders shut themselves in; large for the one shown."""
        facts = self._shelf.facts(path)
        size, edge = px(75 if shown else 50) / 10, px(15) / 10
        x, y = place
        stamp = Stamp(surface, [place], px(14))
        colour = INK if shown else mix(PAPER, INK, 0.6)
        if isinstance(facts, Facts) and set(facts.strategies) & set(_SHUT_TITLES):
            for wide, shade in ((size + 2 * edge, WHITE), (size, HIDER if not shown else INK)):
                stamp.polygon(shade, [(x, y - wide * 1.2), (x + wide * 1.2, y + wide), (x - wide * 1.2, y + wide)])
        else:
            stamp.disc(WHITE, place, size + edge)
            stamp.disc(SEEKER if isinstance(facts, str) else colour, place, size)
        stamp.lay()


def read_curve(path: Path) -> Curve:
    """What a run's metrics tell; nothing where there are none, and nothing of lines that make no sense."""
    curve = Curve([], [])
    try:
        if path.stat().st_size > _MOST_BYTES:
            return curve
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return curve
    for line in lines[:: max(len(lines) // _MOST_POINTS, 1)]:
        try:
            found = json.loads(line)
            steps, hidden = int(found["agent_steps"]), float(found["hidden"])
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
            continue
        if 0 <= hidden <= 1 and steps > max(curve.agent_steps[-1:], default=-1):
            curve.agent_steps.append(steps)
            curve.hidden.append(hidden)
    return curve


def _track(area: Rect) -> Rect:
    left = area.left + px(PAD) + px(NAMES_WIDTH)
    return Rect(left, area.top + px(22), max(area.right - px(PAD) - px(8) - left, 1), px(26))
