"""What a screen can ask of the window that it cannot do itself: to show another screen."""

from enum import Enum, auto
from pathlib import Path
from typing import NamedTuple

import pygame


class Go(Enum):
    """Requests that need nothing else."""

    QUIT = auto()
    GALLERY = auto()
    """To the gallery and, from there, back to the film."""
    REFRESH = auto()
    """The same gallery with what has been recorded since."""
    COMPARE = auto()
    """More recordings side by side: two, four, and again one."""
    EARLIER = auto()
    """The same moment of the recording before this one in training."""
    LATER = auto()
    PLAY_ON = auto()
    """The user plays an agent, from the moment shown."""
    WHAT_IF = auto()
    """The user changes the world at the moment shown."""
    EXPORT = auto()
    """A part of the film, or a picture, is written."""


class Watch(NamedTuple):
    """Show one recording of several."""

    paths: list[Path]
    number: int


class Compare(NamedTuple):
    """Show two to four recordings side by side."""

    paths: list[Path]


ScreenRequest = Go | Watch | Compare


class ScreenBase:
    """What all screens have in common: a message, the help page, a request, and going on after being left."""

    def __init__(self) -> None:
        self.message: str | None = None
        self.help = False
        self.request: ScreenRequest | None = None
        self.stale, self.running = True, True

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

    def put_message_away(self, event: pygame.Event) -> bool:
        """A key or click puts the message away, and does no more; returns whether it was that."""
        if self.message is None or event.type not in (pygame.KEYDOWN, pygame.MOUSEBUTTONDOWN):
            return False
        self.message = None
        return True

    def resume(self) -> None:
        """Goes on after having been left."""
        self.running, self.stale = True, True

    def toggle_help(self) -> None:
        """Shows or hides the help page."""
        self.help = not self.help
