"""What the learner gets is what happened: replayed in a fresh game, every sample is found again."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from policies.agents.action_distribution import score
from policies.agents.network_kinds import NETWORKS
from policies.agents.networks import initialise, new_actor
from policies.learning.episode_stats import EpisodeStats
from policies.learning.league import matchups
from policies.learning.objective import GameReward
from policies.learning.policy_slots import PolicySlot, TrainingSlot
from policies.learning.regret import RegretShifts
from policies.learning.rollout import Rollout
from policies.learning.samples import Samples
from policies.learning.stopwatch import Stopwatch
from policies.learning.visited_states import VisitedStates
from sim.game import Game
from sim.layout import side_agents
from sim.rng import episode_seeds
from sim.rules import HIDERS, SEEKERS
from sim.scenario import Scenario, scenario_from_text
from sim.schema import observation_size
from tests.games import started

CPU = torch.device("cpu")
WORLDS = 10
SEEDS = episode_seeds(3, 0, WORLDS)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return scenario_from_text("quadrant:ticks=12,preparation_ticks=5")


class Watched(Game):
    """Keeps the actions it was given."""

    def __init__(self, scenario: Scenario, worlds: int) -> None:
        super().__init__(scenario, worlds)
        self.given: list[np.ndarray] = []

    def tick(self, actions: np.ndarray) -> None:
        self.given.append(actions.copy())
        super().tick(actions)


class Table:
    """A rollout in which 4 of 10 worlds have one side from the past, whose only action is (4, 1, 2)."""

    def __init__(self, scenario: Scenario, visited: float = 0.0, kind: str = "mlp") -> None:
        slots, split = scenario.slots, matchups(WORLDS, 0.4, visited)
        self.game = Watched(scenario, WORLDS)
        actors = [new_actor(kind, slots, (16,)) for _ in range(4)]
        for seed, actor in enumerate(actors):
            initialise(actor, 1.0, torch.Generator().manual_seed(seed))
        for actor in actors[2:]:
            with torch.no_grad():
                actor.body[-1].bias[[4, 9 + 1, 12 + 2]] = 1e4  # type: ignore[index]
        self.learning = [
            TrainingSlot(actors[side], side, split.latest[side], slots, CPU, range(first, scenario.ticks))
            for side, first in ((HIDERS, 0), (SEEKERS, scenario.preparation_ticks))
        ]
        self.past = [PolicySlot(actors[2 + side], side, split.past[side], slots, CPU) for side in (HIDERS, SEEKERS)]
        self.split = split
        self.starts = VisitedStates(split.visited, split.both, scenario.ticks, 1.0, slots)
        shifts, stats = RegretShifts(scenario, 0.0), EpisodeStats(split.true)
        self.rollout = Rollout(self.game, self.learning, self.past, shifts, self.starts, stats, GameReward(), CPU)

    def collect(self) -> tuple[Samples, Samples]:
        for number, slot in enumerate([*self.learning, *self.past]):
            slot.generator.manual_seed(number)
        with ThreadPoolExecutor(2) as executor:
            hiders, seekers = self.rollout.collect(SEEDS, executor, Stopwatch()).samples
        return hiders, seekers


def test_every_sample_is_found_again_in_a_fresh_game(scenario: Scenario):
    table = Table(scenario)
    samples = table.collect()
    fresh = Game(scenario, WORLDS)
    fresh.reset(SEEDS)
    for tick, actions in enumerate(table.game.given):
        observation, global_state = fresh.observation.copy(), fresh.global_state.copy()
        fresh.tick(actions)
        for side, (slot, found) in enumerate(zip(table.learning, samples, strict=True)):
            row = tick - slot.first
            if row < 0:
                continue
            place = table.split.latest[side], side_agents(fresh.slots, side)
            raw = torch.from_numpy(observation[place])
            assert torch.equal(found.inputs[row], slot.actor.prepare(raw))
            assert np.array_equal(found.actions[row], actions[place])
            assert np.array_equal(found.rewards[row], fresh.reward[place])
            assert np.array_equal(found.global_state[row], global_state[place[0]])
            wanted = score(slot.actor(found.inputs[row]), found.actions[row])[0]
            torch.testing.assert_close(found.log_probs[row], wanted)


def test_seekers_have_no_samples_from_preparation(scenario: Scenario):
    hiders, seekers = Table(scenario).collect()
    assert len(hiders.rewards) == scenario.ticks
    assert len(seekers.rewards) == scenario.ticks - scenario.preparation_ticks
    assert (seekers.rewards.abs() == 1).all()


def test_past_sides_play_their_worlds_and_leave_no_samples(scenario: Scenario):
    table = Table(scenario)
    hiders, seekers = table.collect()
    assert hiders.rewards.shape[1] == seekers.rewards.shape[1] == 8
    for side in (HIDERS, SEEKERS):
        agents = side_agents(scenario.slots, side)
        assert (table.game.actions[table.split.past[side], agents] == [4, 1, 2]).all()
        assert not (table.game.actions[table.split.latest[side], agents] == [4, 1, 2]).all(-1).all()


def test_a_side_wins_where_it_was_paid_more_than_it_lost(scenario: Scenario):
    table = Table(scenario)
    table.rollout.rewards[:] = 0.0
    assert [table.rollout.wins(slot) for slot in table.past] == [0.0, 0.0]
    for world, hiders_are_paid in ((0, 0.1), (1, -1.0), (8, 3.0), (9, -0.1)):
        table.rollout.rewards[7, world, :2] = hiders_are_paid
        table.rollout.rewards[7, world, 2:] = -hiders_are_paid
    assert table.split.past == (slice(0, 2), slice(8, 10)), "a bad example"
    assert [table.rollout.wins(slot) for slot in table.past] == [0.5, 0.5]
    table.rollout.rewards[8, 1, :2] = 5.0
    table.rollout.rewards[8, 8, :2] = 5.0
    assert [table.rollout.wins(slot) for slot in table.past] == [1.0, 0.5]
    table.rollout.rewards[8, 9, :2] = 5.0
    table.rollout.rewards[8, 9, 2:] = -5.0
    assert [table.rollout.wins(slot) for slot in table.past] == [1.0, 0.0]


def test_moments_are_those_of_the_raw_observations(scenario: Scenario):
    table = Table(scenario)
    hiders, _ = table.collect()
    # The normaliser is still the identity, save for its cut, so inputs are the raw observations.
    raw = hiders.inputs.flatten(0, 2).double().numpy()
    small = np.abs(raw).max(0) < 4.9
    np.testing.assert_allclose(hiders.moments[0][small], raw.mean(0)[small], atol=1e-3)
    np.testing.assert_allclose(hiders.moments[1][small], raw.var(0)[small], atol=1e-3)


def test_agents_that_are_not_there_are_no_samples():
    scenario = scenario_from_text("open_field:ticks=8,preparation_ticks=3")
    table = Table(scenario, visited=0.3)
    table.collect()
    both = table.split.both
    errors = np.ones((scenario.ticks, both.stop - both.start), np.float32)
    table.starts.learn(errors)  # from now on some worlds go on from other episodes
    table.starts.begin(np.random.default_rng(0))
    for side, found in zip((HIDERS, SEEKERS), table.collect(), strict=True):
        assert found.exist is not None and found.cuts
        here = (slice(None), side_agents(scenario.slots, side))
        worlds = table.split.latest[side]
        assert np.array_equal(found.exist[-1], table.game.layout.agent_exists[here][worlds])
        assert found.exist.any(-1).all() and not found.exist.all()
        assert found.present == int(found.exist.sum())
        assert not found.inputs[~found.exist].any() and not found.rewards[~found.exist].any()
        raw = found.inputs[found.exist].double()
        small = raw.abs().amax(0) < 4.9
        torch.testing.assert_close(found.moments[0][small], raw.mean(0)[small], atol=0.05, rtol=0)


def test_the_same_seeds_give_the_same_rollout(scenario: Scenario):
    first, second = Table(scenario).collect(), Table(scenario).collect()
    for one, other in zip(first, second, strict=True):
        assert one.cuts == other.cuts == () and one.exist is other.exist is None
        assert all(torch.equal(a, b) for a, b in zip(one[:-2], other[:-2], strict=True))
    assert first[0].inputs.shape[-1] == observation_size(scenario.slots)


def test_the_tally_counts_what_the_rewards_say(scenario: Scenario):
    table = Table(scenario)
    hiders, _ = table.collect()
    report = table.rollout.stats.report(table.game)
    both = slice(0, table.split.both.stop - table.split.both.start)
    paid = hiders.rewards[scenario.preparation_ticks :, both, 0]
    assert report["hidden"] == pytest.approx(float((paid > 0).float().mean()))
    assert 0 <= report["seen"] <= 1 - report["hidden"] + 1e-9
    assert {"soft_prep", "robust_prep", "soft_end", "robust_end", "boxes_moved", "hider_locks"} <= report.keys()


def test_what_follows_a_change_is_the_future_of_the_stored_state(scenario: Scenario):
    table = Table(scenario, visited=0.5)
    table.collect()
    assert not table.starts.cuts, "nothing was visited yet"
    both = table.split.both.stop - table.split.both.start
    table.starts.learn(np.ones((scenario.ticks, both), np.float32))
    table.starts.begin(np.random.default_rng(1))
    table.game.given.clear()
    samples = table.collect()
    cuts = table.starts.cuts
    assert [cut.tick for cut in cuts] == list(table.starts.groups)
    agents = side_agents(scenario.slots, HIDERS)
    first = table.split.latest[HIDERS].start
    twin = np.random.default_rng(1)
    fresh_rows = np.zeros(samples[HIDERS].rewards.shape[:2], bool)
    fresh_rows[0] = True
    for cut in cuts:
        fresh_rows[cut.tick, cut.worlds.start - first : cut.worlds.stop - first] = True
    assert np.array_equal(samples[HIDERS].episode_starts(), fresh_rows)
    for cut in cuts:
        stored = table.starts.archives[cut.tick].draw(cut.worlds.stop - cut.worlds.start, 1.0, twin)
        fresh = Game(scenario, len(stored[1].tick))
        fresh.restore(*stored)
        own = slice(cut.worlds.start - first, cut.worlds.stop - first)
        for tick in range(cut.tick, scenario.ticks):
            assert np.array_equal(samples[HIDERS].global_state[tick, own], fresh.global_state)
            actions = table.game.given[tick][cut.worlds]
            assert np.array_equal(samples[HIDERS].actions[tick, own], actions[:, agents])
            fresh.tick(actions)
            assert np.array_equal(samples[HIDERS].rewards[tick, own], fresh.reward[:, agents])


@pytest.mark.parametrize("kind", NETWORKS)
def test_samples_replayed_have_the_probabilities_they_had(scenario: Scenario, kind: str):
    table = Table(scenario, visited=0.5, kind=kind)
    table.collect()
    table.starts.learn(np.ones((scenario.ticks, table.split.both.stop - table.split.both.start), np.float32))
    table.starts.begin(np.random.default_rng(1))
    for slot, samples in zip(table.learning, table.collect(), strict=True):
        assert samples.cuts
        again = score(slot.actor.forward_sequence(samples.inputs, samples.episode_starts()), samples.actions)[0]
        torch.testing.assert_close(again, samples.log_probs)
        whole_episodes = torch.zeros_like(samples.episode_starts())
        same = score(slot.actor.forward_sequence(samples.inputs, whole_episodes), samples.actions)[0]
        assert torch.allclose(same, samples.log_probs, atol=1e-4) == (kind != "recurrent")


def test_the_state_that_was_left_is_told_to_the_critic(scenario: Scenario):
    table = Table(scenario, visited=0.5)
    table.collect()
    table.starts.learn(np.ones((scenario.ticks, table.split.both.stop - table.split.both.start), np.float32))
    table.starts.begin(np.random.default_rng(1))
    table.game.given.clear()
    hiders, _ = table.collect()
    for cut, sampled in zip(table.starts.cuts, hiders.cuts, strict=True):
        fresh = Game(scenario, WORLDS)
        fresh.reset(SEEDS)
        for tick in range(cut.tick):
            fresh.tick(table.game.given[tick])
        assert np.array_equal(sampled.global_state, fresh.global_state[cut.worlds])
        assert sampled.row == cut.tick


@pytest.mark.parametrize("side", [HIDERS, SEEKERS])
def test_a_side_wins_the_episodes_in_which_it_is_paid_more_than_it_loses(scenario: Scenario, side: int):
    table = Table(scenario)
    slot, rewards = table.past[side], table.rollout.rewards
    rewards[:, :, side_agents(scenario.slots, 1 - side)] = 9.0
    rewards[:, :, slot.agents] = -1.0
    rewards[-1, :, slot.agents] = 100.0  # wins everywhere else
    rewards[-1, slot.worlds, slot.agents] = -1.0
    assert table.rollout.wins(slot) == 0
    rewards[2, slot.worlds.start, slot.agents] = 100.0
    assert table.rollout.wins(slot) == 1 / 2


def test_what_hiders_are_paid_counts_preparation_too():
    """A shift may make them pay for something then, as `lock-costs` does."""
    game, stats = started(scenario_from_text("quadrant:ticks=3,preparation_ticks=2"), 4), EpisodeStats(slice(0, 4))
    stats.start(game)
    for _ in range(3):
        game.tick(np.zeros((4, game.slots.agents, 3), np.int8))
        game.reward[:, : game.slots.hiders] = -2.0
        stats.count(game)
    assert stats.report(game)["paid"] == -6.0
