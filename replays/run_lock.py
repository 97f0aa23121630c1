"""The lock of a run folder: the process that trains holds it, and the system lets go of it when that process ends."""

from pathlib import Path

from filelock import FileLock, Timeout

_NAME = "lock"
_PATIENCE_S = 0.5
"""Who only asks whether somebody trains holds the lock for a moment: a trainer tries again for so long."""


def lock_path(run: Path) -> Path:
    """Where the lock lies."""
    return run / _NAME


def trainer_lock(run: Path) -> FileLock:
    """The lock that a trainer takes. `acquire` raises `filelock.Timeout` if another process trains."""
    return FileLock(lock_path(run), timeout=_PATIENCE_S)


def is_locked(run: Path) -> bool | None:
    """Whether a process trains; None where that cannot be known: without a lock, or where files cannot be locked."""
    path = lock_path(run)
    if not path.is_file():
        return None
    try:
        with FileLock(path, timeout=0):
            return False
    except Timeout:
        return True
    except (OSError, NotImplementedError):
        return None
