"""Tiles: a thumbnail with a badge on it and a few words under it; and the recording that plays in one of them."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pygame
from pygame import Rect

from replays.film.facts import FOUND, HIDDEN, Facts, agent_steps_of, run_of
from replays.film.film import Film
from replays.film.labels import UNREADABLE, steps_text, team_text, trained_steps
from replays.film.opening import comes_at, opens_at
from replays.format.recording import Recording, read
from replays.viewer.gallery.badges import cut_badge_texts, draw_badge
from replays.viewer.gallery.loader import draw_moment
from replays.viewer.widgets.fitting import first_lines, is_cut, write_fitting
from replays.viewer.widgets.theme import FAINT, LARGE, LINE, NORMAL, SMALL, SOFT, card, px, wrap, write
from sim.errors import UserError
from sim.render.canvas import Stamp
from sim.render.palette import HIDER, INK, PAPER, SEEKER, WHITE, mix
from sim.render.portrait import draw_portrait
from sim.render.text import label
from sim.rules import HIDERS, RULES, SEEKERS

_INSET, _PAD, _REASON_ROW = 8, 12, 18
_TEAM_LINES, _TEAM_ROW = 2, 16
"""Who plays may take two lines: long names in one line would have letters that nobody reads."""


def who_plays(path: Path, facts: Facts) -> str:
    """A line on the teams: a run and how long it had trained, or which stages it has, or their names."""
    run = run_of(path)
    if run is not None:
        steps = steps_text(agent_steps_of(path) or 0, facts.begun)
        line = f"{run}, {facts.stages or steps}" if facts.group is None else f"{run}, since {steps}"
        return f"{line}, {facts.begun}" if facts.begun else line
    trained = trained_steps(facts.hiders)
    if trained is not None and trained == trained_steps(facts.seekers):
        return f"both {'trained for ' if trained else ''}{steps_text(trained)}"
    if facts.seekers in ("", facts.hiders):
        return team_text(facts.hiders, "hiders")
    return f"{team_text(facts.hiders, 'hiders')} against {team_text(facts.seekers, 'seekers')}"


def draw_tile(surface: pygame.Surface, area: Rect, path: Path, known: Facts | str | None, picture) -> None:
    """Draws a tile; `picture` is its thumbnail as a surface, or None while that is on its way."""
    surface.blit(_tile(area.size, path, known, picture), area)


def cut_texts(area: Rect, path: Path, known: Facts | str | None) -> list[str]:
    """The whole text of everything on a tile that has to be cut, for a tooltip; nothing where all of it can be read."""
    width = area.width - 2 * px(_PAD)
    if isinstance(known, str):
        reason, room = _reason(path, known), _reason_area(picture_area(area))
        whole = len(wrap(reason, SMALL, room.width)) <= _reason_lines(room)
        return [path.name, *([] if whole else [reason])] if not whole or is_cut(path.name, NORMAL, width) else []
    if known is None:
        return []
    title, teams = _words(path, known)
    texts = [title] if is_cut(title, LARGE, width) else []
    texts += [teams] if len(wrap(teams, SMALL, width)) > _TEAM_LINES else []
    return texts + cut_badge_texts(picture_area(area), path, known)


def draw_chosen(surface: pygame.Surface, area: Rect) -> None:
    """A frame around the chosen tile."""
    pygame.draw.rect(surface, INK, area.inflate(px(8), px(8)), width=px(3), border_radius=px(11))


def draw_mark(surface: pygame.Surface, area: Rect, number: int) -> None:
    """A badge with the number of a recording among those to be shown side by side."""
    centre = (area.right - px(24), area.top + px(24))
    stamp = Stamp(surface, [centre], px(18))
    stamp.disc(WHITE, centre, px(16))
    stamp.disc(INK, centre, px(14))
    stamp.text(str(number), WHITE, centre, px(24))
    stamp.lay()


def draw_preview(
    surface: pygame.Surface, area: Rect, picture: pygame.Surface, path: Path, known: Facts | str | None
) -> None:
    """Lays a moving picture over a tile's thumbnail, below its badge."""
    place = picture_area(area)
    surface.blit(picture, place)
    if isinstance(known, Facts):
        draw_badge(surface, place, path, known)


def picture_area(area: Rect) -> Rect:
    """Where the thumbnail of a tile lies."""
    inset = px(_INSET)
    side = area.width - 2 * inset
    return Rect(area.left + inset, area.top + inset, side, side)


@lru_cache(maxsize=160)
def _tile(size: tuple[int, int], path: Path, known: Facts | str | None, picture) -> pygame.Surface:
    tile = pygame.Surface(size, pygame.SRCALPHA)
    area = tile.get_rect()
    card(tile, area)
    place = picture_area(area)
    if picture is not None:
        tile.blit(pygame.transform.smoothscale(picture, place.size), place)
    else:
        pygame.draw.rect(tile, PAPER, place, border_radius=px(4))
    if isinstance(known, str):
        _draw_broken(tile, place, path, known)
    elif known is not None:
        _draw_words(tile, area, place.bottom, path, known)
        draw_badge(tile, place, path, known)
    return tile


def _words(path: Path, facts: Facts) -> tuple[str, str]:
    """What is written under a tile's picture: a title, and who plays."""
    return facts.group or facts.strategies[0], who_plays(path, facts)


