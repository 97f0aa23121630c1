"""What every screen of the window can do."""

from collections.abc import Sequence
from typing import Protocol

import pygame
from pygame import Rect

from replays.viewer.keys import Key, key_for
from replays.viewer.requests import ScreenRequest
from replays.viewer.widgets.help_page import draw_help
from replays.viewer.widgets.pages import draw_message
from sim.render.palette import PAPER

_LEFT, _RIGHT = 1, 3


class Screen(Protocol):
    """What fills the window and takes its events."""

    stale: bool
    """The picture must be drawn anew."""

    @property
    def size(self) -> tuple[int, int]:
        """Of the window, in pixels."""
        ...

    @size.setter
    def size(self, size: tuple[int, int]) -> None: ...

    @property
    def moving(self) -> bool:
        """Whether the picture changes by itself."""
        ...

    @property
    def running(self) -> bool:
        """False once the user has left it."""
        ...

    @property
    def title(self) -> str:
        """What the window is called."""
        ...

    def handle(self, event: pygame.Event) -> None:
        """Does what one of pygame's events asks for."""
        ...

    def advance(self, seconds: float) -> None:
        """Lets real time pass."""
        ...

    def draw(self, surface: pygame.Surface) -> None:
        """Draws everything on a surface of the present size."""
        ...

    def tell(self, message: str) -> None:
        """Shows a message until it is put away."""
        ...

    def take_request(self) -> ScreenRequest | None:
        """What it asks of the window; asked once."""
        ...

    def resume(self) -> None:
        """Goes on after having been left, everything as it was."""
        ...


class ScreenBase:
    """What screens have in common: keys, a message, the help page, a request, and going on after being left.

    A screen overrides the methods that say so in their docstring.
    """

    keys: Sequence[Key] = ()
    help_tail = ""
    """The last line of the help page."""
    legend: Sequence[tuple[str, str]] = ()
    """The signs that the help page explains."""

    def __init__(self) -> None:
        self.message: str | None = None
        self.help = False
        self.request: ScreenRequest | None = None
        self.stale, self.running = True, True
        self.pressed = 0
        """pygame's number of the last key."""
        self.pointer: tuple[int, int] | None = None
        """Where the mouse is; None outside the window."""

    def ask(self, request: ScreenRequest) -> None:
        """Asks the window for another screen."""
        self.request = request

    def take_request(self) -> ScreenRequest | None:
        """What is asked of the window; asked once."""
        request, self.request = self.request, None
        return request

    def tell(self, message: str) -> None:
        """Shows a message until it is put away."""
        self.message, self.stale = message, True

    def resume(self) -> None:
        """Goes on after having been left."""
        self.running, self.stale = True, True

    def toggle_help(self) -> None:
        """Shows or hides the help page."""
        self.help = not self.help

    def close(self) -> None:
        """Leaves the help page, else one part of the screen, else the screen."""
        if self.help:
            self.help = False
        elif not self.step_back():
            self.running = False

    def handle(self, event: pygame.Event) -> None:
        """Does what one of pygame's events asks for."""
        if event.type == pygame.MOUSEMOTION:
            before, self.pointer = self.pointer, event.pos
            self.stale |= self.move_mouse(before, event.pos)
            return
        if self.put_message_away(event):
            pass
        elif event.type == pygame.KEYDOWN:
            self.press_key(event.key, event.mod)
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button in (_LEFT, _RIGHT):
            if self.help:
                self.help = False
            elif event.button == _LEFT:
                self.press(event.pos)
            else:
                self.press_right(event.pos)
        elif event.type == pygame.MOUSEBUTTONUP and event.button == _LEFT:
            self.release(event.pos)
        elif event.type == pygame.MOUSEWHEEL and event.y:
            self.turn_wheel(event.y)
        elif event.type == pygame.WINDOWLEAVE:
            self.pointer = None
        elif event.type != pygame.WINDOWEXPOSED:
            return
        self.stale = True

    def draw(self, surface: pygame.Surface) -> None:
        """Draws everything on a surface of the present size."""
        surface.fill(PAPER)
        self.draw_content(surface)
        if self.message:
            draw_message(surface, self.message_area(surface), self.message)
        if self.help:
            self.draw_help(surface)
        self.stale = False

    def put_message_away(self, event: pygame.Event) -> bool:
        """A key or click puts the message away, and does no more; returns whether it was that."""
        if self.message is None or event.type not in (pygame.KEYDOWN, pygame.MOUSEBUTTONDOWN):
            return False
        self.message = None
        return True

    def press_key(self, number: int, held: int = 0) -> None:
        """Does what a key does while modifiers (a mask of pygame's) are held."""
        key = key_for(self.keys, number, held)
        if key:
            self.pressed = number
            key.action(self)

    def message_area(self, surface: pygame.Surface) -> Rect:
        """Where messages stand in the middle; to be overridden."""
        return surface.get_rect()

    def draw_content(self, surface: pygame.Surface) -> None:
        """Draws all but message and help page; to be overridden."""

    def draw_help(self, surface: pygame.Surface) -> None:
        """Draws the help page; to be overridden where it changes."""
        draw_help(surface, self.keys, self.help_tail, self.legend)

    def step_back(self) -> bool:
        """Leaves a part of the screen, if the user is in one; returns whether that was so. To be overridden."""
        return False

    def move_mouse(self, before: tuple[int, int] | None, place: tuple[int, int]) -> bool:
        """Follows the mouse; returns whether the picture must be drawn anew. To be overridden."""
        return False

    def press(self, place: tuple[int, int]) -> None:
        """The left button goes down; to be overridden."""

    def press_right(self, place: tuple[int, int]) -> None:
        """The right button goes down; to be overridden."""

    def release(self, place: tuple[int, int]) -> None:
        """The left button goes up; to be overridden."""

    def turn_wheel(self, notches: int) -> None:
        """The wheel turns, up if positive; to be overridden."""
