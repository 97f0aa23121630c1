"""A trained team as a folder, and how it plays.

    TEAM/team.json              scenario, observation version, slots, network, what trained it
    TEAM/weights.safetensors    tensors named hiders.actor.*, hiders.critic.*, seekers.actor.*, seekers.critic.*

A folder may hold one side or both; a `Team` is one side of it. Files are read as if a stranger had sent them.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from policies.agents.action_distribution import likeliest, sample
from policies.agents.folders import read_json
from policies.agents.networks import ANY_SLOTS, MOST_LAYERS, MOST_WIDTH, NETWORKS, Actor, Critic, new_actor
from replays.format.header import slots_from_json, slots_to_json
from sim.errors import UserError
from sim.game import Game
from sim.layout import Slots, side_agents
from sim.rules import HIDERS, SEEKERS, SIDES
from sim.scenario import Scenario, brief
from sim.schema import OBSERVATION_VERSION, global_state_size, observation_size, observation_tables

TEAM_FORMAT = 1
"""Raised when older team folders can no longer be read."""

_MOST_WEIGHT_BYTES = 2**30
_MOST_SLOTS = 64
_LEAST_SCALE, _MOST_SCALE = 1e-6, 1e6
_OBSERVED = ("hiders", "seekers", "boxes", "ramps", "doors", "sites", "food", "pillars", "lock_order")
"""The slots that observation and global state depend on."""


@dataclass(frozen=True)
class TeamMetadata:
    """What `team.json` says."""

    scenario: str
    """Text of the scenario it was trained in."""
    slots: Slots
    """How many entities its observation has room for."""
    network: str
    """Kind of its actor, one of `policies.agents.networks.NETWORKS`."""
    hidden: tuple[int, ...]
    """Widths of the hidden layers."""
    reward_scale: float
    """What the game's reward was multiplied by; the critic speaks in that unit."""
    trained: dict[str, Any]
    """agent_steps, seed and whatever else says where it came from."""


class Team:
    """One side's networks, ready to play; random numbers start from seed 0 unless `reseed` is called."""

    def __init__(self, side: int, card: TeamMetadata, actor: Actor, critic: Critic, slots: Slots | None = None) -> None:
        """`slots` are those of the observations it takes; the card's own by default."""
        self.side = side
        self.card = card
        self.slots = slots or card.slots
        self.actor = actor
        self.critic = critic
        self.device = next(actor.parameters()).device
        self.generator = torch.Generator(self.device)
        self.reseed(0)

    def reseed(self, seed: int) -> None:
        """From here on the same observations get the same sampled actions."""
        self.generator.manual_seed(seed)

    @torch.inference_mode()
    def act(self, observation: np.ndarray | Mapping[str, np.ndarray], greedy: bool = False) -> np.ndarray:
        """Actions int8 [..., 3] for observations of this side's agents: flat ones float32 [..., F], or their tables.

        Tables are what `sim.env` gives an agent by default, by name. Actions are sampled, or the likeliest ones if
        `greedy`. A team that remembers acts as at the start of an episode, see `recall`.

        Raises:
            ValueError: observations are of another size.
        """
        return self.recall(observation, None, greedy)[0]

    @torch.inference_mode()
    def recall(
        self, observation: np.ndarray | Mapping[str, np.ndarray], memory: Tensor | None, greedy: bool = False
    ) -> tuple[np.ndarray, Tensor]:
        """Actions as `act`, and what the agents remember next, [..., memory], empty for most networks.

        Give it back with the next tick's observations; None is the memory of agents whose episode begins.
        """
        size = observation_size(self.slots)
        if isinstance(observation, Mapping):
            observation = _flat(observation, self.slots)
        if observation.shape[-1:] != (size,):
            raise ValueError(f"this team takes observations of {size} numbers, not of shape {observation.shape}")
        inputs = self.actor.prepare(self._tensor(observation))
        if memory is None:
            memory = inputs.new_zeros((*inputs.shape[:-1], self.actor.memory_size))
        logits, memory = self.actor.recall(inputs, memory)
        chosen = likeliest(logits) if greedy else sample(logits, self.generator)
        return chosen.to(torch.int8).cpu().numpy(), memory

    @torch.inference_mode()
    def values(self, global_state: np.ndarray) -> np.ndarray:
        """Expected discounted sum of the game's reward, float32 [..., agents of this side], for global states [..., S].

        Raises ValueError for global states of another size than the critic was trained on.
        """
        if global_state.shape[-1:] != (global_state_size(self.card.slots),):
            raise ValueError(f"this team's critic cannot judge global states of shape {global_state.shape}")
        inputs = self.critic.prepare(self._tensor(global_state))
        return (self.critic.values(inputs) / self.card.reward_scale).cpu().numpy()

    def tensors(self) -> dict[str, Tensor]:
        """All weights and normalisers on the CPU, by their names in the weights file."""
        parts = {"actor": self.actor, "critic": self.critic}
        return {
            f"{SIDES[self.side]}.{part}.{name}": tensor.detach().cpu().contiguous()
            for part, network in parts.items()
            for name, tensor in network.state_dict().items()
        }

    def hash(self) -> str:
        """Sha256 of this side's weights, the same wherever they are stored."""
        digest = hashlib.sha256()
        for name, tensor in sorted(self.tensors().items()):
            digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
            digest.update(tensor.numpy().tobytes())
        return digest.hexdigest()

    def _tensor(self, numbers: np.ndarray) -> Tensor:
        return torch.from_numpy(np.array(numbers, np.float32)).to(self.device)


