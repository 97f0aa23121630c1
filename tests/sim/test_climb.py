"""The two levels: ramps, standing on things, crossing, coming down and surfing, rule by rule."""

import numpy as np
import pytest

from sim.climb import FLOOR, UPPER
from sim.rules import ACTION_SIZES, GRAB, LOCK, RULES
from sim.state import ANGLE, FREE, X
from tests.games import started
from tests.sim.heights import (
    BOX,
    EAST,
    HIDER,
    MATE,
    NORTH,
    OTHER_BOX,
    RAMP,
    WEST,
    bare_world,
    depth_on_floor,
    put_upstairs,
    start_anywhere,
    walk,
)

WALL = (3.0, 1.0, 3.1, 5.0)
AT_WALL = (2.54, 3.0, 0.0)
"""A ramp with its high edge at the wall, a centimetre off."""


def x_of(game, agent=HIDER):
    return game.state.agents[0, agent, X]


def test_a_ramp_leads_over_a_wall_and_without_one_it_is_not_passed():
    game = bare_world([(1.5, 3.0, 0.0)], [None, None, AT_WALL], [WALL])
    levels = walk(game, 20, {HIDER: EAST})[:, HIDER]
    assert x_of(game) > 4.0 and levels[0] == levels[-1] == FLOOR and UPPER in levels
    game = bare_world([(1.5, 3.0, 0.0)], walls=[WALL])
    assert (walk(game, 20, {HIDER: EAST}) == FLOOR).all()
    assert x_of(game) < 3.0


@pytest.mark.parametrize("turned", [0.5, 1.0, 1.5], ids=["from the right", "from behind", "from the left"])
def test_only_the_low_edge_is_open(turned):
    game = bare_world([(1.5, 3.0, 0.0)], [None, None, (2.5, 3.0, turned * np.pi)])
    game.state.lock[0, RAMP] = 1
    game.restore(*game.snapshot())
    assert (walk(game, 15, {HIDER: EAST}) == FLOOR).all()
    edge = 2.5 - (0.5 * RULES.ramp_length_m if turned == 1.0 else 0.5 * RULES.ramp_width_m)
    assert x_of(game) == pytest.approx(edge - RULES.agent_radius_m, abs=0.01)


def test_the_low_half_is_floor_and_the_high_half_upstairs_in_both_directions():
    game = bare_world([(1.8, 3.0, 0.0)], [None, None, (2.5, 3.0, 0.0)])
    game.state.lock[0, RAMP] = 1
    game.restore(*game.snapshot())
    levels = []
    for move in (EAST, EAST, EAST, EAST, 0, 0, WEST, WEST, WEST, WEST):
        levels += walk(game, 1, {HIDER: move})[:, HIDER].tolist()
        assert game.state.level[0, HIDER] == (UPPER if x_of(game) > 2.5 else FLOOR)
        assert 1.7 < x_of(game) < 2.95
    assert levels[-1] == FLOOR and UPPER in levels


def test_whoever_comes_down_beside_the_axis_goes_on_over_the_edge():
    """There the disc would meet a side of the ramp: it comes down when it is clear of the whole of it."""
    game = bare_world([(2.6, 3.2, 0.0)], [None, None, (2.5, 3.0, 0.0)])
    put_upstairs(game, HIDER)
    while game.state.level[0, HIDER] == UPPER:
        walk(game, 1, {HIDER: WEST})
        assert x_of(game) > 1.0
    assert x_of(game) <= 2.05 - RULES.agent_radius_m


@pytest.mark.parametrize(("gap", "crosses"), [(0.28, True), (0.8, False)])
def test_gaps_are_crossed_if_they_are_narrower_than_an_agent(gap, crosses):
    game = bare_world([(2.0, 3.0, 0.0)], [(2.0, 3.0, 0.0), (2.8 + gap, 3.0, 0.0)])
    put_upstairs(game, HIDER)
    levels = []
    while x_of(game) < 2.4 + gap + 0.3 and len(levels) < 15:
        levels += walk(game, 1, {HIDER: EAST})[:, HIDER].tolist()
    assert levels[-1] == min(levels) == (UPPER if crosses else FLOOR)


def test_nobody_comes_down_on_an_agent():
    game = bare_world([(2.0, 3.0, 0.0), (2.4 + 0.3, 3.0, 0.0)], [(2.0, 3.0, 0.0)])
    put_upstairs(game, HIDER)
    for _ in range(30):
        walk(game, 1, {HIDER: EAST if x_of(game) < 2.5 else 0})
    assert game.state.level[0, HIDER] == UPPER and abs(x_of(game) - 2.7) < 2 * RULES.agent_radius_m
    walk(game, 4, {MATE: EAST})
    assert game.state.level[0].tolist() == [FLOOR] * 3


