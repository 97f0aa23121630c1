"""What a screen can ask of the window that it cannot do itself: to show another screen."""

from enum import Enum, auto
from pathlib import Path
from typing import NamedTuple


class Go(Enum):
    """Ways that need no more words."""

    QUIT = auto()
    GALLERY = auto()
    """To the gallery and, from there, back to the film."""
    REFRESH = auto()
    """The same gallery with what has been recorded since."""
    BESIDE = auto()
    """More recordings side by side: two, four, and again one."""
    EARLIER = auto()
    """The same moment of the recording before this one in training."""
    LATER = auto()


class Watch(NamedTuple):
    """Show one recording of several."""

    paths: list[Path]
    number: int


class Compare(NamedTuple):
    """Show two to four recordings side by side."""

    paths: list[Path]


ScreenRequest = Go | Watch | Compare


class ScreenBase:
    """What gallery and side by side have in common as screens: a message, a wish, and going on after being left."""

    def __init__(self) -> None:
        self.message: str | None = None
        self.help = False
        self.wish: ScreenRequest | None = None
        self.stale, self.running = True, True

    def ask(self, wish: ScreenRequest) -> None:
        """Asks the window for another screen."""
        self.wish = wish

    def take_wish(self) -> ScreenRequest | None:
        """What is asked of the window; asked once."""
        wish, self.wish = self.wish, None
        return wish

    def tell(self, message: str) -> None:
        """Shows a message until it is put away."""
        self.message, self.stale = message, True

    def resume(self) -> None:
        """Goes on after having been left."""
        self.running, self.stale = True, True

    def toggle_help(self) -> None:
        """Shows or hides the help page."""
        self.help = not self.help
