"""Samples: what one side's network observed and did in a rollout, as the learner reads it."""

from typing import NamedTuple

import torch
from torch import Tensor


class Samples(NamedTuple):
    """The samples of one side in one rollout; T ticks, W worlds, n agents of the side."""

    inputs: Tensor
    """float32 [T, W, n, F]: prepared observations."""
    actions: Tensor
    """int64 [T, W, n, 3]"""
    log_probs: Tensor
    """float32 [T, W, n]: of the actions, when they were chosen."""
    rewards: Tensor
    """float32 [T, W, n]: the reward of each tick, unscaled."""
    global_state: Tensor
    """float32 [T, W, S]: the critic's observation, raw."""
    moments: Tensor
    """float64 [2, F]: mean and variance of the raw observations, for the actor's normaliser."""
    cuts: tuple["SampleCut", ...] = ()
    """Where pieces of episodes meet."""
    exist: Tensor | None = None
    """bool [T, W, n]: where there is an agent; None where there always is. Nothing is learnt from the rest."""

    @property
    def present(self) -> int:
        """How many of the T * W * n samples are an agent's."""
        return self.rewards.numel() if self.exist is None else int(self.exist.sum())

    def episode_starts(self) -> Tensor:
        """bool [T, W]: the first ticks of episodes and of pieces of them, where memories are empty."""
        ticks, worlds, _ = self.rewards.shape
        starts = torch.zeros((ticks, worlds), dtype=torch.bool, device=self.rewards.device)
        starts[0] = True
        for cut in self.cuts:
            starts[cut.row, cut.worlds] = True
        return starts


class SampleCut(NamedTuple):
    """A `policies.learning.visited_states.Cut` in terms of one side's samples."""

    row: int
    """The new piece begins in this row of the samples; the old one ended in the row before."""
    worlds: slice
    """Of the samples' worlds."""
    global_state: Tensor
    """float32 [n, S]: the global states in which the old pieces ended."""
