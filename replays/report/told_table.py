"""What hiders do that were told different goals, as a table of the page of taught runs."""

from collections.abc import Sequence
from html import escape

from replays.report.documents.taught import ToldGoals
from replays.report.tables import rate_text, table


def told_table(rows: Sequence[ToldGoals]) -> str:
    """What was told from top to bottom, what was met from left to right; bold where both are the same."""
    sets = list(rows[0]["met"])
    lines = []
    for row in rows:
        met = [rate_text(row["met"][name]) for name in sets]
        cells = [f"<b>{rate}</b>" if name == row["told"] else rate for name, rate in zip(sets, met, strict=True)]
        lines.append([_words(row), *cells])
    return table(("told", *(f"{escape(_and(name))} met" for name in sets)), lines)


def _words(row: ToldGoals) -> str:
    if row["told"] is None:
        return "the team before"
    return escape(_and(row["told"])) + ("" if row["taught"] else " (not in training)")


def _and(goals: str) -> str:
    return goals.replace(",", " and ")
