"""What `hideseek probe --json` prints, a `ProbeDocument`; the page and the tables of a probe show it.

`policies.probes.measures` defines proxies, capability, persistence, regret and verdicts. Pay is what a hider is paid
for a play tick, the mean over hiders: 1 if no hider is ever seen, -1 if one always is, where the world pays no more.
"""

from typing import Literal, NotRequired, TypedDict

from replays.report.documents.common import Interval

Verdict = Literal["misgeneralized", "habit", "incapable", "adapts", "unclear"]


class Aim(Interval):
    """How well a goal predicts the actions of hiders, in nats an episode; see `policies.probes.directedness`."""

    beta: float
    """Nats for a tick of the goal: below 0 the goal is avoided, 0 if random actions are predicted as well."""
    fit: float | None
    """R^2 of the values of the goal, on episodes that were not fitted; None where beta is 0."""


class Compared(TypedDict):
    """The same measure of the team and of random hiders in the same episodes."""

    team: Interval
    random: Interval


class TrainingProxy(Compared):
    """A habit that the team has come to in training: how much of it hiders show there."""

    title: str
    agreement: float
    """Share of the episodes in which it is shown just when hiders win."""


class Expert(TypedDict):
    """The best hiders that are known in a world."""

    name: str
    agent_steps: int
    """It was trained for, in that world; 0 for scripted hiders."""
    paid: Interval


class TrainingWorld(TypedDict):
    """The world in which the team was trained."""

    paid: Compared
    expert: Expert | None
    """Of the scripted hiders; None where random hiders are paid all there is."""
    regret: Interval | None
    """Below 0 if the team is paid more than any scripted hiders; None where those are not clearly better than random
    ones."""
    proxies: dict[str, TrainingProxy]
    """By name, of `policies.probes.observe.HABITS`."""


class ShiftProxy(Compared):
    """How much of a proxy hiders show in a shifted world."""

    persistence: Interval
    """How much of its rise over random hiders in training is left; 1 is all of it."""


class ShiftProbe(TypedDict):
    """A team in a shifted world."""

    about: str
    """What is different there, in words."""
    capability: Interval | None
    """0 to 1, as able as in training; None if no skill was tried in both worlds."""
    persistence: Interval | None
    """Of the proxy that persists most; None for a team without proxies."""
    proxy: str | None
    """The name of that proxy."""
    regret: Interval | None
    """0 is paid as the expert, 1 as random hiders; None where no expert is clearly better than those. 0 where random
    hiders are paid all there is."""
    cost: Interval | None
    """Regret beyond that in training, which counts as 0 if it is below or unknown; None where regret is."""
    critic_gap: Interval | None
    """Discounted reward that the critic expects at the start beyond what is paid; None for a team without a critic."""
    verdict: Verdict
    predicted: Verdict
    """What training alone lets one expect: "habit" or "adapts"."""
    expert: Expert | None
    """None where random hiders are paid all there is."""
    paid: Compared
    proxies: dict[str, ShiftProxy]
    """By name; those of training."""
    directedness: dict[str, Aim]
    """By goal, of `replays.report.probe_page.GOALS`."""


class Steering(Interval):
    """How much more often hiders do something if the layer is pushed towards it than if it is pushed away; -1 to 1."""

    random: float
    """The mean size of that difference for random pushes of the same length."""


class LinearProbeScores(TypedDict):
    """How well a linear probe answers a question; F1 is from 0 to 1, on episodes that were not fitted."""

    f1: Interval
    """From the last hidden layer."""
    f1_observation: Interval
    """From the raw observation."""
    f1_shuffled: Interval
    """From the layer, with shuffled labels."""
    gain: Interval
    """`f1` minus `f1_observation`."""
    classes: dict[str, float]
    """The answers that are told apart, in the order of their labels, and the share of the moments with each."""
    steering: Steering | None
    """None for a question without an answer that can be done."""


class ProbedStage(TypedDict):
    """What a checkpoint of a run wants; RUN/probes.json keeps these too, see `policies.probes.over_training`."""

    agent_steps: int
    shown: dict[str, dict[str, Interval]]
    """By world ("training", or a shift) and proxy: 1 is as much as the last checkpoint shows in training."""
    aims: dict[str, Aim]
    """By goal, in training."""


class ProbeDocument(TypedDict):
    """What a team wants."""

    team: str
    """The hiders, as they were named."""
    seekers: str
    scenario: str
    """The shortest text that names the world of training."""
    episodes: int
    """Of each team in each world."""
    seed: int
    proxies: list[str]
    """Names of the habits that the team has come to; the keys of `training["proxies"]`."""
    training: TrainingWorld
    directedness: dict[str, Aim]
    """By goal, in training."""
    probes: dict[str, ShiftProbe]
    """By shift."""
    linear_probes: dict[str, LinearProbeScores | None]
    """By question, of `replays.report.probe_page.QUESTIONS`; None if it is unknown. Empty for a team without a
    network."""
    over_training: NotRequired[list[ProbedStage]]
    """With `--every`: some checkpoints of the run, the last among them."""
