"""A side that has lost for long starts over: new networks, which try things out again, against opponents that stay.

Seekers who have learnt to chase stand before a shut door and look at it: they are seldom surprised, and no longer do
what new seekers do by chance, such as going up a ramp. New networks learn that in a few million agent-steps
(policies/LOG.md). It changes who learns, never what is paid. League exploiters start over like that (Vinyals et al.
2019); Nikishin et al. (2022) put new networks in the place of those that early experience has spoilt. Past selves stay
in the pool, so opponents do not forget how to play them.
"""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from sim.rules import HIDERS, SEEKERS

_MEMORY = 0.95
"""Weight of the old value in the running mean of the share of play that a side wins, per update."""
_UNDECIDED = 0.5


class Restarts:
    """Which side is to start over, and when it last did."""

    def __init__(self, sides: Sequence[int], below: float, interval: int) -> None:
        """One of `sides` starts over when it wins less than `below` of the play, `interval` agent-steps after the last
        time.
        """
        self.sides, self.below, self.interval = sides, below, interval
        self.won = [_UNDECIDED, _UNDECIDED]
        self.last = [0, 0]
        self.count = [0, 0]

    def record(self, hidden: float) -> None:
        """Takes in the fraction of an update's play in which hiders were hidden."""
        for side, won in ((HIDERS, hidden), (SEEKERS, 1.0 - hidden)):
            self.won[side] = _MEMORY * self.won[side] + (1.0 - _MEMORY) * won

    def losers(self, agent_steps: int) -> list[int]:
        """The sides that are to start over now."""
        return [
            side
            for side in self.sides
            if self.won[side] < self.below and agent_steps - self.last[side] >= self.interval
        ]

    def due(self, agent_steps: int) -> list[int]:
        """Likewise; they are taken to do so."""
        sides = self.losers(agent_steps)
        for side in sides:
            self.won[side], self.last[side] = _UNDECIDED, agent_steps
            self.count[side] += 1
        return sides

    def tensors(self) -> dict[str, Tensor]:
        """Everything, by name."""
        return {
            "won": torch.tensor(self.won, dtype=torch.float64),
            "last": torch.tensor(self.last),
            "count": torch.tensor(self.count),
        }

    def restore(self, tensors: Mapping[str, Tensor]) -> None:
        """Puts back what `tensors` gave; nothing, of an older checkpoint, is none so far. Raises KeyError."""
        if tensors:
            self.won, self.last, self.count = (tensors[name].tolist() for name in ("won", "last", "count"))
