"""What a screen can ask of the window that it cannot do itself: to show another screen."""

from enum import Enum, auto
from pathlib import Path
from typing import NamedTuple


class Go(Enum):
    """Requests that need nothing else."""

    QUIT = auto()
    GALLERY = auto()
    """To the gallery and, from there, back to the film."""
    REFRESH = auto()
    """The same gallery with what has been recorded since."""
    EARLIER = auto()
    """The same moment of the recording before this one in training."""
    LATER = auto()
    """The same moment of the recording after this one in training."""


class Watch(NamedTuple):
    """Show one recording of several."""

    paths: list[Path]
    number: int


class Compare(NamedTuple):
    """Show two to four recordings side by side."""

    paths: list[Path]
    choices: list[Path]
    """What more of them can be taken from."""
    time: float = 0.0
    """Where to begin, in ticks."""


ScreenRequest = Go | Watch | Compare
