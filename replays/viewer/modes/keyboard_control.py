"""Keys that are held and tapped, as the action of one agent."""

import math

import pygame

from sim.rules import GRAB, KEEP, KEEP_HEADING, RELEASE, RULES, STILL, TURN_LEFT, TURN_RIGHT

WALK: dict[int, tuple[int, int]] = {
    pygame.K_UP: (0, 1),
    pygame.K_w: (0, 1),
    pygame.K_KP8: (0, 1),
    pygame.K_DOWN: (0, -1),
    pygame.K_s: (0, -1),
    pygame.K_KP2: (0, -1),
    pygame.K_LEFT: (-1, 0),
    pygame.K_a: (-1, 0),
    pygame.K_KP4: (-1, 0),
    pygame.K_RIGHT: (1, 0),
    pygame.K_d: (1, 0),
    pygame.K_KP6: (1, 0),
    pygame.K_KP7: (-1, 1),
    pygame.K_KP9: (1, 1),
    pygame.K_KP1: (-1, -1),
    pygame.K_KP3: (1, -1),
}
"""Where a key leads to, as the window shows it; opposite ones cancel out."""

TURN: dict[int, int] = {pygame.K_q: TURN_LEFT, pygame.K_e: TURN_RIGHT}

_WELL_AIMED = 0.3
"""Radians off the way that are not worth a turn: one tick's turn comes to rest after 0.5."""


class KeyboardController:
    """Remembers what is held down, and what was tapped since the last tick: a short tap counts for one tick."""

    def __init__(self) -> None:
        self.look_ahead = True
        """With empty hands and no turn asked for, look where you walk."""
        self._held: set[int] = set()
        self._tapped: set[int] = set()
        self.hands = KEEP
        """What the hands do in the next tick; GRAB lets go of what they hold."""

    def press(self, key: int) -> None:
        """A key for walking or turning goes down."""
        self._held.add(key)
        self._tapped.add(key)

    def lift(self, key: int) -> None:
        """A key comes up again."""
        self._held.discard(key)

    def let_go(self) -> None:
        """All keys are up: the window was left, or another agent is played now."""
        self._held.clear()
        self._tapped.clear()
        self.hands = KEEP

    def action(self, heading: float, spin: float, holding: bool) -> tuple[int, int, int]:
        """Move, turn and hands for the next tick, of an agent that looks and turns like this (radians, 1/s)."""
        down = self._held | self._tapped
        x = _sign(WALK[key][0] for key in down if key in WALK)
        y = _sign(WALK[key][1] for key in down if key in WALK)
        move = STILL if (x, y) == (0, 0) else round(math.atan2(y, x) / (math.pi / 4)) % 8 + 1
        turns = {TURN[key] for key in down if key in TURN}
        turn = turns.pop() if len(turns) == 1 else KEEP_HEADING
        if turn == KEEP_HEADING and move != STILL and self.look_ahead and not holding:
            turn = _towards((move - 1) * math.pi / 4, heading + spin * RULES.drag_time_s)
        hands, self.hands = RELEASE if holding and self.hands == GRAB else self.hands, KEEP
        self._tapped.clear()
        return move, turn, hands


def _sign(numbers) -> int:
    total = sum(numbers)
    return (total > 0) - (total < 0)


def _towards(wanted: float, heading: float) -> int:
    away = (wanted - heading + math.pi) % (2 * math.pi) - math.pi
    if abs(away) < _WELL_AIMED:
        return KEEP_HEADING
    return TURN_LEFT if away > 0 else TURN_RIGHT
