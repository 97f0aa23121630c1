"""A trained team: how it is loaded from its folder and saved, and how it plays.

A folder may hold one side or both; a `Team` is one side of it. `policies.agents.team_files` reads and writes the files.
To play with a team in one's own code:

    from policies.agents.team import load

    team = load(Path("policies/teams/quadrant-block"), HIDERS)
    actions = team.act(observations)
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from policies.agents.action_distribution import likeliest, sample
from policies.agents.critic import Critic
from policies.agents.goal_conditioning import fold_goal_input, goal_input_of
from policies.agents.goal_sets import goal_names
from policies.agents.network_kinds import ANY_SLOTS
from policies.agents.networks import Actor, new_actor
from policies.agents.team_files import TeamMetadata, read_metadata, read_weights, write_metadata, write_weights
from sim.errors import UserError
from sim.game import Game
from sim.layout import Slots, side_agents
from sim.rules import HIDERS, SEEKERS, SIDES
from sim.scenario import Scenario, brief
from sim.schema import global_state_size, observation_size, observation_tables

_OBSERVED = ("hiders", "seekers", "boxes", "ramps", "doors", "sites", "food", "pillars", "lock_order")
"""The slots that observation and global state depend on."""


class Team:
    """One side's networks, ready to play; random numbers start from seed 0 unless `reseed` is called."""

    def __init__(
        self, side: int, metadata: TeamMetadata, actor: Actor, critic: Critic, slots: Slots | None = None
    ) -> None:
        """`slots` are those of the observations it takes; by default those it was trained with."""
        self.side = side
        self.metadata = metadata
        self.slots = slots or metadata.slots
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
        `greedy`. A team with a memory acts as at the start of an episode, see `step`.

        Raises:
            ValueError: the observations have another size.
        """
        return self.step(observation, None, greedy)[0]

    @torch.inference_mode()
    def step(
        self, observation: np.ndarray | Mapping[str, np.ndarray], memory: Tensor | None, greedy: bool = False
    ) -> tuple[np.ndarray, Tensor]:
        """Actions as `act`, and the agents' new memory [..., memory], empty for most networks.

        Pass it with the next tick's observations; None is the memory of agents whose episode begins.
        """
        size = observation_size(self.slots)
        if isinstance(observation, Mapping):
            observation = _flat(observation, self.slots)
        if observation.shape[-1:] != (size,):
            raise ValueError(f"this team takes observations of {size} numbers, not of shape {observation.shape}")
        inputs = self.actor.prepare(self._tensor(observation))
        if memory is None:
            memory = inputs.new_zeros((*inputs.shape[:-1], self.actor.memory_size))
        logits, memory = self.actor.step(inputs, memory)
        chosen = likeliest(logits) if greedy else sample(logits, self.generator)
        return chosen.to(torch.int8).cpu().numpy(), memory

    @torch.inference_mode()
    def values(self, global_state: np.ndarray) -> np.ndarray:
        """Expected discounted sum of the reward, float32 [..., agents of this side], for global states [..., S].

        That is the game's reward where `metadata.expects_game_reward`. Raises ValueError if the global states have
        another size than those the critic was trained on.
        """
        if global_state.shape[-1:] != (global_state_size(self.metadata.slots),):
            raise ValueError(f"this team's critic cannot judge global states of shape {global_state.shape}")
        inputs = self.critic.prepare(self._tensor(global_state))
        return (self.critic.values(inputs) / self.metadata.reward_scale).cpu().numpy()

    def for_goals(self, goals: str | None = None) -> "Team":
        """An ordinary team that plays for one set of goals, by default for the first; itself if it is one already.

        Raises UserError if these hiders were not taught such goals.
        """
        sets = self.metadata.goal_sets_of(self.side)
        if not sets:
            if goals and self.side == HIDERS:
                raise UserError(f"this team is not conditioned on goals; leave '{goals}' out")
            return self
        metadata, kind = replace(self.metadata, goal_sets=()), self.metadata.network
        actor = new_actor(kind, self.slots, metadata.hidden).to(self.device)
        tensors = {name: tensor.cpu() for name, tensor in self.actor.state_dict().items()}
        actor.load_state_dict(fold_goal_input(tensors, kind, goal_input_of(sets, goals or sets[0])))
        return Team(self.side, metadata, actor, self.critic, self.slots)

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
    """A team as a player of `policies.agents.players`: acts on the observations of its side."""

    def __init__(self, team: Team, name: str, seed: int = 0, greedy: bool = False) -> None:
        self.team = team
        self.name = name
        self.hash = team.hash()
        self.without = team.metadata.without
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
        actions, self.memory = self.team.step(observation, self.memory, self.greedy)
        return actions

    def expect(self, game: Game) -> np.ndarray | None:
        """float32 [world]: the critic's values, averaged over the agents that take part; 0 where none does.

        None if it expects something else than the game's reward, and in worlds with other slots than its own.
        """
        metadata = self.team.metadata
        if not metadata.expects_game_reward(self.team.side) or slot_mismatch(metadata.slots, game.slots):
            return None
        present = game.layout.agent_exists[:, side_agents(game.slots, self.team.side)]
        values = self.team.values(game.global_state).sum(axis=1, where=present)
        return values / present.sum(axis=1).clip(1).astype(np.float32)


def slot_mismatch(own: Slots, needed: Slots) -> str | None:
    """The first observed slot in which two differ; None if they agree."""
    return next((name for name in _OBSERVED if getattr(own, name) != getattr(needed, name)), None)


def _flat(tables: Mapping[str, np.ndarray], slots: Slots) -> np.ndarray:
    """The flat observations [..., F] that these tables are made of; those without rows may be left out."""
    wanted = {name: table for name, table in observation_tables(slots).items() if table.rows}
    tables = {name: table for name, table in tables.items() if np.size(table)}
    if tables.keys() != wanted.keys():
        raise ValueError(f"this team takes one agent's tables {', '.join(wanted)}, not {', '.join(tables)}")
    leading = np.shape(tables["self"])[:-1]
    parts = [np.reshape(tables[name], (*leading, table.rows * table.width)) for name, table in wanted.items()]
    return np.concatenate(parts, axis=-1, dtype=np.float32)


def save(folder: Path, teams: Sequence[Team]) -> None:
    """Writes one side or both, with the metadata of the first.

    Raises:
        UserError: the folder exists.
        OSError: it cannot be written.
    """
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise UserError(f"{folder} exists; choose another place for the team") from None
    write_metadata(folder, teams[0].metadata, [team.side for team in teams])
    write_weights(folder, {name: tensor for team in teams for name, tensor in team.tensors().items()})


def load(folder: Path | str, side: int = HIDERS, scenario: Scenario | None = None, goals: str | None = None) -> Team:
    """Reads one side of a team folder, for play in `scenario` if one is given.

    Goal-conditioned hiders (see `policies.agents.goal_conditioning`) play for `goals`, or for the first set.

    Raises:
        UserError: a file is missing, damaged, foreign or too large, the team is of another version or network,
            does not have this side, does not fit the scenario, or was not taught these goals.
        ValueError: there is no such side.
    """
    return load_goal_conditioned(folder, side, scenario).for_goals(goals)


def load_goal_conditioned(folder: Path | str, side: int, scenario: Scenario | None = None) -> Team:
    """As `load`, but goal-conditioned hiders keep their goal input: for training, not for play."""
    if side not in (HIDERS, SEEKERS):
        raise ValueError(f"side must be HIDERS ({HIDERS}) or SEEKERS ({SEEKERS}), not {side!r}")
    folder = Path(folder)
    metadata, sides = read_metadata(folder)
    if side not in sides:
        raise UserError(f"{folder} holds no {SIDES[side]}; it holds {' and '.join(SIDES[other] for other in sides)}")
    slots = metadata.slots
    if scenario is not None and metadata.network in ANY_SLOTS:
        slots = scenario.slots
    elif scenario is not None and (name := slot_mismatch(slots, scenario.slots)):
        raise UserError(
            f"{folder} was trained with {name}={getattr(slots, name)} and this scenario has {name}="
            f"{getattr(scenario.slots, name)}; play in {brief(metadata.scenario)}, or "
            "choose a team with a pooled or attention network, which plays anywhere"
        )
    with torch.device("meta"):
        actor = new_actor(metadata.network, slots, metadata.hidden, len(goal_names(metadata.goal_sets_of(side))))
        agents = metadata.slots.hiders if side == HIDERS else metadata.slots.seekers
        critic = Critic(global_state_size(metadata.slots), agents, metadata.hidden)
    for part, network in (("actor", actor), ("critic", critic)):
        tensors = read_weights(folder, f"{SIDES[side]}.{part}.", network.state_dict())
        network.load_state_dict(tensors, assign=True)
    return Team(side, metadata, actor, critic, slots)


def sides_in(folder: Path) -> list[int]:
    """Numbers of the sides that a team folder holds. Raises UserError if it is not a team's folder."""
    return read_metadata(folder)[1]


def metadata_of(folder: Path) -> TeamMetadata:
    """What a team folder says of itself. Raises UserError if it is not a team's folder."""
    return read_metadata(folder)[0]
