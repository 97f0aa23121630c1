"""What each shift changes, and that it changes nothing else."""

import copy

import numpy as np
import pytest

from sim.errors import UserError
from sim.game import Game
from sim.reward import OUT_OF_BOUNDS_REWARD
from sim.rng import episode_seeds
from sim.rules import GRAB, KEEP, LOCK
from sim.scenario import scenario_from_text
from sim.schema import agents_one_each, global_state_tables, split
from sim.shifts import blind_seekers
from sim.shifts.lock_costs import COST_TICKS
from sim.state import HIDERS_LOCK, X, Y
from tests.games import started
from tests.sim.overlaps import check_nothing_overlaps
from tests.sim.shifted_worlds import random_play


def test_no_seekers():
    game = started("quadrant+no-seekers", 64)
    assert not game.layout.agent_exists[:, 2:].any() and game.layout.agent_exists[:, :2].all()
    random_play(game, 40)
    assert game.hidden.all() and (game.reward[:, :2] == 1).all() and (game.reward[:, 2:] == 0).all()


def test_still_seekers_see_and_do_nothing():
    game = started("quadrant+still-seekers", 64)
    places = game.state.agents[:, 2:].copy()
    for _ in range(60):
        game.tick(np.tile([1, 1, GRAB], (64, 4, 1)))
    far = np.abs(game.state.agents[:, 2:] - places).max(axis=(1, 2)) > 1e-6
    assert far.mean() < 0.2  # hiders that come out push some
    assert (game.actions[:, 2:] == 0).all() and (game.actions[:, :2] == [1, 1, GRAB]).all()
    assert not game.hidden.all()


def test_blind_seekers_see_nothing_and_hiders_are_paid():
    game, plain = started("quadrant+blind-seekers", 64), started("quadrant", 64)
    slots = game.slots
    for tick in range(1, 50):
        actions = np.random.default_rng(tick).integers(0, [9, 3, 4], (64, 4, 3))
        game.tick(actions)
        tables = split(game.observation, slots)
        for name in ("agents", "agents_seen", "boxes", "boxes_seen", "lidar"):
            assert not tables[name][:, 2:].any()
        assert tables["lidar"][:, :2].all() and tables["doors_exist"][:, 2:].any()
        assert not game.seen.agents[:, 2:].any() and game.hidden.all()
        sign = 1.0 if tick > game.scenario.preparation_ticks else 0.0
        assert (game.reward == sign * np.array([1, 1, -1, -1])).all()
    table = global_state_tables(slots)["agents"]
    rows = game.global_state[:, table.start : table.stop].reshape(64, table.rows, table.width)
    assert not rows[:, 2:, -4:].any() and rows[:, :2, -4:].any()
    assert (split(plain.observation, slots)["self"] == split(started("quadrant", 64).observation, slots)["self"]).all()


def test_blind_seekers_leave_the_penalty_for_being_out_of_bounds():
    game = started("quadrant+blind-seekers", 32)
    layout, state = game.snapshot()
    layout.out_of_bounds_margin_m[:] = 1.0
    game.restore(layout, state)
    random_play(game, 40)
    out = game.reward == OUT_OF_BOUNDS_REWARD
    assert out.any() and not out.all()
    assert set(np.unique(game.reward[~out])) == {-1.0, 1.0}


@pytest.mark.parametrize("text", ["blind-seekers+lock-costs", "lock-costs+blind-seekers"])
def test_locks_cost_the_same_where_seekers_are_blind(text):
    game, free = started(f"quadrant+{text}", 64), started("quadrant+blind-seekers", 64)
    locks = 0
    for tick in range(60):
        before = free.state.lock == HIDERS_LOCK
        actions = np.random.default_rng(tick).integers(0, [9, 3, 4], (64, 4, 3))
        for one in (game, free):
            one.tick(actions)
        new = ((free.state.lock == HIDERS_LOCK) & ~before).sum(axis=1)
        assert (game.reward[:, :2] == free.reward[:, :2] - COST_TICKS * new[:, None]).all()
        locks += new.sum() if tick >= game.scenario.preparation_ticks else 0
    assert locks > 0


