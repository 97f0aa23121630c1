"""What is drawn around a picture that is being played: the original beside, whom you play, what is still to come."""

import pygame
from pygame import Rect

from replays.format.recording import Recording
from replays.interpolation import moment
from replays.viewer.film.timeline import x_of
from replays.viewer.widgets.panes import PAD, Panes
from replays.viewer.widgets.theme import FAINT, LARGE, LINE, NORMAL, SMALL, card, px, write
from sim.render.canvas import Camera, Stamp
from sim.render.palette import INK, PAPER, TEAMS, WHITE
from sim.render.text import label
from sim.rules import HIDERS, RULES, SEEKERS
from sim.state import X, Y


def halves(world: Rect) -> tuple[Rect, Rect]:
    """A pane cut in two."""
    width = (world.width - px(PAD)) // 2
    left = Rect(world.left, world.top, width, world.height)
    return left, left.move(width + px(PAD), 0)


def draw_label(surface: pygame.Surface, area: Rect, text: str) -> None:
    """A tag at the top of a pane."""
    width = min(label(text, px(NORMAL), INK).get_width() + px(24), area.width)
    tag = Rect(0, 0, width, px(28))
    tag.midtop = (area.centerx, area.top)
    card(surface, tag)
    write(surface, text, tag.center, NORMAL, INK, "center", width - px(16))


def draw_you(surface: pygame.Surface, camera: Camera, recording: Recording, time: float, agent: int) -> None:
    """A tag over the agent that the user plays."""
    pose = moment(recording, time).state.agents[0, agent]
    x, y = camera.point(pose[X], pose[Y])
    tip = y - 1.75 * RULES.agent_radius_m * camera.scale
    colour = TEAMS[HIDERS if agent < recording.header.slots.hiders else SEEKERS]
    tag, half = Rect(0, 0, px(34), px(20)), px(6)
    tag.midbottom = (round(x), round(tip) - half)
    stamp = Stamp(surface, [tag.topleft, tag.bottomright, (x, tip)], px(3))
    for shade, more in ((WHITE, px(2)), (colour, 0)):
        stamp.polygon(shade, [(x - half - more, tag.bottom - 1), (x + half + more, tag.bottom - 1), (x, tip + more)])
        left, right, middle = tag.left + px(9), tag.right - px(9), tag.centery
        stamp.line(shade, (left, middle), (right, middle), tag.height + 2 * more)
    stamp.text("you", WHITE, tag.center, px(16))
    stamp.lay()


def veil_future(surface: pygame.Surface, panes: Panes, played: int, ticks: int) -> None:
    """Covers what the time line cannot know yet."""
    if played >= ticks:
        return
    area = panes.markers.unionall([panes.track, panes.ribbons])
    left = round(x_of(panes.track, ticks, played)) + px(9)
    area = Rect(left, area.top, max(area.right - left, 0), area.height)
    pygame.draw.rect(surface, PAPER, area)
    track = Rect(left, panes.track.top, area.width, panes.track.height)
    pygame.draw.rect(surface, LINE, track, width=1, border_radius=px(4))
    if area.width > px(120):
        write(surface, "still to come", track.center, SMALL, FAINT, "center")


def draw_banner(surface: pygame.Surface, area: Rect, text: str) -> None:
    """How it ended, in the upper part of a pane."""
    width = min(label(text, px(LARGE), INK).get_width() + px(48), area.width)
    sheet = Rect(0, 0, width, px(48))
    sheet.midtop = (area.centerx, area.top + px(92))
    card(surface, sheet)
    write(surface, text, sheet.center, LARGE, INK, "center", width - px(24))
