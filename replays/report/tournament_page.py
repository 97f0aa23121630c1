"""The results of `hideseek tournament --json` as a page of its own."""

from collections.abc import Mapping
from html import escape
from typing import Any

from replays.report.charts import heat_map
from replays.report.page import page_with
from replays.report.tables import table

_KEPT = (
    "<p>No newest stage does clearly more than ten points worse against any opponent than an earlier stage of its run"
    " did: nothing was forgotten.</p>"
)


def tournament_page(found: Mapping[str, Any]) -> str:
    """The page: a heat map, ratings, the cyclic share, and what was forgotten."""
    title = "Every stage against every stage"
    words = "Hidden, in per cent: hiders (rows) against seekers"
    rows = [
        [escape(one["team"]), escape(one["best"]), escape(one["against"]), f"{100 * one['drop']:.0f} points"]
        for one in found["forgotten"]
    ]
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
        table(("forgotten by", "known to", "against", "lost"), rows) or (_KEPT if found["runs"] else ""),
        "<h2>Ratings</h2><p>The random team has 0 on either side.</p>",
        table(("side", "team", "rating"), ratings),
    ]
    return page_with(title, f'<article class="report">{"".join(parts)}</article>')
