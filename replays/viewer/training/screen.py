"""Live training: the newest recording plays on, the curves of its run grow under it, and the next one takes over."""

from pathlib import Path

import pygame
from pygame import Rect

from replays.interpolation import moment
from replays.viewer.film.caption import caption
from replays.viewer.film.film import Film
from replays.viewer.film.focus import camera_on
from replays.viewer.keys import key_for
from replays.viewer.requests import ScreenBase, Watch
from replays.viewer.training.keys import HELP_TAIL, TRAINING_KEYS
from replays.viewer.training.layout import Parts, parts_of
from replays.viewer.training.run import WatchedRun
from replays.viewer.training.stage import Stage
from replays.viewer.warm_up import KernelWarmUp
from replays.viewer.widgets.pages import draw_help, draw_message
from replays.viewer.widgets.plot import Plot, draw_legend, short_steps, short_time
from replays.viewer.widgets.theme import FAINT, LARGE, NORMAL, SMALL, px, wrap, write
from sim.render.canvas import Stamp
from sim.render.draw import Options, draw
from sim.render.palette import HIDER, INK, PAPER, WHITE, mix
from sim.render.text import label

_FRAME_S = 1 / 12
"""From one picture to the next: the trainer needs the processor more."""
_LOOK_S = 1.0
"""From one look into the run's folder to the next."""
_NEAR_PIXELS = 12
_ROW = 23


