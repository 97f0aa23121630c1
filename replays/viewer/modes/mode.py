"""What takes over the viewer's keys for a while: playing, changing the world, exporting."""

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import pygame
from pygame import Rect

from replays.film.film import Film
from replays.film.playback import Playback
from replays.session import PlayContext
from replays.viewer.film.world_view import WorldView
from replays.viewer.keys import Key, key_for
from replays.viewer.modes.keycard import draw_keycard, make_room
from replays.viewer.widgets.pages import draw_message
from replays.viewer.widgets.panes import Panes
from sim.errors import UserError
from sim.render.canvas import Camera

_PATIENCE_S = 4.0
"""After this it says what may take so long."""


class ModeHost(Protocol):
    """What a mode may read and change of the viewer that shows it."""

    film: Film | None
    playback: Playback
    world_view: WorldView
    mode: "Mode | None"
    message: str | None
    note: str
    help: bool
    running: bool
    pressed: int
    size: tuple[int, int]
    paths: list[Path]
    number: int
    play_context: PlayContext | None

    @property
    def panes(self) -> Panes: ...
    @property
    def moving(self) -> bool: ...
    def camera(self, panes: Panes) -> Camera: ...
    def say(self, note: str) -> None: ...
    def enter(self, mode: "Mode") -> None: ...
    def leave_mode(self) -> None: ...
    def open(self, path: Path) -> None: ...
    def add(self, path: Path) -> None: ...
    def toggle_help(self) -> None: ...
    def toggle_cones(self) -> None: ...
    def zoom(self, steps: int, place: tuple[int, int] | None = None) -> None: ...


class Mode:
    """A table of keys of its own, shown on a card beside the picture."""

    keys: tuple[Key, ...] = ()
    """Its keys; each action is given the mode."""
    help_tail = "Esc goes back to the film."
    """The last line of the help page."""
    legend: Sequence[tuple[str, str]] = ()
    """The signs that the help page explains."""
    alone = True
    """The film's keys do nothing meanwhile."""
    busy = False
    """The picture changes by itself."""
    longest_s = math.inf
    """How much real time passes at most from one frame to the next."""

    def __init__(self, viewer: ModeHost) -> None:
        self.viewer = viewer

    @property
    def title(self) -> str:
        """The card's first line."""
        return ""

    @property
    def lines(self) -> list[str]:
        """What else the card says, above the keys."""
        return []

    def handle(self, event: pygame.Event) -> bool:
        """Takes one of pygame's events; False leaves it to the viewer."""
        if event.type != pygame.KEYDOWN:
            return False
        if event.key == pygame.K_ESCAPE and self.viewer.help:
            self.viewer.toggle_help()
            return True
        key = key_for(self.keys, event.key, event.mod)
        if key:
            self.viewer.pressed = event.key
            key.action(self)
        return self.alone or key is not None

    def advance(self, seconds: float) -> None:
        """Lets real time pass."""

    def arrange(self, panes: Panes) -> Panes:
        """The viewer's panes, with room made for what the mode draws."""
        return make_room(panes)[0]

    def card_area(self, panes: Panes) -> Rect:
        """Where the card lies; it has no width where the window is too small."""
        return make_room(panes)[1]

    @property
    def hint(self) -> str:
        """What is said for a short while where there is no room for the card."""
        return f"{self.title.rstrip(' .')}: F1 shows the keys"

    def draw(self, surface: pygame.Surface, panes: Panes) -> None:
        """Draws over the film; `panes` are the viewer's own, before `arrange`."""
        draw_keycard(surface, self.card_area(panes), self.title, self.lines, self.keys)

    def leave(self) -> None:
        """Puts everything back; nothing the user did is lost."""


class Waiting(Mode):
    """Shows that something is being made ready in another thread, then goes on with it."""

    busy = True

    def __init__(self, viewer: ModeHost, what: str, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """`then` is called with what `work` returned, unless the user has left; a UserError becomes a message."""
        super().__init__(viewer)
        self._what, self._then = what, then
        self._waited_s = 0.0
        self._before: Film | None = None
        executor = ThreadPoolExecutor(1, "hideseek-waiting")
        self._done = executor.submit(work)
        executor.shutdown(wait=False)

    @property
    def title(self) -> str:
        return self._what

    @property
    def hint(self) -> str:
        return ""

    def show(self, film: Film, tick: int) -> None:
        """Shows a moment of another film meanwhile."""
        self._before, self.viewer.film = self.viewer.film, film
        self.viewer.playback.seek(tick)

    def leave(self) -> None:
        if self._before:
            self.viewer.film = self._before

    def draw(self, surface: pygame.Surface, panes: Panes) -> None:
        why = "" if self._waited_s < _PATIENCE_S else " The first time, the game is compiled for this machine."
        draw_message(surface, panes.world, self._what + why, "Esc: never mind.")

    def arrange(self, panes: Panes) -> Panes:
        return panes

    def advance(self, seconds: float) -> None:
        self._waited_s += seconds
        if not self._done.done():
            return
        self.viewer.leave_mode()
        try:
            found = self._done.result()
        except UserError as error:
            self.viewer.message = str(error)
        else:
            self._then(found)


Waiting.keys = (Key("Esc", (pygame.K_ESCAPE,), "never mind", lambda mode: mode.viewer.leave_mode()),)
