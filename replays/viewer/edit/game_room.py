"""Beside the editor: loads teams and plays with them in the world as it is drawn, from a new start each time."""

from concurrent.futures import Future, ThreadPoolExecutor

import pygame
from pygame import Rect

from replays.session import NamedTeams
from replays.viewer.widgets.fitting import first_parts, write_fitting
from replays.viewer.widgets.pages import draw_message
from replays.viewer.widgets.theme import FAINT, NORMAL, SMALL, px, wrap
from sim.errors import UserError
from sim.render.palette import INK
from sim.scenarios.drawn.world import DrawnWorld

_PATIENCE_S = 4.0
"""After this it says what may take so long."""
_SETTLE_S = 0.5
"""A changed world is played when it has stayed the same for so long."""
_LINE = 22
_MOST_LINES = 5


class GameRoom:
    """`count` is how many starts are played side by side; 0 plays none."""

    def __init__(self, named: NamedTeams) -> None:
        self.count = 0
        self.games = None
        self.error = ""
        """Why nothing can be played."""
        self._named = named
        self._chosen = [0, 0]
        self._worker = ThreadPoolExecutor(1, "hideseek-games")
        self._loading: Future | None = None
        self._waited_s = self._changed_s = 0.0
        self._starts = 0
        self._world: DrawnWorld | None = None
        self._next: DrawnWorld | None = None

    @property
    def teams(self) -> tuple[str, str]:
        """Names of the teams, hiders first."""
        hiders, seekers = (names[k] for names, k in zip(self._named.names, self._chosen, strict=True))
        return hiders, seekers

    @property
    def playing(self) -> bool:
        """The room is open."""
        return self.count > 0

    def next_team(self, side: int, world: DrawnWorld) -> None:
        """Another team plays a side, at once if the room is open."""
        self._chosen[side] = (self._chosen[side] + 1) % len(self._named.names[side])
        if self.playing:
            self.play(world, self.count)

    def play(self, world: DrawnWorld, count: int) -> None:
        """Plays from new starts."""
        from replays.viewer.edit.loading import load_games  # brings the game, which drawing need not wait for

        self.count, self.error, self._waited_s = count, "", 0.0
        self._world, self._next = world, None
        if self._loading:
            self._loading.cancel()
        self._loading = self._worker.submit(load_games, world, count, self._named, self.teams, self._starts)
        self._starts += 1

    def stop(self) -> None:
        """Closes the room."""
        self.count, self.games, self._loading, self.error = 0, None, None, ""

    def show(self, world: DrawnWorld) -> None:
        """The world has changed; it is played when it has come to rest."""
        if self.playing and world != self._world:
            self._next, self._changed_s = world, 0.0

    def advance(self, seconds: float, possible: bool) -> None:
        """Lets real time pass; a changed world is played only if it is possible."""
        if not self.playing:
            return
        self._changed_s += seconds
        if self._next is not None and possible and self._changed_s >= _SETTLE_S:
            self.play(self._next, self.count)
        if self._loading is not None:
            self._waited_s += seconds
            if self._loading.done():
                self._take(self._loading)
        elif self.games is not None:
            self.games.advance(seconds)

    def draw(self, surface: pygame.Surface, area: Rect) -> None:
        """Draws the game, and under it how it stands."""
        lines = self._lines(area.width)
        words = Rect(area.left, area.bottom - len(lines) * px(_LINE), area.width, len(lines) * px(_LINE))
        world = Rect(area.left, area.top, area.width, max(words.top - px(4) - area.top, 1))
        if self.error:
            draw_message(surface, area, self.error, "K and L choose other teams.")
            return
        if self.games is None:
            why = "" if self._waited_s < _PATIENCE_S else " The first time, the game is compiled for this machine."
            draw_message(surface, area, f"Loading the teams ...{why}", "Esc: never mind.")
            return
        self.games.draw(surface, world)
        for row, (line, ink) in enumerate(lines):
            place = (words.centerx, words.top + row * px(_LINE) + px(_LINE) // 2)
            write_fitting(surface, line, place, NORMAL if row == 0 else SMALL, words.width, ink, "center")

    def _lines(self, width: int) -> list[tuple[str, tuple[int, int, int]]]:
        """How the game stands, and who plays."""
        if self.games is None:
            return []
        hiders, seekers = self.teams
        told = [first_parts(self.games.words[0], NORMAL, width)]
        for words in self.games.words[1:]:
            told += wrap(words, SMALL, width)
        told = [*told[: _MOST_LINES - 1], f"{hiders} hide, {seekers} seek"]
        return list(zip(told, [INK, *[FAINT] * len(told)], strict=False))

    def _take(self, loading: Future) -> None:
        self._loading = None
        try:
            self.games = loading.result()
        except UserError as error:
            self.games, self.error = None, str(error)
