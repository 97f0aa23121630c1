"""What a team becomes by labels of simulated raters: `python -m policies.preferences.rater_study FOLDER`.

Raters with hidden weights (`policies.preferences.raters`) label pairs of clips of the team's own episodes, and the
hiders are tuned by these labels: with a reward model, by direct preference, and, for comparison, by the hidden reward
itself with the same PPO, leash and steps. The table gives for each teacher and number of labels, as means over raters
(three with 400 labels of the oracle, else one):

    accuracy      share of 1,000 fresh pairs in which the reward model agrees with the hidden return
    correlation   rank correlation of its scores with the hidden returns of fresh clips
    gain          increase of the hidden reward of a tick by tuning, divided by its increase when training on the hidden
                  reward itself; each the mean over raters
    hidden        share of play hidden, divided by what it was before
    KL            divergence from the team before tuning, in nats

The targets for 400 labels of the oracle are accuracy 0.9, correlation 0.9, gain 0.8 and hidden 0.9. FOLDER keeps
recordings, labels and runs; what exists there is not made again. `results.json` has all figures.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.console import Console

from policies.commands.errors import in_one_line
from policies.evaluation.samplings import record_samplings
from policies.learning.limits import Limits
from policies.learning.objective import Objective
from policies.learning.train import RunOptions, train
from policies.preferences.clips import answered_labels, feature_comparisons
from policies.preferences.features import features, recording_features
from policies.preferences.raters import LABELS, TEACHERS, TICKS, Rater, agreement, new_rater
from policies.preferences.request import TuneRequest
from policies.preferences.reward_model import train_reward_model
from policies.preferences.scored_episodes import ScoreFunction
from policies.preferences.taught_folder import figures_of
from policies.preferences.tune import config_of, team_to_tune, tune
from policies.preferences.tuning_evaluation import evaluate_tuning
from replays.format.archive import replacing
from replays.format.recording import read
from replays.label_writer import LabelWriter
from replays.labels import PREFERRED
from replays.questions import Choice, Clip, hash_of, pair
from replays.report.documents.taught import TaughtDocument
from sim.game import Game

TEAM = "quadrant-block"
STEPS = {"reward-model": 1_000_000, "preference": 300_000, "hidden-reward": 1_000_000}
"""Agent-steps of each method."""
_EPISODES = 512
_RECORDED = (1, 2, 3)
"""Seeds of 64 recordings each; those of the last seed are for the fresh pairs."""
_FRESH = 1000
_RATERS = 3
_WANTED_AT = 400
"""Labels of the runs of all raters as oracles, and of the first rater as any teacher; other numbers of labels are only
tried with the first rater as oracle."""
_KEPT = 3
"""Checkpoints of a run that are kept and evaluated."""
_CHOICES: dict[float, Choice] = {PREFERRED[choice]: choice for choice in ("left", "right", "equal")}


@dataclass(frozen=True)
class ClipPool:
    """Recordings that clips are taken from."""

    paths: list[Path]
    hashes: list[str]
    rows: np.ndarray
    """float32 [recording, tick, feature]: features of the states after ticks."""

    def pairs(self, count: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Random pairs of clips of different recordings: rows of recordings int [N, 2] and first ticks int [N, 2]."""
        which = np.stack([random.choice(len(self.paths), 2, replace=False) for _ in range(count)])
        return which, random.integers(0, self.rows.shape[1] - TICKS + 1, which.shape)

    def clips(self, which: np.ndarray, firsts: np.ndarray) -> np.ndarray:
        """float32 [..., TICKS, feature]"""
        return self.rows[which[..., None], firsts[..., None] + np.arange(TICKS)]

    def clip(self, number: int, first: int) -> Clip:
        return Clip(self.paths[number], self.hashes[number], first, first + TICKS)


@dataclass(frozen=True)
class HiddenReward:
    """A `policies.learning.objective.RewardSource`: a rater's hidden reward of each tick, with mean 0 and spread 1."""

    rater: Rater
    unit: tuple[float, float]
    """Mean and standard deviation of its reward over the ticks of clips."""

    def start(self, game: Game) -> None:
        pass

    def pay(self, game: Game, reward: np.ndarray) -> None:
        hiders = slice(0, game.slots.hiders)
        hidden_reward = self.of_ticks(features(game.slots, game.layout, game.state, game.seen.agents))
        reward[...] = 0.0
        reward[:, hiders] = hidden_reward[:, None] * game.layout.agent_exists[:, hiders]

    def report(self) -> dict[str, float]:
        return {}

    def of_ticks(self, rows: np.ndarray) -> np.ndarray:
        """float64 [...]: the reward of ticks with features float32 [..., feature]."""
        return (self.rater.returns(rows[..., None, :]) - self.unit[0]) / self.unit[1]


def clip_pool(folder: Path, seeds: tuple[int, ...]) -> ClipPool:
    """The team's recordings of these seeds; those that do not exist are played."""
    _, scenario = team_to_tune(TuneRequest(TEAM, "verifier", ("sealed",)))
    paths = [path for seed in seeds for path in record_samplings(TEAM, scenario, seed, folder / "clips")]
    rows = np.stack([recording_features(read(path)) for path in paths])
    return ClipPool(paths, [hash_of(path) for path in paths], rows)


