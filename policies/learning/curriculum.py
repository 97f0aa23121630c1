"""Worlds that follow each other within a run: `hideseek train --then 160000000:quadrant-ramp-by-door:ramp_in_door=1`.

What is learned in a world may be the ground on which something else can be found in another, as the lock on a shut door
before the lock on a ramp. From an update on that ends beyond so many agent-steps, true starts are those of the next
world. It differs from the first in its starts alone, so that networks, past opponents and visited states stay what they
are; schedules of the learning rate and of the entropy bonus begin again. When it comes is fixed before the run begins:
nothing that agents do changes it.
"""

from collections.abc import Sequence

from replays.format.metrics import MOST_STEPS
from sim.errors import UserError
from sim.same_game import difference
from sim.scenario import Scenario, scenario_from_text, text_without_file


class Curriculum:
    """The worlds of a run, in the order in which they come."""

    def __init__(self, first: Scenario, then: Sequence[tuple[int, str]] = ()) -> None:
        """`then` is as in `TrainConfig`.

        Raises:
            UserError: there is no such world, they are in another order, or one differs in more than its starts.
        """
        self.worlds = [(0, first)]
        """Beyond how many agent-steps each comes, and the world."""
        for steps, text in then:
            world, before = scenario_from_text(text), self.worlds[-1][0]
            if not before < steps <= MOST_STEPS:
                asked = str(steps)[:20]
                raise UserError(
                    f"--then {asked}: worlds come in order; give more than {before}, at most {MOST_STEPS} agent-steps"
                )
            if differing := difference(first, world):
                raise UserError(
                    f"--then {steps}:{text_without_file(world)[:60]}: it has other {differing} than the run's first "
                    "world; what may differ is where things and walls are when an episode starts"
                )
            self.worlds.append((steps, world))

    def at(self, agent_steps: int) -> Scenario:
        """The world of the update that ends at so many agent-steps; the first for 0."""
        return self.until(agent_steps)[-1][1]

    def until(self, agent_steps: int) -> list[tuple[int, Scenario]]:
        """Those that have come by then."""
        return [(begins, world) for begins, world in self.worlds if begins < max(agent_steps, 1)]
