"""The keys of the live training screen."""

import pygame

from replays.viewer.keys import Key
from replays.viewer.requests import Go

TRAINING_KEYS: tuple[Key, ...] = (
    Key("Space", (pygame.K_SPACE,), "play or pause", lambda screen: screen.stage.toggle()),
    Key("A, Left", (pygame.K_a, pygame.K_LEFT), "an earlier recording", lambda screen: screen.step(-1)),
    Key("D, Right", (pygame.K_d, pygame.K_RIGHT), "a later recording", lambda screen: screen.step(1)),
    Key("End, N", (pygame.K_END, pygame.K_n), "the newest, and each that comes", lambda screen: screen.follow()),
    Key("Enter", (pygame.K_RETURN, pygame.K_KP_ENTER), "open the recording as a film", lambda screen: screen.watch()),
    Key("F1, H", (pygame.K_F1, pygame.K_h), "all keys", lambda screen: screen.toggle_help()),
    Key("Esc", (pygame.K_ESCAPE,), "back to the newest, then close", lambda screen: screen.close()),
    Key("Q", (pygame.K_q,), "quit; training goes on", lambda screen: screen.ask(Go.QUIT)),
)
HELP_TAIL = "A click on the curves plays that stage of training; a click on the world opens the film."
