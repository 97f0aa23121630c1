"""What `hideseek tournament --json` prints, a `TournamentDocument`; the page of a tournament shows it."""

from typing import TypedDict

from replays.report.documents.common import Side


class Forgotten(TypedDict):
    """What the newest stage of a run does worse against an opponent than an earlier stage did.

    Fractions are of play in which hiders stay hidden, 0 to 1, whichever side forgot.
    """

    team: str
    """The newest stage."""
    best: str
    """The stage that did best."""
    against: str
    hidden_before: float
    hidden_after: float
    drop: float
    """How much worse, above 0."""


class TournamentDocument(TypedDict):
    """Every hiders against every seekers. Lists are in the order of the names in `hiders` and `seekers`."""

    hiders: list[str]
    seekers: list[str]
    hidden: list[list[float]]
    """[hiders][seekers]: mean fraction of play in which hiders stay hidden, 0 to 1."""
    standard_error: list[list[float]]
    """[hiders][seekers]: of that mean."""
    runs: list[str]
    """Those of which stages take part."""
    runs_of_one_stage: list[str]
    episodes: int
    """Of each pair."""
    ratings: dict[Side, dict[str, float]]
    """By side and name: log-odds of being hidden; the random team has 0."""
    cyclic_share: float
    """Share of the variance between pairs that no ratings explain, 0 to 1."""
    forgotten: list[Forgotten]
    """The worst first."""
