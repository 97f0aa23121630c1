"""What a run says of itself in its config.json, and what its teams began from."""

import json
from pathlib import Path
from typing import Any

from replays.format.header import clean

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


def _words(before: str, team: object) -> str:
    return clean(f"{before} {team}") if team and isinstance(team, str) else ""
