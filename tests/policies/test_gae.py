"""Generalised advantage estimates, also of episodes in several pieces."""

import numpy as np
import torch

from policies.learning.gae import Boundary, generalised_advantages
from tests.policies.bandits import seeded


def naive_advantages(
    rewards: np.ndarray, values: np.ndarray, gamma: float, lam: float, last: float = 0.0
) -> np.ndarray:
    """The definition: a lambda-weighted mean of n-step returns, written out."""
    ticks = len(rewards)
    after = np.append(values, last)
    result = np.zeros(ticks)
    for t in range(ticks):
        for k in range(t, ticks):
            result[t] += (gamma * lam) ** (k - t) * (rewards[k] + gamma * after[k + 1] - after[k])
    return result


def test_advantages_agree_with_the_definition():
    rewards = torch.randn(17, 3, 2, generator=seeded())
    values = torch.randn(17, 3, 2, generator=seeded(1))
    found = generalised_advantages(rewards, values, 0.97, 0.9)
    for world in range(3):
        for agent in range(2):
            column = np.s_[:, world, agent]
            wanted = naive_advantages(rewards[column].numpy(), values[column].numpy(), 0.97, 0.9)
            np.testing.assert_allclose(found[column], wanted, atol=1e-5)


def test_a_piece_that_was_left_ends_with_what_was_expected_there():
    rewards, values = torch.randn(9, 5, 2, generator=seeded()), torch.randn(9, 5, 2, generator=seeded(1))
    expected = torch.randn(2, 2, generator=seeded(2))
    found = generalised_advantages(rewards, values, 0.97, 0.9, [Boundary(4, slice(1, 3), expected)])
    whole = generalised_advantages(rewards, values, 0.97, 0.9)
    assert torch.equal(found[4:], whole[4:]) and torch.equal(found[:, [0, 3, 4]], whole[:, [0, 3, 4]])
    for world in (1, 2):
        for agent in range(2):
            piece = np.s_[:4, world, agent]
            last = expected[world - 1, agent].item()
            wanted = naive_advantages(rewards[piece].numpy(), values[piece].numpy(), 0.97, 0.9, last)
            np.testing.assert_allclose(found[piece], wanted, atol=1e-5)


def test_with_lambda_one_advantages_are_returns_less_values():
    rewards, values = torch.randn(9, 4, generator=seeded()), torch.randn(9, 4, generator=seeded(1))
    returns = rewards.flip(0).cumsum(0).flip(0)
    torch.testing.assert_close(generalised_advantages(rewards, values, 1.0, 1.0), returns - values)
