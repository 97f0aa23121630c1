"""Several ranks learn what one process learns: here as threads, and once as processes that torchrun starts."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
import torch
from torch import Tensor

from policies.agents.normaliser import moments
from policies.commands.training import Train
from policies.learning import ranks, run_folder
from policies.learning.episodes import training_seeds
from policies.learning.ppo import Learner
from policies.learning.ranks import ALONE, JoinedRanks, Ranks
from policies.learning.samples import Samples
from policies.learning.threads import learning_threads, simulating_threads
from policies.learning.trainer import Trainer
from sim.errors import UserError
from tests.policies.bandits import CPU, SMALL, bandit, bandit_learner
from tests.policies.training import PER_UPDATE, ROOT, SCENARIO, TINY, lines

Result = TypeVar("Result")


class ThreadedRanks(JoinedRanks):
    """A rank that is a thread of this process."""

    def __init__(self, rank: int, count: int, barrier: threading.Barrier, given: list[Tensor]) -> None:
        super().__init__(rank, count)
        self.barrier, self.given = barrier, given

    def total(self, values: Tensor) -> Tensor:
        self.given[self.rank] = values
        self.barrier.wait(20)
        result = torch.stack(self.given).sum(0)
        self.barrier.wait(20)
        return result


def together(count: int, work: Callable[[Ranks], Result]) -> list[Result]:
    """What `work` returns in each of `count` ranks."""
    barrier, given = threading.Barrier(count), [torch.empty(0)] * count
    ranks = [ThreadedRanks(rank, count, barrier, given) for rank in range(count)]
    with ThreadPoolExecutor(count) as executor:
        return list(executor.map(work, ranks))


def part(samples: Samples, ranks: Ranks) -> Samples:
    """A rank's worlds."""
    worlds = ranks.share(samples.rewards.shape[1])
    own = samples._replace(
        **{
            name: getattr(samples, name)[:, worlds]
            for name in ("inputs", "actions", "log_probs", "rewards", "global_state")
        }
    )
    if samples.exist is not None:
        own = own._replace(exist=samples.exist[:, worlds])
    return own._replace(moments=torch.stack(moments(own.inputs)))


def learnt(samples: Samples, ranks: Ranks) -> Learner:
    """A learner after one step of actor and critic from all samples at once."""
    learner = bandit_learner(replace(SMALL, epochs=1, minibatch=10**6))
    learner.ranks = ranks
    own = part(samples, ranks)
    batch = learner.estimate_advantages(own)
    learner.improve_actor(own, batch)
    learner.improve_critic(own, batch)
    learner.update_normalisers(own)
    return learner


def state(learner: Learner) -> dict[str, Tensor]:
    parts = {"actor": learner.actor, "critic": learner.critic}
    return {f"{one}.{name}": tensor for one, net in parts.items() for name, tensor in net.state_dict().items()}


@pytest.mark.parametrize("count", [2, 4])
def test_ranks_learn_from_their_worlds_what_one_process_learns_from_all(count: int):
    samples = bandit(bandit_learner().actor, 5)
    wanted = state(learnt(samples, ALONE))
    found = [state(learner) for learner in together(count, lambda ranks: learnt(samples, ranks))]
    for name, tensor in wanted.items():
        torch.testing.assert_close(found[0][name], tensor, atol=2e-6, rtol=1e-5)
        assert all(torch.equal(other[name], found[0][name]) for other in found[1:]), "ranks have drifted apart"
    first = state(bandit_learner())
    assert all((tensor - first[name]).abs().max() > 1e-4 for name, tensor in wanted.items() if "weight" in name)


def test_steps_are_as_many_as_for_one_process_where_fewer_agents_exist_in_one_rank():
    samples = bandit(bandit_learner().actor, 5)
    samples = samples._replace(exist=torch.arange(128).expand(1, 2, 128).mT < 80)

    def steps(ranks: Ranks) -> int:
        learner, own = bandit_learner(replace(SMALL, epochs=1, minibatch=20)), part(samples, ranks)
        learner.ranks = ranks
        return len(list(learner._minibatches(own.rewards.shape[1], own, learner.actor_generator)))

    assert steps(ALONE) == 8 and together(2, steps) == [8, 8]


def test_moments_are_those_of_all_samples():
    values = torch.randn(90, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64) * 5 + 2
    cut = {0: values[:20], 1: values[20:]}

    def merged(ranks: Ranks) -> tuple[Tensor, Tensor, int]:
        own = cut[ranks.rank]
        return ranks.merge(*moments(own), len(own))

    for mean, variance, count in together(2, merged):
        torch.testing.assert_close(mean, values.mean(0))
        torch.testing.assert_close(variance, values.var(0, correction=0))
        assert count == 90
    wanted = ALONE.standardise(values, values)
    found = together(2, lambda ranks: ranks.standardise(cut[ranks.rank], cut[ranks.rank]))
    torch.testing.assert_close(torch.cat(found), wanted, atol=1e-6, rtol=1e-6)


def test_a_rank_without_samples_changes_nothing():
    values = torch.randn(20, 3, dtype=torch.float64)
    some = {0: (*moments(values), 20), 1: (torch.zeros(3).double(), torch.zeros(3).double(), 0)}
    for mean, _, count in together(2, lambda ranks: ranks.merge(*some[ranks.rank])):
        torch.testing.assert_close(mean, values.mean(0))
        assert count == 20


def test_figures_are_means_and_numbers_are_sums():
    means = together(3, lambda ranks: ranks.mean({"a": float(ranks.rank), "b": 1.0}))
    assert means == [{"a": 1.0, "b": 1.0}] * 3
    assert together(3, lambda ranks: ranks.sum(ranks.rank == 2)) == [1.0] * 3


