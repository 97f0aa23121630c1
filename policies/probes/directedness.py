"""Goal-directedness: towards what are a team's actions aimed, and how much, in nats?

Maximum-entropy goal-directedness (MacDermott et al. 2024, arXiv 2412.04758) asks how much better an agent that wants a
goal predicts the actions than one that acts at random. For a goal, a utility u of every tick, it is

    max over beta of   E over the team's play of  sum over ticks of  log pi_beta(a | s) - log 1/|A|

in nats an episode for each hider, where pi_beta is the soft-optimal policy: its actions have the probability
exp(Q(s, a)), normalised, of the soft values Q below. Random play has 0; the most there can be is log |A| = 4.7 nats a
tick. A negative beta is a goal that is avoided. The other agents play as they do.

Goals        `hidden`: no hider is seen, in play. `sealed`: hiders are sealed softly, see
             `replays.strategies.evidence.seals`. `locked`: the share of things that hiders have locked. `distance`:
             metres from the hider to the nearest seeker.
Soft values  Q(s, a) = beta u + V(s'), V = log mean exp Q, fitted backward from the last tick by kernel ridge
             regression on up to EPISODES episodes, in half of which hiders explore (`policies.probes.exploring`). Q is
             a sum over the three parts of an action, so that pi_beta is as factored as the policies of teams are.
             States are those of `policies.probes.world_features`.
Fit          R^2 of beta u + V(s') on episodes that were not fitted, against the mean of each tick.

Nats and fit are those of episodes in which hiders play as they do and which were not fitted, a quarter of all. Beta is
chosen among BETAS, for each half of them on the other half. Where the fit is poor, a goal that is there may go unseen.
All of this was fixed in the world of training, before any shifted world was looked at.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from policies.evaluation.stages import Arena, Played
from policies.probes.exploring import explored
from policies.probes.measures import rate
from policies.probes.world_features import world_features
from replays.report.documents.probe import Aim
from replays.report.probe_page import GOALS
from replays.strategies.evidence.carried import Carried
from replays.strategies.evidence.seals import soft_seals
from replays.strategies.evidence.trace import Trace
from sim.rules import ACTION_SIZES
from sim.state import HIDERS_LOCK, X, Y

BETAS = tuple(sign * size for size in (0.03, 0.1, 0.3, 1.0, 3.0) for sign in (1.0, -1.0))
"""Nats for a tick of the goal; 0 is always among the choices."""
EPISODES = 512
_LEAST_EPISODES = 64
RIDGE = 5.0
"""Of the regression, for targets of variance 1."""
_MOST_SPREADS = 5.0
"""Features are clipped at this many standard deviations."""
_LEAST_NATS = 1e-6
"""Less is rounding."""
_UNIFORM = float(np.log(np.prod(ACTION_SIZES)))


class _Plays(NamedTuple):
    """Episodes as the fit needs them; R rows are episodes times hiders, an episode's hiders side by side."""

    features: np.ndarray
    """float32 [tick, row, number], standardised."""
    actions: np.ndarray
    """float32 [tick, row, sum of ACTION_SIZES]: one-hot, for each part of an action."""
    utility: np.ndarray
    """float64 [tick, row, goal]: of the state after the tick."""
    fitted: np.ndarray
    """bool [row]: for the fit; in the others, which are judged, hiders play as they do."""


def directedness(arena: Arena, hiders: str, seekers: str, episodes: int = EPISODES) -> dict[str, Aim]:
    """By goal; see the module.

    Plays as many episodes as are given, but at least `_LEAST_EPISODES` and at most EPISODES.
    """
    played, own = explored(arena, hiders, seekers, min(max(episodes, _LEAST_EPISODES), EPISODES))
    return _aims(_plays(played, own), played.trace.slots.hiders)


def utilities(trace: Trace, sealed: np.ndarray) -> Mapping[str, np.ndarray]:
    """float64 [moment, world, hider] by goal; `sealed` is bool [moment, world]."""
    hiders, states = trace.slots.hiders, trace.states
    hidden = ~trace.seen[:, :, hiders:, :hiders].any(axis=(2, 3)) & trace.in_play()
    exist = trace.layout.thing_exists
    locked = ((states.lock == HIDERS_LOCK) & exist).sum(axis=2) / np.maximum(exist.sum(axis=1), 1)
    places = states.agents[..., [X, Y]]
    apart = np.linalg.norm(places[:, :, :hiders, None] - places[:, :, None, hiders:], axis=-1)
    seekers = trace.layout.agent_exists[:, None, hiders:]
    nearest = np.where(seekers, apart, np.inf).min(axis=-1, initial=np.inf)
    common = {"hidden": hidden, "sealed": sealed, "locked": locked}
    by_hider = {name: np.repeat(one[..., None].astype(float), hiders, axis=-1) for name, one in common.items()}
    return by_hider | {"distance": np.where(np.isfinite(nearest), nearest, 0.0)}


def sealed_moments(trace: Trace) -> np.ndarray:
    """bool [moment, world]: softly sealed."""
    found = np.zeros((trace.ticks + 1, trace.worlds), bool)
    for moment in range(1, trace.ticks + 1):
        carried = Carried(*(column[moment] for column in trace.carried))
        found[moment] = soft_seals(trace.layout, trace.state(0), trace.state(moment), carried, trace.slots)
    return found


