"""The right side of the window: the clock, who plays, how it stands, and what happens."""

import math

import pygame
from pygame import Rect

from replays.events import CHANGE_KINDS, Event
from replays.film.event_markers import team_of
from replays.film.film import Film
from replays.film.labels import team_text
from replays.viewer.film.agent_panel import draw_agent_panel
from replays.viewer.widgets.fitting import height_that_fits, last_part, write_fitting
from replays.viewer.widgets.theme import FAINT, HUGE, LARGE, LINE, NORMAL, SMALL, SOFT, card, px, wrap, write
from replays.wording import agent_name
from sim.render.palette import HIDER, INK, PAPER, TEAMS, WHITE, mix
from sim.render.portrait import draw_portrait
from sim.rules import HIDERS, RULES, SEEKERS
from sim.scenario import name_and_options

ROW, _LINE = 22, 18
CLOCK_HEIGHT = 148
_LEAST_PLACE = 15
"""Height of the letters of a file's name; a long one is cut."""
_TEAM_HEIGHT, _LEAST_TEAM_HEIGHT, _TEAM_PADS, _GAP = 66, 48, 82, 10


def draw_scoreboard(
    surface: pygame.Surface, side: Rect, film: Film, place: str, time: float, agent: int | None
) -> None:
    """Draws everything in `side`; `place` tells which of the opened recordings this is, `agent` who is selected."""
    if not side.width:
        return
    old_clip = surface.get_clip()
    surface.set_clip(side.clip(old_clip))
    header, tick = film.recording.header, int(time)
    clock = Rect(side.left, side.top, side.width, px(CLOCK_HEIGHT))
    _draw_clock(surface, clock, film, place, time)
    top = clock.bottom + px(_GAP)
    if agent is not None:
        draw_agent_panel(surface, agent_area(side), film, agent, time)
        surface.set_clip(old_clip)
        return
    hidden = film.hidden[tick]
    seen = [hider for hider in film.hiders if not hidden[hider]]
    hiders_state = "all hidden" if not seen else ", ".join(agent_name(hider, header.slots) for hider in seen) + " seen"
    seekers_state = "blind" if tick < header.preparation_ticks else "see nobody" if not seen else f"see {len(seen)}"
    hiders, seekers = team_text(header.hiders, "hiders"), team_text(header.seekers, "seekers")
    teams = [(HIDERS, hiders, hiders_state), (SEEKERS, seekers, seekers_state)]
    if not film.has_seekers:
        teams = [(HIDERS, hiders, "alone"), (SEEKERS, "no one", "not in this game")]
    letters = min(height_that_fits(name, LARGE, side.width - px(_TEAM_PADS)) for _, name, _ in teams)
    for team, name, state in teams:
        _draw_team(surface, Rect(side.left, top, side.width, _team_height(side)), team, (name, letters), state)
        top += _team_height(side) + px(_GAP)
    rows = event_rows(film, side, tick)
    if rows:
        card(surface, rows[0][0].unionall([area for area, _ in rows]).inflate(px(16), px(12)))
    for area, event in rows:
        _draw_event(surface, area, film, event, time)
    surface.set_clip(old_clip)


def event_rows(film: Film, side: Rect, tick: int) -> list[tuple[Rect, Event]]:
    """Where the list shows which event, with the present one in the middle where that can be."""
    area, events = _events_card(side), film.events
    room = area.height - px(12) if side.width else 0
    present = max(sum(event.tick <= tick for event in events) - 1, 0)
    first, end, used = present, present, 0
    grown = True
    while grown:  # from the present event on, one earlier and one later in turn, as long as there is room
        grown = False
        for number in (end, first - 1):
            if 0 <= number < len(events) and used + _row_height(film, events[number], area) <= room:
                used += _row_height(film, events[number], area)
                first, end, grown = min(first, number), max(end, number + 1), True
    rows, top = [], area.top + px(6)
    for event in events[first:end]:
        rows.append((Rect(area.left + px(8), top, area.width - px(16), _row_height(film, event, area)), event))
        top = rows[-1][0].bottom
    return rows


def _event_lines(film: Film, event: Event, width: int) -> list[str]:
    """An event's words in lines that fit into a row of a width."""
    return wrap(film.words(event), SMALL, width - px(54))


def _row_height(film: Film, event: Event, area: Rect) -> int:
    return px(ROW) + (len(_event_lines(film, event, area.width - px(16))) - 1) * px(_LINE)


def summary(film: Film, place: str, time: float) -> str:
    """The scoreboard in one line, for windows that are too narrow for it."""
    share = film.hidden_share[int(time)]
    hidden = "" if math.isnan(share) else f" · hidden {share:.0%}"
    if not film.has_seekers:
        hidden = f" · paid {film.paid_so_far[int(time)]:.1f}"
    return f"{_phase(film, time)} {time * RULES.tick_s:.1f} s{hidden} · {place}"


