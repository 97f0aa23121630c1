"""Drawn worlds are edited by pure functions; every edit can be undone to the byte, and a file comes back as it was."""

import dataclasses
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from replays.viewer.edit.document import Document, last_document, open_document
from replays.viewer.edit.edits import (
    add,
    add_door,
    copy,
    delete,
    move,
    new_agent,
    new_box,
    new_ramp,
    new_wall,
    set_numbers,
    snap,
)
from replays.viewer.edit.files import aside, path_of, read_aside, save
from replays.viewer.edit.history import History
from replays.viewer.edit.hit import drag_handle, handle_at, handles_of, item_at, items_within
from replays.viewer.edit.new_world import first_world, small_world
from replays.viewer.edit.reshape import (
    lengthen,
    resize_floor,
    set_area,
    set_size,
    toggle_angle,
    toggle_area,
    turn,
    turn_to,
)
from replays.viewer.edit.shapes import area_of, corners, exists, items_of, shape_of, thing_of
from sim.errors import UserError
from sim.scenarios.drawn.file import read
from sim.scenarios.drawn.items import MOST_FLOOR_M, MOST_ITEMS, Area, Box, Item, Range, Wall
from sim.scenarios.drawn.problems import problems
from sim.scenarios.drawn.world import DrawnWorld
from sim.scenarios.drawn.writing import text

EDITS = 500


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept aside by one test is seen by no other."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def some(world: DrawnWorld, random_: random.Random) -> list[Item]:
    items = list(items_of(world))
    return random_.sample(items, min(random_.randint(1, 3), len(items)))


def edit(world: DrawnWorld, random_: random.Random) -> DrawnWorld:
    """One of all edits, at random, of random items."""
    if not list(items_of(world)):
        return add(world, "walls", new_wall((1.0, 1.0), (3.0, 1.0)))[0]

    def away() -> float:
        return random_.uniform(-3.0, 3.0)

    def place() -> tuple[float, float]:
        return random_.uniform(0, world.floor_m), random_.uniform(0, world.floor_m)

    def dragged() -> DrawnWorld:
        handle = random_.choice(handles_of(world, some(world, random_)[0]))
        return drag_handle(world, handle, place(), random_.choice([0.0, 0.25]))

    def opened() -> DrawnWorld:
        return add_door(world, random_.randrange(len(world.walls)), random_.uniform(0, 3))[0] if world.walls else world

    choices: list[Callable[[], DrawnWorld]] = [
        lambda: add(world, "walls", new_wall(place(), place()))[0],
        lambda: add(world, "boxes", new_box(*place(), 0.5, random_.choice([0.5, 0.2])))[0],
        lambda: add(world, "ramps", new_ramp(*place()))[0],
        lambda: add(world, "agents", new_agent(random_.choice(["hider", "seeker"]), *place()))[0],
        lambda: (
            add_door(world, random_.randrange(len(world.walls)), random_.uniform(0, 3))[0] if world.walls else world
        ),
        lambda: move(world, some(world, random_), away(), away()),
        lambda: turn(world, some(world, random_), random_.choice([15.0, -15.0, 100.0])),
        lambda: turn_to(world, some(world, random_)[0], random_.uniform(-400, 400)),
        lambda: lengthen(world, some(world, random_), away(), away()),
        lambda: toggle_area(world, some(world, random_)),
        lambda: toggle_angle(world, some(world, random_)),
        lambda: copy(world, some(world, random_), 0.25)[0],
        lambda: delete(world, some(world, random_)),
        lambda: set_numbers(world, ticks=world.ticks + random_.randint(-99, 99)),
        lambda: set_numbers(world, preparation_ticks=world.preparation_ticks + random_.randint(-99, 99)),
        lambda: resize_floor(world, world.floor_m + random_.choice([-0.5, 0.5])),
        dragged,
    ]
    try:
        return random_.choice(choices)()
    except ValueError as error:
        assert "at most" in str(error), "only too many things are refused"
        return world


@pytest.mark.parametrize("seed", range(2))
def test_undo_of_500_edits_returns_to_the_first_byte_and_redo_to_the_last(seed: int):
    random_ = random.Random(seed)
    first = first_world() if seed else small_world()
    history, versions = History(first), [first]
    begin = text(first)
    while len(versions) <= EDITS:
        if history.add(edit(history.present, random_)):
            versions.append(history.present)
    end = text(history.present)
    for back in range(1, EDITS + 1):
        assert history.undo() and history.present == versions[-1 - back]
    assert not history.undo() and text(history.present) == begin
    for version in versions[1:]:
        assert history.redo() and history.present == version
    assert not history.redo() and text(history.present) == end


@pytest.mark.parametrize("seed", range(2))
def test_every_edited_world_is_read_back_as_it_was(seed: int):
    random_, world = random.Random(seed), first_world()
    for number in range(EDITS):
        world = edit(world, random_)
        assert number % 10 or read(text(world)) == world


def test_a_new_edit_forgets_what_was_undone():
    history = History(1)
    history.add(2)
    history.undo()
    assert history.add(3) and not history.redo() and history.undo() and history.present == 1
    assert not history.add(1), "the same again is no step"


