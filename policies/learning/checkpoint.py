"""Saving everything that changes while a run goes on, and restoring it: a checkpoint folder.

It holds team/ (the networks) and a file of tensors: moments of the optimisers, past opponents, visited states, regrets.
"""

from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from policies.agents.team import load_goal_conditioned, save
from policies.learning.run_folder import STATE
from policies.learning.trainer import Trainer
from sim.errors import UserError
from sim.rules import SIDES

_MOST_STATE_BYTES = 2**31
_DAMAGED = (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, SafetensorError, UserError)
"""What is raised by a checkpoint whose tensors are missing, or have other names, types or shapes."""


def save_checkpoint(trainer: Trainer, folder: Path) -> None:
    """Fills a checkpoint folder: team/ and trainer.safetensors. Raises OSError if it cannot."""
    save(folder / "team", trainer.teams())
    tensors: dict[str, Tensor] = {}
    play = trainer.self_play
    for side, learner, pool in zip(SIDES, trainer.learners, play.league.pools, strict=False):
        for name, optimiser in learner.optimisers().items():
            for index, state in optimiser.state_dict()["state"].items():
                tensors |= {f"{side}/{name}/{index}/{key}": value.cpu() for key, value in state.items()}
        for member, weights in pool.state().items():
            tensors |= {f"{side}/pool/{member}/{key}": value for key, value in weights.items()}
    tensors |= {f"restarts/{name}": tensor for name, tensor in trainer.restarts.tensors().items()}
    tensors |= {f"regret/{name}": tensor for name, tensor in play.regret_shifts.tensors().items()}
    tensors |= {f"starts/{name}": tensor for name, tensor in play.visited_states.tensors().items()}
    try:
        save_file(tensors, folder / STATE, metadata={"updates": str(trainer.updates)})
    except SafetensorError as error:
        raise OSError(None, str(error), str(folder / STATE)) from error


def restore_checkpoint(trainer: Trainer, folder: Path) -> None:
    """Puts a trainer of the same config and scenario where the one was that saved this folder.

    Raises:
        UserError: the checkpoint is damaged; what to do about it is for the caller to say.
    """
    play, trainer.ahead = trainer.self_play, None
    try:
        if (folder / STATE).stat().st_size > _MOST_STATE_BYTES:
            raise ValueError("it is too large")
        with safe_open(folder / STATE, framework="pt") as file:
            trainer.updates = int(file.metadata()["updates"])
            tensors = _nested({name: file.get_tensor(name) for name in file.keys()})  # noqa: SIM118
        for side, learner in enumerate(trainer.learners):
            team = load_goal_conditioned(folder / "team", side, trainer.scenario)
            learner.actor.load_state_dict(team.actor.state_dict())
            learner.critic.load_state_dict(team.critic.state_dict())
            if side in trainer.learning:
                learner.restore(tensors[SIDES[side]])
            play.league.pools[side].restore(tensors[SIDES[side]]["pool"], learner.actor)
        trainer.restarts.restore(tensors.get("restarts", {}))
        play.regret_shifts.restore(tensors.get("regret", {}))
        play.visited_states.restore(tensors.get("starts", {}))
    except _DAMAGED as error:
        why, _, _ = str(error).partition(";")
        raise UserError(f"{folder} is damaged ({why})") from None


def _nested(tensors: dict[str, Tensor]) -> dict[str, Any]:
    """Turns names with slashes into dictionaries of dictionaries."""
    nested: dict[str, Any] = {}
    for name, tensor in tensors.items():
        *path, last = name.split("/")
        inner = nested
        for part in path:
            inner = inner.setdefault(part, {})
        inner[last] = tensor
    return nested
