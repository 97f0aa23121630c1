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
    """`count` of these, or all: evenly from the first to the last, those to be kept in the place of the nearest."""
    order, count = list(paths), min(count, len(paths))
    places = [round(k * (len(order) - 1) / max(count - 1, 1)) for k in range(count)]
    for here in sorted(map(order.index, kept)):
        places.remove(min(places, key=lambda place, here=here: abs(place - here)))
    return sorted([*kept, *(order[place] for place in places)], key=order.index)
