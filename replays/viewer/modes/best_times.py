"""The best times of a person who plays, kept from one start of the window to the next."""

import json
from pathlib import Path

import platformdirs

from replays.format.archive import replacing
from sim.errors import UserError

_MOST_BYTES = 2**20
_MOST_S = 1e9


def best_time(name: str) -> float | None:
    """The best time in seconds under a name, if one is remembered."""
    return _load().get(name)


def keep_best_time(name: str, seconds: float) -> None:
    """Remembers a time; where nothing can be written, nothing is remembered."""
    path = _path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            file.write(json.dumps({**_load(), name: seconds}, indent=2).encode())
    except (OSError, UserError):
        return


def _load() -> dict[str, float]:
    """Every time by its name; a file that makes no sense counts as missing."""
    try:
        if _path().stat().st_size > _MOST_BYTES:
            return {}
        raw = json.loads(_path().read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(raw, dict):
        return {}
    times = {name: value for name, value in raw.items() if isinstance(value, (int, float))}
    return {name: float(value) for name, value in times.items() if 0 <= value <= _MOST_S}


def _path() -> Path:
    return platformdirs.user_config_path("hideseek") / "best-times.json"
