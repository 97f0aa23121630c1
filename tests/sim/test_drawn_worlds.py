"""Drawn worlds: their file, their starts, and what they say of what cannot be."""

import math
import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from sim.errors import UserError
from sim.game import Game
from sim.layout import empty_layout
from sim.rules import ACTION_SIZES, GRAB, KEEP, LOCK, RULES
from sim.scenario import presets, scenario_from_text, scenario_from_user
from sim.scenarios.drawn.file import from_line, read, read_file
from sim.scenarios.drawn.from_start import drawing
from sim.scenarios.drawn.items import MOST_ITEMS, Agent, Area, Box, Door, Item, Ramp, Range, Wall
from sim.scenarios.drawn.problems import problems
from sim.scenarios.drawn.world import DrawnWorld, place
from sim.scenarios.drawn.writing import text, to_line
from sim.scenarios.trap_bench import PREFIX
from sim.state import ANGLE, SEEKERS_LOCK, X, Y, empty_state
from tests.games import started
from tests.sim.drawing import TWO_ROOMS, two_rooms, worlds
from tests.sim.overlaps import gap_between, gap_to, rectangles

HIDER, SEEKER = Agent("hider", Area.point(1.0, 1.0)), Agent("seeker", Area.point(5.0, 5.0))
BARE = DrawnWorld("bare", agents=(HIDER, SEEKER))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(world=worlds())
def test_what_is_written_is_read_again(world: DrawnWorld):
    check_file(world)


def check_file(world: DrawnWorld):
    assert read(text(world)) == world
    assert text(read(text(world))) == text(world)
    assert from_line(to_line(world) + "+no-lock") == (world, "+no-lock")
    assert to_line(world).isprintable()


def test_the_text_is_canonical():
    assert text(read(TWO_ROOMS)) == TWO_ROOMS
    loose = TWO_ROOMS.replace("length_m = 6.0", "length_m = [6, 6]  # all of it").replace(
        "[4.5, 4.5]", "[4.5,4.5,4.5,4.5]"
    )
    assert text(read(loose)) == TWO_ROOMS


def test_what_has_a_default_may_be_left_out():
    sparse = "[[agents]]\nside = 'hider'\nat = [1, 1]\n[[agents]]\nside = 'seeker'\nat = [5, 5]\n"
    assert read(sparse, "bare") == BARE
    with pytest.raises(UserError, match="name is missing"):
        read(sparse)


BAD_VALUES = ["'x'", "-1", "1e9", "nan", "[]", "[1, 2, 3]", "[[1, 2], 3]", "{a = 1}", "1979-05-27", "10" * 200]


def broken_files() -> list[tuple[str, str]]:
    """Files with one value that cannot be, each with its key."""
    lines, found = TWO_ROOMS.splitlines(), []
    for number, line in enumerate(lines):
        if " = " in line:
            key = line.split(" = ")[0].strip()
            for value in BAD_VALUES:
                if not (key in ("name", "question") and value == "'x'") and (key, value) != ("angle_deg", "-1"):
                    found.append((key, "\n".join([*lines[:number], f"{key} = {value}", *lines[number + 1 :]])))
    return found


