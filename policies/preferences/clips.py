"""Labels as training data: features of clips for a reward model, observations and actions for a policy.

A clip of n ticks has n + 1 states. Its features are those of the n states after the first. Its observations are those
of the n states before the last, computed again from the recorded states, and its actions those taken in them.

A vote says with which sign a reward should depend on a feature. It becomes a comparison too: of its clips with copies
of them in which this one feature fits the statement less, by its standard deviation over ticks. That is our own simple
choice. Basu et al. (2018, arXiv 1802.01604) also ask about features beside comparisons: which feature made the
difference between two clips.
"""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np

from policies.preferences.features import FEATURES, recording_features
from policies.preferences.reward_model import Comparison, Comparisons, stack_comparisons
from replays.format.recording import Recording
from replays.labels import PREFERRED, read
from replays.questions import Clip, Label, Statement, recording_of
from sim.errors import UserError
from sim.game import Game
from sim.layout import Layout, side_agents
from sim.rules import HIDERS
from sim.scenario import Scenario, brief, full_text, scenario_from_text
from sim.state import take

Result = TypeVar("Result")


class Segment(NamedTuple):
    """What hiders observed and did in a clip of T ticks."""

    observations: np.ndarray
    """float32 [T, hider, F]"""
    actions: np.ndarray
    """int8 [T, hider, 3]"""
    exist: np.ndarray
    """bool [hider]: the others are slots that nobody has."""


class SegmentComparison(NamedTuple):
    """One answered question about two sides, of one clip or more each."""

    left: tuple[Segment, ...]
    right: tuple[Segment, ...]
    preferred: float
    """How much the left side is preferred: 1, 0.5 or 0."""


def answered_labels(path: Path) -> list[Label]:
    """The labels of a file without those that say nothing ("skip", "unsure").

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


def feature_comparisons(labels: Sequence[Label]) -> Comparisons:
    """What labels say about features. Raises UserError if a recording cannot be read or is too short."""
    return comparisons_of(labels, _cached(lambda clip, file: recording_features(file, clip.first, clip.until)))


def comparisons_of(labels: Sequence[Label], features_of: Callable[[Clip], np.ndarray]) -> Comparisons:
    """As `feature_comparisons`, with a function that returns the features of a clip, float32 [tick, feature]."""
    every = np.concatenate([features_of(clip) for label in labels for clip in label.question.clips])
    spread = every.std(axis=0)
    parts = []
    for label in labels:
        left, right = ([features_of(clip) for clip in side] for side in (label.question.left, label.question.right))
        if statement := label.question.statement:
            right = [_shifted_against(rows, statement, spread) for rows in left]
        parts.append(Comparison(left, right, PREFERRED[label.choice], vote=statement is not None))
    return stack_comparisons(parts)


def _shifted_against(rows: np.ndarray, statement: Statement, spread: np.ndarray) -> np.ndarray:
    """A copy of these features in which the statement's feature fits it less, by its standard deviation `spread`."""
    column = list(FEATURES).index(statement.feature)
    changed = rows.copy()
    changed[:, column] -= statement.sign * spread[column]
    return changed


def segment_comparisons(labels: Sequence[Label], scenario: Scenario) -> list[SegmentComparison]:
    """What hiders observed and did on both sides of each label; votes are left out.

    Raises:
        UserError: a recording cannot be read, is too short, or shows another world than this scenario; or there are
            only votes.
    """
    games: dict[int, Game] = {}

    def segment(clip: Clip, recording: Recording) -> Segment:
        if scenario_from_text(recording.header.scenario) != scenario:  # its text may lack options that came since
            shown, own = brief(recording.header.scenario), brief(full_text(scenario))
            raise UserError(f"{clip.path} shows {shown}, and the team plays {own}; give labels of its own world")
        game = games[clip.ticks] = games.get(clip.ticks) or Game(scenario, clip.ticks)
        before, hiders = slice(clip.first, clip.until), side_agents(scenario.slots, HIDERS)
        exist = recording.layout.agent_exists[0, hiders]
        return Segment(_observed(game, recording, before)[:, hiders], recording.actions[before, hiders], exist)

    two_sided = [label for label in labels if label.question.statement is None]
    if not two_sided:
        raise UserError("--method preference learns nothing from votes; label pairs or groups, or use reward-model")
    segment_of = _cached(segment)
    return [
        SegmentComparison(
            tuple(map(segment_of, label.question.left)),
            tuple(map(segment_of, label.question.right)),
            PREFERRED[label.choice],
        )
        for label in two_sided
    ]


def _observed(game: Game, recording: Recording, ticks: slice) -> np.ndarray:
    """float32 [T, agent, F]: the observations of T states of a recording; the game has T worlds."""
    layout = Layout(*(np.repeat(column, game.worlds, axis=0) for column in recording.layout))
    game.restore(layout, take(recording.states, ticks))
    return game.observation.copy()


def _cached(function: Callable[[Clip, Recording], Result]) -> Callable[[Clip], Result]:
    """`function` of a clip and its recording, computed once for each clip, however many pairs it is in."""

    @cache
    def of_clip(clip: Clip) -> Result:
        return function(clip, recording_of(clip))

    return of_clip
