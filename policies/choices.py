"""What a message says of a name that is not known."""

import difflib
from collections.abc import Iterable

_NEAR = 0.7
"""How alike two names must be to be taken for each other, as `difflib` measures it: "seald" and "sealed" are 0.9."""


def choices(name: str, known: Iterable[str]) -> str:
    """The nearest of the names that are known, if any are near, and all of them."""
    known = list(known)
    near = " or ".join(difflib.get_close_matches(name, known, n=2, cutoff=_NEAR))
    return f"{near and f'did you mean {near}? '}choose from {', '.join(known)}"
