"""Nothing leaks: no body leaves the floor or stays inside a wall, whatever the agents do."""

import numpy as np
import pytest

from sim.climb import FLOOR, UPPER
from sim.layout import Slots, empty_layout
from sim.physics.walls import OUTER_WALLS, box_overlap, free_body, walls_in_the_way
from sim.rules import RULES
from sim.scenario import scenario_from_text
from sim.state import ANGLE, X, Y
from tests.games import started
from tests.sim.leaks import TRAVEL, all_walls, look_for_leaks, measure, uniform


def disc_depths(game, walls):
    """[world, agent, wall]: how deep each agent is in each wall; negative outside."""
    x, y = game.state.agents[..., None, X], game.state.agents[..., None, Y]
    x0, y0, x1, y1 = np.moveaxis(walls, -1, 0)
    away = np.hypot(x - np.clip(x, x0, x1), y - np.clip(y, y0, y1))
    inside = np.minimum.reduce([x - x0, x1 - x, y - y0, y1 - y])
    return RULES.agent_radius_m + np.where(away == 0.0, inside, -away)


def box_depths(game, walls):
    """[world, thing, wall]: least overlap over the separating axes; negative outside."""
    pose, half = game.state.things, game.layout.thing_half
    cos, sin = np.cos(pose[..., ANGLE]), np.sin(pose[..., ANGLE])
    signs = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
    own = half[:, :, None] * signs
    corners = np.stack(
        [
            pose[..., X, None] + cos[..., None] * own[..., 0] - sin[..., None] * own[..., 1],
            pose[..., Y, None] + sin[..., None] * own[..., 0] + cos[..., None] * own[..., 1],
        ],
        -1,
    )
    x0, y0, x1, y1 = np.moveaxis(walls, -1, 0)
    walls_corners = np.stack([np.stack([x0, x1, x1, x0], -1), np.stack([y0, y0, y1, y1], -1)], -1)
    depths = []
    for axis_x, axis_y in ((np.ones_like(cos), 0 * cos), (0 * cos, np.ones_like(cos)), (cos, sin), (-sin, cos)):
        ours = corners[..., 0] * axis_x[..., None] + corners[..., 1] * axis_y[..., None]
        theirs = walls_corners[..., 0] * axis_x[..., None, None] + walls_corners[..., 1] * axis_y[..., None, None]
        depths.append(
            np.minimum(
                ours.max(-1)[..., None] - theirs.min(-1),
                theirs.max(-1) - ours.min(-1)[..., None],
            )
        )
    return np.where(game.layout.thing_exists[..., None], np.minimum.reduce(depths), -1.0)


def depths(game):
    """[world, body, wall]; inner walls are nothing to those upstairs."""
    walls, exists = (part[:, None] for part in all_walls(game))
    upstairs = (game.state.level == UPPER)[..., None] & (np.arange(walls.shape[2]) >= OUTER_WALLS)
    discs = np.where(~upstairs & game.layout.agent_exists[..., None], disc_depths(game, walls), -1.0)
    both = np.concatenate([discs, box_depths(game, walls)], 1)
    return np.where(exists, both, -1.0)


def measured(game, before=None):
    """How deep each body is in each wall, and how many came through one since `before`, as `look_for_leaks` sees it."""
    walls, exists = all_walls(game)
    depth = np.zeros((game.worlds, game.slots.agents + game.slots.things, walls.shape[1]))
    places = np.concatenate([game.state.agents[..., :2], game.state.things[..., :2]], 1) if before is None else before
    through = measure(walls, exists, game.layout, game.state, places, game.state.level, depth)
    return depth, through


@pytest.mark.parametrize("text", ["rooms-full", "quadrant-two-ramps"])
def test_depths_are_measured_as_a_slower_measure_does(text):
    """Also of bodies that lie in walls, as none does in a game."""
    game, generator = started(text, 64), np.random.default_rng(0)
    for _ in range(20):
        game.tick(uniform(generator, game))
    assert not measured(game)[1]
    game.state.agents[..., :3] += generator.normal(0.0, 1.0, game.state.agents[..., :3].shape)
    game.state.things[..., :3] += generator.normal(0.0, 1.0, game.state.things[..., :3].shape)
    game.state.level[:] = generator.integers(0, 2, game.state.level.shape)
    wanted = depths(game)
    np.testing.assert_allclose(measured(game)[0], wanted, atol=1e-9)
    assert (wanted > TRAVEL).any() and (wanted < 0.0).any()


