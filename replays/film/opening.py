"""Where a film opens for those who came to see a strategy: a little before it comes."""

from replays.events import SHUT_KINDS, since_last_change
from replays.film.film import Film
from replays.film.labels import found_strategies
from replays.strategies.catalogue import strategies
from sim.rules import RULES

_LEAD_TICKS = round(2.0 / RULES.tick_s)
_SHUT = [strategy.title for strategy in strategies() if strategy.kind in SHUT_KINDS]
"""Each names a seal, of which the events tell only one kind: hiders in a fort are sealed in, too."""


def comes_at(film: Film, title: str) -> int | None:
    """The tick at which a strategy first comes, by its title; of what lasts, the longest time. None if it does not."""
    header = film.recording.header
    found = found_strategies(since_last_change(film.events), header.slots.hiders, header.ticks)
    began = {one.title: one.began for one in found}
    alike = [title, *_SHUT] if title in _SHUT else [title]
    return next((began[one] for one in alike if one in began), None)


def opens_at(comes: int | None) -> int:
    """The tick to begin with in order to see what comes at a tick; the first one if nothing does."""
    return max((comes or 0) - _LEAD_TICKS, 0)
