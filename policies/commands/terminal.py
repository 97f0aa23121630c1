"""Text in lines that fit the terminal; where there is none, as for the next program, no line is broken."""

import re
import shutil
import textwrap

_ENDLESS = 10**6


def columns() -> int:
    """Letters in a line of the terminal, or of $COLUMNS."""
    return shutil.get_terminal_size((_ENDLESS, 1)).columns


def hanging(text: str, indent: int, most: int = _ENDLESS) -> str:
    """One entry of a list; lines after the first begin at `indent`, or earlier in a narrow terminal."""
    width = min(columns(), most)
    return textwrap.fill(text, width, subsequent_indent=" " * min(indent, width // 3), break_on_hyphens=False)


def paragraphs(text: str) -> str:
    """A longer text, whose parts have empty lines between them; a part in which a line is indented is a drawing."""
    return "\n\n".join(part if re.search("^ ", part, re.MULTILINE) else _filled(part) for part in text.split("\n\n"))


def _filled(part: str) -> str:
    """A part as it is if its lines fit."""
    fits = max(map(len, part.splitlines()), default=0) <= columns()
    return part if fits else hanging(" ".join(part.split()), 0)
