"""The curve in the panel of an agent: the points that its team expects from each moment on, and their scale."""

import numpy as np
import pygame
from pygame import Rect

from replays.film.film import Film
from replays.viewer.widgets.theme import FAINT, LINE, SMALL, SOFT, px, write
from replays.viewer.widgets.time_axis import x_of
from sim.layout import side_of
from sim.render.palette import INK, TEAMS
from sim.rules import HIDERS, RULES

PAD = 14
"""Of the panel."""
_HEIGHT, _LEAST_HEIGHT, _WORDS, _SCALE_WIDTH = 72, 52, 22, 30
_REACH = 0.45
"""Of the plot's height, from zero to what is expected at most."""


def curve_area(area: Rect) -> Rect:
    """Where in the panel `area` the curve lies with its words; without height where there is no panel."""
    height = min(max(area.height * 3 // 10, px(_LEAST_HEIGHT)), px(_HEIGHT), max(area.height - px(8), 0))
    return Rect(area.left + px(PAD), area.bottom - height - px(8), area.width - 2 * px(PAD), height)


def plot_area(area: Rect) -> Rect:
    """Where in the panel `area` the curve itself lies; like the time line from tick 0 to the last."""
    curve, words, scale = curve_area(area), px(_WORDS), px(_SCALE_WIDTH)
    return Rect(curve.left + scale, curve.top + words, curve.width - scale, max(curve.height - words, 0))


def expected_words(film: Film, agent: int) -> list[str]:
    """What the curve means and how far it reaches; nothing where there is none."""
    curve = film.recording.expected_by(agent)
    if curve is None:
        return []
    most, name = _highest(curve), _name(film, agent)
    unit = "A point is what this world pays; hideseek scenarios tells more."
    if film.has_seekers and not film.recording.layout.food_exists.any():
        won, lost = ("no hider", "one") if name == "hiders" else ("a hider", "none")
        unit = f"Each tick ({RULES.tick_s:g} s) in which {won} is seen is a point, each in which {lost} is costs one."
    return [
        f"Points that the {name} expect from each moment on",
        f"{unit} Later ones count for less.",
        f"The curve lies between -{most[1:]} and {most}; the line is 0.",
    ]


def draw_expected(surface: pygame.Surface, area: Rect, film: Film, agent: int, time: float) -> None:
    """Draws into the panel `area` what the agent's team expects to be paid from each moment on, and the scale."""
    words, plot, name = curve_area(area), plot_area(area), _name(film, agent)
    curve = film.recording.expected_by(agent)
    if curve is None:
        write(surface, f"What {name} expect was not recorded", (words.left, words.top + px(4)), SMALL, FAINT)
        return
    colour = TEAMS[side_of(agent, film.recording.header.slots)]
    now = float(curve[min(int(time), len(curve) - 1)])
    write(surface, f"Points the {name} expect", words.topleft, SMALL, FAINT)
    write(surface, f"{now:+.2f}", words.topright, SMALL, colour, "topright")
    pygame.draw.rect(surface, SOFT, plot, border_radius=px(4))
    middle, reach, high = plot.centery, _REACH * plot.height, _most(curve)
    pygame.draw.line(surface, LINE, (plot.left, middle), (plot.right - 1, middle))
    most = _highest(curve)
    for text, y in ((most, middle - reach), ("0", middle), (f"-{most[1:]}", middle + reach)):
        write(surface, text, (plot.left - px(5), round(y)), SMALL - 3, FAINT, "midright")
    ticks = film.recording.header.ticks
    points = [(x_of(plot, ticks, tick), middle - reach * value / high) for tick, value in enumerate(curve.tolist())]
    if len(points) > 1:
        pygame.draw.aalines(surface, colour, False, points)
    x = x_of(plot, ticks, time)
    pygame.draw.line(surface, INK, (x, plot.top), (x, plot.bottom - 1), max(px(1), 1))
    pygame.draw.aacircle(surface, colour, (x, middle - reach * now / high), px(4))


def _most(curve: np.ndarray) -> float:
    """The largest number of points, gained or lost."""
    return max(float(np.abs(curve).max()), 1e-6)


def _highest(curve: np.ndarray) -> str:
    """That as text, such as "+37" or "+2.5"."""
    most = _most(curve)
    return f"{most:+.0f}" if most >= 10 else f"{most:+.2g}"


def _name(film: Film, agent: int) -> str:
    return "hiders" if side_of(agent, film.recording.header.slots) == HIDERS else "seekers"
