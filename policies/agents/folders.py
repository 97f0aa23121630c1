"""Reads the folders of runs and teams: checkpoints, the newest team, and the JSON files beside them."""

import json
import re
from pathlib import Path
from typing import Any

from sim.errors import UserError

MOST_JSON_BYTES = 2**20
"""A larger file is none of ours, unless its reader says otherwise."""
_DIGITS = 12
"""Digits of an agent-step count in a name."""


def read_json(path: Path, version: int, most_bytes: int = MOST_JSON_BYTES) -> dict[str, Any]:
    """The object in one of our JSON files, whose `format` must be `version`. The file is not trusted.

    Raises:
        FileNotFoundError: the file does not exist.
        UserError: it cannot be read, is too large or malformed, or of another version.
    """
    try:
        with path.open("rb") as file:
            content = file.read(most_bytes + 1)
        if len(content) > most_bytes:
            raise ValueError(f"more than {most_bytes >> 10} KiB")
        found = json.loads(content.decode())
    except FileNotFoundError:
        raise
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}); choose another folder") from None
    except RecursionError:
        raise UserError(f"{path} cannot be read (too deeply nested); choose another folder") from None
    except ValueError as error:
        raise UserError(f"{path} cannot be read ({error}); choose another folder") from None
    if not isinstance(found, dict) or found.get("format") != version:
        raise UserError(f"{path} is not of this version (format {version}); choose another folder")
    return found


def checkpoints(run: Path) -> list[Path]:
    """Whole checkpoints, oldest first."""
    return numbered(run / "checkpoints")


def latest_team(run: Path) -> Path:
    """The team folder of the newest checkpoint. Raises UserError if there is no such run, or it has none."""
    if not run.is_dir():
        raise UserError(f"there is no run {run}; train it first")
    found = checkpoints(run)
    if not found:
        raise UserError(f"{run} has no checkpoint yet; train it first")
    return found[-1] / "team"


def step_name(agent_steps: int) -> str:
    """The name of a checkpoint or recording after this many agent-steps; names sort as the numbers do."""
    return f"{agent_steps:0{_DIGITS}}"


def numbered(folder: Path, ending: str = "") -> list[Path]:
    """Files and folders named by a `step_name` and an ending, oldest first."""
    name = re.compile(f"[0-9]{{{_DIGITS}}}{re.escape(ending)}")
    return sorted(path for path in folder.glob("*") if name.fullmatch(path.name))
