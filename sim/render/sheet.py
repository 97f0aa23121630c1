"""Several worlds at the first tick of one start, side by side, each under its name."""

from collections.abc import Mapping

import numpy as np
import pygame

from sim.layout import empty_layout
from sim.render.draw import Options, draw
from sim.render.palette import INK, PAPER
from sim.render.snapshot import Snapshot
from sim.render.text import label
from sim.scenario import Scenario
from sim.state import empty_state

_COLUMNS = 6
_SIDE, _LINE, _GAP = 224, 25, 8
"""Pixels of a world, of the name above it, and of the paper around both."""


def draw_sheet(worlds: Mapping[str, Scenario], seed: int) -> pygame.Surface:
    """One picture of these worlds, at least one, row by row, each at the start that a seed (uint64) gives."""
    columns = min(len(worlds), _COLUMNS)
    rows = -(-len(worlds) // columns)
    step, line = _SIDE + 2 * _GAP, _SIDE + _LINE + 2 * _GAP
    sheet = pygame.Surface((columns * step, rows * line), depth=32)
    sheet.fill(PAPER)
    for number, (name, scenario) in enumerate(worlds.items()):
        row, column = divmod(number, columns)
        left, top = column * step + _GAP, row * line + _GAP
        sheet.blit(label(name, _LINE, INK), (left, top))
        options = Options(preparation=scenario.preparation_ticks > 0)
        draw(sheet, pygame.Rect(left, top + _LINE, _SIDE, _SIDE), _start(scenario, seed), options)
    return sheet


def _start(scenario: Scenario, seed: int) -> Snapshot:
    layout, state = empty_layout(1, scenario.slots), empty_state(1, scenario.slots)
    scenario.place(np.array([seed], np.uint64), np.arange(1), layout, state)
    return Snapshot(scenario.slots, layout, state)