class LearnedPlayer:
    """A team as a player of `policies.agents.players`: acts on what the game shows its side."""

    def __init__(self, team: Team, name: str, seed: int = 0, greedy: bool = False) -> None:
        self.team = team
        self.name = name
        self.hash = team.hash()
        self.greedy = greedy
        self.memory: Tensor | None = None
        self.reseed(seed)

    def reseed(self, seed: int) -> None:
        self.team.reseed(seed)

    def reset(self) -> None:
        """Forgets everything: new episodes begin."""
        self.memory = None

    def act(self, game: Game, side: int) -> np.ndarray:
        """Actions int8 [world, agents of the side, 3]."""
        observation = game.observation[:, side_agents(game.slots, side)]
        actions, self.memory = self.team.recall(observation, self.memory, self.greedy)
        return actions

    def expect(self, game: Game) -> np.ndarray | None:
        """float32 [world]: what the critic says, the mean over agents; None in worlds of another shape than its own."""
        if slot_mismatch(self.team.card.slots, game.slots):
            return None
        return self.team.values(game.global_state).mean(axis=1)


def slot_mismatch(own: Slots, needed: Slots) -> str | None:
    """The first of the observed slots in which two differ."""
    return next((name for name in _OBSERVED if getattr(own, name) != getattr(needed, name)), None)


def _flat(tables: Mapping[str, np.ndarray], slots: Slots) -> np.ndarray:
    """The flat observations [..., F] that `sim.schema.split` makes these tables of."""
    wanted = observation_tables(slots)
    if tables.keys() != wanted.keys():
        raise ValueError(f"this team takes one agent's tables {', '.join(wanted)}, not {', '.join(tables)}")
    leading = np.shape(tables["self"])[:-1]
    parts = [np.reshape(tables[name], (*leading, table.rows * table.width)) for name, table in wanted.items()]
    return np.concatenate(parts, axis=-1, dtype=np.float32)


def save(folder: Path, teams: Sequence[Team]) -> None:
    """Writes one side or both, with the card of the first.

    Raises:
        UserError: the folder exists.
        OSError: it cannot be written.
    """
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise UserError(f"{folder} exists; choose another place for the team") from None
    card = teams[0].card
    said = {
        "format": TEAM_FORMAT,
        "observation_version": OBSERVATION_VERSION,
        "sides": [SIDES[team.side] for team in teams],
        "scenario": card.scenario,
        "slots": slots_to_json(card.slots),
        "network": {"kind": card.network, "hidden": list(card.hidden)},
        "reward_scale": card.reward_scale,
        "trained": card.trained,
    }
    (folder / "team.json").write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")
    try:
        save_file({name: tensor for team in teams for name, tensor in team.tensors().items()}, _weights(folder))
    except SafetensorError as error:
        raise OSError(None, str(error), str(_weights(folder))) from error


