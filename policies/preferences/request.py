"""What `hideseek tune` is asked to teach. It needs no networks, so a mistake is refused before they are loaded."""

from dataclasses import dataclass
from pathlib import Path

from policies.agents.players import check_seed
from policies.choices import choices
from policies.preferences.goals import GOALS, check_goals
from sim.errors import UserError

METHODS = ("reward-model", "preference", "verifier")
_MOST_LEASH = 100.0


@dataclass(frozen=True)
class TuneRequest:
    """The options of `hideseek tune` that say which team is taught what, and how."""

    team: str
    """See `policies.agents.players`."""
    method: str
    goals: tuple[str, ...] = ()
    """What a verifier checks; all of them must be met."""
    goal_sets: tuple[str, ...] = ()
    """Instead of `goals`: sets of goals, one drawn for every episode, see `policies.agents.goal_conditioning`."""
    labels: Path | None = None
    fresh: bool = False
    """Begin with untrained hiders."""
    leash: float = 0.05
    seed: int = 0

    def __post_init__(self) -> None:
        check_seed(self.seed)
        if self.method not in METHODS:
            raise UserError(f"--method {self.method} is unknown; {choices(self.method, METHODS)}")
        if self.method == "verifier":
            self._check_verifier()
        else:
            self._check_learning_from_labels()
        if self.fresh and self.method == "preference":
            raise UserError("--fresh: --method preference learns how to change a team; leave it out")
        if not 0 <= self.leash <= _MOST_LEASH:
            raise UserError(f"--leash {self.leash} is out of range; give 0 to {_MOST_LEASH:g}")

    def _check_verifier(self) -> None:
        if not self.goals and not self.goal_sets:
            raise UserError(f"--goal is missing, what --method verifier checks; choose from {', '.join(GOALS)}")
        if self.labels is not None:
            raise UserError("--method verifier checks goals and takes no --labels; leave them out")
        check_goals(self.goals)
        for one in self.goal_sets:
            check_goals(one.split(","))
        if len({frozenset(one.split(",")) for one in self.goal_sets}) < len(self.goal_sets):
            raise UserError("--goal names the same goals twice; give each set once")

    def _check_learning_from_labels(self) -> None:
        if self.goals or self.goal_sets:
            raise UserError(f"--method {self.method} learns from labels and takes no --goal; leave it out")
        if self.labels is None:
            raise UserError(f"--labels is missing, a file of hideseek rank, which --method {self.method} learns from")
