"""Long: episodes last four times as long; preparation does not."""

import dataclasses
from typing import Any

from sim.shifts.shift import Shift

TIMES = 4


def options(scenario: Any) -> Any:
    """The scenario with more ticks. Raises ValueError if it cannot be so long."""
    return dataclasses.replace(scenario, ticks=TIMES * scenario.ticks)


SHIFT = Shift("long", "episodes are four times as long", options)
