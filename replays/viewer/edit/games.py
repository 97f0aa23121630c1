"""What is played in a drawn world beside the editor: one game as a film, or twelve starts together, counted.

Both begin again with new starts when they are over.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pygame
from pygame import Rect

from replays.film.caption import caption
from replays.film.film import Film
from replays.interpolation import between
from replays.session import Session, TeamPair, begin
from replays.strategies.catalogue import find_all, flags, strategies
from replays.strategies.evidence.trace import Trace, Tracer
from replays.viewer.film.world_view import WorldView
from replays.viewer.widgets.theme import px
from sim.game import Game
from sim.render.draw import Options, draw
from sim.render.palette import PAPER
from sim.render.snapshot import Snapshot
from sim.rng import episode_seeds
from sim.rules import RULES
from sim.scenario import Scenario
from sim.state import take

_REST_S = 1.5
"""How long the end of an episode is shown."""
_LONGEST_FRAME_S = 0.1
"""A stalled window does not make up for more."""
_GAP = 6


class Games(Protocol):
    """Something that is played."""

    @property
    def names(self) -> tuple[str, str]:
        """Of the teams that really play, hiders first."""
        ...

    @property
    def words(self) -> list[str]:
        """How it stands, the most important line first."""
        ...

    def advance(self, seconds: float) -> None:
        """Lets real time pass."""
        ...

    def draw(self, surface: pygame.Surface, area: Rect) -> None:
        """Draws it."""
        ...

    def restart(self) -> None:
        """Begins anew, with other starts."""
        ...


class OneGame:
    """One game, drawn as a film is."""

    def __init__(self, scenario: Scenario, teams: TeamPair, seed: int) -> None:
        """May take seconds: kernels are compiled when they are first used."""
        self._scenario, self._teams, self._seed = scenario, teams, seed
        self._number = -1
        self._view = WorldView(cones=True, sight_lines=True, trails=True)
        self.restart()

    def restart(self) -> None:
        self._number += 1
        seed = int(episode_seeds(self._seed, self._number, 1)[0])
        self.session: Session = begin(self._scenario, self._teams, seed)
        self._time = self._rested_s = 0.0
        self._show()

    @property
    def names(self) -> tuple[str, str]:
        return self._teams.names

    @property
    def words(self) -> list[str]:
        tick = int(self._time)
        hidden = self.film.hidden_share[tick]
        share = "" if np.isnan(hidden) else f"hidden {hidden:.0%}"
        clock = f"{tick * RULES.tick_s:.1f} s of {self._scenario.ticks * RULES.tick_s:.1f} s"
        return [
            caption(self.film, tick)[0],
            " · ".join(filter(None, (clock, share))),
            *filter(None, [self._teams.note]),
        ]

    def advance(self, seconds: float) -> None:
        seconds, episode = min(seconds, _LONGEST_FRAME_S), self.session.episode
        if episode.over and self._time >= episode.played:
            self._rested_s += seconds
            if self._rested_s >= _REST_S:
                self.restart()
            return
        self._time += seconds / RULES.tick_s
        if episode.played <= self._time and not episode.over:
            while episode.played <= self._time and not episode.over:
                self.session.step((0, 0, 0))
            self._show()
        self._time = min(self._time, float(episode.played))

    def draw(self, surface: pygame.Surface, area: Rect) -> None:
        self._view.draw(surface, area, self.film, self._time)

    def _show(self) -> None:
        self.film = Film(self.session.episode.film(), "")


@dataclass
class Count:
    """What came of the episodes so far."""

    episodes: int = 0
    hidden: float = 0.0
    """Sum of the shares of the play in which no hider was seen."""
    strategies: dict[str, int] = field(default_factory=dict)
    """How many episodes show each strategy."""

    def add(self, trace: Trace) -> None:
        """Adds the episodes of a trace; takes a while."""
        slots, worlds = trace.slots, trace.worlds
        seen = trace.seen[trace.preparation_ticks + 1 :, :, slots.hiders :, : slots.hiders].any(axis=(2, 3))
        for name, shown in flags(find_all(trace), worlds).items():
            self.strategies[name] = self.strategies.get(name, 0) + int(shown.sum())
        self.hidden += float((1.0 - seen.mean(axis=0)).sum())
        self.episodes += worlds

    @property
    def words(self) -> list[str]:
        """The counts, the most interesting strategies first; those that never occurred are left out."""
        if not self.episodes:
            return []
        found = [
            f"{one.title.lower()} {self.strategies[one.name] / self.episodes:.0%}"
            for one in strategies()
            if self.strategies.get(one.name)
        ]
        return [f"{self.episodes} starts: hidden {self.hidden / self.episodes:.0%}", " · ".join(found)]


class ManyGames:
    """Games from several starts, side by side."""

    def __init__(self, scenario: Scenario, teams: TeamPair, seed: int, worlds: int) -> None:
        """May take seconds: kernels are compiled when they are first used."""
        self._scenario, self._teams, self._seed = scenario, teams, seed
        self._game = Game(scenario, worlds, without=teams.without)
        self._number = -1
        self._count = Count()
        self._counter = ThreadPoolExecutor(1, "hideseek-counting")
        self._counting: Future[None] | None = None
        self._picture, self._turn = pygame.Surface((1, 1)), 0
        """What is drawn: every frame draws half of the games anew, in turn, which halves its cost."""
        self.restart()
        self._tick()

    def restart(self) -> None:
        game, scenario = self._game, self._scenario
        self._number += 1
        game.reset(episode_seeds(self._seed, self._number * game.worlds, game.worlds))
        self._teams.reset()
        self._tracer = Tracer(game.slots, game.layout, scenario.ticks, scenario.preparation_ticks)
        self._tracer.note(game.state, game.seen.agents)
        self._layout = take(game.layout, slice(None))
        self._before, self._after = take(game.state, slice(None)), take(game.state, slice(None))
        self._seen = game.seen.agents.copy()
        self._share = self._rested_s = 0.0
        self._hidden: list[np.ndarray] = []

    @property
    def names(self) -> tuple[str, str]:
        return self._teams.names

    @property
    def words(self) -> list[str]:
        tick = int(self._before.tick[0])
        clock = f"{tick * RULES.tick_s:.1f} s of {self._scenario.ticks * RULES.tick_s:.1f} s"
        now = f"hidden {np.mean(self._hidden):.0%}" if self._hidden else "preparation"
        lines = [f"{self._game.worlds} starts · {clock} · {now}", *self._count.words]
        return [*lines, *filter(None, [self._teams.note])]

    @property
    def over(self) -> bool:
        """The last tick is shown."""
        return bool(self._game.state.tick[0] >= self._scenario.ticks) and self._share >= 1.0

    def advance(self, seconds: float) -> None:
        seconds = min(seconds, _LONGEST_FRAME_S)
        if self._counting is not None and self._counting.done():
            counting, self._counting = self._counting, None
            counting.result()  # a fault in it must not be lost with its thread
        if self.over:
            self._rested_s += seconds
            if self._rested_s >= _REST_S:
                self.restart()
            return
        self._share += seconds / RULES.tick_s
        while self._share >= 1.0 and self._game.state.tick[0] < self._scenario.ticks:
            self._share -= 1.0
            self._tick()
        self._share = min(self._share, 1.0)

    def draw(self, surface: pygame.Surface, area: Rect) -> None:
        state = between(self._before, self._after, self._share)
        slots, preparation = self._game.slots, bool(self._before.tick[0] < self._scenario.preparation_ticks)
        options = Options(cones=False, sight_lines=False, preparation=preparation)
        places = cells(Rect(0, 0, *area.size), self._game.worlds)
        if self._picture.get_size() == area.size:
            self._turn = 1 - self._turn
            shown = range(self._turn, len(places), 2)
        else:
            self._picture, shown = pygame.Surface(area.size), range(len(places))
            self._picture.fill(PAPER)
        for world in shown:
            draw(self._picture, places[world], Snapshot(slots, self._layout, state, self._seen, world), options)
        surface.blit(self._picture, area)

    def _tick(self) -> None:
        game = self._game
        self._before = take(game.state, slice(None))
        game.tick(self._teams.act(game))
        self._after, self._seen = take(game.state, slice(None)), game.seen.agents.copy()
        self._tracer.note(game.state, game.seen.agents)
        if game.state.tick[0] > self._scenario.preparation_ticks:
            self._hidden.append(game.hidden.copy())
        if game.state.tick[0] == self._scenario.ticks:
            self._counting = self._counter.submit(self._count.add, self._tracer.trace())


def cells(area: Rect, count: int) -> list[Rect]:
    """Squares in rows, as large as they fit."""
    gap = px(_GAP)

    def side(columns: int) -> int:
        rows = -(-count // columns)
        return min((area.width + gap) // columns, (area.height + gap) // rows) - gap

    columns = max(range(1, count + 1), key=side)
    each, rows = max(side(columns), 1), -(-count // columns)
    left = area.centerx - (columns * (each + gap) - gap) // 2
    top = area.centery - (rows * (each + gap) - gap) // 2
    return [
        Rect(left + k % columns * (each + gap), top + k // columns * (each + gap), each, each) for k in range(count)
    ]
