"""Compilation: every kernel of the project is a numba function made by `compiled`, `reordered` or `allocating`.

Compiled kernels are kept on disk, see `sim.kernel_cache`; the first use on a machine says what is compiled.
"""

import sys
from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba.core import event

from sim.kernel_cache import cache_root
from sim.linked_kernel import Kernel, LinkedKernel

Function = TypeVar("Function", bound=Callable)

_OPTIONS = {"nopython": True, "nogil": True, "error_model": "numpy", "boundscheck": None}
"""Options for numba."""

_PARTS = {
    "sim.scenarios.drawn": "start positions in drawn worlds",
    "sim.scenarios": "start positions",
    "sim": "the world",
    "replays": "what looks for strategies",
    "policies.scripted": "the scripted player {name}",
    "policies.agents": "networks on entity tables",
}
"""The part that a kernel belongs to, by the beginning of its module's name; the first match counts."""


class _CompilationListener(event.Listener):
    """Says on stderr what is being compiled, once for each part; kernels from the cache are not compiled.

    A kernel that is linked into another one is part of that one.

    It also raises TypeError if a `compiled` kernel returns an array, which would be freed while in use.
    """

    def __init__(self) -> None:
        self.said: set[str] = set()

    def on_start(self, event: event.Event) -> None:
        kernel = (event.data or {})["dispatcher"]
        part = _part_of(kernel.py_func.__module__)
        if part and part not in self.said and not isinstance(kernel, LinkedKernel):
            self.said.add(part)
            kept = "once; it is kept" if cache_root() else "at every start, as no cache can be written"
            print(f"hideseek: compiling {part} ({kept}) ...", file=sys.stderr, flush=True)

    def on_end(self, event: event.Event) -> None:
        kernel = (event.data or {})["dispatcher"]
        returned = [str(signature.return_type) for signature in kernel.nopython_signatures]
        if kernel.targetoptions.get("_nrt") is False and any("array" in kind for kind in returned):
            raise TypeError(f"{kernel.__qualname__} is compiled and returns an array; fill one that it is given")


def _part_of(module: str) -> str:
    """The part that a module's kernels belong to; empty for what is not of this project."""
    part = next((part for beginning, part in _PARTS.items() if f"{module}.".startswith(f"{beginning}.")), "")
    return part.format(name=module.rpartition(".")[2])


event.register("numba:compile", _CompilationListener())


def _compile(function: Function, counted: bool, **options: Any) -> Function:
    # A tick is faster inlined. What runs once an episode, or once in a while, compiles in half the time without.
    inlined = function.__module__.startswith("sim.")
    return cast(Function, Kernel(function, {**_OPTIONS, "forceinline": inlined, "_nrt": counted, **options}))


def compiled(function: Function) -> Function:
    """Compiles a function with numba: no Python inside, the interpreter lock released, kept on disk.

    Kernels take whole tuples of arrays, and numba would count references to each of those at every call: that cost
    more than most kernels do. So they count none: a kernel borrows the arrays it is given, and can neither make nor
    return one; those that do are `allocating`.
    """
    return _compile(function, counted=False)


def reordered(function: Function) -> Function:
    """Compiles a function as `compiled` does, and lets sums be taken in any order, several terms at once.

    For networks, whose short loops are faster inlined; what a world computes must not depend on a processor's vectors.
    """
    return _compile(function, counted=False, fastmath={"reassoc", "contract"}, forceinline=True)


def allocating(function: Function) -> Function:
    """Compiles a function that makes arrays for its own use, or copies from one to another."""
    return _compile(function, counted=True)


def in_python(kernel: Function) -> Function:
    """The Python function that a kernel was made of, for a few calls that are not worth compiling it."""
    return cast(Any, kernel).py_func
