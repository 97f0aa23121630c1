"""The mirror: what a world teaches holds in its mirror image as well.

A quadrant mirrored in the floor's diagonal x + y = floor_m is a quadrant again, as likely as the first, and the
rules know no left and right: mirrored actions lead to the mirrored future. So a sample may be learnt from as it was
seen or as its image, with the probability it had: the image is what a mirrored team would have seen and done. It is the
duplicated-tuples way of Abdolhosseini et al. 2019 ("On learning symmetric locomotion"). Without it a team may shut
the doors of one wall for an hour before it finds out about the other.

An image changes places and signs of numbers: x becomes -y, y becomes -x, and what turns left turns right.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from sim.global_state import global_state_tables
from sim.layout import Slots
from sim.observe import Table, observation_tables
from sim.rules import ACTION_SIZES, KEEP_HEADING, MOVES, STILL, TURN_LEFT, TURN_RIGHT


class _Columns(NamedTuple):
    """How the columns of a table change; those not named stay."""

    swapped: tuple[int, ...] = ()
    """First of two neighbours that change places and signs: positions, velocities, directions."""
    exchanged: tuple[int, ...] = ()
    """First of two neighbours that change places: extents."""
    turned: tuple[int, ...] = ()
    """Change their sign: spins, bearings' sines, the sine of a square box's folded angle."""


_OBSERVED = {
    "self": _Columns(swapped=(0, 2, 4), turned=(6,)),
    "agents": _Columns(swapped=(0, 2, 4), turned=(10,)),
    "boxes": _Columns(swapped=(0, 4), turned=(3, 6, 13)),
    "ramps": _Columns(swapped=(0, 2, 4), turned=(6, 13)),
    "doors": _Columns(swapped=(0,), exchanged=(2,), turned=(5,)),
    "food": _Columns(swapped=(0,), turned=(4,)),
}
_OVERLOOKED = {
    "agents": _Columns(swapped=(0, 2, 4), turned=(6,)),
    "boxes": _Columns(swapped=(0, 4), turned=(3, 6)),
    "ramps": _Columns(swapped=(0, 2, 4), turned=(6,)),
    "doors": _Columns(swapped=(0,), exchanged=(2,)),
    "food": _Columns(swapped=(0,)),
}


class Image(NamedTuple):
    """Where each number of a row comes from, and its sign there."""

    order: Tensor
    """int64 [F]"""
    sign: Tensor
    """float32 [F]"""

    def of(self, rows: Tensor) -> Tensor:
        """The image of float32 [..., F]; its image is the original."""
        return rows.index_select(-1, self.order).mul_(self.sign)

    def halfway(self, mean: Tensor, variance: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and variance, float64 [F], of samples and their images together, given those of the samples."""
        mean_there, variance_there = mean[self.order] * self.sign, variance[self.order]
        return (mean + mean_there) / 2, (variance + variance_there) / 2 + ((mean - mean_there) / 2).square()


class Mirror(NamedTuple):
    """The images of everything a learner is told."""

    observation: Image
    global_state: Image
    choices: tuple[Tensor, ...]
    """int64 [choice] for each part of an action: what a choice becomes."""

    def actions(self, actions: Tensor) -> Tensor:
        """The image of int64 [..., 3]."""
        return torch.stack([new[old] for new, old in zip(self.choices, actions.unbind(-1), strict=True)], -1)


def mirror_of(slots: Slots, mirrored_doors: Sequence[int] | None, device: torch.device) -> Mirror | None:
    """The mirror of a scenario's worlds, given its `mirrored_doors`; None where it has none."""
    if mirrored_doors is None:
        return None
    seen = observation_tables(slots)
    observation = _image(seen, _OBSERVED, mirrored_doors)
    lidar = seen["lidar"]
    ray = np.arange(lidar.rows)
    observation[0][lidar.start : lidar.stop] = lidar.start + (3 * lidar.rows // 4 - ray) % lidar.rows
    global_state = _image(global_state_tables(slots), _OVERLOOKED, mirrored_doors)
    choices = tuple(torch.tensor(choices, device=device) for choices in _choices())
    return Mirror(_on(device, *observation), _on(device, *global_state), choices)


def _on(device: torch.device, order: np.ndarray, sign: np.ndarray) -> Image:
    return Image(torch.from_numpy(order).to(device), torch.from_numpy(sign).to(device))


def _choices() -> tuple[list[int], list[int], list[int]]:
    """Compass directions at an angle a become those at 270 degrees - a, left becomes right, hands stay."""
    compass = MOVES - 1
    moves = [STILL] + [1 + (3 * compass // 4 - k) % compass for k in range(compass)]
    return moves, [KEEP_HEADING, TURN_RIGHT, TURN_LEFT], list(range(ACTION_SIZES[2]))


def _image(
    tables: dict[str, Table], changes: dict[str, _Columns], mirrored_doors: Sequence[int]
) -> tuple[np.ndarray, np.ndarray]:
    """Order and sign of all numbers in these tables."""
    size = list(tables.values())[-1].stop
    order, sign = np.arange(size), np.ones(size, np.float32)
    for name, table in tables.items():
        places = order[table.start : table.stop].reshape(table.rows, table.width).copy()
        if name in ("doors", "doors_exist"):
            places = places[list(mirrored_doors)]
        columns = changes.get(name, _Columns())
        for first in (*columns.swapped, *columns.exchanged):
            places[:, [first, first + 1]] = places[:, [first + 1, first]]
        signs = sign[table.start : table.stop].reshape(table.rows, table.width)
        signs[:, [*columns.turned, *columns.swapped, *(first + 1 for first in columns.swapped)]] = -1
        order[table.start : table.stop] = places.ravel()
    return order, sign
