"""What a scenario is, and what the families have in common: their names and options as text."""

import dataclasses
import inspect
import sys
from collections.abc import Mapping
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np

from sim.layout import Layout, Slots
from sim.state import State

Payment = Literal["team", "individual", "team_mean"]
"""How sight is paid: the team together, each agent by itself, or the mean of that over the team."""


@runtime_checkable
class Scenario(Protocol):
    """A frozen dataclass of options for a family of worlds."""

    @property
    def hiders(self) -> int: ...
    @property
    def seekers(self) -> int: ...
    @property
    def ticks(self) -> int: ...
    @property
    def preparation_ticks(self) -> int: ...
    @property
    def floor_m(self) -> float: ...
    @property
    def reward(self) -> Payment: ...

    @property
    def task(self) -> int:
        """The game, see `sim.tasks.kinds`; HIDE_AND_SEEK pays for sight alone."""
        ...

    @property
    def mirrored_doors(self) -> tuple[int, ...] | None:
        """The slot of each door in a world's mirror image (in the floor's diagonal x + y = floor_m); None if images are
        not as likely as originals, with the same things in the same slots.
        """
        ...

    @property
    def slots(self) -> Slots:
        """How many entities its worlds have room for."""
        ...

    def place(self, seeds: np.ndarray, worlds: np.ndarray, layout: Layout, state: State) -> None:
        """Writes a fresh start into the chosen worlds; each depends on its own seed (uint64) alone."""
        ...


class Family:
    """The base of every family of worlds, a frozen dataclass of its options.

    Its module describes it, and holds PRESETS: worlds of the family by name, the default first.
    """

    @property
    def family(self) -> str:
        """The name of the family's default."""
        return next(iter(_module(self).PRESETS))

    @property
    def option_names(self) -> tuple[str, ...]:
        """What can be changed in text."""
        return tuple(field.name for field in dataclasses.fields(self))  # type: ignore[arg-type]

    @property
    def options(self) -> dict[str, Any]:
        """The options by name, as they stand in JSON."""
        return {name: getattr(self, name) for name in self.option_names}

    @property
    def story(self) -> str:
        """What goes on there, with a plan; its first line is a summary."""
        return inspect.getdoc(_module(self)) or ""

    def is_akin(self, preset: Scenario) -> bool:
        """Whether options make it of a preset."""
        return type(preset) is type(self)

    def changes(self, base: "Family") -> list[str]:
        """The options in which it differs from another of its family, as text."""
        usual = base.options
        return [f"{key}={in_text(value)}" for key, value in self.options.items() if value != usual[key]]

    def short_text(self) -> str:
        """The shortest text that names it everywhere."""
        return closest_text(self, _module(self).PRESETS)

    def full_text(self) -> str:
        """A text with every option: it means the same world when a default has changed since."""
        options = ",".join(f"{key}={in_text(value)}" for key, value in self.options.items())
        return f"{self.family}:{options}"


def _module(scenario: Family) -> Any:
    """Where its family is defined."""
    return sys.modules[type(scenario).__module__]


def closest_text(scenario: Family, presets: Mapping[str, Any]) -> str:
    """The closest of the presets, then the options that differ; empty if options make it of none of them."""
    differing = {name: scenario.changes(preset) for name, preset in presets.items() if scenario.is_akin(preset)}
    if not differing:
        return ""
    name = min(differing, key=lambda name: (len(differing[name]), name))
    return f"{name}:{','.join(differing[name])}" if differing[name] else name


def in_text(value: object) -> str:
    """An option's value as it stands in the text of a scenario."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def require(condition: bool, message: str) -> None:
    """Raises ValueError with a message unless a condition on the options holds."""
    if not condition:
        raise ValueError(message)


def require_within(scenario: Family, name: str, low: float, high: float, why: str) -> None:
    """Raises ValueError unless an option lies within bounds; `why` says how the upper one follows from others."""
    require(low <= getattr(scenario, name) <= high, f"{name} must be {low:g} to {high:g} ({why})")
