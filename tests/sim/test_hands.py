"""The rules of grabbing and locking, one by one, in a bare world built by hand."""

import numpy as np
import pytest

from sim.hands import gap
from sim.rules import GRAB, KEEP, LOCK, RELEASE, RULES
from sim.state import ANGLE, FIXED_BY_NOBODY, FREE, X, Y
from tests.games import started
from tests.sim.heights import bare_world, walk

HIDER, MATE, SEEKER, OTHER_SEEKER = range(4)


@pytest.fixture
def game():
    """Two boxes in the open, hiders to the left of the first and seekers to the right, all looking at it, in play."""
    game = started("quadrant:boxes=2,preparation_ticks=1,box_m=0.72", 1)
    layout, state = game.snapshot()
    layout.wall_exists[:] = False
    state.tick[:] = 1
    state.things[0, 0, :3], state.things[0, 1, :3] = (2.0, 3.0, 0.0), (2.0, 5.0, 0.0)
    state.agents[0, :, :3] = [(1.4, 3.1, 0.0), (1.4, 2.75, 0.0), (2.6, 3.1, np.pi), (2.6, 2.75, np.pi)]
    game.restore(layout, state)
    return game


def do(game, hands, move=None):
    """One tick in which the named agents use their hands (and move)."""
    actions = np.zeros((1, 4, 3), np.int8)
    for agent, action in hands.items():
        actions[0, agent, 2] = action
    for agent, direction in (move or {}).items():
        actions[0, agent, 0] = direction
    game.tick(actions)


def test_a_grabbed_box_follows_and_keeps_its_pose_in_the_hands(game):
    do(game, {HIDER: GRAB})
    assert game.state.held[0, HIDER] == 0
    frozen = game.state.hold[0, HIDER].copy()
    start = game.state.things[0, 0, X]
    for _ in range(8):
        do(game, {}, move={HIDER: 5})
    body, box = game.state.agents[0, HIDER], game.state.things[0, 0]
    assert box[X] < start - 0.3
    turn = np.array([[np.cos(body[ANGLE]), np.sin(body[ANGLE])], [-np.sin(body[ANGLE]), np.cos(body[ANGLE])]])
    assert np.allclose(turn @ (box[:2] - body[:2]), frozen[:2], atol=0.01)
    assert box[ANGLE] - body[ANGLE] == pytest.approx(frozen[2], abs=0.03)


def test_one_box_in_hand_halves_the_speed(game):
    def speed_of_hider():
        for _ in range(6):
            do(game, {}, move={HIDER: 5})
        return abs(game.state.agents[0, HIDER, 3])

    layout, state = game.snapshot()
    state.agents[0, HIDER, :2] = (5.5, 3.0)
    state.things[0, 0, :2] = (4.98, 3.0)
    state.agents[0, HIDER, ANGLE] = np.pi
    state.agents[0, 1:, Y] = [0.5, 0.9, 1.3]
    game.restore(layout, state)
    do(game, {HIDER: GRAB})
    assert game.state.held[0, HIDER] == 0
    loaded = speed_of_hider()
    state.things[0, 0, :2] = (5.0, 5.5)
    game.restore(layout, state)
    assert speed_of_hider() == pytest.approx(RULES.free_speed_mps, rel=0.02)
    assert loaded == pytest.approx(RULES.free_speed_mps / 2, rel=0.1)


def test_release_lets_go(game):
    do(game, {HIDER: GRAB})
    do(game, {HIDER: RELEASE})
    assert game.state.held[0, HIDER] == FREE


def test_out_of_reach_or_out_of_sight_is_not_grabbed(game):
    layout, state = game.snapshot()
    state.agents[0, HIDER, ANGLE] = np.pi
    state.agents[0, MATE, X] = 1.64 - RULES.agent_radius_m - RULES.reach_m - 0.01
    game.restore(layout, state)
    do(game, {HIDER: GRAB, MATE: GRAB})
    assert (game.state.held[0] == FREE).all()


def test_what_an_agent_was_last_shown_decides(game):
    layout, state = game.snapshot()
    state.agents[0, HIDER, ANGLE] = np.pi
    game.restore(layout, state)
    game.seen.things[0, HIDER, 0] = True
    do(game, {HIDER: GRAB})
    assert game.state.held[0, HIDER] == 0


