"""More agents: one hider and one seeker more. Only teams with a pooled or attention network can play there."""

import dataclasses
from typing import Any

from sim.shifts.shift import Shift, needs


def options(scenario: Any) -> Any:
    """The scenario with more agents. Raises ValueError if it has as many as it can have, or if they are drawn."""
    needs(
        "hiders" in {field.name for field in dataclasses.fields(scenario)},
        "more-agents needs a world that is not drawn",
    )
    return dataclasses.replace(scenario, hiders=scenario.hiders + 1, seekers=scenario.seekers + 1)


SHIFT = Shift("more-agents", "one hider and one seeker more", options)
