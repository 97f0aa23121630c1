"""An update as a whole: who plays whom, who learns from what, and what is said about it."""

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from policies.agents.networks import initialise
from policies.learning.checkpoint import restore_checkpoint, save_checkpoint
from policies.learning.fast_arithmetic import fast_arithmetic
from policies.learning.ppo import Learner
from policies.learning.run_folder import STATE
from policies.learning.trainer import Trainer
from sim.errors import UserError
from sim.rules import HIDERS, SEEKERS, SIDES
from tests.policies.bandits import CPU, seeded
from tests.policies.training import PER_UPDATE, SCENARIO, TINY

CONFIG = replace(TINY, visited_share=0.25, past_share=0.5)


@pytest.fixture
def executor() -> Iterator[Executor]:
    with ThreadPoolExecutor(2) as made:
        yield made


def actor_weights(trainer: Trainer, side: int) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in trainer.learners[side].actor.state_dict().items()}


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return all(torch.equal(one[name], other[name]) for name in one)


def test_the_policy_that_is_improved_is_the_one_that_acted(executor: Executor):
    """Without steps, every sample of a side has the probability now that it had when it was played."""
    trainer = Trainer(replace(CONFIG, learning_rate=0.0, mirrored_share=0.0), SCENARIO, CPU, 1)
    for side, learner in enumerate(trainer.learners):
        initialise(learner.actor, 1.0, seeded(side))
    for update in range(1, 4):
        line = trainer.update(executor)
        assert line["update"] == update and line["agent_steps"] == trainer.agent_steps == update * PER_UPDATE
        for side in SIDES:
            assert line[side]["clip_fraction"] == 0 and abs(line[side]["approx_kl"]) < 1e-6


def test_a_run_that_teaches_no_team_holds_no_actor_near_another(executor: Executor):
    trainer = Trainer(CONFIG, SCENARIO, CPU, 1)
    line = trainer.update(executor)
    assert all(learner.reference is None for learner in trainer.learners)
    assert not any("kl" in line[side] for side in SIDES)


def test_snapshots_are_the_actors_of_their_time_and_play_the_past(executor: Executor):
    """TINY takes one every 700 agent-steps: before updates 0, 3, 6 of 320."""
    trainer = Trainer(CONFIG, SCENARIO, CPU, 1)
    play = trainer.self_play
    known: list[dict[int, dict[str, torch.Tensor]]] = [{}, {}]
    for _ in range(7):
        for side in (HIDERS, SEEKERS):
            known[side][trainer.agent_steps] = actor_weights(trainer, side)
        trainer.update(executor)
        for pool, slot in zip(play.league.pools, play.past_slots, strict=True):
            side = slot.side
            assert pool.playing in pool.members and same(slot.actor.state_dict(), pool.playing.weights)
            for member in pool.members:
                assert same(member.weights, known[side][member.agent_steps])
    for side, pool in enumerate(play.league.pools):
        assert [member.agent_steps for member in pool.members] == [0, 3 * PER_UPDATE, 6 * PER_UPDATE]
        assert not any(same(one, other) for one, other in pairwise(known[side].values())), "nothing was learnt"


def test_a_past_opponent_that_wins_is_remembered_as_a_winner(executor: Executor, monkeypatch: pytest.MonkeyPatch):
    trainer = Trainer(CONFIG, SCENARIO, CPU, 1)
    play = trainer.self_play
    wins = {HIDERS: 0.0, SEEKERS: 1.0}
    monkeypatch.setattr(play.rollout, "wins", lambda slot: wins[slot.side])
    for _ in range(3):
        trainer.update(executor)
    known = [pool.members[0].wins for pool in play.league.pools]
    assert known[SEEKERS] == 1.0 and known[HIDERS] == pytest.approx(0.7**3)


@pytest.mark.parametrize("frozen", [{}, {"seekers": "quadrant-chase"}, {"hiders": "quadrant-block"}])
def test_the_past_is_played_only_where_both_sides_learn(frozen: dict[str, str]):
    trainer = Trainer(replace(CONFIG, hidden=(128, 128), **frozen), SCENARIO, CPU, 1)
    worlds = [slot.worlds.stop - slot.worlds.start for slot in trainer.self_play.past_slots]
    assert worlds == ([0, 0] if frozen else [2, 2])


