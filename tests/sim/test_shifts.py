"""Shifted worlds: what each shift changes, that nothing else does, and that every one is a world like others."""

import contextlib
import copy
import itertools
from typing import NamedTuple

import numpy as np
import pettingzoo
import pytest
from pettingzoo.test import api_test, parallel_api_test, parallel_seed_test

from replays.format.recording import Recorder, read, write
from replays.live_episode import scenario_of
from sim.env import env, parallel_env
from sim.errors import UserError
from sim.game import Game
from sim.layout import Layout, empty_layout
from sim.reward import OUT_OF_BOUNDS_REWARD
from sim.rng import episode_seeds
from sim.rules import GRAB, KEEP, LOCK
from sim.scenario import Scenario, full_text, scenario_from_text, scenario_text, shifted
from sim.schema import agents_one_each, global_state_tables, split
from sim.shifts import blind_seekers, seeker_inside
from sim.shifts.lock_costs import COST_TICKS
from sim.shifts.shift import Start
from sim.shifts.shifted import all_shifts
from sim.state import HIDERS_LOCK, State, X, Y, empty_state
from tests.sim.test_env import advice
from tests.sim.test_scenario import check_nothing_overlaps

SHIFTS = list(all_shifts())
_WORLDS = {"swapped-looks": "quadrant-ramp", "one-ramp": "quadrant-two-ramps"}
WORLDS = {name: _WORLDS.get(name, "quadrant") for name in SHIFTS}
"""The smallest world that each shift suits."""
PLACED = [name for name, shift in all_shifts().items() if shift.only_start]


def suits(text: str) -> bool:
    with contextlib.suppress(UserError):
        return bool(scenario_from_text(text))
    return False


DRAWN_COUNTS = [(base, name) for base in ("rooms", "open_field") for name in PLACED if suits(f"{base}+{name}")]
"""Worlds in which some agents and things do not take part, with the shifts that change their starts."""
TWO_PLACED = [
    (base, one, other)
    for base in ("quadrant:boxes=2", "quadrant-two-ramps", "rooms")
    for one, other in itertools.combinations(PLACED, 2)
    if suits(f"{base}+{one}=0.5+{other}=0.5")
]


def started(text: str, worlds: int = 64, seed: int = 0) -> Game:
    game = Game(scenario_from_text(text), worlds)
    game.reset(episode_seeds(seed, 0, worlds))
    return game


class Starts(NamedTuple):
    """Worlds as they are placed, without a game to play them in."""

    layout: Layout
    state: State


def placed(text: str, worlds: int = 24) -> Starts:
    scenario = scenario_from_text(text)
    starts = Starts(empty_layout(worlds, scenario.slots), empty_state(worlds, scenario.slots))
    scenario.place(episode_seeds(0, 0, worlds), np.arange(worlds), starts.layout, starts.state)
    return starts


def random_play(game: Game, ticks: int, seed: int = 0) -> list[bytes]:
    random, records = np.random.default_rng(seed), []
    for _ in range(ticks):
        game.tick(random.integers(0, [9, 3, 4], (game.worlds, game.slots.agents, 3)))
        records.append(b"".join(a.tobytes() for a in (game.observation, game.global_state, game.reward)))
    return records


def test_the_shifts_of_the_plan_are_there():
    assert {"no-seekers", "still-seekers", "blind-seekers", "seeker-inside", "door-locked", "no-lock"} <= set(SHIFTS)
    assert all(name == name.lower() and " " not in name and shift.about for name, shift in all_shifts().items())


@pytest.mark.parametrize("name", SHIFTS)
def test_text_names_a_shifted_scenario_and_back(name):
    base = WORLDS[name]
    scenario = scenario_from_text(f"{base}+{name}")
    assert isinstance(scenario, Scenario)
    assert scenario_text(scenario) == f"{base}+{name}"
    assert scenario_from_text(full_text(scenario)) == scenario != scenario_from_text(base)
    assert shifted(scenario_from_text(base), [name]) == shifted(scenario, [name]) == scenario


@pytest.mark.parametrize(
    "text",
    ["quadrant+", "quadrant+moon", "quadrant+no-lock=0.5", "quadrant+seeker-inside=", "quadrant+seeker-inside=0",
     "quadrant+seeker-inside=1.5", "quadrant+seeker-inside=nan", "quadrant:boxes=0+door-locked", "food+no-lock",
     "quadrant-ramp+door-locked", "rooms+seeker-inside", "rooms+two-doors", "quadrant:hiders=3+more-agents",
     "quadrant+swapped-looks", "quadrant-ramp+one-ramp", "rooms+three-doors", "rooms+food-outside",
     "quadrant:room_m=1.2+three-doors", "quadrant+three-doors+door-locked", "quadrant+door-locked+three-doors",
     "quadrant+two-doors+door-locked", "quadrant+door-locked+two-doors", "quadrant+two-doors+three-doors",
     "quadrant+no-seekers+seeker-inside", "quadrant+no-seekers=0.2+no-seekers=0.3",
     "quadrant+seeker-inside=0.1+no-seekers", "rooms+swapped-places+no-seekers",
     "quadrant+seeker-inside+swapped-places=0.5"],
)  # fmt: skip
def test_what_cannot_be_is_one_clear_line(text):
    with pytest.raises(UserError) as caught:
        scenario_from_text(text)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 300


