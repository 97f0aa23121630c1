"""Direct preference optimisation: a policy learns from labels without a reward model and without playing.

The score of a clip is how much likelier than the reference the policy makes what the hiders did in it, as a logarithm,
summed over hiders and ticks, times BETA; that of a group is the mean of those of its clips. The left side is preferred
with the probability of a logistic function of the difference, as in a reward model, and the policy maximises the
likelihood of the answers (Rafailov et al. 2023, for answers of language models; Hejna et al. 2024 for control). One
label in ten is taken to be given at random.

A network with a memory begins every clip without one.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from policies.agents.action_distribution import score
from policies.agents.networks import Actor
from policies.preferences.clips import Deed
from policies.preferences.reward_model import HELD_OUT, NOISE, Fit, fit_of

BETA = 0.1
"""The larger, the nearer the policy stays to the reference for the same sureness."""
_RATE = 1e-4
_PAIRS = 16
"""In one gradient step."""

Pair = tuple[tuple[Deed, ...], tuple[Deed, ...], float]
"""The clips of the left, of the right, and how much the left is preferred: 1, 0.5 or 0."""


def split(pairs: Sequence[Pair], seed: int) -> tuple[list[Pair], list[Pair]]:
    """Those that are learnt from, and those that are held out to measure accuracy."""
    order = np.random.default_rng(seed).permutation(len(pairs))
    held = round(len(pairs) * HELD_OUT)
    return [pairs[row] for row in order[held:]], [pairs[row] for row in order[:held]]


def learn_preferences(
    actor: Actor,
    reference: Actor,
    pairs: Sequence[Pair],
    agent_steps: int,
    seed: int,
    on_pass: Callable[[int], None] = lambda done: None,
) -> int:
    """Improves the actor until it has gone through so many agent-steps, each as often as it comes; returns how many.

    `on_pass` gets how many it has gone through, each time that it has seen all pairs. What it has learnt by then does
    not depend on `agent_steps`.

    Raises:
        ValueError: there are no pairs.
    """
    if not pairs:
        raise ValueError("direct preference optimisation needs pairs")
    before = _log_probabilities(reference, pairs)
    optimiser = torch.optim.Adam(actor.parameters(), lr=_RATE, eps=1e-5)
    random, done = np.random.default_rng(seed), 0
    while done < agent_steps:
        for rows in np.array_split(random.permutation(len(pairs)), -(-len(pairs) // _PAIRS)):
            chosen = [pairs[row] for row in rows]
            wanted = torch.tensor([preferred for *_, preferred in chosen])
            gap = _gap(actor, chosen, before[:, torch.from_numpy(rows)])
            loss = binary_cross_entropy_with_logits(gap, NOISE / 2 + (1 - NOISE) * wanted)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            done += sum(deed.actions[..., 0].size for left, right, _ in chosen for deed in left + right)
        on_pass(done)
    return done


@torch.no_grad()
def fit(actor: Actor, reference: Actor, pairs: Sequence[Pair]) -> Fit:
    """How well the policy's scores agree with answers."""
    gap = _gap(actor, pairs, _log_probabilities(reference, pairs))
    return fit_of(torch.sigmoid(gap).numpy(), np.array([preferred for *_, preferred in pairs], np.float32))


def _gap(actor: Actor, pairs: Sequence[Pair], before: Tensor) -> Tensor:
    """float32 [N]: score of the left side less that of the right one; `before` is what the reference gives them."""
    gained = BETA * (torch.stack([_log_probability(actor, pairs, side) for side in (0, 1)]) - before)
    return gained[0] - gained[1]


@torch.no_grad()
def _log_probabilities(actor: Actor, pairs: Sequence[Pair]) -> Tensor:
    """float32 [2, N]: of the left sides and of the right ones."""
    return torch.stack([_log_probability(actor, pairs, side) for side in (0, 1)])


def _log_probability(actor: Actor, pairs: Sequence[Pair], side: int) -> Tensor:
    """float32 [N]: of all that was done on one side (0 is left), the mean over its clips."""
    groups = [(left, right)[side] for left, right, _ in pairs]
    clips = [deed for group in groups for deed in group]
    longest = max(len(clip.actions) for clip in clips)
    observations, actions = (_padded([part[field] for part in clips], longest) for field in (0, 1))
    episode_starts = torch.zeros(observations.shape[:2], dtype=torch.bool)
    episode_starts[0] = True
    logits = actor.forward_sequence(actor.prepare(observations), episode_starts)
    log_probability, _ = score(logits, actions.long())
    ticks = torch.tensor([len(clip.actions) for clip in clips])
    played = torch.arange(longest)[:, None] < ticks
    parts = (log_probability.sum(-1) * played).sum(0).split([len(group) for group in groups])
    return torch.stack([part.mean() for part in parts])


def _padded(parts: Sequence[np.ndarray], length: int) -> Tensor:
    """[length, N, ...] of arrays [T, ...], with zeros after their ends."""
    whole = np.zeros((length, len(parts), *parts[0].shape[1:]), parts[0].dtype)
    for number, part in enumerate(parts):
        whole[: len(part), number] = part
    return torch.from_numpy(whole)
