"""A drawn world that is edited, and everything that a key can do to it."""

from collections.abc import Sequence

import pygame

from replays.session import PlayContext
from replays.viewer.edit.document import Document
from replays.viewer.edit.edits import GRIDS_M, copy, delete, move, set_numbers
from replays.viewer.edit.keys import EDIT_KEYS, HELP_TAIL
from replays.viewer.edit.playable_screen import PlayableScreen
from replays.viewer.edit.reshape import lengthen, resize_floor, toggle_angle, toggle_area, turn
from replays.viewer.edit.shapes import exists, items_of
from replays.viewer.edit.tools import Tool
from replays.viewer.film.viewport import Viewport
from sim.rules import RULES
from sim.scenarios.drawn.items import Item
from sim.scenarios.drawn.world import DrawnWorld

_TURN_DEG = 15.0
_TICKS = round(1 / RULES.tick_s)
"""A second."""
_FLOOR_M = 0.5
_FINE_M = 0.01
_WAYS = {pygame.K_LEFT: (-1, 0), pygame.K_RIGHT: (1, 0), pygame.K_UP: (0, 1), pygame.K_DOWN: (0, -1)}
_NOT_SAVED = (
    "This world is not saved. Ctrl+S saves it; Esc once more leaves it. What is not saved is there again the next time."
)


class Editing(PlayableScreen):
    """`selected` are the items that keys change, `tool` is what a click does, `step` the grid's in metres (0: none)."""

    keys = EDIT_KEYS
    help_tail = HELP_TAIL

    def __init__(self, document: Document, play_context: PlayContext | None) -> None:
        super().__init__(document, play_context)
        self.selected: tuple[Item, ...] = ()
        self.tool = Tool.SELECT
        self.step = GRIDS_M[0]
        self.viewport = Viewport()
        self.show_document()

    def change(self, world: DrawnWorld, selected: Sequence[Item] | None = None) -> None:
        """Makes a new version of the world, with something else selected if that is given."""
        if self.document.change(world):
            self.world_changed()
        self.select(self.selected if selected is None else selected)

    def select(self, items: Sequence[Item]) -> None:
        """Selects items, as far as they exist."""
        self.selected = tuple(item for item in items if exists(self.world, item))

    def choose(self, tool: Tool) -> None:
        """A click does something else from now on."""
        self.tool = tool
        if tool is not Tool.SELECT:
            self.select(())

    def undo(self) -> None:
        """Takes the last change back."""
        if self.document.undo():
            self.world_changed()
            self.select(self.selected)
        else:
            self.say("There is nothing to undo")

    def redo(self) -> None:
        """Does again what was undone."""
        if self.document.redo():
            self.world_changed()
            self.select(self.selected)
        else:
            self.say("There is nothing to do again")

    def copy(self) -> None:
        """Copies what is selected; the copies are selected then."""
        if self._is_selected():
            self.attempt(lambda: self.change(*copy(self.world, self.selected, self.step or GRIDS_M[0])))

    def delete(self) -> None:
        """Deletes what is selected."""
        if self._is_selected():
            self.change(delete(self.world, self.selected), ())

    def turn(self, direction: int) -> None:
        """Turns what is selected, to the left if positive."""
        if self._is_selected():
            self.change(turn(self.world, self.selected, direction * _TURN_DEG))

    def toggle_area(self) -> None:
        """Lets what is selected begin anywhere in an area, or in one place again."""
        if self._is_selected():
            self.change(toggle_area(self.world, self.selected))

    def toggle_angle(self) -> None:
        """Lets what is selected begin at any angle, or at one again."""
        if self._is_selected():
            self.change(toggle_angle(self.world, self.selected))

    def nudge(self) -> None:
        """Moves what is selected by a step towards the arrow that was pressed."""
        if self._is_selected():
            dx, dy = (way * (self.step or _FINE_M) for way in _WAYS[self.pressed])
            self.change(move(self.world, self.selected, dx, dy))

    def resize(self) -> None:
        """Makes what is selected longer, shorter, wider or narrower by a step, by the arrow that was pressed."""
        if self._is_selected():
            length, width = (way * (self.step or _FINE_M) for way in _WAYS[self.pressed])
            self.change(lengthen(self.world, self.selected, length, width))

    def select_next(self, steps: int) -> None:
        """Selects the next item alone, round and round."""
        items = list(items_of(self.world))
        if items:
            here = items.index(self.selected[0]) if self.selected else (-1 if steps > 0 else 0)
            self.tool = Tool.SELECT
            self.select([items[(here + steps) % len(items)]])

    def select_all(self) -> None:
        """Selects everything."""
        self.tool = Tool.SELECT
        self.select([item for item in items_of(self.world) if item.door is None])

    def next_grid(self) -> None:
        """Takes the next grid, or none."""
        self.step = GRIDS_M[(GRIDS_M.index(self.step) + 1) % len(GRIDS_M)]
        self.say(f"The grid has steps of {self.step:g} m" if self.step else "There is no grid")

    def change_ticks(self, steps: int) -> None:
        """Makes episodes longer or shorter, by a second."""
        self.change(set_numbers(self.world, ticks=self.world.ticks + steps * _TICKS))

    def change_preparation(self, steps: int) -> None:
        """Makes preparation longer or shorter, by a second."""
        self.change(set_numbers(self.world, preparation_ticks=self.world.preparation_ticks + steps * _TICKS))

    def change_floor(self, steps: int) -> None:
        """Makes the floor larger or smaller; walls on its edge go with it."""
        self.change(resize_floor(self.world, self.world.floor_m + steps * _FLOOR_M))

    def step_back(self) -> bool:
        """Leaves the tool, else what is selected, else the game; a world that is not saved warns once."""
        if self.tool is not Tool.SELECT:
            self.tool = Tool.SELECT
        elif self.selected:
            self.select(())
        elif self.room and self.room.playing:
            self.room.stop()
        elif not self.document.is_saved and not self.has_warned:
            self.has_warned = True
            self.tell(_NOT_SAVED)
        else:
            return False
        return True

    def show_document(self) -> None:
        """Another document is shown now."""
        self.select(())
        self.viewport.show_all()
        super().show_document()

    def _is_selected(self) -> bool:
        if not self.selected:
            self.say("Select something first: click on it")
        return bool(self.selected)
