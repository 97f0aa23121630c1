"""Every key of the viewer, in one table: it drives the keyboard, the buttons and the help page."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import pygame

from replays.viewer.requests import Go


class Key(NamedTuple):
    """Something the user can ask for."""

    name: str
    """The key as printed on the help page."""
    keys: tuple[int, ...]
    """pygame's numbers of the keys that do it."""
    help: str
    """What it does, in a few words."""
    action: Callable[[Any], None]
    """Does it, to the screen or mode that the table belongs to."""
    chord: int = 0
    """pygame's modifiers, one of which must be held with it."""


_EVERY_EVENT = Key(
    "Shift+N, B",
    (pygame.K_n, pygame.K_b),
    "next or previous event",
    lambda viewer: viewer.to_event(1 if viewer.pressed == pygame.K_n else -1, every=True),
    pygame.KMOD_SHIFT,
)

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
    Key("N", (pygame.K_n,), "next strategy, door, seal", lambda viewer: viewer.to_event(1)),
    Key("B", (pygame.K_b,), "previous strategy, door, seal", lambda viewer: viewer.to_event(-1)),
    _EVERY_EVENT,
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
    Key("Tab", (pygame.K_TAB,), "next agent, and what it observes", lambda viewer: viewer.select_next(1)),
    Key("Shift+Tab", (pygame.K_TAB,), "previous agent", lambda viewer: viewer.select_next(-1), pygame.KMOD_SHIFT),
    Key("Z", (pygame.K_z,), "follow the selected agent", lambda viewer: viewer.follow()),
    Key("V", (pygame.K_v,), "show or hide its lidar", lambda viewer: viewer.toggle_rays()),
    Key("F", (pygame.K_f,), "fog: what one team or agent sees", lambda viewer: viewer.next_fog()),
    Key("T", (pygame.K_t,), "show or hide trails", lambda viewer: viewer.toggle_trails()),
    Key("C", (pygame.K_c,), "show or hide what agents see", lambda viewer: viewer.toggle_cones()),
    Key("L", (pygame.K_l,), "show or hide who sees whom", lambda viewer: viewer.toggle_sight_lines()),
    Key("A", (pygame.K_a,), "the same moment earlier in training", lambda viewer: viewer.ask(Go.EARLIER)),
    Key("D", (pygame.K_d,), "the same moment later in training", lambda viewer: viewer.ask(Go.LATER)),
    Key("S", (pygame.K_s,), "two, then four recordings side by side", lambda viewer: viewer.compare()),
    Key("G", (pygame.K_g,), "to the gallery of recordings", lambda viewer: viewer.ask(Go.GALLERY)),
    Key("X", (pygame.K_x,), "play an agent yourself, from here", lambda viewer: viewer.play_on()),
    Key("W", (pygame.K_w,), "what if: change the world here", lambda viewer: viewer.what_if()),
    Key("U", (pygame.K_u,), "edit this world", lambda viewer: viewer.edit_world()),
    Key("E", (pygame.K_e,), "export a film or a picture", lambda viewer: viewer.export()),
    Key(".", (pygame.K_PERIOD,), "zoom in", lambda viewer: viewer.zoom(1)),
    Key(",", (pygame.K_COMMA,), "zoom out", lambda viewer: viewer.zoom(-1)),
    Key(
        "Shift+arrows",
        (pygame.K_LEFT, pygame.K_RIGHT, pygame.K_UP, pygame.K_DOWN),
        "move the picture",
        lambda viewer: viewer.pan_by_key(),
        pygame.KMOD_SHIFT,
    ),
    Key("0", (pygame.K_0,), "show the whole floor", lambda viewer: viewer.world_view.viewport.show_all()),
    Key("M", (pygame.K_m,), "only the picture, or all panels", lambda viewer: viewer.toggle_panels()),
    Key(
        "Ctrl+C",
        (pygame.K_c,),
        "copy FILE#tick=T of this moment",
        lambda viewer: viewer.copy(),
        pygame.KMOD_CTRL | pygame.KMOD_META,
    ),
    Key("F1, H", (pygame.K_F1, pygame.K_h), "all keys", lambda viewer: viewer.toggle_help()),
    Key("Esc", (pygame.K_ESCAPE,), "back, else close", lambda viewer: viewer.close()),
    Key("Q", (pygame.K_q,), "quit", lambda viewer: viewer.ask(Go.QUIT)),
)
"""While a recording is watched."""

