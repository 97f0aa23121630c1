"""Same seed, same bytes: both ways of stepping, any slot, any number of threads, any process, any history."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from sim.game import Game
from sim.physics.stepping import PlainStepper, compiled_matches_plain
from sim.rng import episode_seeds
from sim.rules import ACTION_SIZES
from sim.scenario import scenario_from_text
from tests.games import started
from tests.sim.heights import start_anywhere

SCENARIO = scenario_from_text("quadrant")
RAMPS = scenario_from_text("quadrant-ramp:ramps=2,boxes=2,box_m=0.6,hiders=3,seekers=3")
BUSY = scenario_from_text("quadrant:hiders=3,seekers=3,boxes=4,box_m=0.5,room_m=3.0,two_doors=0.5")
ROOMS = scenario_from_text("rooms:ticks=80,preparation_ticks=20,outer_walls=false")


def random_actions(generator, ticks, worlds, slots):
    shape = (ticks, worlds, slots.agents)
    return np.stack([generator.integers(0, size, shape) for size in ACTION_SIZES], -1).astype(np.int8)


def play(game, seeds, actions):
    """A trace of every tick's state, reward and observation; a new episode whenever one ends."""
    game.reset(seeds)
    trace, following = [], seeds.copy()
    for chosen in actions:
        game.tick(chosen)
        trace.append([field.copy() for field in (*game.state, *game.seen, game.reward, game.observation)])
        if game.ended.any():
            following += np.uint64(1)
            game.reset(following[game.ended], np.flatnonzero(game.ended))
    return trace


def assert_same(one, other, worlds_of_one: Any = slice(None)):
    for tick, (a, b) in enumerate(zip(one, other, strict=True)):
        for mine, yours in zip(a, b, strict=True):
            assert np.array_equal(mine[worlds_of_one], yours), f"differs at tick {tick}"


def test_this_machine_steps_the_compiled_way():
    assert compiled_matches_plain()


@pytest.mark.parametrize(
    "scenario",
    [SCENARIO, *(pytest.param(world, marks=pytest.mark.slow) for world in (BUSY, RAMPS, ROOMS))],
    ids=["default", "busy", "ramps", "rooms"],
)
def test_compiled_equals_plain_stepping(scenario):
    generator = np.random.default_rng(1)
    worlds, ticks = 20, 1000
    seeds, actions = episode_seeds(1, 0, worlds), random_actions(generator, ticks, worlds, scenario.slots)
    compiled_game, plain_game = Game(scenario, worlds), Game(scenario, worlds)
    plain_game._stepper = PlainStepper(plain_game._context)
    trace = play(compiled_game, seeds, actions)
    assert_same(trace, play(plain_game, seeds, actions))
    held, lock = np.stack([step[4] for step in trace]), np.stack([step[6] for step in trace])
    assert (held >= 0).any() and {0, 1, 2} <= set(np.unique(lock)), "the trace must hold grabs and both teams' locks"
    steps = np.diff(np.stack([step[3] for step in trace]), axis=0)
    assert scenario is not RAMPS or {-1, 0, 1} == set(np.unique(steps)), "and agents that climb and come down"


@pytest.mark.parametrize("scenario", [SCENARIO, ROOMS], ids=["default", "rooms"])
def test_threads_and_slots_change_nothing(scenario):
    generator = np.random.default_rng(2)
    worlds, ticks = 10, 150
    seeds, actions = episode_seeds(2, 0, worlds), random_actions(generator, ticks, worlds, scenario.slots)
    one = play(Game(scenario, worlds, threads=1), seeds, actions)
    assert_same(one, play(Game(scenario, worlds, threads=2), seeds, actions))
    order = generator.permutation(worlds)
    assert_same(one, play(Game(scenario, worlds), seeds[order], actions[:, order]), order)


@pytest.mark.parametrize("scenario", [SCENARIO, ROOMS], ids=["default", "rooms"])
def test_a_used_game_plays_like_a_new_one(scenario):
    """What a world was before, and who took part in it, leaves nothing behind."""
    generator = np.random.default_rng(3)
    seeds, actions = episode_seeds(3, 0, 6), random_actions(generator, 100, 6, scenario.slots)
    used = Game(scenario, 6)
    play(used, episode_seeds(4, 0, 6), random_actions(generator, 77, 6, scenario.slots))
    assert_same(play(Game(scenario, 6), seeds, actions), play(used, seeds, actions))


def test_worlds_that_held_other_numbers_of_things_play_like_new_ones():
    """Chipmunk's hash tables grow with what was in a space, and three of these episodes were played otherwise."""
    scenario, worlds, random = scenario_from_text("rooms:ticks=40,preparation_ticks=10"), 8, np.random.default_rng(0)
    used = Game(scenario, worlds)
    for episode in range(55):
        seeds = episode_seeds(episode, 0, worlds)
        actions = random.integers(0, ACTION_SIZES, (40, worlds, scenario.slots.agents, 3)).astype(np.int8)
        assert_same(play(Game(scenario, worlds), seeds, actions), play(used, seeds, actions))


