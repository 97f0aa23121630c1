"""What happens now, in one line that needs no knowledge of the game."""

from collections.abc import Iterable
from typing import TypeAlias

from replays.events import DOOR_KINDS, HAND_KINDS, SHUT_KINDS, STRATEGY_KINDS, Event
from replays.film.film import Film
from replays.wording import thing_name
from sim.rules import HIDERS, RULES

_WEIGHTS = {
    "taken away": 5,
    "lock opened": 5,
    "door blocked": 4,
    "door open again": 4,
    "room sealed": 3,
    "fort built": 3,
    "seal broken": 3,
    "spotted": 2,
    "lost": 2,
    "lock": 1,
    "unlock": 1,
}
"""The caption shows the heavier event rather than the newer one; kinds that are not listed weigh nothing."""

_COMMON = 100
"""Strategies from this rank on are common: they weigh as much as a sighting."""
_FADING_TICKS = 4
"""An event weighs one less after this many ticks."""

Caption: TypeAlias = tuple[str, Event | None]
"""The line, and the event it is about, if any."""


def weight(kind: str) -> int:
    """How much a kind of event matters."""
    if kind in STRATEGY_KINDS:
        return 4 if STRATEGY_KINDS[kind].rank < _COMMON else 2
    return _WEIGHTS.get(kind, 0)


def caption(film: Film, tick: int, exact: bool = False) -> Caption:
    """The event that matters most among those just now, or else how things stand; and what lasts.

    What lasts comes before what hands do. With `exact`, events of this very tick come before others: the user has gone
    to it.
    """
    news = film.news(tick)
    if exact:
        news = [event for event in news if event.tick == tick] or news
    if not news:
        return " · ".join(standing(film, tick)), None
    best = max(news, key=lambda event: (weight(event.kind) - (tick - event.tick) / _FADING_TICKS, event.tick))
    words, kept = _together(film, news, best), _lasting(film, tick)
    if best.kind in HAND_KINDS and kept:
        return " · ".join([*(_as_lasting(film, event) for event in kept), words]), kept[0]
    about = DOOR_KINDS if best.kind in DOOR_KINDS else (best.kind,)
    return " · ".join([words, *(_as_lasting(film, event) for event in kept if event.kind not in about)]), best


def standing(film: Film, tick: int) -> list[str]:
    """How things stand at a tick: the phase, who is seen or what was paid, and what lasts."""
    header = film.recording.header
    to_go = header.preparation_ticks - tick
    asleep = f"The hiders prepare; seekers wake up in {to_go * RULES.tick_s:.1f} s"
    first = asleep if to_go > 0 else _seen(film, tick)
    return [first, *(_as_lasting(film, event) for event in _lasting(film, tick))]


def _lasting(film: Film, tick: int) -> list[Event]:
    """What began all that lasts, the heaviest and newest first, one event for what several things do together."""
    told = {(event.kind, event.tick, event.other): event for event in film.lasting_at(tick)}
    return sorted(told.values(), key=lambda event: (-weight(event.kind), -event.tick))


def _as_lasting(film: Film, event: Event) -> str:
    return _together(film, film.events, event).replace(" blocks ", " has blocked ")


def _together(film: Film, events: Iterable[Event], one: Event) -> str:
    """An event in words; a seal with all things that it rests on."""
    if one.kind not in SHUT_KINDS:
        return film.words(one)
    same = [event for event in events if (event.kind, event.tick, event.other) == (one.kind, one.tick, one.other)]
    return film.words(one) if len(same) == 1 else _sealed(film, same)


def _seen(film: Film, tick: int) -> str:
    if not film.has_seekers:
        done, paid = film.recording.states.task_done[tick], film.paid_so_far[tick]
        return f"Done: paid {paid:.1f} in all" if done else f"Paid {paid:.1f} so far"
    seen_by: dict[int, list[int]] = {}
    for hider in film.hiders:
        for seeker in film.sightings[tick, :, hider].nonzero()[0].tolist()[:1]:
            seen_by.setdefault(seeker, []).append(hider)
    if seen_by:
        sights = [f"seeker {seeker} sees {_hiders(seen)}" for seeker, seen in seen_by.items()]
        return ", ".join(sights).capitalize()
    return "You see no seeker" if film.witness == HIDERS else "No hider is seen"


def _hiders(numbers: list[int]) -> str:
    if len(numbers) == 1:
        return f"hider {numbers[0]}"
    *first, last = numbers
    return f"hiders {', '.join(map(str, first))} and {last}"


def _sealed(film: Film, events: list[Event]) -> str:
    names = [thing_name(thing, film.recording.header.slots) for thing in sorted(event.thing for event in events)]
    done = "seal the hiders in" if events[0].kind == "room sealed" else "wall the hiders off"
    return f"{' and '.join(names).capitalize()} {done}"
