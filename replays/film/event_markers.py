"""The signs of events, as shapes without a window: what stands above a time line and beside a caption.

Strategies bring their own signs; grabs are discs and sightings diamonds. What ends or undoes something leaves its sign
hollow. The colour is that of the team that did it. What the user changed is a black cross.
"""

from replays.events import Event
from replays.strategies.catalogue import by_name, strategies
from replays.strategies.strategy import NOBODY
from sim.layout import Slots, side_of
from sim.rules import HIDERS

HOLLOW = ("release", "unlock", "lost", "seal broken", "door open again")
"""Kinds of events whose signs are hollow."""

_MEANINGS = {
    "lock": "locks; hollow: unlocks",
    "door blocked": "door blocked; hollow: open again",
    "room sealed": "sealed in; hollow: broken",
}
"""What signs mean that stand for more than the strategy that brings them."""

SHAPES = {strategy.kind: strategy.sign for strategy in strategies()} | {
    "unlock": by_name("lock").sign,
    "seal broken": by_name("sealed").sign,
    "door open again": by_name("door_blocked").sign,
}
"""The signs of strategies by kind of event, as `Strategy.sign`."""

LEGEND: tuple[tuple[str, str], ...] = (
    ("grab", "grabs; hollow: lets go"),
    ("spotted", "spots a hider; hollow: loses it"),
    *((one.kind, _MEANINGS.get(one.kind, one.title.lower())) for one in strategies()),
    ("taken away", "changed by you"),
)
"""A kind of event for each sign, and what the sign means."""


def team_of(event: Event, slots: Slots) -> int:
    """The team whose colour an event has; an event without an agent has the hiders'."""
    return HIDERS if event.agent == NOBODY else side_of(event.agent, slots)
