"""What a run says of itself in its config.json: its worlds, and what its teams began from."""

import json
from pathlib import Path
from typing import Any

from replays.format.header import clean
from replays.format.metrics import MOST_STEPS

_MOST_BYTES = 2**20


def config_of(run: Path) -> dict[str, Any]:
    """The run's config.json; nothing where there is none (yet) or it makes no sense."""
    path = run / "config.json"
    try:
        if not path.is_file() or path.stat().st_size > _MOST_BYTES:
            return {}
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def begun_from(config: dict[str, Any]) -> str:
    """The trained teams that a run began with, such as "from quadrant-block"; empty where all began untrained."""
    tuning = config.get("tuning")
    if isinstance(tuning, dict) and not tuning.get("fresh"):
        return _words("from", tuning.get("team"))
    sides = (_words(f"{side} of", config.get(side)) for side in ("hiders", "seekers"))
    return _words("from", config.get("start")) or next(filter(None, sides), "")


def world_at(config: dict[str, Any], agent_steps: int) -> str:
    """The text of the world in which a run came to so many agent-steps; empty where it does not say."""
    come = [world for begins, world in _later_worlds(config) if begins < agent_steps]
    return come[-1] if come else str(config.get("scenario", ""))


def changes_of(config: dict[str, Any]) -> tuple[int, ...]:
    """Beyond how many agent-steps a run went on in another world, each time."""
    return tuple(begins for begins, _ in _later_worlds(config))


def _later_worlds(config: dict[str, Any]) -> list[tuple[int, str]]:
    """Beyond how many agent-steps a run goes on where, in order; what makes no sense is left out."""
    then = config.get("then")
    pairs = [one for one in then if isinstance(one, list) and len(one) == 2] if isinstance(then, list) else []
    return [
        (begins, world)
        for begins, world in pairs
        if type(begins) is int and 0 < begins <= MOST_STEPS and isinstance(world, str)
    ]


def _words(before: str, team: object) -> str:
    return clean(f"{before} {team}") if team and isinstance(team, str) else ""