class TrainingScreen(ScreenBase):
    """A screen that follows a run; closing it leaves training alone."""

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
        self._mouse: tuple[int, int] | None = None
        self._plan_plot()
        self._told = ""
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
        self._since_look = 0.0
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

    def close(self) -> None:
        """Leaves the help page, an earlier recording, or this screen."""
        if self.help:
            self.help = False
        elif self.stage.chosen is not None:
            self.follow()
        else:
            self.running = False

    def advance(self, seconds: float) -> None:
        """Lets real time pass: a picture now and then, and a look at the folder every second."""
        self._since_look += seconds
        if self._since_look >= _LOOK_S:
            self.look()
            told = self._message()
            self.stale |= told != self._told
        self._since_frame += seconds
        if self._since_frame >= _FRAME_S:
            passed, self._since_frame = self._since_frame, 0.0
            self.stale |= self._is_ready and self.stage.advance(passed)

    def handle(self, event: pygame.Event) -> None:
        """Does what one of pygame's events asks for."""
        if event.type == pygame.MOUSEMOTION:
            self._move_mouse(event.pos)
            return
        if self.message and event.type in (pygame.KEYDOWN, pygame.MOUSEBUTTONDOWN):
            self.message = None
        elif event.type == pygame.KEYDOWN:
            key = key_for(TRAINING_KEYS, event.key, event.mod)
            if key:
                key.action(self)
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            self._press(event.pos)
        elif event.type == pygame.WINDOWLEAVE:
            self._mouse = None
        elif event.type != pygame.WINDOWEXPOSED:
            return
        self.stale = True

    def draw(self, surface: pygame.Surface) -> None:
        """Draws everything on a surface of the present size."""
        surface.fill(PAPER)
        parts, film = self.parts, self.stage.film
        self._draw_header(surface, parts.header)
        self._told = self._message()
        if film is not None and self._is_ready:
            self._draw_world(surface, parts, film)
        else:
            draw_message(surface, parts.world, self._told, foot="")
        if parts.panel.width:
            self._draw_panel(surface, parts.panel)
        self._draw_plot(surface, parts.plot)
        if self.message:
            draw_message(surface, surface.get_rect(), self.message)
        if self.help:
            draw_help(surface, TRAINING_KEYS, HELP_TAIL)
        self.stale = False

    @property
    def _is_ready(self) -> bool:
        return self._warm_up is None or self._warm_up.done

    def _plan_plot(self) -> None:
        newest = self.run.stage_of(self.run.recordings[-1]) if self.run.recordings else 0
        self._plot = Plot(self.parts.plot, self.run.curves, max(newest, self.run.checkpoint_steps))

    def _recording_at(self, x: int) -> Path | None:
        """The recording whose place on the axis is nearest to a pixel column."""
        return min(
            self.run.recordings, key=lambda path: abs(self._plot.x_of(self.run.stage_of(path)) - x), default=None
        )

    def _move_mouse(self, place: tuple[int, int]) -> None:
        before, self._mouse = self._mouse, place
        self.stale |= any(at and self._plot.area.collidepoint(at) for at in (before, place))

    def _press(self, place: tuple[int, int]) -> None:
        parts = self.parts
        if self.help:
            self.help = False
        elif parts.plot.collidepoint(place):
            found = self._recording_at(place[0])
            newest = self.run.recordings[-1] if self.run.recordings else None
            self.stage.choose(None if found == newest else found)
        elif parts.world.collidepoint(place):
            self.watch()

    def _message(self) -> str:
        """What is said while there is no recording to play."""
        run = self.run
        if self._warm_up is not None and not self._warm_up.done:
            return "Training has begun. What the window draws with is being compiled for this machine, once."
        if run.recordings:
            return "Training; the first recording is being read."
        if not run.is_training:
            return "No recording has come from this run, and nothing trains it now: hideseek train goes on with it."
        left = run.seconds_to_next()
        if left is None:
            return "Training is starting; on a new machine its kernels are compiled first, which takes a minute or two."
        return f"Training; the first recording comes in about {short_time(max(round(left / 5) * 5, 5))}."

    def _draw_header(self, surface: pygame.Surface, area: Rect) -> None:
        run = self.run
        facts = [f"{short_steps(run.agent_steps)} agent-steps", short_time(run.seconds)] if run.agent_steps else []
        if run.is_training and run.speed:
            facts.append(f"{short_steps(float(f'{run.speed:.2g}'))} a second")
        told = write(surface, "  ·  ".join(facts), area.midright, NORMAL, INK, "midright", area.width)
        state = "Training" if run.is_training else "Trained"
        room = told.left - area.left - px(16)
        title = write(surface, state, area.midleft, LARGE, HIDER if run.is_training else INK, "midleft", max(room, 0))
        where = f"{run.scenario}  ({run.folder.name})" if run.scenario else run.folder.name
        left = title.right + px(10)
        if told.left - left > px(80):
            write(surface, where, (left, area.centery + px(1)), NORMAL, FAINT, "midleft", told.left - left - px(16))

    def _draw_world(self, surface: pygame.Surface, parts: Parts, film: Film) -> None:
        recording, time = film.recording, self.stage.playback.time
        now, header = moment(recording, time), recording.header
        options = Options(preparation=now.preparation, camera=camera_on(parts.world.size, film.focus))
        draw(surface, parts.world, header.slots, recording.layout, now.state, now.seen, 0, options)
        words, _ = caption(film, int(time))
        fits = label(words, px(NORMAL), INK).get_width() <= parts.caption.width
        write(surface, words, parts.caption.center, NORMAL if fits else SMALL, INK, "center", parts.caption.width)
        done = round(parts.caption.width * time / max(header.ticks, 1))
        bar = Rect(parts.caption.left, parts.caption.top, done, px(2))
        pygame.draw.rect(surface, mix(PAPER, INK, 0.35), bar)
        if not parts.panel.width:
            write(surface, self._shown_words(), parts.world.topleft, SMALL, FAINT)

    def _shown_words(self) -> str:
        """Which recording plays."""
        path = self.stage.path
        if path is None:
            return ""
        steps = self.run.stage_of(path)
        return f"after {short_steps(steps)} agent-steps" if steps else "untrained"

    def _draw_panel(self, surface: pygame.Surface, area: Rect) -> None:
        left, top = area.left, area.top + px(10)
        if self.stage.path is not None and self._is_ready:
            earlier = self.stage.chosen is not None
            write(surface, "An earlier stage" if earlier else "The newest teams", (left, top), SMALL, FAINT)
            write(surface, self._shown_words(), (left, top + px(18)), LARGE, INK, width=area.width)
            top += px(54)
        lines = self.run.curves.lines
        room = Rect(left, top, area.width, max(area.bottom - top, 0))
        draw_legend(surface, room, lines, px(_ROW))
        top += len(lines) * px(_ROW) + px(12)
        for line in self._panel_foot(area.width) if self.run.recordings else ():
            if top + px(20) > area.bottom:
                return
            write(surface, line, (left, top), SMALL, FAINT)
            top += px(20)

    def _panel_foot(self, width: int) -> list[str]:
        left = self.run.seconds_to_next()
        lines = [] if left is None else [f"Next recording in {short_time(left)}"]
        way = "Esc follows training again" if self.stage.chosen else "Click the curves to play an earlier stage"
        for words in (way, "Enter opens the film; F1 shows all keys"):
            lines += wrap(words, SMALL, width)
        return lines

    def _draw_plot(self, surface: pygame.Surface, area: Rect) -> None:
        plot = self._plot
        plot.draw(surface)
        if not len(self.run.curves.agent_steps):
            place = (plot.track.centerx, plot.track.centery - px(14))
            write(surface, "The curves begin with the first update.", place, SMALL, FAINT, "center")
        for path in self.run.recordings:
            self._draw_mark(surface, path)
        if self._mouse and area.collidepoint(self._mouse) and not self.help:
            x = min(max(self._mouse[0], plot.track.left), plot.track.right)
            steps = min(plot.steps_at(x), self.run.curves.last)
            title = f"{short_steps(steps)} agent-steps · {short_time(self.run.curves.seconds_at(steps))}"
            plot.draw_values(surface, x, title)

    def _draw_mark(self, surface: pygame.Surface, path: Path) -> None:
        """A disc on the axis for each recording; the one that plays is large."""
        shown = path == self.stage.path
        place = (self._plot.x_of(self.run.stage_of(path)), self._plot.track.bottom - 1)
        stamp = Stamp(surface, [place], px(10))
        stamp.disc(WHITE, place, px(8 if shown else 5))
        stamp.disc(INK if shown else mix(PAPER, INK, 0.55), place, px(65 if shown else 35) / 10)
        stamp.lay()
