"""What happened in a rollout, in the words of the game: counted while it is played, reported when it is over.

Only worlds in which both sides are the latest count. None of this reaches the learner.
"""

import numpy as np

from replays.strategies.catalogue import SEALS, find_all, flags, names, seal_flags
from replays.strategies.evidence.trace import Tracer
from sim.game import Game
from sim.rules import HIDERS, SEEKERS
from sim.state import X, Y, take

MOVED_M = 0.3
"""A box counts as moved when the episode leaves it at least this far from where it started."""
WORLDS_JUDGED = 64
"""Worlds in which strategies are looked for: a flood fill takes about a tenth of a millisecond."""

RATES = ("hidden", "done", *SEALS, *names())
"""The figures of `EpisodeStats.report` that are proportions of episodes or ticks."""


class EpisodeStats:
    """Counts over one episode of many worlds; call `start` after a reset, `count` after every tick, then `report`."""

    def __init__(self, worlds: slice) -> None:
        self.worlds = worlds
        self.judged = slice(worlds.start, min(worlds.stop, worlds.start + WORLDS_JUDGED))

    def start(self, game: Game) -> None:
        self.hidden = self.seen = self.total_reward = self.play_ticks = 0.0
        self.locks = np.zeros(2)
        self.start_state = take(game.state, self.worlds)
        self.lock = self.start_state.lock.copy()
        scenario = game.scenario
        layout = take(game.layout, self.judged)
        self.tracer = Tracer(game.slots, layout, scenario.ticks, scenario.preparation_ticks)
        self._note(game)

    def count(self, game: Game) -> None:
        hiders = game.slots.hiders
        present = game.layout.agent_exists[self.worlds, :hiders].sum()
        self.total_reward += game.reward[self.worlds, :hiders].sum() / present
        if game.state.tick[self.worlds.start] > game.scenario.preparation_ticks:
            self.play_ticks += 1
            self.hidden += game.hidden[self.worlds].mean()
            seen = game.seen.agents[self.worlds, hiders:, :hiders].any(1)
            self.seen += seen.sum() / present
        lock = game.state.lock[self.worlds]
        for side in (HIDERS, SEEKERS):
            self.locks[side] += ((lock == side + 1) & (self.lock != side + 1)).sum() / len(lock)
        self.lock = lock.copy()
        self._note(game)

    def report(self, game: Game) -> dict[str, float]:
        """Means per episode.

        `hidden` is the fraction of play ticks in which no hider is seen, `seen` that of hiders seen, `boxes_moved`
        and the locks of each side are numbers per episode, `paid` is what a hider was paid in all; `done`, the seals
        and the strategies are proportions of episodes, the latter two of `episodes_judged`.
        """
        boxes = slice(0, game.slots.boxes)
        travelled = game.state.things[self.worlds, boxes] - self.start_state.things[:, boxes]
        moved = np.hypot(travelled[..., X], travelled[..., Y]) >= MOVED_M
        return {
            "hidden": self.hidden / self.play_ticks,
            "seen": self.seen / self.play_ticks,
            "boxes_moved": float(moved.sum(1).mean()),
            "hider_locks": self.locks[HIDERS],
            "seeker_locks": self.locks[SEEKERS],
            "paid": float(self.total_reward),
            "done": float(game.task_done[self.worlds].mean()),
            "episodes_judged": self.judged.stop - self.judged.start,
            **self._strategies(),
        }

    def _note(self, game: Game) -> None:
        views = type(game.state)(*(column[self.judged] for column in game.state))
        self.tracer.note(views, game.seen.agents[self.judged])

    def _strategies(self) -> dict[str, float]:
        trace = self.tracer.trace()
        shown = seal_flags(trace) | flags(find_all(trace), trace.worlds)
        return {name: float(worlds.mean()) for name, worlds in shown.items()}