def test_visited_states_are_stored_with_the_errors_that_the_critics_made_there(
    executor: Executor, monkeypatch: pytest.MonkeyPatch
):
    trainer = Trainer(CONFIG, SCENARIO, CPU, 1)
    play = trainer.self_play
    estimate = Learner.estimate_advantages
    both, preparation = play.visited_states.source, SCENARIO.preparation_ticks

    def numbered(self, samples):
        """Errors that say of which side, tick and world they are."""
        batch = estimate(self, samples)
        side = next(side for side in (HIDERS, SEEKERS) if trainer.learners[side] is self)
        slot = play.rollout.learning[side]
        ticks = torch.arange(slot.first, SCENARIO.ticks).unsqueeze(1)
        worlds = torch.arange(slot.worlds.start, slot.worlds.stop)
        return batch._replace(errors=(1000.0 if side else 0.0) + 10.0 * ticks + worlds)

    monkeypatch.setattr(Learner, "estimate_advantages", numbered)
    trainer.update(executor)
    worlds = np.arange(both.start, both.stop)
    assert both.start > 0 and min(play.visited_states.archives) < preparation < max(play.visited_states.archives)
    for tick, archive in play.visited_states.archives.items():
        of_both_sides = 0.0 if tick < preparation else 500.0
        assert np.array_equal(archive.errors[: archive.count], of_both_sides + 10.0 * tick + worlds)
        assert (archive.state.tick[: archive.count] == tick).all()


def test_an_update_follows_the_schedule(executor: Executor):
    config = replace(CONFIG, schedule_steps=2 * PER_UPDATE, entropy_final_fraction=0.0)
    trainer = Trainer(config, SCENARIO, CPU, 1)
    found = []
    for _ in range(3):
        trainer.update(executor)
        for learner in trainer.learners:
            rates = [optimiser.param_groups[0]["lr"] for optimiser in learner.optimisers().values()]
            found.append([*(rate / config.learning_rate for rate in rates), learner.entropy_weight / config.entropy])
    wanted = [[1.0, 1.0, 1.0], [0.55, 0.55, 0.5], [0.1, 0.1, 0.0]]
    np.testing.assert_allclose(found, np.repeat(wanted, 2, 0), atol=1e-9)


def test_no_update_repeats_the_chances_of_another(executor: Executor):
    """Every generator has a seed of its own in every update."""
    trainer = Trainer(replace(CONFIG, learning_rate=0.0), SCENARIO, CPU, 1)
    play = trainer.self_play
    seen: set[int] = set()
    for _ in range(3):
        trainer.update(executor)
        slots = [*play.rollout.learning, *play.past_slots]
        generators = [slot.generator for slot in slots]
        generators += [g for learner in trainer.learners for g in (learner.actor_generator, learner.critic_generator)]
        seeds = [generator.initial_seed() for generator in generators]
        assert len(set(seeds)) == 8 and not seen & set(seeds)
        seen |= set(seeds)


def test_the_chances_of_an_update_stay_the_same(executor: Executor):
    """From version to version: those of the second update, as they were when runs of format 2 began."""
    trainer = Trainer(CONFIG, SCENARIO, CPU, 1)
    play = trainer.self_play
    for _ in range(2):
        trainer.update(executor)
    slots = [*play.rollout.learning, *play.past_slots]
    assert [slot.generator.initial_seed() for slot in slots] == [
        3108398236813484367,
        3163556277817018502,
        7417033551151829383,
        14247993460455678359,
    ]
    assert [(one.actor_generator.initial_seed(), one.critic_generator.initial_seed()) for one in trainer.learners] == [
        (3376304175274233787, 13502814403669819903),
        (14562314417443680559, 18200038645490916165),
    ]


def test_mirrored_worlds_are_learnt_from_only_where_the_config_says_so():
    for share in (0.0, 0.5):
        trainer = Trainer(replace(CONFIG, mirrored_share=share), SCENARIO, CPU, 1)
        assert [learner.mirror is not None for learner in trainer.learners] == [share > 0] * 2


def test_arithmetic_is_put_back_as_it_was():
    threads, precision = torch.get_num_threads(), torch.get_float32_matmul_precision()
    torch.set_num_threads(2)
    with pytest.raises(KeyError), fast_arithmetic():
        assert torch.get_num_threads() == 1 and torch.get_float32_matmul_precision() == "medium"
        raise KeyError
    assert torch.get_num_threads() == 2 and torch.get_float32_matmul_precision() == precision
    torch.set_num_threads(threads)


def test_a_state_with_a_tensor_in_the_place_of_many_is_damaged(executor: Executor, tmp_path: Path):
    trainer = Trainer(TINY, SCENARIO, CPU, 1)
    trainer.update(executor)
    save_checkpoint(trainer, tmp_path)
    tensors = load_file(tmp_path / STATE)
    save_file({**tensors, "hiders/pool/7": torch.zeros(1)}, tmp_path / STATE, metadata={"updates": "1"})
    with pytest.raises(UserError, match="is damaged"):
        restore_checkpoint(trainer, tmp_path)
