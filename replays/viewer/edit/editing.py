"""A drawn world that is edited, and everything that a key can do to it."""

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path

import pygame

from replays.session import NamedTeams, PlayContext, Session, Training, begin
from replays.viewer.edit.document import Document
from replays.viewer.edit.document_screen import DocumentScreen
from replays.viewer.edit.edits import GRIDS_M, copy, delete, move, set_numbers
from replays.viewer.edit.game_room import GameRoom
from replays.viewer.edit.keys import EDIT_KEYS, HELP_TAIL
from replays.viewer.edit.problem_finder import ProblemFinder
from replays.viewer.edit.reshape import lengthen, resize_floor, toggle_angle, toggle_area, turn
from replays.viewer.edit.shapes import exists, items_of
from replays.viewer.edit.tools import Tool
from replays.viewer.film.viewport import Viewport
from replays.viewer.modes.scene import Scene
from replays.viewer.requests import PlayScene
from sim.rules import RULES
from sim.scenarios.drawn.items import Item
from sim.scenarios.drawn.world import DrawnWorld

_TURN_DEG = 15.0
_TICKS = round(1 / RULES.tick_s)
"""A second."""
_FLOOR_M = 0.5
_FINE_M = 0.01
_WAYS = {pygame.K_LEFT: (-1, 0), pygame.K_RIGHT: (1, 0), pygame.K_UP: (0, 1), pygame.K_DOWN: (0, -1)}
_NO_TEAMS = "Worlds can only be drawn here: this window was opened without teams"
_NOT_SAVED = (
    "This world is not saved. Ctrl+S saves it; Esc once more leaves it. What is not saved is there again the next time."
)


class Editing(DocumentScreen):
    """`selected` are the items that keys change, `tool` is what a click does, `step` the grid's in metres (0: none)."""

    keys = EDIT_KEYS
    help_tail = HELP_TAIL

    def __init__(self, document: Document, play_context: PlayContext | None) -> None:
        super().__init__(document)
        self.selected: tuple[Item, ...] = ()
        self.tool = Tool.SELECT
        self.step = GRIDS_M[0]
        self.viewport = Viewport()
        self.problems = ProblemFinder()
        self.room = GameRoom(play_context.named) if play_context and play_context.named else None
        self._context = play_context
        self._training: Training | None = None
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

    def next_team(self, side: int) -> None:
        """Another team hides (side 0) or seeks (side 1)."""
        if self.room:
            self.room.next_team(side, self.world)
            hiders, seekers = self.room.teams
            self.say(f"{hiders} hide, {seekers} seek")
        else:
            self.say(_NO_TEAMS)

    def play(self, count: int) -> None:
        """Plays the world from `count` new starts, beside the editor."""
        if self.room is None:
            self.say(_NO_TEAMS)
        elif self.problems.found:
            self.say(f"It cannot be played yet: {self.problems.found[0].text}")
        else:
            self.room.play(self.world, count)

    def stop(self) -> None:
        """Closes the game."""
        if self.room and self.room.playing:
            self.room.stop()
        else:
            self.say("Nothing is played")

    def play_yourself(self) -> None:
        """Plays the first hider, in the whole window; the other agents are played by the teams."""
        if self.room is None or self._context is None or self._context.named is None:
            self.say(_NO_TEAMS)
        elif self.problems.found:
            self.say(f"It cannot be played yet: {self.problems.found[0].text}")
        else:
            self.room.stop()
            self.ask(PlayScene(self._scene(self._context, self._context.named, self.room.teams)))

    def train(self) -> None:
        """Trains teams in the world, in a process and a window of their own, or stops that; it must be saved first."""
        if self._training and self._training.running:
            self._training.stop()
            self.say(f"The training stops, and is saved in {self._training.folder}")
        elif self._context is None or self._context.named is None:
            self.say(_NO_TEAMS)
        elif self.problems.found:
            self.say(f"It cannot be trained in yet: {self.problems.found[0].text}")
        elif self.document.path is None:
            self.begin_save_as()
            self.say("Training reads the world from its file: save it first, then T trains")
        else:
            path, begin_training = self.document.path, self._context.named.train
            self.attempt(lambda: self._train(path, begin_training))

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

    def let_time_pass(self, seconds: float) -> None:
        """Lets real time pass for notes, files, problems and games."""
        self.let_note_fade(seconds)
        self.stale |= self.problems.advance()
        if self.room:
            self.room.advance(seconds, possible=self.problems.found == [])
            self.stale |= self.room.playing

    def save_in(self, path: Path, name: str | None = None) -> None:
        """As in `DocumentScreen`; the note says if the world cannot be played."""
        found = self.problems.found
        super().save_in(path, name)
        if found:
            self.say(f"{self.note}. It cannot be played yet: {found[0].text}")

    def _scene(self, context: PlayContext, named: NamedTeams, teams: tuple[str, str]) -> Scene:
        """Games of a person in the world as it is now, each from another start."""
        world, seeds = self.world, itertools.count()

        def start() -> Session:
            seed = next(seeds)
            players, scenario = named.load(*teams, world, seed)
            return begin(scenario, players, seed)

        stem = self.document.path.stem if self.document.path else "drawn"
        return Scene(
            start,
            world.name,
            stem,
            human=0,
            original=None,
            tick=0,
            beside=False,
            kept_in=context.kept_in,
            fog=True,
        )

    def _train(self, path: Path, begin_training: Callable[[Path], Training]) -> None:
        saved = not self.document.is_saved
        if saved:
            self.save_in(path)
        self._training = begin_training(path)
        first = f"Saved as {path}. " if saved else ""
        self.say(f"{first}Teams train in it, in a window of their own, until T stops them: {self._training.folder}")

    def _is_selected(self) -> bool:
        if not self.selected:
            self.say("Select something first: click on it")
        return bool(self.selected)

    def show_document(self) -> None:
        """Another document is shown now."""
        self.select(())
        self.viewport.show_all()
        super().show_document()

    def world_changed(self) -> None:
        """There is another version of the world: what is impossible is looked for, and it is played."""
        super().world_changed()
        self.problems.show(self.world)
        if self.room:
            self.room.show(self.world)
