"""The facts of a clip, JSON that the player in the browser reads (`replays/report/player/unpack.js`).

Lengths are metres, angles radians. Ticks count from the start of the recording. Rows are as in `sim.layout`.
"""

from typing import NotRequired, TypedDict


class Rules(TypedDict):
    """Numbers of the game that the player needs."""

    tick: float
    """Seconds."""
    radius: float
    """Of an agent."""
    cone: float
    """Half of the angle in which an agent sees."""
    wall: float
    """Thickness of walls."""
    jump: float
    """What moves further in a tick was put there: it is not shown on its way."""
    bites: int
    """Of a whole food."""


class ShownAgent(TypedDict):
    """An agent that takes part."""

    name: str
    team: int
    """0 hides, 1 seeks."""


class ShownThing(TypedDict):
    """A box or a ramp that takes part."""

    name: str
    ramp: bool
    half: list[float]
    """Half of its length and width."""


class Sign(TypedDict):
    """What the sign of an event shows."""

    kind: str
    """Of `replays.events`."""
    team: int | None
    """Who did it; None for what the user changed."""


class ShownEvent(Sign):
    """An event of the time line."""

    tick: int
    text: str


class Caption(TypedDict):
    """The words under the world; they stand until the next one's tick."""

    tick: int
    text: str
    kind: NotRequired[str]
    """With `team` the sign of the event that it is about; both are missing where it is about none."""
    team: NotRequired[int | None]


class ClipFacts(TypedDict):
    """Everything but the table of a clip."""

    version: int
    moments: int
    """Rows of the table."""
    units: list[float]
    """What one is in the table: metres for places, radians for angles."""
    rules: Rules
    first: int
    """The tick of the first moment."""
    preparation: int
    """Ticks."""
    floor: float
    """Side of the square floor."""
    margin: float
    """Width of the strip along the border in which an agent is out of bounds; 0 for none."""
    walls: list[list[float]]
    doors: list[list[float]]
    sites: list[list[float]]
    """The last number of each says whether agents observe it."""
    pillars: list[list[float]]
    food: list[list[float]]
    agents: list[ShownAgent]
    """In the order of the table's columns."""
    things: list[ShownThing]
    pairs: list[list[int]]
    """Observer and opponent, by their numbers in `agents`."""
    captions: list[Caption]
    events: list[ShownEvent]
