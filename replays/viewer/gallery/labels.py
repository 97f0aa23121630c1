"""The words of the gallery: names of strategies and of stages of training."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from replays.events import Event
from replays.viewer.widgets.units import short_steps
from sim.rules import HIDERS, SEEKERS


class Strategy(NamedTuple):
    """Something teams do that has a name."""

    title: str
    kind: str
    """The kind of event that shows it; recordings that know no such event do not have the strategy."""
    team: int | None
    """Whose events count; None for anybody's, and for those that nobody does."""
    about: str
    ends: str | None = None
    """The kind of event that ends what the other began; None for what takes but a moment."""


class Found(NamedTuple):
    """A strategy in one recording."""

    title: str
    tick: int
    """When it is best seen."""
    lasted: int
    """Ticks, all in all; 0 for what takes but a moment."""


STRATEGIES = (
    Strategy("Box surfing", "surf", None, "a ride on a box, steered from above"),
    Strategy("Over the wall", "over wall", None, "an agent got over a wall by a ramp"),
    Strategy("Door blocked", "door blocked", None, "no agent gets past the box in the door", "door open again"),
    Strategy("Room sealed", "room sealed", None, "no seeker can come in any more", "seal broken"),
    Strategy("Fort built", "fort built", None, "hiders walled themselves off within an open room", "seal broken"),
    Strategy("Seal broken", "seal broken", None, "the hiders were shut in for a while"),
    Strategy("Ramp climbed", "climb", None, "from up there an agent sees over walls and boxes"),
    Strategy("Boxes locked", "lock", HIDERS, "fixed where hiders want them"),
    Strategy("Locked by seekers", "lock", SEEKERS, "so that hiders cannot use them"),
    Strategy("Boxes moved", "grab", HIDERS, "hiders carry things about"),
    Strategy("Chase", "spotted", None, "hiders are found, and can only run"),
)
"""The most interesting first; a recording is shown under the first that it has."""

_FIRST_TITLE = "Door blocked"

QUIET = "Out of sight"
"""The title where none of them happens."""


class Rate(NamedTuple):
    """A rate in a run's metrics that says how often a strategy happens."""

    key: str
    """Its name in metrics.jsonl."""
    verb: str
    """What it counts, to be said before "in 2 % of its episodes"."""


RATES = {
    "Door blocked": Rate("soft_end", "sealed"),
    "Room sealed": Rate("soft_end", "sealed"),
    "Fort built": Rate("fort_end", "fort"),
}
"""By the title of a strategy. Runs count seals at the end of an episode, and no blocked doors."""

UNREADABLE = "Cannot be read"

ABOUT = {strategy.title: strategy.about for strategy in STRATEGIES} | {
    QUIET: "no hider was seen, nothing was moved",
    UNREADABLE: "damaged, or made by something else",
}

_STAGES = (1, 3, 10, 30, 100, 300, 1000)
"""Where one stage of training ends and the next begins, in millions of agent-steps."""

NO_STAGE = "Learned, training time unknown"

_SETTLE_TICKS = 8
"""So long after it began, what lasts is best seen."""

_TRAINED = re.compile(r"(?:hiders|seekers)-([0-9]{12})")
"""What the trainer calls its teams."""


def found_strategies(events: Sequence[Event], hiders: int, ticks: int) -> list[Found]:
    """The strategies of a recording with so many hiders and ticks, the most interesting first."""
    found = []
    for strategy in STRATEGIES:
        shown = [event.tick for event in events if event.kind == strategy.kind and _counts(strategy, event, hiders)]
        if shown and strategy.ends is None:
            found.append(Found(strategy.title, shown[-1], 0))
        elif shown:
            ended = [event.tick for event in events if event.kind == strategy.ends]
            stretches = _stretches(shown, ended, ticks)
            first, last = max(stretches, key=lambda stretch: stretch[1] - stretch[0])
            lasted = sum(end - begin for begin, end in stretches)
            found.append(Found(strategy.title, first + min(_SETTLE_TICKS, (last - first) // 2), lasted))
    return found


def _counts(strategy: Strategy, event: Event, hiders: int) -> bool:
    return strategy.team is None or strategy.team == (HIDERS if event.agent < hiders else SEEKERS)


def _stretches(begun: list[int], ended: list[int], ticks: int) -> list[tuple[int, int]]:
    """From when to when something lasted that began and ended at these ticks, the last time perhaps to the end."""
    stretches, free = [], 0
    for begin in sorted(begun):
        if begin >= free:
            free = min((end for end in ended if end > begin), default=ticks)
            stretches.append((begin, free))
            free = max(free, begin + 1)
    return stretches


def strategy_titles() -> list[str]:
    """Every title that a recording can be shown under, in the order of their headings: the best known comes first."""
    titles = [*(strategy.title for strategy in STRATEGIES), QUIET, UNREADABLE]
    return sorted(titles, key=lambda title: title != _FIRST_TITLE)


def stage_title(agent_steps: int | None) -> str:
    """The stage of training that so many agent-steps belong to."""
    if agent_steps is None:
        return NO_STAGE
    above = [end for end in _STAGES if agent_steps < end * 1_000_000]
    if len(above) == len(_STAGES):
        return f"Up to {_STAGES[0]} M steps"
    if not above:
        return f"Over {_STAGES[-1]:,} M steps"
    return f"{_STAGES[-len(above) - 1]} to {above[0]:,} M steps"


def stage_titles() -> list[str]:
    """Every stage, earliest first, and last that of teams of unknown training."""
    starts = (0, *_STAGES)
    return [*(stage_title(start * 1_000_000) for start in starts), NO_STAGE]


def rate_text(strategy: str, rate: float) -> str:
    """How often a strategy happens, such as "sealed in 2 % of its episodes"."""
    percent = "under 1" if 0 < rate < 0.01 else f"{rate:.0%}".removesuffix("%")
    return f"{RATES[strategy].verb} in {percent} % of its episodes"


def steps_text(agent_steps: int) -> str:
    """So many agent-steps as people say it, such as "24.1 M steps"."""
    return f"{short_steps(agent_steps)} steps"


def team_text(name: str, side: str) -> str:
    """A team's name; one that the trainer named by its agent-steps is called by them."""
    team, comma, person = name.partition(",")
    steps = trained_steps(team)
    return name if steps is None else f"{side} of {steps_text(steps)}{comma}{person}"


def trained_steps(team: str) -> int | None:
    """How long a team had been trained, in agent-steps, if its name tells."""
    found = _TRAINED.fullmatch(team)
    return int(found[1]) if found else None