def test_the_nearest_thing_is_taken(game):
    layout, state = game.snapshot()
    state.things[0, 1, :3] = (1.4, 3.1 + 0.15 + 0.30 + 0.36, 0.0)
    state.things[0, 0, :3] = (1.4 + 0.15 + 0.25 + 0.36, 3.1, 0.0)
    state.agents[0, HIDER, ANGLE] = np.pi / 4
    game.restore(layout, state)
    do(game, {HIDER: GRAB})
    assert game.state.held[0, HIDER] == 0


def test_of_two_things_as_near_the_first_is_taken(game):
    layout, state = game.snapshot()
    state.things[0, :, :2], state.agents[0, HIDER, :2] = [(2.0, 3.5), (2.0, 2.5)], (1.4, 3.0)
    state.agents[0, MATE:, X] = 5.5
    game.restore(layout, state)
    assert gap(RULES, game.layout, game.state, 0, HIDER, 0) == gap(RULES, game.layout, game.state, 0, HIDER, 1)
    assert game.seen.things[0, HIDER].all()
    do(game, {HIDER: GRAB})
    assert game.state.held[0, HIDER] == 0


def test_a_locked_box_moves_for_nobody_and_only_its_team_unlocks_it(game):
    do(game, {HIDER: LOCK})
    assert game.state.lock[0, 0] == 1
    pose = game.state.things[0, 0].copy()
    for _ in range(10):
        do(game, {SEEKER: GRAB}, move={SEEKER: 5, OTHER_SEEKER: 5, MATE: 1})
    assert np.array_equal(game.state.things[0, 0], pose)
    assert game.state.held[0, SEEKER] == FREE
    do(game, {SEEKER: LOCK})
    assert game.state.lock[0, 0] == 1
    do(game, {MATE: GRAB})
    assert game.state.lock[0, 0] == 0 and game.state.held[0, MATE] == 0


def test_a_lock_ends_every_hold(game):
    do(game, {HIDER: GRAB, SEEKER: GRAB})
    assert game.state.held[0, HIDER] == game.state.held[0, SEEKER] == 0
    do(game, {HIDER: LOCK})
    assert game.state.lock[0, 0] == 1
    assert (game.state.held[0] == FREE).all()


def test_if_both_teams_lock_in_one_tick_neither_does(game):
    do(game, {HIDER: LOCK, SEEKER: LOCK})
    assert game.state.lock[0, 0] == 0
    do(game, {SEEKER: LOCK})
    assert game.state.lock[0, 0] == 2


def test_release_comes_before_lock_and_lock_before_grab(game):
    do(game, {HIDER: GRAB})
    do(game, {HIDER: RELEASE, MATE: LOCK, SEEKER: GRAB})
    assert game.state.lock[0, 0] == 1
    assert (game.state.held[0] == FREE).all()


def test_what_may_not_be_locked_is_not(game):
    layout, state = game.snapshot()
    layout.thing_lockable[:] = False
    game.restore(layout, state)
    do(game, {HIDER: LOCK})
    assert game.state.lock[0, 0] == 0


def test_a_hold_that_pulls_too_hard_tears(game):
    layout, state = game.snapshot()
    state.agents[0, :2, :3] = [(1.4, 3.1, 0.0), (1.4, 2.75, 0.0)]
    game.restore(layout, state)
    do(game, {HIDER: GRAB})
    game.state.hold[0, HIDER, 0] += 2.0  # as if something had dragged the box away
    game.restore(*game.snapshot())
    do(game, {}, move={HIDER: 5})
    assert game.state.held[0, HIDER] == FREE


def test_gap_is_the_distance_between_skins(game):
    layout, state = game.layout, game.state
    assert gap(RULES, layout, state, 0, HIDER, 0) == pytest.approx(2.0 - 0.36 - 1.4 - 0.15)


