"""Compilation: every kernel of the project is a numba function made by `@compiled`.

numba's own disk cache looks only at the file a kernel stands in, so a kernel that calls into another file
would go on running that file's old code. Here the cache folder is named after the content of everything
compiled, so a cached kernel is always the present one. Where nothing can be written, kernels are compiled
anew in each process and nothing else changes. `HIDESEEK_CACHE` names another folder.
"""

import functools
import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
import platformdirs
from numba.core import config

Function = TypeVar("Function", bound=Callable)

_ROOT = Path(__file__).resolve().parent.parent
_FLOORS = ("sim", "replays", "policies")
_KEPT_CACHES = 12


def _fingerprint(package: str) -> str:
    """A hash of the compiler and of the sources that a package's kernels may stand on: its floor and those below."""
    digest = hashlib.sha256(f"{numba.__version__} {sys.version}".encode())
    floors = _FLOORS[: _FLOORS.index(package) + 1] if package in _FLOORS else _FLOORS
    for floor in floors:
        for path in sorted((_ROOT / floor).rglob("*.py")):
            source = path.read_bytes()
            if b"@compiled" in source or b"(NamedTuple)" in source:
                digest.update(path.relative_to(_ROOT).as_posix().encode() + source)
    return digest.hexdigest()[:16]


@functools.cache
def cache_folder(package: str) -> Path | None:
    """The folder for this version of a package's kernels, or None where none can be written."""
    parent = Path(os.environ.get("HIDESEEK_CACHE") or platformdirs.user_cache_dir("hideseek")) / "kernels"
    folder = parent / f"{package}-{_fingerprint(package)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"writable-{os.getpid()}").touch()
        (folder / f"writable-{os.getpid()}").unlink()
        folder.touch()
        _forget_old(parent)
    except OSError:
        return None
    return folder


def _forget_old(parent: Path) -> None:
    """Keeps the newest few versions' kernels; a cache must not grow for ever."""
    folders = sorted(parent.iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for old in folders[_KEPT_CACHES:]:
        for path in sorted(old.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)
        old.rmdir()


def compiled(function: Function) -> Function:
    """Compiles a function with numba: no Python inside, the interpreter lock released, cached on disk.

    Kernels are inlined into their callers, always: they take whole tuples of arrays, and handing those on
    costs more than most of them do (a tick of the default world took 31 us without, 18 us with).
    """
    folder = cache_folder(function.__module__.partition(".")[0])
    settings: Any = config
    kept = settings.CACHE_DIR
    settings.CACHE_DIR = str(folder) if folder else kept
    try:
        return numba.njit(nogil=True, cache=folder is not None, error_model="numpy", forceinline=True)(function)  # type: ignore[return-value]
    finally:
        settings.CACHE_DIR = kept


def announce_compilation(kernel: Callable, what: str) -> None:
    """Says on stderr that the first call of `kernel` will take a while, unless a compiled form is at hand."""
    folder = cache_folder(kernel.__module__.partition(".")[0])
    if kernel.signatures or (folder and any(folder.rglob(f"*.{kernel.__name__}-*.nbi"))):  # type: ignore[attr-defined]
        return
    again = "once; kept for later runs" if folder else "no cache can be written, so at every start"
    print(f"hideseek: compiling {what} ({again}) ...", file=sys.stderr, flush=True)
