"""The film of one recording, and under it, if a run made it, the time line of training."""

from collections.abc import Sequence
from pathlib import Path

import pygame
from pygame import Rect

from replays.film.facts import Facts, neighbour, siblings
from replays.session import PlayContext
from replays.viewer.compare.choice import pair
from replays.viewer.film.training_timeline import TrainingTimeline, strip_height
from replays.viewer.film.viewer import Viewer
from replays.viewer.gallery.loader import RecordingLoader
from replays.viewer.requests import Compare, Go, ScreenRequest
from replays.viewer.settings import Settings
from replays.viewer.training.ends import end_of_training_text, outside_training_text
from replays.viewer.widgets.theme import px

_LEAST_HEIGHT = 480
"""In lower windows the film needs all the room."""


class FilmScreen:
    """A screen: the viewer, which knows nothing of training, above the time line of training."""

    def __init__(
        self,
        paths: Sequence[Path],
        loader: RecordingLoader,
        tick: int | None = None,
        number: int = 0,
        settings: Settings | None = None,
        play_context: PlayContext | None = None,
    ) -> None:
        """As `Viewer`.

        Raises:
            UserError: that recording cannot be read, or has no such tick.
        """
        self.viewer = Viewer(paths, tick, number, settings, play_context)
        self.training_timeline: TrainingTimeline | None = None
        self.stale = True
        self._loader = loader
        self._size = self.viewer.size
        self._mouse: tuple[int, int] | None = None
        self._find_training_timeline()

    @property
    def size(self) -> tuple[int, int]:
        """Of the window, in pixels."""
        return self._size

    @size.setter
    def size(self, size: tuple[int, int]) -> None:
        self._size = size
        self.viewer.size = (size[0], size[1] - self.strip.height)
        self.stale = True

    @property
    def strip(self) -> Rect:
        """Where the time line of training lies; without height where there is none."""
        shown = self.training_timeline and self.viewer.panels and self._size[1] >= px(_LEAST_HEIGHT)
        height = strip_height(self._size[1]) if shown else 0
        return Rect(0, self._size[1] - height, self._size[0], height)

    @property
    def path(self) -> Path | None:
        """The recording that is shown, if any."""
        return self.viewer.path

    @property
    def moving(self) -> bool:
        """Whether the picture changes by itself."""
        return self.viewer.moving

    @property
    def running(self) -> bool:
        """Whether the user wants to go on."""
        return self.viewer.running

    @property
    def title(self) -> str:
        """What the window is called."""
        return self.viewer.title

    def tell(self, message: str) -> None:
        """Shows a message until it is put away."""
        self.viewer.tell(message)
        self.stale = True

    def take_request(self) -> ScreenRequest | None:
        """What is asked of the window; asked once. Going through training needs no other screen."""
        request = self.viewer.take_request()
        if request in (Go.EARLIER, Go.LATER):
            self.to_stage(-1 if request == Go.EARLIER else 1)
            return None
        return self._in_this_world(request) if isinstance(request, Compare) else request

    def _in_this_world(self, asked: Compare) -> Compare:
        """Two recordings of one world rather than of two, as far as it is known which those are."""
        path, film = self.path, self.viewer.film
        if path is None or film is None:
            return asked
        facts = {other: self._loader.facts(other) for other in asked.choices if other != path}
        elsewhere = [one for one, known in facts.items() if isinstance(known, Facts) and known.scenario != film.world]
        alike = [other for other in asked.choices if other not in elsewhere]
        return asked._replace(paths=pair(path, alike) or asked.paths)

    def resume(self) -> None:
        """Goes on after having been closed, everything as it was."""
        self.viewer.resume()
        self.stale = True

    def advance(self, seconds: float) -> None:
        """Lets real time pass."""
        self.viewer.advance(seconds)
        self.stale |= self.viewer.stale

    def handle(self, event: pygame.Event) -> None:
        """Does what one of pygame's events asks for."""
        if not self._handled_by_strip(event):
            self.viewer.handle(event)
            self._find_training_timeline()
            self.viewer.size = (self._size[0], self._size[1] - self.strip.height)
            self.stale |= self.viewer.stale

    def draw(self, surface: pygame.Surface) -> None:
        """Draws everything on a surface of the present size."""
        strip = self.strip.clip(surface.get_rect())
        if self.training_timeline is None or self.path is None or not strip.height:
            self.viewer.draw(surface)
        else:
            self.viewer.draw(surface.subsurface(Rect(0, 0, surface.get_width(), strip.top)))
            pointed = self._mouse is not None and strip.collidepoint(self._mouse) and not self.viewer.help
            hover = self._mouse[0] if self._mouse and pointed else None
            self.training_timeline.draw(surface, strip, self.path, hover)
        self.stale = False

    def to_stage(self, steps: int) -> None:
        """Shows the same moment earlier or later in training."""
        if self.path is None:
            return
        if self.training_timeline is None:
            self.viewer.say(outside_training_text(self.path))
            return
        if neighbour(self.training_timeline.paths, self.path, steps) is None:
            self._read_training(self.path)  # there may be new ones by now
        other = neighbour(self.training_timeline.paths if self.training_timeline else (), self.path, steps)
        if other is None:
            self.viewer.say(end_of_training_text(self.path, steps))
        else:
            self._turn_to(other)

    def _turn_to(self, path: Path) -> None:
        """The time in the episode, and whether and which way it passes, stay as they are."""
        if self.path == path:
            return
        before = self.viewer.playback
        self.viewer.open(path)
        after = self.viewer.playback
        after.seek(before.time)
        after.playing, after.direction = before.playing, before.direction
        self.stale = True

    def _find_training_timeline(self) -> None:
        """The time line of training that belongs to what is shown."""
        path = self.path
        if path is None or (self.training_timeline is not None and path in self.training_timeline.paths):
            return
        self._read_training(path)

    def _read_training(self, path: Path) -> None:
        found = siblings(path)
        self.training_timeline = TrainingTimeline(sorted({*found, path}), self._loader) if found else None
        self._loader.add(found)
        self.size = self._size

    def _handled_by_strip(self, event: pygame.Event) -> bool:
        """Scrubs through training; returns whether the event was for the strip."""
        if event.type == pygame.WINDOWLEAVE:
            self._mouse = None
        timeline, strip = self.training_timeline, self.strip
        if timeline is None or not strip.height:
            return False
        if event.type == pygame.MOUSEMOTION:
            self._move_mouse(timeline, strip, event.pos)
            return timeline.held
        if event.type == pygame.MOUSEBUTTONDOWN and strip.collidepoint(event.pos):
            if event.button == 1:
                timeline.held = True
                self._turn_to(timeline.paths[timeline.number_at(strip, event.pos[0])])
                self.viewer.playback.playing = True
            return True
        if event.type == pygame.MOUSEBUTTONUP and timeline.held:
            timeline.held = False
            return True
        return False

    def _move_mouse(self, timeline: TrainingTimeline, strip: Rect, place: tuple[int, int]) -> None:
        before, self._mouse = self._mouse, place
        if timeline.held:
            self._turn_to(timeline.paths[timeline.number_at(strip, place[0])])
        if any(at and strip.collidepoint(at) for at in (before, place)):
            self.stale = True
