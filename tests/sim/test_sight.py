"""`sim.sight` against exact geometry in plain Python, on random and on contrived states.

An answer may differ from the oracle's only where moving every surface by a nanometre would change it: what is
seen past grown occluders is seen, what is seen is seen past shrunken ones, and likewise for lidar lengths.
"""

import itertools
import math

import numpy as np
import pytest

from sim.climb import FLOOR, UPPER
from sim.layout import Layout, Slots, empty_layout
from sim.rules import RULES
from sim.sight import Visibility, look, ray_lengths
from sim.state import ANGLE, State, X, Y, empty_state
from tests.sim.geometry import lidar, sees_agent, sees_thing

NANOMETRE = 1e-9
RAMP = 2
SLOTS = Slots(hiders=2, seekers=2, boxes=2, ramps=1, walls=4, doors=0)


def compare(layout: Layout, state: State, world: int, seen: Visibility) -> tuple[int, int]:
    """Checks one world; returns how many of how many answers the nanometre leaves open."""
    unsure, answers = 0, 0
    agents = np.flatnonzero(layout.agent_exists[world]).tolist()
    things = np.flatnonzero(layout.thing_exists[world]).tolist()
    for observer in agents:
        targets = [(sees_agent, seen.agents, other) for other in agents]
        targets += [(sees_thing, seen.things, thing) for thing in things]
        for oracle, answer, target in targets:
            if oracle is sees_agent and target == observer:
                assert not answer[world, observer, observer]
                continue
            surely = oracle(SLOTS, layout, state, world, observer, target, NANOMETRE)
            perhaps = oracle(SLOTS, layout, state, world, observer, target, -NANOMETRE)
            assert surely <= answer[world, observer, target] <= perhaps, (world, observer, target, oracle.__name__)
            unsure += surely != perhaps
            answers += 1
        shortest = np.array(lidar(SLOTS, layout, state, world, observer, NANOMETRE))
        longest = np.array(lidar(SLOTS, layout, state, world, observer, -NANOMETRE))
        length = seen.lidar[world, observer]
        assert np.all((shortest - NANOMETRE <= length) & (length <= longest + NANOMETRE)), (world, observer)
        unsure += int(np.sum(longest - shortest > 1e-6))
        answers += len(length)
    return unsure, answers


def random_worlds(seed: int, worlds: int) -> tuple[Layout, State]:
    """Rooms of random walls, with bodies that overlap nothing on average but may do so in any way."""
    random = np.random.default_rng(seed)
    layout, state = empty_layout(worlds, SLOTS), empty_state(worlds, SLOTS)
    layout.floor[:] = random.uniform(3.0, 8.0, worlds)
    side = layout.floor[:, None, None]
    layout.wall_exists[:] = random.random(layout.wall_exists.shape) < 0.7
    lengths = random.uniform(0.05, 2.5, (worlds, SLOTS.walls))
    upright = random.random((worlds, SLOTS.walls)) < 0.5
    corner = random.random((worlds, SLOTS.walls, 2)) * side
    layout.walls[..., :2] = corner
    layout.walls[..., 2] = corner[..., 0] + np.where(upright, RULES.wall_m, lengths)
    layout.walls[..., 3] = corner[..., 1] + np.where(upright, lengths, RULES.wall_m)
    layout.agent_exists[:] = random.random(layout.agent_exists.shape) < 0.9
    layout.thing_exists[:] = random.random(layout.thing_exists.shape) < 0.8
    layout.thing_half[:] = random.uniform(0.07, 0.9, layout.thing_half.shape)
    for bodies in (state.agents, state.things):
        bodies[..., [X, Y]] = random.random((*bodies.shape[:2], 2)) * side
        bodies[..., ANGLE] = random.uniform(-40.0, 40.0, bodies.shape[:2])
    state.level[:] = random.random(state.level.shape) < 0.3
    inside = random.random(worlds) < 0.2  # a ramp that an agent stands in
    state.things[inside, -1, :2] = state.agents[inside, 0, :2] + random.uniform(-0.1, 0.1, (int(inside.sum()), 2))
    return layout, state


def snap(layout: Layout, state: State, seed: int) -> None:
    """Moves bodies onto a coarse grid and to right angles: touching, aligned and coinciding things abound."""
    random = np.random.default_rng(seed)
    layout.floor[:] = 6.0
    layout.walls[..., :2] = random.integers(1, 11, layout.walls[..., :2].shape) * 0.5
    layout.walls[..., 2:] = layout.walls[..., :2] + random.choice([0.1, 0.5, 1.0], layout.walls[..., 2:].shape)
    layout.thing_half[:] = random.choice([0.15, 0.25, 0.35, 0.5], layout.thing_half.shape)
    for bodies in (state.agents, state.things):
        bodies[..., [X, Y]] = random.integers(0, 13, (*bodies.shape[:2], 2)) * 0.5
        bodies[..., ANGLE] = random.integers(-4, 5, bodies.shape[:2]) * (math.pi / 4)


