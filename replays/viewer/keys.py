"""Every key of the viewer, in one table: it drives the keyboard, the buttons and the help page."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import pygame

if TYPE_CHECKING:
    from replays.viewer.viewer import Viewer


class Key(NamedTuple):
    """Something the user can ask for."""

    name: str
    """The key as printed on the help page."""
    keys: tuple[int, ...]
    """pygame's numbers of the keys that do it."""
    help: str
    """What it does, in a few words."""
    action: Callable[["Viewer"], None]
    """Does it."""
    chord: int = 0
    """pygame's modifiers, one of which must be held with it."""


KEYS: tuple[Key, ...] = (
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
    Key(
        "1 to 9",
        tuple(range(pygame.K_1, pygame.K_9 + 1)),
        "a speed, from 1/8 to 32",
        lambda viewer: viewer.playback.set_pace(viewer.pressed - pygame.K_1),
    ),
    Key("I", (pygame.K_i,), "a loop begins here", lambda viewer: viewer.playback.start_loop()),
    Key("O", (pygame.K_o,), "the loop ends here", lambda viewer: viewer.playback.end_loop()),
    Key("K", (pygame.K_k,), "no loop", lambda viewer: viewer.playback.set_loop(0, 0)),
    Key("Tab", (pygame.K_TAB,), "next agent, and what it is told", lambda viewer: viewer.select_next(1)),
    Key("Shift+Tab", (pygame.K_TAB,), "previous agent", lambda viewer: viewer.select_next(-1), pygame.KMOD_SHIFT),
    Key("Z", (pygame.K_z,), "follow the selected agent", lambda viewer: viewer.follow()),
    Key("V", (pygame.K_v,), "show or hide its lidar", lambda viewer: viewer.toggle_rays()),
    Key("F", (pygame.K_f,), "fog: what one team or agent sees", lambda viewer: viewer.next_fog()),
    Key("T", (pygame.K_t,), "show or hide trails", lambda viewer: viewer.toggle_trails()),
    Key("C", (pygame.K_c,), "show or hide what agents see", lambda viewer: viewer.toggle_cones()),
    Key("L", (pygame.K_l,), "show or hide who sees whom", lambda viewer: viewer.toggle_sight_lines()),
    Key(".", (pygame.K_PERIOD,), "zoom in", lambda viewer: viewer.zoom(1)),
    Key(",", (pygame.K_COMMA,), "zoom out", lambda viewer: viewer.zoom(-1)),
    Key(
        "Shift+arrows",
        (pygame.K_LEFT, pygame.K_RIGHT, pygame.K_UP, pygame.K_DOWN),
        "move the picture",
        lambda viewer: viewer.pan_by_key(),
        pygame.KMOD_SHIFT,
    ),
    Key("0", (pygame.K_0,), "show the whole floor", lambda viewer: viewer.stage.lens.show_all()),
    Key("M", (pygame.K_m,), "only the picture, or all panels", lambda viewer: viewer.toggle_panels()),
    Key(
        "Ctrl+C",
        (pygame.K_c,),
        "copy FILE#tick=T of this moment",
        lambda viewer: viewer.copy(),
        pygame.KMOD_CTRL | pygame.KMOD_META,
    ),
    Key("F1, H", (pygame.K_F1, pygame.K_h), "this page", lambda viewer: viewer.toggle_help()),
    Key("Esc, Q", (pygame.K_ESCAPE, pygame.K_q), "close", lambda viewer: viewer.close()),
)

BY_NUMBER = {number: key for key in KEYS for number in key.keys if not key.chord}
"""The keys that are pressed alone, by pygame's number."""


def key_for(number: int, held: int) -> Key | None:
    """What a key does while modifiers (a mask of pygame's) are held; unknown chords with Ctrl do nothing."""
    held &= ~(pygame.KMOD_NUM | pygame.KMOD_CAPS)
    for key in KEYS:
        if key.chord & held and number in key.keys:
            return key
    return None if held & (pygame.KMOD_CTRL | pygame.KMOD_META) else BY_NUMBER.get(number)
