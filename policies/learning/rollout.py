"""Whole episodes of N worlds, played by both sides and written down for the learner.

An update's rollout is one episode in every world, from reset to the last tick. Buffers are allocated once.
The game writes global states straight into its buffer; an actor's prepared (normalised) observations are what
is stored, so that no epoch prepares them again. Seekers do nothing during preparation, so for them neither
inference nor a sample is spent on it.
"""

from collections.abc import Sequence
from concurrent.futures import Executor
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from policies.agents.action_distribution import sample, score
from policies.agents.networks import Actor
from policies.agents.normaliser import moments
from policies.learning.episode_stats import EpisodeStats
from policies.learning.objective import RewardSource
from policies.learning.regret import RegretShifts
from policies.learning.stopwatch import Stopwatch
from policies.learning.visited_states import Cut, VisitedStates
from sim.game import Game
from sim.layout import Slots, side_agents
from sim.rules import ACTION_SIZES
from sim.schema import observation_size


class Samples(NamedTuple):
    """What one side's latest network did in one rollout; T ticks, W worlds, n agents of the side."""

    inputs: Tensor
    """float32 [T, W, n, F]: prepared observations."""
    actions: Tensor
    """int64 [T, W, n, 3]"""
    log_probs: Tensor
    """float32 [T, W, n]: of the actions, when they were chosen."""
    rewards: Tensor
    """float32 [T, W, n]: the reward of each tick, unscaled."""
    global_state: Tensor
    """float32 [T, W, S]: the critic's observation, raw."""
    moments: Tensor
    """float64 [2, F]: mean and variance of the raw observations, for the actor's normaliser."""
    cuts: tuple["SampleCut", ...] = ()
    """Where pieces of episodes meet."""
    exist: Tensor | None = None
    """bool [T, W, n]: where there is an agent; None where there always is. Nothing is learnt from the rest."""

    @property
    def present(self) -> int:
        """How many of the T * W * n samples are an agent's."""
        return self.rewards.numel() if self.exist is None else int(self.exist.sum())

    def episode_starts(self) -> Tensor:
        """bool [T, W]: the first ticks of episodes and of pieces of them: memories are empty."""
        ticks, worlds, _ = self.rewards.shape
        starts = torch.zeros((ticks, worlds), dtype=torch.bool, device=self.rewards.device)
        starts[0] = True
        for cut in self.cuts:
            starts[cut.row, cut.worlds] = True
        return starts


class SampleCut(NamedTuple):
    """A `policies.learning.visited_states.Cut` in terms of one side's samples."""

    row: int
    """The new piece begins in this row of the samples; the old one ended in the row before."""
    worlds: slice
    """Of the samples' worlds."""
    global_state: Tensor
    """float32 [n, S]: the global states in which the old pieces ended."""


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
        """Empties the memories in those of the chosen worlds that are this slot's; something else begins there."""
        first, last = (max(edge - self.worlds.start, 0) for edge in (worlds.start, worlds.stop))
        self.memory = self.memory.clone()  # what inference left behind cannot be written to
        self.memory[first:last] = 0.0

    def observe(self, observation: np.ndarray, device: torch.device) -> Tensor:
        """float32 [W, n, F]: this slot's part of the game's observation."""
        return torch.from_numpy(observation[self.worlds, self.agents]).to(device)

    def play(self, observation: np.ndarray, actions: np.ndarray, device: torch.device) -> None:
        """Chooses actions without writing anything down."""
        inputs = self.actor.prepare(self.observe(observation, device))
        logits, self.memory = self.actor.step(inputs, self.memory)
        chosen = sample(logits, self.generator)
        actions[self.worlds, self.agents] = chosen.cpu().numpy()


class TrainingSlot(PolicySlot):
    """A slot that records what it saw and did in some `ticks`, which end with the episode."""

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
        """Chooses actions for tick `tick` and writes the samples down; `exist` is bool [world, agent]."""
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


class Rollout:
    """Plays one episode in every world of `game` per call of `collect`.

    `learning` are the latest hiders and seekers (or hiders alone, where nobody seeks), `past` the snapshots they
    meet in some worlds; `regret_shifts` shifts some starts, `visited_states` lets some worlds go on from visited
    states; `reward_source` pays for it.
    """

    def __init__(
        self,
        game: Game,
        learning: Sequence[TrainingSlot],
        past: Sequence[PolicySlot],
        regret_shifts: RegretShifts,
        visited_states: VisitedStates,
        stats: EpisodeStats,
        reward_source: RewardSource,
        device: torch.device,
    ) -> None:
        self.game = game
        self.sides = range(len(learning))
        self.learning = learning
        self.past = past
        self.regret_shifts = regret_shifts
        self.visited_states = visited_states
        self.stats = stats
        self.reward_source = reward_source
        self.device = device
        ticks = game.scenario.ticks
        # One row more than ticks: the game also describes the state after the last one.
        self.global_state = np.zeros((ticks + 1, *game.global_state.shape), np.float32)
        self.rewards = np.zeros((ticks, *game.reward.shape), np.float32)
        self.exist = np.zeros((ticks, *game.reward.shape), bool)
        self.actions = np.zeros((game.worlds, game.slots.agents, len(ACTION_SIZES)), np.int8)

    def collect(self, seeds: np.ndarray, executor: Executor, watch: Stopwatch) -> tuple[Samples, ...]:
        """Plays one episode per world, started from uint64 seeds [world].

        Returns:
            The samples of each side. They are views of buffers that the next call overwrites.
        """
        game = self.game
        with watch.running("simulate"):
            game.global_state = self.global_state[0]
            game.reset(seeds)
            self.regret_shifts.place(game)
            self.actions[:] = 0
            self._forget(slice(0, game.worlds))
        with watch.running("judge"):
            self.stats.start(game)
            self.reward_source.start(game)
        for tick in range(game.scenario.ticks):
            with watch.running("simulate"):
                rejoined = self.visited_states.resume(game, tick)
                self._forget(rejoined)
                self.exist[tick] = game.layout.agent_exists
            with watch.running("infer"):
                list(executor.map(self._act, self.sides, [tick] * len(self.sides)))
            with watch.running("simulate"):
                game.global_state = self.global_state[tick + 1]
                game.tick(self.actions)
            with watch.running("judge"):
                self.reward_source.pay(game, self.rewards[tick])
                self.stats.count(game)
        rewards = torch.from_numpy(self.rewards).to(self.device)
        global_state = torch.from_numpy(self.global_state[:-1]).to(self.device)
        return tuple(
            slot.samples(rewards, global_state, self.exist, self.visited_states.cuts) for slot in self.learning
        )

    def wins(self, slot: PolicySlot) -> float:
        """In which share of its worlds a slot was paid more than it lost, after `collect`."""
        return float((self.rewards[:, slot.worlds, slot.agents].sum((0, 2)) > 0).mean())

    def _forget(self, worlds: slice) -> None:
        for slot in (*self.learning, *self.past):
            if slot.actor.memory_size and worlds.stop > worlds.start:
                slot.forget(worlds)

    def _act(self, side: int, tick: int) -> None:
        if tick < self.learning[side].first:
            return
        with torch.inference_mode():
            self.learning[side].record(tick, self.game.observation, self.actions, self.exist[tick], self.device)
            if self.past[side].worlds.stop > self.past[side].worlds.start:
                self.past[side].play(self.game.observation, self.actions, self.device)
