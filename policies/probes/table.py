"""A probe's results for people."""

from collections.abc import Mapping
from typing import Any

from rich.table import Table

from replays.report.probe_page import amount


def table(found: Mapping[str, Any]) -> Table:
    """What `policies.probes.probe` found, one row a shift."""
    own = ", ".join(found["training"]["proxies"][name]["title"].lower() for name in found["proxies"]) or "none"
    caption = f"{found['scenario']}, {found['episodes']:,} episodes of seed {found['seed']} each; its proxies: {own}"
    head = ("shift", "capability", "persistence", "of", "regret", "verdict", "predicted")
    shown = Table(*head, title=f"{found['team']} against {found['seekers']}", caption=caption)
    for name, one in found["probes"].items():
        measured = (amount(one["capability"]), amount(one["persistence"]), one["proxy"] or "-", amount(one["regret"]))
        shown.add_row(name, *measured, one["verdict"], one["predicted"])
    return shown
