"""A drawn world that is edited, and everything that a key can do to it."""

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

import pygame

from replays.session import PlayContext, Session, begin
from replays.viewer.edit.dialog import FileDialog
from replays.viewer.edit.document import Document, open_document
from replays.viewer.edit.edits import GRIDS_M, copy, delete, move, set_numbers
from replays.viewer.edit.files import free_file, is_untitled, path_of, unsaved_folder, worlds_in
from replays.viewer.edit.game_room import GameRoom
from replays.viewer.edit.keys import EDIT_KEYS, HELP_TAIL
from replays.viewer.edit.new_world import small_world
from replays.viewer.edit.problem_finder import ProblemFinder
from replays.viewer.edit.reshape import lengthen, toggle_angle, toggle_area, turn
from replays.viewer.edit.shapes import exists, items_of
from replays.viewer.edit.tools import Tool
from replays.viewer.film.viewport import Viewport
from replays.viewer.modes.scene import Scene
from replays.viewer.requests import PlayScene
from replays.viewer.screen import ScreenBase
from sim.errors import UserError
from sim.rules import RULES
from sim.scenarios.drawn.file import name_of
from sim.scenarios.drawn.items import Item
from sim.scenarios.drawn.world import DrawnWorld

_NOTE_S = 5.0
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


class Editing(ScreenBase):
    """`selected` are the items that keys change, `tool` is what a click does, `step` the grid's in metres (0: none)."""

    keys = EDIT_KEYS
    help_tail = HELP_TAIL

    def __init__(self, document: Document, play_context: PlayContext | None) -> None:
        super().__init__()
        self.document = document
        self.selected: tuple[Item, ...] = ()
        self.tool = Tool.SELECT
        self.step = GRIDS_M[0]
        self.viewport = Viewport()
        self.dialog: FileDialog | None = None
        self.note = ""
        self.problems = ProblemFinder()
        self.room = GameRoom(play_context.named) if play_context and play_context.named else None
        self._context = play_context
        self._note_left = 0.0
        self._answer: Callable[[str], None] = self._save_as
        self._warned = False
        self._world_changed()
        if document.was_kept:
            self.say("Changes that were not saved the last time are here again; Ctrl+Z takes them back")

    @property
    def world(self) -> DrawnWorld:
        """The world as it is now."""
        return self.document.world

    def say(self, note: str) -> None:
        """Shows for a short while what has been done, or why not."""
        self.note, self._note_left, self.stale = note, _NOTE_S, True

    def change(self, world: DrawnWorld, selected: Sequence[Item] | None = None) -> None:
        """Makes a new version of the world, with something else selected if that is given."""
        if self.document.change(world):
            self._world_changed()
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
            self._world_changed()
            self.select(self.selected)
        else:
            self.say("There is nothing to undo")

    def redo(self) -> None:
        """Does again what was undone."""
        if self.document.redo():
            self._world_changed()
            self.select(self.selected)
        else:
            self.say("There is nothing to do again")

    def copy(self) -> None:
        """Copies what is selected; the copies are selected then."""
        if self._is_selected():
            self._try(lambda: self.change(*copy(self.world, self.selected, self.step or GRIDS_M[0])))

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
        """Makes the floor larger or smaller."""
        self.change(set_numbers(self.world, floor_m=self.world.floor_m + steps * _FLOOR_M))

    def next_team(self, side: int) -> None:
        """Another team hides (side 0) or seeks (side 1)."""
        if self.room:
            self.room.next_team(side, self.world)
            hiders, seekers = self.room.teams
            self.say(f"{hiders} hide, {seekers} seek")
        else:
            self.say(_NO_TEAMS)

    def play(self, count: int) -> None:
        """Plays the world from so many new starts, beside the editor."""
        if self.room is None:
            self.say(_NO_TEAMS)
        elif self.problems.found:
            self.say(f"It cannot be played yet: {self.problems.found[0].text}")
        else:
            self.room.play(self.world, count)

    def stop(self) -> None:
        """Closes the game."""
        if self.room:
            self.room.stop()

    def play_yourself(self) -> None:
        """Plays the first hider, in the whole window; the other agents are played by the teams."""
        context = self._context
        if self.room is None or context is None or context.named is None:
            self.say(_NO_TEAMS)
            return
        if self.problems.found:
            self.say(f"It cannot be played yet: {self.problems.found[0].text}")
            return
        world, teams, load, seeds = self.world, self.room.teams, context.named.load, iter(range(2**31))

        def start() -> Session:
            seed = next(seeds)
            players, scenario = load(*teams, world, seed)
            return begin(scenario, players, seed)

        self.room.stop()
        stem = self.document.path.stem if self.document.path else "drawn"
        self.ask(
            PlayScene(
                Scene(
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
            )
        )

    def train(self) -> None:
        """Trains teams in the world, in a process and a window of their own; it must be saved for that."""
        if self._context is None or self._context.named is None:
            self.say(_NO_TEAMS)
        elif self.problems.found:
            self.say(f"It cannot be trained in yet: {self.problems.found[0].text}")
        elif self.document.path is None:
            self.begin_save_as()
            self.say("Training reads the world from its file: save it first, then T trains")
        else:
            path, begin_training = self.document.path, self._context.named.train
            self._try(lambda: self._train(path, begin_training))

    def begin_new(self) -> None:
        """A new, nearly empty world; what was there is kept aside if it is not saved."""
        self._show(Document(small_world()))

    def begin_open(self) -> None:
        """Asks which file to open."""
        self._ask(
            "Open a world",
            "",
            self._open,
            [*worlds_in(self._folder), *filter(is_untitled, worlds_in(unsaved_folder()))],
        )

    def begin_save_as(self) -> None:
        """Asks under which name to save."""
        path = self.document.path or free_file(Path(), "my-world")
        self._ask("Save as", str(path), self._save_as)

    def save(self) -> None:
        """Saves the world in its file; asks for a name if it has none."""
        if self.document.path is None:
            self.begin_save_as()
        else:
            path = self.document.path
            self._try(lambda: self._save(path))

    def step_back(self) -> bool:
        """Leaves the tool, else what is selected, else the game; a world that is not saved warns once."""
        if self.tool is not Tool.SELECT:
            self.tool = Tool.SELECT
        elif self.selected:
            self.select(())
        elif self.room and self.room.playing:
            self.room.stop()
        elif not self.document.is_saved and not self._warned:
            self._warned = True
            self.tell(_NOT_SAVED)
        else:
            return False
        return True

    def resume(self) -> None:
        """Goes on after having been left."""
        super().resume()
        self._warned = False

    def handle_dialog(self, dialog: FileDialog, event: pygame.Event) -> None:
        """Does what an event asks for while a file is asked for."""
        self.stale = True
        key = event.key if event.type == pygame.KEYDOWN else None
        if key == pygame.K_ESCAPE:
            self.dialog = None
        elif key in (pygame.K_RETURN, pygame.K_KP_ENTER):
            self._try(lambda: self._answer(dialog.answer))
        else:
            dialog.handle(event)

    def let_time_pass(self, seconds: float) -> None:
        """Lets real time pass for notes, files, problems and games."""
        if self.note:
            self._note_left -= seconds
            if self._note_left <= 0:
                self.note, self.stale = "", True
        if self.dialog:
            self.dialog.advance()
        if problem := self.document.problem():
            self.tell(problem)
        self.stale |= self.problems.advance()
        if self.room:
            self.room.advance(seconds, possible=self.problems.found == [])
            self.stale |= self.room.playing

    @property
    def _folder(self) -> Path:
        return self.document.path.parent if self.document.path else Path()

    def _ask(self, title: str, text: str, answer: Callable[[str], None], choices: Sequence[Path] = ()) -> None:
        self.dialog, self._answer = FileDialog(title, text, choices), answer
        self.dialog.ignore_letter()

    def _open(self, text: str) -> None:
        self._show(open_document(path_of(text, Path())))

    def _save_as(self, text: str) -> None:
        path = path_of(text, Path())
        self.change(dataclasses.replace(self.world, name=name_of(path)))
        self._save(path)

    def _save(self, path: Path) -> None:
        self.document.save(path)
        self.dialog, self._warned = None, False
        self.say(f"Saved as {path}")

    def _show(self, document: Document) -> None:
        self.document, self.selected, self.dialog, self._warned = document, (), None, False
        self.viewport.show_all()
        self._world_changed()
        if document.was_kept:
            self.say("Changes that were not saved the last time are here again; Ctrl+Z takes them back")

    def _train(self, path: Path, begin_training: Callable[[Path], Path]) -> None:
        if not self.document.is_saved:
            self._save(path)
        self.say(f"Teams train in it now, in a window of their own: {begin_training(path)}")

    def _is_selected(self) -> bool:
        if not self.selected:
            self.say("Select something first: click on it")
        return bool(self.selected)

    def _try(self, action: Callable[[], None]) -> None:
        """Does something that may be refused, and says why."""
        try:
            action()
        except UserError as error:
            self.tell(str(error))
        except ValueError as error:
            self.say(str(error))

    def _world_changed(self) -> None:
        self.stale = True
        self.problems.show(self.world)
        if self.room:
            self.room.show(self.world)
