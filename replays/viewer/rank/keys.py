"""The keys of the ranking screen."""

import pygame

from replays.questions import Kind
from replays.viewer.keys import Key
from replays.viewer.requests import Go

RANK_KEYS: tuple[Key, ...] = (
    Key("Left, 1", (pygame.K_LEFT, pygame.K_1, pygame.K_KP1), "the left side; yes", lambda s: s.answer("left")),
    Key("Right, 2", (pygame.K_RIGHT, pygame.K_2, pygame.K_KP2), "the right side; no", lambda s: s.answer("right")),
    Key("Down, E", (pygame.K_DOWN, pygame.K_e), "both equally; unsure", lambda screen: screen.answer("equal")),
    Key("S", (pygame.K_s,), "skip: I cannot say", lambda screen: screen.answer("skip")),
    Key("U, Backspace", (pygame.K_u, pygame.K_BACKSPACE), "take the last answer back", lambda screen: screen.undo()),
    Key("Page up, B", (pygame.K_PAGEUP, pygame.K_b), "an earlier answer, to see or change it", lambda s: s.review(-1)),
    Key("Page down, N", (pygame.K_PAGEDOWN, pygame.K_n), "a later answer, then new questions", lambda s: s.review(1)),
    Key("G", (pygame.K_g,), "from pairs to groups, to votes on statements, and back", lambda screen: screen.switch()),
    Key("Space", (pygame.K_SPACE,), "play or pause", lambda screen: screen.playback.toggle()),
    Key("Home", (pygame.K_HOME,), "play from the start", lambda screen: screen.from_start()),
    Key("+", (pygame.K_PLUS, pygame.K_EQUALS, pygame.K_KP_PLUS), "faster", lambda s: s.playback.change_pace(1)),
    Key("-", (pygame.K_MINUS, pygame.K_KP_MINUS), "slower", lambda screen: screen.playback.change_pace(-1)),
    Key("T", (pygame.K_t,), "show or hide trails", lambda screen: screen.toggle("trails")),
    Key("C", (pygame.K_c,), "show or hide what agents see", lambda screen: screen.toggle("cones")),
    Key("L", (pygame.K_l,), "show or hide who sees whom", lambda screen: screen.toggle("sight_lines")),
    Key("F1, H", (pygame.K_F1, pygame.K_h), "all keys", lambda screen: screen.toggle_help()),
    Key("Esc", (pygame.K_ESCAPE,), "back to new questions, then close", lambda screen: screen.close()),
    Key("Q", (pygame.K_q,), "quit; every answer is kept already", lambda screen: screen.ask(Go.QUIT)),
)
HELP_TAIL = (
    "A click on a side chooses it; of groups, say which is better as a whole. Both clips of a pair begin at the same "
    "tick; what comes again has its sides swapped."
)
BUTTONS: dict[int, str] = {
    pygame.K_LEFT: "Left",
    pygame.K_DOWN: "Equal",
    pygame.K_RIGHT: "Right",
    pygame.K_s: "Skip",
    pygame.K_u: "Undo",
    pygame.K_PAGEUP: "Earlier",
    pygame.K_PAGEDOWN: "Later",
    pygame.K_g: "Groups",
    pygame.K_F1: "Keys",
}
"""The word on each button, by pygame's number of the first of its keys."""


def words_of(kind: Kind, next_kind: Kind) -> dict[int, str]:
    """The same for a kind of question, with the kind that G goes to."""
    words = BUTTONS | {pygame.K_g: next_kind.capitalize()}
    if kind == "votes":
        words |= {pygame.K_LEFT: "Yes", pygame.K_DOWN: "Unsure", pygame.K_RIGHT: "No"}
    return words


BY_NUMBER = {key.keys[0]: key for key in RANK_KEYS}
