"""Live training: the newest recording plays on, the curves of its run grow under it, and the next one takes over."""

from pathlib import Path

import pygame

from replays.film.film import Film
from replays.film.units import training_text
from replays.viewer.requests import Watch
from replays.viewer.screen import ScreenBase
from replays.viewer.training.keys import HELP_TAIL, TRAINING_KEYS
from replays.viewer.training.layout import Parts, parts_of
from replays.viewer.training.run import WatchedRun
from replays.viewer.training.stage import Stage
from replays.viewer.training.view import draw_caption, draw_header, draw_panel, draw_plot, waiting_words
from replays.viewer.training.world import WorldPictures
from replays.viewer.warm_up import KernelWarmUp
from replays.viewer.widgets.pages import draw_message
from replays.viewer.widgets.plot import Plot
from replays.viewer.widgets.theme import FAINT, SMALL, write
from sim.render.palette import PAPER
from sim.rules import RULES

_FRAME_S = RULES.tick_s
"""From one picture to the next: a tick, since the trainer needs the processor more."""
_LOOK_S = 1.0
"""From one look into the run's folder to the next."""


class TrainingScreen(ScreenBase):
    """A screen that follows a run; closing it leaves training alone."""

    keys = TRAINING_KEYS
    help_tail = HELP_TAIL
    moving = False
    """It asks for its few frames itself, through `stale`."""

    def __init__(self, run: WatchedRun, size: tuple[int, int], warm_up: KernelWarmUp | None = None) -> None:
        """`warm_up` is compiling what a picture of the world needs; until it is done none is drawn."""
        super().__init__()
        self.run = run
        self.stage = Stage()
        self._warm_up = warm_up
        self._size = size
        self._since_frame = self._since_look = 0.0
        self._plan_plot()
        self._shown_message = ""
        self._pictures = WorldPictures()
        self._still: pygame.Surface | None = None
        self._still_key: tuple[object, ...] = ()
        self.look()

    @property
    def size(self) -> tuple[int, int]:
        """Of the window, in pixels."""
        return self._size

    @size.setter
    def size(self, size: tuple[int, int]) -> None:
        self._size, self.stale = size, True
        self._plan_plot()

    @property
    def parts(self) -> Parts:
        """Where everything lies."""
        return parts_of(self._size)

    @property
    def plot(self) -> Plot:
        """The curves as they are drawn."""
        return self._plot

    @property
    def title(self) -> str:
        """What the window is called."""
        return f"{self.run.folder.name} {'in training' if self.run.is_training else 'trained'} - hideseek"

    def look(self) -> None:
        """Looks into the run's folder for what is new."""
        self._since_look, self._still = 0.0, None
        if self.run.look():
            self.stale = True
            self._plan_plot()
        if self._is_ready:
            self.stage.offer(self.run.recordings)

    def step(self, steps: int) -> None:
        """Plays an earlier or later recording."""
        self.stage.step(steps)

    def follow(self) -> None:
        """Plays the newest recording, and every later one when it comes."""
        self.stage.choose(None)

    def watch(self) -> None:
        """Opens the recording that plays as a film, with all that can be done there."""
        path = self.stage.path
        if path in self.run.recordings:
            self.ask(Watch(list(self.run.recordings), self.run.recordings.index(path)))

    def step_back(self) -> bool:
        """Leaves an earlier recording."""
        if self.stage.chosen is None:
            return False
        self.follow()
        return True

    def advance(self, seconds: float) -> None:
        """Lets real time pass: a picture now and then, and a look at the folder every second."""
        self._since_look += seconds
        if self._since_look >= _LOOK_S:
            self.look()
            message = self._message()
            self.stale |= message != self._shown_message
        self._since_frame += seconds
        if self._since_frame >= _FRAME_S:
            self._since_frame = min(self._since_frame - _FRAME_S, _FRAME_S)
            self.stale |= self._is_ready and self.stage.advance(_FRAME_S)

    def draw_content(self, surface: pygame.Surface) -> None:
        """Draws the world, the curves and what is known of the run."""
        surface.blit(self._draw_still(), (0, 0))
        film, self._shown_message = self.stage.film, self._message()
        if film is not None and self._is_ready:
            self._draw_world(surface, film)
        else:
            draw_message(surface, self.parts.world, self._shown_message, foot="")
        if self.pointer and self._plot.area.collidepoint(self.pointer) and not self.help:
            self._plot.draw_values(surface, self.pointer[0])

    @property
    def _is_ready(self) -> bool:
        return self._warm_up is None or self._warm_up.done

    def _plan_plot(self) -> None:
        self._still = None
        newest = self.run.stage_of(self.run.recordings[-1]) if self.run.recordings else 0
        self._plot = Plot(self.parts.plot, self.run.curves, max(newest, self.run.checkpoint_steps))

    def _recording_at(self, x: int) -> Path | None:
        """The recording whose place on the axis is nearest to a pixel column."""
        return min(
            self.run.recordings, key=lambda path: abs(self._plot.x_of(self.run.stage_of(path)) - x), default=None
        )

    def move_mouse(self, before: tuple[int, int] | None, place: tuple[int, int]) -> bool:
        """Follows the mouse over the curves."""
        return any(at is not None and self._plot.area.collidepoint(at) for at in (before, place))

    def press(self, place: tuple[int, int]) -> None:
        """Plays a stage of training, or opens the film."""
        parts = self.parts
        if parts.plot.collidepoint(place):
            found = self._recording_at(place[0])
            newest = self.run.recordings[-1] if self.run.recordings else None
            self.stage.choose(None if found == newest else found)
        elif parts.world.collidepoint(place):
            self.watch()

    def _message(self) -> str:
        """What is said while there is nothing to play."""
        if self._is_ready:
            return waiting_words(self.run)
        return "Training has begun. What the window draws with is being compiled for this machine, once."

    def _draw_still(self) -> pygame.Surface:
        """All but the world and what the mouse points at, drawn anew only when it has changed."""
        key = (self._size, self.stage.path, self.stage.chosen)
        if self._still is None or self._still_key != key:
            self._still, self._still_key = pygame.Surface(self._size, depth=32), key
            self._still.fill(PAPER)
            parts = self.parts
            draw_header(self._still, parts.header, self.run)
            if parts.panel.width:
                draw_panel(self._still, parts.panel, self.run, self.stage)
            draw_plot(self._still, self._plot, self.run, self.stage.path)
        return self._still

    def _draw_world(self, surface: pygame.Surface, film: Film) -> None:
        parts, tick = self.parts, round(self.stage.playback.time)
        self._pictures.draw(surface, parts.world, film, tick)
        draw_caption(surface, parts.caption, film, tick)
        if not parts.panel.width and self.stage.path:
            stage = training_text(self.run.stage_of(self.stage.path), self.run.begun)
            write(surface, stage, parts.world.topleft, SMALL, FAINT)
