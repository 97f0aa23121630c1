"""A recording between its ticks: where everything is at any time, for smooth pictures."""

from typing import NamedTuple

import numpy as np

from replays.format.recording import Recording
from sim.errors import UserError
from sim.rules import RULES
from sim.state import ANGLE, State, X, Y, take

FURTHEST_M = 2 * RULES.max_travel_m * RULES.substeps
"""What moves further in a tick did not move: it was put there."""


def tick_range(recording: Recording, first: int, last: int | None) -> tuple[int, int]:
    """The first and the last tick of a part of a recording, both included; `last` may be None for the end.

    Raises:
        UserError: ticks that the recording does not have, or the last before the first.
    """
    ticks = recording.header.ticks
    end = ticks if last is None else last
    if not 0 <= first <= end <= ticks:
        raise UserError(f"ticks {first} to {end} are not all in this recording; choose from 0 to {ticks}, in order")
    return first, end


class Moment(NamedTuple):
    """One instant of a recording, ready to be drawn."""

    state: State
    """First axis 1."""
    seen: np.ndarray
    """bool [1, agent, agent]"""
    preparation: bool
    """Seekers are blind."""


def moment(recording: Recording, time: float) -> Moment:
    """The instant at `time`, counted in ticks from 0 to `header.ticks`; positions and angles are interpolated.

    Hands, locks, levels and sight are those of the last whole tick.
    """
    header, states = recording.header, recording.states
    time = min(max(time, 0.0), float(header.ticks))
    tick = int(time)
    now = State(*(column[tick : tick + 1] for column in states))
    later = State(*(column[min(tick + 1, header.ticks)][None] for column in states))
    return Moment(between(now, later, time - tick), recording.seen[tick : tick + 1], tick < header.preparation_ticks)


def between(now: State, later: State, share: float) -> State:
    """A copy of `now`, its bodies a share of the way to where they are a tick `later`, in as many worlds."""
    state = take(now, slice(None))
    if share > 0:
        _move(state.agents, later.agents, share)
        _move(state.things, later.things, share)
    return state


def _move(bodies: np.ndarray, later: np.ndarray, share: float) -> None:
    """Moves poses [world, body, 6] a share of the way to later ones, turning the shorter way round.

    What was put elsewhere waits.
    """
    put = np.hypot(later[..., X] - bodies[..., X], later[..., Y] - bodies[..., Y]) > FURTHEST_M
    later = np.where(put[..., None], bodies, later)
    bodies[..., [X, Y]] += share * (later[..., [X, Y]] - bodies[..., [X, Y]])
    turn = later[..., ANGLE] - bodies[..., ANGLE]
    bodies[..., ANGLE] += share * ((turn + np.pi) % (2 * np.pi) - np.pi)
