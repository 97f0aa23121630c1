"""A run on disk: what is where, who may write it, and how it survives being stopped at any moment.

    RUN/config.json           scenario and TrainConfig; later calls must agree with it
    RUN/metrics.jsonl         one line of JSON per update
    RUN/checkpoints/N/        after N agent-steps: team/ (see policies.team), trainer.safetensors
    RUN/replays/N.npz         one recorded episode of that checkpoint
    RUN/lock                  held by the process that trains; the system lets go of it when that process ends

A checkpoint is written under another name, flushed, and renamed: a folder whose name is a number is whole.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from policies.presets import TrainConfig
from replays.archive import replacing
from sim.errors import UserError
from sim.scenario import Scenario, scenario_from_text, scenario_text

RUN_FORMAT = 1
"""Raised when a run folder of an older version can no longer be resumed."""

_MOST_CONFIG_BYTES = 2**20
_DIGITS = 12
_PART = ".part"
_LOCK = "lock"


@contextmanager
def opened(run: Path, config: TrainConfig, scenario: Scenario) -> Iterator[None]:
    """Creates the run folder, or checks that it may go on with these options; holds its lock while in use.

    Raises:
        UserError: in use by another process, of another version, with other options, or not writable.
    """
    wanted = {"format": RUN_FORMAT, "scenario": scenario_text(scenario), **asdict(config)}
    existing = read_config(run)
    if existing is not None:
        _agree(run, existing, json.loads(json.dumps(wanted)))
    elif run.exists() and (not run.is_dir() or any(path.name != _LOCK for path in run.iterdir())):
        raise UserError(f"{run} is not a run folder and not empty; choose another --run")
    with _storing(run):
        run.mkdir(parents=True, exist_ok=True)
        lock = FileLock(run / _LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise UserError(f"{run} is in use by another process; wait for it, or choose another --run") from None
    try:
        with _storing(run):
            _clear_parts(run)
            if existing is None:
                _replace(run / "config.json", json.dumps(wanted, indent=2) + "\n")
        yield
    finally:
        lock.release()


def read_config(run: Path) -> dict[str, Any] | None:
    """What `config.json` says, None if there is none.

    Raises:
        UserError: it cannot be read, or is of another version.
    """
    path = run / "config.json"
    try:
        if path.stat().st_size > _MOST_CONFIG_BYTES:
            raise UserError(f"{path} is too large for a run's config; choose another --run")
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read ({error}); choose another --run") from None
    if not isinstance(found, dict) or found.get("format") != RUN_FORMAT:
        raise UserError(f"{path} is not of this version (format {RUN_FORMAT}); choose another --run")
    return found


def resumed(run: Path) -> tuple[TrainConfig, Scenario] | None:
    """The options an existing run was started with, None if there is no run.

    Raises:
        UserError: its config.json is damaged or of another version.
    """
    found = read_config(run)
    if found is None:
        return None
    options = {name: value for name, value in found.items() if name not in ("format", "scenario")}
    try:
        scenario = scenario_from_text(found["scenario"])
        return TrainConfig(**{**options, "hidden": tuple(options["hidden"])}), scenario
    except (AttributeError, KeyError, TypeError):
        raise UserError(f"{run / 'config.json'} has wrong or missing fields; choose another --run") from None


def checkpoints(run: Path) -> list[Path]:
    """Whole checkpoints, oldest first."""
    folder = run / "checkpoints"
    return sorted(path for path in folder.glob("*") if path.name.isdecimal()) if folder.is_dir() else []


def latest_team(run: Path) -> Path:
    """The team folder of the newest checkpoint. Raises UserError if the run has none."""
    found = checkpoints(run)
    if not found:
        raise UserError(f"{run} has no checkpoint yet; train it first")
    return found[-1] / "team"


def write_checkpoint(run: Path, agent_steps: int, write: Callable[[Path], None]) -> Path:
    """Lets `write` fill a folder, then makes it the checkpoint of so many agent-steps.

    Raises:
        UserError: it cannot be stored. Earlier checkpoints are as they were.
    """
    place = run / "checkpoints" / step_name(agent_steps)
    part = place.with_name(place.name + _PART)
    with _storing(run):
        try:
            part.mkdir(parents=True)
            write(part)
            for path in [*part.rglob("*"), part]:
                _flush(path)
            part.rename(place)
            _flush(place.parent)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
    return place


def replay_path(run: Path, agent_steps: int) -> Path:
    """Where the recording of a checkpoint goes; its folder exists afterwards."""
    with _storing(run):
        (run / "replays").mkdir(exist_ok=True)
    return run / "replays" / f"{step_name(agent_steps)}.npz"


def prune(run: Path, keep: int) -> None:
    """Deletes all but the newest `keep` checkpoints and recordings."""
    with _storing(run):
        for checkpoint in checkpoints(run)[:-keep]:
            # Renamed first, so that one that is killed half way leaves no half checkpoint.
            shutil.rmtree(checkpoint.rename(checkpoint.with_name(checkpoint.name + _PART)))
        for replay in sorted((run / "replays").glob("[0-9]*.npz"))[:-keep]:
            replay.unlink()


def append_metrics(run: Path, line: dict[str, Any]) -> None:
    with _storing(run), (run / "metrics.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def truncate_metrics(run: Path, agent_steps: int) -> None:
    """Drops the lines past a checkpoint, and a half-written last one: the resumed run writes them again."""
    path = run / "metrics.jsonl"
    if not path.exists():
        return
    with _storing(run):
        kept = []
        for text in path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                done = json.loads(text)["agent_steps"] <= agent_steps
            except (ValueError, KeyError, TypeError):
                break
            if not done:
                break
            kept.append(text + "\n")
        _replace(path, "".join(kept))


def step_name(agent_steps: int) -> str:
    """The name of what was stored after so many agent-steps; names sort as the numbers do."""
    return f"{agent_steps:0{_DIGITS}}"


@contextmanager
def _storing(run: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        place = error.filename or run
        raise UserError(f"{place} cannot be written ({error.strerror}); what was stored before is untouched") from None


def _agree(run: Path, existing: dict[str, Any], wanted: dict[str, Any]) -> None:
    for name in (*wanted, *existing):
        if existing.get(name) != wanted.get(name):
            raise UserError(
                f"{run} was started with {name} {existing.get(name)}, not {wanted.get(name)}; "
                f"give the same {name}, or choose another --run"
            )


def _clear_parts(run: Path) -> None:
    """Removes what a killed process left half written; the lock is held, so nobody is writing it now."""
    for path in (run / "checkpoints").glob(f"*{_PART}"):
        shutil.rmtree(path)


def _replace(path: Path, text: str) -> None:
    with replacing(path) as file:
        file.write(text.encode())


def _flush(path: Path) -> None:
    """Has the system write a file or folder to the disk; Windows knows no such thing for folders."""
    if path.is_dir() and os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
