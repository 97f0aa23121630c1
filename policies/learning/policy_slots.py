"""Policy slots: a network plays one side in some of a rollout's worlds; a training slot also records its samples.

An actor's prepared (normalised) observations are what is stored, so that no epoch prepares them again. The stored
probabilities of actions are given those: where the networks that learn are an update ahead of those that play, their
normaliser has moved on, but both probabilities of PPO's ratio still have the same inputs.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from policies.agents.action_distribution import sample, score
from policies.agents.networks import Actor
from policies.agents.normaliser import moments
from policies.learning.samples import SampleCut, Samples
from policies.learning.visited_states import Cut
from sim.layout import Slots, side_agents
from sim.rules import ACTION_SIZES
from sim.schema import observation_size


class PolicySlot:
    """A network that plays one side in some worlds with its own random numbers.

    Slots of different sides may act at the same time: they share nothing that is written.
    """

    def __init__(self, actor: Actor, side: int, worlds: slice, slots: Slots, device: torch.device) -> None:
        self.actor = actor
        self.side = side
        self.worlds = worlds
        self.agents = side_agents(slots, side)
        self.generator = torch.Generator(device)
        shape = (worlds.stop - worlds.start, self.agents.stop - self.agents.start, actor.memory_size)
        self.memory = torch.zeros(shape, device=device)

    def forget(self, worlds: slice) -> None:
        """Empties the memories in those of the given worlds that are this slot's, where another episode begins."""
        first, last = (max(edge - self.worlds.start, 0) for edge in (worlds.start, worlds.stop))
        self.memory = self.memory.clone()  # what inference left behind cannot be written to
        self.memory[first:last] = 0.0

    def observe(self, observation: np.ndarray, device: torch.device) -> Tensor:
        """float32 [W, n, F]: this slot's part of the game's observation."""
        return torch.from_numpy(observation[self.worlds, self.agents]).to(device)

    def play(self, observation: np.ndarray, actions: np.ndarray, device: torch.device) -> None:
        """Chooses actions without recording anything."""
        inputs = self.actor.prepare(self.observe(observation, device))
        logits, self.memory = self.actor.step(inputs, self.memory)
        chosen = sample(logits, self.generator)
        actions[self.worlds, self.agents] = chosen.cpu().numpy()


class TrainingSlot(PolicySlot):
    """A slot that records its samples in some `ticks`, which end with the episode."""

    def __init__(
        self, actor: Actor, side: int, worlds: slice, slots: Slots, device: torch.device, ticks: range, goals: int = 0
    ) -> None:
        super().__init__(actor, side, worlds, slots, device)
        self.first = ticks.start
        self.goal_input = torch.zeros((worlds.stop - worlds.start, goals), device=device)
        """float32 [W, goal]: the goals of its agents in these episodes, see `policies.agents.goal_conditioning`."""
        size = observation_size(slots) + goals
        shape = (len(ticks), worlds.stop - worlds.start, self.agents.stop - self.agents.start)
        self.inputs = torch.zeros((*shape, size), device=device)
        self.actions = torch.zeros((*shape, len(ACTION_SIZES)), dtype=torch.int64, device=device)
        self.log_probs = torch.zeros(shape, device=device)
        self.moments = torch.zeros((len(ticks), 2, size), dtype=torch.float64, device=device)

    def observe(self, observation: np.ndarray, device: torch.device) -> Tensor:
        """As the base class, followed by the goal input."""
        raw = super().observe(observation, device)
        goal_input = self.goal_input.unsqueeze(1).expand(-1, raw.shape[1], -1)
        return torch.cat([raw, goal_input], -1) if goal_input.shape[-1] else raw

    def record(
        self, tick: int, observation: np.ndarray, actions: np.ndarray, exist: np.ndarray, device: torch.device
    ) -> None:
        """Chooses actions for tick `tick` and records the samples; `exist` is bool [world, agent]."""
        raw = self.observe(observation, device)
        row, own = tick - self.first, exist[self.worlds, self.agents]
        known = raw if own.all() else raw[torch.from_numpy(own).to(device)]
        self.moments[row, 0], self.moments[row, 1] = moments(known)
        inputs = self.inputs[row].copy_(self.actor.prepare(raw))
        logits, self.memory = self.actor.step(inputs, self.memory)
        chosen = self.actions[row].copy_(sample(logits, self.generator))
        self.log_probs[row] = score(logits, chosen)[0]
        actions[self.worlds, self.agents] = chosen.cpu().numpy()

    def samples(self, rewards: Tensor, global_state: Tensor, exist: np.ndarray, cuts: Sequence[Cut]) -> Samples:
        """The finished rollout.

        `rewards` and `exist` [ticks, worlds, agents] and `global_state` [ticks, worlds, S] are those of all worlds.
        """
        shift, own = self.worlds.start, exist[self.first :, self.worlds, self.agents]
        means, variances = self.moments.unbind(1)
        spread_of_means, mean = torch.var_mean(means, 0, correction=0)
        return Samples(
            inputs=self.inputs,
            actions=self.actions,
            log_probs=self.log_probs,
            rewards=rewards[self.first :, self.worlds, self.agents],
            global_state=global_state[self.first :, self.worlds],
            moments=torch.stack([mean, variances.mean(0) + spread_of_means]),
            cuts=tuple(
                SampleCut(
                    cut.tick - self.first,
                    slice(cut.worlds.start - shift, cut.worlds.stop - shift),
                    torch.from_numpy(cut.global_state).to(global_state.device),
                )
                for cut in cuts
                if cut.tick > self.first
            ),
            exist=None if own.all() else torch.from_numpy(own).to(rewards.device),
        )