@pytest.mark.parametrize("name", SHIFTS)
def test_nothing_overlaps_at_the_start(name):
    check_nothing_overlaps(placed(f"{WORLDS[name]}+{name}", 100))
    if name not in ("door-locked", "swapped-looks", "one-ramp"):
        check_nothing_overlaps(placed(f"quadrant-large+{name}", 50))


@pytest.mark.parametrize(("base", "name"), DRAWN_COUNTS)
def test_starts_are_possible_where_some_agents_and_things_are_absent(base, name):
    starts, plain = placed(f"{base}+{name}", 50), placed(base, 50)
    check_nothing_overlaps(starts)
    check_absent_slots(starts, plain)


def check_absent_slots(starts: Starts, plain: Starts) -> None:
    """Fails if a shift put in an agent or a thing, or gave a place to one that is absent."""
    layout, state = starts.layout, starts.state
    assert not (layout.agent_exists & ~plain.layout.agent_exists).any()
    assert not (layout.thing_exists & ~plain.layout.thing_exists).any()
    assert not state.agents[~layout.agent_exists].any()
    assert not state.things[~layout.thing_exists].any()


@pytest.mark.parametrize(("base", "one", "other"), TWO_PLACED)
def test_the_order_in_which_two_shifts_are_named_means_nothing(base, one, other):
    starts, same = placed(f"{base}+{one}=0.5+{other}=0.5"), placed(f"{base}+{other}=0.5+{one}=0.5")
    pairs = zip((*starts.layout, *starts.state), (*same.layout, *same.state), strict=True)
    assert all((a == b).all() for a, b in pairs)
    check_nothing_overlaps(starts)
    check_absent_slots(starts, placed(base))


def test_a_seeker_that_takes_no_part_gets_no_place_in_the_room():
    starts, scenario = placed("quadrant+no-seekers"), scenario_from_text("quadrant")
    worlds = np.arange(len(starts.layout.floor))
    seeker_inside.place(Start(scenario, episode_seeds(0, 0, len(worlds)), worlds, *starts))
    assert not starts.state.agents[:, scenario.slots.hiders :].any()


def test_options_fit_in_either_order():
    """The room is wide enough for three doors once it is bigger."""
    text = "quadrant:room_m=1.2,box_m=0.4,door_clear_m=0.2"
    assert scenario_from_text(f"{text}+three-doors+bigger").floor_m == 9.0
    assert scenario_from_text(f"{text}+bigger+three-doors").floor_m == 9.0
    with pytest.raises(UserError, match="for three_doors"):
        scenario_from_text(f"{text}+three-doors")


@pytest.mark.parametrize("name", SHIFTS)
def test_a_restored_world_is_not_paid(name):
    game = started(f"{WORLDS[name]}+{name}", 16)
    random_play(game, 50)
    moment = game.snapshot()
    reward = game.reward.copy()
    game.restore(*moment)
    assert reward.any() and not game.reward.any()


@pytest.mark.parametrize("name", SHIFTS)
def test_the_same_seeds_give_the_same_bytes_in_any_slot(name):
    text = f"{WORLDS[name]}+{name}"
    one, other = started(text, 8), Game(scenario_from_text(text), 8, threads=2)
    other.reset(episode_seeds(9, 0, 8))
    random_play(other, 3, seed=9)
    other.reset(episode_seeds(0, 0, 8))
    assert random_play(one, 30) == random_play(other, 30)


@advice
@pytest.mark.parametrize("name", SHIFTS)
def test_pettingzoo_api(name):
    text = f"{WORLDS[name]}+{name}"
    parallel_api_test(parallel_env(text), num_cycles=80)
    parallel_seed_test(lambda: parallel_env(text), num_cycles=30)
    api_test(env(text), num_cycles=80)


def test_pettingzoo_makes_shifted_worlds_of_a_registered_one():
    made = pettingzoo.make("parallel", "hideseek/quadrant-v0", scenario="quadrant:boxes=2+no-seekers")
    observations, _ = made.reset(seed=0)
    assert set(observations) == {"hider_0", "hider_1"}
    with pytest.raises(UserError, match="quadrant"):
        pettingzoo.make("parallel", "hideseek/quadrant-v0", scenario="rooms+no-seekers")


