"""A room in a corner of the floor, one or two doors, boxes: the smallest world in which building pays.

    +-----------------------+
    |                       |
    |        seekers        |
    |                       |
    |           +---- ------+    the room's two inner walls; one or both have a door
    |           |  []       |    at a random place; the boxes start in the room
    |             hiders    |
    |           |           |
    +-----------+-----------+

Boxes are wider than a door, so one in front of it shuts it, and locked there it stays shut. A ramp leads over the
walls, and cannot be locked: hiders must take it where seekers do not reach it.
"""

import math
from dataclasses import dataclass

import numpy as np

from sim.climb import FLOOR
from sim.errors import UserError
from sim.fill import clear_table
from sim.geometry import distance_to_rectangle
from sim.jit import compiled
from sim.layout import Layout, Slots
from sim.physics.walls import box_overlap, is_wall, wall_corners, walls_in_the_way
from sim.rng import uniform
from sim.rules import RULES
from sim.scenario import Payment, require, scenario_text
from sim.scenarios.placement import NewWorld, empty_world, random_pose
from sim.scenarios.quadrant_walls import PIER_M, Plan, build
from sim.state import ANGLE, State, X, Y
from sim.tasks.kinds import HIDE_AND_SEEK

_TRIES = 400
_ATTEMPTS = 1000


@dataclass(frozen=True)
class Quadrant:
    """The options of this family; lengths in metres."""

    hiders: int = 2
    """Hiders, 1 to 3."""
    seekers: int = 2
    """Seekers, 1 to 3."""
    boxes: int = 1
    """Square boxes, 0 to 4, placed uniformly in the room. With one, shutting the door is all that helps; with two,
    hiders learn to wall themselves off in a corner instead."""
    ramps: int = 0
    """Ramps, 0 to 2, placed uniformly on the floor. They cannot be locked (as in the original)."""
    room_m: float = 2.4
    """Inner side of the square room."""
    door_m: float = 0.5
    """Width of a door."""
    box_m: float = 0.775
    """Side of a box; it must be wider than a door to shut it."""
    door_clear_m: float = 0.3
    """Boxes and ramps start at least this far from the middle of every door. With 0 and two boxes, 10 to 13 % of
    episodes start with the door shut, and then hiders build nothing."""
    two_doors: float = 0.0
    """Share of episodes in which both inner walls have a door; in the rest one of them, at random."""
    three_doors: bool = False
    """Whether one of the inner walls, at random, has two doors and the other one. Agents observe a row more for it."""
    hiders_anywhere: bool = False
    """Whether hiders start anywhere on the floor rather than in the room."""
    seeker_near_m: float = 0.8
    """Seekers start outside the room, at least this far from a door..."""
    seeker_far_m: float = 1.4
    """...and at most this far."""
    ticks: int = 64
    """Length of an episode."""
    preparation_ticks: int = 24
    """Ticks at the start in which seekers stand still and nothing is paid."""
    floor_m: float = 6.0
    """Side of the square floor."""
    reward: Payment = "team"
    """Who is paid for sight."""

    def __post_init__(self):
        require(1 <= self.hiders <= 3, "hiders must be 1 to 3")
        require(1 <= self.seekers <= 3, "seekers must be 1 to 3")
        require(0 <= self.boxes <= 4, "boxes must be 0 to 4")
        require(0 <= self.ramps <= 2, "ramps must be 0 to 2")
        require(0 < self.preparation_ticks < self.ticks, "preparation_ticks must lie within ticks")
        require(self.ticks <= 10_000, "ticks must be at most 10000")
        require(3.0 <= self.floor_m <= 20.0, "floor_m must be 3 to 20")
        require(1.0 <= self.room_m <= self.floor_m - 1.5, "room_m must be 1 to floor_m - 1.5")
        require(0.35 <= self.door_m <= self.room_m - 0.2, "door_m must be 0.35 to room_m - 0.2")
        require(0.1 <= self.box_m <= 0.4 * self.room_m, "box_m must be 0.1 to 0.4 * room_m")
        require(0.0 <= self.door_clear_m <= 0.2 * self.room_m, "door_clear_m must be 0 to 0.2 * room_m")
        require(0.0 <= self.two_doors <= 1.0, "two_doors must be 0 to 1")
        wide_enough = self.room_m >= 2.0 * self.door_m + PIER_M
        require(wide_enough or not self.three_doors, f"room_m must be at least 2 * door_m + {PIER_M} for three_doors")
        require(0.3 <= self.seeker_near_m < self.seeker_far_m - 0.2, "seeker_near_m must lie below seeker_far_m")

    @property
    def task(self) -> int:
        return HIDE_AND_SEEK

    @property
    def mirrored_doors(self) -> tuple[int, ...]:
        return (1, 0, 2) if self.three_doors else (1, 0)

    @property
    def slots(self) -> Slots:
        walls, doors = (5, 3) if self.three_doors else (4, 2)
        return Slots(self.hiders, self.seekers, boxes=self.boxes, ramps=self.ramps, walls=walls, doors=doors)

    def place(self, seeds: np.ndarray, worlds: np.ndarray, layout: Layout, state: State) -> None:
        """Writes a fresh start into the chosen worlds; see `Scenario.place`."""
        plan = Plan(**{field: getattr(self, field) for field in Plan._fields})
        if not _place(plan, seeds.copy(), worlds, layout, state):
            raise UserError(
                f"scenario '{scenario_text(self)}' has no room for its boxes, ramps and agents; give them more"
            )