GALLERY_KEYS: tuple[Key, ...] = (
    Key("Enter", (pygame.K_RETURN, pygame.K_KP_ENTER), "watch the chosen recording", lambda gallery: gallery.watch()),
    Key("Right", (pygame.K_RIGHT,), "next recording", lambda gallery: gallery.selection.to_tile(1)),
    Key("Left", (pygame.K_LEFT,), "previous recording", lambda gallery: gallery.selection.to_tile(-1)),
    Key("Down", (pygame.K_DOWN,), "one row down", lambda gallery: gallery.selection.to_row(1)),
    Key("Up", (pygame.K_UP,), "one row up", lambda gallery: gallery.selection.to_row(-1)),
    Key("Page down", (pygame.K_PAGEDOWN,), "one page down", lambda gallery: gallery.selection.to_page(1)),
    Key("Page up", (pygame.K_PAGEUP,), "one page up", lambda gallery: gallery.selection.to_page(-1)),
    Key("Home", (pygame.K_HOME,), "first recording", lambda gallery: gallery.selection.to_end(-1)),
    Key("End", (pygame.K_END,), "last recording", lambda gallery: gallery.selection.to_end(1)),
    Key("S", (pygame.K_s,), "mark for side by side, then Enter", lambda gallery: gallery.mark()),
    Key("A", (pygame.K_a,), "by strategy, or all stages by training", lambda gallery: gallery.rearrange()),
    Key("1", (pygame.K_1, pygame.K_KP1), "only one world, then the next", lambda gallery: gallery.filter("world")),
    Key("2", (pygame.K_2, pygame.K_KP2), "only one outcome", lambda gallery: gallery.filter("outcome")),
    Key("3", (pygame.K_3, pygame.K_KP3), "only one strategy", lambda gallery: gallery.filter("strategy")),
    Key("0", (pygame.K_0, pygame.K_KP0), "show all", lambda gallery: gallery.show_all()),
    Key("N", (pygame.K_n,), "name a group of episodes", lambda gallery: gallery.name_group()),
    Key("F5", (pygame.K_F5,), "look for new recordings", lambda gallery: gallery.ask(Go.REFRESH)),
    Key("G", (pygame.K_g,), "back to the film", lambda gallery: gallery.ask(Go.GALLERY)),
    Key("F1, H", (pygame.K_F1, pygame.K_h), "all keys", lambda gallery: gallery.toggle_help()),
    Key("Esc", (pygame.K_ESCAPE,), "take marks and filters away, then close", lambda gallery: gallery.close()),
    Key("Q", (pygame.K_q,), "quit", lambda gallery: gallery.ask(Go.QUIT)),
)
"""In the gallery."""

_SHARED = {pygame.K_SPACE, pygame.K_RIGHT, pygame.K_LEFT, pygame.K_r, pygame.K_UP, pygame.K_DOWN, pygame.K_HOME}
_SHARED |= {pygame.K_END, pygame.K_p, pygame.K_n, pygame.K_b, pygame.K_c, pygame.K_l}
SIDE_KEYS: tuple[Key, ...] = (
    *(key for key in KEYS if key is _EVERY_EVENT or (key.keys[0] in _SHARED and not key.chord)),
    Key("Tab", (pygame.K_TAB,), "choose the next of them", lambda screen: screen.to_pane(1)),
    Key("A", (pygame.K_a,), "the chosen one earlier in training", lambda screen: screen.to_stage(-1)),
    Key("D", (pygame.K_d,), "the chosen one later in training", lambda screen: screen.to_stage(1)),
    Key("Enter", (pygame.K_RETURN, pygame.K_KP_ENTER), "watch the chosen one alone", lambda screen: screen.watch()),
    Key("S", (pygame.K_s,), "four side by side, else back", lambda screen: screen.compare_more()),
    Key("G", (pygame.K_g,), "to the gallery of recordings", lambda screen: screen.ask(Go.GALLERY)),
    Key("F1, H", (pygame.K_F1, pygame.K_h), "all keys", lambda screen: screen.toggle_help()),
    Key("Esc", (pygame.K_ESCAPE,), "back", lambda screen: screen.close()),
    Key("Q", (pygame.K_q,), "quit", lambda screen: screen.ask(Go.QUIT)),
)
"""While several are watched side by side: the clock's keys are those of one recording."""

BY_NUMBER = {number: key for key in KEYS for number in key.keys if not key.chord}
"""The keys of one recording that are pressed alone, by pygame's number."""


def key_for(keys: Sequence[Key], number: int, held: int) -> Key | None:
    """What a key of a table does while modifiers (a mask of pygame's) are held; unknown chords with Ctrl do nothing."""
    held &= ~(pygame.KMOD_NUM | pygame.KMOD_CAPS)
    found = [key for key in keys if number in key.keys]
    for key in found:
        if key.chord & held:
            return key
    if held & (pygame.KMOD_CTRL | pygame.KMOD_META):
        return None
    return next((key for key in found if not key.chord), None)
