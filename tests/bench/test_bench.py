"""`hideseek bench` measures what design and README say, in the form that others rely on."""

import io
import json
import sys
from typing import cast

import numpy as np
import pytest
from rich.console import Console

from policies.agents.players import SHIPPED
from policies.agents.team import load
from policies.bench import growth, sealed, viewer
from policies.bench import run as bench
from policies.bench.document import BenchDocument
from sim.errors import UserError
from sim.game import Game
from sim.rules import ACTION_SIZES, HIDERS, SEEKERS
from sim.scenario import scenario_from_text

WORLD = {"tick_us", "plain_us", "plain_numpy_us", "chipmunk_us", "reset_share", "threads", "env_steps_per_s"}
LEARNER = {"agent_steps_per_s", "sb3_agent_steps_per_s", "shares"}
VIEWER = {"first_frame_ms", "seek_ms_p99", "panes"}


def printed(capsys: pytest.CaptureFixture, part: bench.Part) -> dict:
    bench.bench(part, seconds=0.1, as_json=True)
    return json.loads(capsys.readouterr().out)


def check_tables(results: dict) -> None:
    """Every table can be shown, in a narrow terminal too."""
    page = io.StringIO()
    for table in bench.tables(cast(BenchDocument, results)):
        Console(file=page, width=60).print(table)
    assert page.getvalue()


@pytest.mark.slow
def test_world(capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bench, "WORLDS", dict.fromkeys(bench.WORLDS, 16))
    results = printed(capsys, "world")
    assert set(results) == {"machine", "world"}
    assert set(results["world"]) == set(bench.WORLDS)
    for world in results["world"].values():
        assert set(world) >= WORLD
        assert set(world["threads"]) == {"1", "2"}
        assert world["chipmunk_us"] > 0 and world["tick_us"] > 0
        assert all(plain is None or plain > 0 for plain in (world["plain_us"], world["plain_numpy_us"]))
        assert world["threads"]["1"] == pytest.approx(1e6 / world["tick_us"])
        assert 0 < world["reset_share"] < 0.5
    assert results["world"]["quadrant"]["plain_us"], "what the README tells"
    check_tables(results)


def test_each_step_is_said_before_it_is_measured(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture):
    monkeypatch.setattr("policies.bench.world.measure", lambda scenario, worlds, seconds: print("", file=sys.stderr))
    bench.bench("world", 90.0, as_json=True)
    out, error = capsys.readouterr()
    assert json.loads(out)["world"].keys() == bench.WORLDS.keys(), "JSON stays pure"
    first, *steps = error.replace("hideseek bench: ", "").splitlines()
    assert first == "measuring for 90 s or longer, compiling aside: world"
    assert steps == [line for name in bench.WORLDS for line in (f"the world {name}", "")]


@pytest.mark.slow
def test_learner(capsys: pytest.CaptureFixture):
    results = printed(capsys, "learner")
    learner = results["learner"]
    assert set(learner) >= LEARNER
    assert set(learner["shares"]) == {"simulate", "infer", "judge", "learn", "other"}
    assert sum(learner["shares"].values()) == pytest.approx(1.0, abs=0.01)
    assert learner["agent_steps_per_s"] > 0
    check_tables(results)


@pytest.mark.slow
def test_viewer(capsys: pytest.CaptureFixture):
    results = printed(capsys, "viewer")
    found = results["viewer"]
    assert set(found) >= VIEWER
    for pane in (*(found["panes"][count] for count in "124"), found["gallery"]):
        assert 0 < pane["frame_ms_p50"] <= pane["frame_ms_p99"]
    assert found["seek_growth_mib"] < 20, "memory is flat over all seeks"
    check_tables(results)


def test_the_machine_says_what_is_not_installed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bench, "_PACKAGES", ("numpy", "no-such-package"))
    about = bench.machine()
    assert about["numpy"] == np.__version__ and about["no-such-package"] is None
    check_tables({"machine": about})


def test_memory_is_looked_at_for_as_long_as_it_is_given(monkeypatch: pytest.MonkeyPatch):
    """By a clock that only the calls move, a millisecond each."""
    calls: list[None] = []
    monkeypatch.setattr(viewer.time, "perf_counter", lambda: len(calls) / 1000)
    for seconds, wanted in ((0.5, 500), (1.0, 1000), (0.0, 400)):
        calls.clear()
        _, counted = viewer._growth_mib(lambda: calls.append(None), seconds)
        assert len(calls) == counted == wanted


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan"), 1e9])
def test_seconds_out_of_range(seconds: float):
    with pytest.raises(UserError, match="--seconds"):
        bench.measure("world", seconds)


@pytest.mark.slow
def test_growth(capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch):
    few = {name: dict(list(curve.items())[:2]) for name, curve in growth.curves().items()}
    monkeypatch.setattr(growth, "curves", lambda: few)
    results = printed(capsys, "growth")
    assert set(results["growth"]) == {"worlds", "agents", "boxes", "threads"}
    for name, curve in results["growth"].items():
        assert list(curve) == [str(value) for value in few[name]] and all(spent > 0 for spent in curve.values())
    check_tables(results)


@pytest.mark.slow
def test_sealed(capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch):
    results = printed(capsys, "sealed")
    ours = results["sealed"]["ours"]
    assert ours["minutes"] is None and ours["agent_steps"] > 0 and 0 <= ours["robust_end"] <= ours["best"] < sealed.HALF
    check_tables(results)
    monkeypatch.setattr(sealed, "HALF", 0.0)
    monkeypatch.setattr(sealed, "_BETWEEN_S", 0.0)
    ours = sealed.measure(scenario_from_text("quadrant"), 1e-6)["ours"]
    assert ours and ours["minutes"] == ours["trained_minutes"]


def test_teams_that_seal_themselves_in_are_found():
    """The shipped team is asked in the place of one that has learned."""
    scenario = scenario_from_text("quadrant")
    teams = [load(SHIPPED / "quadrant-block", side) for side in (HIDERS, SEEKERS)]
    random = np.random.default_rng(0)

    def shipped(observation: np.ndarray) -> np.ndarray:
        return np.concatenate([teams[0].act(observation[:, :2]), teams[1].act(observation[:, 2:])], 1)

    def at_random(observation: np.ndarray) -> np.ndarray:
        return random.integers(0, ACTION_SIZES, (*observation.shape[:2], 3), np.int8)

    game = Game(scenario, 64)
    assert sealed._sealed_share(game, shipped) > 0.7 and sealed._sealed_share(game, at_random) < 0.2
