"""What happened in a rollout, in the words of the game: counted while it is played, said when it is over.

Only worlds in which both sides are the latest count. None of this reaches the learner.
"""

import numpy as np

from replays.strategies.evidence.carried import follow, nothing_carried
from replays.strategies.evidence.seals import seals
from sim.game import Game
from sim.layout import Layout
from sim.rules import HIDERS, SEEKERS
from sim.state import State, X, Y, take

MOVED_M = 0.3
"""A box counts as moved when the episode leaves it at least this far from where it started."""
_WORLDS_JUDGED = 64
"""Worlds looked at for seals: the flood fill takes about a millisecond each."""


RATES = ("hidden", "done", *(f"{kind}_{moment}" for kind in ("soft", "robust", "fort") for moment in ("prep", "end")))
"""The figures of `EpisodeStats.report` that are shares."""


class EpisodeStats:
    """Counts over one episode of many worlds; call `start` after a reset, `count` after every tick, then `report`."""

    def __init__(self, worlds: slice) -> None:
        self.worlds = worlds
        self.judged = slice(worlds.start, min(worlds.stop, worlds.start + _WORLDS_JUDGED))

    def start(self, game: Game) -> None:
        self.hidden = self.seen = self.paid = self.play_ticks = 0.0
        self.locks = np.zeros(2)
        self.start_state = take(game.state, self.worlds)
        self.lock = self.start_state.lock.copy()
        self.layout: Layout = take(game.layout, self.judged)
        self.first = self.before = take(game.state, self.judged)
        self.carried = nothing_carried(self.first)
        self.seals: dict[str, float] = {}

    def count(self, game: Game) -> None:
        played = int(game.state.tick[self.worlds.start])
        preparation = game.scenario.preparation_ticks
        if played > preparation:
            hiders = game.slots.hiders
            self.play_ticks += 1
            self.hidden += game.hidden[self.worlds].mean()
            seen = game.seen.agents[self.worlds, hiders:, :hiders].any(1)
            present = game.layout.agent_exists[self.worlds, :hiders].sum()
            self.seen += seen.sum() / present
            self.paid += game.reward[self.worlds, :hiders].sum() / present
        lock = game.state.lock[self.worlds]
        for side in (HIDERS, SEEKERS):
            self.locks[side] += ((lock == side + 1) & (self.lock != side + 1)).sum() / len(lock)
        self.lock = lock.copy()
        after = take(game.state, self.judged)
        follow(self.carried, self.layout, self.before, after, game.slots)
        self.before = after
        if played == preparation:
            self._judge(game, after, "prep")
        if played == game.scenario.ticks:
            self._judge(game, after, "end")

    def _judge(self, game: Game, now: State, moment: str) -> None:
        found = seals(self.layout, self.first, now, self.carried, game.slots)
        self.seals[f"soft_{moment}"] = float(found.soft.mean())
        self.seals[f"robust_{moment}"] = float(found.robust.mean())
        self.seals[f"fort_{moment}"] = float(found.fort.mean())

    def report(self, game: Game) -> dict[str, float]:
        """Means per episode.

        `hidden` is the share of play ticks in which no hider is seen, `seen` that of hiders seen, `boxes_moved`
        and the locks of each side are numbers per episode, `paid` is what a hider was paid in all, `done` and the
        seals are shares of episodes.
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
            "paid": float(self.paid),
            "done": float(game.terminated[self.worlds].mean()),
            **self.seals,
        }