@pytest.mark.parametrize("worlds", [200, pytest.param(10_000, marks=pytest.mark.slow)])
def test_random_states(worlds: int):
    layout, state = random_worlds(7, worlds)
    seen = look(SLOTS, layout, state)
    unsure, answers = np.sum([compare(layout, state, world, seen) for world in range(worlds)], axis=0)
    assert unsure <= 1e-4 * answers


@pytest.mark.parametrize("worlds", [200, pytest.param(3_000, marks=pytest.mark.slow)])
def test_touching_aligned_and_coinciding(worlds: int):
    layout, state = random_worlds(8, worlds)
    snap(layout, state, 9)
    seen = look(SLOTS, layout, state)
    unsure, answers = np.sum([compare(layout, state, world, seen) for world in range(worlds)], axis=0)
    assert 0 < unsure < 0.5 * answers


def two_agents(x: float, y: float, heading: float) -> tuple[Layout, State]:
    """Hider 0 in the middle of an empty floor, seeker 0 at an offset from it."""
    layout, state = empty_layout(1, SLOTS), empty_state(1, SLOTS)
    layout.floor[:] = 6.0
    layout.agent_exists[0, [0, 2]] = True
    state.agents[0, 0, :3] = 3.0, 3.0, heading
    state.agents[0, 2, :3] = 3.0 + x, 3.0 + y, heading
    return layout, state


@pytest.mark.parametrize("side", [-1.0, 1.0])
@pytest.mark.parametrize("heading", [0.0, 1.0, -2.0, math.pi, 1000.0])
@pytest.mark.parametrize("distance", [1e-3, 0.3, 2.9])
def test_the_cone_ends_at_its_edge(side: float, heading: float, distance: float):
    for off, expected in ((-2e-9, True), (2e-9, False)):
        angle = heading + side * (RULES.half_cone_rad + off / distance)
        layout, state = two_agents(distance * math.cos(angle), distance * math.sin(angle), heading)
        assert look(SLOTS, layout, state).agents[0, 0, 2] == expected


def test_the_cones_edge_is_inside():
    """With a heading of 67.5 degrees the edge is the x axis, where nothing is rounded away from it."""
    layout, state = two_agents(2.0, 0.0, RULES.half_cone_rad)
    state.agents[0, 2, ANGLE] = math.pi - RULES.half_cone_rad
    seen = look(SLOTS, layout, state).agents[0]
    assert sees_agent(SLOTS, layout, state, 0, 0, 2)
    assert seen[0, 2]


def test_distance_zero_is_seen_in_any_heading():
    for heading in np.linspace(-3.0, 3.0, 7):
        layout, state = two_agents(0.0, 0.0, heading)
        seen = look(SLOTS, layout, state)
        assert seen.agents[0, 0, 2]
        assert seen.agents[0, 2, 0]
        assert np.all(seen.lidar[0, 0] == 0.0)


def test_a_thing_under_the_eye_is_seen_and_hides_the_rest():
    layout, state = two_agents(1.0, 0.0, 0.0)
    layout.thing_exists[0, 0] = True
    layout.thing_half[0, 0] = 0.25
    state.things[0, 0, :2] = 3.0, 3.0
    seen = look(SLOTS, layout, state)
    assert seen.things[0, 0, 0]
    assert not seen.agents[0, 0, 2]


def test_a_wall_hides_from_the_touch_on():
    """A line along a wall's face touches it; a micrometre beside it does not."""
    for gap, expected in ((0.0, False), (1e-6, True)):
        layout, state = two_agents(2.0, 0.0, 0.0)
        layout.wall_exists[0, 0] = True
        layout.walls[0, 0] = 3.5, 2.0, 4.0, 3.0 - gap
        assert look(SLOTS, layout, state).agents[0, 0, 2] == expected


def test_an_agent_hides_one_behind_it_and_the_ends_do_not():
    layout, state = two_agents(2.0, 0.0, 0.0)
    layout.agent_exists[0, 1] = True
    for beside, expected in ((RULES.agent_radius_m - 1e-6, False), (RULES.agent_radius_m + 1e-6, True)):
        state.agents[0, 1, :2] = 4.0, 3.0 + beside
        assert look(SLOTS, layout, state).agents[0, 0, 2] == expected


