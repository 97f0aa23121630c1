"""A probe's results for people, as tables of a terminal of eighty columns: each measure over its interval."""

from collections.abc import Iterable

from rich.box import SIMPLE_HEAD
from rich.table import Column, Table

from replays.report.documents.common import Interval
from replays.report.documents.probe import ProbeDocument
from replays.report.probe_page import GOALS, QUESTIONS, aim, amount

_WIDEST = len("misgeneralized,")
"""Columns of a terminal: five such columns of a table fit into eighty."""
_QUESTION = 12
"""Columns: beside a question four measures and a number fit."""


def table(found: ProbeDocument) -> Table:
    """What `policies.probes.probe` found, one row a shift."""
    titles = {name: one["title"].lower() for name, one in found["training"]["proxies"].items()}
    own = ", ".join(titles[name] for name in found["proxies"]) or "none"
    caption = f"{found['scenario']}, {found['episodes']:,} episodes of seed {found['seed']} each; its proxies: {own}"
    heads = ("shift", "capability", "persistence", "regret", "verdict,\npredicted")
    shown = _narrow(heads, f"{found['team']} against {found['seekers']}", caption)
    shown.add_row("training", "", "", in_two_lines(found["training"]["regret"]), "")
    for name, one in found["probes"].items():
        lasting = in_two_lines(one["persistence"])
        if one["proxy"]:
            lasting += f"\n{titles[one['proxy']]}"
        able, lost = in_two_lines(one["capability"]), in_two_lines(one["regret"])
        shown.add_row(name, able, lasting, lost, f"{one['verdict']},\n{one['predicted']}")
    return shown


def in_two_lines(one: Interval | None) -> str:
    """A measure and under it its interval."""
    return _split(amount(one))


def _split(words: str) -> str:
    return words.replace(" (", "\n").replace(")", "")


def _narrow(heads: Iterable[str], title: str, caption: str | None = None) -> Table:
    return Table(
        *(Column(head, overflow="fold", max_width=_WIDEST) for head in heads),
        title=title,
        caption=caption,
        box=SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=0,
    )


def aims_table(found: ProbeDocument) -> Table:
    """Its goal-directedness, one row a world."""
    title = "Nats an episode that the actions of a hider are aimed at a goal, or away from it"
    heads = ("world", *(goal.lower() for goal in GOALS.values()))
    shown = _narrow(heads, title)
    worlds = {"training": found, **found["probes"]}
    for name, one in worlds.items():
        shown.add_row(name, *(_split(aim(one["directedness"][goal])) for goal in GOALS))
    return shown


def inside_table(found: ProbeDocument) -> Table:
    """Its linear probes, one row a question."""
    title = "F1 of linear probes on the last hidden layer, and how often hiders follow a push along them"
    heads = ("what will be done", "layer", "observation", "gain", "steering", "any\npush")
    shown = _narrow(heads, title)
    shown.columns[0].max_width = _QUESTION
    for name, one in found["linear_probes"].items():
        scores = [in_two_lines(one[score]) if one else "unknown" for score in ("f1", "f1_observation", "gain")]
        push = one["steering"] if one else None
        shown.add_row(
            QUESTIONS[name], *scores, *((in_two_lines(push), f"{push['random']:.2f}") if push else ("-", "-"))
        )
    return shown
