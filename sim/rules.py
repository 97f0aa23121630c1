"""Every constant of the game, in one frozen tuple, units in the names.

`Rules` is a NamedTuple, so compiled kernels take it as it is. Options of a *scenario* (floor, rooms, counts, episode
length) live in `sim/scenarios/`; the constants of all scenarios are here. Where a number differs from the original game
(Baker et al. 2019, `mae_envs`), the docstring says so.
"""

import math
from typing import NamedTuple

HIDERS, SEEKERS = 0, 1
"""Team numbers; a lock's owner is the team number plus one, so that 0 means unlocked."""

STILL = 0
MOVES = 9
"""Move 0 is still; 1..8 are the compass directions, counter-clockwise from +x, in the world frame."""

KEEP_HEADING, TURN_LEFT, TURN_RIGHT = 0, 1, 2
TURNS = 3

KEEP, GRAB, RELEASE, LOCK = 0, 1, 2, 3
HANDS = 4

ACTION_SIZES = (MOVES, TURNS, HANDS)
"""One agent's MultiDiscrete action: move, turn, hands."""


class Rules(NamedTuple):
    """The constants of the game; see each field."""

    tick_s: float = 0.1
    """One decision of all agents, in seconds."""
    substeps: int = 4
    """Physics steps in a tick."""
    agent_radius_m: float = 0.15
    """Agents are discs; both teams have the same numbers."""
    agent_mass_kg: float = 1.0
    """As in the original."""
    agent_moment_kg_m2: float = 0.1
    """Moment of inertia. About nine times a solid disc's, so that an agent can swing the box it holds."""
    thing_mass_kg: float = 1.0
    """Every box and ramp weighs the same, elongated ones too (as in the original)."""
    drag_time_s: float = 0.12
    """Time constant of linear and angular drag: ground friction, the same for all bodies."""
    free_speed_mps: float = 2.4
    """Top speed of an agent with empty hands; the drive force follows from it."""
    free_spin_radps: float = 5.0
    """Top turning speed of an agent with empty hands; the drive torque follows from it."""
    max_travel_m: float = 0.06
    """No point of a body moves further than this in one substep."""
    collision_slop_m: float = 0.001
    """Overlap that Chipmunk leaves alone."""
    collision_bias: float = 1e-12
    """Share of an overlap left after one second (`Space.collision_bias`): half of it goes in each substep.
    Chipmunk's default, 0.0018, suits small steps; with ours overlaps would last for several ticks."""
    max_overlap_m: float = 0.008
    """A body deeper than this in a wall at the end of a tick is moved out to it; see `sim.physics.walls`."""
    solver_iterations: int = 10
    """Chipmunk's solver iterations in a substep; its own default."""
    reach_m: float = 0.35
    """Largest gap between an agent's skin and a thing's surface at which it can grab or lock it; not through inner
    walls, see `sim.hands`."""
    hold_break_n: float = 60.0
    """A hold tears when its joint pulls harder than this; about three times an agent's drive."""
    half_cone_rad: float = math.radians(67.5)
    """Half of the vision cone, inclusive (135 degrees in all, as in the original)."""
    lidar_rays: int = 32
    """Rays at the world angles 2*pi*k/lidar_rays; they do not turn with the agent. The original has 30; with a
    multiple of four they fall onto each other in a mirrored world, and a multiple of 16 is cast fastest."""
    lidar_range_m: float = 6.0
    """What a ray that hits nothing measures."""
    wall_m: float = 0.1
    """Thickness of inner walls."""
    ramp_length_m: float = 0.9
    """From a ramp's low edge to its high one. The original's is 0.5 m (and as high, with a slope of 45 degrees)."""
    ramp_width_m: float = 0.6
    """An agent fits between the long sides, and two side by side do not. The original's is 0.5 m."""
    ramp_side_m: float = 0.05
    """Thickness of a ramp's three sides, within its width and length."""


RULES = Rules()
"""The rules of every scenario."""


SIDES = ("hiders", "seekers")
"""Names of the sides, by team number."""
