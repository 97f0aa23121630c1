"""Nothing leaks: no body leaves the floor or stays inside a wall, whatever the agents do."""

import numpy as np
import pytest

from sim.climb import FLOOR, UPPER
from sim.game import Game
from sim.layout import Slots, empty_layout
from sim.physics.walls import OUTER_WALLS, box_overlap, free_body, walls_in_the_way
from sim.rng import episode_seeds
from sim.rules import ACTION_SIZES, RULES
from sim.scenario import scenario_from_text
from sim.state import ANGLE, X, Y

TRAVEL = RULES.max_travel_m + RULES.collision_slop_m
OLD = 10
"""Ticks after which a contact counts as old."""
SETTLED = 0.01
"""How deep an old contact may be in metres."""


def wall_rectangles(game):
    """[world, wall, 4] with the floor's borders first, and whether each exists."""
    layout, far = game.layout, 10.0
    side = layout.floor[:, None]
    low, high, zero = np.full_like(side, -far), side + far, np.zeros_like(side)
    borders = [(low, low, zero, high), (side, low, high, high), (low, low, high, zero), (low, side, high, high)]
    outer = np.stack([np.concatenate(border, 1) for border in borders], 1)
    exists = np.concatenate([np.ones(outer.shape[:2], bool), layout.wall_exists], 1)
    return np.concatenate([outer, layout.walls], 1)[:, None], exists[:, None]


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
    walls, exists = wall_rectangles(game)
    upstairs = (game.state.level == UPPER)[..., None] & (np.arange(walls.shape[2]) >= OUTER_WALLS)
    discs = np.where(~upstairs & game.layout.agent_exists[..., None], disc_depths(game, walls), -1.0)
    both = np.concatenate([discs, box_depths(game, walls)], 1)
    return np.where(exists, both, -1.0)


def targets(generator, game):
    """[world, 1, 2]: for each world one corner of floor or walls, a door or a ramp that everybody is to push into."""
    layout, side = game.layout, game.layout.floor[0]
    aims = np.zeros((game.worlds, 1, 2))
    for w in range(game.worlds):
        walls, doors = layout.walls[w][layout.wall_exists[w]], layout.doors[w][layout.door_exists[w]]
        corners = np.concatenate([[(0, 0), (side, 0), (0, side), (side, side)], walls[:, :2], walls[:, 2:]])
        ramps = game.state.things[w, game.slots.boxes :, :2][layout.thing_exists[w, game.slots.boxes :]]
        middles = 0.5 * (doors[:, :2] + doors[:, 2:])
        aims[w] = generator.choice(np.concatenate([corners, middles, *[ramps] * len(corners)]))
    return aims


def adversarial(generator, game, aim):
    """Everybody runs to the aim, grabbing and locking as they go."""
    way = aim - game.state.agents[..., :2]
    move = 1 + np.round(np.arctan2(way[..., 1], way[..., 0]) / (np.pi / 4)).astype(int) % 8
    turn = generator.integers(0, 3, move.shape)
    hands = generator.choice([0, 0, 0, 1, 1, 2, 3], move.shape)
    return np.stack([move, turn, hands], -1)


def uniform(generator, game):
    shape = (game.worlds, game.slots.agents)
    return np.stack([generator.integers(0, size, shape) for size in ACTION_SIZES], -1)


def check_for_leaks(text, ticks, worlds, seed=0):
    game, generator = Game(scenario_from_text(text), worlds), np.random.default_rng(seed)
    game.reset(episode_seeds(seed, 0, worlds))
    deep_since = np.zeros(depths(game).shape, int)
    episodes, upstairs = worlds, 0
    for tick in range(ticks // worlds):
        if tick % 12 == 0:
            aim = targets(generator, game)
        attack = (tick // game.scenario.ticks) % 2
        game.tick(adversarial(generator, game, aim) if attack else uniform(generator, game))
        assert all(np.isfinite(field).all() for field in (game.state.agents, game.state.things, game.observation))
        upstairs += int((game.state.level == UPPER).sum())
        depth = depths(game)
        deep_since = np.where(depth > 0.0, deep_since + 1, 0)
        assert depth.max() <= TRAVEL
        assert depth[deep_since >= OLD].max(initial=0.0) <= SETTLED
        if game.ended.all():
            game.reset(episode_seeds(seed, episodes, worlds))
            episodes, deep_since = episodes + worlds, np.zeros_like(deep_since)
    assert (upstairs > 0) == (game.slots.ramps > 0)


BUSY = "quadrant:hiders=3,seekers=3,boxes=4,box_m=0.5,room_m=3.0,two_doors=0.5"


RAMPS = "quadrant-ramp:ramps=2,boxes=2,box_m=0.6,hiders=3,seekers=3"


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
