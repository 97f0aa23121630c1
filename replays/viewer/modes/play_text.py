"""What the window says to a person who plays."""

from replays.film.film import Film
from replays.session import Session
from replays.wording import thing_name
from sim.layout import side_of
from sim.state import FREE


def advice(session: Session) -> str:
    """What the hands of the played agent can do."""
    human = session.human
    if human is None:
        return "Tab: play one of them yourself."
    slots = session.game.slots
    if human >= slots.hiders and session.episode.played < session.episode.header.preparation_ticks:
        return "Preparation: seekers cannot see or move yet."
    held, near = session.held(human), session.within_reach(human)
    if held != FREE:
        return f"You hold {thing_name(held, slots)}."
    if near == FREE:
        return "Nothing to grab: see it, and get close."
    own = 1 + side_of(human, slots)
    lock = session.lock(near)
    state = "" if not lock else ", locked by your team" if lock == own else ", locked: not yours to open"
    return f"Within reach: {thing_name(near, slots)}{state}."


def how_it_ended(film: Film) -> str:
    """Who won, or what was paid, in a sentence."""
    if not (outcome := outcome_text(film)):
        return "The episode is over"
    if not film.has_seekers:
        return f"{outcome.capitalize()} in all"
    winner = "The hiders win" if film.hidden_share[-1] > 0.5 else "The seekers win"
    return f"{winner}: {outcome} of the time"


def outcome_text(film: Film) -> str:
    """How much was hidden or paid by the end, in two words; nothing where no time was played."""
    if not film.has_seekers:
        return f"paid {film.paid_so_far[-1]:.1f}"
    share = film.hidden_share[-1]
    return f"hidden {share:.0%}" if share >= 0 else ""
