"""Which recordings are shown side by side."""

from collections.abc import Sequence
from pathlib import Path

MOST_BESIDE = 4
"""Most recordings side by side."""


def pair(shown: Path, choices: Sequence[Path]) -> list[Path]:
    """A recording and the first or last of the choices, in their order; nothing where there is no other."""
    other = choices[0] if choices[0] != shown else choices[-1]
    return [] if other == shown else sorted([other, shown], key=choices.index)


def spread(paths: Sequence[Path], kept: Sequence[Path] = (), count: int = MOST_BESIDE) -> list[Path]:
    """`count` of these, or all: those to be kept, and of the others evenly from the first to the last."""
    others = [path for path in paths if path not in kept]
    count = min(count - len(kept), len(others))
    more = [others[round(k * (len(others) - 1) / max(count - 1, 1))] for k in range(count)]
    return sorted([*kept, *more], key=list(paths).index)
