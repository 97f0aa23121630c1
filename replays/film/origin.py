"""Where the behaviour in a recording comes from: learned, scripted, played by a person, or changed by one."""

from collections.abc import Iterable

from replays.events import CHANGE_KINDS, Event
from replays.film.labels import trained_steps
from replays.format.header import WITH_PERSON, Header

LEARNED, SCRIPTED, OWN, PLAYED, CHANGED = "learned", "scripted", "your own loop", "played by you", "changed by you"
HIDERS_LEARNED, SEEKERS_LEARNED = "hiders learned", "seekers learned"
"""One team learned, and the other is scripted."""
LEARNED_ORIGINS = (LEARNED, HIDERS_LEARNED, SEEKERS_LEARNED)
ORIGINS = (*LEARNED_ORIGINS, SCRIPTED, OWN, PLAYED, CHANGED)
"""Every origin, in the order in which the gallery shows them."""


def origin_of(header: Header, events: Iterable[Event]) -> str:
    """One of ORIGINS. A world that was changed counts before who played in it, and a person before the teams."""
    names = (header.hiders, header.seekers)
    if header.outcome.get("changed") or any(event.kind in CHANGE_KINDS for event in events):
        return CHANGED
    if header.outcome.get("played_by") or any(name.endswith(WITH_PERSON) for name in names):
        return PLAYED
    if header.outcome.get("recorded_by"):
        return OWN
    hiders, seekers = (
        bool(header.hashes.get(side)) or trained_steps(name) is not None
        for side, name in zip(("hiders", "seekers"), names, strict=True)
    )
    if hiders and seekers:
        return LEARNED
    return HIDERS_LEARNED if hiders else SEEKERS_LEARNED if seekers else SCRIPTED
