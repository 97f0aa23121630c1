"""What an agent observes at a tick, decoded from its own masked observation: no more and no less."""

import math
from dataclasses import dataclass

import numpy as np

from replays.film.shown import Shown
from replays.format.recording import Recording
from replays.wording import agent_name, thing_name
from sim.layout import Slots
from sim.rules import RULES
from sim.schema import OBSERVATION, columns_of, split

_WAYS = ("right", "up right", "up", "up left", "left", "down left", "down", "down right")
MOVES = ("stands still", *(f"walks {way}" for way in _WAYS))
TURNS = ("", "turns left", "turns right")
HANDS = ("", "wants to grab", "lets go", "wants to lock")

_SELF, _AGENT = columns_of(OBSERVATION["self"]), columns_of(OBSERVATION["agents"])
_THING, _AREA = columns_of(OBSERVATION["boxes"]), columns_of(OBSERVATION["doors"])
_FOOD, _PILLAR = columns_of(OBSERVATION["food"]), columns_of(OBSERVATION["pillars"])


@dataclass(frozen=True)
class Body:
    """An agent or a thing that an agent observes."""

    number: int
    """Of the agent or thing, as everywhere."""
    pose: tuple[float, float, float]
    """x and y in metres, angle in radians; boxes that look the same when turned may be turned."""
    half: tuple[float, float] = (0.0, 0.0)
    """Half length and width in metres; of things."""
    ours: bool = False
    """Locked by the agent's own team."""
    theirs: bool = False
    """Locked by the other team."""
    in_hands: bool = False
    """The agent holds it."""


@dataclass(frozen=True)
class DecodedObservation:
    """One agent's observation in metres and numbers of entities."""

    agent: int
    place: tuple[float, float]
    angle: float
    agents: list[Body]
    things: list[Body]
    unknown: list[str]
    """Names of those that take part but are not seen."""
    doors: list[tuple[float, float, float, float]]
    """As in `Layout.doors`."""
    sites: list[tuple[float, float, float, float]]
    """Likewise."""
    food: list[tuple[float, float, float]]
    """x and y in metres, and the share that is left; of food that it sees."""
    pillars: list[tuple[float, float, float]]
    """x, y and radius in metres."""
    lidar: np.ndarray
    """float [ray]: metres; zero where the agent is shown nothing."""
    numbers: np.ndarray
    """float32 [number]: the observation as it was handed to the agent."""
    estimated: bool
    """It may differ from what the agent observed, see `replays.film.shown.Shown`."""


def decode_observation(recording: Recording, agent: int, shown: Shown) -> DecodedObservation:
    """One agent's observation, of what the agents of a recording were shown at a tick."""
    slots, half_floor = recording.header.slots, 0.5 * float(recording.layout.floor[0])
    numbers = shown.observation[agent]
    parts = split(numbers, slots)
    x, y = ((1 + parts["self"][[_SELF.x, _SELF.y]]) * half_floor).tolist()

    def place(row: np.ndarray) -> tuple[float, float]:
        return x + float(row[_THING.x]) * half_floor, y + float(row[_THING.y]) * half_floor

    agents, things, unknown = [], [], []
    for row, exists, seen, number in zip(
        parts["agents"], parts["agents_exist"], parts["agents_seen"], _others(slots, agent), strict=True
    ):
        if seen:
            agents.append(Body(number, (*place(row), math.atan2(row[_AGENT.sin], row[_AGENT.cos]))))
        elif exists:
            unknown.append(agent_name(number, slots))
    for first, sort in ((0, "boxes"), (slots.boxes, "ramps")):
        for number, row in enumerate(parts[sort], start=first):
            if parts[f"{sort}_seen"][number - first]:
                half = (float(row[_THING.half_length]), float(row[_THING.half_width]))
                fold = 1 if sort == "ramps" else 4 if half[0] == half[1] else 2
                pose = (*place(row), math.atan2(row[_THING.sin], row[_THING.cos]) / fold)
                locks = bool(row[_THING.locked_by_us]), bool(row[_THING.locked_by_them])
                things.append(Body(number, pose, half, *locks, bool(row[_THING.in_my_hands])))
            elif parts[f"{sort}_exist"][number - first]:
                unknown.append(thing_name(number, slots))

    def areas(kind: str) -> list[tuple[float, float, float, float]]:
        found = []
        for row in parts[kind][parts[f"{kind}_exist"] > 0]:
            (middle_x, middle_y), (across, along) = place(row), row[[_AREA.half_x, _AREA.half_y]].tolist()
            found.append((middle_x - across, middle_y - along, middle_x + across, middle_y + along))
        return found

    food = [(*place(row), float(row[_FOOD.left])) for row in parts["food"][parts["food_seen"] > 0]]
    pillars = [(*place(row), float(row[_PILLAR.radius])) for row in parts["pillars"][parts["pillars_exist"] > 0]]
    angle = math.atan2(parts["self"][_SELF.sin], parts["self"][_SELF.cos])
    lidar = parts["lidar"] * RULES.lidar_range_m
    doors, sites = areas("doors"), areas("sites")
    bodies = agents, things, unknown
    areas_and_food = doors, sites, food, pillars
    return DecodedObservation(agent, (x, y), angle, *bodies, *areas_and_food, lidar, numbers, shown.estimated)


def visible_text(about: DecodedObservation, slots: Slots) -> list[str]:
    """What it sees, each in a few words."""
    words = [agent_name(body.number, slots) for body in about.agents]
    for body in about.things:
        note = "in its hands" if body.in_hands else "its team's lock" if body.ours else "locked by the others"
        plain = not (body.in_hands or body.ours or body.theirs)
        words.append(thing_name(body.number, slots) + ("" if plain else f" ({note})"))
    return words


def summary_text(about: DecodedObservation, recording: Recording, tick: int) -> str:
    """What an agent does and sees, in one line whose parts stand between dots."""
    slots = recording.header.slots
    seen = ", ".join(visible_text(about, slots)) or "nothing"
    does = action_text(recording, tick, about.agent)
    note = " · estimated" * about.estimated
    return f"{agent_name(about.agent, slots).capitalize()}: {does[0].lower()}{does[1:]} · sees {seen}{note}"


def action_text(recording: Recording, tick: int, agent: int) -> str:
    """What it has chosen to do in a tick, as a short sentence."""
    header = recording.header
    if tick >= header.ticks:
        return "The episode is over"
    if tick < header.preparation_ticks and agent >= header.slots.hiders:
        return "Asleep until the seeking begins"
    move, turn, hands = recording.actions[tick, agent].tolist()
    return ", ".join(filter(None, (MOVES[move], TURNS[turn], HANDS[hands]))).capitalize()


def _others(slots: Slots, agent: int) -> list[int]:
    """The other agents in the order of an agent's own table: team mates first."""
    hiders, seekers = list(range(slots.hiders)), list(range(slots.hiders, slots.agents))
    mates, opponents = (hiders, seekers) if agent < slots.hiders else (seekers, hiders)
    return [*(mate for mate in mates if mate != agent), *opponents]
