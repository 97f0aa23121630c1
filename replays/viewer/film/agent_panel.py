"""The panel of the selected agent: what it observes, what it does, and what its team expects."""

import math

import numpy as np
import pygame
from pygame import Rect

from replays.film.agent_view import DecodedObservation, action_text, visible_text
from replays.film.film import Film
from replays.viewer.film.expected_curve import PAD, curve_area, draw_expected
from replays.viewer.film.probe_section import ROW, draw_probe_section, probe_section_height
from replays.viewer.widgets.fitting import first_lines
from replays.viewer.widgets.theme import FAINT, LARGE, LINE, SMALL, card, px, wrap, write
from replays.wording import agent_name
from sim.layout import Slots, side_of
from sim.render.bodies import AgentStyle, draw_agent, draw_thing
from sim.render.canvas import Camera
from sim.render.marks import draw_food, draw_pillar, draw_site
from sim.render.palette import FLOOR, INK, PAPER, TEAMS, THRESHOLD, mix
from sim.render.portrait import draw_portrait
from sim.rules import RULES, SEEKERS

_HEAD, _AIR = 46, 10
_LEAST_PICTURE = 64
_LEAST_ROWS = 3
"""Lines of words without which there is no room for a picture."""
_NO_PICTURE = "A taller window shows its map"
_PICTURE_M = 4.8
"""Side of the piece of floor around the agent that the picture shows."""
_ESTIMATED = "Estimated: no game of this version has this moment"
_MOST_NAMED = 6
_DARK = mix(PAPER, INK, 0.62)