def _plays(played: Played, own: np.ndarray) -> _Plays:
    trace, hiders = played.trace, played.trace.slots.hiders
    sealed = sealed_moments(trace)
    features = world_features(trace, sealed)[:-1].reshape(trace.ticks, trace.worlds * hiders, -1)
    spread = features.std(axis=(0, 1))
    standard = (features - features.mean(axis=(0, 1)))[..., spread > 0.0] / spread[spread > 0.0]
    goals = np.stack([one[1:] for one in utilities(trace, sealed).values()], axis=-1)
    parts = [np.eye(size, dtype=np.float32)[played.actions[:, :, :hiders, k]] for k, size in enumerate(ACTION_SIZES)]
    judged = np.zeros(trace.worlds, bool)
    judged[np.flatnonzero(own)[1::2]] = True
    return _Plays(
        standard.clip(-_MOST_SPREADS, _MOST_SPREADS),
        np.concatenate(parts, axis=-1).reshape(trace.ticks, trace.worlds * hiders, -1),
        goals.reshape(trace.ticks, trace.worlds * hiders, -1),
        np.repeat(~judged, hiders),
    )


def _aims(plays: _Plays, hiders: int) -> dict[str, Aim]:
    nats, fit = _soft_values(plays)
    nats = nats[~plays.fitted].reshape(-1, hiders, len(GOALS), len(BETAS)).mean(axis=1)
    fit = fit.reshape(len(GOALS), -1)
    found: dict[str, Aim] = {}
    for goal, name in enumerate(GOALS):
        judged = np.zeros(len(nats))
        for half in range(2):
            best = _best(nats[half::2, goal])
            if best is not None:
                judged[1 - half :: 2] = nats[1 - half :: 2, goal, best]
        best = _best(nats[:, goal])
        beta, fitted = (0.0, None) if best is None else (BETAS[best], float(fit[goal, best]))
        found[name] = {**rate(judged), "beta": beta, "fit": fitted}
    return found


def _best(nats: np.ndarray) -> int | None:
    """The number of the beta with the most nats [episode, beta] in the mean; None if 0 is as good."""
    means = nats.mean(axis=0)
    best = int(means.argmax())
    return best if means[best] > _LEAST_NATS else None


def _soft_values(plays: _Plays) -> tuple[np.ndarray, np.ndarray]:
    """Nats of every row [row, goal x beta], and the fit [goal x beta]; see the module."""
    rows, columns, judged = plays.fitted.size, len(GOALS) * len(BETAS), ~plays.fitted
    nats, value = np.zeros((rows, columns)), np.zeros((rows, columns))
    missed, spread = np.zeros(columns), np.zeros(columns)
    for features, actions, utility in zip(*(column[::-1] for column in plays[:3]), strict=True):
        target = (utility[..., None] * np.array(BETAS)).reshape(rows, columns) + value
        baseline, parts = _regression(features, actions, target, plays.fitted)
        taken = sum(part[actions[:, at].argmax(axis=1), np.arange(rows)] for at, part in _by_part(parts))
        soft = sum(_log_sum_exp(part) for _, part in _by_part(parts)) - _UNIFORM
        nats += taken - soft
        value = baseline + soft
        missed += np.square(baseline + taken - target)[judged].sum(axis=0)
        spread += np.square(target - target[judged].mean(axis=0))[judged].sum(axis=0)
    return nats, 1.0 - missed / np.maximum(spread, 1e-9)


def _by_part(parts: np.ndarray) -> list[tuple[slice, np.ndarray]]:
    """Each part of an action: its columns, and what its choices are worth [choice, row, column]."""
    ends = np.cumsum(ACTION_SIZES)
    return [(at := slice(end - size, end), parts[at]) for end, size in zip(ends, ACTION_SIZES, strict=True)]


def _log_sum_exp(part: np.ndarray) -> np.ndarray:
    """Over the first axis. That of scipy, which is safe with infinite numbers too, takes ten times as long."""
    most = part.max(axis=0)
    return most + np.log(np.exp(part - most).sum(axis=0))


def _regression(
    features: np.ndarray, actions: np.ndarray, target: np.ndarray, fitted: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What all rows are worth whatever they do [row, column], and what each choice adds [choice, row, column].

    Kernel ridge regression on the fitted rows, with the kernel k(s, s') (1 + how many parts of an action agree). What a
    choice adds comes from the fitted rows that took it: a fifth of the work of looking at all rows for each choice.
    """
    mean, spread = target[fitted].mean(axis=0), target[fitted].std(axis=0) + 1e-6
    taken = actions[fitted]
    alike = _kernel(features[fitted], features)
    gram = alike[:, fitted] * (1.0 + taken @ taken.T)
    gram[np.diag_indices_from(gram)] += RIDGE
    factor = cho_factor(gram, lower=True, overwrite_a=True, check_finite=False)
    weights = cho_solve(factor, ((target[fitted] - mean) / spread).astype(np.float32), check_finite=False)
    weights *= spread.astype(np.float32)
    parts = np.stack([alike[took].T @ weights[took] for took in taken.T > 0])
    return alike.T @ weights + mean, parts


def _kernel(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """float32 [row, row]: a constant, a linear and a Gaussian part."""
    width = one.shape[1]
    product = one @ other.T / width
    apart = np.square(one).sum(axis=1)[:, None] / width + np.square(other).sum(axis=1) / width - 2.0 * product
    return 1.0 + product + np.exp(-0.5 * apart)