def label_file(path: Path, pool: ClipPool, rater: Rater, teacher: str, count: int) -> Path:
    """Writes `count` labels of a rater to the file `path` if it does not exist; returns `path`."""
    if path.exists():
        return path
    random = np.random.default_rng([7, count])
    which, firsts = pool.pairs(count, random)
    clips = pool.clips(which, firsts)
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    writer = LabelWriter(part)
    for row, answer in enumerate(rater.answers(teacher, clips[:, 0], clips[:, 1], random)):
        choice: Choice = "skip" if np.isnan(answer) else _CHOICES[float(answer)]
        left, right = (pool.clip(int(which[row, side]), int(firsts[row, side])) for side in (0, 1))
        writer.add("What does this rater like?", pair(left, right), choice, 0.0)
    writer.close()
    part.rename(path)
    return path


def study(folder: Path, raters: int = _RATERS) -> Iterator[dict[str, Any]]:
    """Yields the results of each rater, teacher, number of labels and method as they are done; see the module."""
    pool, fresh = clip_pool(folder, _RECORDED[:-1]), clip_pool(folder, _RECORDED[-1:])
    tests = [(number, "oracle", _WANTED_AT) for number in range(raters)]
    tests += [(0, "oracle", labels) for labels in LABELS if labels != _WANTED_AT]
    tests += [(0, teacher, _WANTED_AT) for teacher in TEACHERS if teacher != "oracle"]
    for number, teacher, labels in tests:
        random = np.random.default_rng([0, number])
        rater = new_rater(pool.clips(*pool.pairs(2 * _FRESH, random)).reshape(-1, TICKS, pool.rows.shape[-1]), random)
        rewards = rater.returns(pool.rows[..., None, :])
        hidden_reward = HiddenReward(rater, (float(rewards.mean()), float(rewards.std())))
        left, right = fresh.clips(*fresh.pairs(_FRESH, random)).swapaxes(0, 1)
        file = label_file(folder / f"rater{number}-{teacher}-{labels}.jsonl", pool, rater, teacher, labels)
        model = train_reward_model(feature_comparisons(answered_labels(file)), number)
        accuracy, correlation = agreement(model, rater, left, right)
        for method in STEPS:
            run = folder / f"rater{number}-{method}-{teacher}-{labels}"
            if method == "hidden-reward":
                run = folder / f"rater{number}-{method}"  # labels do not matter to it
            found = _tune(run, file, method, number, hidden_reward)
            before, after = found["before"]["gold"], found["gold"]
            assert before and after
            yield {
                "rater": number,
                "teacher": teacher,
                "labels": labels,
                "method": method,
                "accuracy": accuracy,
                "correlation": correlation,
                "gold_before": before["mean"],
                "gold": after["mean"],
                "hidden_before": found["before"]["hidden"]["mean"],
                "hidden": found["hidden"]["mean"],
                "kl": found["kl"],
                "over_optimised": found["over_optimised"]["gold"],
            }


def _tune(run: Path, labels: Path, method: str, seed: int, hidden_reward: HiddenReward) -> TaughtDocument:
    """Tunes a team in a run folder and evaluates it, or reads the figures of an earlier call."""
    if found := figures_of(run):
        return found
    direct = method == "hidden-reward"
    request = TuneRequest(TEAM, "reward-model" if direct else method, labels=labels, seed=seed)
    options, console = RunOptions(Limits(steps=STEPS[method]), keep=_KEPT), Console(quiet=True)
    if direct:
        team, scenario = team_to_tune(request)
        config = config_of(request, team, scenario)
        assert config.tuning
        config = replace(config, tuning=replace(config.tuning, method=method, labels=""))
        train(config, scenario, run, options, console, Objective(hidden_reward, team, request.leash))
    else:
        tune(request, run, options, console)
    gold: ScoreFunction = lambda trace, rows: hidden_reward.of_ticks(rows).mean(axis=0)  # noqa: E731
    return evaluate_tuning(request, run, _EPISODES, gold)


def summary(results: list[dict[str, Any]]) -> str:
    """The table of the module, in Markdown."""
    lines = ["| teacher | labels | accuracy, correlation | reward model: gain, hidden, KL | preference: the same |"]
    lines.append("|---|---|---|---|---|")
    for teacher, labels in dict.fromkeys((one["teacher"], one["labels"]) for one in results):
        rows = [one for one in results if (one["teacher"], one["labels"]) == (teacher, labels)]
        agree = [f"{np.mean([one[name] for one in rows]):.3f}" for name in ("accuracy", "correlation")]
        gains = {method: _sum(rows, method, "gold") - _sum(rows, method, "gold_before") for method in STEPS}
        cells = [teacher, str(labels), ", ".join(agree)]
        for method in ("reward-model", "preference"):
            hidden = _sum(rows, method, "hidden") / _sum(rows, method, "hidden_before")
            apart = np.mean([one["kl"] for one in rows if one["method"] == method])
            cells.append(f"{gains[method] / gains['hidden-reward']:.2f}, {hidden:.2f}, {apart:.3f}")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _sum(rows: list[dict[str, Any]], method: str, name: str) -> float:
    return float(sum(one[name] for one in rows if one["method"] == method))


def study_folder(about: str) -> Path:
    """The folder named on a study's command line; it is created if it does not exist."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("folder", type=Path, help="keeps what is recorded and made; the same command goes on there")
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def main() -> int:
    """Runs the study, and prints its table."""
    torch.set_num_threads(1)
    folder = study_folder("Tunes teams by labels of simulated raters, and compares them.")
    results: list[dict[str, Any]] = []
    for one in study(folder):
        results.append(one)
        with replacing(folder / "results.json") as file:
            file.write(json.dumps(results, indent=1).encode())
        print(json.dumps(one), file=sys.stderr, flush=True)
    print(summary(results))
    return 0


if __name__ == "__main__":
    sys.exit(in_one_line(main))
