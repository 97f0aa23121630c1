"""The keys of the editor, and the words on its buttons."""

import pygame

from replays.viewer.edit.tools import Tool
from replays.viewer.keys import Key
from replays.viewer.requests import Go

_CTRL = pygame.KMOD_CTRL | pygame.KMOD_META
_SHIFT = pygame.KMOD_SHIFT
_ARROWS = (pygame.K_LEFT, pygame.K_RIGHT, pygame.K_UP, pygame.K_DOWN)

TOOL_KEYS: tuple[Key, ...] = (
    Key("1", (pygame.K_1, pygame.K_KP1), "select, and move what is there", lambda screen: screen.choose(Tool.SELECT)),
    Key("2", (pygame.K_2, pygame.K_KP2), "draw a wall: drag along it", lambda screen: screen.choose(Tool.WALL)),
    Key("3", (pygame.K_3, pygame.K_KP3), "a door: click on a wall", lambda screen: screen.choose(Tool.DOOR)),
    Key("4", (pygame.K_4, pygame.K_KP4), "a box: click, or drag its size", lambda screen: screen.choose(Tool.BOX)),
    Key("5", (pygame.K_5, pygame.K_KP5), "an elongated box", lambda screen: screen.choose(Tool.LONG_BOX)),
    Key("6", (pygame.K_6, pygame.K_KP6), "a ramp", lambda screen: screen.choose(Tool.RAMP)),
    Key("7", (pygame.K_7, pygame.K_KP7), "a hider", lambda screen: screen.choose(Tool.HIDER)),
    Key("8", (pygame.K_8, pygame.K_KP8), "a seeker", lambda screen: screen.choose(Tool.SEEKER)),
)
"""What a click on the floor does; a button each."""

ACTIONS: tuple[dict[str, Key], ...] = (
    {
        "New": Key("Ctrl+N", (pygame.K_n,), "an empty world", lambda screen: screen.begin_new(), _CTRL),
        "Open": Key("Ctrl+O", (pygame.K_o,), "open a world", lambda screen: screen.begin_open(), _CTRL),
        "Save as": Key(
            "Ctrl+Shift+S", (pygame.K_s,), "save under another name", lambda screen: screen.begin_save_as(), _SHIFT
        ),
        "Save": Key("Ctrl+S", (pygame.K_s,), "save", lambda screen: screen.save(), _CTRL),
    },
    {
        "Undo": Key("Ctrl+Z", (pygame.K_z,), "undo, without end", lambda screen: screen.undo(), _CTRL),
        "Redo": Key("Ctrl+Y", (pygame.K_y,), "do it again", lambda screen: screen.redo(), _CTRL),
    },
    {
        "Copy": Key("Ctrl+C, D", (pygame.K_c, pygame.K_d), "copy it, beside it", lambda screen: screen.copy(), _CTRL),
        "Delete": Key(
            "Del, Backspace", (pygame.K_DELETE, pygame.K_BACKSPACE), "delete it", lambda screen: screen.delete()
        ),
        "Turn": Key("R", (pygame.K_r,), "turn it to the left by 15 degrees", lambda screen: screen.turn(1)),
        "Area": Key(
            "A", (pygame.K_a,), "anywhere in an area, or in one place again", lambda screen: screen.toggle_area()
        ),
    },
    {"Grid": Key("G", (pygame.K_g,), "the next grid, or none", lambda screen: screen.next_grid())},
    {
        "Play": Key("P", (pygame.K_p,), "let teams play in it; again: a new start", lambda screen: screen.play(1)),
        "12 starts": Key("O", (pygame.K_o,), "12 starts at once, counted", lambda screen: screen.play(12)),
        "Take over": Key("X", (pygame.K_x,), "play an agent yourself", lambda screen: screen.play_yourself()),
        "Train": Key("T", (pygame.K_t,), "train teams in it, beside; again: stop", lambda screen: screen.train()),
    },
    {"Keys": Key("F1, H", (pygame.K_F1, pygame.K_h), "all keys", lambda screen: screen.toggle_help())},
)
"""The word on each button at the top, and its key; in groups."""

BY_ACTION = {word: key for group in ACTIONS for word, key in group.items()}

HIDERS_KEY = Key("K", (pygame.K_k,), "another team hides", lambda screen: screen.next_team(0))
SEEKERS_KEY = Key("L", (pygame.K_l,), "another team seeks", lambda screen: screen.next_team(1))
STOP_KEY = Key("S", (pygame.K_s,), "stop playing", lambda screen: screen.stop())
LONGER = Key("Page up", (pygame.K_PAGEUP,), "a longer episode", lambda screen: screen.change_ticks(1))
SHORTER = Key("Page down", (pygame.K_PAGEDOWN,), "a shorter one", lambda screen: screen.change_ticks(-1))
PREPARE_LONGER = Key(
    "Shift+Page up", (pygame.K_PAGEUP,), "longer preparation", lambda screen: screen.change_preparation(1), _SHIFT
)
PREPARE_SHORTER = Key(
    "Shift+Page down", (pygame.K_PAGEDOWN,), "shorter one", lambda screen: screen.change_preparation(-1), _SHIFT
)
LARGER = Key("]", (pygame.K_RIGHTBRACKET,), "a larger floor", lambda screen: screen.change_floor(1))
SMALLER = Key("[", (pygame.K_LEFTBRACKET,), "a smaller one", lambda screen: screen.change_floor(-1))

EDIT_KEYS: tuple[Key, ...] = (
    *TOOL_KEYS,
    *BY_ACTION.values(),
    Key("Shift+A", (pygame.K_a,), "any angle, or one again", lambda screen: screen.toggle_angle(), _SHIFT),
    Key("Shift+R", (pygame.K_r,), "turn it to the right", lambda screen: screen.turn(-1), _SHIFT),
    Key("Arrows", _ARROWS, "move it by a step of the grid", lambda screen: screen.nudge()),
    Key("Shift+arrows", _ARROWS, "longer, shorter, wider, narrower", lambda screen: screen.resize(), _SHIFT),
    Key("Tab", (pygame.K_TAB,), "select the next thing", lambda screen: screen.select_next(1)),
    Key("Shift+Tab", (pygame.K_TAB,), "select the one before", lambda screen: screen.select_next(-1), _SHIFT),
    Key("Ctrl+A", (pygame.K_a,), "select everything", lambda screen: screen.select_all(), _CTRL),
    LONGER,
    SHORTER,
    PREPARE_LONGER,
    PREPARE_SHORTER,
    LARGER,
    SMALLER,
    HIDERS_KEY,
    SEEKERS_KEY,
    STOP_KEY,
    Key(".", (pygame.K_PERIOD,), "zoom in", lambda screen: screen.zoom(1)),
    Key(",", (pygame.K_COMMA,), "zoom out", lambda screen: screen.zoom(-1)),
    Key("0", (pygame.K_0, pygame.K_KP0), "the whole floor", lambda screen: screen.viewport.show_all()),
    Key("Esc", (pygame.K_ESCAPE,), "leave the tool, the game, then the editor", lambda screen: screen.close()),
    Key("Q", (pygame.K_q,), "quit; what is not saved is kept for the next time", lambda screen: screen.ask(Go.QUIT)),
)
HELP_TAIL = (
    "Drag to move, a corner to resize, the round handle to turn; with Alt without the grid. Shift adds to what is "
    "selected. The wheel zooms."
)
