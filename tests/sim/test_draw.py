"""The picture shows what is so, fits any size, and needs no display."""

import subprocess
import sys
from typing import Any

import numpy as np
import pygame
import pytest

from sim.layout import Layout, Slots, empty_layout
from sim.render.canvas import Stamp, fill_translucent
from sim.render.draw import Options, draw, render_array
from sim.render.snapshot import Snapshot
from sim.render.text import label
from sim.render.vision import cone
from sim.rules import RULES
from sim.sight import look
from sim.state import ANGLE, State, X, Y, empty_state, take

SLOTS = Slots(hiders=2, seekers=2, boxes=2, ramps=1, walls=2, doors=1)


@pytest.fixture
def layout() -> Layout:
    layout = empty_layout(2, SLOTS)
    layout.floor[:] = 6.0
    layout.walls[:] = [(3.0, 0.0, 3.1, 2.0), (3.0, 2.6, 3.1, 6.0)]
    layout.doors[:] = (3.0, 2.0, 3.1, 2.6)
    layout.thing_half[:] = [(0.38, 0.38), (0.8, 0.08), (0.45, 0.3)]
    for exists in (layout.wall_exists, layout.door_exists, layout.agent_exists, layout.thing_exists):
        exists[:] = True
    return layout


@pytest.fixture
def state() -> State:
    state = empty_state(2, SLOTS)
    state.agents[..., :3] = [(1.0, 1.0, 0.3), (2.0, 4.0, 1.0), (5.0, 5.0, -2.0), (4.0, 1.0, 2.5)]
    state.things[..., :3] = [(1.8, 1.0, 0.2), (4.5, 2.5, 0.6), (4.0, 4.0, 2.0)]
    return state


def picture(layout: Layout, state: State, seen: np.ndarray | None = None, **options: Any) -> np.ndarray:
    return render_array(Snapshot(SLOTS, layout, state, seen), (240, 240), Options(**options))


def differs(one: np.ndarray, other: np.ndarray) -> int:
    return int((one != other).any(axis=2).sum())


@pytest.mark.parametrize("size", [(720, 720), (640, 360), (97, 211), (30, 30), (3, 50), (1, 1)])
def test_any_size_is_filled(layout: Layout, state: State, size: tuple[int, int]):
    shown = render_array(Snapshot(SLOTS, layout, state, look(SLOTS, layout, state).agents), size)
    assert shown.shape == (size[1], size[0], 3) and shown.dtype == np.uint8 and shown.flags.owndata
    assert (shown.reshape(-1, 3).max(axis=1) > 0).all()


def test_no_display_is_needed_nor_opened():
    program = """
import numpy as np, pygame
from sim.render.draw import render_array
from sim.render.snapshot import Snapshot
from sim.layout import Slots, empty_layout
from sim.state import empty_state
slots = Slots(1, 1, 1, 1, 0, 0)
layout, state = empty_layout(1, slots), empty_state(1, slots)
layout.floor[:], layout.agent_exists[:], layout.thing_exists[:], layout.thing_half[:] = 6, True, True, 0.4
assert render_array(Snapshot(slots, layout, state)).std() > 1
assert not pygame.display.get_init()
"""
    environment = {"SDL_VIDEODRIVER": "there-is-none", "HOME": "/nowhere"}
    subprocess.run([sys.executable, "-c", program], check=True, env=environment | {"PYTHONPATH": "."})


def test_nothing_outside_the_rectangle_is_touched(layout: Layout, state: State):
    surface = pygame.Surface((300, 200))
    surface.fill((1, 2, 3))
    rect = pygame.Rect(40, 30, 150, 120)
    state.agents[0, 0, :2] = 0.15  # its shadow and ears reach over the floor's edge
    draw(surface, rect, Snapshot(SLOTS, layout, state, look(SLOTS, layout, state).agents))
    shown = pygame.surfarray.array3d(surface)
    shown[rect.left : rect.right, rect.top : rect.bottom] = (1, 2, 3)
    assert (shown == (1, 2, 3)).all()


def test_a_rectangle_that_leaves_the_surface_is_no_error(layout: Layout, state: State):
    surface = pygame.Surface((100, 100))
    for rect in (pygame.Rect(50, 50, 100, 100), pygame.Rect(200, 0, 50, 50), pygame.Rect(0, 0, 0, 0)):
        draw(surface, rect, Snapshot(SLOTS, layout, state))
    assert surface.get_at((75, 75)) != surface.get_at((10, 10))