@pytest.mark.parametrize("name", SHIFTS)
def test_a_recording_says_in_which_world_and_can_be_played_on(tmp_path, name):
    game = started(f"{WORLDS[name]}+{name}", 1)
    recorder = Recorder(game, seed=0, hiders="random", seekers="random", hashes={})
    random = np.random.default_rng(0)
    for _ in range(game.scenario.ticks):
        actions = random.integers(0, [9, 3, 4], (1, game.slots.agents, 3)).astype(np.int8)
        game.tick(actions)
        recorder.add(game, actions)
    write(recorder.finish(), tmp_path / "one.npz")
    found = read(tmp_path / "one.npz")
    assert found.header.scenario.endswith(f"+{name}")
    assert scenario_of(found) == game.scenario
    again = Game(scenario_of(found), 1)
    again.restore(found.layout, type(found.states)(*(column[:1] for column in found.states)))
    first = started(f"{WORLDS[name]}+{name}", 1)
    assert again.observation.tobytes() == first.observation.tobytes()
    assert random_play(again, 10) == random_play(first, 10)


@pytest.mark.parametrize("name", PLACED)
def test_a_share_shifts_so_many_episodes_and_leaves_the_others_as_they_are(name):
    plain, whole, part = (placed(f"{WORLDS[name]}{end}", 300) for end in ("", f"+{name}", f"+{name}=0.2"))

    def same(one, other):
        pairs = zip((*one.state, *one.layout), (*other.state, *other.layout), strict=True)
        alike = [(a == b).reshape(len(a), -1).all(1) for a, b in pairs if a.shape == b.shape]  # or it has more food
        return np.all([*alike, one.layout.food_exists.any(axis=1) == other.layout.food_exists.any(axis=1)], axis=0)

    shifted_ones = same(part, whole)
    assert shifted_ones.mean() == pytest.approx(0.2, abs=0.08)
    assert (same(part, plain) | shifted_ones).all()
    assert not same(plain, whole).any()


def test_no_seekers():
    game = started("quadrant+no-seekers")
    assert not game.layout.agent_exists[:, 2:].any() and game.layout.agent_exists[:, :2].all()
    random_play(game, 40)
    assert game.hidden.all() and (game.reward[:, :2] == 1).all() and (game.reward[:, 2:] == 0).all()


def test_still_seekers_see_and_do_nothing():
    game = started("quadrant+still-seekers")
    places = game.state.agents[:, 2:].copy()
    for _ in range(60):
        game.tick(np.tile([1, 1, GRAB], (64, 4, 1)))
    far = np.abs(game.state.agents[:, 2:] - places).max(axis=(1, 2)) > 1e-6
    assert far.mean() < 0.2  # hiders that come out push some
    assert (game.actions[:, 2:] == 0).all() and (game.actions[:, :2] == [1, 1, GRAB]).all()
    assert not game.hidden.all()


def test_blind_seekers_see_nothing_and_hiders_are_paid():
    game, plain = started("quadrant+blind-seekers"), started("quadrant")
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
    assert (split(plain.observation, slots)["self"] == split(started("quadrant").observation, slots)["self"]).all()


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
    game, free = started(f"quadrant+{text}"), started("quadrant+blind-seekers")
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
    game, plain = started("quadrant+seekers-stop"), started("quadrant")
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
    game = started("quadrant+no-lock")
    random_play(game, 60)
    assert not game.state.lock.any()
    assert started("quadrant", 1).scenario.slots == game.slots
    plain = started("quadrant")
    random_play(plain, 60)
    assert plain.state.lock.any()


def test_locks_cost_hiders_each_time():
    game, plain = started("quadrant+lock-costs"), started("quadrant")
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
    game, plain = started("quadrant+swapped-places"), started("quadrant")
    assert (game.state.agents[:, [2, 3, 0, 1]] == plain.state.agents).all()
    assert (game.state.things == plain.state.things).all()


def test_options_that_shifts_change():
    world = scenario_from_text
    assert world("quadrant+bigger").floor_m == 9.0
    assert world("quadrant+long").ticks == 4 * 64 and world("quadrant+long").preparation_ticks == 24
    assert started("quadrant+two-doors").layout.door_exists.all()
    assert world("quadrant+more-agents").slots[:2] == (3, 3)


def test_two_shifts_at_once():
    game = started("quadrant+seeker-inside+no-lock")
    assert in_room(game, 2).all()
    game.tick(np.tile([0, 0, LOCK], (64, 4, 1)))
    assert (game.actions[..., 2] == KEEP).all()
