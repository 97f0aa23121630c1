"""What the agents of a recording were shown at a tick: the game itself enters that moment and shows it again.

So the scenario's shifts and the length of its episodes count as they did for the agents, wherever an episode ended.
"""

import threading
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from replays.format.recording import Recording
from replays.live_episode import NO_CHANGES, is_world_of, world_at
from sim.errors import UserError
from sim.observe import Clock, ObservationContext, observe
from sim.rules import RULES
from sim.scenario import scenario_from_text
from sim.schema import observation_size
from sim.sight import Visibility, blindfold, look
from sim.state import take

if TYPE_CHECKING:
    from sim.game import Game

_ONE_AT_A_TIME = threading.Lock()
"""The games below are shared by all films."""


@dataclass(frozen=True)
class Shown:
    """What all agents see and observe when a tick begins."""

    seen: Visibility
    """First axis 1."""
    observation: np.ndarray
    """float32 [agent, number]"""
    estimated: bool
    """No game of this version can enter the moment, because its scenario is unknown or another now, or because a body
    is where none can be. Then shifts are left out, and the ticks played are taken for the episode's length."""


def shown_at(recording: Recording, tick: int) -> Shown:
    """What the agents were shown when a tick began."""
    with _ONE_AT_A_TIME:
        game = _game(recording.header.scenario)
        if game is not None and is_world_of(game.scenario, recording):
            with suppress(UserError, ValueError):
                game.restore(*world_at(recording, tick, NO_CHANGES))
                seen = Visibility(*(column.copy() for column in game.seen))
                return Shown(seen, game.observation[0].copy(), estimated=False)
    return _estimate(recording, tick)


@lru_cache(maxsize=16)
def _game(scenario: str) -> "Game | None":
    """A game of one world of a scenario; None if this version does not know it."""
    from sim.game import Game

    try:
        return Game(scenario_from_text(scenario), 1)
    except UserError:
        return None


def _estimate(recording: Recording, tick: int) -> Shown:
    """What is seen of the recorded states, without a scenario; which agents were seen is recorded."""
    header, layout = recording.header, recording.layout
    state = take(recording.states, slice(tick, tick + 1))
    seen = look(header.slots, layout, state)
    if tick < header.preparation_ticks:
        blindfold(header.slots, seen, 0)
    seen.agents[0] = recording.seen[tick]
    rows = np.zeros((1, header.slots.agents, observation_size(header.slots)), np.float32)
    clock = Clock(header.preparation_ticks, header.ticks)
    observe(ObservationContext(RULES, header.slots, clock, layout, state, seen), 0, rows)
    return Shown(seen, rows[0], estimated=True)
