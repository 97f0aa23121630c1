"""Direct preference optimisation: a policy learns from labels without a reward model and without playing.

The score of a clip is BETA times the log probability ratio of the hiders' actions in it, policy to reference, summed
over hiders and ticks; the score of a group is the mean over its clips. The probability that the left side is preferred
is a logistic function of the difference of scores, as in a reward model, and the policy maximises the likelihood of the
answers (Rafailov et al. 2023, for answers of language models; Hejna et al. 2024 for control). One label in ten is taken
to be given at random.

A network with a memory begins every clip with an empty one.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from policies.agents.action_distribution import score
from policies.agents.networks import Actor
from policies.preferences.clips import SegmentComparison
from policies.preferences.reward_model import HELD_OUT, NOISE, Fit, fit_of

BETA = 0.1
"""The larger it is, the nearer the policy stays to the reference for the same probability of an answer."""
_LEARNING_RATE = 1e-4
_BATCH = 16
"""Pairs in one gradient step."""


def split(pairs: Sequence[SegmentComparison], seed: int) -> tuple[list[SegmentComparison], list[SegmentComparison]]:
    """The pairs to learn from, and those held out to measure accuracy."""
    order = np.random.default_rng(seed).permutation(len(pairs))
    held = round(len(pairs) * HELD_OUT)
    return [pairs[row] for row in order[held:]], [pairs[row] for row in order[:held]]


def learn_preferences(
    actor: Actor,
    reference: Actor,
    pairs: Sequence[SegmentComparison],
    agent_steps: int,
    seed: int,
    on_pass: Callable[[int], None] = lambda done: None,
) -> int:
    """Trains the actor in passes over all pairs until it has processed `agent_steps` agent-steps or more.

    An agent-step of a clip counts each time that it is processed. `on_pass` gets the number processed so far after each
    pass; what has been learnt by then does not depend on `agent_steps`.

    Returns:
        How many agent-steps were processed.

    Raises:
        ValueError: there are no pairs.
    """
    if not pairs:
        raise ValueError("direct preference optimisation needs pairs")
    by_reference = _log_probabilities(reference, pairs)
    optimiser = torch.optim.Adam(actor.parameters(), lr=_LEARNING_RATE, eps=1e-5)
    random, done = np.random.default_rng(seed), 0
    while done < agent_steps:
        for rows in np.array_split(random.permutation(len(pairs)), -(-len(pairs) // _BATCH)):
            chosen = [pairs[row] for row in rows]
            wanted = torch.tensor([preferred for *_, preferred in chosen])
            gap = _gap(actor, chosen, by_reference[:, torch.from_numpy(rows)])
            loss = binary_cross_entropy_with_logits(gap, NOISE / 2 + (1 - NOISE) * wanted)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            done += sum(segment.actions[..., 0].size for left, right, _ in chosen for segment in left + right)
        on_pass(done)
    return done


@torch.no_grad()
def fit(actor: Actor, reference: Actor, pairs: Sequence[SegmentComparison]) -> Fit:
    """How well the policy's scores agree with the answers."""
    gap = _gap(actor, pairs, _log_probabilities(reference, pairs))
    return fit_of(torch.sigmoid(gap).numpy(), np.array([preferred for *_, preferred in pairs], np.float32))


def _gap(actor: Actor, pairs: Sequence[SegmentComparison], by_reference: Tensor) -> Tensor:
    """float32 [N]: score of the left side less that of the right one.

    `by_reference` float32 [2, N] are the reference's log probabilities of both sides.
    """
    scores = BETA * (torch.stack([_log_probability(actor, pairs, side) for side in (0, 1)]) - by_reference)
    return scores[0] - scores[1]


@torch.no_grad()
def _log_probabilities(actor: Actor, pairs: Sequence[SegmentComparison]) -> Tensor:
    """float32 [2, N]: `_log_probability` of the left sides and of the right ones."""
    return torch.stack([_log_probability(actor, pairs, side) for side in (0, 1)])


def _log_probability(actor: Actor, pairs: Sequence[SegmentComparison], side: int) -> Tensor:
    """float32 [N]: log probability of all actions in a clip, the mean over the clips of one side (0 is left)."""
    groups = [(left, right)[side] for left, right, _ in pairs]
    clips = [segment for group in groups for segment in group]
    longest = max(len(clip.actions) for clip in clips)
    observations, actions = (_padded([part[field] for part in clips], longest) for field in (0, 1))
    episode_starts = torch.zeros(observations.shape[:2], dtype=torch.bool)
    episode_starts[0] = True
    logits = actor.forward_sequence(actor.prepare(observations), episode_starts)
    log_probability, _ = score(logits, actions.long())
    ticks = torch.tensor([len(clip.actions) for clip in clips])
    played = torch.arange(longest)[:, None] < ticks
    exist = torch.from_numpy(np.stack([clip.exist for clip in clips]))
    parts = ((log_probability * exist).sum(-1) * played).sum(0).split([len(group) for group in groups])
    return torch.stack([part.mean() for part in parts])


def _padded(parts: Sequence[np.ndarray], length: int) -> Tensor:
    """[length, N, ...] of arrays [T, ...], with zeros after their ends."""
    whole = np.zeros((length, len(parts), *parts[0].shape[1:]), parts[0].dtype)
    for number, part in enumerate(parts):
        whole[: len(part), number] = part
    return torch.from_numpy(whole)
