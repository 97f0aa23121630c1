"""Compilation: every kernel of the project is a numba function made by `@compiled`.

numba's own disk cache looks only at the file a kernel stands in, so a kernel that calls into another file
would go on running that file's old code. Here the cache folder is named after the content of all that a
kernel may be made of, so a cached one is always the present one. Where nothing can be written, kernels are
compiled anew in each process and nothing else changes. `HIDESEEK_CACHE` names another folder.
"""

import functools
import hashlib
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
import platformdirs
from numba.core import config, event

Function = TypeVar("Function", bound=Callable)

_ROOT = Path(__file__).resolve().parent.parent
_FLOORS = ("sim", "replays", "policies")
_WINDOW = _ROOT / "replays" / "viewer"
"""No kernel stands there or takes what is defined there, and it changes often."""
_KEPT_CACHES = 12
_ROOM_BYTES = 100_000_000


def _fingerprint(package: str) -> str:
    """A hash of the compiler and of the sources that a package's kernels may stand on: its floor and those below."""
    digest = hashlib.sha256(f"{numba.__version__} {sys.version}".encode())
    floors = _FLOORS[: _FLOORS.index(package) + 1] if package in _FLOORS else _FLOORS
    for floor in floors:
        for path in sorted((_ROOT / floor).rglob("*.py")):
            if not path.is_relative_to(_WINDOW):
                digest.update(path.relative_to(_ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@functools.cache
def cache_folder(package: str) -> Path | None:
    """The folder for this version of a package's kernels, or None where none can be written."""
    parent = Path(os.environ.get("HIDESEEK_CACHE") or platformdirs.user_cache_dir("hideseek")) / "kernels"
    folder = parent / f"{package}-{_fingerprint(package)}"
    probe = folder / f"writable-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
        folder.touch()
        full = shutil.disk_usage(folder).free < _ROOM_BYTES
        _forget_old(parent)
    except OSError:
        return None
    return None if full else folder


def _forget_old(parent: Path) -> None:
    """Keeps the newest few versions' kernels; a cache must not grow for ever."""
    folders = sorted(parent.iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for old in folders[_KEPT_CACHES:]:
        shutil.rmtree(old, ignore_errors=True)


class _Overseer(event.Listener):
    """Says on stderr that kernels are being compiled, once in a process; what comes from the cache is not.

    And sees to it that no `compiled` kernel returns an array, which would be freed under its user's feet.
    """

    def __init__(self) -> None:
        self.said = False

    def on_start(self, event: event.Event) -> None:
        package = (event.data or {})["dispatcher"].py_func.__module__.partition(".")[0]
        if package in _FLOORS and not self.said:
            self.said = True
            kept = "once; they are kept" if cache_folder(package) else "at every start, as no cache can be written"
            print(f"hideseek: compiling kernels ({kept}) ...", file=sys.stderr, flush=True)

    def on_end(self, event: event.Event) -> None:
        kernel = (event.data or {})["dispatcher"]
        returned = [str(signature.return_type) for signature in kernel.nopython_signatures]
        if kernel.targetoptions.get("_nrt") is False and any("array" in kind for kind in returned):
            raise TypeError(f"{kernel.__qualname__} is compiled and returns an array; fill one that it is given")


event.register("numba:compile", _Overseer())


def _compile(function: Function, counted: bool) -> Function:
    folder = cache_folder(function.__module__.partition(".")[0])
    settings: Any = config
    kept = settings.CACHE_DIR
    settings.CACHE_DIR = str(folder) if folder else kept
    options = {"nogil": True, "error_model": "numpy", "forceinline": True, "_nrt": counted}
    try:
        return numba.njit(cache=folder is not None, **options)(function)  # type: ignore[return-value]
    finally:
        settings.CACHE_DIR = kept


def compiled(function: Function) -> Function:
    """Compiles a function with numba: no Python inside, the interpreter lock released, cached on disk.

    Kernels take whole tuples of arrays, and numba would count references to each of those at every call: that cost
    more than most kernels do. So they count none: a kernel borrows the arrays it is given, and can neither make nor
    return one; those that do are `allocating`. All are inlined into their callers.
    """
    return _compile(function, counted=False)


def allocating(function: Function) -> Function:
    """Compiles a function that makes arrays for its own use, or copies from one to another."""
    return _compile(function, counted=True)
