"""Goal-conditioned hiders: an actor with one more input for each goal that it may be asked to meet in an episode.

A goal-conditioned actor takes the flat observation, then LOUD for each goal to meet and 0 for each other.
Its file holds all of that. A player folds its goals into the bias of the first layer, which leaves an ordinary actor.
"""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from policies.agents.goal_sets import goal_names
from policies.agents.normaliser import Normaliser
from sim.errors import UserError

FIRST_LAYER = {"mlp": "body.0", "recurrent": "encode.0"}
"""The kinds of actors that can be goal-conditioned, each with its layer that reads the observation."""
MOST_GOALS = 8
LOUD = 5.0
"""The input of a goal to meet: the most that a normaliser lets through. A 1 among a hundred other numbers was not
heard in 2 million agent-steps (policies/LOG.md)."""
_NORMALISER = "normaliser."


def goal_input_of(sets: Sequence[str], goals: str) -> Tensor:
    """float32 [goal]: the input of these goals for an actor taught these sets. Raises UserError if one is unknown."""
    known, names = goal_names(sets), goals.split(",")
    for name in names:
        if name not in known:
            raise UserError(f"goal '{name}' was not taught to this team; choose from {', '.join(known)}")
    return LOUD * torch.tensor([float(name in names) for name in known])


def add_goal_input(tensors: Mapping[str, Tensor], kind: str, goals: int) -> dict[str, Tensor]:
    """An ordinary actor's tensors as those of one with this number of goals, which does the same whatever they are."""
    weight, mean = f"{FIRST_LAYER[kind]}.weight", tensors[f"{_NORMALISER}mean"]
    columns = tensors[weight].new_zeros((len(tensors[weight]), goals))
    return {
        **tensors,
        weight: torch.cat([tensors[weight], columns], 1),
        f"{_NORMALISER}mean": torch.cat([mean, mean.new_zeros(goals)]),
        f"{_NORMALISER}variance": torch.cat([tensors[f"{_NORMALISER}variance"], mean.new_ones(goals)]),
    }


def fold_goal_input(tensors: Mapping[str, Tensor], kind: str, bits: Tensor) -> dict[str, Tensor]:
    """Its tensors as those of an ordinary one whose goal input is always `bits`, float32 [goal]."""
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
