"""What does not move during an episode: floor, walls, doors, and the sizes of the agents and things that take part.

A `Layout` describes many worlds at once; every array has the world as its first axis. Scenarios write layouts;
everything else only reads them.
"""

from typing import NamedTuple

import numpy as np

from sim.rules import HIDERS, SEEKERS


class Slots(NamedTuple):
    """How many entities a scenario's worlds have room for; an episode may use fewer."""

    hiders: int
    """Agents 0..hiders-1 are hiders."""
    seekers: int
    """The agents after them are seekers."""
    boxes: int
    """Things 0..boxes-1 are boxes, square or elongated."""
    ramps: int
    """The things after them are ramps."""
    walls: int
    """Inner walls."""
    doors: int
    """Openings between inner walls."""
    sites: int = 0
    """Target places of a task, for a box or an agent."""
    food: int = 0
    """Places with something to eat."""
    pillars: int = 0
    """Round pillars that cannot be moved."""
    lock_order: int = 0
    """How many things, the first ones, must be locked in a certain order."""
    unobserved_food: int = 0
    """Places with something to eat, after the others, that neither agents nor critics observe."""

    @property
    def agents(self) -> int:
        return self.hiders + self.seekers

    @property
    def things(self) -> int:
        return self.boxes + self.ramps

    @property
    def all_food(self) -> int:
        return self.food + self.unobserved_food


class Layout(NamedTuple):
    """Arrays over worlds; lengths in metres, the floor's corner at the origin."""

    floor: np.ndarray
    """float64 [world]: side of the square floor."""
    walls: np.ndarray
    """float64 [world, wall, 4]: inner walls as x0, y0, x1, y1."""
    wall_exists: np.ndarray
    """bool [world, wall]"""
    doors: np.ndarray
    """float64 [world, door, 4]: openings as x0, y0, x1, y1, as thick as the wall they are in."""
    door_exists: np.ndarray
    """bool [world, door]"""
    agent_exists: np.ndarray
    """bool [world, agent]"""
    thing_exists: np.ndarray
    """bool [world, thing]"""
    thing_half: np.ndarray
    """float64 [world, thing, 2]: half of a thing's length (its own x) and width (its own y)."""
    thing_lockable: np.ndarray
    """bool [world, thing]"""
    out_of_bounds_margin_m: np.ndarray
    """float64 [world]: width of the strip along the floor's border in which an agent is out of bounds; 0 for none."""
    sites: np.ndarray
    """float64 [world, site, 4]: as x0, y0, x1, y1."""
    site_exists: np.ndarray
    """bool [world, site]"""
    site_observed: np.ndarray
    """bool [world, site]: agents observe it, not only the critic."""
    food: np.ndarray
    """float64 [world, food, 2]: x, y. Food blocks neither bodies nor sight."""
    food_exists: np.ndarray
    """bool [world, food]"""
    pillars: np.ndarray
    """float64 [world, pillar, 3]: x, y, radius. Inner walls fill it: all that holds for walls holds for pillars."""
    pillar_exists: np.ndarray
    """bool [world, pillar]"""
    lock_order: np.ndarray
    """int8 [world, turn]: the things to be locked, in their order."""


def empty_layout(worlds: int, slots: Slots) -> Layout:
    """A layout of `worlds` worlds in which nothing exists yet."""
    return Layout(
        floor=np.zeros(worlds),
        walls=np.zeros((worlds, slots.walls, 4)),
        wall_exists=np.zeros((worlds, slots.walls), bool),
        doors=np.zeros((worlds, slots.doors, 4)),
        door_exists=np.zeros((worlds, slots.doors), bool),
        agent_exists=np.zeros((worlds, slots.agents), bool),
        thing_exists=np.zeros((worlds, slots.things), bool),
        thing_half=np.zeros((worlds, slots.things, 2)),
        thing_lockable=np.zeros((worlds, slots.things), bool),
        out_of_bounds_margin_m=np.zeros(worlds),
        sites=np.zeros((worlds, slots.sites, 4)),
        site_exists=np.zeros((worlds, slots.sites), bool),
        site_observed=np.zeros((worlds, slots.sites), bool),
        food=np.zeros((worlds, slots.all_food, 2)),
        food_exists=np.zeros((worlds, slots.all_food), bool),
        pillars=np.zeros((worlds, slots.pillars, 3)),
        pillar_exists=np.zeros((worlds, slots.pillars), bool),
        lock_order=np.zeros((worlds, slots.lock_order), np.int8),
    )


def sides_of(slots: Slots) -> tuple[int, ...]:
    """The sides that have agents: both, or hiders alone."""
    return (HIDERS, SEEKERS) if slots.seekers else (HIDERS,)


def side_agents(slots: Slots, side: int) -> slice:
    """The agents of a side, as a slice of the agent axis."""
    return slice(0, slots.hiders) if side == HIDERS else slice(slots.hiders, slots.agents)


def side_of(agent: int, slots: Slots) -> int:
    """The side of an agent: HIDERS or SEEKERS."""
    return HIDERS if agent < slots.hiders else SEEKERS