def draw_agent_panel(surface: pygame.Surface, area: Rect, film: Film, agent: int, time: float) -> None:
    """Fills `area`: words, the picture and the curve. A low area has no picture; neither has one that probes need."""
    recording, tick = film.recording, int(time)
    slots, team = recording.header.slots, side_of(agent, recording.header.slots)
    if not area.height:
        return
    about = film.observed(tick, agent)
    card(surface, area)
    old_clip = surface.get_clip()
    surface.set_clip(area.clip(old_clip))
    pad = px(PAD)
    left, width = area.left + pad, area.width - 2 * pad
    draw_portrait(surface, (left + px(14), area.top + px(26)), px(12), team)
    write(surface, agent_name(agent, slots).capitalize(), (left + px(40), area.top + px(14)), LARGE, TEAMS[team])
    write(surface, "Tab: next", (area.right - pad, area.top + px(18)), SMALL, FAINT, "topright")
    curve, place = curve_area(area), Rect(left, area.top + px(_HEAD), width, 0)
    place.height = curve.top - px(_LEAST_PICTURE + _AIR) - place.top
    probes = probe_section_height(film, tick, agent, width)
    seen = len(_seen_lines(about, film, tick, place, area.height // px(ROW)))
    low = place.height < (max(seen, _LEAST_ROWS) if probes else _LEAST_ROWS) * px(ROW) + probes
    if low:
        place.height = area.bottom - px(ROW + 6) - place.top
    top = _draw_words(surface, place, film, about, tick)
    if low:
        write(surface, _NO_PICTURE, (left, top), SMALL, FAINT, width=width)
        top += px(ROW)
    if curve.top > top:
        draw_expected(surface, area, film, agent, time)
    if not low:
        side = min(curve.top - top - px(_AIR), width)
        _draw_picture(surface, Rect(area.centerx - side // 2, top + px(4), side, side), film, about, tick)
    surface.set_clip(old_clip)


def _draw_words(surface: pygame.Surface, place: Rect, film: Film, about: DecodedObservation, tick: int) -> int:
    """What it does and sees, what it does not see where there is room for that, and what probes read."""
    probes = probe_section_height(film, tick, about.agent, place.width)
    estimated = wrap(_ESTIMATED, SMALL, place.width) if about.estimated else []
    lines = [(INK, text) for text in _seen_lines(about, film, tick, place, place.height // px(ROW) - len(estimated))]
    lines += [(FAINT, text) for text in estimated]
    unseen = [(FAINT, text) for text in _unseen_lines(about, place.width)]
    if (len(lines) + len(unseen)) * px(ROW) + probes <= place.height:
        lines += unseen
    top = place.top
    for colour, text in lines:
        write(surface, text, (place.left, top), SMALL, colour)
        top += px(ROW)
    rest = Rect(place.left, top, place.width, place.bottom - top)
    return draw_probe_section(surface, rest, film, tick, about.agent)


def _seen_lines(about: DecodedObservation, film: Film, tick: int, place: Rect, room: int) -> list[str]:
    """What it does and sees, in lines; `room` of them at most."""
    seen = visible_text(about, film.recording.header.slots)
    does = first_lines(action_text(film.recording, tick, about.agent), SMALL, place.width, 2)
    sees = f"Sees {', '.join(seen)}" if seen else "Sees no agent and no thing"
    return does + first_lines(sees, SMALL, place.width, room - len(does))


def _unseen_lines(about: DecodedObservation, width: int) -> list[str]:
    """Who takes part and is not seen."""
    if not about.unknown:
        return []
    few = len(about.unknown) <= _MOST_NAMED
    names = ", ".join(about.unknown) if few else f"{len(about.unknown)} others that take part"
    return wrap(f"Does not see {names}", SMALL, width)


def _draw_picture(surface: pygame.Surface, area: Rect, film: Film, about: DecodedObservation, tick: int) -> None:
    """The floor around it as it knows it: lit as far as its lidar reaches, with the map and what it sees."""
    header = film.recording.header
    canvas = surface.subsurface(area.clip(surface.get_rect()))
    scale = area.width / _PICTURE_M
    x, y = about.place
    camera = Camera(canvas.get_width() / 2 - x * scale, canvas.get_height() / 2 + y * scale, scale)
    canvas.fill(_DARK)
    if about.lidar.any():
        angles = 2 * math.pi * np.arange(len(about.lidar)) / len(about.lidar)
        ends = np.stack([np.cos(angles), np.sin(angles)], axis=1) * about.lidar[:, None] + about.place
        pygame.draw.polygon(canvas, mix(_DARK, FLOOR, 0.35), camera.points(ends))
        for end in camera.points(ends[about.lidar < RULES.lidar_range_m]):
            pygame.draw.circle(canvas, FLOOR, end, max(px(1), 1))
    for x0, y0, x1, y1 in about.doors:
        (left, low), (right, high) = camera.point(x0, y0), camera.point(x1, y1)
        pygame.draw.rect(canvas, THRESHOLD, Rect(left, high, max(right - left, 2), max(low - high, 2)))
    for site in about.sites:
        draw_site(canvas, camera, site, observed=True)
    for middle_x, middle_y, radius in about.pillars:
        draw_pillar(canvas, camera, (middle_x, middle_y), radius)
    for food_x, food_y, share in about.food:
        draw_food(canvas, camera, (food_x, food_y), share)
    for body in about.things:
        own = 1 + side_of(about.agent, header.slots)
        lock = own if body.ours else 3 - own if body.theirs else 0
        draw_thing(canvas, camera, np.array(body.pose), np.array(body.half), body.number >= header.slots.boxes, lock)
    preparing = tick < header.preparation_ticks
    for number, pose in [
        *((body.number, body.pose) for body in about.agents),
        (about.agent, (*about.place, about.angle)),
    ]:
        team = side_of(number, header.slots)
        name, asleep = _short(number, header.slots), preparing and team == SEEKERS
        draw_agent(canvas, camera, np.array(pose), team, AgentStyle(name, asleep=asleep))
    pygame.draw.rect(surface, LINE, area, width=1)


def _short(agent: int, slots: Slots) -> str:
    return str(agent if agent < slots.hiders else agent - slots.hiders)
