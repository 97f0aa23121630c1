"""All strategies, and the search for them in a trace."""

import importlib
import pkgutil
from functools import cache

import numpy as np

import replays.strategies
from replays.strategies.evidence.trace import Trace
from replays.strategies.strategy import Strategy

_SEALED, _WHEN = ("soft", "robust", "fort"), ("prep", "end")
SEALS = tuple(f"{kind}_{when}" for when in _WHEN for kind in _SEALED)
"""The names of `seal_flags`."""


@cache
def strategies() -> tuple[Strategy, ...]:
    """Every strategy that has a file in this folder, the most interesting first."""
    names = [module.name for module in pkgutil.iter_modules(replays.strategies.__path__) if not module.ispkg]
    modules = [importlib.import_module(f"replays.strategies.{name}") for name in names]
    found = [module.STRATEGY for module in modules if hasattr(module, "STRATEGY")]
    return tuple(sorted(found, key=lambda strategy: strategy.rank))


@cache
def names() -> tuple[str, ...]:
    """The names of all strategies, in their order."""
    return tuple(strategy.name for strategy in strategies())


def by_name(name: str) -> Strategy:
    """The strategy of that name.

    Raises:
        KeyError: there is none.
    """
    return {strategy.name: strategy for strategy in strategies()}[name]


def find_all(trace: Trace) -> dict[str, np.ndarray]:
    """Where each strategy occurs, by name; see `Strategy.find`."""
    return {strategy.name: strategy.find(trace) for strategy in strategies()}


def flags(found: dict[str, np.ndarray], worlds: int) -> dict[str, np.ndarray]:
    """bool [world] by name: which of `worlds` worlds show each strategy, from what `find_all` found in them."""
    shown = {}
    for name, rows in found.items():
        shown[name] = np.zeros(worlds, bool)
        shown[name][rows[:, 0]] = True
    return shown


def seal_flags(trace: Trace) -> dict[str, np.ndarray]:
    """bool [world] by name: which worlds are sealed, softly, robustly or in a fort (`evidence.seals`).

    `soft_prep` and so on at the end of preparation, if that was played; `soft_end` and so on at the end.
    """
    moments = zip(_WHEN, (trace.preparation_ticks, trace.ticks), strict=True)
    played = [(when, moment) for when, moment in moments if moment <= trace.ticks]
    return {f"{kind}_{when}": getattr(trace.seals, kind)[moment] for when, moment in played for kind in _SEALED}
