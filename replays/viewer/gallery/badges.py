"""The badge on every film: whether it was learned, scripted, played or changed by a person; and how rare it is."""

from pathlib import Path

import pygame
from pygame import Rect

from replays.film.facts import Facts, stage_of
from replays.film.labels import rate_text, steps_text
from replays.film.origin import CHANGED, LEARNED_ORIGINS, PLAYED
from replays.film.units import first_stage_text
from replays.viewer.widgets.fitting import height_that_fits, is_cut
from replays.viewer.widgets.theme import SMALL, card, px, shorten
from sim.render.palette import HIDER, INK, WHITE, Colour, mix
from sim.render.text import label

_HEIGHT, _PAD = 22, 8
_NAME_IT = "N  name"


def badge_text(path: Path, facts: Facts) -> str:
    """What the badge says, such as "learned, 24.1 M steps"."""
    steps = stage_of(path, facts)
    if steps == 0:
        return first_stage_text(facts.begun)
    return facts.origin if steps is None else f"{facts.origin}, {steps_text(steps)}"


def badge_colour(origin: str) -> Colour:
    """Blue for what was learned, black for what a person did, grey for what is scripted."""
    if origin in LEARNED_ORIGINS:
        return mix(HIDER, INK, 0.25)
    return INK if origin in (PLAYED, CHANGED) else mix(WHITE, INK, 0.55)


def cut_badge_texts(area: Rect, path: Path, facts: Facts) -> list[str]:
    """The texts of the badges of an area that have to be cut."""
    texts = [badge_text(path, facts)]
    if facts.rate is not None:
        texts.append(rate_text(facts.rate))
    return [text for text in texts if is_cut(text, SMALL, badge_width(area) - 2 * px(_PAD))]


def draw_badge(surface: pygame.Surface, area: Rect, path: Path, facts: Facts) -> None:
    """Draws the badge in the upper left corner of an area, and under it how often the run shows this.

    Recordings of a group of episodes have a button in the lower left corner.
    """
    left, top, room = area.left + px(6), area.top + px(6), badge_width(area)
    drawn = draw_pill(surface, badge_text(path, facts), (left, top), room, badge_colour(facts.origin), WHITE)
    if facts.rate is not None:
        below = (left, drawn.bottom + px(4))
        draw_pill(surface, rate_text(facts.rate), below, room, WHITE, INK)
    if facts.group is not None:
        button = name_button(area)
        draw_pill(surface, _NAME_IT, button.topleft, button.width, WHITE, INK)


def name_button(area: Rect) -> Rect:
    """Where the button lies in an area that names a group of episodes."""
    width = label(_NAME_IT, px(SMALL), INK).get_width() + 2 * px(_PAD)
    return Rect(area.left + px(6), area.bottom - px(6) - px(_HEIGHT), width, px(_HEIGHT))


def badge_width(area: Rect) -> int:
    """The greatest width of a badge in an area."""
    return area.width - px(12)


def draw_pill(
    surface: pygame.Surface, text: str, place: tuple[int, int], width: int, colour: Colour, ink: Colour
) -> Rect:
    """Draws words on a small card, at most `width` pixels wide; returns what it covers."""
    pad = px(_PAD)
    height = height_that_fits(text, SMALL, width - 2 * pad)
    if is_cut(text, height, width - 2 * pad):
        text = shorten(text, height, width - 2 * pad)
    letters = label(text, px(height), ink)
    area = Rect(*place, letters.get_width() + 2 * pad, px(_HEIGHT))
    card(surface, area, colour)
    surface.blit(letters, letters.get_rect(center=area.center))
    return area
