"""Generalised advantage estimation (Schulman et al. 2016) over episodes that may consist of several pieces."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor


class Boundary(NamedTuple):
    """Worlds in which a piece of an episode was left before its end."""

    row: int
    """The first row after it."""
    worlds: slice
    values: Tensor
    """[n, ...]: the critic's values of the states in which it was left."""


def generalised_advantages(
    rewards: Tensor, values: Tensor, gamma: float, lam: float, boundaries: Sequence[Boundary] = ()
) -> Tensor:
    """Generalised advantage estimates (Schulman et al. 2016), [T, W, ...] like `rewards` and `values`.

    Nothing is bootstrapped after the last tick: its next value is 0. The episode is cut there, but the cut is
    part of the task: it comes at a fixed tick, agents and critic observe the time, and no reward exists
    beyond it. So the return of a finite horizon is the true objective. (Bootstrapping is for time limits
    that the agents cannot know of and that hide rewards which would have come.) At a boundary rewards would
    have come: what was expected there takes their place.
    """
    estimates = torch.empty_like(rewards)
    running = torch.zeros_like(rewards[0])
    next_value = torch.zeros_like(rewards[0])
    for tick in reversed(range(len(rewards))):
        for boundary in boundaries:
            if boundary.row == tick + 1:
                running[boundary.worlds] = 0.0
                next_value = next_value.clone()
                next_value[boundary.worlds] = boundary.values
        error = rewards[tick] + gamma * next_value - values[tick]
        running = error + gamma * lam * running
        estimates[tick] = running
        next_value = values[tick]
    return estimates