def test_two_hundred_broken_files_are_one_line_each_that_names_the_key():
    broken = broken_files()
    assert len(broken) >= 200
    for key, content in broken:
        with pytest.raises(UserError) as caught:
            read(content)
        message = str(caught.value)
        assert re.search(rf"\b{key}\b", message) and message.isprintable() and len(message) < 250, (key, content)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("floor_m = ", "no TOML"),
        ("[" * 50_000, "no TOML"),
        ("name = 'x'\nname = 'y'", "no TOML"),
        ("nombre = 'x'", "nombre is unknown"),
        ("name = 'a/b'", "name must be"),
        ("name = 'x'\nquestion = \"a\\nb\"", "question must be one line"),
        ("name = 'x'\nboxes = 3", r"boxes must be tables of their own: \[\[boxes]]"),
        ("name = 'x'\n[[boxes]]\nat = [1, 1]", r"boxes\[0]: length_m is missing"),
        (
            "name = 'x'\n[[walls]]\nat=[1,1]\nlength_m=1\n[[walls.doors]]\nat_m = 1",
            r"walls\[0].doors\[0]: width_m is missing",
        ),
        ("name = 'x'\n[[boxes]]\nat = [3, 1, 2, 1]\nlength_m=1", r"boxes\[0]: at must be .* lower corner first"),
        ("name = 'x'\nticks = 10\npreparation_ticks = 10", "preparation_ticks must be a whole number from 0 to 9"),
        ("name = 'x'\n" + "[[boxes]]\nat=[1,1]\nlength_m=1\n" * 25, "24 boxes at most, not 25"),
        ("name = 'x'\nroom_for = 3", "room_for must be a table"),
    ],
)
def test_what_is_wrong_is_named_in_one_line(content: str, message: str):
    with pytest.raises(UserError, match=message) as caught:
        read(content)
    assert str(caught.value).isprintable()


def test_a_library_caller_gets_a_value_error():
    with pytest.raises(ValueError, match="length_m"):
        Box(Area.point(1, 1), Range(2.0, 1.0))
    with pytest.raises(ValueError, match="at must be"):
        replace(HIDER, at=(1.0, 1.0))
    with pytest.raises(ValueError, match="floor_m"):
        replace(BARE, floor_m=math.inf)


def test_starts_lie_in_their_areas_and_ranges():
    world = two_rooms()
    game = started(world, 200)
    layout, state, slots = game.layout, game.state, game.slots
    x, y, angle = (state.things[:, 0, column] for column in (X, Y, ANGLE))
    assert (x >= 3.6).all() and (x <= 5.5).all() and (y >= 0.5).all() and (y <= 2.5).all()
    assert x.min() < 4.1 and x.max() > 5.2  # the area is used
    assert (angle >= 0).all() and (angle <= math.pi / 2).all()
    assert (state.things[:, 1, :3] == [1.5, 5.0, 0.0]).all()
    lengths = 2 * layout.thing_half[:, 1]
    assert (lengths[:, 0] >= 1.0).all() and (lengths[:, 0] <= 1.65).all() and np.ptp(lengths[:, 0]) > 0.5
    assert (lengths[:, 1] == 0.15).all()
    assert (state.lock == [0, SEEKERS_LOCK, 0]).all() and (layout.thing_lockable == [True, False, True]).all()
    assert (slots.hiders, slots.seekers, slots.boxes, slots.ramps, slots.doors, slots.walls) == (1, 2, 2, 1, 3, 3)
    assert (layout.agent_exists == [True, True, False]).all() and (layout.door_exists == [True, False, False]).all()
    assert (state.agents[:, 0, :2] == [5.5, 3.0]).all()
    doors = layout.doors[:, 0]
    assert np.allclose(doors[:, [0, 2]], [2.95, 3.05]) and np.allclose(doors[:, 3] - doors[:, 1], 0.5)
    middle = 0.5 * (doors[:, 1] + doors[:, 3])
    assert (middle >= 0.6).all() and (middle <= 2.4).all() and np.ptp(middle) > 1.5


def test_walls_leave_out_doors_and_windows_and_close_corners():
    window = Door(Range.fixed(2.0), Range.fixed(0.2))
    door = Door(Range.fixed(0.5), Range.fixed(0.6))
    walls = (
        Wall(Area.point(2.0, 0.0), Range.fixed(3.0), True, (window, door)),
        Wall(Area.point(0.0, 3.0), Range.fixed(2.0)),
    )
    layout, _ = place(replace(BARE, walls=walls), 0)
    pieces = [[1.95, 0.0, 2.05, 0.2], [1.95, 0.8, 2.05, 1.9], [1.95, 2.1, 2.05, 3.05]]
    assert np.allclose(layout.walls[0, :4], [*pieces, [0.0, 2.95, 2.05, 3.05]])
    assert layout.wall_exists[0].tolist() == [True, True, True, True]
    assert np.allclose(layout.doors[0], [[1.95, 0.2, 2.05, 0.8]])  # nobody fits through the window


