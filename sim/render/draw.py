"""A picture of one world at one moment: what `env.render`, the viewer and exported videos show.

Drawing needs pygame but no display. The picture is a pure function of Layout, State and who sees whom.
"""

from dataclasses import dataclass

import numpy as np
import pygame

from sim.render.bodies import AgentStyle, draw_agent, draw_hold, draw_ring, draw_thing
from sim.render.canvas import Camera, fit
from sim.render.ground import lay_ground
from sim.render.marks import draw_marks
from sim.render.palette import PAPER
from sim.render.snapshot import Snapshot
from sim.render.trails import draw_trail
from sim.render.vision import draw_cone, draw_fog, draw_rays, draw_sight_line
from sim.rules import HIDERS, SEEKERS
from sim.sight import Visibility, look
from sim.state import X, Y, take


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
    sight: Visibility | None = None
    """What the agents see, for the fog of war; None works it out from the state."""
    selected: int | None = None
    """An agent with a ring around it."""
    rays: bool = False
    """The selected agent's lidar."""


def draw(surface: pygame.Surface, rect: pygame.Rect, snapshot: Snapshot, options: Options | None = None) -> None:
    """Draws a world in `rect`, as large as it fits if the options give no camera; nothing outside is touched."""
    options = options or Options()
    area = rect.clip(surface.get_rect())
    if area.width < 1 or area.height < 1:
        return
    canvas = surface.subsurface(area)
    camera = options.camera or fit(canvas.get_rect(), float(snapshot.layout.floor[snapshot.world]))
    lay_ground(canvas, camera, snapshot.layout, snapshot.world)
    draw_marks(canvas, camera, snapshot.layout, snapshot.state, snapshot.world)
    scene = _scene(canvas, camera, snapshot, options)
    if options.watchers is not None:
        draw_fog(canvas, camera, snapshot, scene.watchers)
    scene.draw_on_floor()
    scene.draw_bodies()


def render_array(snapshot: Snapshot, size: tuple[int, int] = (720, 720), options: Options | None = None) -> np.ndarray:
    """The picture as uint8 [height, width, 3], made without a display; `size` is width and height in pixels."""
    surface = pygame.Surface(size, depth=32)
    surface.fill(PAPER)
    draw(surface, surface.get_rect(), snapshot, options)
    return pixels(surface)


def pixels(surface: pygame.Surface) -> np.ndarray:
    """The colours of a surface as uint8 [height, width, 3], owned by the caller."""
    return pygame.surfarray.array3d(surface).swapaxes(0, 1).copy()


def _opponents_seen(snapshot: Snapshot) -> np.ndarray:
    """Bool [agent, agent]: the observer sees the other, an opponent."""
    slots = snapshot.slots
    if snapshot.seen is None:
        return np.zeros((slots.agents, slots.agents), bool)
    team = np.arange(slots.agents) >= slots.hiders
    return snapshot.seen[snapshot.world] & (team[:, None] != team[None, :])


@dataclass(frozen=True)
class _Scene:
    """The visible part of a world, and the surface it is drawn on."""

    canvas: pygame.Surface
    camera: Camera
    snapshot: Snapshot
    options: Options
    agents: list[int]
    """The agents that are shown."""
    things: list[int]
    """The things that are shown."""
    watchers: list[int]
    """The agents who are awake and whose sight counts."""
    watched: np.ndarray
    """bool [agent, agent]: a watcher sees an opponent."""

    def draw_on_floor(self) -> None:
        """Trails, cones, rays and lines of sight."""
        canvas, camera, snapshot = self.canvas, self.camera, self.snapshot
        if self.options.trails is not None:
            for agent in self.agents:
                draw_trail(canvas, camera, self.options.trails[:, agent], snapshot.team(agent))
        if self.options.cones:
            for agent in self.watchers:
                draw_cone(canvas, camera, snapshot, agent)
        if self.options.rays and self.options.selected in self.watchers:
            draw_rays(canvas, camera, snapshot, self.options.selected)
        if self.options.sight_lines:
            places = snapshot.state.agents[snapshot.world, :, [X, Y]].T.tolist()
            for observer, other in np.argwhere(self.watched).tolist():
                draw_sight_line(canvas, camera, places[observer], places[other], snapshot.team(observer))

    def draw_bodies(self) -> None:
        """Things, hands, the ring around the selected agent, and agents, the upper level last."""
        canvas, camera, snapshot = self.canvas, self.camera, self.snapshot
        slots, layout, state, world = snapshot.slots, snapshot.layout, snapshot.state, snapshot.world
        for thing in self.things:
            pose, half = state.things[world, thing], layout.thing_half[world, thing]
            lock = int(state.lock[world, thing])
            draw_thing(canvas, camera, pose, half, is_ramp=thing >= slots.boxes, lock=lock)
        for agent in self.agents:
            held = int(state.held[world, agent])
            if held in self.things:
                thing = state.things[world, held], layout.thing_half[world, held]
                draw_hold(canvas, camera, state.agents[world, agent], *thing, snapshot.team(agent))
        if self.options.selected in self.agents:
            draw_ring(canvas, camera, state.agents[world, self.options.selected])
        for agent in sorted(self.agents, key=lambda agent: int(state.level[world, agent])):
            team = snapshot.team(agent)
            style = AgentStyle(
                name=str(agent if team == HIDERS else agent - slots.hiders),
                upper=bool(state.level[world, agent]),
                asleep=self.options.preparation and team == SEEKERS,
                seen=bool(self.watched[:, agent].any()),
            )
            draw_agent(canvas, camera, state.agents[world, agent], team, style)


def _scene(canvas: pygame.Surface, camera: Camera, snapshot: Snapshot, options: Options) -> _Scene:
    """Everything, or in fog of war the watchers and what those awake see."""
    slots, layout, state, seen, world = snapshot
    agents = np.flatnonzero(layout.agent_exists[world]).tolist()
    things = np.flatnonzero(layout.thing_exists[world]).tolist()
    own = agents if options.watchers is None else [agent for agent in options.watchers if agent in agents]
    awake = [agent for agent in own if not (options.preparation and agent >= slots.hiders)]
    watched = _opponents_seen(snapshot)
    if options.watchers is not None:
        one = slice(world, world + 1)
        sight = options.sight or look(slots, take(layout, one), take(state, one))
        agents_seen = (sight.agents[0] if seen is None else seen[world])[awake].any(axis=0)
        agents = [agent for agent in agents if agent in own or agents_seen[agent]]
        things = [thing for thing in things if sight.things[0, awake, thing].any()]
        watched[[agent for agent in range(slots.agents) if agent not in own]] = False
    return _Scene(canvas, camera, snapshot, options, agents, things, awake, watched)