def test_blind_seekers_ask_for_the_place_of_agents_out_of_bounds_and_not_for_their_pay():
    game = started("quadrant+blind-seekers", 8)
    game.reward[:] = OUT_OF_BOUNDS_REWARD
    game.state.tick[:] = game.scenario.preparation_ticks + 1
    blind_seekers.pay(game, np.arange(8))
    assert (game.reward == [1, 1, -1, -1]).all()


def test_seekers_stop_halfway_and_are_as_always_before():
    game, plain = started("quadrant+seekers-stop", 64), started("quadrant", 64)
    random = np.random.default_rng(0)
    for tick in range(1, 65):
        actions = random.integers(0, [9, 3, 4], (64, 4, 3))
        for one in (game, plain):
            one.tick(actions)
        if tick <= 44:
            assert game.observation.tobytes() == plain.observation.tobytes()
            assert (game.reward == plain.reward).all()
        else:
            assert (game.actions[:, 2:] == 0).all() and (game.actions[:, :2] == actions[:, :2]).all()
            assert game.hidden.all() and (game.reward == [1, 1, -1, -1]).all() and not game.seen.agents[:, 2:].any()
    assert not plain.hidden.all()


def test_only_worlds_that_are_over_half_stop():
    game = started("quadrant+seekers-stop", 8)
    random_play(game, 50)
    game.reset(episode_seeds(1, 0, 4), np.arange(4))
    for _ in range(game.scenario.preparation_ticks + 2):
        game.tick(np.tile([1, 1, GRAB], (8, 4, 1)))
    assert game.actions[:4, 2:, 1].all() and not game.actions[4:, 2:].any()


def test_swapped_looks_change_places_in_what_is_observed_and_in_nothing_else():
    game, plain = started("quadrant-ramp+swapped-looks", 16), started("quadrant-ramp", 16)
    random, held = np.random.default_rng(0), 0
    for tick in range(40):
        if tick == 20:  # the others must not be swapped back
            for one in (game, plain):
                one.reset(episode_seeds(1, 0, 4), np.arange(4))
        mine, usual = split(game.observation, game.slots), split(plain.observation, plain.slots)
        for name in ("", "_exist", "_seen"):
            assert (mine[f"boxes{name}"][:, :, :1] == usual[f"ramps{name}"][:, :, :1]).all()
            assert (mine[f"ramps{name}"][:, :, :1] == usual[f"boxes{name}"][:, :, :1]).all()
        assert all((mine[name] == usual[name]).all() for name in ("self", "agents", "doors", "lidar"))
        tables = global_state_tables(game.slots)
        box, ramp = tables["boxes"], tables["ramps"]
        swapped = game.global_state[:, ramp.start : ramp.start + ramp.width]
        assert (swapped == plain.global_state[:, box.start : box.start + box.width]).all()
        mine, usual = (agents_one_each(one.global_state, one.slots) for one in (game, plain))
        assert (mine["things"] == usual["things"][..., ::-1]).all() and (mine["agents"] == usual["agents"]).all()
        held += mine["things"].sum()
        assert all((a == b).all() for a, b in zip(game.state, plain.state, strict=True))
        actions = random.integers(0, [9, 3, 4], (16, 4, 3))
        for one in (game, plain):
            one.tick(actions)
    assert held > 0
    usual = split(plain.observation, plain.slots)
    assert usual["boxes_seen"].any() and (usual["boxes"] != usual["ramps"]).any()


def in_room(game: Game, agents) -> np.ndarray:
    places = game.state.agents[:, agents]
    return (places[..., X] > 3.6) & (places[..., Y] < 2.4)


def test_seeker_inside():
    game, plain = started("quadrant+seeker-inside", 200), started("quadrant", 200)
    assert in_room(game, 2).all() and not in_room(game, 3).any()
    assert (game.state.agents[:, [0, 1, 3]] == plain.state.agents[:, [0, 1, 3]]).all()
    headings = game.state.agents[:, 2, 2]
    assert headings.min() < -2 and headings.max() > 2


def test_one_ramp_leaves_one_and_the_boxes():
    game = started("quadrant-two-ramps+one-ramp", 50)
    boxes = game.slots.boxes
    assert game.layout.thing_exists[:, : boxes + 1].all() and not game.layout.thing_exists[:, boxes + 1 :].any()
    random_play(game, 50)
    assert not game.state.things[:, boxes + 1 :].any()


