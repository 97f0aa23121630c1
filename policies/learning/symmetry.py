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

from sim.layout import Slots
from sim.rules import ACTION_SIZES, KEEP_HEADING, MOVES, STILL, TURN_LEFT, TURN_RIGHT
from sim.schema import GLOBAL_STATE, OBSERVATION, Table, TableSchema, global_state_tables, observation_tables


class Image(NamedTuple):
    """Where each number of a row comes from, and its sign there."""

    order: Tensor
    """int64 [F]"""
    sign: Tensor
    """float32 [F]"""

    def of(self, rows: Tensor) -> Tensor:
        """The image of float32 [..., F]; its image is the original."""
        return rows.index_select(-1, self.order).mul_(self.sign)

    def pooled_moments(self, mean: Tensor, variance: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and variance float64 [F] of samples and their images together, from those of the samples."""
        mean_there, variance_there = mean[self.order] * self.sign, variance[self.order]
        return (mean + mean_there) / 2, (variance + variance_there) / 2 + ((mean - mean_there) / 2).square()


class Mirror(NamedTuple):
    """The images of everything a learner observes."""

    observation: Image
    global_state: Image
    choices: tuple[Tensor, ...]
    """int64 [choice] for each part of an action: what a choice becomes."""

    def actions(self, actions: Tensor) -> Tensor:
        """The image of int64 [..., 3]."""
        return torch.stack([new[old] for new, old in zip(self.choices, actions.unbind(-1), strict=True)], -1)


def mirror_of(
    slots: Slots, mirrored_doors: Sequence[int] | None, device: torch.device, goals: int = 0
) -> Mirror | None:
    """The mirror of a scenario's worlds, given its `mirrored_doors`; None where it has none.

    After an observation may stand `goals` numbers that stay as they are: the goals of the agent.
    """
    if mirrored_doors is None:
        return None
    order, sign = _image(observation_tables(slots), OBSERVATION, mirrored_doors)
    observation = np.append(order, len(order) + np.arange(goals)), np.append(sign, np.ones(goals, np.float32))
    global_state = _image(global_state_tables(slots), GLOBAL_STATE, mirrored_doors)
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
    tables: dict[str, Table], schema: dict[str, TableSchema], mirrored_doors: Sequence[int]
) -> tuple[np.ndarray, np.ndarray]:
    """Order and sign of all numbers in these tables."""
    size = list(tables.values())[-1].stop
    order, sign = np.arange(size), np.ones(size, np.float32)
    for name, kind in schema.items():
        rows = _mirrored_rows(kind, tables[name].rows, mirrored_doors)
        columns, signs = _mirrored_columns(kind, tables[name].width)
        numbers = slice(tables[name].start, tables[name].stop)
        places = order[numbers].reshape(tables[name].rows, tables[name].width)
        order[numbers] = places[rows][:, columns].ravel()
        sign[numbers] = np.tile(signs, tables[name].rows)
        for mask in kind.masks:
            order[tables[mask].start : tables[mask].stop] = tables[mask].start + rows
    return order, sign


def _mirrored_rows(kind: TableSchema, rows: int, mirrored_doors: Sequence[int]) -> np.ndarray:
    """int64 [row]: the row that comes to each row's place."""
    if kind.mirrored_rows == "doors":
        return np.array(mirrored_doors, np.int64)
    if kind.mirrored_rows == "rays":
        return (3 * rows // 4 - np.arange(rows)) % rows
    return np.arange(rows)


def _mirrored_columns(kind: TableSchema, width: int) -> tuple[np.ndarray, np.ndarray]:
    """int64 [column]: the column that comes to each column's place; float32 [column]: its sign there."""
    names = [column.name for column in kind.columns]
    order, sign = np.arange(width), np.ones(width, np.float32)
    for place, column in enumerate(kind.columns):
        if column.mirror:
            order[place] = names.index(column.mirror.removeprefix("-"))
            sign[place] = -1 if column.mirror.startswith("-") else 1
    return order, sign
