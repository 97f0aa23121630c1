"""A picture of one world at one moment: what `env.render`, the viewer and exported videos show.

Drawing needs pygame but no display. The picture is a pure function of Layout, State and who sees whom.
"""

from dataclasses import dataclass

import numpy as np
import pygame

from sim.drawing.bodies import draw_agent, draw_hold, draw_thing
from sim.drawing.canvas import Camera, fit
from sim.drawing.gaze import draw_cone, draw_sight_line
from sim.drawing.ground import ground
from sim.drawing.palette import PAPER
from sim.layout import Layout, Slots
from sim.rules import HIDERS, SEEKERS
from sim.state import FREE, State, X, Y


@dataclass(frozen=True)
class Options:
    """What a picture shows beside walls and bodies."""

    cones: bool = True
    """The floor that each agent sees."""
    sight_lines: bool = True
    """Lines from agents to the opponents they see."""
    preparation: bool = False
    """Seekers are blind: their eyes are closed and they have no cones."""


def draw(
    surface: pygame.Surface,
    rect: pygame.Rect,
    slots: Slots,
    layout: Layout,
    state: State,
    seen: np.ndarray | None = None,
    world: int = 0,
    options: Options | None = None,
) -> None:
    """Draws one world, as large as it fits, in the middle of `rect`; nothing outside `rect` is touched.

    Args:
        surface: drawn upon.
        rect: the part of it to fill.
        slots: entity counts.
        layout: what does not move.
        state: what moves.
        seen: bool [world, agent, agent], observer first (`Seen.agents`); None draws nobody as seen.
        world: which world of the arrays.
        options: None for the defaults.
    """
    options = options or Options()
    area = rect.clip(surface.get_rect())
    if area.width < 1 or area.height < 1:
        return
    canvas = surface.subsurface(area)
    canvas.blit(ground(area.size, layout, world), (0, 0))
    camera = fit(canvas.get_rect(), float(layout.floor[world]))
    agents = np.flatnonzero(layout.agent_exists[world]).tolist()
    teams = [HIDERS if agent < slots.hiders else SEEKERS for agent in range(slots.agents)]
    watched = _opponents_seen(slots, seen, world)
    if options.cones:
        for agent in agents:
            if not (options.preparation and teams[agent] == SEEKERS):
                draw_cone(canvas, camera, layout, state, world, agent, teams[agent])
    if options.sight_lines:
        for observer, other in np.argwhere(watched).tolist():
            start, end = (state.agents[world, who, [X, Y]].tolist() for who in (observer, other))
            draw_sight_line(canvas, camera, start, end, teams[observer])
    _draw_things(canvas, camera, slots, layout, state, world)
    for agent in agents:
        thing = int(state.held[world, agent])
        if thing != FREE:
            things = state.things[world, thing], layout.thing_half[world, thing]
            draw_hold(canvas, camera, state.agents[world, agent], *things, teams[agent])
    for agent in sorted(agents, key=lambda agent: int(state.level[world, agent])):
        draw_agent(
            canvas,
            camera,
            state.agents[world, agent],
            teams[agent],
            name=str(agent if teams[agent] == HIDERS else agent - slots.hiders),
            upper=bool(state.level[world, agent]),
            asleep=options.preparation and teams[agent] == SEEKERS,
            seen=bool(watched[:, agent].any()),
        )


def render_array(
    slots: Slots,
    layout: Layout,
    state: State,
    seen: np.ndarray | None = None,
    world: int = 0,
    size: tuple[int, int] = (720, 720),
    options: Options | None = None,
) -> np.ndarray:
    """The picture as uint8 [height, width, 3], made without a display.

    Args:
        slots: entity counts.
        layout: what does not move.
        state: what moves.
        seen: as in `draw`.
        world: which world of the arrays.
        size: width and height in pixels.
        options: as in `draw`.
    """
    surface = pygame.Surface(size, depth=32)
    surface.fill(PAPER)
    draw(surface, surface.get_rect(), slots, layout, state, seen, world, options)
    return pixels(surface)


def pixels(surface: pygame.Surface) -> np.ndarray:
    """The colours of a surface as uint8 [height, width, 3], owned by the caller."""
    return pygame.surfarray.array3d(surface).swapaxes(0, 1).copy()


def _opponents_seen(slots: Slots, seen: np.ndarray | None, world: int) -> np.ndarray:
    """Bool [agent, agent]: the observer sees the other, who is of the other team."""
    if seen is None:
        return np.zeros((slots.agents, slots.agents), bool)
    team = np.arange(slots.agents) >= slots.hiders
    return seen[world] & (team[:, None] != team[None, :])


def _draw_things(
    canvas: pygame.Surface, camera: Camera, slots: Slots, layout: Layout, state: State, world: int
) -> None:
    for thing in np.flatnonzero(layout.thing_exists[world]).tolist():
        draw_thing(
            canvas,
            camera,
            state.things[world, thing],
            layout.thing_half[world, thing],
            is_ramp=thing >= slots.boxes,
            lock=int(state.lock[world, thing]),
        )
