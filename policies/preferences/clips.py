"""What labels compare, as numbers: features for a reward model, observations and actions for a policy.

A clip of n ticks has n + 1 states. Features are those of the states that its ticks lead to; observations are what the
hiders were shown before them, worked out again from the states, and actions what they did then.

A vote says with which sign a reward should depend on a feature. It becomes a comparison as well: of its clips with the
same clips in which the feature, and nothing else, fits the statement less by one spread of ticks. That is a plain
choice of ours. To ask about features beside comparisons is that of Basu et al. (2018, arXiv 1802.01604), who ask which
feature made the difference between two clips.
"""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np

from policies.preferences.features import FEATURES, of_recording
from policies.preferences.reward_model import Comparison, Comparisons, joined
from replays.format.recording import Recording
from replays.labels import Label, read
from replays.questions import Choice, Clip, Statement, recording_of
from sim.errors import UserError
from sim.game import Game
from sim.layout import Layout, side_agents
from sim.rules import HIDERS
from sim.scenario import Scenario, brief, full_text, scenario_from_text
from sim.state import take

Found = TypeVar("Found")

PREFERRED: dict[Choice, float] = {"left": 1.0, "right": 0.0, "equal": 0.5, "yes": 1.0, "no": 0.0}
"""How much the left side, or what a statement says, is preferred, by the answer; "skip" and "unsure" say nothing."""


class Deed(NamedTuple):
    """What hiders saw and did in a clip of T ticks."""

    observations: np.ndarray
    """float32 [T, hider, F]"""
    actions: np.ndarray
    """int8 [T, hider, 3]"""


def answered(path: Path) -> list[Label]:
    """The labels of a file that say something.

    Raises:
        UserError: there are fewer than two, one is a vote about an unknown feature, or as for `replays.labels.read`.
    """
    labels = [label for label in read(path) if label.choice in PREFERRED]
    for label in labels:
        if (statement := label.question.statement) and statement.feature not in FEATURES:
            raise UserError(f"{path}, line {label.line}: feature '{statement.feature}' is unknown; remove the line")
    if len(labels) < 2:
        raise UserError(f"{path} answers fewer than two questions; label some with hideseek rank")
    return labels


def comparisons(labels: Sequence[Label]) -> Comparisons:
    """The features of all labels. Raises UserError if a recording cannot be read or is too short."""
    return compared(labels, _each_once(lambda clip, recording: of_recording(recording, clip.first, clip.until)))


def compared(labels: Sequence[Label], look: Callable[[Clip], np.ndarray]) -> Comparisons:
    """The same where a function gives features float32 [tick, feature] of a clip; see the module about votes."""
    every = np.concatenate([look(clip) for label in labels for clip in label.question.clips])
    spread = every.std(axis=0)
    parts = []
    for label in labels:
        left, right = ([look(clip) for clip in side] for side in (label.question.left, label.question.right))
        if statement := label.question.statement:
            right = [_opposed(rows, statement, spread) for rows in left]
        parts.append(Comparison(left, right, PREFERRED[label.choice], vote=statement is not None))
    return joined(parts)


def _opposed(rows: np.ndarray, statement: Statement, spread: np.ndarray) -> np.ndarray:
    """Features of ticks that are the same, but fit the statement less, by one spread of its feature."""
    column = list(FEATURES).index(statement.feature)
    changed = rows.copy()
    changed[:, column] -= statement.sign * spread[column]
    return changed


def deeds(labels: Sequence[Label], scenario: Scenario) -> list[tuple[tuple[Deed, ...], tuple[Deed, ...], float]]:
    """What was done on both sides of all labels but votes, and how much the left one is preferred.

    Raises:
        UserError: a recording cannot be read, is too short, or shows another world than this scenario; or there are
            only votes.
    """
    games: dict[int, Game] = {}

    def of(clip: Clip, recording: Recording) -> Deed:
        if scenario_from_text(recording.header.scenario) != scenario:  # its text may lack options that came since
            shown, own = brief(recording.header.scenario), brief(full_text(scenario))
            raise UserError(f"{clip.path} shows {shown}, and the team plays {own}; give labels of its own world")
        game = games[clip.ticks] = games.get(clip.ticks) or Game(scenario, clip.ticks)
        before, hiders = slice(clip.first, clip.until), side_agents(scenario.slots, HIDERS)
        return Deed(_observed(game, recording, before)[:, hiders], recording.actions[before, hiders])

    look, sided = _each_once(of), [label for label in labels if label.question.statement is None]
    if not sided:
        raise UserError("--method preference learns nothing from votes; label pairs or groups, or use reward-model")
    return [
        (tuple(map(look, label.question.left)), tuple(map(look, label.question.right)), PREFERRED[label.choice])
        for label in sided
    ]


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
