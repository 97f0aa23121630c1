"""Shifted worlds, whichever the shift: each is a world like others, and says what it is."""

import contextlib
import itertools

import numpy as np
import pettingzoo
import pytest
from pettingzoo.test import api_test, parallel_api_test, parallel_seed_test

from replays.format.recording import Recorder, read, write
from replays.live_episode import scenario_of
from sim.env import env, parallel_env
from sim.errors import UserError
from sim.game import Game
from sim.rng import episode_seeds
from sim.scenario import Scenario, full_text, scenario_from_text, scenario_text, shifted
from sim.shifts import seeker_inside
from sim.shifts.shift import Start
from sim.shifts.shifted import all_shifts
from tests.games import started
from tests.sim.environments import advice
from tests.sim.overlaps import check_nothing_overlaps
from tests.sim.shifted_worlds import Starts, placed, random_play

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
