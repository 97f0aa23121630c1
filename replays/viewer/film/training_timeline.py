"""The time line of training under a film of a run: its curves, and a mark for each recording that can be played."""

from collections.abc import Sequence
from pathlib import Path

import pygame
from pygame import Rect

from replays.film.facts import Facts, agent_steps_of, begun_of
from replays.film.labels import steps_text
from replays.film.run_start import changes_of, config_of
from replays.format.metrics import read_metrics
from replays.viewer.gallery.loader import RecordingLoader
from replays.viewer.training.curves import NAMES, curves_of
from replays.viewer.widgets.panes import NAMES_WIDTH, PAD
from replays.viewer.widgets.plot import Plot, draw_dot, draw_legend
from replays.viewer.widgets.theme import FAINT, LINE, SMALL, px, write
from sim.render.canvas import Stamp
from sim.render.palette import HIDER, INK, PAPER, SEEKER, WHITE, mix

HEIGHT, LOW_HEIGHT = 132, 70
"""Of the plain design, before `px`."""
_TALL_WINDOW = 760
"""Lower windows have the low time line, without a legend."""
_LEGEND_WIDTH = 172
_WIDE = 760
"""In narrower windows the legend gives way; the card under the mouse names the curves."""
_LEGEND_ROW = 16
_SHUT_TITLES = ("Door blocked", "Sealed in", "Fort built")


def strip_height(window_height: int) -> int:
    """How much of a window's height the time line takes, in pixels."""
    return px(HEIGHT if window_height >= px(_TALL_WINDOW) else LOW_HEIGHT)


class TrainingTimeline:
    """The recordings of one run by agent-steps, and which of them is shown."""

    def __init__(self, paths: Sequence[Path], loader: RecordingLoader) -> None:
        """Takes the recordings of a run, at least one, earliest first; reads the metrics beside them once."""
        self.paths = list(paths)
        self.steps = [agent_steps_of(path) or 0 for path in paths]
        self.held = False
        self._loader = loader
        run = self.paths[0].parent.parent
        self._curves = curves_of(read_metrics(run / "metrics.jsonl", NAMES), changes_of(config_of(run)))
        self._begun = begun_of(self.paths[0])
        self._kept_plot: Plot | None = None

    def x_of(self, area: Rect, number: int) -> int:
        """The pixel column of a recording."""
        return round(self._plot(area).x_of(self.steps[number]))

    def number_at(self, area: Rect, x: int) -> int:
        """The recording that is nearest to a pixel column."""
        return min(range(len(self.paths)), key=lambda number: abs(self.x_of(area, number) - x))

    def draw(self, surface: pygame.Surface, area: Rect, shown: Path, hover: int | None) -> None:
        """Draws the strip in `area`; `hover` is the pixel column of the mouse over it.

        The card of values may reach above the area.
        """
        pygame.draw.rect(surface, PAPER, area)
        pygame.draw.line(surface, LINE, area.topleft, area.topright)
        plot = self._plot(area)
        plot.draw(surface)
        legend = Rect(area.left + px(PAD), plot.track.top, px(_LEGEND_WIDTH) - px(8), plot.track.height + px(20))
        if _has_legend(area):
            draw_legend(surface, legend, self._curves.lines, px(_LEGEND_ROW))
        else:
            write(surface, "training", (area.left + px(PAD), plot.track.centery), SMALL, FAINT, "midleft", px(58))
        number = self.paths.index(shown) if shown in self.paths else None
        for place, path in enumerate(self.paths):
            self._draw_mark(surface, (self.x_of(area, place), plot.track.bottom - 1), path, place == number)
        if hover is not None:
            plot.draw_values(surface, hover, f"Click plays {self._words(self.number_at(area, hover))}")

    def _plot(self, area: Rect) -> Plot:
        left = area.left + px(_LEGEND_WIDTH if _has_legend(area) else NAMES_WIDTH)
        place = Rect(left, area.top + px(4), max(area.right - left, 1), area.height - px(4))
        if self._kept_plot is None or self._kept_plot.area != place:
            self._kept_plot = Plot(place, self._curves, self.steps[-1])
        return self._kept_plot

    def _words(self, number: int) -> str:
        words = f"stage {number + 1} of {len(self.paths)}: {steps_text(self.steps[number], self._begun)}"
        facts = self._loader.facts(self.paths[number])
        if isinstance(facts, Facts):
            words += f", {facts.strategies[0].lower()}"
        return words

    def _draw_mark(self, surface: pygame.Surface, place: tuple[int, int], path: Path, shown: bool) -> None:
        """A disc for each recording; a roof where hiders shut themselves in; large for the one shown."""
        facts, size = self._loader.facts(path), 7.5 if shown else 4.5
        if not isinstance(facts, Facts) or not set(facts.strategies) & set(_SHUT_TITLES):
            draw_dot(surface, place, size, SEEKER if isinstance(facts, str) else INK if shown else mix(PAPER, INK, 0.6))
            return
        (x, y), unit = place, px(100) / 100
        stamp = Stamp(surface, [place], px(14))
        for wide, shade in (((size + 3) * unit, WHITE), (size * unit, INK if shown else HIDER)):
            stamp.polygon(shade, [(x, y - wide * 1.2), (x + wide * 1.2, y + wide), (x - wide * 1.2, y + wide)])
        stamp.lay()


def _has_legend(area: Rect) -> bool:
    return area.width >= px(_WIDE) and area.height >= px(HEIGHT)
