"""What `hideseek evaluate --json` prints: an `Evaluation`, a `Comparison` with `--without`, or a `TrapsDocument`.

Rates go from 0 to 1; all but `hidden` are proportions of episodes.
"""

from typing import Literal, NotRequired, TypedDict, final

from replays.report.documents.common import Interval

Seal = Literal["soft_prep", "robust_prep", "soft_end", "robust_end", "joint_end", "fort_prep", "fort_end"]
"""Hiders sealed in, at the end of preparation or of the episode; see `replays.strategies.evidence.seals`."""
Rate = Literal["hidden", "win", Seal, "done", "locked"]
"""The keys of an `Evaluation` that are rates."""


class Evaluation(TypedDict):
    """Two teams against each other."""

    hiders: str
    """As they were named."""
    seekers: str
    scenario: str
    """The shortest text that names the world."""
    episodes: int
    seed: int
    """Of the starts."""
    without: list[str]
    """Tools that were taken away from both teams."""
    greedy: bool
    """Whether teams took the likeliest actions instead of sampling them."""
    hidden: Interval
    """Share of play ticks in which no hider is seen."""
    win: Interval
    """Hidden in more than half of these."""
    soft_prep: Interval
    robust_prep: Interval
    soft_end: Interval
    robust_end: Interval
    joint_end: Interval
    """Robustly, by two things or more."""
    fort_prep: Interval
    fort_end: Interval
    paid: Interval
    """What a hider is paid in an episode, the mean over hiders; its interval is unknown, and has no width, where all
    episodes agree."""
    done: Interval
    """A task was done at the end; 0 where the world has none that can be."""
    locked: Interval
    """Hiders locked something."""
    first_lock_tick: list[float] | None
    """Quartiles of the tick at which they first did, in the episodes in which they did; None if they never did."""
    strategies: dict[str, Interval]
    """By name: shown."""
    remark: NotRequired[str | None]
    """That the teams were trained in another world; printed only."""


_With = TypedDict("_With", {"with": Evaluation})  # a keyword is no name of a class's field


class Comparison(Evaluation, _With):
    """The same episodes without some tools, and under "with" with all of them."""

    difference: dict[Rate, Interval]
    """Without minus with, episode by episode; of all rates but "done" and "locked"."""


@final
class PlayedTrap(TypedDict):
    """Two teams in a trap."""

    world: str
    question: str
    """What the trap asks."""
    hidden: Interval
    """As in an `Evaluation`, and so are `strategies`."""
    strategies: dict[str, Interval]


@final
class UnfitTrap(TypedDict):
    """A trap that the teams cannot play in."""

    world: str
    question: str
    unfit: str
    """Why."""


Trap = PlayedTrap | UnfitTrap


class TrapsDocument(TypedDict):
    """Two teams in all shipped traps."""

    hiders: str
    seekers: str
    episodes: int
    """Of each trap."""
    seed: int
    without: list[str]
    shift: list[str]
    """How each trap was changed."""
    greedy: bool
    traps: list[Trap]
