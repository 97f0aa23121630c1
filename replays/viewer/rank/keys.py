"""The keys of the ranking screen."""

import pygame

from replays.viewer.keys import Key
from replays.viewer.requests import Go

RANK_KEYS: tuple[Key, ...] = (
    Key("Left, 1", (pygame.K_LEFT, pygame.K_1, pygame.K_KP1), "the left one", lambda screen: screen.answer("left")),
    Key("Right, 2", (pygame.K_RIGHT, pygame.K_2, pygame.K_KP2), "the right one", lambda screen: screen.answer("right")),
    Key("Down, E", (pygame.K_DOWN, pygame.K_e), "both equally", lambda screen: screen.answer("equal")),
    Key("S", (pygame.K_s,), "skip: I cannot say", lambda screen: screen.answer("skip")),
    Key("U, Backspace", (pygame.K_u, pygame.K_BACKSPACE), "take the last answer back", lambda screen: screen.undo()),
    Key("Page up, B", (pygame.K_PAGEUP, pygame.K_b), "an earlier answer, to see or change it", lambda s: s.review(-1)),
    Key("Page down, N", (pygame.K_PAGEDOWN, pygame.K_n), "a later answer, then new pairs", lambda s: s.review(1)),
    Key("Space", (pygame.K_SPACE,), "play or pause", lambda screen: screen.playback.toggle()),
    Key("Home", (pygame.K_HOME,), "play from the start", lambda screen: screen.from_start()),
    Key("+", (pygame.K_PLUS, pygame.K_EQUALS, pygame.K_KP_PLUS), "faster", lambda s: s.playback.change_pace(1)),
    Key("-", (pygame.K_MINUS, pygame.K_KP_MINUS), "slower", lambda screen: screen.playback.change_pace(-1)),
    Key("T", (pygame.K_t,), "show or hide trails", lambda screen: screen.toggle("trails")),
    Key("C", (pygame.K_c,), "show or hide what agents see", lambda screen: screen.toggle("cones")),
    Key("L", (pygame.K_l,), "show or hide who sees whom", lambda screen: screen.toggle("sight_lines")),
    Key("F1, H", (pygame.K_F1, pygame.K_h), "this page", lambda screen: screen.toggle_help()),
    Key("Esc", (pygame.K_ESCAPE,), "back to new pairs, then close", lambda screen: screen.close()),
    Key("Q", (pygame.K_q,), "quit; every answer is kept already", lambda screen: screen.ask(Go.QUIT)),
)
HELP_TAIL = "A click on a clip chooses it. Both clips begin at the same tick; a repeated pair has its sides swapped."
BUTTONS: dict[int, str] = {
    pygame.K_LEFT: "Left",
    pygame.K_DOWN: "Equal",
    pygame.K_RIGHT: "Right",
    pygame.K_s: "Skip",
    pygame.K_u: "Undo",
    pygame.K_PAGEUP: "Earlier",
    pygame.K_PAGEDOWN: "Later",
    pygame.K_F1: "Keys",
}
"""The word on each button, by pygame's number of the first of its keys."""
BY_NUMBER = {key.keys[0]: key for key in RANK_KEYS}
