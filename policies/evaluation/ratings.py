"""Who is better: every hiders against every seekers, a win rate against a fixed panel, and ratings.

The headline is the win rate against the panel, scripted teams that never change: it means the same for every team
and every run. Ratings (Plackett-Luce, Weng and Lin 2011, by openskill) order teams that met each other, and
say nothing across tables.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from openskill.models import PlackettLuce, PlackettLuceRating
from rich.table import Column, Table

from policies.agents.own_policy import user_player
from policies.evaluation.match import MatchOptions, play
from policies.evaluation.statistics import proportion, short_names
from replays.report.documents.common import Interval
from sim.rules import HIDERS, SEEKERS
from sim.scenario import Scenario

PANEL = (("random", "evader", "builder"), ("random", "chaser"))
"""Hiders and seekers that everybody is measured against."""

_UNSURE = 25.0 / 3.0
_MIDDLE = 25.0


@dataclass(frozen=True)
class Standing:
    """One team on one side."""

    name: str
    """What it was called by."""
    side: int
    """Team number."""
    panel: Interval
    """Share of episodes won against the panel of the other side, with its interval."""
    rating: float
    """Mean of the rating; 25 is a new team's."""
    spread: float
    """Its standard deviation."""


def standings(
    scenario: Scenario,
    hiders: Sequence[str],
    seekers: Sequence[str],
    options: MatchOptions,
    on_match: Callable[[int, int], None] = lambda done, all: None,
) -> list[Standing]:
    """Plays the named teams and the panel against each other; `options` are those of each pair.

    `on_match` is called with how many pairs are done, of how many. Hiders come before seekers, the best rating of each
    side first. Raises UserError if a team cannot play its side here.
    """
    sides = [list(dict.fromkeys([*PANEL[side], *named])) for side, named in enumerate((hiders, seekers))]
    won: dict[tuple[str, str], np.ndarray] = {}
    for home in sides[HIDERS]:
        for away in sides[SEEKERS]:
            hiding = user_player(home, HIDERS, scenario, options.seed)
            seeking = user_player(away, SEEKERS, scenario, options.seed)
            won[home, away] = play(scenario, hiding, seeking, options).hidden > 0.5
            on_match(len(won), len(sides[HIDERS]) * len(sides[SEEKERS]))
    ratings = _ratings(won, options.seed)
    found = []
    for side, names in enumerate(sides):
        for name in names:
            against = [won[(name, other) if side == HIDERS else (other, name)] for other in PANEL[1 - side]]
            wins = np.concatenate(against)
            rating = ratings[side, name]
            found.append(Standing(name, side, proportion(wins if side == HIDERS else ~wins), rating.mu, rating.sigma))
    return sorted(found, key=lambda standing: (standing.side, -standing.rating))


def _ratings(won: dict[tuple[str, str], np.ndarray], seed: int) -> dict[tuple[int, str], PlackettLuceRating]:
    """Ratings by side and name, from all episodes in a random order that follows from the seed."""
    model = PlackettLuce(mu=_MIDDLE, sigma=_UNSURE)
    ratings = {(side, name): model.rating() for pair in won for side, name in enumerate(pair)}
    episodes = [(pair, bool(hidden)) for pair, outcomes in won.items() for hidden in outcomes]
    for number in np.random.default_rng(seed).permutation(len(episodes)):
        (home, away), hidden = episodes[number]
        one, other = (HIDERS, home), (SEEKERS, away)
        ranks = [0.0, 1.0] if hidden else [1.0, 0.0]
        (ratings[one],), (ratings[other],) = model.rate([[ratings[one]], [ratings[other]]], ranks=ranks)
    return ratings


def table(found: Sequence[Standing], side: int) -> Table:
    """One side's standings for people."""
    title = ("Hiders", "Seekers")[side]
    caption = "rating: 25 is a new team's, ± its standard deviation"
    team = Column(title, overflow="fold")
    shown = Table(team, "won against the panel", "95 % interval", "rating", caption=caption, caption_justify="left")
    names = short_names(*(one.name for one in found))
    for one in found:
        if one.side == side:
            panel = one.panel
            interval = f"{panel['low']:.1%} to {panel['high']:.1%}"
            shown.add_row(names[one.name], f"{panel['mean']:.1%}", interval, f"{one.rating:.1f} ± {one.spread:.1f}")
    return shown
