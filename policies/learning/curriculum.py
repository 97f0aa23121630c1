"""Worlds that follow each other within a run: `hideseek train --then 160000000:quadrant-ramp-by-door:ramp_in_door=1`.

What is learned in a world may be the ground on which something else can be found in another, as the lock on a shut door
before the lock on a ramp. From an update on that ends beyond so many agent-steps, true starts are those of the next
world. It differs from the first in its starts alone, so that networks, past opponents and visited states stay what they
are; schedules of the learning rate and of the entropy bonus begin again. When it comes is fixed before the run begins:
nothing that agents do changes it.
"""

from collections.abc import Sequence

from sim.errors import UserError
from sim.same_game import difference
from sim.scenario import Scenario, scenario_from_text, text_without_file

_LONGEST = 2**53
"""Agent-steps that a run can count to."""
_MOST_DIGITS = 20
"""Of a number of agent-steps, zeros in front included: Python refuses to read thousands."""


class Curriculum:
    """The worlds of a run, in the order in which they come."""

    def __init__(self, first: Scenario, then: Sequence[str] = ()) -> None:
        """`then` are texts STEPS:SCENARIO, as `TrainConfig.then` has them.

        Raises:
            UserError: one is no such text, they are in another order, or a world differs in more than its starts.
        """
        self.worlds = [(0, first)]
        """Beyond how many agent-steps each comes, and the world."""
        for text in then:
            steps, scenario = steps_and_text(text)
            world = scenario_from_text(scenario)
            if steps <= self.worlds[-1][0]:
                raise UserError(f"--then {steps:,} agent-steps: give later worlds in their order, each with more steps")
            if differing := difference(first, world):
                raise UserError(
                    f"--then {steps}:{text_without_file(world)[:60]}: it has other {differing} than the run's first "
                    "world; what may differ is where things and walls are when an episode starts"
                )
            self.worlds.append((steps, world))

    def at(self, agent_steps: int) -> Scenario:
        """The world of the update that ends at so many agent-steps; the first for 0."""
        return self.until(agent_steps)[-1][1]

    def steps_there(self, agent_steps: int) -> int:
        """How many of so many agent-steps were trained in the world in which the last of them were."""
        return agent_steps - self.until(agent_steps)[-1][0]

    def until(self, agent_steps: int) -> list[tuple[int, Scenario]]:
        """Those that have come by then."""
        return [(begins, world) for begins, world in self.worlds if begins < max(agent_steps, 1)]


def steps_and_text(text: str) -> tuple[int, str]:
    """The parts of STEPS:SCENARIO. Raises UserError if it is no such text."""
    steps, _, scenario = text.partition(":")
    number = steps.replace(",", "").replace("_", "")
    is_count = number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS
    if not (is_count and 0 < int(number) <= _LONGEST and scenario):
        raise UserError(f"--then {text[:60]}: give agent-steps and a world, such as 100000000:quadrant:door_m=0.6")
    return int(number), scenario