@compiled
def _clear_of_bodies(world, x, y, radius, agents, things):
    """Whether a disc keeps clear of the agents and things placed so far (things by their circumscribed circle)."""
    layout, state, w = world.layout, world.state, world.w
    for agent in range(agents):
        dx, dy, apart = state.agents[w, agent, X] - x, state.agents[w, agent, Y] - y, RULES.agent_radius_m + radius
        if layout.agent_exists[w, agent] and dx * dx + dy * dy < apart * apart:
            return False
    for thing in range(things):
        dx, dy = state.things[w, thing, X] - x, state.things[w, thing, Y] - y
        apart = math.hypot(layout.thing_half[w, thing, 0], layout.thing_half[w, thing, 1]) + radius
        if dx * dx + dy * dy < apart * apart:
            return False
    return True


@compiled
def _clear_of_doors(plan, world, thing, place):
    """Whether a thing at a place (x, y, angle) keeps its distance from the middle of every door."""
    layout, w = world.layout, world.w
    half_x, half_y = layout.thing_half[w, thing, 0], layout.thing_half[w, thing, 1]
    for door in range(layout.doors.shape[1]):
        if layout.door_exists[w, door]:
            x0, y0, x1, y1 = layout.doors[w, door]
            if distance_to_rectangle(0.5 * (x0 + x1), 0.5 * (y0 + y1), place, half_x, half_y) < plan.door_clear_m:
                return False
    return True


@compiled
def _place_box(plan, world, thing):
    """Anywhere in the room where it fits, at any angle; False if no place was found."""
    random, k, layout, state, w = world
    half = 0.5 * plan.box_m
    layout.thing_exists[w, thing] = True
    layout.thing_lockable[w, thing] = True
    layout.thing_half[w, thing] = half
    for _ in range(_TRIES):
        angle = uniform(random, k, -math.pi, math.pi)
        margin = half * (abs(math.cos(angle)) + abs(math.sin(angle)))
        x = plan.floor_m - plan.room_m + uniform(random, k, margin, plan.room_m - margin)
        y = uniform(random, k, margin, plan.room_m - margin)
        if _clear_of_doors(plan, world, thing, (x, y, angle)) and _clear_of_bodies(
            world, x, y, half * math.sqrt(2.0), 0, thing
        ):
            state.things[w, thing, X], state.things[w, thing, Y], state.things[w, thing, ANGLE] = x, y, angle
            return True
    return False


@compiled
def _clear_of_walls(world, thing, place):
    """Whether a thing at a place (x, y, angle) overlaps no wall; the floor's borders are walls as well."""
    layout, w, (x, y, angle) = world.layout, world.w, place
    cos, sin, half = math.cos(angle), math.sin(angle), layout.thing_half[w, thing]
    for wall in range(walls_in_the_way(layout, FLOOR)):
        if is_wall(layout, w, wall):
            x0, y0, x1, y1 = wall_corners(layout, w, wall)
            if box_overlap((x, y, cos, sin, half[0], half[1]), x0, y0, x1, y1)[0] > 0.0:
                return False
    return True


@compiled
def _place_ramp(plan, world, thing):
    """Anywhere on the floor where it fits, at any angle; False if no place was found."""
    layout, state, w = world.layout, world.state, world.w
    layout.thing_exists[w, thing] = True
    layout.thing_half[w, thing, 0], layout.thing_half[w, thing, 1] = 0.5 * RULES.ramp_length_m, 0.5 * RULES.ramp_width_m
    radius = 0.5 * math.hypot(RULES.ramp_length_m, RULES.ramp_width_m)
    for _ in range(_TRIES):
        x, y, angle = random_pose(world, (0.0, 0.0, plan.floor_m, plan.floor_m))
        if (
            _clear_of_walls(world, thing, (x, y, angle))
            and _clear_of_doors(plan, world, thing, (x, y, angle))
            and _clear_of_bodies(world, x, y, radius, 0, thing)
        ):
            state.things[w, thing, X], state.things[w, thing, Y], state.things[w, thing, ANGLE] = x, y, angle
            return True
    return False


