"""Which scenarios one game can play one after the other: those that differ in their starts alone."""

from sim.scenarios.family import Scenario
from sim.shifts.shifted import shifts_of

_FIXED = {
    "slots": "numbers of agents, things, walls and doors",
    "ticks": "ticks",
    "preparation_ticks": "preparation_ticks",
    "floor_m": "floor_m",
    "reward": "reward",
    "task": "task",
    "mirrored_doors": "doors",
}
"""What a game, and a learner beside it, takes from its scenario once for all; in words."""


def difference(one: Scenario, other: Scenario) -> str:
    """The first thing in which two scenarios differ beside their starts, in words; empty if there is none."""
    for name, words in _FIXED.items():
        if getattr(one, name) != getattr(other, name):
            return words
    return "" if _lasting(one) == _lasting(other) else "shifts that go beyond the start"


def _lasting(scenario: Scenario) -> set[str]:
    """The shifts that change more than the start."""
    return {shift.name for shift in shifts_of(scenario) if shift.pay or not shift.only_start}
