"""The two files of a team's folder, checked as they are read.

TEAM/team.json              scenario, observation version, slots, network, what trained it
TEAM/weights.safetensors    tensors named hiders.actor.*, hiders.critic.*, seekers.actor.*, seekers.critic.*

A team may come from a stranger: nothing is unpickled, and sizes are bounded.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from policies.agents.folders import read_json
from policies.agents.goal_conditioning import FIRST_LAYER, MOST_GOALS
from policies.agents.goal_sets import goal_names
from policies.agents.network_kinds import MOST_LAYERS, MOST_WIDTH, NETWORKS
from replays.format.header import slots_from_json, slots_to_json
from sim.errors import UserError
from sim.layout import Slots
from sim.rules import HIDERS, SEEKERS, SIDES
from sim.schema import OBSERVATION_VERSION
from sim.tools import TOOLS

TEAM_FORMAT = 1
"""Raised when older team folders can no longer be read."""

_MOST_WEIGHT_BYTES = 2**30
_MOST_SLOTS = 64
_LEAST_SCALE, _MOST_SCALE = 1e-6, 1e6


@dataclass(frozen=True)
class TeamMetadata:
    """What `team.json` says."""

    scenario: str
    """Text of the scenario it was trained in."""
    slots: Slots
    """How many entities its observation has room for."""
    network: str
    """Kind of its actor, one of `policies.agents.network_kinds.NETWORKS`."""
    hidden: tuple[int, ...]
    """Widths of the hidden layers."""
    reward_scale: float
    """What the game's reward was multiplied by; the critic predicts in that unit."""
    trained: dict[str, Any]
    """agent_steps, seed, and what else describes the training."""
    goal_sets: tuple[str, ...] = ()
    """Sets of goals, one of which conditions the hiders in every episode; mostly none. In the file: `told`."""

    @property
    def without(self) -> tuple[str, ...]:
        """Tools that both sides were trained without, see `sim.tools.TOOLS`."""
        return tuple(self.trained.get("without", ()))

    def expects_game_reward(self, side: int) -> bool:
        """Whether that side's critic learnt the game's reward in worlds like this one.

        Hiders that were taught a reward model have one of that reward, and fresh ones may have none.
        """
        tuning = self.trained.get("tuning") or {}
        taught = side == HIDERS and (tuning.get("method") == "reward-model" or tuning.get("fresh"))
        return not taught and SIDES[side] not in self.trained.get("foreign_critics", ())

    def goal_sets_of(self, side: int) -> tuple[str, ...]:
        """The sets, one of which conditions that side."""
        return self.goal_sets if side == HIDERS else ()


