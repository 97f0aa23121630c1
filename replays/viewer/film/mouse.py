"""What the mouse does: it scrubs and marks ranges on the time line, and moves and selects on the floor."""

import math
from enum import Enum, auto

from pygame import Rect

from replays.film.film import Film
from replays.viewer.film.expected_curve import curve_area, expected_words, plot_area
from replays.viewer.film.scoreboard import agent_area, event_rows
from replays.viewer.film.timeline import event_at
from replays.viewer.film.watching import Watching
from replays.viewer.widgets.panes import Panes
from replays.viewer.widgets.theme import px
from replays.viewer.widgets.time_axis import time_at

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
    """The mouse over a watching. `at` is where it is, None outside the window; `tip` what lies under it, in words, and
    `tip_at` where they are said.
    """

    def __init__(self, watching: Watching) -> None:
        self.at: Place | None = None
        self.tip: list[str] = []
        self.tip_at: Place = (0, 0)
        self.grip = Grip.NOTHING
        self._watching = watching
        self._pressed: Place = (0, 0)
        self._track = Rect(0, 0, 1, 1)
        """Along which the playing head is held: the time line's, or the curve's."""

    def leave(self) -> None:
        """The mouse has left the window."""
        self.at, self.tip = None, []

    def move(self, place: Place) -> bool:
        """Follows the mouse; whether the picture must be drawn anew."""
        before, self.at = self.at, place
        watching, panes = self._watching, self._watching.panes
        dragged = watching.film is not None and self._drag(watching, watching.film, panes, before or place, place)
        before_tip = self.tip
        self.look()
        lively = [panes.controls, panes.timeline]
        over = any(area.collidepoint(at) for area in lively for at in (before, place) if at)
        return dragged or over or self.tip != before_tip

    def look(self) -> None:
        """Brings `tip` up to date with what moves under the mouse."""
        watching, panes, view = self._watching, self._watching.panes, self._watching.world_view
        self.tip = []
        if watching.film is None or self.at is None or self.grip is not Grip.NOTHING:
            return
        curve = curve_area(agent_area(panes.side))
        if panes.world.collidepoint(self.at):
            self.tip = view.words_at(self.at, panes.world, watching.film, watching.playback.time)
            self.tip_at = (self.at[0], self.at[1] - px(10))
        elif view.selected is not None and curve.collidepoint(self.at):
            self.tip, self.tip_at = expected_words(watching.film, view.selected), (self.at[0], curve.top - px(4))

    def press(self, place: Place, shift: bool) -> None:
        """The left button goes down on something that is no button of the window."""
        watching, panes = self._watching, self._watching.panes
        film = watching.film
        if film is None:
            return
        self._pressed = place
        if panes.timeline.collidepoint(place):
            self._press_timeline(film, panes, place, shift)
        elif panes.world.collidepoint(place):
            self.grip, self.tip = Grip.FLOOR, []
        elif watching.world_view.selected is not None:
            self._press_curve(film, watching.world_view.selected, plot_area(agent_area(panes.side)), place)
        else:
            for area, event in event_rows(film, panes.side, watching.playback.tick):
                if area.collidepoint(place):
                    watching.go_to(event.tick)

    def release(self, place: Place) -> None:
        """The left button goes up."""
        grip, self.grip = self.grip, Grip.NOTHING
        watching = self._watching
        if grip is Grip.FLOOR and watching.film:
            view = watching.world_view
            agent = view.agent_at(place, watching.panes.world, watching.film, watching.playback.time)
            view.select(None if agent == view.selected else agent)

    def _press_timeline(self, film: Film, panes: Panes, place: Place, shift: bool) -> None:
        playback = self._watching.playback
        time = time_at(panes.track, film.recording.header.ticks, place[0])
        if shift:
            self.grip = Grip.RANGE
            playback.set_loop(time, time)
        elif panes.markers.collidepoint(place) and (event := event_at(film, panes, place[0])):
            self._watching.go_to(event.tick)
        else:
            self.grip, self._track = Grip.TIME, panes.track
            playback.seek(time)

    def _press_curve(self, film: Film, agent: int, plot: Rect, place: Place) -> None:
        """On the curve of what an agent's team expects one seeks as on the time line."""
        if film.recording.expected_by(agent) is not None and plot.collidepoint(place):
            self.grip, self._track = Grip.TIME, plot
            self._watching.playback.seek(time_at(plot, film.recording.header.ticks, place[0]))

    def _drag(self, watching: Watching, film: Film, panes: Panes, before: Place, place: Place) -> bool:
        """Whether anything was dragged."""
        playback, ticks = watching.playback, film.recording.header.ticks
        if self.grip is Grip.TIME:
            playback.seek(time_at(self._track, ticks, place[0]))
        elif self.grip is Grip.RANGE:
            playback.set_loop(*(time_at(panes.track, ticks, x) for x in (self._pressed[0], place[0])))
        elif self.grip is Grip.FLOOR and math.dist(place, self._pressed) >= _CLICK_PIXELS:
            self.grip, before = Grip.MOVED_FLOOR, self._pressed
        if self.grip is Grip.MOVED_FLOOR:
            watching.world_view.pan(place[0] - before[0], place[1] - before[1], panes.world, film)
        return self.grip not in (Grip.NOTHING, Grip.FLOOR)
