"""What happened that has no name: groups of episodes that came up in training.

Every stage of a run gives episodes, each a vector of plain numbers (`replays.behaviour`). The vectors of all stages are
standardised and seen along the few directions in which the stages' means lie apart: what training does not change is
noise here, and it fills most of the numbers. There a mixture of Gaussians (scikit-learn; the Bayesian information
criterion chooses their number) clusters them, without labels. A density-based clustering of the same vectors (HDBSCAN)
misses behaviour that comes gradually: it left 70 to 100 % of the episodes of real runs in no cluster, and missed a fort
that 74 % of them had; `policies/LOG.md` of 2026-11-27 compares them.

A cluster is a *new behaviour* if it held under `BEFORE` of the episodes of random teams and over `AFTER` at a later
stage. Its *novelty* is how far its episodes lie from those of the stages before, against how far those lie from each
other (the distance to the `NEIGHBOURS`-th nearest; as in novelty search, Lehman and Stanley 2011). A group is
*explained* by a strategy of the catalogue that nearly all of its episodes show, and at most half as large a share of
all others.

An *alarm* is a stage at which a team became much better or worse against the fixed panel while no strategy moved.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from sklearn.decomposition import PCA
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import NearestNeighbors

from policies.evaluation.stages import Stage
from replays.report.documents.run import Group, Jump

BEFORE, AFTER = 0.01, 0.05
"""Shares of a stage's episodes that a new behaviour comes from under, and rises above."""
NEIGHBOURS = 10
_EXPLAINED, _TELLS_APART = 0.8, 0.5
"""A strategy explains a group if at least the first share of its episodes show it, and elsewhere at most the second
fraction of that share."""
_VARIANCE = 0.9
"""Share of the variance between the stages' means that the directions keep."""
_MOST_CLUSTERS = 10
_LEAST_WIDTH = 0.01
"""Added to a cluster's variance in each direction, in standard deviations squared: none shrinks to a point."""
LEAST_EPISODES = 10 * NEIGHBOURS
"""Fewer episodes in all say nothing about groups."""
TYPICAL = 5
"""Episodes shown as examples of a group."""
_SIGMAS = 3.0
_MOST_DIFFERENCES = 4
"""Most numbers named in which a group differs."""


class _Rise(NamedTuple):
    """How a cluster's share of a stage's episodes rose."""

    shares: np.ndarray
    """float64 [stage]"""
    quiet: int
    """The last stage before the first that is not under BEFORE."""
    came_up: int
    """The first stage above AFTER."""


def embedded(stages: Sequence[Stage]) -> np.ndarray:
    """float64 [episode, direction]: the episodes of all stages, stage by stage; no direction if stages are alike."""
    numbers = _numbers(stages)
    kept = numbers.std(axis=0) > 1e-9
    standard = np.clip((numbers[:, kept] - numbers[:, kept].mean(axis=0)) / numbers[:, kept].std(axis=0), -5.0, 5.0)
    means = standard.reshape(len(stages), -1, standard.shape[1]).mean(axis=1)
    if not np.ptp(means, axis=0).any():
        return np.zeros((len(standard), 0))
    return PCA(n_components=_VARIANCE, svd_solver="full").fit(means).transform(standard)


