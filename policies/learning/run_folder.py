"""A run on disk: what is where, who may write it, and how it survives being stopped at any moment.

    RUN/config.json           scenario and TrainConfig; once there is a checkpoint, later calls must agree with it
    RUN/metrics.jsonl         one line of JSON per update
    RUN/checkpoints/N/        after N agent-steps: team/ (see policies.agents.team), trainer.safetensors in the newest
    RUN/replays/N.npz         one recorded episode of those teams, from the same start as all in its world
    RUN/taught/               what hideseek tune measured, see policies.preferences.taught_folder
    RUN/ended.txt             why the last call of train ended, in a line; missing while one trains, or if it was killed
    RUN/lock                  held by the process that trains; the system lets go of it when that process ends

A checkpoint is written under another name, flushed, and renamed: a folder whose name is a number is whole.
N always has twelve digits; what has any other name is the user's own, and left alone.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import Timeout

from policies.agents.folders import MOST_JSON_BYTES, checkpoints, numbered, read_json, step_name
from policies.learning.config import RENAMED, TrainConfig, Tuning
from policies.learning.curriculum import Curriculum
from policies.learning.run_options import check_agreement, options_of
from policies.learning.storing import flush, replace_text, storing
from policies.learning.thinning import Onsets, thin
from replays.run_lock import lock_path, trainer_lock
from sim.errors import UserError
from sim.scenario import Scenario, scenario_from_text

RUN_FORMAT = 2
"""Raised when a run folder of an older version can no longer be resumed."""

STATE = "trainer.safetensors"
"""File of a checkpoint with everything beside the teams that training goes on from."""
_RESUMABLE = 3
"""How many of the newest checkpoints keep it."""
_PART = ".part"
_ENDED = "ended.txt"


@contextmanager
def opened(run: Path, config: TrainConfig, scenario: Scenario) -> Iterator[None]:
    """Creates the run folder, or checks that it may go on with these options; holds its lock while in use.

    Raises:
        UserError: in use by another process, of another version, with other options, too many to be kept, or not
            writable.
    """
    content = _config_text(run / "config.json", config, scenario)
    _refuse_foreign(run)
    with _locked(run):
        existing = binding(run)  # only now: until the lock was ours, another process might have begun the run
        if existing is None:
            _refuse_lost(run)
        else:
            check_agreement(run, options_of(*existing), options_of(config, scenario))
        with storing(run):
            _clear_parts(run)
            (run / _ENDED).unlink(missing_ok=True)
            if existing is None:
                replace_text(run / "config.json", content)
        yield


def _config_text(path: Path, config: TrainConfig, scenario: Scenario) -> str:
    """What `path` is to say of a run. Raises UserError if no later call would read so much again."""
    text = json.dumps({"format": RUN_FORMAT, **options_of(config, scenario)}, indent=2) + "\n"
    if len(text) > MOST_JSON_BYTES:  # letters are bytes here: json escapes all others
        size = f"{-(-len(text) // 1024)} KiB, more than the {MOST_JSON_BYTES // 1024} that are read again"
        raise UserError(f"{path} would have {size}; give fewer --then, or smaller drawings")
    return text


def binding(run: Path) -> tuple[TrainConfig, Scenario] | None:
    """The options that later calls are held to; None until a checkpoint is saved. Raises UserError as `resumed`."""
    return resumed(run) if checkpoints(run) else None


def resumed(run: Path) -> tuple[TrainConfig, Scenario] | None:
    """The options an existing run was started with, None if there is no run.

    Raises:
        UserError: its config.json is damaged or of another version.
    """
    path = run / "config.json"
    try:
        found = read_json(path, RUN_FORMAT)
    except FileNotFoundError:
        return None
    del found["format"]
    options = _with_tuples({RENAMED.get(name, name): value for name, value in found.items()})
    try:
        scenario = scenario_from_text(options.pop("scenario"))
        tuning = options.pop("tuning", None)
        config = TrainConfig(**options, tuning=tuning and Tuning(**_with_tuples(tuning)))
        Curriculum(scenario, config.then)
        return config, scenario
    except UserError as error:
        raise UserError(f"{path}: {error}") from None
    except (AttributeError, KeyError, TypeError):
        raise UserError(f"{path} has wrong or missing fields; choose another --run") from None


def _with_tuples(options: dict[str, Any]) -> dict[str, Any]:
    """JSON knows lists only. No option has more than lists of lists; what is nested deeper is left as it is."""
    return {name: tuple(map(_as_tuple, value)) if isinstance(value, list) else value for name, value in options.items()}


def _as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def trained(run: Path) -> tuple[TrainConfig, Scenario]:
    """The options of a run that has something to show.

    Raises:
        UserError: it is no run, or has no checkpoint yet, or as for `resumed`.
    """
    found = resumed(run)
    if found is None:
        raise UserError(f"{run} is not a run; give a folder that hideseek train made")
    if not checkpoints(run):
        raise UserError(f"{run} has no checkpoint yet; train it first")
    return found


def worlds_so_far(run: Path, config: TrainConfig, scenario: Scenario) -> list[tuple[int, Scenario]]:
    """Where a trained run with these options was trained: beyond how many agent-steps, and the world."""
    return Curriculum(scenario, config.then).until(int(checkpoints(run)[-1].name))


def write_checkpoint(run: Path, agent_steps: int, write: Callable[[Path], None]) -> Path:
    """Lets `write` fill a folder, then makes it the checkpoint at `agent_steps`.

    Raises:
        UserError: it cannot be stored. Earlier checkpoints are as they were.
    """
    place = run / "checkpoints" / step_name(agent_steps)
    part = place.with_name(place.name + _PART)
    with storing(run):
        try:
            part.mkdir(parents=True)
            write(part)
            for path in [*part.rglob("*"), part]:
                flush(path)
            part.rename(place)
            flush(place.parent)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
    return place


def replay_path(run: Path, agent_steps: int) -> Path:
    """Where the recording of a checkpoint goes; its folder exists afterwards."""
    with storing(run):
        (run / "replays").mkdir(exist_ok=True)
    return run / "replays" / f"{step_name(agent_steps)}.npz"


def prune(run: Path, keep: int, onsets: Onsets) -> None:
    """Thins checkpoints and recordings to `keep` each, spread over the whole run, with those around onsets.

    Only the newest few checkpoints can be resumed from: of the others the team is kept, and not the trainer's state,
    which is ten times as large.
    """
    with storing(run):
        found = checkpoints(run)
        for checkpoint in _superfluous(found, keep, onsets):
            # Renamed first, so that one that is killed half way leaves no half checkpoint.
            shutil.rmtree(checkpoint.rename(checkpoint.with_name(checkpoint.name + _PART)))
        for checkpoint in found[:-_RESUMABLE]:
            (checkpoint / STATE).unlink(missing_ok=True)
        for replay in _superfluous(numbered(run / "replays", ".npz"), keep, onsets):
            replay.unlink()


def _superfluous(paths: list[Path], keep: int, onsets: Onsets) -> list[Path]:
    by_steps = {int(path.name.partition(".")[0]): path for path in paths}
    steps = sorted(by_steps)
    kept = set(thin(steps, keep, onsets.around(steps)))
    return [path for step, path in by_steps.items() if step not in kept]


def note_end(run: Path, why: str) -> None:
    """Writes down why a call of train ended, for those who watch the run."""
    with storing(run):
        replace_text(run / _ENDED, why + "\n")


def _refuse_foreign(run: Path) -> None:
    """Raises UserError for what is no run, before a lock is put into it. One that was killed early may be empty."""
    if resumed(run) is not None or not run.exists():
        return
    if checkpoints(run):
        raise UserError(f"{run / 'config.json'} is missing; put it back to go on with the run, or choose another --run")
    if not run.is_dir() or any(path != lock_path(run) and path not in _parts(run) for path in run.iterdir()):
        raise UserError(f"{run} is not a run folder and not empty; choose another --run")


def _refuse_lost(run: Path) -> None:
    """Raises UserError if a run was trained, and its checkpoints deleted: its metrics would be lost, too."""
    if any(replay.stem != step_name(0) for replay in numbered(run / "replays", ".npz")):
        raise UserError(f"{run} has recordings of its training, and no checkpoint to go on from; choose another --run")


@contextmanager
def _locked(run: Path) -> Iterator[None]:
    """The run's folder, made if need be, with nobody else in it."""
    with storing(run):
        run.mkdir(parents=True, exist_ok=True)
        lock = trainer_lock(run)
        try:
            lock.acquire()
        except Timeout:
            raise UserError(f"{run} is in use by another process; wait for it, or choose another --run") from None
        except NotImplementedError:
            raise UserError(f"{run} is on a disk that has no file locks; choose another --run") from None
    try:
        yield
    finally:
        lock.release()


def _clear_parts(run: Path) -> None:
    """Removes what a killed process left half written; the lock is held, so nobody is writing it now."""
    for checkpoint in numbered(run / "checkpoints", _PART):
        shutil.rmtree(checkpoint)
    for path in [*_parts(run), *_parts(run / "replays")]:
        path.unlink()


def _parts(folder: Path) -> list[Path]:
    """What `replays.format.archive.replacing` had not finished when its process was killed."""
    return list(folder.glob(f".*.[0-9]*{_PART}"))
