"""What the viewer draws of a film: the floor, the scoreboard, the caption, the time line and the buttons."""

import pygame

from replays.film.agent_view import summary_text
from replays.film.caption import caption
from replays.film.facts import is_of_run
from replays.film.film import Film
from replays.viewer.film.mouse import Mouse
from replays.viewer.film.scoreboard import draw_scoreboard, summary
from replays.viewer.film.timeline import draw_hint, draw_timeline
from replays.viewer.film.watching import Watching
from replays.viewer.widgets.controls import Button, buttons, draw_controls
from replays.viewer.widgets.event_markers import draw_sign
from replays.viewer.widgets.fitting import first_parts, height_that_fits, write_fitting
from replays.viewer.widgets.panes import Panes
from replays.viewer.widgets.theme import FAINT, LARGE, SMALL, draw_tooltip, px
from replays.viewer.widgets.toolbar import draw_tools, tools
from sim.render.palette import INK
from sim.render.text import label


def buttons_of(watching: Watching, panes: Panes) -> list[Button]:
    """All buttons that have room: those of the clock and the view, and the toolbar's."""
    view, loop = watching.world_view, watching.playback.loop is not None
    on = {pygame.K_t: view.trails, pygame.K_f: bool(view.fog), pygame.K_c: view.cones, pygame.K_l: view.sight_lines}
    return buttons(panes.controls, {**on, pygame.K_k: loop}) + tools(panes.toolbar)


def draw_film(
    watching: Watching, surface: pygame.Surface, panes: Panes, film: Film, at: tuple[int, int] | None
) -> None:
    """Draws the film at the present time; `at` is where the mouse is, if it is in the window."""
    playback = watching.playback
    watching.world_view.draw(surface, panes.world, film, playback.time)
    draw_scoreboard(surface, panes.side, film, watching.place_text, playback.time, watching.world_view.selected)
    if not panes.track.width:
        return
    _draw_caption(watching, surface, panes, film)
    draw_timeline(surface, panes, film, playback)
    controls = buttons_of(watching, panes._replace(toolbar=pygame.Rect(0, 0, 0, 0)))
    draw_controls(surface, controls, playback.playing, playback.speed_text(), at)
    in_training = watching.path is not None and is_of_run(watching.path)
    draw_tools(surface, tools(panes.toolbar), in_training, at)


def draw_pointed(watching: Watching, surface: pygame.Surface, panes: Panes, film: Film, mouse: Mouse) -> None:
    """Draws a tooltip for what the mouse points at, above everything else."""
    at = mouse.at
    if at is None:
        return
    mouse.look()
    if panes.timeline.collidepoint(at):
        draw_hint(surface, panes, film, at[0])
    elif mouse.tip:
        draw_tooltip(surface, mouse.tip, mouse.tip_at)
    for button in buttons_of(watching, panes):
        if button.area.collidepoint(at):
            lines = [button.key.help.capitalize(), f"Key: {button.key.name}"]
            draw_tooltip(surface, lines, (button.area.centerx, button.area.top - px(4)))


def _draw_caption(watching: Watching, surface: pygame.Surface, panes: Panes, film: Film) -> None:
    """What happens now in words, with its sign; in a narrow window, what has no room beside it."""
    area, playback = panes.caption, watching.playback
    words, event = caption(film, playback.tick, exact=not playback.playing)
    selected = watching.world_view.selected
    if not panes.side.width and (selected is not None or not event):
        if selected is None:
            line, colour = summary(film, watching.place_text, playback.time), FAINT
        else:
            about = film.observed(playback.tick, selected)
            line, colour = summary_text(about, film.recording, playback.tick), INK
        line = first_parts(line, SMALL, area.width)
        write_fitting(surface, line, area.midleft, SMALL, area.width, colour, "midleft")
        return
    height, width = LARGE if panes.side.width else SMALL, area.width - px(40)
    words = first_parts(words, height, width)
    half = min(label(words, px(height_that_fits(words, height, width)), INK).get_width(), width) // 2
    middle = max(min(panes.world.centerx, area.right - half), area.left + px(40) + half)
    written = write_fitting(surface, words, (middle, area.centery), height, width, INK, "center")
    if event:
        sign = (written.left - px(15), area.centery)
        draw_sign(surface, film.recording.header.slots, event, sign, passed=True)