def clusters(places: np.ndarray) -> np.ndarray:
    """int [episode]: the cluster of each."""
    fits = [
        GaussianMixture(number, reg_covar=_LEAST_WIDTH, n_init=2, random_state=0).fit(places)
        for number in range(1, min(_MOST_CLUSTERS, len(places) // LEAST_EPISODES) + 1)
    ]
    return min(fits, key=lambda fit: fit.bic(places)).predict(places)


def new_groups(stages: Sequence[Stage]) -> list[Group]:
    """The new behaviours of a run; those that no strategy explains come first, then the most novel and frequent.

    Args:
        stages: in order of training; each with as many episodes.
    """
    if sum(len(one.hidden) for one in stages) < LEAST_EPISODES:
        return []
    places = embedded(stages)
    if not places.shape[1]:
        return []
    labels = clusters(places)
    stage = np.repeat(np.arange(len(stages)), len(places) // len(stages))
    found = []
    for label in range(labels.max() + 1):
        members = labels == label
        rise = _rise(np.array([members[stage == number].mean() for number in range(len(stages))]))
        if rise and ((stage <= rise.quiet) & ~members).sum() > NEIGHBOURS:
            found.append(_group(stages, places, members, stage, rise))
    return sorted(found, key=lambda group: (bool(group["explained_by"]), -group["novelty"] * group["share_after"]))


def alarms(
    agent_steps: Sequence[int], panel: tuple[np.ndarray, np.ndarray], rates: np.ndarray, episodes: int
) -> list[Jump]:
    """Stages at which the result against the panel jumped by over 3 standard errors while no strategy did.

    Args:
        agent_steps: of each stage.
        panel: float [stage] twice: hidden fraction against the fixed panel, and its standard error.
        rates: float [stage, strategy]: proportions of episodes.
        episodes: how many each stage has of those.
    """
    found: list[Jump] = []
    hidden, error = panel
    for stage in range(1, len(agent_steps)):
        jump = hidden[stage] - hidden[stage - 1]
        moved = np.abs(rates[stage] - rates[stage - 1]) > _SIGMAS * _error(rates[[stage - 1, stage]], episodes)
        if abs(jump) > _SIGMAS * np.hypot(error[stage - 1], error[stage]) and not moved.any():
            found.append({"agent_steps": int(agent_steps[stage]), "jump": float(jump)})
    return found


def _error(rates: np.ndarray, episodes: int) -> np.ndarray:
    """float [strategy]: the standard error of the difference of two proportions [2, strategy]; never nothing."""
    pooled = np.clip(rates.mean(axis=0), 1.0 / episodes, 1.0 - 1.0 / episodes)
    return np.sqrt(2.0 * pooled * (1.0 - pooled) / episodes)


def _numbers(stages: Sequence[Stage]) -> np.ndarray:
    return np.concatenate([np.stack(list(one.behaviour.values()), axis=1) for one in stages])


def _rise(shares: np.ndarray) -> _Rise | None:
    """None if the share never rose above AFTER, or was not under BEFORE with random teams, the first stage."""
    above = np.flatnonzero(shares > AFTER)
    if not len(above) or shares[0] >= BEFORE:
        return None
    return _Rise(shares, int(np.argmax(shares >= BEFORE)) - 1, int(above[0]))


def _group(
    stages: Sequence[Stage],
    places: np.ndarray,
    members: np.ndarray,
    stage: np.ndarray,
    rise: _Rise,
) -> Group:
    archive = places[(stage <= rise.quiet) & ~members]
    near = NearestNeighbors(n_neighbors=NEIGHBOURS + 1).fit(archive)
    away = np.median(near.kneighbors(places[members], NEIGHBOURS)[0][:, -1])
    usual = np.median(near.kneighbors(archive)[0][:, -1])
    middle = np.median(places[members], axis=0)
    late = np.flatnonzero(members & (stage >= rise.came_up))
    order = late[np.argsort(np.linalg.norm(places[late] - middle, axis=1))]
    return {
        "share_before": float(rise.shares[: rise.quiet + 1].max()),
        "share_after": float(rise.shares[rise.came_up :].max()),
        "agent_steps": stages[rise.came_up].agent_steps,
        "novelty": float(away / max(usual, 1e-9)),
        "explained_by": _explained_by(stages, members),
        "differs_in": _differences(stages, members),
        "typical": [divmod(int(one), len(stage) // len(stages)) for one in order[:TYPICAL]],
    }


def _explained_by(stages: Sequence[Stage], members: np.ndarray) -> list[str]:
    found = []
    for name in stages[0].strategies:
        shown = np.concatenate([one.strategies[name] for one in stages])
        inside, outside = shown[members].mean(), shown[~members].mean() if (~members).any() else 0.0
        if inside >= _EXPLAINED and outside <= _TELLS_APART * inside:
            found.append(name)
    return found


def _differences(stages: Sequence[Stage], members: np.ndarray) -> list[tuple[str, float]]:
    numbers, names = _numbers(stages), list(stages[0].behaviour)
    spread = np.maximum(numbers.std(axis=0), 1e-9)
    gaps = (numbers[members].mean(axis=0) - numbers[~members].mean(axis=0)) / spread
    return [(names[k], float(gaps[k])) for k in np.argsort(-np.abs(gaps))[:_MOST_DIFFERENCES]]
