"""The scrub bar: preparation shaded, signs for events, and a ribbon for each hider."""

import pygame
from pygame import Rect

from replays.events import Event, agent_name, in_words
from replays.viewer.film import Film
from replays.viewer.panes import RIBBON_HEIGHT, Panes
from replays.viewer.theme import FAINT, LINE, SMALL, SOFT, write
from sim.drawing.canvas import Stamp
from sim.drawing.palette import HIDER, INK, PAPER, SEEKER, TEAMS, THRESHOLD, THRESHOLD_LINE, WHITE, mix
from sim.rules import HIDERS, RULES, SEEKERS

_NEAR_PIXELS = 6


def x_of(track: Rect, ticks: int, time: float) -> float:
    """The pixel column of a time in ticks."""
    return track.left + track.width * time / ticks


def time_at(track: Rect, ticks: int, x: float) -> float:
    """The time in ticks at a pixel column, within the recording."""
    return min(max((x - track.left) / track.width * ticks, 0.0), float(ticks))


def event_at(film: Film, panes: Panes, x: float) -> Event | None:
    """The event whose sign is nearest to a pixel column, if it is near."""
    ticks = film.recording.header.ticks
    by_distance = [(abs(x_of(panes.track, ticks, event.tick) - x), event) for event in film.recording.events]
    distance, event = min(by_distance, key=lambda pair: pair[0], default=(_NEAR_PIXELS + 1, None))
    return event if distance <= _NEAR_PIXELS else None


def draw_timeline(surface: pygame.Surface, panes: Panes, film: Film, time: float, hover: int | None) -> None:
    """Draws signs, track and ribbons; `hover` is the pixel column under the mouse, if it is there."""
    events = film.recording.events
    _draw_track(surface, panes.track, film, time)
    _draw_ribbons(surface, panes.ribbons, film)
    signs = {(round(x_of(panes.track, film.recording.header.ticks, event.tick)), event.kind): event for event in events}
    for (x, _), event in signs.items():  # of events that would cover each other only one: there may be thousands
        _draw_sign(surface, film, event, (x, panes.markers.centery), passed=event.tick <= time)
    x = x_of(panes.track, film.recording.header.ticks, time)
    head = Stamp(surface, [(x, panes.track.top), (x, panes.ribbons.bottom)], 9)
    head.line(INK, (x, panes.track.top), (x, panes.ribbons.bottom), 2)
    head.disc(WHITE, (x, panes.track.centery), 8)
    head.disc(INK, (x, panes.track.centery), 6.5)
    head.lay()
    if hover is not None:
        _draw_hint(surface, panes, film, hover)


def _draw_track(surface: pygame.Surface, track: Rect, film: Film, time: float) -> None:
    header = film.recording.header
    write(surface, "time", (track.left - 12, track.centery), SMALL, FAINT, "midright")
    pygame.draw.rect(surface, LINE, track, border_radius=4)
    done = Rect(track.left, track.top, round(x_of(track, header.ticks, time)) - track.left, track.height)
    end = x_of(track, header.ticks, min(header.preparation_ticks, header.ticks))
    shaded = Rect(track.left, track.top, round(end) - track.left, track.height)
    pygame.draw.rect(surface, THRESHOLD, shaded, border_top_left_radius=4, border_bottom_left_radius=4)
    old_clip = surface.get_clip()
    surface.set_clip(shaded.clip(old_clip))
    for x in range(shaded.left - track.height, shaded.right, 8):
        pygame.draw.aaline(surface, THRESHOLD_LINE, (x, track.bottom), (x + track.height, track.top))
    surface.set_clip(old_clip)
    pygame.draw.rect(surface, mix(INK, PAPER, 0.45), done.inflate(0, -track.height + 6))
    if shaded.width > 100 and x_of(track, header.ticks, time) < shaded.right - 100:
        write(surface, "preparation", (shaded.right - 8, track.centery), SMALL, mix(THRESHOLD, INK, 0.65), "midright")


def _draw_ribbons(surface: pygame.Surface, ribbons: Rect, film: Film) -> None:
    """Hidden is a thin blue line, seen a thick vermilion bar."""
    ticks = film.recording.header.ticks
    names_height = SMALL
    for row, hider in enumerate(film.hiders):
        middle = ribbons.top + row * RIBBON_HEIGHT + RIBBON_HEIGHT // 2
        name = agent_name(hider, film.recording.header.slots)
        write(surface, name, (ribbons.left - 12, middle), names_height, FAINT, "midright")
        pygame.draw.rect(surface, mix(PAPER, HIDER, 0.45), Rect(ribbons.left, middle - 1, ribbons.width, 3))
        hidden = film.hidden[:, hider]
        first = None
        for tick in range(ticks + 1):
            seen = tick < ticks and not hidden[tick]
            if seen and first is None:
                first = tick
            elif not seen and first is not None:
                left, right = (round(x_of(ribbons, ticks, at)) for at in (first, tick))
                pygame.draw.rect(surface, SEEKER, Rect(left, middle - 4, max(right - left, 2), 8), border_radius=2)
                first = None


def _draw_sign(surface: pygame.Surface, film: Film, event: Event, place: tuple[float, float], passed: bool) -> None:
    """Locks are squares, grabs discs, sightings diamonds, seals roofs; undoing them leaves the shape hollow."""
    team = HIDERS if event.agent < film.recording.header.slots.hiders else SEEKERS
    colour = TEAMS[team] if passed else mix(PAPER, TEAMS[team], 0.55)
    x, y = place
    size = 4.5 if event.kind in ("grab", "release") else 5.5
    stamp = Stamp(surface, [place], 9)
    for radius, shade in ((size, colour), (size - 2, PAPER)):
        if event.kind in ("grab", "release"):
            stamp.disc(shade, place, radius - 0.5)
        elif event.kind in ("lock", "unlock"):
            side = radius * 0.85
            stamp.polygon(
                shade, [(x - side, y - side), (x + side, y - side), (x + side, y + side), (x - side, y + side)]
            )
        elif event.kind in ("room sealed", "seal broken"):
            stamp.polygon(shade, [(x, y - radius), (x + radius, y + radius), (x - radius, y + radius)])
        else:
            stamp.polygon(shade, [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)])
        if event.kind in ("grab", "lock", "spotted", "room sealed"):
            break
    stamp.lay()


def _draw_hint(surface: pygame.Surface, panes: Panes, film: Film, hover: int) -> None:
    """What a click here would lead to."""
    header = film.recording.header
    event = event_at(film, panes, hover)
    tick = event.tick if event else round(time_at(panes.track, header.ticks, hover))
    text = f"{tick * RULES.tick_s:.1f} s"
    if event:
        same = [other for other in film.recording.events if other.tick == tick]
        text += "  " + ", ".join(in_words(other, header.slots) for other in same[:3])
    x = round(x_of(panes.track, header.ticks, tick))
    pygame.draw.line(surface, FAINT, (x, panes.track.top), (x, panes.ribbons.bottom))
    area = Rect(0, 0, 0, 0)
    for colour in (SOFT, INK):
        area = write(surface, text, (x, panes.markers.top - 4), SMALL, colour, "midbottom")
        area.clamp_ip(surface.get_rect().inflate(-16, 0))
        if colour == SOFT:
            pygame.draw.rect(surface, WHITE, area.inflate(14, 8), border_radius=5)
            pygame.draw.rect(surface, LINE, area.inflate(14, 8), width=1, border_radius=5)
    write(surface, text, area.topleft, SMALL)