def test_what_reaches_over_the_edge_is_drawn_as_on_a_larger_surface():
    whole, part = pygame.Surface((300, 300)), pygame.Surface((120, 90))
    for target, left, top in ((whole, 0, 0), (part, 100, 110)):
        outline = [(60.3 - left, 20 - top), (190 - left, 150.6 - top), (110 - left, 260 - top)]
        stamp = Stamp(target, outline, 4)
        stamp.polygon((200, 90, 30), outline, alpha=0.5)
        stamp.line((10, 200, 90), outline[0], outline[1], 7.5)
        stamp.lay()
        fill_translucent(target, (40, 60, 250), [(x + 9, y - 7) for x, y in outline], 0.4)
    shown = pygame.surfarray.array3d(whole)[100:220, 110:200]
    np.testing.assert_array_equal(pygame.surfarray.array3d(part), shown)
    assert shown.any()


def test_the_same_moment_gives_the_same_picture(layout: Layout, state: State):
    np.testing.assert_array_equal(picture(layout, state), picture(layout, state))


def test_drawing_changes_nothing(layout: Layout, state: State):
    before = [array.copy() for array in (*layout, *state)]
    picture(layout, state, look(SLOTS, layout, state).agents)
    for array, copy in zip((*layout, *state), before, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_every_world_is_drawn_as_if_alone(layout: Layout, state: State):
    state.agents[1, :, :2] += 0.3
    alone = render_array(Snapshot(SLOTS, take(layout, slice(1, 2)), take(state, slice(1, 2))))
    np.testing.assert_array_equal(render_array(Snapshot(SLOTS, layout, state, world=1)), alone)
    assert differs(alone, render_array(Snapshot(SLOTS, layout, state))) > 100


@pytest.mark.parametrize(
    "change",
    [
        lambda layout, state: state.lock.__setitem__((0, 0), 1),
        lambda layout, state: state.lock.__setitem__((0, 0), 2),
        lambda layout, state: state.lock.__setitem__((0, 0), 3),
        lambda layout, state: state.lock.__setitem__((0, 2), 1),
        lambda layout, state: state.held.__setitem__((0, 0), 0),
        lambda layout, state: state.level.__setitem__((0, 1), 1),
        lambda layout, state: state.agents.__setitem__((0, 0, ANGLE), 0.6),
        lambda layout, state: state.things.__setitem__((0, 2, ANGLE), 2.0 + np.pi),
        lambda layout, state: layout.thing_exists.__setitem__((0, 1), False),
        lambda layout, state: layout.agent_exists.__setitem__((0, 1), False),
        lambda layout, state: layout.wall_exists.__setitem__((0, 1), False),
        lambda layout, state: layout.door_exists.__setitem__((0, 0), False),
    ],
    ids=["hiders' lock", "seekers' lock", "fixed", "locked ramp", "hold", "level", "heading", "ramp's direction",
         "thing", "agent", "wall", "door"],
)  # fmt: skip
def test_everything_that_matters_shows(layout: Layout, state: State, change):
    before = picture(layout, state, cones=False)
    change(layout, state)
    assert differs(before, picture(layout, state, cones=False)) > 8


def test_owners_signs_differ_without_colour(layout: Layout, state: State):
    """A lock's owner and an agent's team can be told apart in greys alone, by what is dark and what is not."""
    state.things[0, 0, :3] = (1.5, 4.5, 0.0)
    shapes = []
    for lock in (1, 2):
        state.lock[0, 0] = lock
        shown = render_array(Snapshot(SLOTS, layout, state), size=(960, 960), options=Options(cones=False))
        middle = shown[205:275, 205:275].astype(float).mean(axis=2)
        shapes.append(middle > 215)
    assert (shapes[0] != shapes[1]).sum() > 60


def test_teams_differ_in_outline(layout: Layout, state: State):
    layout.thing_exists[:], layout.wall_exists[:], layout.door_exists[:] = False, False, False
    outlines = []
    for agent in (0, 2):
        layout.agent_exists[:] = False
        bare = render_array(Snapshot(SLOTS, layout, state), size=(960, 960))
        layout.agent_exists[0, agent] = True
        state.agents[0, agent, :3] = (3.0, 3.0, 0.0)
        shown = render_array(Snapshot(SLOTS, layout, state), size=(960, 960), options=Options(cones=False))
        outlines.append((np.abs(shown.astype(int) - bare).max(axis=2) > 100)[440:520, 440:520])
    assert (outlines[0] != outlines[1]).sum() > 0.04 * outlines[0].sum()


def test_only_opponents_in_sight_get_rings_and_lines(layout: Layout, state: State):
    bare = picture(layout, state, cones=False)
    seen = np.zeros((2, SLOTS.agents, SLOTS.agents), bool)
    seen[0, 0, 1] = seen[0, 3, 2] = True
    np.testing.assert_array_equal(picture(layout, state, seen, cones=False), bare)
    seen[0, 2, 1] = True
    with_ring = picture(layout, state, seen, cones=False, sight_lines=False)
    assert differs(with_ring, bare) > 20
    assert differs(picture(layout, state, seen, cones=False), with_ring) > 20


def test_seekers_in_preparation_have_no_cones_and_closed_eyes(layout: Layout, state: State):
    awake = picture(layout, state, cones=False)
    asleep = picture(layout, state, cones=False, preparation=True)
    assert 4 < differs(awake, asleep) < 400
    layout.agent_exists[0, :2] = False
    np.testing.assert_array_equal(
        picture(layout, state, preparation=True), picture(layout, state, cones=False, preparation=True)
    )


def test_a_cone_is_exactly_what_the_agent_sees(layout: Layout, state: State):
    """Random points are inside the outline if and only if they are in the cone and nothing is in between."""
    stream = np.random.default_rng(0)
    others = [1, 2, 3]
    layout.agent_exists[0, others] = False
    for _ in range(20):
        state.things[0, :, :3] = stream.uniform(0.8, 5.2, (3, 3))
        state.agents[0, 0, :3] = (*stream.uniform(0.2, 5.8, 2), stream.uniform(-9, 9))
        outline = cone(Snapshot(SLOTS, layout, state), 0)
        points = stream.uniform(0, 6, (200, 2))
        inside = _inside(points, outline)
        for point, shown in zip(points, inside, strict=True):
            assert shown == _sees(layout, state, point) or _distance(point, outline) < 1e-3


def test_a_cone_from_within_a_thing_is_no_error(layout: Layout, state: State):
    state.agents[0, 0, :2] = state.things[0, 0, :2]
    state.level[0, 0] = 1
    assert np.isfinite(cone(Snapshot(SLOTS, layout, state), 0)).all()
    picture(layout, state)


def _sees(layout: Layout, state: State, point: np.ndarray) -> bool:
    """By walking along the line in steps of 2 mm."""
    start, heading = state.agents[0, 0, [X, Y]], state.agents[0, 0, ANGLE]
    toward = np.arctan2(*(point - start)[::-1]) - heading
    if abs((toward + np.pi) % (2 * np.pi) - np.pi) > RULES.half_cone_rad:
        return False
    steps = max(int(np.hypot(*(point - start)) / 0.002), 2)
    line = start + np.linspace(0, 1, steps)[:, None] * (point - start)
    for x0, y0, x1, y1 in layout.walls[0]:
        if ((line >= (x0, y0)) & (line <= (x1, y1))).all(axis=1).any():
            return False
    for pose, half in zip(state.things[0], layout.thing_half[0], strict=True):
        away = line - pose[[X, Y]]
        cosine, sine = np.cos(pose[ANGLE]), np.sin(pose[ANGLE])
        local = np.stack([away @ (cosine, sine), away @ (-sine, cosine)], axis=1)
        if (np.abs(local) <= half).all(axis=1).any():
            return False
    return True


def _inside(points: np.ndarray, outline: np.ndarray) -> np.ndarray:
    """Even-odd rule."""
    a, b = outline, np.roll(outline, -1, axis=0)
    x, y = points[:, None, 0], points[:, None, 1]
    crosses = (a[:, 1] > y) != (b[:, 1] > y)
    with np.errstate(divide="ignore", invalid="ignore"):
        left = x < a[:, 0] + (y - a[:, 1]) / (b[:, 1] - a[:, 1]) * (b[:, 0] - a[:, 0])
    return (crosses & left).sum(axis=1) % 2 == 1


def _distance(point: np.ndarray, outline: np.ndarray) -> float:
    """From a point to the nearest side of an outline."""
    a, b = outline, np.roll(outline, -1, axis=0)
    length_2 = np.maximum(((b - a) ** 2).sum(axis=1), 1e-12)
    along = np.clip(((point - a) * (b - a)).sum(axis=1) / length_2, 0, 1)[:, None]
    return float(np.hypot(*(a + along * (b - a) - point).T).min())


def test_text_survives_a_quit_of_pygame():
    """Whoever uses the library may quit pygame; fonts made before are of no use then."""
    assert label("before", 20, (0, 0, 0)).get_width() > 0
    pygame.quit()
    pygame.font.init()
    assert label("after", 20, (0, 0, 0)).get_width() > 0
