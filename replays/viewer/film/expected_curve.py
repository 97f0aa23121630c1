"""The curve in the panel of an agent: the points that its team expects from each moment on, and their scale."""

from contextlib import suppress
from functools import lru_cache

import numpy as np
import pygame
from pygame import Rect

from replays.film.film import Film
from replays.viewer.widgets.theme import FAINT, LINE, SMALL, SOFT, px, write
from replays.viewer.widgets.time_axis import x_of
from sim.errors import UserError
from sim.layout import side_of
from sim.render.palette import INK, TEAMS
from sim.rules import HIDERS, RULES
from sim.scenario import Scenario, scenario_from_text
from sim.shifts.shifted import shifts_of

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
    most, (who, verb) = _highest(curve), _who(film, agent)
    mean = f", the mean over the {_team(film, agent)}" if _by_itself(film) else ""
    return [
        f"Points that {who} {verb} from each moment on{mean}",
        f"{_point_text(film, agent)} Later ones count for less.",
        f"The curve lies between -{most[1:]} and {most}; the line is 0.",
    ]


def _point_text(film: Film, agent: int) -> str:
    """What a point is."""
    world, tick, hiders = _world(film.recording.header.scenario), f"{RULES.tick_s:g} s", _is_hider(film, agent)
    if world is None or not _pays_sight_alone(film, world):
        return "A point is what this world pays; hideseek scenarios tells more."
    if world.reward == "team":
        won, lost = ("no hider", "one") if hiders else ("a hider", "none")
        return f"Each tick ({tick}) in which {won} is seen is a point, each in which {lost} is costs one."
    won, lost = ("is not seen", "is") if hiders else ("sees a hider", "does not")
    return f"Each tick ({tick}) in which it {won} is a point, each in which it {lost} costs one."


@lru_cache(maxsize=64)
def _world(scenario: str) -> Scenario | None:
    """A film's world, which is parsed; None where this version knows no such world."""
    with suppress(UserError):
        return scenario_from_text(scenario)
    return None


def _pays_sight_alone(film: Film, world: Scenario) -> bool:
    shifted = any(shift.pay for shift in shifts_of(world))
    return film.has_seekers and not film.recording.layout.food_exists.any() and not shifted


def _by_itself(film: Film) -> bool:
    """Whether each agent is paid by itself, or the mean of that: the curve is the mean over the team in both."""
    world = _world(film.recording.header.scenario)
    return world is not None and world.reward != "team"


def draw_expected(surface: pygame.Surface, area: Rect, film: Film, agent: int, time: float) -> None:
    """Draws into the panel `area` what the agent's team expects to be paid from each moment on, and the scale."""
    words, plot, (who, verb) = curve_area(area), plot_area(area), _who(film, agent)
    curve = film.recording.expected_by(agent)
    if curve is None:
        write(
            surface, f"What {_team(film, agent)} expect was not recorded", (words.left, words.top + px(4)), SMALL, FAINT
        )
        return
    colour = TEAMS[side_of(agent, film.recording.header.slots)]
    now = float(curve[min(int(time), len(curve) - 1)])
    write(surface, f"Points {who} {verb}", words.topleft, SMALL, FAINT)
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


def _who(film: Film, agent: int) -> tuple[str, str]:
    """Whose points the curve tells of, and the verb: those of one agent where each is paid by itself."""
    team = _team(film, agent)
    return (f"a {team.removesuffix('s')}", "expects") if _by_itself(film) else (f"the {team}", "expect")


def _team(film: Film, agent: int) -> str:
    return "hiders" if _is_hider(film, agent) else "seekers"


def _is_hider(film: Film, agent: int) -> bool:
    return side_of(agent, film.recording.header.slots) == HIDERS
