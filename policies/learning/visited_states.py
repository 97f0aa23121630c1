"""Resets to visited states: practice where the critics are surprised, without touching the reward.

At a few fixed ticks of every rollout a few worlds leave their own episode and go on from a stored state of
another episode at that very tick. So all worlds stay on one clock, and no tick is simulated in vain. What a
world had played until then is a piece of its own: it ends with what the critic expects of the state left behind.

States are drawn in proportion to a power of the critics' error about them, the size of the advantage: it is
large where the future is undecided or misjudged, as with a box that is nearly in the doorway. Choosing starts by
the disagreement of value estimates is from ZACL (submitted to ICLR 2023), doing so in self-play over visited states
from SACL (AAAI 2024); we take the error instead. Every world starts from a true start, and evaluation never sees
these states.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from replays.format.header import stored_name
from sim.game import Game
from sim.layout import Layout, Slots, empty_layout
from sim.state import State, empty_state, put, take

_PARTS = 8
_REJOINED = 5
"""Worlds change states after 1/8, 2/8 ... 5/8 of the ticks: later ones leave too little to learn from."""
_KEPT = 1024
"""Newest states kept of each such tick."""
_LEAST_WEIGHT = 1e-3
"""Added to every error, so that states without one are drawn, too."""


class Cut(NamedTuple):
    """Worlds in which one piece of an episode ends and another begins."""

    tick: int
    """The new piece's first tick; the old one ends before it."""
    worlds: slice
    """Of all worlds."""
    global_state: np.ndarray
    """float32 [world, S]: the critic's observation of the states that were left."""


class Archive:
    """Visited states of one tick, with the critics' error about each; the oldest make way."""

    def __init__(self, slots: Slots) -> None:
        self.layout, self.state = empty_layout(_KEPT, slots), empty_state(_KEPT, slots)
        self.errors = np.zeros(_KEPT, np.float32)
        self.count = 0
        """States ever added; the next one goes to place `count` modulo the size."""

    def add(self, layout: Layout, state: State, errors: np.ndarray) -> None:
        """Takes in states (first axis) and the errors about them."""
        places = (self.count + np.arange(len(errors))) % _KEPT
        put(self.layout, places, layout)
        put(self.state, places, state)
        self.errors[places] = errors
        self.count += len(errors)

    def draw(self, number: int, power: float, random: np.random.Generator) -> tuple[Layout, State]:
        """Draws `number` states with probability proportional to error ** `power`; the archive must not be empty."""
        weights = (self.errors[: self.count].astype(float) + _LEAST_WEIGHT) ** power
        chosen = random.choice(len(weights), number, p=weights / weights.sum())
        return take(self.layout, chosen), take(self.state, chosen)

    def tensors(self) -> dict[str, Tensor]:
        """Everything, by the names that checkpoints have always had."""
        arrays = {f"layout.{stored_name(name)}": field for name, field in self.layout._asdict().items()}
        arrays |= {f"state.{stored_name(name)}": field for name, field in self.state._asdict().items()}
        arrays |= {"errors": self.errors, "count": np.array(self.count)}
        return {name: torch.from_numpy(array.copy()) for name, array in arrays.items()}

    def restore(self, tensors: Mapping[str, Tensor]) -> None:
        """Puts back what `tensors` gave. Raises KeyError or ValueError if one is missing or of another shape, or an
        error or the count is out of range.
        """
        own = self.tensors()
        if any(tensors[name].shape != tensor.shape for name, tensor in own.items()):
            raise ValueError("an archive of visited states has another shape")
        errors = tensors["errors"]
        if not (errors.isfinite().all() and (errors >= 0).all() and tensors["count"] >= 0):
            raise ValueError("an archive of visited states has numbers out of range")
        for part, fields in (("layout", self.layout), ("state", self.state)):
            for name, field in fields._asdict().items():
                field[...] = tensors[f"{part}.{stored_name(name)}"].numpy()
        self.errors[...] = tensors["errors"].numpy()
        self.count = int(tensors["count"])


class VisitedStates:
    """Which worlds change to which visited states, rollout by rollout: `begin`, `resume` at every tick, `learn`."""

    def __init__(self, visited: slice, source: slice, ticks: int, power: float, slots: Slots) -> None:
        """Worlds `visited` change states; those of `source`, in which both sides are the latest, provide them."""
        self.source = source
        self.power = power
        edges = np.linspace(visited.start, visited.stop, _REJOINED + 1).round().astype(int).tolist()
        when = [ticks * part // _PARTS for part in range(1, _REJOINED + 1)]
        pieces = [slice(*pair) for pair in pairwise(edges)]
        self.groups = {tick: piece for tick, piece in zip(when, pieces, strict=True) if piece.stop > piece.start}
        self.archives = {tick: Archive(slots) for tick in self.groups}
        self.begin(np.random.default_rng(0))

    def begin(self, random: np.random.Generator) -> None:
        """A new rollout; its changes follow from `random`."""
        self.random = random
        self.cuts: list[Cut] = []
        self.met: dict[int, tuple[Layout, State]] = {}

    def resume(self, game: Game, tick: int) -> slice:
        """Keeps the states of this tick, and lets the worlds whose turn it is go on from stored ones.

        Returns:
            The worlds that did.
        """
        if tick not in self.groups:
            return slice(0, 0)
        self.met[tick] = take(game.layout, self.source), take(game.state, self.source)
        worlds, archive = self.groups[tick], self.archives[tick]
        if not archive.count:
            return slice(0, 0)
        self.cuts.append(Cut(tick, worlds, game.global_state[worlds].copy()))
        drawn = archive.draw(worlds.stop - worlds.start, self.power, self.random)
        game.restore(*drawn, worlds=np.arange(worlds.start, worlds.stop))
        return worlds

    def learn(self, errors: np.ndarray) -> None:
        """Stores the states that were met; `errors` float [tick, world of `source`] are the critics' about them."""
        for tick, (layout, state) in self.met.items():
            self.archives[tick].add(layout, state, errors[tick])

    def tensors(self) -> dict[str, Tensor]:
        """All archives, by name."""
        return {f"{tick}/{name}": t for tick, archive in self.archives.items() for name, t in archive.tensors().items()}

    def restore(self, tensors: Mapping[str, Mapping[str, Tensor]]) -> None:
        """Puts the archives back, by tick and name. Raises as `Archive.restore`.

        One that is missing stays empty: a run with few worlds has other ticks for another number of ranks.
        """
        for tick, archive in self.archives.items():
            if str(tick) in tensors:
                archive.restore(tensors[str(tick)])
