"""What is drawn around a picture that is being played: the original beside, whom you play, what is still to come."""

from collections.abc import Sequence

import numpy as np
import pygame
from pygame import Rect

from replays.viewer.widgets.fitting import write_fitting
from replays.viewer.widgets.panes import PAD, Panes
from replays.viewer.widgets.theme import FAINT, LARGE, LINE, NORMAL, SMALL, card, px, wrap, write
from replays.viewer.widgets.time_axis import x_of
from sim.render.canvas import Camera, Stamp
from sim.render.palette import INK, PAPER, TEAMS, WHITE
from sim.render.text import label
from sim.rules import RULES
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
    write_fitting(surface, text, tag.center, NORMAL, width - px(16), INK, "center")


def you_tag(area: Rect, x: float, y: float, away: float) -> tuple[Rect, float]:
    """Where the tag of an agent at a pixel lies, and the row of its tip: above the agent, or below it at the edge.

    `away` is how far the tip is from the agent's middle.
    """
    tag, half, tip = Rect(0, 0, px(34), px(20)), px(6), y - away
    tag.midbottom = (round(x), round(tip) - half)
    if tag.top < area.top + px(2):
        tip = y + away
        tag.midtop = (round(x), round(tip) + half)
    tag.clamp_ip(area.inflate(-px(4), -px(4)))
    return tag, tip


def draw_you(surface: pygame.Surface, area: Rect, camera: Camera, pose: np.ndarray, team: int) -> Rect:
    """Draws a tag over the agent that the user plays, always inside `area`; returns what tag and agent cover."""
    x, y = camera.point(pose[X], pose[Y])
    tag, tip = you_tag(area, x, y, 1.75 * RULES.agent_radius_m * camera.scale)
    colour, half = TEAMS[team], px(6)
    below = tip < tag.centery
    foot, ahead = (tag.top, -1) if below else (tag.bottom - 1, 1)
    stamp = Stamp(surface, [tag.topleft, tag.bottomright, (x, tip)], px(3))
    for shade, more in ((WHITE, px(2)), (colour, 0)):
        stamp.polygon(shade, [(x - half - more, foot), (x + half + more, foot), (x, tip + ahead * more)])
        left, right, middle = tag.left + px(9), tag.right - px(9), tag.centery
        stamp.line(shade, (left, middle), (right, middle), tag.height + 2 * more)
    stamp.text("you", WHITE, tag.center, px(16))
    stamp.lay()
    return tag.union(Rect(0, 0, 2 * half, 2 * half).move(round(x) - half, round(y) - half))


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


def draw_banner(surface: pygame.Surface, area: Rect, texts: Sequence[str], avoided: Rect | None) -> None:
    """Draws lines, the first one large, in the upper part of a pane, or in the lower if they would cover `avoided`."""
    air, step = px(24), px(26)
    edge = min(air, area.width // 16)
    room = max(area.width - 2 * air - 2 * edge, 1)
    heights = [NORMAL if number else LARGE for number in range(len(texts))]
    lines = [(line, height) for text, height in zip(texts, heights, strict=True) for line in wrap(text, height, room)]
    widest = max(label(line, px(height), INK).get_width() for line, height in lines)
    sheet = Rect(0, 0, min(widest + 2 * edge, area.width), len(lines) * step + px(22))
    sheet.midtop = (area.centerx, area.top + min(px(92), max((area.height - sheet.height) // 3, 0)))
    if avoided and sheet.colliderect(avoided):
        sheet.bottom = area.bottom - (sheet.top - area.top)
    card(surface, sheet)
    for row, (line, height) in enumerate(lines):
        place = (sheet.centerx, sheet.top + px(11) + row * step + step // 2)
        write(surface, line, place, height, INK if height == LARGE else FAINT, "center", sheet.width - px(16))
