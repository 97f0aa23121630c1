"""The results of `hideseek tournament --json` as a page of its own."""

from collections.abc import Mapping
from html import escape
from typing import Any

from replays.report.charts import heat_map
from replays.report.page import page_with
from replays.report.tables import table


def tournament_page(found: Mapping[str, Any]) -> str:
    """The page: a heat map, the cyclic share, and what was forgotten."""
    title = "Every stage against every stage"
    words = "Hidden, in per cent: hiders (rows) against seekers"
    rows = [
        [escape(one["team"]), escape(one["best"]), escape(one["against"]), f"{100 * one['drop']:.0f} points"]
        for one in found["forgotten"]
    ]
    parts = [
        f"<h1>{title}</h1>",
        heat_map(words, found["hiders"], found["seekers"], found["hidden"]),
        f"<p>Cyclic share: {found['cyclic_share']:.1%} of the variance between pairs.</p>",
        table(("forgotten by", "known to", "against", "lost"), rows),
    ]
    return page_with(title, f'<article class="report">{"".join(parts)}</article>')
