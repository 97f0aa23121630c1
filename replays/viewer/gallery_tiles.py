"""Tiles: a thumbnail with a few words under it."""

from functools import lru_cache
from pathlib import Path

import pygame
from pygame import Rect

from replays.viewer.gallery_facts import FOUND, HIDDEN, Facts, agent_steps_of, run_of
from replays.viewer.gallery_titles import UNREADABLE, steps_text, trained_steps
from replays.viewer.theme import FAINT, LARGE, LINE, NORMAL, SMALL, SOFT, card, wrap, write
from sim.drawing.canvas import Stamp
from sim.drawing.palette import HIDER, INK, PAPER, SEEKER, WHITE, mix
from sim.drawing.portrait import draw_portrait
from sim.rules import HIDERS, RULES, SEEKERS

_INSET = 8


def who_plays(path: Path, facts: Facts) -> str:
    """A line on the teams: a run and how long it had trained, or their names."""
    run = run_of(path)
    if run is not None:
        return f"{run}, {steps_text(agent_steps_of(path) or 0)}"
    trained = trained_steps(facts.hiders)
    if trained is not None and trained == trained_steps(facts.seekers):
        return f"both trained for {steps_text(trained)}"
    teams = []
    for team, side in ((facts.hiders, "hiders"), (facts.seekers, "seekers")):
        steps = trained_steps(team)
        teams.append(team if steps is None else f"{side} of {steps_text(steps)}")
    return " against ".join(teams)


def draw_tile(surface: pygame.Surface, area: Rect, path: Path, known: Facts | str | None, picture) -> None:
    """Draws a tile; `picture` is its thumbnail as a surface, or None while that is on its way."""
    surface.blit(_tile(area.size, path, known, picture), area)


def draw_chosen(surface: pygame.Surface, area: Rect) -> None:
    """A frame around the chosen tile."""
    pygame.draw.rect(surface, INK, area.inflate(8, 8), width=3, border_radius=11)


def draw_mark(surface: pygame.Surface, area: Rect, number: int) -> None:
    """A badge that says: this one is number so many of those to be shown side by side."""
    centre = (area.right - 24, area.top + 24)
    stamp = Stamp(surface, [centre], 18)
    stamp.disc(WHITE, centre, 16)
    stamp.disc(INK, centre, 14)
    stamp.text(str(number), WHITE, centre, 24)
    stamp.lay()


def draw_preview(surface: pygame.Surface, area: Rect, picture: pygame.Surface) -> None:
    """Lays a moving picture over a tile's thumbnail."""
    surface.blit(picture, picture_area(area))


def picture_area(area: Rect) -> Rect:
    """Where the thumbnail of a tile lies."""
    side = area.width - 2 * _INSET
    return Rect(area.left + _INSET, area.top + _INSET, side, side)


@lru_cache(maxsize=160)
def _tile(size: tuple[int, int], path: Path, known: Facts | str | None, picture) -> pygame.Surface:
    tile = pygame.Surface(size, pygame.SRCALPHA)
    area = tile.get_rect()
    card(tile, area)
    place = picture_area(area)
    if picture is not None:
        tile.blit(pygame.transform.smoothscale(picture, place.size), place)
    else:
        pygame.draw.rect(tile, PAPER, place, border_radius=4)
    if isinstance(known, str):
        _draw_broken(tile, place, path, known)
    elif known is not None:
        _draw_words(tile, area, place.bottom, path, known)
    return tile


def _draw_words(tile: pygame.Surface, area: Rect, top: int, path: Path, facts: Facts) -> None:
    left, width = area.left + 12, area.width - 24
    title = write(tile, facts.strategies[0], (left, top + 7), LARGE, INK, width=width)
    if facts.lasted:
        told = f"for {facts.lasted * RULES.tick_s:.1f} s"
        room = max(area.right - 12 - title.right - 8, 0)
        write(tile, told, (area.right - 12, top + 10), SMALL, FAINT, "topright", room)
    write(tile, who_plays(path, facts), (left, top + 27), SMALL, FAINT, width=width)
    team = {HIDDEN: HIDERS, FOUND: SEEKERS}.get(facts.outcome)
    row = top + 52
    if team is not None:
        draw_portrait(tile, (left + 7, row), 6.5, team)
    share = "" if facts.hidden is None else f"{facts.hidden:.0%} hidden"
    words = write(tile, share or "no result", (area.right - 12, row), SMALL, INK, "midright")
    if facts.hidden is not None:
        bar = Rect(left + 22, row - 3, words.left - 10 - left - 22, 6)
        pygame.draw.rect(tile, mix(WHITE, SEEKER, 0.35), bar, border_radius=3)
        bar.width = round(bar.width * facts.hidden)
        pygame.draw.rect(tile, HIDER, bar, border_radius=3)


def _draw_broken(tile: pygame.Surface, place: Rect, path: Path, why: str) -> None:
    """A torn sheet, and why."""
    pygame.draw.rect(tile, SOFT, place, border_radius=4)
    x, y = place.centerx, place.top + 44
    sheet = [(x - 20, y - 26), (x + 20, y - 26), (x + 20, y + 14), (x + 8, y + 24), (x - 4, y + 14), (x - 20, y + 26)]
    pygame.draw.polygon(tile, WHITE, sheet)
    pygame.draw.polygon(tile, LINE, sheet, width=2)
    reason = why.removeprefix(f"{path}: ")
    for row, line in enumerate(wrap(reason, SMALL, place.width - 20)[: max((place.height - 90) // 18, 0)]):
        write(tile, line, (place.centerx, place.top + 84 + 18 * row), SMALL, FAINT, "midtop")
    write(tile, path.name, (12, place.bottom + 7), NORMAL, INK, width=tile.get_width() - 24)
    write(tile, UNREADABLE, (12, place.bottom + 29), SMALL, FAINT)
