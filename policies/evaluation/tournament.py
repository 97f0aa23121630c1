"""Every stage of hiders against every stage of seekers: who beats whom, what goes in circles, what is forgotten.

Ratings fit P(hidden) = sigmoid(hiders' strength - seekers' strength + offset) to the fractions of play in which hiders
stayed hidden, by ridge-penalised maximum likelihood, and are shifted so that both random teams have 0: hiders only ever
meet seekers, so without an anchor the two scales would float. The *cyclic share* is what no such strengths explain: the
share of the variance between pairs that the fit leaves, less what chance between episodes explains by itself.
*Forgotten* is what the newest team does worse against an old opponent than an earlier stage did.
"""

import itertools
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from rich.table import Column, Table
from scipy.optimize import minimize
from scipy.special import expit

from policies.agents.own_policy import user_player
from policies.evaluation.match import MatchOptions, play
from policies.evaluation.stages import RANDOM
from policies.evaluation.statistics import Z_95, standard_error
from replays.report.documents.common import SIDES, Side
from replays.report.documents.tournament import Forgotten, TournamentDocument
from replays.report.tournament_page import RATING_WORDS
from sim.rules import HIDERS, SEEKERS
from sim.scenario import Scenario

FORGOTTEN = 0.10
"""A drop of the hidden fraction that counts, beyond what chance explains."""
_RIDGE = 1e-4


@dataclass(frozen=True)
class Entry:
    """A team that takes part on one side."""

    name: str
    """Unique on its side."""
    team: str
    """What `policies.agents.own_policy.user_player` takes."""
    run: str = ""
    """The run it is a stage of; nothing for others."""
    agent_steps: int = 0


@dataclass(frozen=True)
class Tournament:
    """Results of H hiders against S seekers."""

    hiders: tuple[Entry, ...]
    seekers: tuple[Entry, ...]
    hidden: np.ndarray
    """float64 [hiders, seekers]: mean fraction of play in which hiders stayed hidden."""
    error: np.ndarray
    """float64 [hiders, seekers]: the standard error of that mean."""
    episodes: int
    """Of each pair."""


def tournament(
    scenario: Scenario,
    hiders: Sequence[Entry],
    seekers: Sequence[Entry],
    options: MatchOptions,
    on_pair: Callable[[int, int], None] = lambda done, of: None,
    executor: Executor | None = None,
) -> Tournament:
    """Plays every pair over the same starts; `on_pair` gets how many pairs are done, of how many.

    Each pair is a job for `executor`: a pool of processes, or of machines that see the teams' files, such as Dask's
    `Client.get_executor()`. By default this process plays them one after the other; the result is the same.

    Raises:
        UserError: a team cannot play its side in this world.
    """
    pairs = list(itertools.product(hiders, seekers))
    jobs = ([scenario] * len(pairs), *zip(*pairs, strict=True), [options] * len(pairs))
    played = []
    for result in (executor.map if executor else map)(_play_pair, *jobs):
        played.append(result)
        on_pair(len(played), len(pairs))
    mean, error = np.array(played).T.reshape(2, len(hiders), len(seekers))
    return Tournament(tuple(hiders), tuple(seekers), mean, error, options.episodes)


def _play_pair(scenario: Scenario, home: Entry, away: Entry, options: MatchOptions) -> tuple[float, float]:
    """The mean fraction of play in which hiders stayed hidden, and its standard error."""
    home_player = user_player(home.team, HIDERS, scenario, options.seed)
    away_player = user_player(away.team, SEEKERS, scenario, options.seed)
    hidden = play(scenario, home_player, away_player, options).hidden
    return float(hidden.mean()), standard_error(hidden)


