"""What a run was started with, and whether a later call agrees with it."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from policies.learning.config import TrainConfig
from sim.errors import UserError
from sim.scenario import Scenario, brief, full_text

_NAMES = {
    "goals": "goal",
    "told": "goal",
    "regret_share": "shift regret",
    "team_hash": "weights of its team",
    "without": "--without",
    "then": "--then",
}
"""What messages call the options that people know by another name than that of their field."""
_HASHED = ("labels", "team_hash")
"""Kept as hashes, which say nothing to people."""


def options_of(config: TrainConfig, scenario: Scenario) -> dict[str, Any]:
    """What a run's config.json says of how it was started."""
    options = {"scenario": full_text(scenario), **asdict(config)}
    if config.tuning is None:
        del options["tuning"]
    return options


def check_agreement(run: Path, existing: dict[str, Any], wanted: dict[str, Any]) -> None:
    """Raises UserError if a run was started with other options (see `options_of`) than those wanted."""
    existing, wanted = (one | (one.get("tuning") or {}) for one in (existing, wanted))
    for name in [name for name in wanted | existing if name != "tuning"]:
        if existing.get(name) != wanted.get(name):
            said, before, now = _NAMES.get(name, name), *(_in_words(name, one.get(name)) for one in (existing, wanted))
            if name == "scenario" and before == now:
                raise UserError(
                    f"{run} was started {now}, which was redrawn since; leave --scenario out to go on in the old "
                    "one, or choose another --run"
                )
            told = f"with other {said}" if name in _HASHED else f"{before}, not {now}"
            raise UserError(f"{run} was started {told}; give the same {said}, or choose another --run")


def tools_words(without: Sequence[str]) -> str:
    """With which tools teams were trained."""
    return f"without {', '.join(without)}" if without else "with all tools"


def _in_words(name: str, value: Any) -> str:
    """What a run was started with; `value` is None for what only some runs have."""
    if name == "scenario":
        return f"with scenario {brief(value)}"
    if name == "then":
        later = [f"--then {steps}:{brief(text)}" for steps, text in value]
        return f"with {' '.join(later)}" if later else "without --then"
    if name == "without":
        return tools_words(value)
    said = _NAMES.get(name, name)
    if value is False or value in ("", (), None):
        return f"without --{said}"
    if value is True:
        return f"with --{said}"
    return f"with {said} {', '.join(map(str, value)) if isinstance(value, tuple) else value}"
