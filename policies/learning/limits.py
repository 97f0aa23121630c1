"""When a call of `train` ends by itself."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from policies.choices import choices
from policies.learning.episode_stats import RATES
from sim.errors import UserError

_MOST = 10**11
"""Minutes or agent-steps: more than any machine will see, and still a number that can be counted down."""
_SMOOTHED = 5
"""A rate must be reached in the mean over this many updates, so that one lucky update ends nothing."""


@dataclass(frozen=True)
class Limits:
    """Any of them ends a call; None means never."""

    minutes: float | None = None
    """After the update in which this time has passed; compiling does not count."""
    steps: int | None = None
    """When the run has this many agent-steps in all."""
    until: str | None = None
    """When a rate of metrics.jsonl reaches a share, such as `robust_end=0.5`."""

    def __post_init__(self) -> None:
        for name, value in (("minutes", self.minutes), ("steps", self.steps)):
            if value is not None and not 0 < value <= _MOST:
                raise UserError(f"--{name} {value} is out of range; give more than 0 and at most {_MOST}")
        if self.until is not None:
            _goal(self.until)


@dataclass
class Countdown:
    """Follows one call of `train` towards its limits."""

    limits: Limits
    reached: str | None = None
    """Which limit was reached, in words."""
    _recent: list[float] = field(default_factory=list)

    def add(self, line: Mapping[str, Any], spent: float) -> None:
        """Takes in a line of metrics after `spent` seconds."""
        limits, missed = self.limits, ""
        if limits.until is not None:
            name, share = _goal(limits.until)
            self._recent = [*self._recent[1 - _SMOOTHED :], float(line.get(name, 0.0))]
            mean = sum(self._recent) / _SMOOTHED
            if len(self._recent) == _SMOOTHED and mean >= share:
                self.reached = f"{name} is {mean:.0%}"
            missed = f", {name} has not reached {share:.0%}"
        if limits.minutes is not None and spent >= limits.minutes * 60:
            over = "1 minute is over" if limits.minutes == 1 else f"{limits.minutes:g} minutes are over"
            self.reached = self.reached or f"{over}{missed}"
        self.check_steps(int(line["agent_steps"]))

    def check_steps(self, agent_steps: int) -> None:
        """A run may have its agent-steps before a call begins."""
        if self.limits.steps is not None and agent_steps >= self.limits.steps:
            self.reached = self.reached or _steps_reached(agent_steps)

    def ending(self, agent_steps: int, stopped: bool) -> str:
        """How the call ended, and with how many agent-steps, in words."""
        if self.reached == _steps_reached(agent_steps) and not stopped:
            return f"done, {self.reached}"
        return f"{'stopped' if stopped else f'done, {self.reached};'} at {agent_steps:,} agent-steps"

    def seconds_left(self, agent_steps: int, spent: float, speed: float) -> float | None:
        """Until the nearer limit at `speed` agent-steps a second, None if time and steps are not limited."""
        left = []
        if self.limits.minutes is not None:
            left.append(self.limits.minutes * 60 - spent)
        if self.limits.steps is not None:
            left.append((self.limits.steps - agent_steps) / speed)
        return max(0.0, min(left)) if left else None


def _steps_reached(agent_steps: int) -> str:
    """What ended a call whose steps are limited, in words."""
    return f"the run has {agent_steps:,} agent-steps"


def _goal(text: str) -> tuple[str, float]:
    """Name and share of a text NAME=SHARE. Raises UserError for anything else."""
    name, _, number = text.partition("=")
    if name not in RATES:
        raise UserError(f"--until {text}: '{name}' is unknown; {choices(name, RATES)}")
    with suppress(ValueError):
        if 0 < (share := float(number)) <= 1:
            return name, share
    raise UserError(f"--until {text}: give a share above 0 up to 1, such as {name}=0.5")
