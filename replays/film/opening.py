"""Which strategies a film or a part of it shows, and where it opens to show one: a little before it comes."""

from replays.events import SHUT_KINDS, since_last_change
from replays.film.film import Film
from replays.film.labels import Found, found_strategies
from replays.strategies.catalogue import strategies
from sim.rules import RULES

_LEAD_TICKS = round(2.0 / RULES.tick_s)
_SHUT = [strategy.title for strategy in strategies() if strategy.kind in SHUT_KINDS]
"""Each names a seal, of which the events tell only one kind: hiders in a fort are sealed in, too."""


def shown_strategies(film: Film, first: int, last: int) -> list[Found]:
    """The strategies in the ticks `first` to `last`, both included, the most interesting first.

    What began earlier and lasts counts from the first of them.
    """
    header, events = film.recording.header, since_last_change(film.events)
    earlier = [event for event in film.lasting_at(first) if event.tick < first and event in events]
    within = [event for event in events if first <= event.tick <= last]
    shown = [*(event._replace(tick=first) for event in earlier), *within]
    return found_strategies(shown, header.slots.hiders, min(last + 1, header.ticks))


def comes_at(film: Film, title: str) -> int | None:
    """The tick at which a strategy first comes, by its title; of what lasts, the longest time. None if it does not."""
    began = {one.title: one.began for one in shown_strategies(film, 0, film.recording.header.ticks)}
    alike = [title, *_SHUT] if title in _SHUT else [title]
    return next((began[one] for one in alike if one in began), None)


def opens_at(comes: int | None) -> int:
    """The tick to begin with in order to see what comes at a tick; the first one if nothing does."""
    return max((comes or 0) - _LEAD_TICKS, 0)
