"""Shifted starts drawn by regret: `hideseek train --shift regret=0.1` shifts a tenth of the starts.

Which of the shifts (`sim.shifts`) a start gets is drawn in proportion to what hiders regret there, so that training
goes where they could do most better, as in prioritised level replay. The aim is the least regret in the worst case: the
one objective that does not misgeneralize at its optimum (Abdel Sadek et al. 2025).

Regret is estimated without an expert, by the positive value loss (Jiang et al. 2021, replay-guided environment design):
how much better the hiders did than their critic expected, 0 where they did worse, averaged over all ticks of a shift's
episodes and over recent updates. A share `_EVEN` of the draws is uniform, so that no shift is forgotten. Only shifts
that suit the world and change nothing but the start are drawn.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress

import numpy as np
import torch
from torch import Tensor

from sim.errors import UserError
from sim.game import Game
from sim.scenario import Scenario
from sim.shifts.shift import Start
from sim.shifts.shifted import Shifted, all_shifts

NAME = "regret"
"""Used on the command line in place of a shift's name."""
_EVEN = 0.1
"""Share of the draws in which all shifts are equally likely."""
_MEMORY = 0.9
"""Weight of a shift's old regret when it is updated by another rollout."""
_NOT_SHIFTED = -1
"""In place of a shift's number where a start was not shifted."""


def regret_share(shifts: Sequence[str]) -> tuple[tuple[str, ...], float | None]:
    """The shifts without `regret=SHARE`, and that share; None if it is not among them.

    Raises:
        UserError: the share is no number, is not given, or is given twice.
    """
    others, share = [], None
    for text in shifts:
        name, _, number = text.partition("=")
        if name != NAME:
            others.append(text)
            continue
        if share is not None:
            raise UserError(f"shift '{NAME}' is named twice")
        try:
            share = float(number)
        except ValueError:
            raise UserError(f"shift '{text}': give {NAME}=SHARE, with a share of episodes such as 0.1") from None
    return tuple(others), share


class RegretShifts:
    """Shifts some of the starts of each rollout: `begin`, `place` after a reset, `learn`."""

    def __init__(self, scenario: Scenario, share: float) -> None:
        """Raises UserError if there is a share, and no shift that could be drawn."""
        self.share = share
        self._world = scenario.world if isinstance(scenario, Shifted) else scenario
        self.names = _suitable(self._world) if share else []
        if share and not self.names:
            raise UserError(f"--shift {NAME}={share} needs a world of hide-and-seek that a shift suits, as quadrant")
        self.regrets = np.full(len(self.names), np.nan)
        """float64 [shift]: NaN before it was drawn."""
        self.begin(np.random.default_rng(0))

    def begin(self, random: np.random.Generator) -> None:
        """A new rollout; what is drawn follows from `random`."""
        self._random = random
        self._drawn = np.zeros(0, int)

    def chances(self) -> np.ndarray:
        """float64 [shift]: how likely each is drawn. One that was not drawn yet counts as the most regretted."""
        known = self.regrets[~np.isnan(self.regrets)]
        weights = np.where(np.isnan(self.regrets), known.max(initial=0.0), self.regrets)
        weights = weights if weights.sum() > 0.0 else np.ones(len(weights))
        return _EVEN / len(weights) + (1.0 - _EVEN) * weights / weights.sum()

    def place(self, game: Game) -> None:
        """Draws a shift for some of the worlds, all of which were just reset, and changes their starts."""
        if not self.share:
            return
        shifted = self._random.random(game.worlds) < self.share
        numbers = self._random.choice(len(self.names), game.worlds, p=self.chances())
        seeds = self._random.integers(0, 2**64, game.worlds, np.uint64)
        self._drawn = np.where(shifted, numbers, _NOT_SHIFTED)
        for number, name in enumerate(self.names):
            worlds = np.flatnonzero(self._drawn == number)
            if len(worlds):
                layout, state = game.snapshot(worlds)
                place = all_shifts()[name].place
                assert place
                place(Start(self._world, seeds[worlds], np.arange(len(worlds)), layout, state))
                game.restore(layout, state, worlds)

    def learn(self, gained: np.ndarray, worlds: slice) -> None:
        """Takes in how much better than expected it went for the hiders, float [tick, world of `worlds`]."""
        found, drawn = gained.mean(axis=0), self._drawn[worlds]
        for number in set(drawn.tolist()) - {_NOT_SHIFTED}:
            now, before = found[drawn == number].mean(), self.regrets[number]
            self.regrets[number] = now if np.isnan(before) else _MEMORY * before + (1.0 - _MEMORY) * now

    def report(self) -> dict[str, dict[str, float]]:
        """For a line of metrics: how likely each shift is drawn next; nothing where none are drawn."""
        return {"shift_chances": dict(zip(self.names, self.chances().tolist(), strict=True))} if self.share else {}

    def tensors(self) -> dict[str, Tensor]:
        """What was found so far, by the names of the shifts."""
        return {name: torch.tensor(regret) for name, regret in zip(self.names, self.regrets, strict=True)}

    def restore(self, tensors: Mapping[str, Tensor]) -> None:
        """Puts back what `tensors` gave; a shift that did not exist then was not drawn yet.

        Raises ValueError or RuntimeError for what is no regret.
        """
        for number, name in enumerate(self.names):
            self.regrets[number] = float(tensors.get(name, torch.tensor(np.nan)))
        if (self.regrets < 0.0).any() or np.isinf(self.regrets).any():
            raise ValueError("a regret is below 0 or infinite")


def _suitable(world: Scenario) -> list[str]:
    """The shifts that place starts in worlds like this, and change nothing else of them."""
    found = []
    for name, shift in all_shifts().items():
        if shift.only_start and not shift.pay:
            with suppress(ValueError):  # it does not suit the world
                Shifted(world, ((name, 1.0),))
                found.append(name)
    return found
