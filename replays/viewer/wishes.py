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


Wish = Go | Watch | Compare