@pytest.mark.parametrize(
    ("half", "angle", "metres"),
    [((0.5, 0.1), 0.0, 0.1), ((0.5, 0.1), np.pi / 2, 0.5), ((0.1, 0.5), 0.0, 0.5), ((0.1, 0.5), np.pi / 2, 0.1)],
)
def test_a_long_box_is_as_near_as_its_side_or_its_end(game, half, angle, metres):
    """`metres` is what is left of the 0.6 m between the hider's skin and the box's centre."""
    layout, state = game.snapshot()
    layout.thing_half[0, 0], state.things[0, 0, :3] = half, (2.0, 3.0, angle)
    state.agents[0, HIDER, :2] = (2.0 - 0.6 - RULES.agent_radius_m, 3.0)
    game.restore(layout, state)
    assert gap(RULES, game.layout, game.state, 0, HIDER, 0) == pytest.approx(metres)
    do(game, {HIDER: GRAB})
    assert (game.state.held[0, HIDER] == 0) == (metres < RULES.reach_m)


def test_past_a_wall_a_long_box_is_as_near_as_its_end(game):
    """The way to its nearest point, a corner of its end, is shut; the one to its centre meets the same end."""
    with_walls(game, (1.27, 2.8, 1.3, 2.905), agent=(1.1, 2.9))
    layout, state = game.snapshot()
    layout.thing_half[0, 0], state.things[0, 0, :3] = (0.6, 0.1), (2.0, 3.0, 0.0)
    game.restore(layout, state)
    game.seen.things[0, HIDER] = True
    do(game, {HIDER: GRAB})
    assert game.state.held[0, HIDER] == 0


def test_each_team_locks_a_box_of_its_own_in_one_tick(game):
    layout, state = game.snapshot()
    state.agents[0, SEEKER:, :2] = [(1.4, 5.0), (1.4, 4.75)]
    state.agents[0, SEEKER:, ANGLE] = 0.0
    game.restore(layout, state)
    do(game, {HIDER: LOCK, SEEKER: LOCK})
    assert game.state.lock[0].tolist() == [1, 2]


def test_a_grab_freezes_the_pose_as_it_is(game):
    layout, state = game.snapshot()
    state.agents[0, HIDER, ANGLE], state.things[0, 0, ANGLE] = 0.3, 0.5
    game.restore(layout, state)
    do(game, {HIDER: GRAB})
    (dx, dy), turn = (0.6, -0.1), np.exp(-0.3j)
    along = (dx + 1j * dy) * turn
    assert game.state.hold[0, HIDER] == pytest.approx([along.real, along.imag, 0.2])


@pytest.mark.parametrize(("tool", "hands"), [("lock", LOCK), ("grab", GRAB)])
def test_without_a_tool_the_action_does_nothing(tool, hands):
    game = started("quadrant:preparation_ticks=1", 1, without=[tool])
    layout, state = game.snapshot()
    layout.wall_exists[:] = False
    state.agents[0, HIDER, :3] = (state.things[0, 0, X] - 0.7, state.things[0, 0, Y], 0.0)
    game.restore(layout, state)
    do(game, {HIDER: hands})
    assert game.state.lock.sum() == 0 and (game.state.held == FREE).all()
    assert game.actions[0, HIDER, 2] == KEEP


def test_without_pushing_all_things_that_are_there_are_fixed_by_nobody():
    game = started("rooms", 16, without=["pushing"])
    exist = game.layout.thing_exists
    assert exist.any() and not exist.all()
    np.testing.assert_array_equal(game.state.lock, np.where(exist, FIXED_BY_NOBODY, 0))


def with_walls(game, *walls, agent=(1.4, 2.75), box=(2.0, 3.0)):
    """Puts up walls; the hider, who sees both boxes, and box 0 stand at these places."""
    layout, state = game.snapshot()
    for number, corners in enumerate(walls):
        layout.walls[0, number], layout.wall_exists[0, number] = corners, True
    state.agents[0, HIDER, :2], state.things[0, 0, :2] = agent, box
    state.agents[0, MATE:, X], state.agents[0, MATE:, Y] = 5.5, (1.0, 2.0, 3.0)
    game.restore(layout, state)
    game.seen.things[0, HIDER] = True


THIN_WALL = (1.56, 2.0, 1.62, 4.0)
"""Between the hider and the box, which are 0.09 m apart."""


