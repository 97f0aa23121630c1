"""Hiders that are told which goals to meet in an episode: an actor with one more number for each goal.

A told actor takes the flat observation, then LOUD for each goal to meet and 0 for each other. Its file holds all of
that. A player tells it once: what is told goes into the bias of its first layer, and an ordinary actor is left.
"""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from policies.agents.goal_sets import goal_names
from policies.agents.normaliser import Normaliser
from sim.errors import UserError

FIRST_LAYER = {"mlp": "body.0", "recurrent": "encode.0"}
"""The kinds of actors that can be told goals, each with its layer that reads the observation."""
MOST_GOALS = 8
LOUD = 5.0
"""What a goal to meet is told as: the most that a normaliser lets through. A 1 among a hundred other numbers was not
heard in 2 million agent-steps (policies/LOG.md)."""
_NORMALISER = "normaliser."


def goal_bits(sets: Sequence[str], told: str) -> Tensor:
    """float32 [goal]: what an actor taught these sets is told. Raises UserError if it was not taught such a goal."""
    known, names = goal_names(sets), told.split(",")
    for name in names:
        if name not in known:
            raise UserError(f"goal '{name}' was not taught to this team; choose from {', '.join(known)}")
    return LOUD * torch.tensor([float(name in names) for name in known])


def with_goals(tensors: Mapping[str, Tensor], kind: str, goals: int) -> dict[str, Tensor]:
    """An ordinary actor's tensors as those of one that is told so many goals, and does the same whatever it is told."""
    weight, mean = f"{FIRST_LAYER[kind]}.weight", tensors[f"{_NORMALISER}mean"]
    columns = tensors[weight].new_zeros((len(tensors[weight]), goals))
    return {
        **tensors,
        weight: torch.cat([tensors[weight], columns], 1),
        f"{_NORMALISER}mean": torch.cat([mean, mean.new_zeros(goals)]),
        f"{_NORMALISER}variance": torch.cat([tensors[f"{_NORMALISER}variance"], mean.new_ones(goals)]),
    }


def told(tensors: Mapping[str, Tensor], kind: str, bits: Tensor) -> dict[str, Tensor]:
    """A told actor's tensors as those of an ordinary one that always hears these float32 [goal]."""
    layer, own = FIRST_LAYER[kind], slice(None, -len(bits))
    weight, normaliser = tensors[f"{layer}.weight"], Normaliser(len(bits))
    moments = {name: tensors[f"{_NORMALISER}{name}"] for name in ("mean", "variance")}
    normaliser.load_state_dict(
        {**{name: moment[-len(bits) :] for name, moment in moments.items()}, "count": tensors[f"{_NORMALISER}count"]}
    )
    return {
        **tensors,
        f"{layer}.weight": weight[:, own].contiguous(),
        f"{layer}.bias": tensors[f"{layer}.bias"] + weight[:, -len(bits) :] @ normaliser(bits),
        **{f"{_NORMALISER}{name}": moment[own].clone() for name, moment in moments.items()},
    }
