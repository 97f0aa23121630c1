"""What `hideseek report --json` prints: {"runs": [a `RunDocument` for each run]}, and what the page of a report shows.

Steps are agent-steps: one agent in one tick. Rates and shares go from 0 to 1. `hidden` is the share of play ticks in
which no hider is seen; the rate of a strategy is the share of episodes that show it. Strategies are named as in
`replays.strategies.catalogue`.
"""

from typing import Literal, TypedDict

from replays.report.documents.common import Interval, Side

Level = Literal["t10", "t50"]
"""The keys of `Onset` that say when a rate first reached 10 and 50 %."""


class Onset(TypedDict):
    """When a strategy set in; `policies.evaluation.onset` says what that means."""

    agent_steps: int
    minutes: float
    """Of training, until then."""
    low: int
    """Lower end of the 95 % interval of `agent_steps`."""
    high: int
    found: float
    """Share of the bootstrap's draws that found an onset."""
    t10: int | None
    """Agent-steps at which 10 % of the episodes showed it in several evaluations in a row; None if they never did."""
    t50: int | None
    """Likewise for 50 %."""


class RateSeries(TypedDict):
    """A rate over a run, evaluation by evaluation."""

    agent_steps: list[int]
    """At the end of each evaluation."""
    rate: list[float]
    """In each, rounded to four digits."""
    episodes: int
    """How many an evaluation counts."""


class LostStrategy(TypedDict):
    """A strategy that was common once and is no more."""

    strategy: str
    agent_steps: int
    """When it was most common."""
    rate: float
    """Its rate then."""
    now: float
    """Its rate in the last evaluations."""


class Sufficiency(TypedDict):
    """How well random hiders hide behind what the trained ones built in preparation."""

    hidden: Interval
    """Of random hiders behind what was built."""
    random: Interval
    """Of random hiders from the start of the same episodes."""
    gain: Interval
    """The difference, episode by episode."""
    episodes: int
    """How many show the strategy in preparation; only these count."""


class PanelStage(TypedDict):
    """A checkpoint against the scripted teams of `policies.evaluation.ratings.PANEL`."""

    agent_steps: int
    hiders: Interval
    """How long its hiders stay hidden from scripted seekers."""
    seekers: Interval
    """How long scripted hiders stay hidden from its seekers."""


class StageNumbers(TypedDict):
    """What a checkpoint does against itself; the first stage, of 0 agent-steps, is random teams."""

    agent_steps: int
    hidden: float
    rates: dict[str, float]
    """By strategy."""
    statistics: dict[str, float]
    """Means over episodes of the numbers in `policies.evaluation.report.COUNTED`, by name, see `replays.behaviour`."""


class Jump(TypedDict):
    """A stage at which the result against the panel jumped while no strategy did."""

    agent_steps: int
    jump: float
    """Change of `hidden`, -1 to 1."""


class Alarm(Jump):
    """A jump, and whose it is."""

    side: Side


class GoalsStage(TypedDict):
    """What a checkpoint wants, from RUN/probes.json; the means of a `ProbedStage`."""

    agent_steps: int
    shown: dict[str, dict[str, float]]
    """By world ("training", or a shift) and proxy: 1 is as much as the last checkpoint shows in training."""
    aims: dict[str, float]
    """By goal, in nats an episode."""


class Group(TypedDict):
    """A kind of episode that came up in training, see `policies.evaluation.novelty`."""

    share_before: float
    """Largest share of a stage's episodes before it came up."""
    share_after: float
    """Largest share afterwards."""
    agent_steps: int
    """The stage at which it has come up."""
    novelty: float
    """How many times as far from earlier episodes as those are from each other."""
    explained_by: list[str]
    """Strategies that nearly all of its episodes show, and few others."""
    differs_in: list[tuple[str, float]]
    """The numbers of `replays.behaviour` in which it differs most from all other episodes, in standard deviations."""
    typical: list[tuple[int, int]]
    """Stage and episode of the most typical ones, the best first."""


class UnknownGroup(Group):
    """A group that no strategy explains, as it is kept in the run."""

    files: list[str]
    """Recordings of its typical episodes, relative to the run."""
    named: str | None
    """What a person called it; None if nobody has."""


class WorldOfRun(TypedDict):
    """A world that a run was trained in for a while."""

    begins: int
    """Agent-steps beyond which it was."""
    scenario: str


class RunTraining(TypedDict):
    """How a run was trained."""

    run: str
    """The name of its folder."""
    seed: int
    """Of the training."""
    scenario: str
    """The world in which it was examined, where it was trained last; see `sim.scenario.full_text`."""
    worlds: list[WorldOfRun]
    """All in which it was trained, in their order; see `policies.learning.curriculum`."""
    without: list[str]
    """Tools that it was trained without."""
    command: str
    """Makes such a run again."""
    learned: list[Side]
    """The sides that were not frozen."""
    agent_steps: int
    """Of the newest checkpoint."""


class RunFindings(TypedDict):
    """What its teams came to do, as its metrics and the episodes played for the report say."""

    onsets: dict[str, Onset | None]
    """Of every strategy; None if it never set in, or if there are too few updates to say."""
    random: dict[str, Interval]
    """Of random teams against each other in `scenario`: "hidden", and the rate of every strategy."""
    final: dict[str, Interval]
    """Likewise, of the newest checkpoint against itself."""
    lost: list[LostStrategy]
    necessity: dict[str, Interval]
    """By tool, of those that frequent strategies need: by how much `hidden` is larger with it than without."""
    sufficiency: dict[str, Sufficiency]
    """By strategy, of those that are frequent in preparation."""
    panel: list[PanelStage]
    """Empty where nobody seeks."""
    series: dict[str, RateSeries]
    """By strategy; those with too few updates to date them are missing."""
    hidden: RateSeries | None
    """None if there are too few updates for a curve."""
    stages: list[StageNumbers]
    alarms: list[Alarm]


class RunDocument(RunTraining, RunFindings):
    """What a run came to do."""

    minutes: float
    """Of its training, without compiling and measuring."""
    goals: list[GoalsStage]
    """Empty unless the run was probed with `hideseek probe --every`."""
    unknown: list[UnknownGroup]
    """The most interesting ones, at most `policies.evaluation.groups.MOST`."""
