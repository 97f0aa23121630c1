"""The trap bench: the same two teams in every shipped trap, and one table of what they do there.

A trap is a drawn world with a question (`sim.scenarios.trap_bench`). No shipped team was trained in one: they measure
what a team does in worlds like its own that it has not met. A strategy counts as seen in a trap if at least one episode
in ten shows it.
"""

from collections.abc import Callable

from rich.box import SIMPLE_HEAD
from rich.table import Table

from policies.evaluation.document import PlayedTrap, Trap
from policies.evaluation.match import Episodes
from policies.evaluation.statistics import mean_fraction, proportion
from replays.strategies.catalogue import by_name
from sim.errors import UserError
from sim.scenario import Scenario, presets, story_of
from sim.scenarios.trap_bench import PREFIX

SEEN_SHARE = 0.1
"""A strategy is seen in a trap if at least this share of its episodes show it."""
_MOST_NAMED = 4
"""Strategies in a row of the table for people, the most interesting ones."""

Play = Callable[[Scenario], Episodes]
"""Plays all episodes in a world. Raises UserError if a team does not fit it."""


def traps() -> dict[str, Scenario]:
    """All shipped traps by name."""
    return {name: world for name, world in presets().items() if name.startswith(PREFIX)}


def play_traps(play: Play, fitted: Callable[[Scenario], Scenario]) -> list[Trap]:
    """Plays every trap that both teams fit.

    `fitted` gives a trap the room in observations that the teams need.

    Raises:
        UserError: the teams fit no trap, or there is no such team.
    """
    rows: list[Trap] = []
    for name, world in traps().items():
        question = story_of(world).partition("\n")[0]
        try:
            found = play(fitted(world))
        except UserError as error:
            rows.append({"world": name, "question": question, "unfit": str(error)})
            continue
        hidden = mean_fraction(found.hidden)
        strategies = {strategy: proportion(shown) for strategy, shown in found.strategies.items()}
        rows.append({"world": name, "question": question, "hidden": hidden, "strategies": strategies})
    unfit = [row["unfit"] for row in rows if "unfit" in row]
    if len(unfit) == len(rows):
        raise UserError(unfit[0])
    return rows


def strategies_seen(row: PlayedTrap) -> dict[str, float]:
    """The proportion of episodes of each strategy seen in a trap, in the order of the catalogue."""
    return {name: rate["mean"] for name, rate in row["strategies"].items() if rate["mean"] >= SEEN_SHARE}


def traps_table(rows: list[Trap], hiders: str, seekers: str, episodes: int, seed: int) -> Table:
    """The rows for people."""
    title = f"{hiders} (hiders) against {seekers} (seekers)"
    caption = f"{episodes:,} episodes a trap, of seed {seed}; strategies that one episode in ten shows"
    found = Table(title=title, caption=caption, box=SIMPLE_HEAD)
    found.add_column("trap", no_wrap=True)
    for name in ("question", "hidden", "strategies"):
        found.add_column(name, ratio=None if name == "hidden" else 1)
    for row in rows:
        name = row["world"].removeprefix(PREFIX)
        if "unfit" in row:
            found.add_row(name, row["question"], "", "does not fit, see below")
            continue
        hidden, seen = row["hidden"], list(strategies_seen(row).items())[:_MOST_NAMED]
        words = ", ".join(f"{by_name(strategy).title.lower()} {rate:.0%}" for strategy, rate in seen)
        share = f"{hidden['mean']:.0%}\n{hidden['low']:.0%} to {hidden['high']:.0%}"
        found.add_row(name, row["question"], share, words)
    return found
