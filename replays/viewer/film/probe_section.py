"""The part of the agent panel that says what linear probes read from a hider's network, and how far to trust them."""

from typing import NamedTuple

import pygame
from pygame import Rect

from replays.film.film import Film
from replays.readings import ProbeScore, Readings
from replays.viewer.widgets.fitting import first_lines, write_fitting
from replays.viewer.widgets.theme import FAINT, LINE, SMALL, px, wrap, write
from replays.wording import thing_name
from sim.render.palette import INK
from sim.state import FREE

ROW = 18
"""Of every line of the panel, before `px`."""
_GAP, _ANSWER, _F1, _SURE = 6, 84, 34, 36
_ASKED = {"box": "Moves next", "door": "Blocks next", "soon": "How soon", "lock": "Locks a thing"}
_NO_ROOM = "A taller window shows its probes"
_NO = {"box": "nothing", "door": "no door"}
"""What class 0 is called here, where its own name would not be understood."""


class Reading(NamedTuple):
    """What one probe reads."""

    asked: str
    answer: str
    sure: float
    """How likely the probe takes its answer to be."""
    f1: float
    unasked: str = ""
    """Why there is nothing to ask at this tick; empty where there is."""


def draw_probe_section(surface: pygame.Surface, place: Rect, film: Film, tick: int, agent: int) -> int:
    """Draws it from the top of a place on, and returns where it ends; nothing for an agent without probes.

    Where not all rows have room, it says so in their place; the words under them are cut.
    """
    rows, readings = readings_at(film, tick, agent), film.readings
    lines = min(_count_lines(rows, readings, place.width), (place.height - 2 * px(_GAP)) // px(ROW))
    if lines < 1 or readings is None:
        return place.top
    if lines <= len(rows):
        write(surface, _NO_ROOM, (place.left, place.top + px(_GAP)), SMALL, FAINT, width=place.width)
        return place.top + px(_GAP + ROW)
    line, top = place.top + px(_GAP), place.top + 2 * px(_GAP)
    pygame.draw.line(surface, LINE, (place.left, line), (place.right - 1, line))
    for asked, answer, sure, f1 in [("Linear probes read", "", "sure", "F1"), *map(_in_words, rows)]:
        colour = INK if answer and sure else FAINT
        left, right = place.left + px(_ANSWER), place.right - px(_F1)
        write(surface, asked, (place.left, top), SMALL, FAINT)
        room = right - (px(_SURE) if sure else px(_GAP)) - left
        write_fitting(surface, answer, (left, top), SMALL, room, colour)
        write(surface, sure, (right, top), SMALL, colour, "topright")
        write(surface, f1, (place.right, top), SMALL, FAINT, "topright")
        top += px(ROW)
    for text in first_lines(_foot(rows, readings), SMALL, place.width, lines - 1 - len(rows)):
        write(surface, text, (place.left, top), SMALL, FAINT)
        top += px(ROW)
    return top


def probe_section_height(film: Film, tick: int, agent: int, width: int) -> int:
    """How much room it would take; 0 for an agent without probes."""
    lines = _count_lines(readings_at(film, tick, agent), film.readings, width)
    return 2 * px(_GAP) + lines * px(ROW) if lines else 0


def _count_lines(rows: list[Reading], readings: Readings | None, width: int) -> int:
    return 1 + len(rows) + len(wrap(_foot(rows, readings), SMALL, width)) if rows and readings else 0


def readings_at(film: Film, tick: int, agent: int) -> list[Reading]:
    """What the probes read at a tick, in order; empty for an agent without probes."""
    readings, likely = film.readings, film.read_inside(tick, agent)
    if readings is None or likely is None:
        return []
    found = []
    for name, score in readings.scores.items():
        best = int(likely[name].argmax())
        answer, sure = _answer(film, name, score, best), float(likely[name][best])
        unasked = _why_not_asked(film, name, tick, agent)
        if not (unasked and name == "soon"):  # that nothing is asked of doors has been said by then
            found.append(Reading(_ASKED[name], "not asked" if unasked else answer, sure, score.f1, unasked))
    return found


def _foot(rows: list[Reading], readings: Readings) -> str:
    """What is written under the rows."""
    reasons = " and ".join(dict.fromkeys(row.unasked for row in rows if row.unasked))
    return (f"Not asked while {reasons}. " if reasons else "") + trust_text(readings)


def trust_text(readings: Readings) -> str:
    """What F1 is, and whether the probes know more than the observation says."""
    better = [_ASKED[name].lower() for name, score in readings.scores.items() if score.better]
    if not better:
        than = "no better than probes of the observation"
    elif len(better) == len(readings.scores):
        than = "better than probes of the observation"
    else:
        than = f"better than probes of the observation only for: {', '.join(better)}"
    return f"F1 on held-out episodes of {readings.world}; {than}"


def _in_words(row: Reading) -> tuple[str, str, str, str]:
    return row.asked, row.answer, "" if row.unasked else f"{row.sure:.0%}", f"{row.f1:.2f}"


def _answer(film: Film, name: str, score: ProbeScore, best: int) -> str:
    label = score.labels[best]
    if label == 0:
        return _NO.get(name, score.names[best])
    if name == "box":
        return thing_name(label - 1, film.recording.header.slots)
    return film.door_name(label - 1) if name == "door" else score.names[best]


def _why_not_asked(film: Film, name: str, tick: int, agent: int) -> str:
    """Probes were fitted on what is still to come: why there is nothing to ask at a tick; empty where there is."""
    if name in ("door", "soon") and film.shut_doors(tick):
        return "a door is blocked"
    if name == "box" and film.recording.states.held[tick, agent] != FREE:
        return "it holds a thing"
    return ""
