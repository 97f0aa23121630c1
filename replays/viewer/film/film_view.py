"""What the viewer draws of a film: the floor, the scoreboard, the caption, the time line and the buttons."""

from typing import TYPE_CHECKING

import pygame

from replays.viewer.film.caption import caption
from replays.viewer.film.film import Film
from replays.viewer.film.scoreboard import draw_scoreboard, summary
from replays.viewer.film.timeline import draw_hint, draw_timeline
from replays.viewer.widgets.controls import draw_controls
from replays.viewer.widgets.event_markers import draw_sign
from replays.viewer.widgets.panes import Panes
from replays.viewer.widgets.theme import FAINT, LARGE, SMALL, draw_tooltip, px, write
from sim.render.palette import INK

if TYPE_CHECKING:
    from replays.viewer.film.viewer import Viewer


def draw_film(viewer: "Viewer", surface: pygame.Surface, panes: Panes, film: Film) -> None:
    """Draws the film at the present time, and what the mouse points at."""
    time, at = viewer.playback.time, viewer.mouse.at
    viewer.stage.draw(surface, panes.world, film, time)
    draw_scoreboard(surface, panes.side, film, _place(viewer, film), time, viewer.stage.selected)
    _draw_caption(viewer, surface, panes, film)
    draw_timeline(surface, panes, film, viewer.playback)
    row = viewer.buttons(panes)
    draw_controls(surface, row, viewer.playback, at)
    if at is None:
        return
    viewer.mouse.look()
    if panes.timeline.collidepoint(at):
        draw_hint(surface, panes, film, at[0])
    elif viewer.mouse.tip:
        draw_tooltip(surface, viewer.mouse.tip, (at[0], at[1] - px(10)))
    for button in row:
        if button.area.collidepoint(at):
            lines = [button.key.help.capitalize(), f"Key: {button.key.name}"]
            draw_tooltip(surface, lines, (button.area.centerx, button.area.top - px(4)))


def _place(viewer: "Viewer", film: Film) -> str:
    """Which of the opened recordings is shown."""
    count = len(viewer.paths)
    return f"{film.name}  ({viewer.number + 1} of {count})" if count > 1 else film.name


def _draw_caption(viewer: "Viewer", surface: pygame.Surface, panes: Panes, film: Film) -> None:
    """What happens now in words, with its sign; in a narrow window below, what the scoreboard would tell."""
    area = panes.caption
    words, event = caption(film, viewer.playback.tick)
    if not panes.side.width and not event:
        score = summary(film, _place(viewer, film), viewer.playback.time)
        write(surface, score, area.midleft, SMALL, FAINT, "midleft", area.width)
        return
    height = LARGE if panes.side.width else SMALL
    told = write(surface, words, (panes.world.centerx, area.centery), height, INK, "center", area.width - px(40))
    if event:
        sign = (told.left - px(15), area.centery)
        draw_sign(surface, film.recording.header.slots, event, sign, passed=True)
