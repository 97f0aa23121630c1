"""`hideseek bench` measures what design and README say, in the form that others rely on."""

import io
import json

import pytest
from rich.console import Console

from policies.bench import run as bench
from sim.errors import UserError

WORLD = {"tick_us", "plain_us", "plain_numpy_us", "chipmunk_us", "reset_share", "threads", "env_steps_per_s"}
LEARNER = {"agent_steps_per_s", "sb3_agent_steps_per_s", "shares"}
VIEWER = {"first_frame_ms", "seek_ms_p99", "panes"}


def printed(capsys: pytest.CaptureFixture, part: bench.Part) -> dict:
    bench.bench(part, seconds=0.1, as_json=True)
    return json.loads(capsys.readouterr().out)


def check_tables(results: dict) -> None:
    """Every table can be shown, in a narrow terminal too."""
    page = io.StringIO()
    for table in bench.tables(results):
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
    viewer = results["viewer"]
    assert set(viewer) >= VIEWER
    for pane in (*(viewer["panes"][count] for count in "124"), viewer["gallery"]):
        assert 0 < pane["frame_ms_p50"] <= pane["frame_ms_p99"]
    assert viewer["seek_growth_mib"] < 20, "memory is flat over 10,000 seeks"
    check_tables(results)


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan"), 1e9])
def test_seconds_out_of_range(seconds: float):
    with pytest.raises(UserError, match="--seconds"):
        bench.measure("world", seconds)
