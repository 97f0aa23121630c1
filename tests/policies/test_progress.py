"""What a training run says while it goes on."""

import re
from io import StringIO

import pytest
from rich.console import Console

from policies.learning.limits import Countdown, Limits
from policies.learning.progress import Progress, describe
from policies.learning.stopwatch import Stopwatch
from sim.errors import UserError
from sim.scenario import scenario_from_text


def line() -> dict:
    figures = {"entropy": 4.5}
    seals = {f"{kind}_{moment}": 0.25 for kind in ("soft", "robust", "fort") for moment in ("prep", "end")}
    counts = {"hidden": 0.5, "seen": 0.4, "boxes_moved": 1.0, "hider_locks": 2.0, "seeker_locks": 0.0, "paid": 3.0}
    counts["done"] = 0.125
    shares = {"simulate": 0.5, "other": 0.5}
    return {"agent_steps": 1000, "steps_per_s": 10.0, **counts, **seals, "hiders": figures, "seekers": figures} | {
        "shares": shares
    }


def test_progress_without_a_terminal_is_one_line_now_and_then():
    console = Console(file=StringIO(), force_terminal=False)
    with Progress(console, "run", scenario_from_text("quadrant")) as progress:
        progress.show(line(), 3725.0)
        progress.show(line(), 3720.0)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert text.count("\n") == 1 and "1:02:05" in text and "\x1b" not in text
    assert "hidden 50.0% of play" in text and "robust 25.0%" in text and len(text) < 160


def test_progress_on_a_terminal_is_a_table_without_colour_if_asked(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NO_COLOR", "1")
    console = Console(file=StringIO(), force_terminal=True, width=80)
    with Progress(console, "run", scenario_from_text("quadrant")) as progress:
        progress.show(line(), None)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert all(fact in text for fact in describe(line(), None, scenario_from_text("quadrant")).values())
    assert not re.search(r"\x1b\[[349]\d", text)


@pytest.mark.parametrize(
    ("name", "there", "missing"),
    [
        ("quadrant", "hidden 50.0% of play; sealed at the end", "task"),
        ("sequential_lock", "paid 3.00 to a hider an episode; task done in 12.5% of episodes", "hidden"),
        ("object_counting", "paid 3.00 to a hider an episode", "task"),
        ("shelter", "paid 3.00 to a hider an episode", "task"),
    ],
)
def test_a_line_says_nothing_that_means_nothing_in_its_game(name: str, there: str, missing: str):
    console = Console(file=StringIO(), force_terminal=False, width=200)
    with Progress(console, "run", scenario_from_text(name)) as progress:
        progress.show(line(), None)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert there in text and missing not in text
    assert not any(missing in words for words in describe(line(), None, scenario_from_text(name)))


def test_time_left_is_to_the_nearer_limit():
    both = Countdown(Limits(minutes=1.0, steps=200))
    assert both.seconds_left(100, spent=10.0, speed=10.0) == pytest.approx(10.0)
    assert both.seconds_left(100, spent=55.0, speed=1.0) == pytest.approx(5.0)
    assert Countdown(Limits()).seconds_left(100, spent=55.0, speed=1.0) is None


@pytest.mark.parametrize(
    ("agent_steps", "spent", "said"),
    [(199, 59.9, None), (200, 0.0, "the run has 200 agent-steps"), (10, 60.0, "1 minute is over")],
)
def test_a_countdown_says_which_limit_was_reached(agent_steps: int, spent: float, said: str | None):
    countdown = Countdown(Limits(minutes=1.0, steps=200))
    countdown.add({"agent_steps": agent_steps}, spent)
    assert countdown.reached == said
    endless = Countdown(Limits())
    endless.add({"agent_steps": 10**12}, 1e9)
    assert endless.reached is None


def test_a_countdown_that_runs_out_names_the_rate_that_was_not_reached():
    countdown = Countdown(Limits(minutes=1.0, until="robust_end=0.5"))
    countdown.add({"agent_steps": 10, "robust_end": 0.2}, 60.0)
    assert countdown.reached == "1 minute is over, robust_end has not reached 50%"


@pytest.mark.parametrize("text", ["robust_end", "robust_end=", "robust_end=5", "robust_end=0", "robust_end=nan"])
def test_a_share_that_cannot_be_is_named_and_not_the_rate(text: str):
    with pytest.raises(UserError) as refused:
        Limits(until=text)
    assert str(refused.value) == f"--until {text}: give a share above 0 up to 1, such as robust_end=0.5"
    with pytest.raises(UserError, match="'robust_en' is unknown; did you mean robust_end"):
        Limits(until="robust_en=0.5")


def test_minutes_are_said_as_people_say_them():
    for minutes, words in ((1.0, "1 minute is over"), (0.5, "0.5 minutes are over"), (20.0, "20 minutes are over")):
        countdown = Countdown(Limits(minutes=minutes))
        countdown.add({"agent_steps": 10}, minutes * 60)
        assert countdown.reached == words


def test_a_stopwatch_accounts_for_all_time():
    watch = Stopwatch()
    with watch.running("simulate"):
        sum(range(10_000))
    shares = watch.shares()
    assert sum(shares.values()) == pytest.approx(1, abs=0.05) and set(shares) == {"simulate", "other"}
