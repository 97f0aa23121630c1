"""A screen with a drawn world that teams play and train in."""

import itertools
from collections.abc import Callable
from pathlib import Path

from replays.session import NamedTeams, PlayContext, Session, Training, begin
from replays.viewer.edit.document import Document
from replays.viewer.edit.document_screen import DocumentScreen
from replays.viewer.edit.game_room import GameRoom
from replays.viewer.edit.problem_finder import ProblemFinder
from replays.viewer.modes.scene import Scene
from replays.viewer.requests import PlayScene

_NO_TEAMS = "Worlds can only be drawn here: this window was opened without teams"


class PlayableScreen(DocumentScreen):
    """`problems` says why the world cannot be played, `room` plays it; None where there are no teams."""

    def __init__(self, document: Document, play_context: PlayContext | None) -> None:
        super().__init__(document)
        self.problems = ProblemFinder()
        self.room = GameRoom(play_context.named) if play_context and play_context.named else None
        self._context = play_context
        self._training: Training | None = None

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

    def save_in(self, path: Path, name: str | None = None) -> None:
        """As in `DocumentScreen`; the note says if the world cannot be played."""
        found = self.problems.found
        super().save_in(path, name)
        if found:
            self.say(f"{self.note}. It cannot be played yet: {found[0].text}")

    def world_changed(self) -> None:
        """There is another version of the world: what is impossible is looked for, and it is played."""
        super().world_changed()
        self.problems.show(self.world)
        if self.room:
            self.room.show(self.world)

    def let_time_pass(self, seconds: float) -> None:
        """Lets real time pass for notes, files, problems and games."""
        self.let_note_fade(seconds)
        self.stale |= self.problems.advance()
        if self.room:
            self.room.advance(seconds, possible=self.problems.found == [])
            self.stale |= self.room.playing

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
