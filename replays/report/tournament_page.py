"""The results of a tournament as a page of its own."""

from html import escape

from replays.report.charts import heat_map
from replays.report.documents.tournament import TournamentDocument
from replays.report.page import page_with
from replays.report.tables import table

RATING_WORDS = (
    "Ratings are log-odds of being hidden. Hiders rated 1 higher have 2.7 times the odds against the same seekers; "
    "against seekers rated 1 higher, hiders have 2.7 times smaller odds. The random team has 0 on either side."
)
_KEPT = (
    "No newest stage does clearly more than ten points worse against any opponent than an earlier stage of its run did:"
    " nothing was forgotten."
)
_ONE_STAGE = "takes part with one stage only: what it forgot cannot be said."


def tournament_page(found: TournamentDocument) -> str:
    """The page: a heat map, ratings, the cyclic share, and what was forgotten."""
    title = "Who beats whom"
    words = "Hidden, in per cent: hiders (rows) against seekers"
    ratings = [
        [side, escape(name), f"{rating:+.2f}"]
        for side, known in found["ratings"].items()
        for name, rating in known.items()
    ]
    parts = [
        f"<h1>{title}</h1>",
        heat_map(words, found["hiders"], found["seekers"], found["hidden"], found["standard_error"]),
        f"<p>{found['episodes']:,} episodes of each pair. Strengths of the teams explain all but"
        f" {found['cyclic_share']:.1%} of the variance between pairs: that is the cyclic share, where one beats another"
        " that beats a third that beats the first.</p>",
        _forgotten(found),
        f"<h2>Ratings</h2><p>{RATING_WORDS}</p>",
        table(("side", "team", "rating"), ratings),
    ]
    return page_with(title, f'<article class="report">{"".join(parts)}</article>')


def _forgotten(found: TournamentDocument) -> str:
    """What the newest stages lost, or that they lost nothing; of a run with one stage that it cannot be said."""
    alone = found["runs_of_one_stage"]
    rows = [
        [escape(one["team"]), escape(one["best"]), escape(one["against"]), f"{100 * one['drop']:.0f} points"]
        for one in found["forgotten"]
    ]
    said = [_KEPT] if len(found["runs"]) > len(alone) and not rows else []
    said += [f"{run} {_ONE_STAGE}" for run in alone]
    lost = table(("forgotten by", "known to", "against", "lost"), rows)
    return lost + (f"<p>{escape(' '.join(said))}</p>" if said else "")