def test_a_start_depends_on_its_seed_alone():
    world = two_rooms()
    assert all((one == other).all() for one, other in zip(place(world, 7)[1], place(world, 7)[1], strict=True))
    game = Game(world, 3)
    game.reset(np.array([5, 6, 7], np.uint64))
    assert (game.state.things[2] == place(world, 7)[1].things[0]).all()
    assert (game.state.things[1] != place(world, 7)[1].things[0]).any()


def bare(**changes: Any) -> DrawnWorld:
    return replace(BARE, **changes)


def box(x: float, y: float, side: float = 1.0, angle: float = 0.0) -> Box:
    return Box(Area.point(x, y), Range.fixed(side), angle_deg=Range.fixed(angle))


def wall(x: float, y: float, length: float, *doors: Door, upright: bool = False) -> Wall:
    return Wall(Area.point(x, y), Range.fixed(length), upright, doors)


def door(at: float, width: float = 0.5) -> Door:
    return Door(Range.fixed(at), Range.fixed(width))


@pytest.mark.parametrize(
    ("world", "words", "items"),
    [
        (bare(agents=(HIDER,)), "there is no seeker; a world needs a hider and a seeker", []),
        (bare(boxes=(box(1, 1),)), "box 0 and hider 0 overlap", [("boxes", 0), ("agents", 0)]),
        (bare(boxes=(box(3, 3), box(3.9, 3))), "box 0 and box 1 overlap", [("boxes", 0), ("boxes", 1)]),
        (bare(boxes=(box(3, 3), box(4.1, 3, angle=45))), "box 0 and box 1 overlap", [("boxes", 0), ("boxes", 1)]),
        (bare(boxes=(box(5.7, 3),)), "box 0 reaches beyond the floor", [("boxes", 0)]),
        (bare(agents=(HIDER, SEEKER, HIDER)), "hider 0 and hider 1 overlap", [("agents", 0), ("agents", 2)]),
        (bare(walls=(wall(3, 1, 4),)), "wall 0 reaches beyond the floor", [("walls", 0)]),
        (bare(walls=(wall(0, 1.1, 4),)), "hider 0 and wall 0 overlap", [("agents", 0), ("walls", 0)]),
        (
            bare(walls=(wall(0, 3, 2, door(1.9)),)),
            "door 0 of wall 0 reaches beyond the end of the wall",
            [("walls", 0)],
        ),
        (
            bare(walls=(wall(0, 3, 2, door(0.5), door(0.9)),)),
            "door 0 of wall 0 and door 1 of wall 0 overlap",
            [("walls", 0), ("walls", 0)],
        ),
        (
            bare(walls=(wall(0, 3, 6), wall(0, 4, 6)), boxes=(Box(Area(1, 3, 5, 4), Range.fixed(0.95)),)),
            "box 0 finds no room between the walls",
            [("boxes", 0)],
        ),
        (
            bare(boxes=(box(2.75, 3), box(3.75, 3)), agents=(HIDER, SEEKER, Agent("hider", Area(2.6, 2.8, 3.9, 3.2)))),
            "hider 1 finds no free place beside the others",
            [("agents", 2)],
        ),
    ],
)
def test_problems_are_in_words_and_name_their_items(world: DrawnWorld, words: str, items: list):
    found = problems(world)
    assert len(found) == 1 and words in found[0].text
    assert [
        (item.kind, number and item.number) for item, (_, number) in zip(found[0].items, items, strict=True)
    ] == items
    with pytest.raises(UserError) as caught:
        place(world, 0)
    assert str(caught.value).startswith("drawn world 'bare'") and str(caught.value).isprintable()
    assert words.split(";")[0] in str(caught.value) or "has no seekers" in str(caught.value)


