"""A table of how goal-conditioned hiders follow their goals, for the page of taught runs."""

from collections.abc import Sequence
from html import escape

from replays.report.documents.taught import GoalFollowing
from replays.report.tables import rate_text, table


def goal_following_table(rows: Sequence[GoalFollowing]) -> str:
    """Goals given from top to bottom, goals met from left to right; bold where both are the same."""
    sets = list(rows[0]["met"])
    lines = []
    for row in rows:
        met = [rate_text(row["met"][name]) for name in sets]
        cells = [f"<b>{rate}</b>" if name == row["told"] else rate for name, rate in zip(sets, met, strict=True)]
        lines.append([_words(row), *cells])
    return table(("given", *(f"{escape(_and(name))} met" for name in sets)), lines)


def _words(row: GoalFollowing) -> str:
    if row["told"] is None:
        return "before"
    return escape(_and(row["told"])) + ("" if row["taught"] else " (not in training)")


def _and(goals: str) -> str:
    return goals.replace(",", " and ")
