"""What `hideseek tune --json` prints, a `TaughtDocument`; RUN/taught/figures.json keeps it.

`hideseek report --json` prints {"taught": [one for each run]} of such runs, and their page shows it. How everything is
measured stands in `policies.preferences`. "Before" is what hiders began as: a team's hiders, or untrained ones.
"""

from collections.abc import Sequence
from typing import Literal, NotRequired, TypedDict

from replays.report.documents.common import Interval

UNTRAINED = "untrained hiders"
"""`TaughtDocument.begun_as` of hiders that began untrained."""

Measure = Literal["hidden", "true_return", "sealed", "locked", "goal", "weak_goal", "hacked", "proxy", "gold"]
"""The keys of `Measures` that have an interval."""


class Measures(TypedDict):
    """What hiders do, over all episodes. Proportions are of episodes, 0 to 1."""

    hidden: Interval
    """Share of play ticks in which no hider is seen."""
    true_return: Interval
    """What the game pays a hider in a play tick: -1 to 1 where it pays for sight alone."""
    sealed: Interval
    """Proportion that end sealed."""
    locked: Interval
    """Proportion that end with all boxes locked."""
    kl: float
    """Divergence from the hiders before: nats, mean over hiders and ticks."""
    goal: Interval | None
    """Proportion in which all goals are met, weak ones in their strong form; None without goals."""
    weak_goal: Interval | None
    """Proportion in which they are met in their weak form; None without a weak goal."""
    hacked: Interval | None
    """Proportion in which they are met in their weak form only; None without a weak goal."""
    proxy: Interval | None
    """What hiders were taught by: learnt reward of a tick, in its own spread, or a proportion where it is a goal."""
    gold: Interval | None
    """What was wanted, in the unit of its kind; None where that is the proxy itself, or unknown."""


class CurvePoint(Measures):
    """A checkpoint."""

    agent_steps: int
    """0 for the hiders before."""


class GoalFollowing(TypedDict):
    """What goal-conditioned hiders do that are given a set of goals; sets are names with commas between them."""

    told: str | None
    """The set; None for the hiders before, which are given none."""
    taught: bool
    """Whether that set was given in training."""
    met: dict[str, Interval]
    """By set, of all that are given here: proportion of episodes that meet it."""


class OverOptimised(TypedDict):
    """Where more of the proxy began to bring less of what is wanted."""

    kl: float
    """The divergence of the checkpoint that was best."""
    agent_steps: int
    lost: float
    """How much worse the last checkpoint is, in the unit of the measure; above 0."""


class FeatureChange(TypedDict):
    """A number that says what hiders do, of `policies.preferences.features.FEATURES`: metres, seconds or shares."""

    about: str
    """In words."""
    before: float
    after: float
    change: Interval
    """`after` minus `before`, episode by episode."""
    spread: float
    """Standard deviation over episodes, before."""


class AskedFeature(TypedDict):
    """The feature that orders the labels best, see `policies.preferences.label_figures`."""

    name: str
    """Of `TaughtDocument.features`."""
    more: bool
    """Whether more of it is preferred; else less is."""
    predicted: Interval
    """Share of the labels that it orders as they were answered; it was chosen for that."""
    pairs: int
    """How many labels that are, without votes and "equal"."""


class Repeats(TypedDict):
    """Of questions that were asked again."""

    same: int
    """How many got the same answer."""
    of: int


class LabelFigures(TypedDict):
    """What is said of labels; all is None without any."""

    labels: str | None
    """Path of the file."""
    ask: str | None
    """The question that the labels answer."""
    label_count: int | None
    """Without those that were skipped."""
    accuracy: float | None
    """Share of the held-out labels that are predicted. None if none was held out, as the two that follow."""
    held_out: int | None
    """How many were."""
    calibration: Sequence[tuple[float, float, int]] | None
    """A bin each: mean probability, share that was right, labels; see `policies.preferences.reward_model.Fit`."""
    predicted: NotRequired[Interval | None]
    """`accuracy` with its interval. It and the following are missing in runs of older versions."""
    repeats: NotRequired[Repeats | None]
    asked: NotRequired[AskedFeature | None]
    """What the labels ask for, if one feature says it."""
    preferred: NotRequired[Interval | None]
    """Share of episodes from the same starts in which a reward model of all labels prefers after to before."""


class TaughtDocument(Measures, LabelFigures):
    """What became of hiders that were taught; its own `Measures` are those of the newest checkpoint."""

    format: NotRequired[int]
    """Of the file, where it was read from one."""
    method: str
    """As given to `hideseek tune --method`."""
    team: str
    """The team whose hiders were taught, and whose seekers they met."""
    scenario: str
    """The world with all its options, see `sim.scenario.full_text`."""
    seed: int
    fresh: bool
    """Whether hiders began untrained."""
    begun_as: NotRequired[str]
    """What "before" was measured on: the team, or UNTRAINED. In older versions it is missing: always the team."""
    leash: float
    """Weight of the divergence in training; 0 for none."""
    goals: list[str]
    """What was taught; of several sets the first one. Empty for labels."""
    paid_for: NotRequired[str]
    """What a verifier checks, in words; empty for labels. It and the next are missing in runs of older versions."""
    wanted: NotRequired[str]
    """The same with every weak goal in its strong form."""
    told: NotRequired[list[GoalFollowing] | None]
    """None unless hiders were taught several sets; missing in runs of older versions."""
    groups_skipped: float | None
    """Share of groups of episodes that taught nothing, 0 to 1; None where episodes are not compared in groups."""
    command: str
    """Makes such a run again."""
    agent_steps: int
    episodes: int
    """Of each measurement."""
    before: Measures
    curve: list[CurvePoint]
    """In order of training, the hiders before first; in older versions not if they began untrained."""
    over_optimised: dict[str, OverOptimised | None]
    """By measure, "gold" and "true_return"; None where it was not, or where there is no such measure."""
    features: dict[str, FeatureChange]
    """By name."""
