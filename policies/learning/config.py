"""How a team is trained: every number the learner uses, and the named sets of them.

A run writes its `TrainConfig` into `config.json` and holds every later call to it. What only stops or
watches a run (minutes, steps, device, threads, how many checkpoints to keep) is not part of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from policies.agents.goal_sets import goal_names
from policies.agents.network_kinds import MOST_LAYERS, MOST_WIDTH, NETWORKS
from policies.choices import choices
from sim.errors import UserError
from sim.tools import TOOLS


@dataclass(frozen=True)
class Tuning:
    """What `hideseek tune` teaches hiders instead of the game, see `policies.preferences`."""

    method: str
    """How: reward-model, preference or verifier."""
    team: str
    """Whose hiders are taught, and whose seekers they meet."""
    team_hash: str
    """Hash of those hiders' weights: if a run goes on, its team changes."""
    fresh: bool = False
    """Begin with untrained hiders instead."""
    goals: tuple[str, ...] = ()
    """Goals of a verifier, see `policies.preferences.goals`."""
    told: tuple[str, ...] = ()
    """Sets of goals instead, one for every episode, see `policies.agents.goal_conditioning`; runs store this name."""
    labels: str = ""
    """Sha256 of the label file."""
    leash: float = 0.0
    """Weight of the divergence from the hiders that were begun with."""
    group: int = 0
    """Episodes that share a start and are compared with each other; 0 for a critic."""


@dataclass(frozen=True)
class TrainConfig:
    """PPO and self-play in numbers; see each field. An *agent-step* is one agent in one tick."""

    seed: int = 0
    """Start states, first weights, sampled actions, minibatches and opponents all follow from it."""
    worlds: int = 256
    """Worlds that play one whole episode side by side in every update."""
    epochs: int = 3
    """Passes over an update's samples."""
    minibatch: int = 2048
    """Agent samples in one gradient step (a critic's step sees the same ticks)."""
    learning_rate: float = 1e-3
    """Adam's step size, for actors and critics."""
    schedule_steps: int = 200_000_000
    """Agent-steps in a world over which the learning rate falls linearly to a tenth, and the entropy bonus to
    `entropy_final_fraction` of what it was; 0 keeps both constant."""
    gamma: float = 0.995
    """Discount of one tick."""
    lam: float = 0.98
    """Lambda of generalised advantage estimation."""
    clip: float = 0.2
    """PPO's bound on how far an action's probability ratio pays."""
    entropy: float = 0.01
    """Weight of the entropy bonus, summed over the three parts of an action."""
    entropy_final_fraction: float = 1.0
    """Share of that weight that is left when the schedule ends."""
    reward_scale: float = 0.05
    """The game's reward of one tick is multiplied by this before it is discounted and summed."""
    gradient_norm: float = 0.5
    """Gradients of the actor and of the critic are each clipped to this norm."""
    network: str = "mlp"
    """Kind of the actors: mlp, recurrent, pooled or attention, see `policies.agents.networks`."""
    hidden: tuple[int, ...] = (128, 128)
    """Widths of the hidden layers of every network."""
    past_share: float = 0.2
    """Share of worlds in which one side is a past snapshot: half of them hiders, half of them seekers. In `quadrant`
    0.2 learns sooner than 0.35 and forgets no more (policies/LOG.md)."""
    snapshot_steps: int = 1_000_000
    """Agent-steps between two snapshots for the pool of past opponents."""
    pool: int = 20
    """Most snapshots kept of each side."""
    visited_share: float = 0.25
    """Share of worlds that change, once in an episode, to a state visited before; see `learning.visited_states`."""
    visited_power: float = 1.0
    """Such states are drawn by the critics' error about them to this power; 0 draws them uniformly."""
    restart_below: float = 0.0
    """A side that wins less than this share of the play starts over with new networks, see
    `policies.learning.restarts`; 0 is never."""
    restart_steps: int = 30_000_000
    """Agent-steps before a side's first restart, and between two."""
    mirrored_share: float = 0.5
    """Share of every minibatch that is mirrored, where the scenario has a mirror; see `policies.learning.symmetry`."""
    checkpoint_steps: int = 2_000_000
    """Agent-steps between two checkpoints; each comes with a recording."""
    lag: int = 0
    """Updates by which the networks that play are behind those that learn. With 1 the next episodes are played while
    the last ones are learnt from, which is meant for many cores: two it makes no faster. Not across a checkpoint, so
    that a run goes on from there as if it had never stopped; one stopped between two goes on with other episodes."""
    regret_share: float = 0.0
    """Share of the starts that are shifted, by a shift that is drawn by regret, see `policies.learning.regret`."""
    start: str = ""
    """A trained team whose networks a new run begins with; empty: new ones."""
    hiders: str = ""
    """A trained team that plays the hiders and learns nothing (see `policies.agents.players`); empty: they learn."""
    seekers: str = ""
    """Likewise for the seekers: what the hiders learn then is a best response to them."""
    without: tuple[str, ...] = ()
    """Tools that neither side has in training, see `sim.tools.TOOLS`: is a skill still learnt without them?"""
    then: tuple[tuple[int, str], ...] = ()
    """Worlds whose starts follow on those of the first: beyond how many agent-steps, and the text of the scenario; see
    `policies.learning.curriculum`."""
    tuning: Tuning | None = None
    """What hiders are taught by `hideseek tune`; None: both sides learn the game."""

    def __post_init__(self) -> None:
        for name, (lowest, highest) in _BOUNDS.items():
            value, default = getattr(self, name), getattr(TrainConfig, name)
            if not _fits(value, default, lowest, highest):
                whole = "" if isinstance(default, float) else "whole and "
                raise UserError(f"{name} is {value!r}; it must be {whole}from {lowest} to {highest}")
        if not 1 <= len(self.hidden) <= MOST_LAYERS:
            raise UserError(f"hidden is {self.hidden!r}; give 1 to {MOST_LAYERS} layers")
        if self.network not in NETWORKS:
            raise UserError(f"network is {self.network!r}; choose from {', '.join(NETWORKS)}")
        if not (isinstance(self.hiders, str) and isinstance(self.seekers, str)) or (self.hiders and self.seekers):
            raise UserError(f"hiders is {self.hiders!r} and seekers is {self.seekers!r}; name one team at most")
        if self.regret_share and self.hiders:
            raise UserError(f"--shift regret={self.regret_share} needs hiders that learn; {self.hiders} learns nothing")
        if not isinstance(self.start, str):
            raise UserError(f"start is {self.start!r}; name a team")
        if not (isinstance(self.without, tuple) and all(tool in TOOLS for tool in self.without)):
            raise UserError(f"without is {self.without!r}; choose from {', '.join(TOOLS)}")
        if not (isinstance(self.then, tuple) and all(map(_is_later_world, self.then))):
            raise UserError(f"then is {self.then!r}; give pairs of agent-steps and a scenario's text")
        if self.then and self.regret_share:
            raise UserError(f"--then and --shift regret={self.regret_share} exclude each other; leave one out")

    @property
    def goal_counts(self) -> tuple[int, int]:
        """How many goals the agents of each side are given."""
        return len(goal_names(self.tuning.told if self.tuning else ())), 0


