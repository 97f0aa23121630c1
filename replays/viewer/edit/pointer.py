"""What the mouse does on the floor: it draws, selects, moves, turns and resizes.

As long as a button is held, `preview` is the world as it will be; it becomes a step of the history when it is let go.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from replays.viewer.edit.edits import (
    LEAST_M,
    add,
    add_door,
    move,
    new_agent,
    new_box,
    new_ramp,
    new_wall,
    snap,
    wall_reach,
)
from replays.viewer.edit.hit import Handle, Place, drag_handle, handle_at, item_at, items_within, wall_at
from replays.viewer.edit.shapes import area_of
from replays.viewer.edit.tools import Tool
from sim.scenarios.drawn.items import Item
from sim.scenarios.drawn.world import DrawnWorld

BOX_M = 0.775
"""Side of a new box: a little wider than a door of 0.5 m, as in `quadrant`."""
LONG_BOX_M = (1.65, 0.15)
"""Length and width of a new elongated box, as in `rooms`."""
_LEAST_WALL_M = 0.2
_NO_WALL = "A door is an opening in a wall: click on one."
_OUTSIDE = "That is outside the floor: click inside it."
_DRAGGED = (Tool.WALL, Tool.BOX, Tool.LONG_BOX)
"""Tools that draw from one place to another; the floor stops what is dragged beyond it."""


class Press(NamedTuple):
    """Where and on what the button went down."""

    place: Place
    handle: Handle | None = None
    """It is dragged."""
    item: Item | None = None
    """The selection is moved with it."""
    tool: Tool = Tool.SELECT
    """What is drawn from here on; SELECT draws the rectangle in which everything is selected."""


class Result(NamedTuple):
    """What came of a press, a drag or a release."""

    world: DrawnWorld
    selected: tuple[Item, ...]
    words: str = ""
    """Why nothing came of it."""


class Pointer:
    """The mouse on the floor; `band` is the rectangle that is being drawn, from corner to corner."""

    def __init__(self) -> None:
        self.press_at: Press | None = None
        self.preview: DrawnWorld | None = None
        self.band: tuple[Place, Place] | None = None
        self._start: Result | None = None

    @property
    def holds(self) -> bool:
        """A button is held on the floor."""
        return self.press_at is not None

    def press(
        self, world: DrawnWorld, selected: Sequence[Item], tool: Tool, place: Place, near_m: float, adding: bool
    ) -> tuple[Item, ...]:
        """The button goes down; returns what is selected now. With `adding` more is selected, or less."""
        handle = handle_at(world, selected, place, near_m)
        item = item_at(world, place, 0.6 * near_m)
        if handle is not None:
            self.press_at, chosen = Press(place, handle), tuple(selected)
        elif tool is not Tool.SELECT and not (item in selected and tool not in (Tool.WALL, Tool.DOOR)):
            self.press_at, chosen = Press(place, tool=tool), tuple(selected)
        elif item is not None:
            chosen = _chosen(selected, item, adding)
            self.press_at = Press(place, item=item if item in chosen else None)
        else:
            self.press_at, chosen = Press(place), tuple(selected) if adding else ()
        self._start = Result(world, chosen)
        return chosen

    def drag(self, place: Place, step: float, near_m: float) -> None:
        """The mouse moves while the button is held."""
        press, start = self.press_at, self._start
        if press is None or start is None:
            return
        if press.handle is not None:
            self.preview = drag_handle(start.world, press.handle, place, step)
        elif press.item is not None:
            if self.preview is not None or math.dist(place, press.place) > 0.3 * near_m:
                self.preview = _moved(start, press, place, step)
        elif press.tool in (Tool.SELECT, *_DRAGGED):
            self.band = (press.place, place)
            if press.tool is not Tool.SELECT:
                self.preview = _drawn(start.world, press, place, step, near_m).world

    def release(self, place: Place, step: float, near_m: float) -> Result | None:
        """The button goes up; None where none was held."""
        press, start, preview = self.press_at, self._start, self.preview
        self.let_go()
        if press is None or start is None:
            return None
        if press.tool is not Tool.SELECT:
            return _drawn(start.world, press, place, step, near_m)
        if preview is None and press.handle is None and press.item is None and math.dist(place, press.place) > near_m:
            found = items_within(start.world, press.place, place)
            return start._replace(selected=tuple(dict.fromkeys([*start.selected, *found])))
        return start._replace(world=preview or start.world)

    def let_go(self) -> None:
        """Forgets what is being dragged."""
        self.press_at = self.preview = self.band = self._start = None


def _chosen(selected: Sequence[Item], item: Item, adding: bool) -> tuple[Item, ...]:
    if not adding:
        return tuple(selected) if item in selected else (item,)
    return tuple(one for one in selected if one != item) if item in selected else (*selected, item)


def _moved(start: Result, press: Press, place: Place, step: float) -> DrawnWorld:
    """The selection moved so that the pressed item comes to lie on the grid."""
    if press.item is None:
        return start.world
    area = area_of(start.world, press.item)
    middle = area.middle
    wanted = [snap(old + now - then, step) for old, now, then in zip(middle, place, press.place, strict=True)]
    return move(start.world, start.selected, wanted[0] - middle[0], wanted[1] - middle[1])


def _drawn(world: DrawnWorld, press: Press, place: Place, step: float, near_m: float) -> Result:
    """The world with what a tool draws from where the button went down to where the mouse is."""
    put = press.place if press.tool in _DRAGGED else place
    if not all(-near_m <= length <= world.floor_m + near_m for length in put):
        return Result(world, (), _OUTSIDE)
    (x, y), (x1, y1) = _on_floor(world, press.place, step), _on_floor(world, place, step)
    drawn = math.dist(press.place, place) > near_m
    match press.tool:
        case Tool.WALL:
            if max(abs(x1 - x), abs(y1 - y)) < _LEAST_WALL_M:
                return Result(world, (), "Drag to draw a wall.")
            made = add(world, "walls", new_wall((x, y), (x1, y1)))
        case Tool.DOOR:
            wall = wall_at(world, place, near_m)
            if wall is None:
                return Result(world, (), _NO_WALL)
            along = place[int(world.walls[wall.number].upright)]
            made = add_door(world, wall.number, snap(along, step) - wall_reach(world, wall)[0])
        case Tool.BOX | Tool.LONG_BOX if drawn and min(abs(x1 - x), abs(y1 - y)) >= LEAST_M:
            made = add(world, "boxes", new_box(0.5 * (x + x1), 0.5 * (y + y1), abs(x1 - x), abs(y1 - y)))
        case Tool.BOX:
            made = add(world, "boxes", new_box(x1, y1, BOX_M, BOX_M))
        case Tool.LONG_BOX:
            made = add(world, "boxes", new_box(x1, y1, *LONG_BOX_M))
        case Tool.RAMP:
            made = add(world, "ramps", new_ramp(x1, y1))
        case Tool.HIDER:
            made = add(world, "agents", new_agent("hider", x1, y1))
        case _:
            made = add(world, "agents", new_agent("seeker", x1, y1))
    return Result(made[0], (made[1],))


def _on_floor(world: DrawnWorld, place: Place, step: float) -> Place:
    x, y = (min(max(snap(length, step), 0.0), world.floor_m) for length in place)
    return x, y