def test_save_and_open_is_exact_and_a_file_that_is_not_changed_keeps_its_bytes(tmp_path: Path):
    world = dataclasses.replace(first_world(), question="Does “the door” matter?")
    path = tmp_path / "my world.toml"
    save(world, path)
    document = open_document(path)
    assert document.world == world and document.is_saved
    document.save(tmp_path / "other.toml")
    document.close()
    assert path.read_bytes() == (tmp_path / "other.toml").read_bytes()


def test_what_is_not_saved_is_there_the_next_time_and_undo_leads_to_the_file(tmp_path: Path):
    path = tmp_path / "world.toml"
    save(small_world(), path)
    document = open_document(path)
    document.change(move(document.world, [Item("agents", 0)], -1.0, 0.0))
    changed = document.world
    document.close()
    again = open_document(path)
    assert again.was_kept and again.world == changed and not again.is_saved
    assert again.undo() and again.is_saved and again.world == small_world()
    again.close()
    assert read_aside(aside(path)) is None, "back at the file nothing is kept"


def test_saving_forgets_what_was_kept_aside(tmp_path: Path):
    document = Document(small_world())
    document.change(first_world())
    document.save(tmp_path / "world.toml")
    document.close()
    assert last_document() is None and not aside(tmp_path / "world.toml").exists()
    assert open_document(tmp_path / "world.toml").world == first_world()


def test_worlds_without_a_file_are_kept_each_for_itself(tmp_path: Path):
    for world in (first_world(), small_world()):
        document = Document(DrawnWorld("begun"))
        document.change(world)
        document.close()
    last = last_document()
    assert last is not None and last.world == small_world() and last.was_kept and not last.is_saved
    assert len(list(last.place.parent.iterdir())) == 2
    last.save(tmp_path / "world.toml")
    last.close()
    again = last_document()
    assert again is not None and again.world == first_world()


def test_two_documents_that_begin_together_are_kept_in_two_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert len({Document(small_world()).place for _ in range(5)}) == 5


def test_what_is_kept_of_a_file_is_never_taken_for_a_world_without_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    path = tmp_path / "untitled-room.toml"
    save(small_world(), path)
    document = open_document(path)
    document.change(add(document.world, "boxes", new_box(3.0, 5.0, 0.5, 0.5))[0])
    document.close()
    assert read_aside(aside(path)) == document.world and last_document() is None


def test_a_file_that_cannot_be_written_leaves_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "world.toml"
    save(small_world(), path)
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(UserError, match="No space left"):
        save(first_world(), path)
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("written", "found"), [("trap", "trap.toml"), (" a/b.toml ", "a/b.toml"), ("x.txt", "x.txt.toml")]
)
def test_names_of_files_end_as_worlds_do(written: str, found: str):
    assert path_of(written, Path()) == Path(found)


@pytest.mark.parametrize("written", ["", "  ", "folder/"])
def test_a_name_that_is_none_is_refused(written: str):
    with pytest.raises(UserError, match="needs a name"):
        path_of(written, Path())


def test_the_worlds_to_begin_with_can_be_played():
    assert problems(first_world()) == [] and problems(small_world()) == []


def test_the_floor_stops_what_is_moved_and_a_group_keeps_its_shape():
    world = small_world()
    moved = move(world, [Item("agents", 0), Item("agents", 1)], 9.0, 0.5)
    assert [agent.at for agent in moved.agents] == [Area.point(6.0, 3.5), Area.point(3.0, 3.5)]


def test_walls_stay_on_the_floor_and_doors_in_their_walls():
    world, wall = add(small_world(), "walls", new_wall((1.0, 2.0), (5.0, 2.2)))
    assert world.walls[0] == Wall(Area.point(1.0, 2.0), Range.fixed(4.0), upright=False)
    world, door = add_door(world, 0, 3.9)
    assert world.walls[0].doors[0].at_m == Range.fixed(3.75) and shape_of(world, door).x == 4.75
    assert move(world, [door], -9.0, 0.0).walls[0].doors[0].at_m == Range.fixed(0.25)
    assert move(world, [wall], 9.0, 9.0).walls[0].at == Area.point(2.0, 6.0)
    shorter = lengthen(world, [wall], -2.0, 0.0)
    assert shorter.walls[0].doors[0].at_m == Range.fixed(1.75), "the door goes along"
    assert turn(world, [wall], 90.0).walls[0].at == Area.point(3.0, 0.0)


def test_a_dragged_corner_leaves_the_opposite_one_where_it_was():
    world, box = add(small_world(), "boxes", new_box(3.0, 3.0, 1.0, 1.0))
    world = turn_to(world, box, 30.0)
    before = corners(shape_of(world, box))
    handle = next(one for one in handles_of(world, box) if one.place == before[0])
    after = corners(shape_of(drag_handle(world, handle, (4.2, 4.0), 0.0), box))
    assert after[2] == pytest.approx(before[2], abs=2e-3)
    assert after[0] == pytest.approx((4.2, 4.0), abs=2e-2)


