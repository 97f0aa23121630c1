"""What the scripted players are for: floors and ceilings that can be relied on."""

from typing import Any

import numpy as np
import pytest

from policies.agents.players import player
from policies.evaluation.match import MatchOptions, play
from policies.scripted.base import Scripted
from policies.scripted.builder import Builder, _close_doors_on_map, _look_out
from policies.scripted.carrying import would_keep_out
from policies.scripted.evader import mark_seen
from policies.scripted.grid import BLOCKED, buffers_fit, draw_map_of_solid_things, new_buffers
from policies.scripted.pathfinding import FAR, fill_opponents_field
from policies.scripted.players import PLAYERS
from replays.strategies.evidence.closure import is_shut
from sim.game import Game
from sim.rules import ACTION_SIZES, GRAB, HIDERS, LOCK, SEEKERS
from sim.scenario import scenario_from_text
from sim.state import FIXED_BY_NOBODY
from tests.games import started
from tests.policies.shut_rooms import shut_in

QUADRANT = scenario_from_text("quadrant")
WORLDS, SEED = 60, 7


def run(game: Game, hiders: str, seekers: str, ticks: int, seed: int = 0):
    """Plays and returns all actions, int8 [tick, world, agent, 3]."""
    players = [player(name, side, game.scenario, seed) for side, name in ((HIDERS, hiders), (SEEKERS, seekers))]
    taken = []
    for _ in range(ticks):
        taken.append(np.concatenate([own.act(game, side) for side, own in enumerate(players)], axis=1))
        game.tick(taken[-1])
    return np.array(taken)


def slow_to_compile(name: str):
    """Players that nothing else in the fast tests compiles are slow ones."""
    return pytest.param(name, marks=[pytest.mark.slow] if name in ("climber", "shelterer", "solver", "surfer") else [])


def hidden(hiders: str, seekers: str = "chaser", episodes: int = 120) -> float:
    players = player(hiders, HIDERS, QUADRANT, 0), player(seekers, SEEKERS, QUADRANT, 0)
    return float(play(QUADRANT, *players, MatchOptions(episodes, seed=3)).hidden.mean())


@pytest.mark.parametrize(
    "text",
    [
        "quadrant",
        "quadrant-ramp",
        "quadrant-original",
        "quadrant:boxes=0",
        "quadrant:hiders=3,seekers=1",
        "rooms",
        "open_field",
        "rooms:outer_walls=false",
        "open_field:boxes=0,ramps=0",
        "food",
    ],
)
@pytest.mark.parametrize("name", [slow_to_compile(name) for name in PLAYERS])
def test_actions_are_valid_in_every_scenario(text: str, name: str):
    game = started(text, 4, SEED)
    actions = run(game, name, "random", 12)
    assert actions.dtype == np.int8
    assert actions.min() >= 0
    assert (actions.max(axis=(0, 1, 2)) < ACTION_SIZES).all()


def test_random_takes_every_action_about_equally_often():
    actions = run(started(QUADRANT, WORLDS, SEED), "random", "random", 64)
    for part, size in enumerate(ACTION_SIZES):
        shares = np.bincount(actions[..., part].ravel(), minlength=size) / actions[..., part].size
        assert abs(shares - 1 / size).max() < 0.02


@pytest.mark.parametrize("name", ["random", "chaser", "evader", "builder", slow_to_compile("shelterer")])
def test_the_same_seed_gives_the_same_actions(name: str):
    first, second = (run(started(QUADRANT, WORLDS, SEED), name, "chaser", 30) for _ in range(2))
    assert (first == second).all()


@pytest.mark.parametrize("name", ["chaser", "evader", "builder", "climber"])
def test_what_a_player_does_in_a_world_depends_on_that_world_alone(name: str):
    many = run(started(QUADRANT, 6, SEED), name, "chaser", 40)
    few = run(started(QUADRANT, 2, SEED), name, "chaser", 40)
    assert (many[:, :2] == few).all()


def test_the_evader_never_uses_its_hands_and_only_brushes_boxes():
    game = started(QUADRANT, WORLDS, SEED)
    before = game.state.things[:, :2, :2].copy()
    actions = run(game, "evader", "idle", 64)
    assert not actions[:, :, :2, 2].any()
    moved = np.hypot(*(game.state.things[:, :2, :2] - before).T)
    assert np.median(moved) == 0.0
    assert np.quantile(moved, 0.9) < 0.15


