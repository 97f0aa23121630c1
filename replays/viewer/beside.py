"""What is drawn around a picture that is being played: the original beside, whom you play, what is still to come."""

import pygame
from pygame import Rect

from replays.moment import moment
from replays.recording import Recording
from replays.viewer.film import Film
from replays.viewer.panes import PAD, Panes
from replays.viewer.theme import FAINT, LARGE, LINE, NORMAL, SMALL, card, write
from replays.viewer.timeline import x_of
from sim.draw import Options, draw
from sim.drawing.canvas import Camera, Stamp
from sim.drawing.letters import label
from sim.drawing.palette import INK, PAPER, TEAMS, WHITE
from sim.rules import HIDERS, RULES, SEEKERS
from sim.state import X, Y


def halves(world: Rect) -> tuple[Rect, Rect]:
    """A pane cut in two."""
    width = (world.width - PAD) // 2
    left = Rect(world.left, world.top, width, world.height)
    return left, left.move(width + PAD, 0)


def draw_original(surface: pygame.Surface, area: Rect, film: Film, time: float) -> None:
    """The film as it was at the same time; its last moment where it is over."""
    recording = film.recording
    now = moment(recording, time)
    options = Options(preparation=now.preparation)
    draw(surface, area, recording.header.slots, recording.layout, now.state, now.seen, 0, options)


def draw_label(surface: pygame.Surface, area: Rect, text: str) -> None:
    """A tag at the top of a pane."""
    width = min(label(text, NORMAL, INK).get_width() + 24, area.width)
    tag = Rect(0, 0, width, 28)
    tag.midtop = (area.centerx, area.top)
    card(surface, tag)
    write(surface, text, tag.center, NORMAL, INK, "center", width - 16)


def draw_you(surface: pygame.Surface, camera: Camera, recording: Recording, time: float, agent: int) -> None:
    """A tag over the agent that the user plays."""
    pose = moment(recording, time).state.agents[0, agent]
    x, y = camera.point(pose[X], pose[Y])
    tip = y - 1.75 * RULES.agent_radius_m * camera.scale
    colour = TEAMS[HIDERS if agent < recording.header.slots.hiders else SEEKERS]
    tag = Rect(0, 0, 34, 20)
    tag.midbottom = (round(x), round(tip) - 6)
    stamp = Stamp(surface, [tag.topleft, tag.bottomright, (x, tip)], 3)
    for shade, more in ((WHITE, 2.0), (colour, 0.0)):
        stamp.polygon(shade, [(x - 6 - more, tag.bottom - 1), (x + 6 + more, tag.bottom - 1), (x, tip + more)])
        left, right, middle = tag.left + 9, tag.right - 9, tag.centery
        stamp.line(shade, (left, middle), (right, middle), tag.height + 2 * more)
    stamp.text("you", WHITE, tag.center, 16)
    stamp.lay()


def veil_future(surface: pygame.Surface, panes: Panes, played: int, ticks: int) -> None:
    """Covers what the time line cannot know yet."""
    if played >= ticks:
        return
    area = panes.markers.unionall([panes.track, panes.ribbons])
    left = round(x_of(panes.track, ticks, played)) + 9
    area = Rect(left, area.top, max(area.right - left, 0), area.height)
    pygame.draw.rect(surface, PAPER, area)
    track = Rect(left, panes.track.top, area.width, panes.track.height)
    pygame.draw.rect(surface, LINE, track, width=1, border_radius=4)
    if area.width > 120:
        write(surface, "still to come", track.center, SMALL, FAINT, "center")


def draw_banner(surface: pygame.Surface, area: Rect, text: str) -> None:
    """How it ended, in the upper part of a pane."""
    width = min(label(text, LARGE, INK).get_width() + 48, area.width)
    sheet = Rect(0, 0, width, 48)
    sheet.midtop = (area.centerx, area.top + 92)
    card(surface, sheet)
    write(surface, text, sheet.center, LARGE, INK, "center", width - 24)