def test_worlds_are_shared_equally_or_not_at_all():
    shares = together(4, lambda ranks: ranks.share(8))
    assert [world for share in shares for world in range(8)[share]] == list(range(8))
    with pytest.raises(UserError, match="9 worlds cannot be shared equally by 2"):
        together(2, lambda ranks: ranks.share(9))


def trained(ranks: Ranks, lag: int = 0) -> tuple[Trainer, list[np.ndarray], dict]:
    """A trainer after two updates, the starts of its episodes, and the last line of metrics."""
    config = replace(TINY, worlds=16, past_share=0.25, visited_share=0.25, checkpoint_steps=10**6, lag=lag)
    trainer, seeds = Trainer(config, SCENARIO, CPU, 1, None, ranks), []
    for rollout in trainer.self_play.rollouts:
        collect = rollout.collect
        rollout.collect = lambda *given, play=collect: seeds.append(given[0]) or play(*given)  # type: ignore[method-assign]
    with ThreadPoolExecutor(1) as executor:
        trainer.update(executor)
        line = trainer.update(executor)
    return trainer, seeds, line


@pytest.mark.parametrize("lag", [0, 1])
def test_ranks_play_other_worlds_with_other_chances_and_stay_the_same(lag: int):
    one, other = together(2, lambda ranks: trained(ranks, lag))
    assert len(one[1]) == len(other[1]) == 2 + lag
    for update in (0, 1):
        both = np.concatenate([one[1][update], other[1][update]])
        assert np.array_equal(both, training_seeds(TINY.seed, update, 16))
    for mine, theirs in zip(one[0].learners, other[0].learners, strict=True):
        wanted, found = state(mine), state(theirs)
        assert all(torch.equal(wanted[name], found[name]) for name in wanted)
    slots = [slot for trainer, _, _ in (one, other) for slot in trainer.self_play.rollout.learning]
    generators = [slot.generator.initial_seed() for slot in slots]
    assert len(set(generators)) == 4
    assert all(one[2][name] == other[2][name] for name in one[2].keys() - {"seconds", "steps_per_s", "shares"})
    assert one[2]["agent_steps"] == 2 * 2 * PER_UPDATE and one[2]["episodes_judged"] == 16 - 4 - 4


def test_a_window_is_for_one_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ranks, "launched", lambda: 2)
    with pytest.raises(UserError, match="--watch is for one process"):
        Train(watch=True, run_folder=tmp_path / "run").run()


@pytest.mark.parametrize(("here", "threads"), [("1", 3), ("2", 3), ("4", 2), ("16", 1)])
def test_ranks_of_a_machine_share_its_cores(here: str, threads: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ranks, "launched", lambda: 64)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    monkeypatch.setenv("LOCAL_WORLD_SIZE", here)
    assert simulating_threads(3, 1024) == threads
    assert learning_threads(4, JoinedRanks(0, 64)) == 1


PATIENCE_S = 300
SETTINGS = f"worlds=8 minibatch=64 hidden=16 checkpoint_steps={2 * PER_UPDATE}".split()
LINE = ["train", "smoke", "--scenario", "quadrant:ticks=10,preparation_ticks=4", *(f"--set={one}" for one in SETTINGS)]


def started(run: Path, updates: int, processes: int) -> subprocess.Popen[str]:
    """Trains a run until it has `updates` updates."""
    torchrun = ["torch.distributed.run", "--nproc-per-node", str(processes), "--standalone", "-m", "--"]
    command = [sys.executable, "-m", *(torchrun if processes > 1 else []), "policies.cli", *LINE]
    command += ["--steps", str(updates * PER_UPDATE), "--run", str(run)]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def children(process: subprocess.Popen[str]) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="finds the processes in /proc")
def test_a_rank_that_dies_ends_the_run_and_it_goes_on_with_as_many_as_there_are(tmp_path: Path):
    run = tmp_path / "run"
    for victim in (0, 1):
        before = run_folder.checkpoints(run)
        with started(run, 10**6, 2) as both:
            while run_folder.checkpoints(run) == before:
                assert both.poll() is None, both.communicate()[0]
                time.sleep(0.05)
            os.kill(children(both)[victim], signal.SIGKILL)
            output = both.communicate(timeout=PATIENCE_S)[0]
        assert both.returncode and output.count("hideseek: another process of this training has ended") <= 1
    updates = int(run_folder.checkpoints(run)[-1].name) // PER_UPDATE
    for processes, more in ((1, 2), (2, 4), (4, 6)):
        with started(run, updates + more, processes) as going_on:
            output = going_on.communicate(timeout=PATIENCE_S)[0]
        assert going_on.returncode == 0 and output.count("going on from") == 1, output
    assert [line["update"] for line in lines(run)] == list(range(1, updates + 7))
    assert {path.name for path in run.iterdir()} == {
        "checkpoints",
        "config.json",
        "ended.txt",
        "lock",
        "metrics.jsonl",
        "replays",
    }


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_torchrun_saves(tmp_path: Path, number: int):
    run = tmp_path / "run"
    with started(run, 10**6, 2) as both:
        while not run_folder.checkpoints(run):
            assert both.poll() is None, both.communicate()[0]
            time.sleep(0.05)
        both.send_signal(number)
        output = both.communicate(timeout=PATIENCE_S)[0]
    assert "agent-steps; saved" in output
    assert int(run_folder.checkpoints(run)[-1].name) == lines(run)[-1]["agent_steps"]


@pytest.mark.slow
def test_worlds_that_cannot_be_shared_are_refused(tmp_path: Path):
    with started(tmp_path / "run", 1, 3) as three:
        output = three.communicate(timeout=PATIENCE_S)[0]
    assert "8 worlds cannot be shared equally by 3 processes" in output and three.returncode