@pytest.mark.parametrize(("scenario", "worlds"), [(SCENARIO, 16), (RAMPS, 60)], ids=["default", "ramps"])
def test_two_restores_have_one_future(scenario, worlds):
    generator = np.random.default_rng(5)
    game, other = Game(scenario, worlds), Game(scenario, worlds)
    play(game, episode_seeds(5, 0, worlds), random_actions(generator, 40, worlds, scenario.slots))
    play(other, episode_seeds(6, 0, worlds), random_actions(generator, 11, worlds, scenario.slots))
    if scenario.slots.ramps > 0:
        start_anywhere(game, generator)
    for chosen in random_actions(generator, 5, worlds, scenario.slots):
        game.tick(chosen)
    snapshot = game.snapshot()
    assert (snapshot[1].held >= 0).any(), "the snapshot must hold holds"
    assert snapshot[1].level.any() == (scenario.slots.ramps > 0), "and where there are ramps somebody upstairs"
    futures = []
    for copy in (game, other):
        copy.restore(*snapshot)
        copy_actions = random_actions(np.random.default_rng(9), 60, worlds, scenario.slots)
        trace = []
        for chosen in copy_actions:
            copy.tick(chosen)
            trace.append([field.copy() for field in (*copy.state, copy.observation)])
        futures.append(trace)
    assert_same(*futures)


def test_restoring_shows_what_was_shown():
    game = Game(SCENARIO, 8)
    play(game, episode_seeds(7, 0, 8), random_actions(np.random.default_rng(7), 30, 8, SCENARIO.slots))
    observation, snapshot = game.observation.copy(), game.snapshot()
    game.reset(episode_seeds(8, 0, 8))
    game.restore(*snapshot)
    assert np.array_equal(observation, game.observation)


_DIGEST = """
import hashlib, numpy as np
from sim.game import Game
from sim.rng import episode_seeds
from sim.rules import ACTION_SIZES
from sim.scenario import scenario_from_text
scenario = scenario_from_text("quadrant")
game, generator = Game(scenario, 8), np.random.default_rng(0)
game.reset(episode_seeds(0, 0, 8))
digest = hashlib.sha256()
for _ in range(64):
    game.tick(np.stack([generator.integers(0, size, (8, 4)) for size in ACTION_SIZES], -1))
    for field in (*game.state, game.observation, game.global_state, game.reward):
        digest.update(field.tobytes())
print(digest.hexdigest())
"""


def test_a_fresh_process_gives_the_same_bytes():
    runs = [subprocess.run([sys.executable, "-c", _DIGEST], capture_output=True, text=True) for _ in range(2)]
    assert runs[0].returncode == 0, runs[0].stderr
    assert runs[0].stdout == runs[1].stdout != ""


def test_a_hold_taken_anew_in_one_tick_is_tied_anew():
    """A mate's lock ends the hold, the holder's own grab takes it back: the joints must be those of the new hold."""
    generator = np.random.default_rng(11)
    worlds = 200
    game, other = started(SCENARIO, worlds, 11), Game(SCENARIO, worlds)
    for _ in range(20):
        game.tick(random_actions(generator, 1, worlds, SCENARIO.slots)[0])
    layout, state = game.snapshot()
    game.restore(layout, state)
    for holder in np.argwhere(state.held >= 0):
        game.state.held[tuple(holder)] = -1  # as a tear or a lock would
        game.state.hold[tuple(holder)] = 0.0
    grabs = np.zeros((worlds, SCENARIO.slots.agents, 3), np.int8)
    grabs[..., 0], grabs[..., 2] = 3, 1
    before = game.snapshot()
    other.restore(*before)
    for _ in range(3):
        game.tick(grabs)
        other.tick(grabs)
    assert (before[1].held < 0).all() and (game.state.held >= 0).any()
    assert_same([list(game.state)], [list(other.state)])


@pytest.mark.parametrize("text", ["quadrant", "rooms", "food", "blueprint"])
def test_a_start_is_fresh_whatever_was_restored_before(text):
    game, fresh = (Game(scenario_from_text(text), 2) for _ in range(2))
    for one in (game, fresh):
        one.reset(episode_seeds(3, 0, 2))
    layout, state = game.snapshot()
    state.task_done[:], layout.out_of_bounds_margin_m[:] = True, 1.0
    game.restore(layout, state)
    for one in (game, fresh):
        one.reset(episode_seeds(4, 0, 2))
    assert_same([list(game.state), list(game.layout)], [list(fresh.state), list(fresh.layout)])


def test_what_cannot_be_is_put_right_by_a_restore():
    """A locked box that was written with a speed stands still; a hold of a box that is not there is none."""
    game = started("quadrant-two-boxes", 2, 12)
    layout, state = game.snapshot()
    state.lock[:, 0] = 1
    state.things[:, 0, 3:] = 1.5
    state.held[:, 0] = 1
    layout.thing_exists[:, 1] = False
    game.restore(layout, state)
    for _ in range(5):
        game.tick(np.zeros((2, 4, 3)))
    assert np.array_equal(game.state.things[:, 0, :3], state.things[:, 0, :3])
    assert (game.state.held == -1).all()