def _draw_words(tile: pygame.Surface, area: Rect, top: int, path: Path, facts: Facts) -> None:
    pad = px(_PAD)
    left, right, width = area.left + pad, area.right - pad, area.width - 2 * pad
    strategy, teams = _words(path, facts)
    title = write_fitting(tile, strategy, (left, top + px(7)), LARGE, width)
    if facts.lasted:
        duration = f"for {facts.lasted * RULES.tick_s:.1f} s"
        if label(duration, px(SMALL), FAINT).get_width() <= right - title.right - px(8):
            write(tile, duration, (right, top + px(10)), SMALL, FAINT, "topright")
    lines = first_lines(teams, SMALL, width, _TEAM_LINES)
    for number, line in enumerate(lines):
        middle = top + px(45) + round((number - (len(lines) - 1) / 2) * px(_TEAM_ROW))
        write(tile, line, (left, middle), SMALL, FAINT, "midleft", width)
    team = {HIDDEN: HIDERS, FOUND: SEEKERS}.get(facts.outcome)
    row = top + px(69)
    if team is not None:
        draw_portrait(tile, (left + px(7), row), px(65) / 10, team)
    share = "" if facts.hidden is None else f"{facts.hidden:.0%} hidden"
    words = write(tile, share or facts.outcome.lower(), (right, row), SMALL, INK, "midright")
    if facts.hidden is not None:
        bar = Rect(left + px(22), row - px(3), words.left - px(10) - left - px(22), px(6))
        pygame.draw.rect(tile, mix(WHITE, SEEKER, 0.35), bar, border_radius=px(3))
        bar.width = round(bar.width * facts.hidden)
        pygame.draw.rect(tile, HIDER, bar, border_radius=px(3))


def _draw_broken(tile: pygame.Surface, place: Rect, path: Path, why: str) -> None:
    """A torn sheet, and why."""
    pygame.draw.rect(tile, SOFT, place, border_radius=px(4))
    corners = [(-20, -26), (20, -26), (20, 14), (8, 24), (-4, 14), (-20, 26)]
    sheet = [(place.centerx + px(x), place.top + px(44) + px(y)) for x, y in corners]
    pygame.draw.polygon(tile, WHITE, sheet)
    pygame.draw.polygon(tile, LINE, sheet, width=px(2))
    room, pad = _reason_area(place), px(_PAD)
    for row, line in enumerate(wrap(_reason(path, why), SMALL, room.width)[: _reason_lines(room)]):
        write(tile, line, (room.centerx, room.top + px(_REASON_ROW) * row), SMALL, FAINT, "midtop")
    write_fitting(tile, path.name, (pad, place.bottom + px(7)), NORMAL, tile.get_width() - 2 * pad)
    write(tile, UNREADABLE, (pad, place.bottom + px(29)), SMALL, FAINT)


def _reason(path: Path, why: str) -> str:
    return why.removeprefix(f"{path}: ")


def _reason_area(place: Rect) -> Rect:
    """Where on a tile's picture it says why it cannot be read: under the torn sheet."""
    return Rect(place.left + px(10), place.top + px(84), place.width - px(20), max(place.height - px(90), 0))


def _reason_lines(room: Rect) -> int:
    return room.height // px(_REASON_ROW)


_WAIT_S = 0.4
"""How long a tile is chosen before it plays, so that the mouse can pass over tiles that rest."""
_TICKS_PER_S = 20.0
_LONGEST_S = 8.0
"""Longer episodes play faster."""
_MOST_BYTES = 2**20
"""Larger files would take longer to read than a frame may last."""


class Preview:
    """Plays at most one recording at a time, from where its film opens to the end."""

    def __init__(self, strategy_of: Callable[[Path], str]) -> None:
        """`strategy_of` gives the title of the strategy that a recording is shown for."""
        self._strategy_of = strategy_of
        self._path: Path | None = None
        self._waited = 0.0
        self._time = 0.0
        self._recording: Recording | None = None
        self._over = True

    @property
    def moving(self) -> bool:
        """Whether time must pass: something is awaited or plays."""
        return not self._over

    def choose(self, path: Path | None) -> None:
        """Turns to another recording, or to none."""
        if path != self._path:
            self._path, self._recording, self._waited, self._time, self._over = path, None, 0.0, 0.0, path is None

    def advance(self, seconds: float) -> bool:
        """Lets real time pass; returns whether there is something new to draw."""
        if self._over or self._path is None:
            return False
        if self._recording is None:
            self._waited += seconds
            if self._waited >= _WAIT_S:
                self._recording = _small(self._path)
                self._over = self._recording is None
                if self._recording is not None:
                    self._time = float(opens_at(comes_at(Film(self._recording, ""), self._strategy_of(self._path))))
            return False
        ticks = self._recording.header.ticks
        self._time += seconds * max(_TICKS_PER_S, ticks / _LONGEST_S)
        if self._time >= ticks:
            self._over, self._recording = True, None
        return True

    def picture(self, path: Path, side: int) -> pygame.Surface | None:
        """What plays of this recording, `side` pixels wide and high; None if it does not play."""
        if path != self._path or self._recording is None:
            return None
        picture = pygame.Surface((side, side))
        draw_moment(picture, self._recording, self._time)
        return picture


def _small(path: Path) -> Recording | None:
    """A recording that is quickly read, else nothing."""
    try:
        return read(path) if path.stat().st_size <= _MOST_BYTES else None
    except (OSError, UserError):
        return None
