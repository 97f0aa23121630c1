"""The words of the gallery: names of strategies and of stages of training."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from replays.events import SHUT_KINDS, Event
from replays.film.lasting import ENDS, stretches, together
from replays.film.units import first_stage_text, short_steps
from replays.format.header import GOAL_MARK, WITH_PERSON
from replays.strategies.catalogue import strategies
from sim.rules import HIDERS, RULES, SEEKERS


class Group(NamedTuple):
    """What recordings are shown under: a strategy, or something simpler that happens in them."""

    title: str
    kind: str
    """The kind of event that shows it; recordings that know no such event do not belong."""
    team: int | None
    """Whose events count; None for anybody's, and for those that no agent does."""
    about: str
    rank: int
    """As in `Strategy`."""


class Found(NamedTuple):
    """A group that a recording belongs to."""

    title: str
    tick: int
    """When it is best seen."""
    began: int
    """When it first comes; of what lasts, the longest time."""
    lasted: int
    """Ticks, all in all; 0 for what takes but a moment."""


_SIMPLER = (
    Group("Seal broken", "seal broken", None, "the hiders were shut in for a while", 100),
    Group("Locked by seekers", "lock", SEEKERS, "so that hiders cannot use them", 135),
    Group("Hiders found", "spotted", None, "seekers see them now and then", 160),
)
"""What happens in recordings without being a strategy."""

GROUPS = tuple(
    sorted(
        [
            *_SIMPLER,
            *(
                Group(one.title, one.kind, HIDERS if one.kind == "lock" else None, one.about, one.rank)
                for one in strategies()
            ),
        ],
        key=lambda group: group.rank,
    )
)
"""The most interesting first; a recording is shown under the first that it has."""

_FIRST_TITLE = "Door blocked"

QUIET, NOTHING = "Out of sight", "Nothing locked or moved"
"""The titles where none of them happens: in hide-and-seek, and in games without seekers."""


RATES = {strategy.title: strategy.name for strategy in strategies()}
"""The name of each strategy in metrics.jsonl, by title."""
OLDER_RATES = {"door_blocked": "soft_end", "sealed": "soft_end", "fort": "fort_end"}
"""What runs noted instead before they noted strategies."""

UNNAMED = "Nobody has named this yet"
"""The title of groups of episodes that have no name."""
NAMED = "came up in training; N renames it"
"""What a name means that a person gave."""

UNREADABLE = "Cannot be read"
TRAINED_ON = "Trained on from other teams"

ABOUT = {group.title: group.about for group in GROUPS} | {
    UNNAMED: "groups that came up in training; N names one",
    QUIET: "no hider was seen, nothing was moved",
    NOTHING: "a game without seekers",
    UNREADABLE: "damaged, or made by something else",
    TRAINED_ON: "those had been trained before",
}

_STAGES = (1, 3, 10, 30, 100, 300, 1000)
"""Where one stage of training ends and the next begins, in millions of agent-steps."""

NO_STAGE = "Learned, training time unknown"

_SETTLE_TICKS = 8
"""So long after it began, what lasts is best seen."""

_LEAST_TICKS = round(1.0 / RULES.tick_s)
"""What lasts less than a second, a fort of one tick say, came about on the way to something else: it names nothing."""

_TRAINED = re.compile(r"(?:hiders|seekers)-([0-9]{12})")
"""What the trainer calls its teams."""


def found_strategies(events: Sequence[Event], hiders: int, ticks: int) -> list[Found]:
    """The strategies in events of a recording, which are in order of tick; the most interesting first."""
    found, lasting = [], _lasting(events, ticks)
    broken = {last for kind in SHUT_KINDS for _, last in lasting[kind]}
    for group in GROUPS:
        if group.kind in ENDS:
            if lasted := lasting[group.kind]:
                first, last = max(lasted, key=lambda stretch: stretch[1] - stretch[0])
                whole = sum(end - begin for begin, end in lasted)
                found.append(Found(group.title, first + min(_SETTLE_TICKS, (last - first) // 2), first, whole))
            continue
        shown = [event.tick for event in events if event.kind == group.kind and _counts(group, event, hiders)]
        if group.kind == "seal broken":  # of a seal that had lasted
            shown = [tick for tick in shown if tick in broken]
        if shown:
            found.append(Found(group.title, shown[-1], shown[0], 0))
    return found


def _lasting(events: Sequence[Event], ticks: int) -> dict[str, list[tuple[int, int]]]:
    """From when to when what each kind of event begins lasted, whichever door; as often as it did so long enough."""
    begun = stretches(events, {})
    whole = {kind: together((one for one in begun if one.event.kind == kind), ticks) for kind in ENDS}
    return {kind: [one for one in lasted if one[1] - one[0] >= _LEAST_TICKS] for kind, lasted in whole.items()}


def _counts(group: Group, event: Event, hiders: int) -> bool:
    return group.team is None or group.team == (HIDERS if event.agent < hiders else SEEKERS)


def strategy_titles(found: Iterable[str]) -> list[str]:
    """The titles that were found in recordings, in the order of their headings.

    The best known strategy comes first, then come the names that people gave, then what has no name yet.
    """
    known = [_FIRST_TITLE, UNNAMED, *(group.title for group in GROUPS), QUIET, NOTHING, UNREADABLE]
    there = set(found)
    names = sorted(there - set(known))
    return [title for title in dict.fromkeys([_FIRST_TITLE, *names, *known]) if title in there]


def stage_title(agent_steps: int) -> str:
    """The stage of training that a team of `agent_steps` belongs to."""
    above = [end for end in _STAGES if agent_steps < end * 1_000_000]
    if len(above) == len(_STAGES):
        return f"Up to {_STAGES[0]} M steps"
    if not above:
        return f"Over {_STAGES[-1]:,} M steps"
    return f"{_STAGES[-len(above) - 1]} to {above[0]:,} M steps"


def stage_titles() -> list[str]:
    """Every stage, earliest first."""
    return [stage_title(start * 1_000_000) for start in (0, *_STAGES)]


def rate_text(rate: float) -> str:
    """How often a strategy happens, such as "in 2% of its episodes"."""
    percent = "under 1%" if 0 < rate < 0.01 else f"{rate:.0%}"
    return f"in {percent} of its episodes"


def steps_text(agent_steps: int, begun: str = "") -> str:
    """A number of agent-steps as people say it, such as "24.1 M steps"; 0 as `first_stage_text` says it."""
    return f"{short_steps(agent_steps)} steps" if agent_steps else first_stage_text(begun)


def team_text(name: str, side: str) -> str:
    """A team's name, or its agent-steps if the trainer named it by them; its goals follow, if it has any."""
    whole = name.removesuffix(WITH_PERSON)
    team, _, goals = whole.partition(GOAL_MARK)
    steps = trained_steps(team)
    text = team if steps is None else f"{side} of {steps_text(steps)}" if steps else f"{side} as their run began"
    return text + (f", goal {goals.replace(',', ' and ')}" if goals else "") + name[len(whole) :]


def trained_steps(team: str) -> int | None:
    """How long a team had been trained, in agent-steps, if its name tells."""
    found = _TRAINED.fullmatch(team.partition(GOAL_MARK)[0])
    return int(found[1]) if found else None
