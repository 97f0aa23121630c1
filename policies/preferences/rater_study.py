"""What a team becomes that is taught by raters made of numbers: `python -m policies.preferences.rater_study FOLDER`.

Raters with hidden weights (`policies.preferences.raters`) label pairs of clips of the team's own episodes, and the
hiders are tuned by these labels: by a reward model, by direct preference, and, to compare with, by the hidden reward
itself with the same PPO, leash and steps. The table says for each teacher and number of labels, as means over its
raters (three with 400 labels of the oracle, else one):

    accuracy      share of 1,000 fresh pairs in which the reward model agrees with the hidden return
    correlation   rank correlation of its scores with the hidden returns of fresh clips
    gain          what the hidden reward of a tick gained by tuning, as a share of what it gained by training on the
                  hidden reward itself; a ratio of the two means over raters
    hidden        share of play hidden, as a share of what it was before

Wanted by 400 labels of the oracle, in this order: 0.9, 0.9, 0.8, 0.9. FOLDER keeps recordings, labels and runs;
what is there is not done again. `results.json` has all figures.
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

from policies.evaluation.samplings import record_samplings
from policies.learning.limits import Limits
from policies.learning.objective import Objective
from policies.learning.train import RunOptions, train
from policies.preferences.clips import PREFERRED, answered, comparisons
from policies.preferences.features import features, of_recording
from policies.preferences.judge import judge
from policies.preferences.measure import Score
from policies.preferences.raters import LABELS, TEACHERS, TICKS, Rater, agreement, new_rater
from policies.preferences.request import TuneRequest
from policies.preferences.reward_model import train_reward_model
from policies.preferences.taught_folder import figures_of
from policies.preferences.tune import config_of, taught_team, tune
from replays.format.archive import replacing
from replays.format.recording import read
from replays.label_writer import LabelWriter
from replays.questions import Choice, Clip, hash_of, pair
from sim.game import Game

TEAM = "quadrant-block"
STEPS = {"reward-model": 1_000_000, "preference": 300_000, "hidden-reward": 1_000_000}
"""Agent-steps of each way."""
_EPISODES = 512
_RECORDED = (1, 2, 3)
"""Seeds of 64 recordings each: those of the last are for the fresh pairs."""
_FRESH = 1000
_RATERS = 3
_WANTED_AT = 400
"""Labels of all raters, and of the teachers other than the oracle; the other numbers are the first rater's."""
_KEPT = 3
"""Checkpoints of a run that are kept and play."""
_CHOICES: dict[float, Choice] = {PREFERRED[choice]: choice for choice in ("left", "right", "equal")}