def test_what_touches_or_may_overlap_is_no_problem():
    beside = replace(BARE, boxes=(box(3, 3), box(4, 3)), walls=(wall(0, 2.45, 6.0, door(0.5)),))
    assert problems(beside) == []
    loose = replace(BARE, boxes=(Box(Area(0.6, 0.6, 2.0, 2.0), Range.fixed(1.0)),), agents=(HIDER, SEEKER))
    assert problems(loose) == []
    assert problems(two_rooms()) == []


@pytest.mark.slow
@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(world=worlds())
def test_a_thousand_random_worlds_start_or_say_why_not(world: DrawnWorld):
    check_file(world)
    found = problems(world)
    try:
        layout, state = place(world, 1)
    except UserError as error:
        assert found and str(error).isprintable() and len(str(error)) < 200
        return
    assert not found
    check_start(world, layout, state)


def check_start(world: DrawnWorld, layout, state):
    """Fails if something overlaps, by distances on a grid of points."""
    solid = rectangles(layout, state, 0)
    walls = int(layout.wall_exists.sum())
    for i, one in enumerate(solid):
        for other in solid[max(i + 1, walls) :]:
            assert gap_between(one, other) > -2e-6
        for x, y in state.agents[0, layout.agent_exists[0], :2]:
            assert gap_to(one, x, y) > RULES.agent_radius_m - 2e-6
    corners = solid[walls:].reshape(-1)
    assert (corners > -2e-6).all() and (corners < world.floor_m + 2e-6).all()


@pytest.mark.parametrize("name", ["quadrant", "quadrant-large", "quadrant-ramp", "rooms", "open_field"])
def test_a_start_of_a_family_is_drawn_as_it_is(name: str):
    scenario = scenario_from_text(name)
    for seed in range(3):
        world = drawing(scenario, "start", seed)
        layout, state = place(world, 0)
        wanted, begun = empty_layout(1, scenario.slots), empty_state(1, scenario.slots)
        scenario.place(np.array([seed], np.uint64), np.arange(1), wanted, begun)
        for exists, poses in (("agent_exists", "agents"), ("thing_exists", "things")):
            ours, theirs = getattr(layout, exists)[0], getattr(wanted, exists)[0]
            assert np.allclose(getattr(state, poses)[0, ours], getattr(begun, poses)[0, theirs], atol=1e-5)
        doors = [sorted(where.doors[0][where.door_exists[0]].tolist()) for where in (layout, wanted)]
        assert np.allclose(*doors, atol=1e-5)
        assert (covered(layout) == covered(wanted)).all()
        assert world.slots._replace(walls=0) == scenario.slots._replace(walls=0)  # the family's teams fit
        assert read(text(world)) == world


def covered(layout):
    """bool: which points of a grid lie in a wall."""
    x, y = np.meshgrid(*[np.arange(0.0113, float(layout.floor[0]), 0.0371)] * 2)
    inside = [
        (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1) for x0, y0, x1, y1 in layout.walls[0][layout.wall_exists[0]]
    ]
    return np.any(inside, axis=0)


@pytest.mark.parametrize("text", ["food", "rooms:outer_walls=false", "quadrant+no-lock"])
def test_what_a_drawing_cannot_hold_is_refused(text: str):
    with pytest.raises(UserError, match=r"draw(n|ing)"):
        drawing(scenario_from_text(text), "x")


def test_the_traps_are_twelve_canonical_files_with_a_question(tmp_path):
    traps = {name: world for name, world in presets().items() if name.startswith(PREFIX)}
    assert len(traps) == 12
    for name, world in traps.items():
        assert isinstance(world, DrawnWorld) and world.question.endswith("?") and problems(world) == []
        assert name == f"{PREFIX}{world.name}"
        (tmp_path / "copy.toml").write_text(text(world), "utf-8")
        assert scenario_from_user(str(tmp_path / "copy.toml")) == world