def test_sight_between_two_that_face_each_other_is_mutual():
    layout, state = random_worlds(3, 300)
    for observer in range(SLOTS.agents):
        centre = state.agents[:, observer, :2]
        state.agents[:, observer, ANGLE] = np.arctan2(*(np.array([3.0, 3.0]) - centre).T[::-1])
    state.agents[:, 0, :2] = 3.0
    state.level[:] = FLOOR
    seen = look(SLOTS, layout, state).agents
    ahead = np.cos(state.agents[:, 0, ANGLE, None] - state.agents[:, 1:, ANGLE]) < -0.5
    assert np.array_equal(seen[:, 0, 1:][ahead], seen[:, 1:, 0][ahead])
    assert seen[:, 0, 1:][ahead].any()


def test_a_ray_that_meets_nothing_reads_the_range():
    layout, state = two_agents(0.0, 0.0, 0.0)
    layout.floor[:] = 20.0
    layout.agent_exists[0, 2] = False
    state.agents[0, 0, :2] = 10.0
    assert np.all(look(SLOTS, layout, state).lidar[0, 0] == RULES.lidar_range_m)


def test_ray_lengths_are_the_lidars_without_agents():
    layout, state = random_worlds(5, 50)
    layout.agent_exists[:, 1:] = False
    layout.agent_exists[:, 0] = True
    seen = look(SLOTS, layout, state)
    angles = 2.0 * np.pi * np.arange(RULES.lidar_rays) / RULES.lidar_rays
    for world in range(50):
        x, y = state.agents[world, 0, :2]
        lengths = ray_lengths(SLOTS, layout, state, world, (x, y), int(state.level[world, 0]), angles)
        assert np.array_equal(np.minimum(lengths, RULES.lidar_range_m), seen.lidar[world, 0])


def test_low_things_hide_nothing_from_above_nor_who_is_up_there():
    layout, state = two_agents(2.0, 0.0, 0.0)
    state.agents[0, 2, ANGLE] = math.pi
    layout.wall_exists[0, 0], layout.thing_exists[0, 0], layout.thing_half[0, 0] = True, True, 0.25
    layout.walls[0, 0], state.things[0, 0, :2] = (3.9, 2.0, 4.0, 4.0), (4.5, 3.0)
    for levels in ((0, 1), (1, 0), (1, 1), (0, 0)):
        state.level[0, [0, 2]] = levels
        seen = look(SLOTS, layout, state)
        assert seen.agents[0, 0, 2] == seen.agents[0, 2, 0] == any(levels)
        assert seen.things[0, 0, 0] == (levels[0] == UPPER)


def test_agents_hide_only_those_of_their_own_level_from_each_other():
    layout, state = two_agents(2.0, 0.0, 0.0)
    layout.agent_exists[0, 1] = True
    state.agents[0, 1, :2] = 4.0, 3.0
    for levels in itertools.product((FLOOR, UPPER), repeat=3):
        state.level[0, :3] = levels
        assert look(SLOTS, layout, state).agents[0, 0, 2] == (len(set(levels)) > 1)


def test_upstairs_lidar_meets_outer_walls_and_agents_of_that_level_alone():
    layout, state = random_worlds(6, 100)
    state.level[:] = UPPER
    bare = layout._replace(
        wall_exists=np.zeros_like(layout.wall_exists), thing_exists=np.zeros_like(layout.thing_exists)
    )
    assert np.array_equal(look(SLOTS, layout, state).lidar, look(SLOTS, bare, state).lidar)
    alone = layout._replace(agent_exists=layout.agent_exists & (np.arange(SLOTS.agents) == 0))
    state.level[:, 1:] = FLOOR
    assert np.array_equal(look(SLOTS, layout, state).lidar[:, 0], look(SLOTS, alone, state).lidar[:, 0])


def test_a_ramp_hides_nobody_who_stands_in_it():
    layout, state = two_agents(2.0, 0.0, 0.0)
    layout.thing_exists[0, RAMP], layout.thing_half[0, RAMP] = True, (0.45, 0.3)
    state.agents[0, 2, ANGLE] = math.pi
    for place, hidden in ((3.0, False), (4.0, True), (5.0, False)):
        state.things[0, RAMP, :2] = place, 3.0
        seen = look(SLOTS, layout, state)
        assert seen.agents[0, 0, 2] == seen.agents[0, 2, 0] != hidden
        assert (seen.lidar[0, 0, 0] < 1.0) == hidden
