"""Where a training run stands, in the words of the game: a live table on a terminal, else a line now and then."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Self

from rich.console import Console
from rich.live import Live
from rich.table import Table

from sim.rules import SIDES
from sim.scenario import Scenario
from sim.tasks.done import CAN_BE_DONE

_QUIET_S = 5.0
"""Without a terminal, at most one line in this many seconds."""

_ALWAYS = ("agent-steps", "time left", "speed")
_IN_A_LINE = ((*_ALWAYS, "paid", "task done"), (*_ALWAYS, "hidden", "sealed at the end"))
"""The entries of such a line, without and with seekers, as far as they apply; the table on a terminal says more, and
metrics.jsonl everything."""
_OF_SEEKERS = ("hidden", "hiders seen", "sealed at the end")
"""Entries without meaning in a scenario without seekers."""

Line = Mapping[str, Any]
"""One line of metrics.jsonl; `policies.learning.trainer.Trainer.update` says what is in it."""


class Progress(AbstractContextManager["Progress"]):
    """Shows lines as they come. Colours and live drawing follow the terminal and NO_COLOR.

    When nobody reads on (a closed terminal, `| head`), it falls silent and calls `on_unread`, once.
    """

    def __init__(
        self, console: Console, title: str, scenario: Scenario, on_unread: Callable[[], None] = lambda: None
    ) -> None:
        self.console = console
        self.title = title
        self.scenario = scenario
        self.on_unread = on_unread
        self.live = Live(console=console, auto_refresh=False) if console.is_terminal else None
        self.shown_at = float("-inf")

    def __enter__(self) -> Self:
        if self.live:
            with self._reader():
                self.live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.live:
            with self._reader():
                self.live.stop()

    def show(self, line: Line, seconds_left: float | None) -> None:
        """Shows a line; without a terminal only if none was shown for a while."""
        facts = describe(line, seconds_left, self.scenario)
        if self.live:
            table = Table(title=self.title, show_header=False, title_justify="left")
            table.add_column(style="bold")
            table.add_column()
            for name, fact in facts.items():
                table.add_row(name, fact)
            with self._reader():
                self.live.update(table, refresh=True)
        elif time.monotonic() - self.shown_at >= _QUIET_S:
            self.shown_at = time.monotonic()
            names = _IN_A_LINE[bool(self.scenario.slots.seekers)]
            self.say("; ".join(f"{name} {facts[name]}" for name in names if name in facts))

    def say(self, text: str) -> None:
        """Prints one line of plain text."""
        with self._reader():
            self.console.print(text, markup=False, highlight=False, soft_wrap=True)

    @contextmanager
    def _reader(self) -> Iterator[None]:
        """Around everything that writes. On a broken pipe rich asks to leave the program: not before all is saved."""
        try:
            yield
        except (OSError, SystemExit):
            self.console.quiet = True
            self.on_unread()


def describe(line: Line, seconds_left: float | None, scenario: Scenario) -> dict[str, str]:
    """A line of metrics in words, by what each is about; without what means nothing in a scenario."""
    shares = ", ".join(f"{name} {share:.0%}" for name, share in line["shares"].items())
    found = {
        "agent-steps": f"{line['agent_steps']:,}",
        "time left": "unlimited" if seconds_left is None else _clock(seconds_left),
        "speed": f"{line['steps_per_s']:,.0f} agent-steps/s",
        "hidden": f"{line['hidden']:.1%} of play",
        "hiders seen": f"{line['seen']:.1%} of play",
        "boxes moved": f"{line['boxes_moved']:.2f} an episode",
        "locks": f"hiders {line['hider_locks']:.2f}, seekers {line['seeker_locks']:.2f} an episode",
        "paid": f"{line['paid']:.2f} to a hider an episode",
        "task done": f"in {line['done']:.1%} of episodes",
        "sealed at the end": f"soft {line['soft_end']:.1%}, robust {line['robust_end']:.1%}, "
        f"in a fort {line['fort_end']:.1%}",
        "entropy": ", ".join(f"{side} {line[side]['entropy']:.2f}" for side in SIDES if side in line),
        "time": shares,
    }
    meaningless = {*(() if scenario.slots.seekers else _OF_SEEKERS)}
    meaningless |= set() if scenario.task in CAN_BE_DONE else {"task done"}
    return {name: words for name, words in found.items() if name not in meaningless}


def _clock(seconds: float) -> str:
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
