"""The floor in the window: how it is shown, who is selected on it, and what lies under the mouse."""

import math

import numpy as np
import pygame
from pygame import Rect

from replays.events import OWNERS
from replays.film.film import Film
from replays.interpolation import Moment
from replays.viewer.film.viewport import Viewport
from replays.wording import agent_name, thing_name
from sim.geometry import distance_to_rectangle
from sim.render.canvas import Camera, Point
from sim.render.draw import Options, draw
from sim.render.snapshot import Snapshot
from sim.rules import HIDERS, RULES
from sim.state import FREE, X, Y

FOGS = ("everything", "what the hiders see", "what the seekers see", "what the selected agent sees")
"""What is shown of the world, by the number of the fog."""
_ALL, _HIDERS, _SEEKERS, _SELECTED = range(4)
_NEAR_PIXELS = 14


class WorldView:
    """How the floor is shown. `selected` is an agent or None, `fog` an index into FOGS."""

    def __init__(self, cones: bool, sight_lines: bool, trails: bool) -> None:
        self.cones, self.sight_lines, self.trails, self.rays = cones, sight_lines, trails, False
        self.fog = _ALL
        self.selected: int | None = None
        self.viewport = Viewport()

    def select(self, agent: int | None) -> None:
        """Selects an agent, or none."""
        self.selected = agent
        if agent is None:
            self.viewport.following = False
            self.fog = _ALL if self.fog == _SELECTED else self.fog

    def select_next(self, film: Film, steps: int) -> None:
        """Selects the next or previous agent, with none between the last and the first."""
        round_trip = [None, *film.agents]
        here = round_trip.index(self.selected) if self.selected in round_trip else 0
        self.select(round_trip[(here + steps) % len(round_trip)])

    def next_fog(self) -> str:
        """Shows the world as the next of FOGS; returns that in words."""
        self.fog = (self.fog + 1) % (len(FOGS) if self.selected is not None else len(FOGS) - 1)
        return f"Shown: {FOGS[self.fog]}"

    def see_as(self, team: int | None) -> None:
        """Shows only what a team sees, or everything."""
        self.fog = _ALL if team is None else _HIDERS if team == HIDERS else _SEEKERS

    def draw(self, surface: pygame.Surface, area: Rect, film: Film, time: float) -> None:
        """Draws the world at a time."""
        recording, now, watchers = film.recording, film.moment(time), self._watchers(film)
        options = Options(
            cones=self.cones,
            sight_lines=self.sight_lines,
            preparation=now.preparation,
            camera=self._camera(area, film, now),
            trails=film.trails(time, now.state.agents[0]) if self.trails else None,
            watchers=watchers,
            sight=None if watchers is None else film.sight(int(time)),
            selected=self.selected,
            rays=self.rays,
        )
        draw(surface, area, Snapshot(recording.header.slots, recording.layout, now.state, now.seen), options)

    def camera(self, area: Rect, film: Film, time: float) -> Camera:
        """Where the world lies in the window."""
        inside = self._camera(area, film, film.moment(time))
        return inside._replace(left=inside.left + area.left, bottom=inside.bottom + area.top)

    def agent_at(self, place: Point, area: Rect, film: Film, time: float) -> int | None:
        """The agent under a pixel of the window, if one is near."""
        now = film.moment(time)
        camera = self._camera(area, film, now)
        near = max(1.3 * RULES.agent_radius_m * camera.scale, _NEAR_PIXELS)
        away = {
            agent: math.dist(camera.point(*now.state.agents[0, agent, [X, Y]].tolist()), _inside(place, area))
            for agent in self._visible_agents(film, time)
        }
        nearest = min(away, key=away.__getitem__, default=None)
        return nearest if nearest is not None and away[nearest] <= near else None

    def words_at(self, place: Point, area: Rect, film: Film, time: float) -> list[str]:
        """What lies under a pixel of the window, for a tooltip; nothing where there is only floor."""
        agent = self.agent_at(place, area, film, time)
        now, slots = film.moment(time), film.recording.header.slots
        if agent is not None:
            held = int(now.state.held[0, agent])
            state = "holds nothing" if held == FREE else f"holds {thing_name(held, slots)}"
            hint = "click to leave it" if agent == self.selected else "click to see what it observes"
            return [f"{agent_name(agent, slots).capitalize()}, {state}", hint]
        x, y = self._camera(area, film, now).place(*_inside(place, area))
        layout = film.recording.layout
        for thing in self._visible_things(film, time):
            if distance_to_rectangle(x, y, now.state.things[0, thing], *layout.thing_half[0, thing]) == 0:
                return [thing_name(thing, slots).capitalize(), self._lock_words(now, thing)]
        return []

    def zoom(self, factor: float, place: Point | None, area: Rect, film: Film) -> None:
        """Zooms around a pixel of the window, or around the middle."""
        at = (area.width / 2, area.height / 2) if place is None or self.viewport.following else _inside(place, area)
        self.viewport.zoom_by(factor, at, area, float(film.recording.layout.floor[0]))

    def pan(self, columns: float, rows: float, area: Rect, film: Film) -> None:
        """Moves the picture by `columns` and `rows` pixels."""
        self.viewport.pan(columns, rows, area, float(film.recording.layout.floor[0]))

    def _camera(self, area: Rect, film: Film, now: Moment) -> Camera:
        led_by = None if self.selected is None else tuple(now.state.agents[0, self.selected, [X, Y]].tolist())
        return self.viewport.camera(area, float(film.recording.layout.floor[0]), led_by)

    def _visible_agents(self, film: Film, time: float) -> list[int]:
        """Those that the fog does not hide."""
        own = self._watchers(film)
        if own is None:
            return film.agents
        seen = np.asarray(film.sight(int(time)).agents[0, list(own)].any(axis=0))
        return [agent for agent in film.agents if agent in own or seen[agent]]

    def _visible_things(self, film: Film, time: float) -> list[int]:
        """Likewise."""
        own, things = self._watchers(film), film.recording.layout.thing_exists[0].nonzero()[0].tolist()
        if own is None:
            return things
        seen = np.asarray(film.sight(int(time)).things[0, list(own)].any(axis=0))
        return [thing for thing in things if seen[thing]]

    def _watchers(self, film: Film) -> tuple[int, ...] | None:
        if self.fog == _SELECTED and self.selected is not None:
            return (self.selected,)
        hiders = film.recording.header.slots.hiders
        if self.fog == _HIDERS:
            return tuple(film.hiders)
        return tuple(agent for agent in film.agents if agent >= hiders) if self.fog == _SEEKERS else None

    @staticmethod
    def _lock_words(now: Moment, thing: int) -> str:
        lock = int(now.state.lock[0, thing])
        if lock in OWNERS:
            return "locked by the hiders" if lock == OWNERS[HIDERS] else "locked by the seekers"
        return "not locked" if lock == 0 else "cannot be moved"


def _inside(place: Point, area: Rect) -> Point:
    return place[0] - area.left, place[1] - area.top
