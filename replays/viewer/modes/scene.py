"""What a person plays, and how the rounds of it have gone."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from replays.film.film import Film
from replays.live_episode import Changes
from replays.session import PlayContext, Session, go_on
from replays.viewer.modes.best_times import best_time, keep_best_time
from sim.rules import RULES


class Score:
    """Rounds that a person has played in one world, on one side, against one team."""

    def __init__(self, name: str) -> None:
        """Starts at 0 : 0 with the best time that is remembered under a name."""
        self.rounds = self.won = 0
        self.best_s = best_time(name)
        self._name = name

    @property
    def text(self) -> str:
        """Such as "You 2 : 1 they, best 3.4 s"."""
        best = "" if self.best_s is None else f", best {self.best_s:.1f} s"
        return f"You {self.won} : {self.rounds - self.won} they{best}"

    def add(self, film: Film, hider: bool) -> None:
        """Counts an episode that is over. A hider's time is that in which no hider was seen, a seeker's the rest."""
        play = np.asarray(film.hidden.all(axis=1))[film.recording.header.preparation_ticks + 1 :]
        seconds = float(play.sum() if hider else (~play).sum()) * RULES.tick_s
        self.rounds += 1
        self.won += bool(len(play)) and bool((play.mean() > 0.5) == hider)
        if seconds > (self.best_s or 0.0):
            self.best_s = seconds
            keep_best_time(self._name, seconds)


@dataclass(frozen=True)
class Scene:
    """What is played, and how it can be played again."""

    start: Callable[[], Session]
    """Makes a session; may take seconds, and raise UserError."""
    name: str
    """What to call it."""
    stem: str
    """What files of it are named after."""
    human: int | None
    """The agent that the user plays at first."""
    original: Film | None
    """The film it goes on from, to show beside and to go back to."""
    tick: int
    """Where that is."""
    beside: bool
    """Show the original too, at first."""
    kept_in: Path
    """Folder for what was played."""
    fog: bool
    """Show only what the player's team sees, at first."""
    pace: int | None = None
    """Index into the speeds; None is what suits who plays."""
    first: Film | None = None
    """The film to show while it is made ready, if that is not the original: with what is changed in it."""
    score: Score | None = None
    """Of the rounds so far; None where none is kept."""
    task: str = ""
    """What there is to do, in a line; empty in hide-and-seek."""


def scene_from(film: Film, path: Path, tick: int, play_context: PlayContext, changes: Changes) -> Scene:
    """Goes on from a tick of a film that was read from a path, with some things changed; the user only looks on."""

    def start() -> Session:
        return go_on(film.recording, path, tick, changes, play_context.find_teams)

    return Scene(
        start,
        "played on",
        path.stem,
        human=None,
        original=film,
        tick=tick,
        beside=False,
        kept_in=play_context.kept_in,
        fog=False,
    )
