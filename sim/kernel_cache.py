"""Where compiled kernels are kept, and how several processes share the work of compiling them.

numba's own disk cache looks only at the file a kernel stands in, so a kernel that calls into another file would go on
running that file's old code. Here the kernels of a module have a folder named after the content of the module and of
every project module it imports, directly or not: an edited colour compiles nothing again, an edited rule compiles all
that stands on it. `HIDESEEK_CACHE` names another place. Where nothing can be written, kernels are compiled in each
process.
"""

import functools
import hashlib
import os
import re
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numba
import platformdirs
from filelock import FileLock, Timeout
from numba.core.caching import CompileResultCacheImpl, FunctionCache

_ROOT = Path(__file__).resolve().parent.parent
_PACKAGES = ("sim", "replays", "policies")
_IMPORT = re.compile(
    rf"^[ \t]*(?:from|import)[ \t]+((?:{'|'.join(_PACKAGES)})[\w.]*)(?:[ \t]+import[ \t]*(?:\(([^)]*)\)|([^\n(]*)))?",
    re.M,
)
_VERSIONS_KEPT = 4
"""Folders kept of each module: one for each of a few checkouts or branches."""
announce_waiting = True
"""Whether to say so when a kernel is waited for that another process compiles."""
_ROOM_BYTES = 100_000_000
"""Nothing is kept on a disk with less room than this."""


@functools.cache
def cache_root() -> Path | None:
    """The folder of all kernels, or None where none can be written."""
    root = Path(os.environ.get("HIDESEEK_CACHE") or platformdirs.user_cache_dir("hideseek")) / "kernels"
    probe = root / f"writable-{os.getpid()}"
    try:
        root.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
        full = shutil.disk_usage(root).free < _ROOM_BYTES
    except OSError:
        return None
    return None if full else root


def module_cache(module: str) -> Path | None:
    """The folder for the kernels of a module as it is now; None where none can be written, or for foreign modules."""
    root = cache_root()
    if root is None or not _source(module):
        return None
    return root / f"{module}-{_fingerprint(module)}"


def marker(module: str, name: str) -> Path | None:
    """The path of an empty file beside the kernels of a module, to remember that something is done; None without cache.

    It goes when the module changes, or anything the module imports.
    """
    folder = module_cache(module)
    if folder is None:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder / name


@functools.cache
def _fingerprint(module: str) -> str:
    """A hash of the compiler, and of the sources of a module and of all it imports from this project."""
    digest = hashlib.sha256(f"{numba.__version__} {sys.version}".encode())
    found, waiting = set(), [module]
    while waiting:
        name = waiting.pop()
        if name not in found and _source(name):
            found.add(name)
            waiting += _imports(name)
    for name in sorted(found):
        digest.update(name.encode() + _source(name))
    return digest.hexdigest()[:16]


@functools.cache
def _source(module: str) -> bytes:
    """A module's source; empty for what is not a module of this project."""
    if module.partition(".")[0] not in _PACKAGES:
        return b""
    path = _ROOT.joinpath(*module.split(".")).with_suffix(".py")
    return path.read_bytes() if path.is_file() else b""


@functools.cache
def _imports(module: str) -> tuple[str, ...]:
    """What a module may import from this project: `a.b` and `a.b.c` for `from a.b import c`."""
    found = []
    for package, bracketed, listed in _IMPORT.findall(_source(module).decode("utf-8", "replace")):
        names = re.findall(r"\w+", bracketed or listed)
        found += [package, *(f"{package}.{name}" for name in names)]
    return tuple(found)


class _Locator:
    """Tells numba where a kernel's files are. The folder's name already says what they were compiled from."""

    def __init__(self, folder: Path, line: int) -> None:
        self._folder, self._line = folder, line

    @classmethod
    def from_function(cls, function: Callable, _: str) -> "_Locator | None":
        folder = module_cache(function.__module__)
        return cls(folder, function.__code__.co_firstlineno) if folder else None

    def ensure_cache_path(self) -> None:
        if not self._folder.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            _forget_old(self._folder)

    def get_cache_path(self) -> str:
        return str(self._folder)

    def get_source_stamp(self) -> str:
        return self._folder.name

    def get_disambiguator(self) -> str:
        return str(self._line)


class _Files(CompileResultCacheImpl):
    _locator_classes = (_Locator,)  # pyright: ignore[reportAssignmentType]


class KernelCache(FunctionCache):
    """numba's cache of one kernel, in a folder of `module_cache`; damaged files count as missing ones.

    What is missing is compiled by one process; others that need the same kernel wait for it.
    """

    _impl_class = _Files

    def __init__(self, function: Callable) -> None:
        super().__init__(function)
        self._lock_file = Path(self.cache_path) / f"{function.__qualname__}.lock"
        self._locks: dict[int, FileLock] = {}

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The compiled kernel for a signature; or None, and others wait until this process calls `finish`."""
        found = self._load(sig, target_context)
        if found is None and self._begin():
            found = self._load(sig, target_context)
        return found

    def save_overload(self, sig: Any, data: Any) -> None:
        with suppress(OSError):  # a disk that is full by now: the next process compiles again
            super().save_overload(sig, data)

    def finish(self) -> None:
        """Lets other processes go on, if this thread compiled."""
        if self._lock.is_locked:
            self._lock.release()

    @property
    def _lock(self) -> FileLock:
        """This process's own: filelock refuses one that came through a fork. That one is kept, for it may be held."""
        return self._locks.get(os.getpid()) or self._locks.setdefault(os.getpid(), FileLock(self._lock_file))

    def _begin(self) -> bool:
        """Waits for a process that compiles this kernel now, and says so. False if that cannot be known."""
        try:
            self._impl.locator.ensure_cache_path()
            self._lock.acquire(timeout=0)
        except Timeout:
            if announce_waiting:
                print("hideseek: another process is compiling; waiting for it ...", file=sys.stderr, flush=True)
            self._lock.acquire()
        except (OSError, NotImplementedError):
            return False  # a disk without locks: every process compiles for itself
        return True

    def _load(self, sig: Any, target_context: Any) -> Any:
        try:
            return super().load_overload(sig, target_context)
        except OSError as error:  # the folder of another user, or something else in its place
            why = f"kernels kept in {cache_root()} cannot be read ({error.strerror})"
            _say_once(f"{why}; compiling at every start. Delete that folder, or name another one in HIDESEEK_CACHE")
            self.disable()
        except Exception:  # a file cut off while it was written raises whatever unpickling meets
            _say_once(f"kernels kept in {cache_root()} are damaged; compiling those again")
            self._drop()
        return None

    def _drop(self) -> None:
        """Forgets the kept files; where that cannot be written, this process keeps nothing."""
        try:
            self.flush()
        except OSError:
            self.disable()


@functools.cache
def _say_once(text: str) -> None:
    """Says it once in a process: one full disk damages many files."""
    print(f"hideseek: {text}", file=sys.stderr, flush=True)


def _forget_old(newest: Path) -> None:
    """Keeps a few versions of each module's kernels; a cache must not grow for ever."""
    module = newest.name.rpartition("-")[0]
    folders = [path for path in newest.parent.glob(f"{module}-*") if path.name.rpartition("-")[0] == module]
    for old in sorted(folders, key=lambda path: path.stat().st_mtime, reverse=True)[_VERSIONS_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