def test_door_locked_finds_room_for_three_boxes_and_says_so_where_there_is_none():
    game = started("quadrant:boxes=3+door-locked", 200)
    assert (game.state.lock[:, 0] == HIDERS_LOCK).all()
    check_nothing_overlaps(game)
    with pytest.raises(UserError, match="no room for boxes and hiders beside a shut door"):
        started("quadrant:boxes=4+door-locked", 20)


@pytest.mark.parametrize("options", ["", ":boxes=2", ":boxes=2,hiders_anywhere=true"])
def test_door_locked_keeps_seekers_out(options):
    game = started(f"quadrant{options}+door-locked", 200)
    assert (game.state.lock[:, 0] == HIDERS_LOCK).all() and not game.state.lock[:, 1:].any()
    actions = np.random.default_rng(0)
    for _ in range(60):
        chosen = actions.integers(0, [9, 3, 4], (200, 4, 3))
        chosen[:, :2] = 0
        game.tick(chosen)
    assert not in_room(game, slice(2, 4)).any()


def test_no_lock_for_either_team():
    game = started("quadrant+no-lock", 64)
    random_play(game, 60)
    assert not game.state.lock.any()
    assert started("quadrant", 1).scenario.slots == game.slots
    plain = started("quadrant", 64)
    random_play(plain, 60)
    assert plain.state.lock.any()


def test_locks_cost_hiders_each_time():
    game, plain = started("quadrant+lock-costs", 64), started("quadrant", 64)
    random, counted = np.random.default_rng(0), 0
    for _ in range(60):
        before = plain.state.lock == HIDERS_LOCK
        actions = random.integers(0, [9, 3, 4], (64, 4, 3))
        game.tick(actions)
        plain.tick(actions)
        new = ((plain.state.lock == HIDERS_LOCK) & ~before).sum(axis=1)
        counted += new.sum()
        assert np.allclose(game.reward[:, :2], plain.reward[:, :2] - COST_TICKS * new[:, None])
        assert (game.reward[:, 2:] == plain.reward[:, 2:]).all()
    assert counted > 5


def test_the_locks_before_a_tick_are_those_of_the_world_as_it_is_now():
    game = started("quadrant+door-locked", 4)
    assert (game.lock_before == game.state.lock).all() and game.lock_before.any()
    random_play(game, 5)
    moment = game.snapshot()
    for _ in range(2):
        game.tick(np.zeros((4, 4, 3), np.int8))
    again = copy.deepcopy(game)
    assert (again.lock_before == game.lock_before).all()
    moment[1].lock[:] = 0
    game.restore(*moment)
    assert not game.lock_before.any()


def test_swapped_places_are_those_of_agents_that_take_part():
    game, plain = started("rooms+swapped-places", 200), started("rooms", 200)
    hiders = game.slots.hiders
    for w in range(200):
        exists = plain.layout.agent_exists[w]
        mine, theirs = np.flatnonzero(exists[:hiders]), hiders + np.flatnonzero(exists[hiders:])
        pairs = min(len(mine), len(theirs))
        wanted = plain.state.agents[w].copy()
        wanted[mine[:pairs]], wanted[theirs[:pairs]] = wanted[theirs[:pairs]], wanted[mine[:pairs]]
        assert (game.state.agents[w] == wanted).all()


def test_swapped_places():
    game, plain = started("quadrant+swapped-places", 64), started("quadrant", 64)
    assert (game.state.agents[:, [2, 3, 0, 1]] == plain.state.agents).all()
    assert (game.state.things == plain.state.things).all()


def test_options_that_shifts_change():
    world = scenario_from_text
    assert world("quadrant+bigger").floor_m == 9.0
    assert world("quadrant+long").ticks == 4 * 64 and world("quadrant+long").preparation_ticks == 24
    assert started("quadrant+two-doors", 64).layout.door_exists.all()
    assert world("quadrant+more-agents").slots[:2] == (3, 3)


def test_two_shifts_at_once():
    game = started("quadrant+seeker-inside+no-lock", 64)
    assert in_room(game, 2).all()
    game.tick(np.tile([0, 0, LOCK], (64, 4, 1)))
    assert (game.actions[..., 2] == KEEP).all()
