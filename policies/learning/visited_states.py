"""Resets to visited states: practice where the critics are surprised, without touching the reward.

At a few fixed ticks of every rollout a few worlds leave their own episode and go on from a stored state of
another episode at that very tick. So all worlds stay on one clock, and no tick is simulated in vain. What a
world had played until then is a piece of its own: it ends with what the critic expects of the state left behind.

The priority of a state is the size of the advantages over the next eighth of an episode: it is large where the future
is undecided or misjudged, as with a box that is nearly in the doorway, or a seeker on its way up a ramp. Those of the
highest priority are kept, however old, and drawn in proportion to a power of it; a share is drawn uniformly, so that
what the critics are sure of comes up as well. A state that was played on gets the new priority, or its old one decayed
if that is higher: a rare event is practised until it is learnt. Choosing starts by the disagreement of value estimates
is from ZACL (submitted to ICLR 2023), doing so in self-play over visited states from SACL (AAAI 2024); keeping the
highest, with decay, from PufferLib 5. Every world starts from a true start, and evaluation never sees these states.
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
"""States kept of each such tick."""
_DECAY = 0.9
"""What a priority falls to at most when a state is played on."""
_UNIFORM = 1 / 3
"""Share of the draws that do not look at priorities."""
_LEAST_WEIGHT = 1e-3
"""Of a state about which the critics made no error."""


class Cut(NamedTuple):
    """Worlds in which one piece of an episode ends and another begins."""

    tick: int
    """The new piece's first tick; the old one ends before it."""
    worlds: slice
    """Of all worlds."""
    global_state: np.ndarray
    """float32 [world, S]: what the critic was told of the states that were left."""


class Drawn(NamedTuple):
    """States out of an archive."""

    places: np.ndarray
    """int [n]: where they are kept."""
    layout: Layout
    state: State


class Archive:
    """Visited states of one tick with their priorities; the lowest make way."""

    def __init__(self, slots: Slots) -> None:
        self.layout, self.state = empty_layout(_KEPT, slots), empty_state(_KEPT, slots)
        self.errors = np.zeros(_KEPT, np.float32)
        """The priorities; 0 where nothing is kept yet."""
        self.count = 0
        """States kept."""

    def add(self, layout: Layout, state: State, priorities: np.ndarray) -> None:
        """Takes in those states (first axis) that are among the highest, of these and of those that are kept."""
        free = np.arange(self.count, min(self.count + len(priorities), _KEPT))
        self.count += len(free)
        new = np.argsort(-priorities, kind="stable")
        old = np.argsort(self.errors[: self.count - len(free)], kind="stable")
        worse = old[: max(len(new) - len(free), 0)]
        rivals = new[len(free) : len(free) + len(worse)]
        better = priorities[rivals] > self.errors[worse]
        places, chosen = np.concatenate([free, worse[better]]), np.concatenate([new[: len(free)], rivals[better]])
        put(self.layout, places, take(layout, chosen))
        put(self.state, places, take(state, chosen))
        self.errors[places] = priorities[chosen]

    def draw(self, number: int, power: float, random: np.random.Generator) -> Drawn:
        """So many states, most by their priority to the given power (0 is uniformly); there must be one."""
        weights = (self.errors[: self.count].astype(float) + _LEAST_WEIGHT) ** power
        shares = (1 - _UNIFORM) * weights / weights.sum() + _UNIFORM / len(weights)
        places = random.choice(len(weights), number, p=shares)
        return Drawn(places, take(self.layout, places), take(self.state, places))

    def refresh(self, places: np.ndarray, priorities: np.ndarray) -> None:
        """States were played on, which gave them new priorities."""
        self.errors[places] = np.maximum(priorities, _DECAY * self.errors[places])

    def tensors(self) -> dict[str, Tensor]:
        """Everything, by the names that checkpoints have always had."""
        arrays = {f"layout.{stored_name(name)}": field for name, field in self.layout._asdict().items()}
        arrays |= {f"state.{stored_name(name)}": field for name, field in self.state._asdict().items()}
        arrays |= {"errors": self.errors, "count": np.array(self.count)}
        return {name: torch.from_numpy(array.copy()) for name, array in arrays.items()}

    def restore(self, tensors: Mapping[str, Tensor]) -> None:
        """Puts back what `tensors` gave. Raises KeyError or ValueError for anything else."""
        own = self.tensors()
        if any(tensors[name].shape != tensor.shape for name, tensor in own.items()):
            raise ValueError("an archive of visited states has another shape")
        for part, fields in (("layout", self.layout), ("state", self.state)):
            for name, field in fields._asdict().items():
                field[...] = tensors[f"{part}.{stored_name(name)}"].numpy()
        self.errors[...] = tensors["errors"].numpy()
        self.count = min(int(tensors["count"]), _KEPT)  # older versions counted on


class VisitedStates:
    """Which worlds change to which visited states, rollout by rollout: `begin`, `resume` at every tick, `learn`."""

    def __init__(self, visited: slice, source: slice, ticks: int, power: float, slots: Slots) -> None:
        """Worlds `visited` change states; those of `source`, in which both sides are the latest, provide them."""
        self.source = source
        self.stretch = max(ticks // _PARTS, 1)
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
        self.drawn: dict[int, np.ndarray] = {}

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
        self.drawn[tick] = drawn.places
        game.restore(drawn.layout, drawn.state, worlds=np.arange(worlds.start, worlds.stop))
        return worlds

    def learn(self, errors: np.ndarray) -> None:
        """Stores the states that were met; `errors` float [tick, world of `source`] are the critics' about them."""
        for tick, (layout, state) in self.met.items():
            priorities = errors[tick : tick + self.stretch].mean(axis=0)
            met = np.arange(len(priorities))
            if tick in self.drawn:
                first = self.groups[tick].start - self.source.start
                resumed = slice(first, first + len(self.drawn[tick]))
                self.archives[tick].refresh(self.drawn[tick], priorities[resumed])
                met = np.delete(met, resumed)  # what was met there was left, and nobody knows what it was worth
            self.archives[tick].add(take(layout, met), take(state, met), priorities[met])

    def tensors(self) -> dict[str, Tensor]:
        """All archives, by name."""
        return {f"{tick}/{name}": t for tick, archive in self.archives.items() for name, t in archive.tensors().items()}

    def restore(self, tensors: Mapping[str, Mapping[str, Tensor]]) -> None:
        """Puts the archives back, by tick and name. Raises KeyError or ValueError for anything else."""
        for tick, archive in self.archives.items():
            archive.restore(tensors[str(tick)])
