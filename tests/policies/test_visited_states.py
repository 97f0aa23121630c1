"""Visited states: what is stored and what is drawn; `test_rollout.py` has what follows from them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import torch

from policies.learning.league import matchups
from policies.learning.trainer import Trainer
from policies.learning.visited_states import Archive, VisitedStates
from sim.game import Game
from sim.layout import Slots
from sim.rng import episode_seeds
from sim.rules import HIDERS, SEEKERS
from sim.scenario import scenario_from_text
from sim.state import take
from tests.policies.training import SCENARIO, TINY

SLOTS = Slots(hiders=1, seekers=1, boxes=1, ramps=0, walls=1, doors=1)


def numbered(archive: Archive, numbers: np.ndarray, errors: np.ndarray) -> None:
    """Adds states that are told apart by their tick."""
    places = np.zeros(len(numbers), int)
    layout, state = take(archive.layout, places), take(archive.state, places)
    state.tick[:] = numbers
    archive.add(layout, state, errors)


def test_states_are_drawn_by_their_error():
    archive = Archive(SLOTS)
    numbered(archive, np.arange(4), np.array([0.0, 1.0, 3.0, 0.0]))
    for power, shares in ((1.0, [0, 1 / 4, 3 / 4, 0]), (2.0, [0, 1 / 10, 9 / 10, 0]), (0.0, [1 / 4] * 4)):
        _, state = archive.draw(20_000, power, np.random.default_rng(0))
        np.testing.assert_allclose(np.bincount(state.tick, minlength=4) / 20_000, shares, atol=0.015)


def test_states_without_any_error_are_drawn_alike():
    archive = Archive(SLOTS)
    numbered(archive, np.arange(4), np.zeros(4))
    _, state = archive.draw(20_000, 1.0, np.random.default_rng(0))
    np.testing.assert_allclose(np.bincount(state.tick) / 20_000, 1 / 4, atol=0.015)


def test_where_no_world_changes_nothing_is_kept():
    split = matchups(512, 0.3, 0.0)
    starts = VisitedStates(split.visited, split.both, 64, 1.0, SLOTS)
    assert not starts.groups and not starts.archives and not starts.tensors()


def test_the_oldest_states_make_way():
    archive = Archive(SLOTS)
    for first in range(0, 2100, 300):
        numbered(archive, np.arange(first, first + 300), np.ones(300))
    _, state = archive.draw(50_000, 0.0, np.random.default_rng(0))
    assert set(state.tick) == set(range(2100 - 1024, 2100))


def test_a_restored_archive_draws_the_same():
    archive, copy = Archive(SLOTS), Archive(SLOTS)
    numbered(archive, np.arange(30), np.arange(30.0))
    copy.restore(archive.tensors())
    one, other = (each.draw(10, 1.0, np.random.default_rng(3))[1] for each in (archive, copy))
    assert np.array_equal(one.tick, other.tick)
    for change in (lambda tensor: tensor[..., None], lambda tensor: tensor.flatten()[:1]):
        with pytest.raises(ValueError, match="shape"):
            copy.restore({name: change(tensor) for name, tensor in archive.tensors().items()})
    for wrong in (
        {"errors": torch.full((1024,), torch.nan)},
        {"errors": -torch.ones(1024)},
        {"count": torch.tensor(-1)},
    ):
        with pytest.raises(ValueError, match="out of range"):
            copy.restore({**archive.tensors(), **wrong})


def test_restored_visited_states_hold_what_was_kept_of_each_tick():
    split = matchups(512, 0.3, 0.2)
    kept, again = (VisitedStates(split.visited, split.both, 64, 1.0, SLOTS) for _ in range(2))
    tensors: dict[str, dict[str, torch.Tensor]] = {}
    for tick, archive in kept.archives.items():
        numbered(archive, np.arange(tick), np.full(tick, 10.0 * tick))
    for name, tensor in kept.tensors().items():
        tick, _, field = name.partition("/")
        tensors.setdefault(tick, {})[field] = tensor
    again.restore(tensors)
    for tick, archive in again.archives.items():
        assert archive.count == tick and (archive.errors[:tick] == 10.0 * tick).all()
        assert np.array_equal(archive.state.tick[:tick], np.arange(tick))


def test_ticks_that_another_number_of_ranks_has_begin_empty():
    """So few worlds change states at fewer ticks."""
    many, few = (VisitedStates(slice(0, n), slice(0, 8), 64, 1.0, SLOTS) for n in (8, 1))
    assert few.archives.keys() < many.archives.keys()
    many.restore({})
    assert all(archive.count == 0 for archive in many.archives.values())
    with pytest.raises(KeyError):
        many.restore({str(min(many.archives)): {}})


def test_a_checkpoint_names_the_fields_as_it_always_did():
    """A run that was begun with an older version goes on."""
    names = Archive(SLOTS).tensors().keys()
    assert {"layout.turns", "layout.rim", "layout.site_told", "state.over", "errors", "count"} <= names
    assert not any(name.partition(".")[2] in ("lock_order", "task_done") for name in names)


def test_states_are_kept_with_the_errors_of_their_own_tick_and_world():
    scenario = scenario_from_text("quadrant:ticks=16,preparation_ticks=4")
    game, split = Game(scenario, 12), matchups(12, 0.4, 0.5)
    starts = VisitedStates(split.visited, split.both, scenario.ticks, 1.0, scenario.slots)
    assert set(starts.groups) >= {2, 4, 6, 8} and split.both.start > 0, "a bad example"
    game.reset(episode_seeds(0, 0, 12))
    met, still = {}, np.zeros((12, scenario.slots.agents, 3), np.int8)
    for tick in range(scenario.ticks):
        met[tick] = take(game.state, split.both)
        assert starts.resume(game, tick) == slice(0, 0), "nothing was visited before"
        game.tick(np.where(game.state.tick[:, None, None] % 2, still, 1).astype(np.int8))
    worlds = np.arange(split.both.stop - split.both.start)
    starts.learn(np.arange(scenario.ticks)[:, None] * 100.0 + worlds)
    for tick, archive in starts.archives.items():
        assert np.array_equal(archive.errors[: archive.count], 100.0 * tick + worlds)
        for kept, wanted in zip(archive.state, met[tick], strict=True):
            assert np.array_equal(kept[: archive.count], wanted)


def test_worlds_go_on_from_stored_states_at_their_tick_and_the_others_are_let_alone():
    scenario = scenario_from_text("quadrant:ticks=16,preparation_ticks=4")
    game, split = Game(scenario, 12), matchups(12, 0.4, 0.5)
    starts = VisitedStates(split.visited, split.both, scenario.ticks, 1.0, scenario.slots)
    still = np.zeros((12, scenario.slots.agents, 3), np.int8)
    for first in (0, 100):
        game.reset(episode_seeds(0, first, 12))
        starts.begin(np.random.default_rng(first))
        for tick in range(scenario.ticks):
            before, global_state = take(game.state, np.arange(12)), game.global_state.copy()
            worlds = starts.resume(game, tick)
            changed = np.flatnonzero((game.state.agents != before.agents).any((1, 2)))
            if first == 0 or tick not in starts.groups:
                assert not len(changed) and worlds == slice(0, 0)
            else:
                assert worlds == starts.groups[tick] and np.array_equal(changed, np.arange(12)[worlds])
                assert starts.cuts[-1].tick == tick and starts.cuts[-1].worlds == worlds
                assert np.array_equal(starts.cuts[-1].global_state, global_state[worlds])
                stored = starts.archives[tick].state.agents[: starts.archives[tick].count]
                assert all((state == stored).all((1, 2)).any() for state in game.state.agents[worlds])
            game.tick(still)
        assert len(starts.cuts) == (len(starts.groups) if first else 0)
        starts.learn(np.ones((scenario.ticks, split.both.stop - split.both.start)))
    assert {archive.count for archive in starts.archives.values()} == {2 * (split.both.stop - split.both.start)}


def test_worlds_change_from_an_eighth_to_five_eighths_of_an_episode():
    split = matchups(512, 0.3, 0.2)
    starts = VisitedStates(split.visited, split.both, 64, 1.0, SLOTS)
    assert list(starts.groups) == [8, 16, 24, 32, 40]
    sizes = [worlds.stop - worlds.start for worlds in starts.groups.values()]
    assert max(sizes) - min(sizes) <= 1


def test_every_visited_world_changes_once():
    split = matchups(512, 0.3, 0.2)
    starts = VisitedStates(split.visited, split.both, 64, 1.0, SLOTS)
    changed = np.zeros(512, int)
    for tick, worlds in starts.groups.items():
        assert 0 < tick < 64
        changed[worlds] += 1
    assert np.array_equal(np.flatnonzero(changed == 1), np.arange(512)[split.visited]) and changed.max() == 1


def test_states_are_kept_with_the_errors_of_their_own_tick():
    game = Game(SCENARIO, 6)
    game.reset(np.arange(6, dtype=np.uint64))
    starts = VisitedStates(slice(0, 4), slice(0, 6), SCENARIO.ticks, 1.0, SCENARIO.slots)
    for tick in range(SCENARIO.ticks):
        starts.resume(game, tick)
        game.tick(np.zeros((6, SCENARIO.slots.agents, 3), np.int8))
    errors = np.arange(SCENARIO.ticks * 6, dtype=np.float32).reshape(-1, 6)
    starts.learn(errors)
    for tick, archive in starts.archives.items():
        assert archive.count == 6 and (archive.state.tick[:6] == tick).all()
        assert np.array_equal(archive.errors[:6], errors[tick])


def test_errors_are_the_mean_of_the_critics_at_one_tick_in_one_world():
    """In preparation they are the hiders' alone, whose samples begin earlier."""
    config = replace(TINY, past_share=0.5, visited_share=0.3)
    trainer = Trainer(config, SCENARIO, torch.device("cpu"), 1)
    play = trainer.self_play
    ticks, first, both = SCENARIO.ticks, SCENARIO.preparation_ticks, play.visited_states.source
    wanted = np.arange(ticks * config.worlds, dtype=np.float32).reshape(ticks, -1)
    hiders, seekers = (slot.worlds for slot in play.rollout.learning)
    errors = {HIDERS: torch.from_numpy(wanted[:, hiders]), SEEKERS: torch.from_numpy(3 * wanted[first:, seekers])}
    found = play._errors(errors)
    assert np.array_equal(found[:first], wanted[:first, both])
    assert np.array_equal(found[first:], 2 * wanted[first:, both])


def test_an_update_records_what_each_past_opponent_won():
    trainer = Trainer(replace(TINY, past_share=0.5), SCENARIO, torch.device("cpu"), 1)
    play = trainer.self_play
    with ThreadPoolExecutor(1) as executor:
        trainer.update(executor)
    wins = [play.rollout.wins(slot) for slot in play.past_slots]
    assert wins[0] != wins[1]
    for pool, won in zip(play.league.pools, wins, strict=True):
        assert pool.members[0].wins == pytest.approx(0.7 + 0.3 * won)
