"""What people call agents, things and doors, and an event in a sentence."""

from collections.abc import Sequence

import numpy as np

from replays.events import DOOR_KINDS, STRATEGY_KINDS, Event
from replays.strategies.strategy import NOBODY, Strategy
from sim.climb import UPPER
from sim.layout import Layout, Slots
from sim.state import State

_VERBS = {
    "grab": "grabs",
    "release": "lets go of",
    "lock": "locks",
    "unlock": "unlocks",
}


_STILL = 1e-3
"""What moves and turns less in a tick, in metres and radians, stands."""


def in_words(event: Event, slots: Slots, doors: Sequence[str] = ()) -> str:
    """One event as a short sentence, such as "Hider 0 locks box 1"; `doors` are the doors' names (`door_names`)."""
    if event.kind in STRATEGY_KINDS:
        return _strategy_in_words(event, STRATEGY_KINDS[event.kind], slots, doors)
    who = agent_name(event.agent, slots).capitalize() if event.agent != NOBODY else "Somebody"
    if event.kind == "spotted":
        return f"{who} spots {agent_name(event.other, slots)}"
    if event.kind == "lost":
        return f"{who} loses sight of {agent_name(event.other, slots)}"
    if event.kind == "room sealed":
        return f"{thing_name(event.thing, slots).capitalize()} seals the hiders in"
    if event.kind == "fort built":
        return f"{thing_name(event.thing, slots).capitalize()} walls the hiders off"
    if event.kind == "seal broken":
        return f"The seal of {thing_name(event.thing, slots)} breaks"
    if event.kind in DOOR_KINDS:
        door, thing = _door_name(event.other, doors), thing_name(event.thing, slots)
        if event.kind == "door blocked":
            return f"{who} blocks {door} with {thing}"
        opener = f"{who} moves {thing}" if event.agent != NOBODY else f"{thing.capitalize()} gives way"
        return f"{opener}: {door} is open again"
    if event.kind == "taken away":
        opened = "" if event.other == NOBODY else f": {_door_name(event.other, doors)} is open again"
        return f"{thing_name(event.thing, slots).capitalize()} was taken away here{opened}"
    if event.kind == "lock opened":
        return f"The lock of {thing_name(event.thing, slots)} was opened here"
    return f"{who} {_VERBS[event.kind]} {thing_name(event.thing, slots)}"


def end_of_seal(event: Event, slots: Slots, states: State) -> str:
    """How a seal ended: what it rested on may stand as before while a seeker has come up to where it is no obstacle."""
    thing, now, before = event.thing, event.tick, event.tick - 1
    moved = np.abs(states.things[now, thing] - states.things[before, thing]).max() > _STILL
    risen = (states.level[now] == UPPER) & (states.level[before] != UPPER)
    if not moved and risen[slots.hiders :].any():
        return f"Seekers can get over {thing_name(thing, slots)} now"
    return in_words(event, slots)


def _strategy_in_words(event: Event, strategy: Strategy, slots: Slots, doors: Sequence[str]) -> str:
    other = "somebody"
    if event.other != NOBODY:
        other = _door_name(event.other, doors) if strategy.other == "door" else agent_name(event.other, slots)
    words = strategy.sentence.format(
        agent=agent_name(event.agent, slots) if event.agent != NOBODY else "somebody",
        thing=thing_name(event.thing, slots) if event.thing != NOBODY else "something",
        other=other,
    )
    return words[0].upper() + words[1:]


def _door_name(door: int, doors: Sequence[str]) -> str:
    return doors[door] if doors else f"door {door}"


def agent_name(agent: int, slots: Slots) -> str:
    """An agent as people call it: "hider 0", "seeker 1" (counted as in `sim.env`)."""
    return f"hider {agent}" if agent < slots.hiders else f"seeker {agent - slots.hiders}"


def thing_name(thing: int, slots: Slots) -> str:
    """A thing as people call it: "box 0", "ramp 1"."""
    return f"box {thing}" if thing < slots.boxes else f"ramp {thing - slots.boxes}"


def door_names(layout: Layout) -> list[str]:
    """What people call the doors of one world: "the door" where there is one, else "the left door" and the like.

    Doors that lie in one direction from the middle of all doors are named by their numbers.
    """
    exists, middles = layout.door_exists[0], 0.5 * (layout.doors[0, :, :2] + layout.doors[0, :, 2:])
    if exists.sum() < 2:
        return ["the door"] * len(exists)
    away = middles - middles[exists].mean(axis=0)
    sides = [("left" if x < 0 else "right") if abs(x) > abs(y) else ("lower" if y < 0 else "upper") for x, y in away]
    shared = len({side for side, there in zip(sides, exists, strict=True) if there}) < exists.sum()
    return [f"door {number}" if shared else f"the {side} door" for number, side in enumerate(sides)]
