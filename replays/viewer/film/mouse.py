"""What the mouse does: it scrubs and marks ranges on the time line, and moves and selects on the floor."""

import math
from enum import Enum, auto
from typing import TYPE_CHECKING

from pygame import Rect

from replays.viewer.film.agent_panel import plot_area
from replays.viewer.film.scoreboard import agent_area, event_rows
from replays.viewer.film.timeline import event_at, time_at

if TYPE_CHECKING:
    from replays.viewer.film.film import Film
    from replays.viewer.film.viewer import Viewer
    from replays.viewer.widgets.panes import Panes

Place = tuple[int, int]

_CLICK_PIXELS = 4
"""A press that moves less than this is a click."""


class Grip(Enum):
    """What the pressed mouse has hold of."""

    NOTHING = auto()
    TIME = auto()
    """The playing head."""
    RANGE = auto()
    """The other end of a loop."""
    FLOOR = auto()
    """The floor, not moved yet: letting go here is a click."""
    MOVED_FLOOR = auto()
    """The floor, being moved."""


class Mouse:
    """The mouse over a viewer. `at` is where it is, None outside the window; `tip` what lies under it, in words."""

    def __init__(self, viewer: "Viewer") -> None:
        self.at: Place | None = None
        self.tip: list[str] = []
        self.grip = Grip.NOTHING
        self._viewer = viewer
        self._pressed: Place = (0, 0)
        self._track = Rect(0, 0, 1, 1)
        """Along which the playing head is held: the time line's, or the curve's."""

    def leave(self) -> None:
        """The mouse has left the window."""
        self.at, self.tip = None, []

    def move(self, place: Place) -> bool:
        """Follows the mouse; whether the picture must be drawn anew."""
        before, self.at = self.at, place
        viewer, panes = self._viewer, self._viewer.panes
        dragged = viewer.film is not None and self._drag(viewer, viewer.film, panes, before or place, place)
        told = self.tip
        self.look()
        lively = [panes.controls, panes.timeline]
        over = any(area.collidepoint(at) for area in lively for at in (before, place) if at)
        return dragged or over or self.tip != told

    def look(self) -> None:
        """Brings `tip` up to date with what moves under the mouse."""
        viewer, world = self._viewer, self._viewer.panes.world
        self.tip = []
        if viewer.film and self.at and self.grip is Grip.NOTHING and world.collidepoint(self.at):
            self.tip = viewer.stage.words_at(self.at, world, viewer.film, viewer.playback.time)

    def press(self, place: Place, shift: bool) -> None:
        """The left button goes down on something that is no button of the window."""
        viewer, panes = self._viewer, self._viewer.panes
        film = viewer.film
        if film is None:
            return
        self._pressed = place
        if panes.timeline.collidepoint(place):
            self._press_timeline(film, panes, place, shift)
        elif panes.world.collidepoint(place):
            self.grip, self.tip = Grip.FLOOR, []
        elif viewer.stage.selected is not None:
            self._press_curve(film, viewer.stage.selected, plot_area(agent_area(panes.side)), place)
        else:
            for area, event in event_rows(film, panes.side, viewer.playback.tick):
                if area.collidepoint(place):
                    viewer.go_to(event.tick)

    def release(self, place: Place) -> None:
        """The left button goes up."""
        grip, self.grip = self.grip, Grip.NOTHING
        viewer = self._viewer
        if grip is Grip.FLOOR and viewer.film:
            stage = viewer.stage
            agent = stage.agent_at(place, viewer.panes.world, viewer.film, viewer.playback.time)
            stage.select(None if agent == stage.selected else agent)

    def _press_timeline(self, film: "Film", panes: "Panes", place: Place, shift: bool) -> None:
        playback = self._viewer.playback
        time = time_at(panes.track, film.recording.header.ticks, place[0])
        if shift:
            self.grip = Grip.RANGE
            playback.set_loop(time, time)
        elif panes.markers.collidepoint(place) and (event := event_at(film, panes, place[0])):
            self._viewer.go_to(event.tick)
        else:
            self.grip, self._track = Grip.TIME, panes.track
            playback.seek(time)

    def _press_curve(self, film: "Film", agent: int, plot: Rect, place: Place) -> None:
        """On the curve of what an agent's team expects one seeks as on the time line."""
        if film.recording.expected_by(agent) is not None and plot.collidepoint(place):
            self.grip, self._track = Grip.TIME, plot
            self._viewer.playback.seek(time_at(plot, film.recording.header.ticks, place[0]))

    def _drag(self, viewer: "Viewer", film: "Film", panes: "Panes", before: Place, place: Place) -> bool:
        """Whether anything was dragged."""
        playback, ticks = viewer.playback, film.recording.header.ticks
        if self.grip is Grip.TIME:
            playback.seek(time_at(self._track, ticks, place[0]))
        elif self.grip is Grip.RANGE:
            playback.set_loop(*(time_at(panes.track, ticks, x) for x in (self._pressed[0], place[0])))
        elif self.grip is Grip.FLOOR and math.dist(place, self._pressed) >= _CLICK_PIXELS:
            self.grip, before = Grip.MOVED_FLOOR, self._pressed
        if self.grip is Grip.MOVED_FLOOR:
            viewer.stage.pan(place[0] - before[0], place[1] - before[1], panes.world, film)
        return self.grip not in (Grip.NOTHING, Grip.FLOOR)