@pytest.mark.parametrize("below", ["nothing", "wall", "box", "ramp", "agent"])
def test_nobody_comes_down_on_the_last_of_many_things(below):
    """Walls, things and agents are looked at one by one, up to the last."""
    spot = (2.0, 3.0, 0.0)
    walls = [(4.0, 1.0, 4.1, 2.0), (1.95, 2.0, 2.05, 4.0)]
    things = [(4.8, 4.8, 0.0), spot if below == "box" else None, (1.85, 3.0, 0.0) if below == "ramp" else None]
    agents = [spot, (0.5, 0.5, 0.0), (2.1, 3.0, 0.0) if below == "agent" else (1.0, 0.5, 0.0)]
    game = bare_world(agents, things, walls if below == "wall" else walls[:1])
    put_upstairs(game, HIDER)
    assert (walk(game, 2)[:, HIDER] == (FLOOR if below == "nothing" else UPPER)).all()


def test_nobody_comes_down_on_a_wall_whichever_it_is():
    game = started("rooms:fewest_ramps=1", 1)
    layout, state = game.snapshot()
    layout.thing_exists[:], layout.door_exists[:] = False, False
    x, y = state.agents[0, HIDER, :2]
    for wall in range(layout.walls.shape[1]):
        layout.wall_exists[:], layout.walls[0, wall] = False, (x - 0.05, y - 0.05, x + 0.05, y + 0.05)
        layout.wall_exists[0, wall], state.level[0, HIDER] = True, UPPER
        game.restore(layout, state)
        game.tick(np.zeros((1, game.slots.agents, 3), np.int8))
        assert game.state.level[0, HIDER] == UPPER, wall


def test_who_is_on_the_same_level_or_missing_keeps_nobody_from_coming_down():
    beside = 2.0 * RULES.agent_radius_m - 0.002  # pressed together a little, as physics lets them be
    game = bare_world([(2.0, 3.0, 0.0), (2.0 + beside, 3.0, 0.0)])
    put_upstairs(game, HIDER, MATE)
    levels = walk(game, 2, {MATE: EAST})
    assert levels[0, HIDER] == FLOOR and levels[1].tolist() == [FLOOR] * 3
    layout, state = game.snapshot()
    layout.agent_exists[0, MATE], state.agents[0, MATE, :2], state.level[0, HIDER] = (
        False,
        state.agents[0, HIDER, :2],
        1,
    )
    game.restore(layout, state)
    assert walk(game, 1)[0, HIDER] == FLOOR


def test_nobody_is_lifted_into_an_agent():
    game = bare_world([(2.6, 3.0, 0.0), (1.8, 3.0, 0.0)], [None, None, (2.5, 3.0, 0.0)])
    game.state.lock[0, RAMP] = 1
    game.restore(*game.snapshot())
    put_upstairs(game, HIDER)
    walk(game, 10, {MATE: EAST})
    assert game.state.level[0, [HIDER, MATE]].tolist() == [UPPER, FLOOR]
    assert x_of(game, MATE) > 2.5
    walk(game, 5, {HIDER: NORTH})
    assert game.state.level[0, MATE] == UPPER


def test_upstairs_one_meets_agents_of_that_level_and_outer_walls_alone():
    things = [(2.0, 3.0, 0.0), (2.82, 3.0, 0.0)]
    game = bare_world([(1.7, 3.0, 0.0), (3.1, 3.0, 0.0), (2.3, 3.0, 0.0)], things, [(2.0, 2.95, 3.0, 3.05)])
    put_upstairs(game, HIDER, MATE)
    walk(game, 10, {HIDER: EAST, MATE: WEST})
    assert x_of(game) > 2.15, "neither the seeker below nor the wall is in the way"
    assert x_of(game, MATE) - x_of(game) > 2 * RULES.agent_radius_m - 0.01
    game = bare_world([(0.4, 3.0, 0.0)], [(0.41, 3.0, 0.0)])
    put_upstairs(game, HIDER)
    walk(game, 10, {HIDER: WEST})
    assert x_of(game) == pytest.approx(RULES.agent_radius_m, abs=0.01) and game.state.level[0, HIDER] == UPPER


def test_a_thing_slides_away_under_who_does_not_hold_it():
    game = bare_world([(2.0, 3.0, 0.0), (1.4, 3.0, 0.0)], [(2.0, 3.0, 0.0)])
    put_upstairs(game, HIDER)
    levels = walk(game, 12, {MATE: EAST})
    assert game.state.things[0, BOX, X] > 2.6
    assert abs(x_of(game) - 2.0) < 1e-9, "nothing moves an agent upstairs"
    assert UPPER in levels[:, HIDER]
    game = bare_world([(2.0, 3.0, 0.0), (1.4, 3.0, 0.0)], [(2.0, 3.0, 0.0)])
    put_upstairs(game, HIDER)
    walk(game, 12, {MATE: EAST}, {HIDER: GRAB})
    assert x_of(game) > 2.6 and game.state.level[0, HIDER] == UPPER, "who holds it rides"


