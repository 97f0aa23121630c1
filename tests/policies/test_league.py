"""Who meets whom."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from policies.learning.league import League, Pool, matchups
from sim.rules import HIDERS, SEEKERS


@pytest.mark.parametrize(("worlds", "share"), [(512, 0.1), (10, 0.4), (1, 0.1), (7, 0.0), (3, 0.9), (2, 0.9)])
@pytest.mark.parametrize("visited", [0.0, 0.3, 1.0])
def test_in_every_world_each_side_has_one_player(worlds: int, share: float, visited: float):
    split = matchups(worlds, share, visited)
    for side in (HIDERS, SEEKERS):
        players = np.zeros(worlds, int)
        players[split.latest[side]] += 1
        players[split.past[side]] += 1
        assert (players == 1).all()
    old = np.zeros((2, worlds), bool)
    for side in (HIDERS, SEEKERS):
        old[side, split.past[side]] = True
    assert not old.all(0).any(), "the past meets the past"
    assert np.array_equal(np.flatnonzero(~old.any(0)), np.arange(worlds)[split.both])
    assert old.any(0).mean() == pytest.approx(share, abs=1 / worlds) or not old.any()
    assert old.any() == (share > 0 and worlds > 2)
    assert split.both.start <= split.true.start < split.true.stop
    assert (split.visited.start, split.visited.stop, split.true.stop) == (
        split.both.start,
        split.true.start,
        split.both.stop,
    )
    most = split.both.stop - split.both.start - 1
    assert split.visited.stop - split.visited.start == min(round(worlds * visited), most)


def network(number: float) -> torch.nn.Linear:
    layer = torch.nn.Linear(2, 2)
    torch.nn.init.constant_(layer.weight, number)
    return layer


def test_a_snapshot_does_not_change_with_the_network():
    pool, random = Pool(3), np.random.default_rng(0)
    learning, past = network(1.0), network(0.0)
    pool.add(0, learning, random)
    torch.nn.init.constant_(learning.weight, 2.0)
    pool.sample_opponents(past, random)
    assert (past.weight == 1.0).all()


def test_a_full_pool_keeps_its_size_its_order_and_the_newest():
    pool, random = Pool(5), np.random.default_rng(0)
    for agent_steps in range(100):
        pool.add(agent_steps, network(agent_steps), random)
        ages = [member.agent_steps for member in pool.members]
        assert len(ages) <= 5 and ages == sorted(ages) and ages[-1] == agent_steps
    assert ages[0] < 94, "only the most recent are left"
    assert ages[-2] > 20, "only the first are left"


def test_every_member_is_dealt():
    pool, random, dealt = Pool(4), np.random.default_rng(0), network(0)
    for number in range(4):
        pool.add(number, network(number), random)
    seen = set()
    for _ in range(100):
        pool.sample_opponents(dealt, random)
        seen.add(dealt.weight[0, 0].item())
    assert seen == {0, 1, 2, 3}


def test_who_wins_is_met_more_often_and_who_never_wins_still_sometimes():
    pool, random, dealt = Pool(2), np.random.default_rng(0), network(0)
    for number in range(2):
        pool.add(number, network(number), random)
    met = np.zeros(2)
    for _ in range(2000):
        pool.sample_opponents(dealt, random)
        number = int(dealt.weight[0, 0].item())
        pool.record_result(float(number == 1))
        met[number] += 1
    assert 1 / 20 < met[0] / met.sum() < 1 / 5


def test_what_is_known_of_a_member_follows_its_results():
    pool, random = Pool(1), np.random.default_rng(0)
    pool.record_result(0.0)  # no member has played yet
    pool.add(0, network(0), random)
    (member,) = pool.members
    assert member.wins == 1.0, "a new one is met soon"
    pool.sample_opponents(network(-1), random)
    wins = [member.wins]
    for _ in range(20):
        pool.record_result(0.25)
        wins.append(member.wins)
    assert wins[1:3] == pytest.approx([0.7 + 0.3 * 0.25, 0.7 * (0.7 + 0.3 * 0.25) + 0.3 * 0.25])
    assert all(late < early for early, late in pairwise(wins)) and wins[-1] == pytest.approx(0.25, abs=0.01)


def test_members_are_met_in_proportion_to_what_they_win():
    pool, random, dealt = Pool(3), np.random.default_rng(0), network(0)
    for number, wins in enumerate((0.0, 0.4, 0.9)):
        pool.add(number, network(number), random)
        pool.members[-1].wins = wins
    met = np.zeros(3)
    for _ in range(6000):
        pool.sample_opponents(dealt, random)
        met[int(dealt.weight[0, 0].item())] += 1
    np.testing.assert_allclose(met / met.sum(), np.array([0.1, 0.5, 1.0]) / 1.6, atol=0.02)


def test_each_side_has_a_pool_of_its_own():
    league, random = League(3, 100), np.random.default_rng(0)
    league.snapshot(7, [network(1.0), network(2.0)], random)
    dealt = [network(0.0), network(0.0)]
    league.sample_opponents(dealt, random)
    assert [layer.weight[0, 0].item() for layer in dealt] == [1.0, 2.0]
    assert [[member.agent_steps for member in pool.members] for pool in league.pools] == [[7], [7]]
    assert len(League(3, 100, sides=1).pools) == 1


def test_snapshots_are_due_at_once_and_then_every_interval():
    league, random = League(10, 1000), np.random.default_rng(0)
    taken = []
    for agent_steps in range(0, 5000, 300):
        if league.due(agent_steps):
            league.snapshot(agent_steps, [network(0), network(1)], random)
            taken.append(agent_steps)
    assert taken == [0, 1200, 2400, 3600, 4800]
    assert not league.due(4800 + 999) and league.due(4800 + 1000)


def test_a_restored_pool_deals_the_same():
    pool, copy = Pool(4), Pool(4)
    for number in (4, 30, 100):
        pool.add(number, network(number), np.random.default_rng(0))
        pool.sample_opponents(network(-1), np.random.default_rng(0))
        pool.record_result(0.0)
    copy.restore(dict(reversed(pool.state().items())), network(0))
    assert copy.state().keys() == pool.state().keys()
    assert [member.wins for member in copy.members] == [member.wins for member in pool.members]
    for seed in range(10):
        one, other = network(-1), network(-2)
        pool.sample_opponents(one, np.random.default_rng(seed))
        copy.sample_opponents(other, np.random.default_rng(seed))
        assert torch.equal(one.weight, other.weight)


@pytest.mark.parametrize(
    "wrong",
    [{"weight": torch.ones(3, 3)}, {"weight": torch.full((2, 2), torch.nan)}, {"other": torch.ones(1)}]
    + [{"wins": torch.tensor(wins)} for wins in (float("nan"), -0.1, 1.1)],
)
def test_a_damaged_member_is_refused_before_it_is_drawn(wrong: dict[str, torch.Tensor]):
    pool = Pool(4)
    pool.add(4, network(1), np.random.default_rng(0))
    state = pool.state()
    with pytest.raises(ValueError, match="past opponent 4"):
        Pool(4).restore({"4": {**state["4"], **wrong}}, network(0))
    del state["4"]["bias"]
    with pytest.raises(ValueError, match="past opponent 4"):
        Pool(4).restore(state, network(0))