def test_the_builder_shuts_and_locks_the_door_before_anybody_can_come():
    game = started(QUADRANT, 200, SEED)
    run(game, "builder", "idle", QUADRANT.preparation_ticks + 6)
    cells, stack = np.zeros(14_400, np.int8), np.zeros(14_400, np.int32)
    state, layout = game.state, game.layout
    shut = [is_shut(layout, state, w, state.lock[w] == HIDERS + 1, 2, cells, stack) for w in range(200)]
    assert np.mean(shut) >= 0.95


def test_the_builder_that_may_not_lock_leaves_the_box_in_the_door():
    game = started(QUADRANT, WORLDS, SEED, without=("lock",))
    actions = run(game, "builder", "idle", 40)
    assert not (actions[..., 2] == LOCK).any()
    assert (game.state.held < 0).all()


def fixed(game: Game, boxes: int | slice) -> Game:
    """The game with boxes that nobody can unlock."""
    layout, state = game.snapshot()
    state.lock[:, boxes] = np.where(layout.thing_exists[:, boxes], FIXED_BY_NOBODY, 0)
    game.restore(layout, state)
    return game


@pytest.mark.parametrize("box", [0, 1])
def test_the_builder_takes_the_box_that_can_be_taken(box: int):
    game = fixed(started("quadrant:boxes=2", WORLDS, SEED), box)
    builder = Builder()
    builder.act(game, HIDERS)
    assert (builder._plans.box == 1 - box).any(axis=1).all() and not (builder._plans.box == box).any()


@pytest.mark.parametrize(
    ("lock", "kept_out"), [(0, False), (SEEKERS + 1, False), (HIDERS + 1, True), (FIXED_BY_NOBODY, True)]
)
def test_what_nobody_can_unlock_keeps_out_as_a_locked_box_does(lock: int, kept_out: bool):
    game, _ = shut_in(Game(scenario_from_text("quadrant:boxes=2"), 8))
    layout, state = game.snapshot()
    state.lock[:, 0] = lock
    game.restore(layout, state)
    context = Scripted()._context(game, HIDERS)
    assert [would_keep_out(context, w, 1) for w in range(8)] == [kept_out] * 8


def test_the_builder_shuts_two_doors_too():
    scenario = scenario_from_text("quadrant:boxes=2,two_doors=1.0,preparation_ticks=40")
    players = player("builder", HIDERS, scenario, 0), player("idle", SEEKERS, scenario, 0)
    assert play(scenario, *players, MatchOptions(60, seed=1)).robust_end.mean() > 0.4


def test_the_chaser_reaches_idle_hiders_and_keeps_them_in_sight():
    game = started(QUADRANT, WORLDS, SEED)
    run(game, "idle", "chaser", QUADRANT.ticks)
    assert game.hidden.mean() < 0.1


def test_the_chaser_breaks_what_the_builder_leaves_unlocked():
    players = player("builder", HIDERS, QUADRANT, 0), player("chaser", SEEKERS, QUADRANT, 0)
    found = play(QUADRANT, *players, MatchOptions(120, seed=4, without=("lock",)))
    assert found.soft_prep.mean() > 0.6
    assert found.soft_end[found.soft_prep].mean() <= 0.3


def test_the_chaser_drags_away_what_does_not_yield_to_pushing():
    """A wall across the floor with one door, and outside it a porch in which a box just fits: it only comes out."""
    game = started("quadrant:preparation_ticks=1,ticks=100", 1, SEED)
    layout, state = game.snapshot()
    layout.wall_exists[:] = True
    layout.walls[0] = [(0, 2.3, 2.75, 2.4), (3.25, 2.3, 6, 2.4), (2.4, 2.4, 2.6, 3.2), (3.4, 2.4, 3.6, 3.2)]
    state.things[0, 0, :3] = (3.0, 2.4 + 0.37, 0.0)
    state.agents[0, :, :3] = ((2.0, 1.0, 0.0), (4.0, 1.0, 0.0), (3.0, 4.4, -1.5), (4.0, 4.6, -1.5))
    game.restore(layout, state)
    actions = run(game, "idle", "chaser", 99)
    assert (actions[:, 0, 2:, 2] == GRAB).any()
    assert game.state.agents[0, 2:, 1].min() < 2.3, "a seeker came in"


