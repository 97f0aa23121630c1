"""What the gallery calls what it finds in a recording: strategies, outcomes, stages of training."""

from collections.abc import Sequence
from typing import NamedTuple

from replays.events import Event
from sim.rules import HIDERS, SEEKERS


class Strategy(NamedTuple):
    """Something teams do that has a name."""

    title: str
    kind: str
    """The kind of event that shows it; recordings that know no such event do not have the strategy."""
    team: int | None
    """Whose events count; None for anybody's, and for those that nobody does."""
    about: str


STRATEGIES = (
    Strategy("Door blocked", "door blocked", None, "a box stands in the door, and nobody comes through"),
    Strategy("Room sealed", "room sealed", None, "no seeker can reach the hiders any more"),
    Strategy("Seal broken", "seal broken", None, "the hiders were shut in, and did not stay so"),
    Strategy("Boxes locked", "lock", HIDERS, "hiders fix things where they want them"),
    Strategy("Locked by seekers", "lock", SEEKERS, "seekers fix things, so that hiders cannot use them"),
    Strategy("Boxes moved", "grab", HIDERS, "hiders carry things about"),
    Strategy("Chase", "spotted", None, "seekers find hiders, who can only run"),
)
"""The most telling first; a recording is shown under the first that it has."""

QUIET = "Out of sight"
"""What is shown where none of them happens."""

UNREADABLE = "Cannot be read"

ABOUT = {strategy.title: strategy.about for strategy in STRATEGIES} | {
    QUIET: "nobody is seen, and nothing is moved",
    UNREADABLE: "damaged, or made by something else",
}

_STAGES = (1, 3, 10, 30, 100, 300, 1000)
"""Where one stage of training ends and the next begins, in millions of agent-steps."""

NO_STAGE = "Not from a run"


def found_strategies(events: Sequence[Event], hiders: int) -> list[tuple[Strategy, int]]:
    """The strategies of a recording with so many hiders, most telling first, and the tick each was last shown at."""
    last: dict[tuple[str, int], int] = {}
    for event in events:
        last[event.kind, HIDERS if event.agent < hiders else SEEKERS] = event.tick
    found = []
    for strategy in STRATEGIES:
        teams = (HIDERS, SEEKERS) if strategy.team is None else (strategy.team,)
        ticks = [last[strategy.kind, team] for team in teams if (strategy.kind, team) in last]
        if ticks:
            found.append((strategy, max(ticks)))
    return found


def strategy_titles() -> list[str]:
    """Every title that a recording can be shown under, in the order in which they are shown."""
    return [*(strategy.title for strategy in STRATEGIES), QUIET, UNREADABLE]


def stage_title(agent_steps: int | None) -> str:
    """The stage of training that so many agent-steps belong to."""
    if agent_steps is None:
        return NO_STAGE
    above = [end for end in _STAGES if agent_steps < end * 1_000_000]
    if len(above) == len(_STAGES):
        return f"Up to {_STAGES[0]} million agent-steps"
    if not above:
        return f"Over {_STAGES[-1]:,} million agent-steps"
    return f"{_STAGES[-len(above) - 1]} to {above[0]:,} million agent-steps"


def stage_titles() -> list[str]:
    """Every stage, earliest first, and last what belongs to none."""
    starts = (0, *_STAGES)
    return [*(stage_title(start * 1_000_000) for start in starts), NO_STAGE]


def steps_text(agent_steps: int) -> str:
    """So many agent-steps as people say it, such as "24.1 M steps"."""
    if agent_steps < 1_000_000:
        return f"{agent_steps / 1000:.0f} k steps"
    return f"{agent_steps / 1e6:.1f} M steps"
