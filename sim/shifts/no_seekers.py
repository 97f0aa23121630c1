"""No seekers: their slots are empty. Hiders are hidden whatever they do."""

from sim.layout import side_agents
from sim.rules import SEEKERS
from sim.shifts.shift import Shift, Start


def place(start: Start) -> None:
    """Takes the seekers out."""
    seekers = side_agents(start.scenario.slots, SEEKERS)
    start.layout.agent_exists[start.worlds, seekers] = False
    start.state.agents[start.worlds, seekers] = 0.0


SHIFT = Shift("no-seekers", "there are no seekers", place=place, order=3)