@pytest.mark.parametrize("body", ["agent", "thing"])
def test_who_comes_out_on_the_other_side_of_a_wall_is_counted(body):
    game = started("quadrant", 1)
    wall = next(wall for wall, there in zip(game.layout.walls[0], game.layout.wall_exists[0], strict=True) if there)
    across = 1 if wall[2] - wall[0] > wall[3] - wall[1] else 0
    pose = game.state.agents[0, 0] if body == "agent" else game.state.things[0, 0]
    pose[:2] = 0.5 * (wall[:2] + wall[2:])
    pose[across] -= 0.2
    before = np.concatenate([game.state.agents[..., :2], game.state.things[..., :2]], 1)
    assert measured(game, before)[1] == 0
    pose[across] += 0.4
    assert measured(game, before)[1] == 1
    pose[1 - across] += 10.0
    assert measured(game, before)[1] == 0, "past its end"


BUSY = "quadrant:hiders=3,seekers=3,boxes=4,box_m=0.5,room_m=3.0,two_doors=0.5"


RAMPS = "quadrant-ramp:ramps=2,boxes=2,box_m=0.6,hiders=3,seekers=3"


def check_for_leaks(text, ticks, worlds, seed=0):
    found = look_for_leaks(text, ticks, worlds, seed)
    assert found.leaks == 0 and found.ticks > ticks - worlds
    assert (found.upstairs > 0) == (scenario_from_text(text).slots.ramps > 0)


@pytest.mark.parametrize(
    "text",
    ["quadrant", *(pytest.param(text, marks=pytest.mark.slow) for text in (BUSY, RAMPS))],
    ids=["default", "busy", "ramps"],
)
def test_nothing_leaks(text):
    check_for_leaks(text, ticks=60_000, worlds=256)


def test_a_box_wedged_between_three_walls_is_turned_out_of_all():
    """No shift frees it: two walls hold its ends, and the third its middle."""
    layout = empty_layout(1, Slots(hiders=1, seekers=0, boxes=1, ramps=0, walls=3, doors=0))
    layout.floor[:], layout.wall_exists[:] = 6.0, True
    layout.walls[0] = [(1.0, 1.0, 2.2, 2.0), (3.3, 1.0, 4.5, 2.02), (2.7, 2.15, 2.8, 3.0)]
    half = (0.825, 0.075)
    pose = np.array([2.75, 2.07, -0.05, 0.0, 0.0, 0.0])
    corners = [tuple(wall) for wall in layout.walls[0]]

    def deepest():
        cos, sin = np.cos(pose[ANGLE]), np.sin(pose[ANGLE])
        return max(box_overlap((pose[X], pose[Y], cos, sin, *half), *wall)[0] for wall in corners)

    assert deepest() > 0.02
    assert free_body(RULES, layout, pose, 0, walls_in_the_way(layout, FLOOR), (0.0, *half))
    assert deepest() <= RULES.max_overlap_m + 1e-6


def test_a_box_aslant_between_two_walls_is_shifted_out_of_both():
    """Their ways out are nearly opposite, so that it takes many rounds."""
    layout = empty_layout(1, Slots(hiders=1, seekers=0, boxes=1, ramps=0, walls=2, doors=0))
    layout.floor[:], layout.wall_exists[:] = 6.0, True
    layout.walls[0] = [(3.5, 0.0, 3.6, 2.5), (4.35, 2.4, 6.0, 2.5)]
    pose, half = np.array([4.0206, 1.9998, 4.8401, 0.0, 0.0, 0.0]), 0.3875
    assert free_body(RULES, layout, pose, 0, walls_in_the_way(layout, FLOOR), (0.0, half, half))
    cos, sin = np.cos(pose[ANGLE]), np.sin(pose[ANGLE])
    depths = [box_overlap((pose[X], pose[Y], cos, sin, half, half), *wall)[0] for wall in layout.walls[0]]
    assert max(depths) <= RULES.max_overlap_m + 1e-6 and pose[ANGLE] == 4.8401


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "quadrant",
        "quadrant-two-boxes",
        "quadrant-ramp",
        "quadrant-original",
        BUSY,
        RAMPS,
        "rooms-full",
        "open_field",
        "rooms:outer_walls=false",
        "food",
        "lock_and_return",
        "sequential_lock",
        "blueprint:hiders=3",
        "shelter:hiders=3",
    ],
)
def test_nothing_leaks_in_a_million_ticks(text):
    check_for_leaks(text, ticks=1_000_000, worlds=512, seed=1)
