"""What physics needs of the rules: forces, moments of inertia and the speed cap."""

import math
from typing import NamedTuple

from sim.jit import compiled
from sim.rules import Rules


class Drive(NamedTuple):
    """What follows from the rules, computed once."""

    substep_s: float
    force_n: float
    torque_nm: float
    max_speed_mps: float


def drive(rules: Rules) -> Drive:
    """Force and torque that hold the free speeds against the drag, and the speed cap of any point."""
    substep = rules.tick_s / rules.substeps
    lost = 1.0 - math.exp(-substep / rules.drag_time_s)
    return Drive(
        substep_s=substep,
        force_n=rules.agent_mass_kg * rules.free_speed_mps * lost / substep,
        torque_nm=rules.agent_moment_kg_m2 * rules.free_spin_radps * lost / substep,
        max_speed_mps=rules.max_travel_m / substep,
    )


@compiled
def thing_moment(rules, half_x, half_y):
    """Moment of inertia of a solid rectangle."""
    return rules.thing_mass_kg * (half_x * half_x + half_y * half_y) / 3.0


@compiled
def speed_scale(push, vx, vy, spin, radius):
    """The factor that keeps the fastest point of a body (`radius` from its centre) at the speed cap."""
    speed = math.sqrt(vx * vx + vy * vy) + abs(spin) * radius
    return push.max_speed_mps / speed if speed > push.max_speed_mps else 1.0