@dataclass(frozen=True)
class Pool:
    """Recordings that clips are taken from."""

    paths: list[Path]
    hashes: list[str]
    rows: np.ndarray
    """float32 [recording, tick, feature]: of the states that ticks lead to."""

    def pairs(self, count: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Recordings int [N, 2], two different ones, and first ticks int [N, 2] of clips."""
        which = np.stack([random.choice(len(self.paths), 2, replace=False) for _ in range(count)])
        return which, random.integers(0, self.rows.shape[1] - TICKS + 1, which.shape)

    def clips(self, which: np.ndarray, firsts: np.ndarray) -> np.ndarray:
        """float32 [..., TICKS, feature]"""
        return self.rows[which[..., None], firsts[..., None] + np.arange(TICKS)]

    def clip(self, number: int, first: int) -> Clip:
        return Clip(self.paths[number], self.hashes[number], first, first + TICKS)


@dataclass(frozen=True)
class HiddenReward:
    """A `policies.learning.objective.RewardSource` that pays what a rater likes, in units of its spread over ticks."""

    rater: Rater
    unit: tuple[float, float]
    """Mean and spread of its likes over the ticks of clips."""

    def start(self, game: Game) -> None:
        pass

    def pay(self, game: Game, reward: np.ndarray) -> None:
        hiders = slice(0, game.slots.hiders)
        liked = self.of(features(game.slots, game.layout, game.state, game.seen.agents))
        reward[...] = 0.0
        reward[:, hiders] = liked[:, None] * game.layout.agent_exists[:, hiders]

    def report(self) -> dict[str, float]:
        return {}

    def of(self, rows: np.ndarray) -> np.ndarray:
        """float64 [...]: of ticks with features float32 [..., feature]."""
        return (self.rater.returns(rows[..., None, :]) - self.unit[0]) / self.unit[1]


def pool_of(folder: Path, seeds: tuple[int, ...]) -> Pool:
    """The team's recordings of these seeds, played if need be."""
    _, scenario = taught_team(TuneRequest(TEAM, "verifier", ("sealed",)))
    paths = [path for seed in seeds for path in record_samplings(TEAM, scenario, seed, folder / "clips")]
    return Pool(paths, [hash_of(path) for path in paths], np.stack([of_recording(read(path)) for path in paths]))


def label_file(path: Path, pool: Pool, rater: Rater, teacher: str, count: int) -> Path:
    """A file with the first `count` labels of a rater; of `path`, its pairs and answers follow."""
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
    """A dictionary for each rater, teacher, number of labels and method, as they are done; see the module."""
    pool, fresh = pool_of(folder, _RECORDED[:-1]), pool_of(folder, _RECORDED[-1:])
    tests = [(number, "oracle", _WANTED_AT) for number in range(raters)]
    tests += [(0, "oracle", labels) for labels in LABELS if labels != _WANTED_AT]
    tests += [(0, teacher, _WANTED_AT) for teacher in TEACHERS if teacher != "oracle"]
    for number, teacher, labels in tests:
        random = np.random.default_rng([0, number])
        rater = new_rater(pool.clips(*pool.pairs(2 * _FRESH, random)).reshape(-1, TICKS, pool.rows.shape[-1]), random)
        liked = rater.returns(pool.rows[..., None, :])
        hidden_reward = HiddenReward(rater, (float(liked.mean()), float(liked.std())))
        left, right = fresh.clips(*fresh.pairs(_FRESH, random)).swapaxes(0, 1)
        file = label_file(folder / f"rater{number}-{teacher}-{labels}.jsonl", pool, rater, teacher, labels)
        accuracy, correlation = agreement(train_reward_model(comparisons(answered(file)), number), rater, left, right)
        for method in STEPS:
            run = folder / f"rater{number}-{method}-{teacher}-{labels}"
            if method == "hidden-reward":
                run = folder / f"rater{number}-{method}"  # labels do not matter to it
            found = _taught(run, file, method, number, hidden_reward)
            yield {
                "rater": number,
                "teacher": teacher,
                "labels": labels,
                "method": method,
                "accuracy": accuracy,
                "correlation": correlation,
                "gold_before": found["before"]["gold"]["mean"],
                "gold": found["gold"]["mean"],
                "hidden_before": found["before"]["hidden"]["mean"],
                "hidden": found["hidden"]["mean"],
                "kl": found["kl"],
                "over_optimised": found["over_optimised"]["gold"],
            }


def _taught(run: Path, labels: Path, method: str, seed: int, hidden_reward: HiddenReward) -> dict[str, Any]:
    """Tunes in a run folder, and returns its figures."""
    if found := figures_of(run):
        return found
    direct = method == "hidden-reward"
    request = TuneRequest(TEAM, "reward-model" if direct else method, labels=labels, seed=seed)
    options, console = RunOptions(Limits(steps=STEPS[method]), keep=_KEPT), Console(quiet=True)
    if direct:
        team, scenario = taught_team(request)
        config = config_of(request, team, scenario)
        assert config.tuning
        config = replace(config, tuning=replace(config.tuning, method=method, labels=""))
        train(config, scenario, run, options, console, Objective(hidden_reward, team, request.leash))
    else:
        tune(request, run, options, console)
    gold: Score = lambda trace, rows: hidden_reward.of(rows).mean(axis=0)  # noqa: E731
    return judge(request, run, _EPISODES, gold)


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
    """The folder that the command line of a study names; it is there then."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("folder", type=Path, help="keeps what is recorded and made; the same command goes on there")
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def main() -> None:
    """Does the study in the folder that is named, and prints its table."""
    torch.set_num_threads(1)
    folder = study_folder("Tunes teams by labels of simulated raters, and compares them.")
    results: list[dict[str, Any]] = []
    for one in study(folder):
        results.append(one)
        with replacing(folder / "results.json") as file:
            file.write(json.dumps(results, indent=1).encode())
        print(json.dumps(one), file=sys.stderr, flush=True)
    print(summary(results))


if __name__ == "__main__":
    main()