def write_metadata(folder: Path, metadata: TeamMetadata, sides: list[int]) -> None:
    """Writes `team.json` for the sides that a folder holds."""
    content = {
        "format": TEAM_FORMAT,
        "observation_version": OBSERVATION_VERSION,
        "sides": [SIDES[side] for side in sides],
        "scenario": metadata.scenario,
        "slots": slots_to_json(metadata.slots),
        "network": {"kind": metadata.network, "hidden": list(metadata.hidden)},
        "reward_scale": metadata.reward_scale,
        "trained": metadata.trained,
        **({"told": metadata.goal_sets} if metadata.goal_sets else {}),
    }
    (folder / "team.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def write_weights(folder: Path, tensors: dict[str, Tensor]) -> None:
    """Writes the weights. Raises OSError if that fails."""
    path = _weights(folder)
    try:
        save_file(tensors, path)
    except SafetensorError as error:
        raise OSError(None, str(error), str(path)) from error


def read_metadata(folder: Path) -> tuple[TeamMetadata, list[int]]:
    """What `team.json` says, and the sides that the folder holds. Raises UserError if it is not a team's folder."""
    path = folder / "team.json"
    try:
        content = read_json(path, TEAM_FORMAT)
    except FileNotFoundError:
        raise UserError(f"{path} does not exist; give a folder that hideseek train made") from None
    if content.get("observation_version") != OBSERVATION_VERSION:
        raise UserError(
            f"{path} was trained on observations of version {content.get('observation_version')}, "
            f"this game has version {OBSERVATION_VERSION}; train it anew"
        )
    try:
        return _parse(content), [side for side, name in enumerate(SIDES) if name in content["sides"]]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UserError(f"{path} is not a valid team card ({error}); choose another team") from None


def _parse(content: dict[str, Any]) -> TeamMetadata:
    """Checks and converts a file's content. Raises KeyError, TypeError or ValueError where it is wrong."""
    network, slots, scale = content["network"], slots_from_json(content["slots"]), content["reward_scale"]
    hidden = tuple(network["hidden"])
    counts_fit = all(type(count) is int and 0 <= count <= _MOST_SLOTS for count in slots)
    widths_fit = all(type(width) is int and 1 <= width <= MOST_WIDTH for width in hidden)
    seekers_fit = slots.seekers or SIDES[SEEKERS] not in content["sides"]
    if not (counts_fit and widths_fit and 1 <= len(hidden) <= MOST_LAYERS and slots.hiders and seekers_fit):
        raise ValueError("sizes out of range")
    if network["kind"] not in NETWORKS:
        raise ValueError("unknown network")
    if not (isinstance(scale, int | float) and _LEAST_SCALE <= scale <= _MOST_SCALE):
        raise ValueError("reward_scale out of range")
    if not (isinstance(content["sides"], list) and isinstance(content["trained"], dict)):
        raise ValueError("wrong types")
    _check_trained(content["trained"])
    goal_sets = content.get("told", [])
    if not (isinstance(goal_sets, list) and all(isinstance(one, str) for one in goal_sets)):
        raise ValueError("goals of a wrong type")
    if len(goal_names(goal_sets)) > MOST_GOALS:
        raise ValueError("too many goals")
    if goal_sets and network["kind"] not in FIRST_LAYER:
        raise ValueError("a network that cannot be conditioned on goals")
    return TeamMetadata(
        str(content["scenario"]), slots, network["kind"], hidden, float(scale), content["trained"], tuple(goal_sets)
    )


def _check_trained(trained: dict[str, Any]) -> None:
    """Checks what `TeamMetadata` reads of it. Raises ValueError where it is wrong."""
    for name, known in (("without", TOOLS), ("foreign_critics", SIDES)):
        found = trained.get(name, [])
        if not (isinstance(found, list) and all(one in known for one in found)):
            raise ValueError(f"{name} of a wrong kind")
    if not isinstance(trained.get("tuning") or {}, dict):
        raise ValueError("tuning of a wrong type")


def read_weights(folder: Path, prefix: str, expected: dict[str, Tensor]) -> dict[str, Tensor]:
    """The tensors under a prefix, without it.

    Raises:
        UserError: they are not exactly the expected ones in name, type and shape, or not finite.
    """
    path = _weights(folder)
    try:
        if path.stat().st_size > _MOST_WEIGHT_BYTES:
            raise UserError(f"{path} is too large for a team's weights; choose another team")
        with safe_open(path, framework="pt") as file:
            found = {name.removeprefix(prefix) for name in file.keys() if name.startswith(prefix)}  # noqa: SIM118
            if found != expected.keys():
                raise ValueError(f"other tensors than expected under '{prefix}'")
            for name, tensor in expected.items():
                if file.get_slice(prefix + name).get_shape() != list(tensor.shape):
                    raise ValueError(f"'{prefix}{name}' is not of shape {list(tensor.shape)}")
            tensors = {name: file.get_tensor(prefix + name) for name in expected}
    except FileNotFoundError:
        raise UserError(f"{path} does not exist; give a folder that hideseek train made") from None
    except (OSError, ValueError, SafetensorError) as error:
        raise UserError(f"{path} is damaged or not a team's weights ({error}); choose another team") from None
    for name, tensor in tensors.items():
        if tensor.dtype != expected[name].dtype or not tensor.isfinite().all():
            raise UserError(f"{path} is damaged: '{prefix}{name}' is not all finite {expected[name].dtype}")
        if name.endswith(("variance", "count")) and (tensor < 0).any():
            raise UserError(f"{path} is damaged: '{prefix}{name}' is negative")
    return tensors


def _weights(folder: Path) -> Path:
    return folder / "weights.safetensors"