def load(folder: Path, side: int = HIDERS, scenario: Scenario | None = None) -> Team:
    """Reads one side of a team folder, for play in `scenario` if one is given.

    Raises:
        UserError: a file is missing, damaged, foreign or too large, the team is of another version or network,
            does not have this side, or does not fit the scenario.
    """
    said = _read_card(folder / "team.json")
    card = _parse_card(folder / "team.json", said)
    if SIDES[side] not in said["sides"]:
        raise UserError(f"{folder} holds no {SIDES[side]}; it holds {' and '.join(map(str, said['sides']))}")
    slots = card.slots
    if scenario is not None and card.network in ANY_SLOTS:
        slots = scenario.slots
    elif scenario is not None and (name := slot_mismatch(slots, scenario.slots)):
        raise UserError(
            f"{folder} was trained with room for {getattr(slots, name)} {name} and this scenario has "
            f"{getattr(scenario.slots, name)}; play in {brief(card.scenario)}, or "
            "choose a team with a pooled or attention network, which plays anywhere"
        )
    with torch.device("meta"):
        actor = new_actor(card.network, slots, card.hidden)
        agents = card.slots.hiders if side == HIDERS else card.slots.seekers
        critic = Critic(global_state_size(card.slots), agents, card.hidden)
    for part, network in (("actor", actor), ("critic", critic)):
        expected = network.state_dict()
        network.load_state_dict(_read_weights(_weights(folder), f"{SIDES[side]}.{part}.", expected), assign=True)
    return Team(side, card, actor, critic, slots)


def sides_in(folder: Path) -> list[int]:
    """Numbers of the sides that a team folder holds. Raises UserError if it is none."""
    said = _read_card(folder / "team.json")
    _parse_card(folder / "team.json", said)
    return [side for side, name in enumerate(SIDES) if name in said["sides"]]


def metadata_of(folder: Path) -> TeamMetadata:
    """What a team folder says of itself. Raises UserError if it is none."""
    return _parse_card(folder / "team.json", _read_card(folder / "team.json"))


def _weights(folder: Path) -> Path:
    return folder / "weights.safetensors"


def _read_card(path: Path) -> dict[str, Any]:
    try:
        said = read_json(path, TEAM_FORMAT)
    except FileNotFoundError:
        raise UserError(f"{path} does not exist; give a folder that hideseek train made") from None
    if said.get("observation_version") != OBSERVATION_VERSION:
        raise UserError(
            f"{path} was trained on observations of version {said.get('observation_version')}, "
            f"this game has version {OBSERVATION_VERSION}; train it anew"
        )
    return said


def _parse_card(path: Path, said: dict[str, Any]) -> TeamMetadata:
    try:
        network, slots, scale = said["network"], slots_from_json(said["slots"]), said["reward_scale"]
        hidden = tuple(network["hidden"])
        counts_fit = all(type(count) is int and 0 <= count <= _MOST_SLOTS for count in slots)
        widths_fit = all(type(width) is int and 1 <= width <= MOST_WIDTH for width in hidden)
        seeks = slots.seekers or SIDES[SEEKERS] not in said["sides"]
        if not (counts_fit and widths_fit and 1 <= len(hidden) <= MOST_LAYERS and slots.hiders and seeks):
            raise ValueError("sizes out of range")
        if network["kind"] not in NETWORKS:
            raise ValueError("unknown network")
        if not (isinstance(scale, int | float) and _LEAST_SCALE <= scale <= _MOST_SCALE):
            raise ValueError("reward_scale out of range")
        if not (isinstance(said["sides"], list) and isinstance(said["trained"], dict)):
            raise ValueError("wrong types")
        return TeamMetadata(str(said["scenario"]), slots, network["kind"], hidden, float(scale), said["trained"])
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(f"{path} is not a valid team card ({error}); choose another team") from None


def _read_weights(path: Path, prefix: str, expected: dict[str, Tensor]) -> dict[str, Tensor]:
    """The tensors under a prefix, if they are exactly the expected ones in name, type and shape, and finite."""
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