@pytest.mark.slow
def test_necessity():
    """Without building hiders lose; the gates themselves are measured by `policies.evaluation.scenario_gates`."""
    idle, evading, building = hidden("idle"), hidden("evader"), hidden("builder")
    assert idle <= 0.3
    assert evading <= 0.5
    assert building >= 0.95
    assert building - max(idle, evading) >= 0.4


FIELD = scenario_from_text("open_field:hiders=2,fewest_hiders=2,seekers=2,fewest_seekers=2,boxes=3,ramps=0")


@pytest.mark.slow
def test_a_shelter_of_an_elongated_box_hides_two_hiders_from_the_chaser():
    """On a field without a wall to hide behind, where nobody stays hidden on foot; without a lock it does not hold."""
    seekers = player("chaser", SEEKERS, FIELD, 0)
    built = play(FIELD, player("shelterer", HIDERS, FIELD, 0), seekers, MatchOptions(100, seed=3))
    on_foot = play(FIELD, player("evader", HIDERS, FIELD, 0), seekers, MatchOptions(60, seed=3))
    unlocked = play(FIELD, player("shelterer", HIDERS, FIELD, 0), seekers, MatchOptions(60, seed=3, without=("lock",)))
    assert built.robust_prep.mean() > 0.9 and built.hidden.mean() > 0.9
    assert (built.hidden[built.robust_prep] == 1.0).all(), "what is sealed is hidden"
    assert on_foot.hidden.mean() < 0.3 and unlocked.hidden.mean() < built.hidden.mean() - 0.2


@pytest.mark.slow
def test_where_no_shelter_can_be_built_the_shelterer_flees():
    """There is no box, nobody can take one, or there are no outer walls to lay it between."""
    fields = [started(text, 6, SEED) for text in ("open_field:boxes=0", "open_field:outer_walls=false")]
    for game in (*fields, fixed(started(FIELD, 6, SEED), slice(None))):
        before, locks = game.state.agents[:, 0, :2].copy(), game.state.lock.copy()
        run(game, "shelterer", "idle", 40)
        assert (np.hypot(*(game.state.agents[:, 0, :2] - before).T) > 0.3).any()
        assert (game.state.lock == locks).all()


def test_random_players_of_different_seeds_and_sides_differ():
    game = started(QUADRANT, WORLDS, SEED)
    same, other = (player("random", HIDERS, QUADRANT, seed).act(game, HIDERS) for seed in (1, 2))
    seekers = player("random", SEEKERS, QUADRANT, 1).act(game, SEEKERS)
    assert (same != other).any() and (same != seekers).any()


def test_buffers_fit_smaller_floors_and_the_same_number_of_things():
    buffers = new_buffers(6.0, 3)
    assert buffers_fit(buffers, 6.0, 3) and buffers_fit(buffers, 4.0, 3)
    assert not buffers_fit(buffers, 6.2, 3) and not buffers_fit(buffers, 6.0, 2) and not buffers_fit(buffers, 6.0, 4)


@pytest.mark.slow
@pytest.mark.parametrize("text", ["quadrant", "quadrant:boxes=2,two_doors=1.0", "quadrant+seeker-inside"])
def test_the_builder_knows_of_opponents_what_it_would_know_if_it_looked_everywhere(text):
    game, apart = started(text, 20, SEED), 0
    builder: Any = player("builder", HIDERS, game.scenario, 0)
    seekers = np.zeros((game.worlds, game.slots.seekers, 3), np.int8)
    for tick in range(48):
        if tick % 6 == 0:
            context = builder._context(game, HIDERS)
            buffers = context.buffers
            for w in range(game.worlds):
                draw_map_of_solid_things(context, w)
                _close_doors_on_map(context, w)
                _look_out(context, w)
                reached = (buffers.own < FAR) & (buffers.map != BLOCKED)
                known = [array[reached].copy() for array in (buffers.map, buffers.other, buffers.seen)]
                draw_map_of_solid_things(context, w)
                _close_doors_on_map(context, w)
                fill_opponents_field(context, w)
                mark_seen(context, w, buffers.map, BLOCKED)
                for mine, everywhere in zip(known, (buffers.map, buffers.other, buffers.seen), strict=True):
                    np.testing.assert_array_equal(mine, everywhere[reached])
                apart += bool((known[1] == FAR).all())
        game.tick(np.concatenate([builder.act(game, HIDERS), seekers], axis=1))
    assert apart < 40 if text == "quadrant+seeker-inside" else apart > 120  # of 160
