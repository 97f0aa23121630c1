"""Sets of goals for hiders: each a text, the names with commas between them, such as "sealed,apart"."""

from collections.abc import Sequence


def goal_names(sets: Sequence[str]) -> tuple[str, ...]:
    """The goals in these sets, in the order of the numbers that stand for them."""
    return tuple(dict.fromkeys(name for one in sets for name in one.split(",")))