def _is_later_world(pair: object) -> bool:
    return isinstance(pair, tuple) and len(pair) == 2 and type(pair[0]) is int and isinstance(pair[1], str)


def _fits(value: object, default: object, lowest: float, highest: float) -> bool:
    """Whether a value (or each part of a tuple) is of the type of its default and within bounds."""
    if isinstance(default, tuple):
        return isinstance(value, tuple) and all(_fits(part, default[0], lowest, highest) for part in value)
    # Not isinstance: a truth value is an int to Python.
    return (type(value) is int or (type(value) is float and isinstance(default, float))) and lowest <= value <= highest


RENAMED = {"entropy_left": "entropy_final_fraction"}
"""New names of fields by the names that older runs and commands give them."""


def changed(config: TrainConfig, settings: Sequence[str]) -> TrainConfig:
    """A config with fields set by texts `name=value`; commas separate the parts of a tuple.

    Raises:
        UserError: there is no such field, or a value that it cannot have.
    """
    changes = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        name = RENAMED.get(name, name)
        if name not in SETTABLE:
            raise UserError(f"--set {setting}: '{name}' is unknown; {choices(name, SETTABLE)}")
        if not equals:
            raise UserError(f"--set {setting}: give a value, such as {name}={setting_text(getattr(config, name))}")
        changes[name] = _parsed(setting, getattr(config, name), text)
    return replace(config, **changes)


def setting_text(value: object) -> str:
    """A field's value as it stands behind `--set NAME=`."""
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


_KINDS = {int: "a whole number", float: "a number", tuple: "whole numbers with commas between"}


def _parsed(setting: str, old: object, text: str) -> object:
    """A text as a value of the old one's kind."""
    try:
        if isinstance(old, tuple):
            return tuple(int(part) for part in text.split(","))
        return text if isinstance(old, str) else float(text) if isinstance(old, float) else int(text)
    except ValueError:
        raise UserError(f"--set {setting}: '{text}' is not {_KINDS[type(old)]}, such as {setting_text(old)}") from None


OWN_OPTIONS = ("seed", "regret_share", "start", "hiders", "seekers", "without", "then", "tuning")
"""Fields that options of the command line set; presets leave them as they are."""
SETTABLE = tuple(field.name for field in fields(TrainConfig) if field.name not in OWN_OPTIONS)
"""The other fields, which `--set` sets."""

_BOUNDS: dict[str, tuple[float, float]] = {
    "seed": (0, 2**63 - 1),
    "worlds": (1, 2**16),
    "epochs": (1, 100),
    "minibatch": (1, 2**24),
    "learning_rate": (0, 1),
    "schedule_steps": (0, 2**53),
    "gamma": (0, 1),
    "lam": (0, 1),
    "clip": (0, 1),
    "entropy": (0, 1),
    "entropy_final_fraction": (0, 1),
    "reward_scale": (1e-6, 1e6),
    "gradient_norm": (1e-6, 1e6),
    "hidden": (1, MOST_WIDTH),
    "past_share": (0, 0.9),
    "snapshot_steps": (1, 2**53),
    "pool": (1, 1000),
    "visited_share": (0, 1),
    "visited_power": (0, 10),
    "restart_below": (0, 0.5),
    "restart_steps": (1, 2**53),
    "mirrored_share": (0, 1),
    "checkpoint_steps": (1, 2**53),
    "lag": (0, 1),
    "regret_share": (0, 1),
}
"""The lowest and highest value of each field that is a number, or of the numbers in it."""

PRESETS: dict[str, TrainConfig] = {
    "laptop": TrainConfig(),
    "overnight": TrainConfig(
        past_share=0.35, schedule_steps=1_500_000_000, snapshot_steps=5_000_000, pool=60, checkpoint_steps=20_000_000
    ),
    "smoke": TrainConfig(worlds=64, minibatch=1024, snapshot_steps=50_000, pool=4, checkpoint_steps=100_000),
}
"""`laptop` is for two cores and an hour; `overnight` for long runs: a larger past that is met more often, and a
learning rate that falls; `smoke` only shows that everything works."""
