"""Every key of the viewer, in one table: it drives the keyboard, the buttons and the help page."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

import pygame

if TYPE_CHECKING:
    from replays.viewer.viewer import Viewer


Asked = TypeVar("Asked")
"""Who is asked: the viewer, or what has taken over its keys for a while (see `replays.viewer.mode`)."""


class Key(NamedTuple, Generic[Asked]):
    """Something the user can ask for."""

    name: str
    """The key as printed on the help page."""
    keys: tuple[int, ...]
    """pygame's numbers of the keys that do it."""
    help: str
    """What it does, in a few words."""
    action: Callable[[Asked], None]
    """Does it."""


KEYS: tuple[Key["Viewer"], ...] = (
    Key("Space", (pygame.K_SPACE,), "play or pause", lambda viewer: viewer.playback.toggle()),
    Key("Right", (pygame.K_RIGHT,), "one tick forwards", lambda viewer: viewer.playback.step(1)),
    Key("Left", (pygame.K_LEFT,), "one tick back", lambda viewer: viewer.playback.step(-1)),
    Key("R", (pygame.K_r,), "play the other way round", lambda viewer: viewer.playback.reverse()),
    Key(
        "Up, +",
        (pygame.K_UP, pygame.K_PLUS, pygame.K_EQUALS, pygame.K_KP_PLUS),
        "faster",
        lambda viewer: viewer.playback.change_pace(1),
    ),
    Key(
        "Down, -",
        (pygame.K_DOWN, pygame.K_MINUS, pygame.K_KP_MINUS),
        "slower",
        lambda viewer: viewer.playback.change_pace(-1),
    ),
    Key("Home", (pygame.K_HOME,), "to the start", lambda viewer: viewer.playback.seek(0)),
    Key("End", (pygame.K_END,), "to the end", lambda viewer: viewer.playback.seek(viewer.playback.ticks)),
    Key("P", (pygame.K_p,), "to the end of preparation", lambda viewer: viewer.to_play_phase()),
    Key("N", (pygame.K_n,), "next event", lambda viewer: viewer.to_event(1)),
    Key("B", (pygame.K_b,), "previous event", lambda viewer: viewer.to_event(-1)),
    Key(
        "Page down, ]",
        (pygame.K_PAGEDOWN, pygame.K_RIGHTBRACKET),
        "next recording",
        lambda viewer: viewer.to_recording(1),
    ),
    Key(
        "Page up, [",
        (pygame.K_PAGEUP, pygame.K_LEFTBRACKET),
        "previous recording",
        lambda viewer: viewer.to_recording(-1),
    ),
    Key("C", (pygame.K_c,), "show or hide what agents see", lambda viewer: viewer.toggle_cones()),
    Key("L", (pygame.K_l,), "show or hide lines of who sees whom", lambda viewer: viewer.toggle_sight_lines()),
    Key("X", (pygame.K_x,), "play an agent yourself, from here", lambda viewer: viewer.take_over()),
    Key("W", (pygame.K_w,), "what if: change the world here, and watch", lambda viewer: viewer.what_if()),
    Key("E", (pygame.K_e,), "export a film or a picture", lambda viewer: viewer.export()),
    Key("F1, H", (pygame.K_F1, pygame.K_h), "this page", lambda viewer: viewer.toggle_help()),
    Key("Esc, Q", (pygame.K_ESCAPE, pygame.K_q), "close", lambda viewer: viewer.close()),
)

BY_NUMBER = {number: key for key in KEYS for number in key.keys}
"""The same table, by pygame's number of the key."""
