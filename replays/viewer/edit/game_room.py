"""Beside the editor: loads teams and plays with them in the world as it is drawn, from a new start each time."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

import pygame
from pygame import Rect

from replays.session import Compiling, NamedTeams
from replays.viewer.widgets.fitting import first_lines, first_parts, write_fitting
from replays.viewer.widgets.pages import draw_message
from replays.viewer.widgets.theme import FAINT, LARGE, SMALL, px
from sim.errors import UserError
from sim.render.palette import INK
from sim.scenarios.drawn.world import DrawnWorld

if TYPE_CHECKING:
    from replays.viewer.edit.games import Games

_COMPILING = "The first time, what plays here is compiled for this machine. It may take minutes; you can go on drawing."
_SETTLE_S = 0.5
"""A changed world is played when it has stayed the same for so long."""


class GameRoom:
    """`count` is how many starts are played side by side; 0 plays none."""

    def __init__(self, named: NamedTeams) -> None:
        self.count = 0
        self.games: Games | None = None
        self.error = ""
        """Why nothing can be played."""
        self._named = named
        self._chosen = [0, 0]
        self._worker = ThreadPoolExecutor(1, "hideseek-games")
        self._loading: Future[Games] | None = None
        self._compiling: Compiling | None = None
        self._compiled_for: tuple[tuple[str, str], DrawnWorld] | None = None
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
    def seats(self) -> tuple[str, str]:
        """Who hides and who seeks, in words: the teams, and who plays in the place of one that does not fit."""
        if self.games is None:
            return self.teams
        hiders, seekers = (
            team if team == player else f"{player}, not {team}"
            for team, player in zip(self.teams, self.games.names, strict=True)
        )
        return hiders, seekers

    @property
    def playing(self) -> bool:
        """The room is open."""
        return self.count > 0

    @property
    def is_loading(self) -> bool:
        """Teams are being loaded, or compiled."""
        return self.playing and (self._loading is not None or self._compiling is not None)

    def next_team(self, side: int, world: DrawnWorld) -> None:
        """Another team plays a side, at once if the room is open."""
        self._chosen[side] = (self._chosen[side] + 1) % len(self._named.names[side])
        if self.playing:
            self.play(world, self.count)

    def play(self, world: DrawnWorld, count: int) -> None:
        """Plays from new starts, as soon as everything is compiled."""
        self.count, self.error, self._waited_s = count, "", 0.0
        self._world, self._next = world, None
        if self._loading:
            self._loading.cancel()
        self._loading = None
        self._begin(world)

    def stop(self) -> None:
        """Closes the room; what is being compiled goes on, for the next time."""
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
        if self._compiling is not None:
            self._waited_s += seconds
            if not self._compiling.running and self._world is not None:
                self._compiling = None
                self._begin(self._world)
        elif self._loading is not None:
            if self._loading.done():
                self._take(self._loading)
        elif self.games is not None:
            self.games.advance(seconds)

    def draw(self, surface: pygame.Surface, area: Rect, status: Rect) -> None:
        """Draws the game in an area, and how it stands in another one."""
        if self.error:
            draw_message(surface, area, self.error, "K and L choose other teams.")
        elif self.games is None:
            words = f"{_COMPILING} {self._waited_s:.0f} s so far." if self._compiling else "Loading the teams ..."
            draw_message(surface, area, words, "S: never mind.")
        else:
            self.games.draw(surface, area)
            _draw_words(surface, status, self.games.words)

    def _begin(self, world: DrawnWorld) -> None:
        """Compiles for these teams and this world, one pair at a time and each once, and then loads in a thread."""
        from replays.viewer.edit.loading import load_games  # brings the game, which drawing need not wait for

        if self._compiling is None and self._compiled_for != (self.teams, world):
            self._compiled_for = self.teams, world
            self._compiling = self._named.begin_compiling(*self.teams, world)
        if self._compiling is None:
            self._loading = self._worker.submit(load_games, world, self.count, self._named, self.teams, self._starts)
            self._starts += 1

    def _take(self, loading: "Future[Games]") -> None:
        self._loading = None
        try:
            self.games = loading.result()
        except UserError as error:
            self.games, self.error = None, str(error)


def _draw_words(surface: pygame.Surface, area: Rect, words: Sequence[str]) -> None:
    """Writes lines, the first one large, as many as there is room for; the last one is cut where there is more."""
    top, bottom = area.top, area.bottom + px(2)
    for number, text in enumerate(words):
        height, ink = (SMALL, FAINT) if number else (LARGE, INK)
        step = px(height + 3)
        room = max((bottom - top) // step, 0)
        lines = first_lines(text, height, area.width, room) if number else [first_parts(text, height, area.width)]
        for line in lines[:room]:
            write_fitting(surface, line, (area.centerx, top + step // 2), height, area.width, ink, "center")
            top += step
