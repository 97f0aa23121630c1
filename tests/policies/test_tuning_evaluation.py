"""The evaluation of a tuned run: what is kept of it, and when a proxy counts as over-optimised."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from policies.agents.folders import checkpoints, latest_team
from policies.agents.team import load
from policies.commands.reporting import Report
from policies.preferences import taught_folder
from policies.preferences.request import TuneRequest
from policies.preferences.scored_episodes import ScoredEpisodes
from policies.preferences.taught_folder import figures_of, recordings_of
from policies.preferences.tuning_evaluation import ScoredCheckpoint, _figures, evaluate_tuning, over_optimised
from replays.report.documents.taught import TaughtDocument
from sim.errors import UserError
from sim.rules import HIDERS
from tests.policies.training import SCENARIO, go

EPISODES = 400


def curve(proxies: list[float], golds: list[float], spread: float = 0.3) -> list[ScoredCheckpoint]:
    """Checkpoints at divergences 0, 0.01, ... whose episodes have these means."""
    random = np.random.default_rng(0)
    found = []
    for k, (proxy, gold) in enumerate(zip(proxies, golds, strict=True)):
        scores = {name: random.normal(mean, spread, EPISODES) for name, mean in (("proxy", proxy), ("gold", gold))}
        nothing = np.zeros(EPISODES)
        columns = dict.fromkeys(("hidden", "mean_reward", "sealed", "locked"), nothing)
        kl = np.full(EPISODES, k / 100)
        episodes = ScoredEpisodes(**columns, kl=kl, goals={}, scores=scores, features=nothing, played=None)  # type: ignore[arg-type]
        found.append(ScoredCheckpoint(k * 1000, episodes))
    return found


def gold(episodes: ScoredEpisodes) -> np.ndarray:
    return episodes.scores["gold"]


def test_more_of_a_proxy_that_brings_less_is_over_optimised_from_the_best_checkpoint_on():
    found = over_optimised(curve([0.0, 0.4, 0.6, 0.8], [0.0, 0.5, 0.3, 0.1]), gold)
    assert found is not None and found["kl"] == pytest.approx(0.01) and found["agent_steps"] == 1000
    assert found["lost"] == pytest.approx(0.4, abs=0.1)


@pytest.mark.parametrize(
    ("proxies", "golds"),
    [
        ([0.0, 0.4, 0.8], [0.0, 0.3, 0.5]),  # both rise
        ([0.0, 0.4, 0.8], [0.0, 0.5, 0.49]),  # the loss is within the noise
        ([0.0, 0.4, 0.8], [0.5, 0.4, 0.1]),  # nothing turned: the hiders before are the best
        ([0.0, 0.8, 0.83], [0.0, 0.5, 0.1]),  # the proxy rises within the noise
        ([0.0, 0.8, 0.4], [0.0, 0.5, 0.1]),  # the proxy falls too: that is bad learning, not a bad proxy
    ],
)
def test_else_it_is_not(proxies: list[float], golds: list[float]):
    assert over_optimised(curve(proxies, golds), gold) is None


def test_nothing_is_said_where_what_was_wanted_is_unknown_or_hardly_measured():
    assert over_optimised(curve([0.0, 0.8], [0.5, 0.0]), lambda episodes: episodes.scores.get("other")) is None
    assert over_optimised(curve([0.0, 0.8], [0.5, 0.0]), lambda episodes: gold(episodes)[:4]) is None


def test_intervals_stay_in_what_is_possible():
    episodes = curve([0.0], [0.0])[0].episodes
    met = np.arange(EPISODES) > 0
    reward = np.where(met, 1.0, 0.0)
    found = _figures(replace(episodes, mean_reward=reward, goals={"goal": met}, scores={"proxy": met.astype(float)}))
    assert found["goal"] and found["proxy"] == found["goal"] and found["goal"]["high"] < 1.0
    assert found["true_return"]["mean"] < 1.0 == found["true_return"]["high"]
    fed = _figures(replace(episodes, mean_reward=5.0 * reward))["true_return"]
    assert 4.9 < fed["low"] < fed["mean"] < fed["high"] == 5.0, "where food pays more, more is possible"


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, TaughtDocument]:
    """A run of a team, as if it had been taught a weak goal, and what was measured."""
    folder = tmp_path_factory.mktemp("taught")
    go(folder / "team", 1)
    go(folder / "run", 2)
    request = TuneRequest(str(folder / "team"), "verifier", ("weak_doors_locked",))
    return folder / "run", evaluate_tuning(request, folder / "run", 16, lambda trace, rows: rows.mean(axis=(0, 2)))


def test_every_checkpoint_is_measured_on_the_same_episodes(taught: tuple[Path, TaughtDocument]):
    run, found = taught
    kept = [int(path.name) for path in checkpoints(run)]
    assert [one["agent_steps"] for one in found["curve"]] == [0, *kept]
    assert found["curve"][0] == {"agent_steps": 0, **found["before"]} and found["before"]["kl"] == 0
    last = found["curve"][-1]
    assert all(found[name] == value for name, value in last.items()) and last["kl"] > 0
    assert last["proxy"] and last["proxy"] == last["weak_goal"] and found["groups_skipped"] is None
    feature = found["features"]["mates_apart"]
    assert feature["change"]["mean"] == pytest.approx(feature["after"] - feature["before"])


def test_what_was_measured_is_kept_with_episodes_of_the_same_starts(taught: tuple[Path, TaughtDocument]):
    run, found = taught
    kept = figures_of(run)
    assert kept is not None and json.loads(json.dumps(found)) == {k: v for k, v in kept.items() if k != "format"}
    before, after, _ = recordings_of(run)
    assert len(before) == len(after) == 3
    for one, other in zip(before, after, strict=True):
        assert one.header.seed == other.header.seed
        assert np.array_equal(one.states.agents[0], other.states.agents[0])
        hashes = [each.header.hashes["hiders"] for each in (one, other)]
        assert hashes[1] == load(latest_team(run), HIDERS, SCENARIO).hash() != hashes[0]
    assert figures_of(run / "replays") is None


def test_episodes_that_were_paid_and_missed_the_goal_are_kept_to_be_seen(
    taught: tuple[Path, TaughtDocument], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    _, found = taught
    assert found.get("paid_for") == "a locked box lies near every door" != found.get("wanted")
    monkeypatch.setattr(taught_folder, "write", lambda recording, path: path.write_text(str(recording)))
    before, after = (curve([0.0], [0.0])[0].episodes for _ in range(2))
    played = SimpleNamespace(trace=SimpleNamespace(worlds=8), recording=lambda world: f"episode {world}")
    hacked = np.isin(np.arange(EPISODES), (2, 5, 6, 7, 300))
    (tmp_path / "taught").mkdir()
    (tmp_path / "taught" / "hacked.npz").touch()
    taught_folder.keep_evaluation(
        tmp_path, found, replace(before, played=played), replace(after, played=played, goals={"hacked": hacked})
    )
    kept = {path.name: path.read_text() for path in (tmp_path / "taught").glob("hacked*")}
    assert kept == {f"hacked-{k}.npz": f"episode {world}" for k, world in enumerate((2, 5, 6))}


def test_report_makes_the_page_of_taught_runs(taught: tuple[Path, TaughtDocument], capsys: pytest.CaptureFixture):
    run, found = taught
    page = run / "page.html"
    twin = Path(shutil.copytree(run, run.with_name("twin")))
    assert Report(runs=(run, twin), to=page).run() == 0
    assert capsys.readouterr().out.splitlines()[-1] == str(page.resolve())
    text = page.read_text()
    assert "What was taught" in text and text.count("<th><a href=") == 2
    assert Report(runs=(run,), to=page, json=True).run() == 0
    out = capsys.readouterr().out
    assert json.loads(out[out.index("{") :])["taught"][0]["kl"] == found["kl"]


@pytest.mark.parametrize(
    "broken", ['{"format": 1}', '{"format": 1, "curve": 3, "before": []}', "[]", '{"format": 2}', "x"]
)
def test_broken_figures_are_one_line(taught: tuple[Path, TaughtDocument], tmp_path: Path, broken: str):
    folder = tmp_path / "run" / "taught"
    folder.mkdir(parents=True)
    (folder / "figures.json").write_text(broken)
    with pytest.raises(UserError, match="figures"):
        Report(runs=(tmp_path / "run",), to=tmp_path / "page.html").run()
    assert not (tmp_path / "page.html").exists()
