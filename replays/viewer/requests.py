"""What a screen can ask of the window that it cannot do itself: to show another screen."""

from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from replays.viewer.modes.scene import Scene
    from sim.scenarios.drawn.world import DrawnWorld


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
    strategy: str = ""
    """The title of what the user wants to see in it, if that is known."""


class Compare(NamedTuple):
    """Show two to four recordings side by side."""

    paths: list[Path]
    choices: list[Path]
    """What more of them can be taken from."""
    time: float = 0.0
    """Where to begin, in ticks."""


class PlayScene(NamedTuple):
    """Play a scene, then come back."""

    scene: "Scene"


class Edit(NamedTuple):
    """Draw on a world that is not a file yet, then come back."""

    world: "DrawnWorld"


ScreenRequest = Go | Watch | Compare | PlayScene | Edit
