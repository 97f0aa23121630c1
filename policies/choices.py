"""What a message says of a name that is not known."""

import difflib
from collections.abc import Iterable


def choices(name: str, known: Iterable[str]) -> str:
    """The nearest of the names that are known, if any are near, and all of them."""
    known = list(known)
    near = " or ".join(difflib.get_close_matches(name, known, n=2))
    return f"{near and f'did you mean {near}? '}choose from {', '.join(known)}"