def strengths(hidden: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """The strengths of hiders and seekers, and the offset, that explain a table of hidden fractions best."""
    rows, columns = hidden.shape

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        logits = values[:rows, None] - values[rows:-1] + values[-1]
        found = np.logaddexp(0.0, logits) - hidden * logits
        slope = expit(logits) - hidden
        gradient = np.concatenate([slope.sum(axis=1), -slope.sum(axis=0), [slope.sum()]])
        return float(found.sum() + _RIDGE * (values**2).sum()), gradient + 2 * _RIDGE * values

    fitted = minimize(loss, np.zeros(rows + columns + 1), jac=True, method="L-BFGS-B", tol=1e-10).x
    return fitted[:rows], fitted[rows:-1], float(fitted[-1])


def cyclic_share(hidden: np.ndarray, error: np.ndarray) -> float:
    """The share of the variance between pairs that no strengths explain; see the module."""
    home, away, offset = strengths(hidden)
    left = hidden - expit(home[:, None] - away + offset)
    total = float(((hidden - hidden.mean()) ** 2).sum())
    free = (hidden.shape[0] - 1) * (hidden.shape[1] - 1) / max(hidden.size, 1)
    chance = float((error**2).sum()) * free
    return max(float((left**2).sum()) - chance, 0.0) / total if total else 0.0


def forgotten(found: Tournament) -> list[Forgotten]:
    """What the newest stage of each run does worse against an old opponent than an earlier stage did, worst first."""
    lost: list[Forgotten] = []
    sides = (
        (found.hiders, found.seekers, found.hidden, found.error, 1.0),
        (found.seekers, found.hiders, found.hidden.T, found.error.T, -1.0),
    )
    for ours, theirs, mean, error, sign in sides:
        for run in dict.fromkeys(entry.run for entry in ours if entry.run):
            stages = [i for i, entry in enumerate(ours) if entry.run == run]
            last = max(stages, key=lambda i: ours[i].agent_steps)
            for j, opponent in enumerate(theirs):
                best = max((i for i in stages), key=lambda i, j=j: sign * mean[i, j])
                drop = sign * float(mean[best, j] - mean[last, j])
                if drop - Z_95 * float(np.hypot(error[best, j], error[last, j])) > FORGOTTEN:
                    one: Forgotten = {
                        "team": ours[last].name,
                        "best": ours[best].name,
                        "against": opponent.name,
                        "hidden_before": float(mean[best, j]),
                        "hidden_after": float(mean[last, j]),
                        "drop": drop,
                    }
                    lost.append(one)
    return sorted(lost, key=lambda one: -one["drop"])


def summary(found: Tournament) -> TournamentDocument:
    """The results with all that follows from them."""
    zeros = [next(i for i, one in enumerate(side) if one.name == RANDOM) for side in (found.hiders, found.seekers)]
    home, away, _ = strengths(found.hidden)
    home, away = home - home[zeros[0]], away - away[zeros[1]]
    ratings: dict[Side, dict[str, float]] = {
        "hiders": {entry.name: float(value) for entry, value in zip(found.hiders, home, strict=True)},
        "seekers": {entry.name: float(value) for entry, value in zip(found.seekers, away, strict=True)},
    }
    runs = [entry.run for entry in found.hiders if entry.run]
    return {
        "hiders": [entry.name for entry in found.hiders],
        "seekers": [entry.name for entry in found.seekers],
        "hidden": found.hidden.tolist(),
        "standard_error": found.error.tolist(),
        "runs": list(dict.fromkeys(runs)),
        "runs_of_one_stage": [run for run in dict.fromkeys(runs) if runs.count(run) == 1],
        "episodes": found.episodes,
        "ratings": ratings,
        "cyclic_share": cyclic_share(found.hidden, found.error),
        "forgotten": forgotten(found),
    }


def table(found: TournamentDocument) -> Table:
    """A summary for people: both ratings, and how long hiders stayed hidden in the mean over opponents."""
    hidden = np.array(found["hidden"])
    shown = Table(Column("", overflow="fold"), "rating", "hidden", caption=RATING_WORDS, caption_justify="left")
    for side, means in zip(SIDES, (hidden.mean(axis=1), hidden.mean(axis=0)), strict=True):
        for name, mean in zip(found[side], means, strict=True):
            shown.add_row(f"{side} {name}", f"{found['ratings'][side][name]:+.2f}", f"{mean:.1%}")
        shown.add_section()
    for one in found["forgotten"]:
        shown.add_row(f"forgotten by {one['team']}: {one['against']}", "", f"-{one['drop']:.1%}")
    return shown


def pairs_table(found: TournamentDocument) -> Table:
    """A summary's pairs for people: how long hiders (rows) stayed hidden from seekers, with 95 % intervals."""
    columns = [Column(name, overflow="fold") for name in ("hidden, in %", *found["seekers"])]
    shown = Table(*columns)
    for name, means, errors in zip(found["hiders"], found["hidden"], found["standard_error"], strict=True):
        cells = (f"{100 * mean:.1f} ± {100 * Z_95 * error:.1f}" for mean, error in zip(means, errors, strict=True))
        shown.add_row(name, *cells)
    return shown
