"""A scenario with shifts, which is a scenario as well; `sim.scenario` names it in text."""

import functools
import importlib
import pkgutil
from dataclasses import dataclass
from typing import Any

import numpy as np

import sim.shifts
from sim.layout import Layout, Slots
from sim.shifts.shift import Shift, Start, needs
from sim.state import State
from sim.tasks.kinds import HIDE_AND_SEEK


@functools.cache
def all_shifts() -> dict[str, Shift]:
    """Every shift by its name."""
    modules = [importlib.import_module(f"sim.shifts.{one.name}") for one in pkgutil.iter_modules(sim.shifts.__path__)]
    return {module.SHIFT.name: module.SHIFT for module in modules if hasattr(module, "SHIFT")}


def _of_world(name: str) -> Any:
    """A property that is the one of `Shifted.world`."""
    return property(lambda shifted: getattr(shifted.world, name))


@dataclass(frozen=True)
class Shifted:
    """A scenario whose worlds teams did not meet in training."""

    base: Any
    """The `sim.scenarios.family.Scenario` as it was."""
    shifts: tuple[tuple[str, float], ...]
    """Names of shifts, each once, with the share of episodes that it changes."""

    hiders = _of_world("hiders")
    seekers = _of_world("seekers")
    ticks = _of_world("ticks")
    preparation_ticks = _of_world("preparation_ticks")
    floor_m = _of_world("floor_m")
    reward = _of_world("reward")
    task = _of_world("task")
    mirrored_doors = _of_world("mirrored_doors")

    def __post_init__(self) -> None:
        needs(self.base.task == HIDE_AND_SEEK, "only worlds of hide-and-seek can be shifted")
        for name, share in self.shifts:
            needs(name in all_shifts(), f"shift '{name}' is unknown; choose {', '.join(all_shifts())}")
            needs(0.0 < share <= 1.0, f"the share of shift '{name}' is above 0 and at most 1")
            needs(share == 1.0 or all_shifts()[name].only_start, f"shift '{name}' changes all episodes or none")
        self._check_contradictions()
        for shift in shifts_of(self):
            shift.suits(self.world)

    def _check_contradictions(self) -> None:
        """Raises ValueError if a shift that is in all episodes contradicts another."""
        shares = dict(self.shifts)
        for shift in shifts_of(self):
            for other in (name for name in shift.contradicts if name in shares):
                always = max(shares[shift.name], shares[other]) == 1.0
                needs(not always, f"the shifts '{shift.name}' and '{other}' contradict each other")

    @functools.cached_property
    def world(self) -> Any:
        """The base with the options that the shifts give it."""
        return functools.reduce(lambda scenario, shift: shift.options(scenario), shifts_of(self), self.base)

    @property
    def slots(self) -> Slots:
        """Those of the world, with room for what the shifts add."""
        return functools.reduce(lambda slots, shift: shift.slots(slots), shifts_of(self), self.world.slots)

    def place(self, seeds: np.ndarray, worlds: np.ndarray, layout: Layout, state: State) -> None:
        """Writes a fresh start into the chosen worlds; see `sim.scenarios.family.Scenario.place`."""
        self.world.place(seeds, worlds, layout, state)
        shares = dict(self.shifts)
        for shift in shifts_of(self):
            if shift.place:
                chosen, random = shift.drawn(seeds, shares[shift.name])
                shift.place(Start(self.world, random, worlds[chosen], layout, state))


def shifts_of(scenario: Any) -> tuple[Shift, ...]:
    """The shifts of a scenario, in the order in which they run; none for one of the families' own."""
    shifts = scenario.shifts if isinstance(scenario, Shifted) else ()
    return tuple(sorted((all_shifts()[name] for name, _ in shifts), key=lambda shift: (shift.order, shift.name)))


def unshifted(scenario: Any) -> Any:
    """The scenario without its shifts."""
    return scenario.base if isinstance(scenario, Shifted) else scenario


def shifts_text(scenario: Any) -> str:
    """The end of a scenario's text, which names its shifts: "+no-lock+seeker-inside=0.1"."""
    shifts = scenario.shifts if isinstance(scenario, Shifted) else ()
    return "".join(f"+{name}" if share == 1.0 else f"+{name}={share}" for name, share in shifts)