def _phase(film: Film, time: float) -> str:
    if not film.has_seekers:
        return "Working"
    return "Preparation" if time < film.recording.header.preparation_ticks else "Seeking"


def _events_card(side: Rect) -> Rect:
    top = side.top + px(CLOCK_HEIGHT) + 2 * _team_height(side) + 3 * px(_GAP)
    return Rect(side.left, top, side.width, max(side.bottom - top, 0))


def _team_height(side: Rect) -> int:
    """Of a team's card; both fit under the clock."""
    return min(max((side.height - px(CLOCK_HEIGHT)) // 2 - px(_GAP), px(_LEAST_TEAM_HEIGHT)), px(_TEAM_HEIGHT))


def agent_area(side: Rect) -> Rect:
    """Where the panel of the selected agent lies."""
    top = side.top + px(CLOCK_HEIGHT) + px(_GAP)
    return Rect(side.left, top, side.width, max(side.bottom - top, 0))


def _draw_clock(surface: pygame.Surface, area: Rect, film: Film, place: str, time: float) -> None:
    header = film.recording.header
    card(surface, area)
    left, right, width = area.left + px(14), area.right - px(14), area.width - px(28)
    name, options = name_and_options(film.world)
    name_top, place_top = (6, 40) if options else (12, 34)
    write_fitting(surface, name, (left, area.top + px(name_top)), LARGE, width)
    write_fitting(surface, options, (left, area.top + px(25)), SMALL, width)
    height = max(height_that_fits(place, SMALL, width), _LEAST_PLACE)
    write(surface, last_part(place, height, width), (left, area.top + px(place_top)), height, FAINT)
    write(surface, f"{time * RULES.tick_s:.1f} s", (left, area.top + px(56)), HUGE)
    write(surface, f"tick {int(time)} of {header.ticks}", (right, area.top + px(84)), SMALL, FAINT, "bottomright")
    write(surface, _phase(film, time), (right, area.top + px(55)), NORMAL, INK, "topright")
    if not film.has_seekers:
        write(surface, "paid so far", (left, area.bottom - px(34)), SMALL, FAINT)
        write(surface, f"{film.paid_so_far[int(time)]:.1f}", (right, area.bottom - px(38)), LARGE, INK, "topright")
        return
    share = film.hidden_share[int(time)]
    bar = Rect(left, area.bottom - px(22), width, px(8))
    pygame.draw.rect(surface, SOFT, bar, border_radius=px(4))
    if math.isnan(share):
        write(surface, "hidden so far", (left, bar.top - px(20)), SMALL, FAINT)
        words = "not yet seeking" if time < header.preparation_ticks else "seeking begins"
        write(surface, words, (right, bar.top - px(20)), SMALL, FAINT, "topright")
        return
    filled = bar.copy()
    filled.width = round(bar.width * share)
    pygame.draw.rect(surface, HIDER, filled, border_radius=px(4))
    words = "hidden, as far as you know" if film.witness == HIDERS else "hidden so far"
    write(surface, words, (left, bar.top - px(20)), SMALL, FAINT)
    write(surface, f"{share:.0%}", (right, bar.top - px(22)), NORMAL, INK, "topright")


def _draw_team(surface: pygame.Surface, area: Rect, team: int, name: tuple[str, int], state: str) -> None:
    """Draws a team's card; `name` comes with the height of its letters, which both teams share."""
    card(surface, area)
    draw_portrait(surface, (area.left + px(34), area.centery), px(17), team)
    left, width = area.left + px(68), area.width - px(_TEAM_PADS)
    write_fitting(surface, name[0], (left, area.centery - px(20)), name[1], width, TEAMS[team])
    title = "Hiders" if team == HIDERS else "Seekers"
    write_fitting(surface, f"{title}: {state}", (left, area.centery + px(4)), SMALL, width, FAINT)


def _draw_event(surface: pygame.Surface, area: Rect, film: Film, event: Event, time: float) -> None:
    slots = film.recording.header.slots
    present = event in film.last_events(int(time))
    if present:
        pygame.draw.rect(surface, mix(PAPER, WHITE, 0.2), area, border_radius=px(4))
        pygame.draw.rect(surface, LINE, area, width=1, border_radius=px(4))
    colour, middle = INK if event.tick <= time else FAINT, area.top + px(ROW) // 2
    write(surface, f"{event.tick * RULES.tick_s:.1f}", (area.left + px(32), middle), SMALL, FAINT, "midright")
    mark = INK if event.kind in CHANGE_KINDS else TEAMS[team_of(event, slots)]
    pygame.draw.rect(surface, mark, Rect(area.left + px(40), area.top + px(5), px(3), area.height - px(10)))
    for row, line in enumerate(_event_lines(film, event, area.width)):
        write(surface, line, (area.left + px(50), middle + row * px(_LINE)), SMALL, colour, "midleft")