def test_the_wheel_has_the_traps():
    pytest.importorskip("hatchling")
    from hatchling.builders.wheel import WheelBuilder  # pyright: ignore[reportMissingImports]

    root = Path(__file__).parents[2]
    files = {Path(file.distribution_path).as_posix() for file in WheelBuilder(str(root)).recurse_included_files()}
    assert {f"sim/scenarios/traps/{name.removeprefix(PREFIX)}.toml" for name in presets() if PREFIX in name} <= files


def test_a_file_without_a_name_is_called_as_it_is(tmp_path):
    nameless = TWO_ROOMS.partition("\n")[2]
    for stem, name in (("my world", "my world"), ("a:b+c", "a-b-c"), ("ärger", "ärger"), ("...", "world")):
        path = tmp_path / f"{stem}.toml"
        path.write_text(nameless, "utf-8-sig")
        assert read_file(path).name == name


def test_items_are_named_as_in_the_file():
    assert tomllib.loads(TWO_ROOMS)["walls"][0]["doors"][1]["at_m"] == 4.5
    shut = replace(two_rooms(), walls=(wall(0, 3, 2, door(1.0), door(1.9)),))
    assert problems(shut)[0].items == (Item("walls", 0, 1),)


@pytest.mark.parametrize("nearest", [0, 23, 24, 31, 32, 35])
def test_of_the_most_things_only_the_one_within_reach_is_locked(nearest: int):
    """A tick notes what each team locks in the bits of a number, which has to have one for every thing."""
    boxes, ramps = MOST_ITEMS["boxes"], MOST_ITEMS["ramps"]
    places = [Area.point(2.0 + 3.0 * (thing % 6), 2.0 + 3.0 * (thing // 6)) for thing in range(boxes + ramps)]
    still = Range(0.0, 0.0)
    beside = Area.point(places[nearest].x0 - 0.7, places[nearest].y0)
    world = replace(
        BARE,
        floor_m=20.0,
        boxes=tuple(Box(place, Range(0.8, 0.8), angle_deg=still) for place in places[:boxes]),
        ramps=tuple(Ramp(place, still) for place in places[boxes:]),
        agents=(Agent("hider", beside, still), Agent("seeker", Area.point(19.0, 19.5), still)),
    )
    game = Game(world, 1)
    game.reset(np.zeros(1, np.uint64))
    actions = np.zeros((1, 2, len(ACTION_SIZES)), np.int8)
    actions[0, 0, 2] = LOCK
    game.tick(actions)
    assert np.flatnonzero(game.state.lock[0]).tolist() == [nearest]


@pytest.mark.parametrize(
    ("locked_by", "unlocks"), [("hiders", [True, False]), ("seekers", [False, True]), ("nobody", [False, False])]
)
def test_what_is_locked_by_nobody_is_unlocked_and_moved_by_nobody(locked_by: Any, unlocks: list[bool]):
    still = Range(0.0, 0.0)
    for side, unlocked in zip(("hider", "seeker"), unlocks, strict=True):
        other = "seeker" if side == "hider" else "hider"
        agents = Agent(side, Area.point(1.3, 2.0), still), Agent(other, Area.point(5.0, 5.5), still)
        box = Box(Area.point(2.0, 2.0), Range(0.8, 0.8), angle_deg=still, locked_by=locked_by)
        game = started(replace(BARE, boxes=(box,), agents=agents, preparation_ticks=1), 1)
        agent, before = int(side == "seeker"), game.state.things.copy()
        for move, hands in ((0, KEEP), (0, LOCK), (0, GRAB), (5, KEEP), (5, KEEP)):
            actions = np.zeros((1, 2, len(ACTION_SIZES)), np.int8)
            actions[0, agent] = (move, 0, hands)  # 5: away from the box
            game.tick(actions)
        assert (game.state.lock[0, 0] == 0) == unlocked
        assert (game.state.held[0, agent] == 0) == unlocked
        assert np.array_equal(game.state.things, before) != unlocked