def test_upstairs_only_what_the_disc_overlaps_is_within_reach():
    game = bare_world([(2.3, 3.0, 0.0)], [(2.0, 3.0, 0.0), (3.0, 3.0, 0.0)])
    put_upstairs(game, HIDER)
    assert game.seen.things[0, HIDER, OTHER_BOX] and not game.seen.things[0, HIDER, BOX]
    walk(game, 1, hands={HIDER: GRAB})
    assert game.state.held[0, HIDER] == FREE
    layout, state = game.snapshot()
    state.agents[0, HIDER, ANGLE] = np.pi
    game.restore(layout, state)
    walk(game, 1, hands={HIDER: GRAB})
    assert game.state.held[0, HIDER] == BOX
    walk(game, 1, hands={HIDER: LOCK})
    assert game.state.lock[0, BOX] == 1


def test_surfing():
    """Standing on a box and holding it, an agent drives the pair: three metres, as fast as one carries a box."""
    game = bare_world([(1.2, 3.0, 0.0)], [(1.0, 3.0, 0.0)])
    put_upstairs(game, HIDER)
    game.state.agents[0, HIDER, ANGLE] = np.pi
    game.restore(*game.snapshot())
    levels = walk(game, 30, {HIDER: EAST}, {HIDER: GRAB})
    assert game.state.things[0, BOX, X] > 4.0
    assert (levels[:, HIDER] == UPPER).all()
    assert game.state.agents[0, HIDER, 3] == pytest.approx(RULES.free_speed_mps / 2, rel=0.1)
    assert x_of(game) - game.state.things[0, BOX, X] == pytest.approx(0.2, abs=0.02)


def test_without_surfing_a_box_is_held_from_the_floor_only():
    game = bare_world([(1.2, 3.0, np.pi), (3.0, 3.0, np.pi)], [(1.0, 3.0, 0.0), (2.3, 3.0, 0.0)], without=["surfing"])
    put_upstairs(game, HIDER)
    walk(game, 10, {HIDER: EAST}, {HIDER: GRAB, MATE: GRAB})
    assert game.state.held[0, HIDER] == FREE and game.state.held[0, MATE] == OTHER_BOX
    assert game.state.things[0, BOX, X] < 1.5


def test_a_box_that_is_surfed_stops_at_walls():
    game = bare_world([(2.2, 3.0, np.pi)], [(2.0, 3.0, 0.0)], [WALL])
    put_upstairs(game, HIDER)
    walk(game, 20, {HIDER: EAST}, {HIDER: GRAB})
    assert game.state.held[0, HIDER] == BOX
    assert game.state.things[0, BOX, X] == pytest.approx(2.6, abs=0.02)


def test_whoever_climbs_lets_go():
    game = bare_world([(1.9, 3.0, np.pi / 2)], [(1.6, 3.7, 0.0), None, (2.5, 3.0, 0.0)])
    game.state.lock[0, RAMP] = 1
    game.restore(*game.snapshot())
    walk(game, 1, hands={HIDER: GRAB})
    assert game.state.held[0, HIDER] == BOX
    for _ in range(25):
        walk(game, 1, {HIDER: EAST})
        if game.state.level[0, HIDER] == UPPER:
            assert game.state.held[0, HIDER] == FREE and not game.state.hold[0, HIDER].any()
            return
    raise AssertionError("never climbed")


@pytest.mark.parametrize("how", ["locked", "held"])
def test_a_locked_or_held_ramp_is_climbed_all_the_same(how):
    game = bare_world([(1.7, 3.0, 0.0), (2.5, 2.5, np.pi / 2)], [None, None, (2.5, 3.0, 0.0)])
    walk(game, 1, hands={MATE: LOCK if how == "locked" else GRAB})
    assert game.state.lock[0, RAMP] == (how == "locked") and (game.state.held[0, MATE] == RAMP) == (how == "held")
    assert UPPER in walk(game, 8, {HIDER: EAST})[:, HIDER]


def test_a_ramp_that_must_not_be_locked_is_not():
    game = bare_world([(1.7, 3.0, 0.0)], [None, None, (2.5, 3.0, 0.0)])
    layout, state = game.snapshot()
    layout.thing_lockable[0, RAMP] = False
    game.restore(layout, state)
    walk(game, 1, hands={HIDER: LOCK})
    assert not game.state.lock.any()


