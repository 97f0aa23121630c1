"""A picture of one world at one moment: what `env.render`, the viewer and exported videos show.

Drawing needs pygame but no display. The picture is a pure function of Layout, State and who sees whom.
"""

from dataclasses import dataclass

import numpy as np
import pygame

from sim.drawing.bodies import draw_agent, draw_hold, draw_ring, draw_thing
from sim.drawing.canvas import Camera, fit
from sim.drawing.gaze import draw_cone, draw_fog, draw_rays, draw_sight_line
from sim.drawing.ground import lay_ground
from sim.drawing.palette import PAPER
from sim.drawing.trails import draw_trail
from sim.layout import Layout, Slots
from sim.rules import HIDERS, SEEKERS
from sim.sight import look
from sim.state import State, X, Y, take


@dataclass(frozen=True)
class Options:
    """What a picture shows beside walls and bodies."""

    cones: bool = True
    """The floor that each agent sees."""
    sight_lines: bool = True
    """Lines from agents to the opponents they see."""
    preparation: bool = False
    """Seekers are blind: their eyes are closed and they have no cones."""
    camera: Camera | None = None
    """Where the world lies on the rectangle; None shows all of it, as large as it fits."""
    trails: np.ndarray | None = None
    """float [moment, agent, 2]: where the agents were, the oldest first, in metres; None draws no trails."""
    watchers: tuple[int, ...] | None = None
    """Fog of war: only what these agents see is shown; None shows everything."""
    selected: int | None = None
    """An agent with a ring around it."""
    rays: bool = False
    """The selected agent's lidar."""


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
    """Draws one world in `rect`, as large as it fits if the options give no camera; nothing outside is touched.

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
    camera = options.camera or fit(canvas.get_rect(), float(layout.floor[world]))
    lay_ground(canvas, camera, layout, world)
    agents = np.flatnonzero(layout.agent_exists[world]).tolist()
    teams = [HIDERS if agent < slots.hiders else SEEKERS for agent in range(slots.agents)]
    watched = _opponents_seen(slots, seen, world)
    asleep = [options.preparation and team == SEEKERS for team in teams]
    things = np.flatnonzero(layout.thing_exists[world]).tolist()
    if options.watchers is not None:
        watchers = [agent for agent in options.watchers if agent in agents]
        draw_fog(canvas, camera, layout, state, world, watchers, all(asleep[agent] for agent in watchers))
        agents, things = _known(layout, state, seen, world, watchers, asleep, agents, things)
        watched[[agent for agent in range(slots.agents) if agent not in watchers]] = False
    if options.trails is not None:
        for agent in agents:
            draw_trail(canvas, camera, options.trails[:, agent], teams[agent])
    if options.cones:
        for agent in agents if options.watchers is None else options.watchers:
            if not asleep[agent]:
                draw_cone(canvas, camera, layout, state, world, agent, teams[agent])
    if options.rays and options.selected in agents and not asleep[options.selected]:
        draw_rays(canvas, camera, layout, state, world, options.selected)
    if options.sight_lines:
        for observer, other in np.argwhere(watched).tolist():
            start, end = (state.agents[world, who, [X, Y]].tolist() for who in (observer, other))
            draw_sight_line(canvas, camera, start, end, teams[observer])
    for thing in things:
        pose, half = state.things[world, thing], layout.thing_half[world, thing]
        draw_thing(canvas, camera, pose, half, is_ramp=thing >= slots.boxes, lock=int(state.lock[world, thing]))
    for agent in agents:
        thing = int(state.held[world, agent])
        if thing in things:
            held = state.things[world, thing], layout.thing_half[world, thing]
            draw_hold(canvas, camera, state.agents[world, agent], *held, teams[agent])
    if options.selected in agents:
        draw_ring(canvas, camera, state.agents[world, options.selected])
    for agent in sorted(agents, key=lambda agent: int(state.level[world, agent])):
        draw_agent(
            canvas,
            camera,
            state.agents[world, agent],
            teams[agent],
            name=str(agent if teams[agent] == HIDERS else agent - slots.hiders),
            upper=bool(state.level[world, agent]),
            asleep=asleep[agent],
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


def _known(
    layout: Layout,
    state: State,
    seen: np.ndarray | None,
    world: int,
    watchers: list[int],
    asleep: list[bool],
    agents: list[int],
    things: list[int],
) -> tuple[list[int], list[int]]:
    """The agents and things that watchers see, and themselves."""
    sight = look(take(layout, slice(world, world + 1)), take(state, slice(world, world + 1)))
    awake = [agent for agent in watchers if not asleep[agent]]
    agents_seen = (sight.agents[0] if seen is None else seen[world])[awake].any(axis=0)
    things_seen = sight.things[0, awake].any(axis=0)
    known = [agent for agent in agents if agent in watchers or agents_seen[agent]]
    return known, [thing for thing in things if things_seen[thing]]