@pytest.mark.parametrize(("hands", "walls"), [(GRAB, [THIN_WALL]), (LOCK, [THIN_WALL]), (GRAB, []), (LOCK, [])])
def test_hands_do_not_reach_through_walls(game, hands, walls):
    with_walls(game, *walls)
    do(game, {HIDER: hands})
    assert (game.state.held[0, HIDER] == 0 or game.state.lock[0, 0] == 1) == (not walls)


@pytest.mark.parametrize("walled", [True, False])
@pytest.mark.parametrize("quarter", range(4))
def test_no_wall_lets_hands_through_from_any_side(game, quarter, walled):
    """The hider, the wall and the box of above, turned around the box's centre."""
    turn = [1, 1j, -1, -1j][quarter]
    hider, first, last = (2 + 3j + turn * (corner - (2 + 3j)) for corner in (1.4 + 2.75j, 1.56 + 2j, 1.62 + 4j))
    wall = [least(part) for least in (min, max) for part in ((first.real, last.real), (first.imag, last.imag))]
    with_walls(game, *([wall] if walled else []), agent=(hider.real, hider.imag))
    do(game, {HIDER: GRAB})
    assert game.state.held[0, HIDER] == (FREE if walled else 0)


def test_hands_reach_past_the_end_of_a_wall_towards_the_centre(game):
    with_walls(game, (1.56, 2.6, 1.62, 2.8))
    do(game, {HIDER: GRAB})
    assert game.state.held[0, HIDER] == 0


def test_a_way_past_a_wall_may_be_too_long(game):
    """The nearest point is 0.34 m away, behind a wall; on the way to the centre the box begins after 0.36 m."""
    with_walls(game, (1.3, 2.6, 1.36, 2.72), agent=(1.15, 2.7))
    do(game, {HIDER: GRAB})
    assert game.state.held[0, HIDER] == FREE
    with_walls(game, (1.3, 2.0, 1.36, 2.1), agent=(1.15, 2.7))
    do(game, {HIDER: GRAB})
    assert game.state.held[0, HIDER] == 0


def test_another_thing_is_taken_where_a_wall_hides_the_nearest(game):
    with_walls(game, THIN_WALL)
    layout, state = game.snapshot()
    state.things[0, 1, :3] = (1.0, 2.1, 0.0)
    game.restore(layout, state)
    game.seen.things[0, HIDER] = True
    do(game, {HIDER: GRAB})
    assert game.state.held[0, HIDER] == 1


@pytest.mark.parametrize("y", [2.6, 2.642, 2.7, 3.0, 3.3, 3.4])
@pytest.mark.parametrize(("x", "box_x"), [(1.84, 2.39), (2.26, 1.71)])
def test_a_box_in_a_doorway_can_be_taken_from_either_side(game, x, y, box_x):
    """The box is a little wider than the door, and its face lies within the thickness of the wall."""
    with_walls(game, (2.0, 0.0, 2.1, 2.645), (2.0, 3.355, 2.1, 6.0), agent=(x, y), box=(box_x, 3.0))
    do(game, {HIDER: GRAB})
    assert game.state.held[0, HIDER] == 0


def test_a_hold_outlasts_a_wall_that_comes_between(game):
    with_walls(game)
    do(game, {HIDER: GRAB})
    layout, state = game.snapshot()
    layout.walls[0, 0], layout.wall_exists[0, 0] = THIN_WALL, True
    game.restore(layout, state)
    do(game, {})
    assert game.state.held[0, HIDER] == 0
    do(game, {HIDER: LOCK})
    assert game.state.lock[0, 0] == 1


def test_upstairs_no_wall_is_in_the_way():
    """An agent on a box, over a wall that runs below its feet between it and the box's centre."""
    game = bare_world(agents=[(2.45, 3.0, np.pi)], things=[(2.0, 3.0, 0.0), None, (5.0, 1.0, 0.0)])
    layout, state = game.snapshot()
    layout.walls[0, 0], layout.wall_exists[0, 0] = (2.41, 2.0, 2.44, 4.0), True
    state.level[0, 0] = 1
    game.restore(layout, state)
    walk(game, 1, hands={0: GRAB})
    assert game.state.level[0, 0] == 1 and game.state.held[0, 0] == 0