@compiled
def _distance_to_doors(layout, w, x, y):
    """From a point to the centre of the nearest door."""
    nearest = np.inf
    for door in range(layout.doors.shape[1]):
        if layout.door_exists[w, door]:
            x0, y0, x1, y1 = layout.doors[w, door]
            nearest = min(nearest, math.hypot(0.5 * (x0 + x1) - x, 0.5 * (y0 + y1) - y))
    return nearest


@compiled
def _allowed(plan, world, agent, x, y):
    """Whether an agent may start at a point, as far as walls and doors go."""
    radius = RULES.agent_radius_m
    left, top = plan.floor_m - plan.room_m, plan.room_m
    inside = x > left + radius and y < top - radius
    outside = x < left - RULES.wall_m - radius or y > top + RULES.wall_m + radius
    if agent < plan.hiders:
        return inside or (plan.hiders_anywhere and outside)
    return outside and plan.seeker_near_m <= _distance_to_doors(world.layout, world.w, x, y) <= plan.seeker_far_m


@compiled
def _place_agent(plan, world, agent):
    """Anywhere allowed and free, looking anywhere; False if no place was found."""
    random, k, layout, state, w = world
    layout.agent_exists[w, agent] = True
    radius = RULES.agent_radius_m
    in_room = agent < plan.hiders and not plan.hiders_anywhere
    for _ in range(_TRIES):
        low_x = plan.floor_m - plan.room_m if in_room else 0.0
        high_y = plan.room_m if in_room else plan.floor_m
        x = uniform(random, k, low_x + radius, plan.floor_m - radius)
        y = uniform(random, k, radius, high_y - radius)
        angle = uniform(random, k, -math.pi, math.pi)
        if _allowed(plan, world, agent, x, y) and _clear_of_bodies(world, x, y, radius, agent, plan.boxes + plan.ramps):
            pose = state.agents[w, agent]
            pose[X], pose[Y], pose[ANGLE] = x, y, angle
            return True
    return False


@compiled
def _furnish(plan, world):
    """Places boxes, then ramps, then agents; False if one found no place."""
    for thing in range(plan.boxes):
        if not _place_box(plan, world, thing):
            return False
    for thing in range(plan.boxes, plan.boxes + plan.ramps):
        if not _place_ramp(plan, world, thing):
            return False
    placed = True
    for agent in range(world.layout.agent_exists.shape[1]):
        placed = placed and _place_agent(plan, world, agent)
    return placed


@compiled
def _place(plan, random, worlds, layout, state):
    """Builds each world until everything in it found a place; False if that seems impossible."""
    for k in range(len(worlds)):
        w = worlds[k]
        world = NewWorld(random, k, layout, state, w)
        empty_world(layout, state, w, plan.floor_m)
        for attempt in range(_ATTEMPTS + 1):
            if attempt == _ATTEMPTS:
                return False
            clear_table(state.agents[w])
            clear_table(state.things[w])
            build(plan, world)
            if _furnish(plan, world):
                break
    return True


PRESETS = {
    "quadrant": Quadrant(),
    "quadrant-two-boxes": Quadrant(boxes=2),
    "quadrant-large": Quadrant(
        boxes=2,
        room_m=3.0,
        box_m=0.76,
        two_doors=0.5,
        hiders_anywhere=True,
        ticks=120,
        preparation_ticks=48,
    ),
    "quadrant-ramp": Quadrant(
        ramps=1,
        room_m=3.0,
        door_m=0.75,
        box_m=1.05,
        hiders_anywhere=True,
        seeker_far_m=2.4,
        ticks=80,
        preparation_ticks=32,
    ),
    "quadrant-two-ramps": Quadrant(
        seekers=3,
        ramps=2,
        room_m=2.8,
        door_m=0.75,
        box_m=1.0,
        seeker_far_m=2.0,
        ticks=160,
        preparation_ticks=40,
        floor_m=4.8,
    ),
    "quadrant-original": Quadrant(
        boxes=2,
        ramps=1,
        room_m=3.0,
        door_m=0.4,
        box_m=0.5,
        door_clear_m=0.0,
        two_doors=0.5,
        hiders_anywhere=True,
        seeker_near_m=0.3,
        seeker_far_m=10.0,
        ticks=80,
        preparation_ticks=32,
    ),
}
"""The tight room of the default; the same with a second box; a larger one with one or two doors, into which hiders have
to come first, and time for it; one with a ramp that fits through its door; one in which seekers have learned to use
ramps (chosen since random ones see `builder`'s hiders from above in 7 % of its episodes); and the original game's 3 m
room, whose door is too narrow for our ramp."""
