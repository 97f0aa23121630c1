"""Swapped places: the first hider starts where the first seeker would, and so on."""

from sim.shifts.shift import Shift, Start


def place(start: Start) -> None:
    """Swaps places and headings, of as many as the smaller team has."""
    slots, agents = start.scenario.slots, start.state.agents
    pairs = min(slots.hiders, slots.seekers)
    hiders, seekers = slice(0, pairs), slice(slots.hiders, slots.hiders + pairs)
    places = agents[start.worlds]
    agents[start.worlds, hiders], agents[start.worlds, seekers] = places[:, seekers], places[:, hiders]


SHIFT = Shift("swapped-places", "hiders start where seekers do, and seekers where hiders do", place=place)