def test_places_become_areas_and_places_again():
    world = small_world()
    item = Item("agents", 0)
    wide = toggle_area(world, [item])
    assert area_of(wide, item) == Area(4.0, 2.5, 5.0, 3.5)
    assert toggle_area(wide, [item]) == world


def test_a_deleted_wall_takes_its_doors_along_and_others_keep_theirs():
    world = first_world()
    assert len(delete(world, [Item("walls", 0, 0), Item("walls", 1)]).walls[0].doors) == 0
    rest = delete(world, [Item("agents", 0), Item("agents", 2), Item("walls", 0)])
    assert [agent.side for agent in rest.agents] == ["hider", "seeker"] and rest.walls == world.walls[1:]


def test_copies_lie_beside_and_are_what_is_returned():
    world = first_world()
    copied, items = copy(world, [Item("boxes", 0), Item("walls", 0, 0), Item("agents", 1)], 0.25)
    assert items == [Item("boxes", 1), Item("walls", 0, 1), Item("agents", 4)]
    assert all(exists(copied, item) for item in items)
    assert copied.boxes[1].at.x0 == world.boxes[0].at.x0 + 0.25
    crowded = small_world()
    with pytest.raises(ValueError, match="24 boxes at most"):
        for _ in range(MOST_ITEMS["boxes"] + 1):
            crowded, _ = add(crowded, "boxes", new_box(1.0, 1.0, 0.5, 0.5))


def test_the_topmost_item_is_hit_then_areas():
    world = small_world()
    world, box = add(world, "boxes", new_box(4.5, 3.0, 1.0, 1.0))
    assert item_at(world, (4.5, 3.0), 0.05) == Item("agents", 0), "agents lie above boxes"
    assert item_at(world, (4.1, 3.0), 0.05) == box and item_at(world, (2.5, 5.0), 0.05) is None
    wide = toggle_area(world, [Item("agents", 1)])
    assert item_at(wide, (1.1, 2.6), 0.05) == Item("agents", 1)
    assert items_within(world, (6.0, 6.0), (3.0, 0.0)) == [box, Item("agents", 0)]
    handle = handle_at(world, [box], (5.01, 3.49), 0.1)
    assert handle is not None and handle.item == box and handle.place == (5.0, 3.5)


def test_numbers_snap_to_the_grid_and_sizes_stay_within_bounds():
    assert snap(1.13, 0.25) == 1.25 and snap(1.133, 0.0) == 1.13 and str(snap(-0.01, 0.25)) == "0.0"
    world, box = add(small_world(), "boxes", new_box(1.0, 1.0, 0.5, 0.5))
    assert thing_of(set_size(world, box, 0.0, 99.0), box) == Box(
        Area.point(1.0, 1.0), Range.fixed(0.1), Range.fixed(10.0), Range.fixed(0.0)
    )
    assert set_numbers(world, ticks=1, preparation_ticks=99, floor_m=0.0).preparation_ticks == 9


def test_only_the_numbers_that_are_set_change():
    large = dataclasses.replace(small_world(), floor_m=30.0, ticks=5, preparation_ticks=0)
    assert set_numbers(large, floor_m=30.5) == dataclasses.replace(large, floor_m=30.5)
    assert set_numbers(large, floor_m=99.0).floor_m == MOST_FLOOR_M
    assert set_numbers(large, preparation_ticks=3) == dataclasses.replace(large, preparation_ticks=3)


def test_an_area_shrinks_to_its_middle_and_no_further():
    world, item = small_world(), Item("agents", 0)
    world = set_area(world, item, Area(4.0, 3.0, 4.05, 4.0))
    assert area_of(lengthen(world, [item], -0.25, -0.25), item) == Area(4.025, 3.125, 4.025, 3.875)


@pytest.mark.parametrize("way", [0.5, -0.5])
def test_walls_on_the_edge_of_the_floor_go_with_it_and_come_back(way: float):
    world = dataclasses.replace(
        first_world(),
        walls=(
            *first_world().walls,
            new_wall((0.0, 6.0), (6.0, 6.0)),
            new_wall((6.0, 0.0), (6.0, 4.0)),
            new_wall((0.0, 0.0), (6.0, 0.0)),
            new_wall((1.0, 1.0), (1.0, 4.0)),
        ),
    )
    resized, edge = resize_floor(world, 6.0 + way), 6.0 + way
    spans = [(wall.at.middle, wall.length_m.middle) for wall in resized.walls]
    assert spans[1] == ((3.5, 2.5), 2.5 + way), "the room stays closed"
    assert spans[2:] == [((0.0, edge), edge), ((edge, 0.0), 4.0), ((0.0, 0.0), edge), ((1.0, 1.0), 3.0)]
    assert resize_floor(resized, 6.0) == world


def test_a_wall_that_would_become_too_short_keeps_its_place():
    world = dataclasses.replace(small_world(), walls=(new_wall((5.5, 1.0), (6.0, 1.0)),))
    assert resize_floor(world, 5.5).walls == world.walls
