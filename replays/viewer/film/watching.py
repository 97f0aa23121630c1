"""How recordings are watched: the view of the floor, and everything a key can do to it."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import pygame

from replays.film.film import Film
from replays.viewer.film.recordings_screen import RecordingsScreen
from replays.viewer.film.viewport import STEP
from replays.viewer.film.world_view import WorldView
from replays.viewer.settings import Settings
from replays.viewer.widgets.panes import Panes, arrange
from replays.viewer.widgets.theme import px
from sim.render.canvas import Camera

FIRST_SIZE = (1120, 800)
_PAN = {pygame.K_LEFT: (1, 0), pygame.K_RIGHT: (-1, 0), pygame.K_UP: (0, 1), pygame.K_DOWN: (0, -1)}
"""Which way the picture moves, in columns and rows."""
_PAN_PIXELS = 60


class Watching(RecordingsScreen):
    """`world_view` is how the floor is shown, `panels` whether anything is beside it."""

    def __init__(self, paths: Sequence[Path], number: int, settings: Settings | None) -> None:
        self._settings = settings or Settings()
        super().__init__(paths, number, self._settings.pace)
        self.world_view = WorldView(self._settings.cones, self._settings.sight_lines, self._settings.trails)
        self.panels = True
        self.size = FIRST_SIZE

    @property
    def panes(self) -> Panes:
        """Where everything lies at the present size."""
        return arrange(self.size, len(self.film.hiders) if self.film else 0, self.panels)

    @property
    def settings(self) -> Settings:
        """What is worth remembering until the next time."""
        view = self.world_view
        return dataclasses.replace(
            self._settings,
            cones=view.cones,
            sight_lines=view.sight_lines,
            trails=view.trails,
            pace=self.playback.pace,
        )

    def show(self, path: Path) -> None:
        """Shows a recording from its start, paused; a selected agent that it lacks is let go.

        Raises:
            UserError: it cannot be read.
        """
        super().show(path)
        if self.film and self.world_view.selected not in self.film.agents:
            self.world_view.select(None)

    def toggle_cones(self) -> None:
        """Shows or hides what agents see."""
        self.world_view.cones = not self.world_view.cones

    def toggle_sight_lines(self) -> None:
        """Shows or hides lines of who sees whom."""
        self.world_view.sight_lines = not self.world_view.sight_lines

    def toggle_trails(self) -> None:
        """Shows or hides where agents came from."""
        self.world_view.trails = not self.world_view.trails

    def toggle_rays(self) -> None:
        """Shows or hides the selected agent's lidar; selects the first agent if none is selected."""
        if self.film:
            self._select_any(self.film)
        self.world_view.rays = not self.world_view.rays

    def toggle_panels(self) -> None:
        """Shows only the picture, or everything."""
        self.panels = not self.panels
        self.say("" if self.panels else "M shows the panels again")

    def next_fog(self) -> None:
        """Shows everything, what one team sees, or what the selected agent sees."""
        self.say(self.world_view.next_fog())

    def select_next(self, steps: int) -> None:
        """Selects another agent, or none."""
        if self.film:
            self.world_view.select_next(self.film, steps)

    def follow(self) -> None:
        """Keeps the selected agent (the first, if none is selected) in the middle, or lets it go."""
        if self.film:
            self._select_any(self.film)
            self.world_view.viewport.follow()

    def zoom(self, steps: int, place: tuple[int, int] | None = None) -> None:
        """Zooms in or out, around a place in the window or the middle of the picture."""
        if self.film:
            self.world_view.zoom(STEP**steps, place, self.panes.world, self.film)

    def pan_by_key(self) -> None:
        """Moves the picture towards the arrow that was pressed."""
        if self.film:
            columns, rows = (px(_PAN_PIXELS) * way for way in _PAN[self.pressed])
            self.world_view.pan(columns, rows, self.panes.world, self.film)

    def camera(self, panes: Panes) -> Camera:
        """Where the world lies in the window."""
        if not self.film:
            raise ValueError("nothing is shown")
        return self.world_view.camera(panes.world, self.film, self.playback.time)

    def step_back(self) -> bool:
        """Leaves the selected agent."""
        if self.world_view.selected is None:
            return False
        self.world_view.select(None)
        return True

    def _select_any(self, film: Film) -> None:
        if self.world_view.selected is None:
            self.world_view.select_next(film, 1)