def test_things_and_walls_meet_the_whole_ramp():
    """A box does not get in at the low edge, nor does a wall."""
    game = bare_world([(1.0, 3.0, 0.0)], [(1.6, 3.0, 0.0), None, (2.5, 3.0, 0.0)], [(3.5, 2.0, 3.6, 4.0)])
    walk(game, 25, {HIDER: EAST})
    box, ramp = game.state.things[0, [BOX, RAMP], X]
    assert ramp == pytest.approx(3.5 - 0.45, abs=0.02)
    assert box == pytest.approx(ramp - 0.45 - 0.4, abs=0.02)


def test_a_ramp_pushed_at_somebody_scoops_it_up():
    game = bare_world([(1.3, 3.0, 0.0), (3.2, 3.0, np.pi)], [None, None, (2.3, 3.0, 0.0)])
    walk(game, 1, hands={MATE: GRAB})
    assert game.state.held[0, MATE] == RAMP
    assert UPPER in walk(game, 12, {MATE: WEST})[:, HIDER]


def test_a_restored_moment_upstairs_goes_on_upstairs():
    game = bare_world([(2.0, 3.0, np.pi), (2.3, 3.0, 0.0)], [(2.0, 3.0, 0.0)], [WALL])
    put_upstairs(game, HIDER)
    walk(game, 3, {HIDER: EAST})
    kept, future = game.snapshot(), []
    for _ in range(2):
        game.restore(*kept)
        walk(game, 12, {HIDER: EAST, MATE: NORTH})
        future.append(game.snapshot()[1])
    assert kept[1].level[0, HIDER] == UPPER and x_of(game) > 3.3
    assert all(np.array_equal(a, b) for a, b in zip(*future, strict=True))


def test_where_no_ramp_can_be_nobody_is_upstairs():
    game = started("quadrant", 1)
    layout, state = game.snapshot()
    state.level[:] = UPPER
    game.restore(layout, state)
    assert not game.state.level.any()


RAMPS = "quadrant-ramp:ramps=2,boxes=2,box_m=0.6,hiders=3,seekers=3,preparation_ticks=1"


@pytest.mark.parametrize("worlds", [60, pytest.param(1500, marks=pytest.mark.slow)])
def test_nobody_ever_lands_overlapping(worlds):
    """Whoever comes down stands free on the floor, and whoever is lifted stands in a ramp, clear of those up there."""
    game, generator = started(RAMPS, worlds, 3), np.random.default_rng(worlds)
    start_anywhere(game, generator)
    landed = lifted = 0
    move = generator.integers(1, 9, (worlds, 6))
    for tick in range(79):
        if tick % 6 == 0:
            move = generator.integers(1, 9, (worlds, 6))
        before = game.state.level.copy()
        actions = np.stack([move, *(generator.integers(0, size, (worlds, 6)) for size in ACTION_SIZES[1:])], -1)
        game.tick(actions)
        state = game.state
        for world, agent in np.argwhere(before > state.level).tolist():
            assert depth_on_floor(game.slots, game.layout, state, world, agent) <= 1e-9
            landed += 1
        for world, agent in np.argwhere(before < state.level).tolist():
            place = state.agents[world, :, :2]
            others = (state.level[world] == UPPER) & (np.arange(6) != agent)
            apart = np.hypot(*(place[others] - place[agent]).T)
            assert (apart >= 2 * RULES.agent_radius_m - 1e-9).all()
            assert state.held[world, agent] == FREE
            lifted += 1
    assert landed > worlds / 2 and lifted > worlds / 4


@pytest.mark.parametrize("worlds", [60, pytest.param(1500, marks=pytest.mark.slow)])
def test_nobody_is_ever_stuck_upstairs(worlds):
    """From wherever play has led, everybody upstairs can walk on: it soon is elsewhere, or down."""
    game, generator = started(RAMPS, worlds, 4), np.random.default_rng(worlds)
    start_anywhere(game, generator)
    for _ in range(30):
        game.tick(np.stack([generator.integers(0, size, (worlds, 6)) for size in ACTION_SIZES], -1))
    upstairs, place = game.state.level == UPPER, game.state.agents[..., :2].copy()
    free = np.ones_like(upstairs)
    for move in range(1, 9):
        game.restore(*(kept := game.snapshot()))
        for _ in range(6):
            game.tick(np.full((worlds, 6, 3), (move, 0, 2)))
        moved = np.hypot(*np.moveaxis(game.state.agents[..., :2] - place, -1, 0)) > 0.2
        free = moved if move == 1 else free | moved
        game.restore(*kept)
    assert upstairs.sum() > worlds / 4
    assert free[upstairs].all()
