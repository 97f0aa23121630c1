"""What labels compare, as numbers: features for a reward model, observations and actions for a policy.

A clip of n ticks has n + 1 states. Features are those of the states that its ticks lead to; observations are what the
hiders were shown before them, worked out again from the states, and actions what they did then.
"""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np

from policies.preferences.features import of_recording
from policies.preferences.reward_model import Comparisons, joined
from replays.format.recording import Recording
from replays.labels import Choice, Clip, Label, read, recording_of
from sim.errors import UserError
from sim.game import Game
from sim.layout import Layout, side_agents
from sim.rules import HIDERS
from sim.scenario import Scenario, brief, full_text
from sim.state import take

Found = TypeVar("Found")

PREFERRED: dict[Choice, float] = {"left": 1.0, "right": 0.0, "equal": 0.5}
"""How much the left clip is preferred, by the answer; "skip" says nothing."""


class Deed(NamedTuple):
    """What hiders saw and did in a clip of T ticks."""

    observations: np.ndarray
    """float32 [T, hider, F]"""
    actions: np.ndarray
    """int8 [T, hider, 3]"""


def answered(path: Path) -> list[Label]:
    """The labels of a file that say something.

    Raises:
        UserError: there are none, or as for `replays.labels.read`.
    """
    labels = [label for label in read(path) if label.choice in PREFERRED]
    if len(labels) < 2:
        raise UserError(f"{path} answers fewer than two pairs; label some with hideseek rank")
    return labels


def comparisons(labels: Sequence[Label]) -> Comparisons:
    """The features of all pairs. Raises UserError if a recording cannot be read or is too short."""
    look = _each_once(lambda clip, recording: of_recording(recording, clip.first, clip.until))
    return joined([(look(label.left), look(label.right), PREFERRED[label.choice]) for label in labels])


def deeds(labels: Sequence[Label], scenario: Scenario) -> list[tuple[Deed, Deed, float]]:
    """What was done in all pairs, and how much the left one is preferred.

    Raises:
        UserError: a recording cannot be read, is too short, or shows another world than this scenario.
    """
    games: dict[int, Game] = {}

    def of(clip: Clip, recording: Recording) -> Deed:
        if recording.header.scenario != full_text(scenario):
            shown, own = brief(recording.header.scenario), brief(full_text(scenario))
            raise UserError(f"{clip.path} shows {shown}, and the team plays {own}; give labels of its own world")
        game = games[clip.ticks] = games.get(clip.ticks) or Game(scenario, clip.ticks)
        before, hiders = slice(clip.first, clip.until), side_agents(scenario.slots, HIDERS)
        return Deed(_observed(game, recording, before)[:, hiders], recording.actions[before, hiders])

    look = _each_once(of)
    return [(look(label.left), look(label.right), PREFERRED[label.choice]) for label in labels]


def _observed(game: Game, recording: Recording, ticks: slice) -> np.ndarray:
    """float32 [T, agent, F]: the observations of a recording's states, of which the game has as many worlds."""
    layout = Layout(*(np.repeat(column, game.worlds, axis=0) for column in recording.layout))
    game.restore(layout, take(recording.states, ticks))
    return game.observation.copy()


def _each_once(of: Callable[[Clip, Recording], Found]) -> Callable[[Clip], Found]:
    """Looks at each clip once, however many pairs it is in."""

    @cache
    def look(clip: Clip) -> Found:
        return of(clip, recording_of(clip))

    return look
