"""Episodes that are played while the last ones are learnt from: by whom, and that neither disturbs the other."""

import json
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from policies.agents.action_distribution import sample, score
from policies.agents.networks import initialise, new_actor
from policies.learning import run_folder
from policies.learning.checkpoint import restore_checkpoint, save_checkpoint
from policies.learning.config import TrainConfig
from policies.learning.losses import ActorBatch, as_of_now
from policies.learning.ppo import Learner
from policies.learning.rollout import Rollout
from policies.learning.trainer import Trainer
from sim.errors import UserError
from sim.rules import HIDERS
from sim.scenario import Scenario, scenario_from_text
from sim.schema import observation_size
from tests.policies.bandits import CPU, seeded
from tests.policies.training import PER_UPDATE, SCENARIO, TINY, go, lines, same_checkpoint

LAG = replace(TINY, lag=1, checkpoint_steps=4 * PER_UPDATE, past_share=0.5, visited_share=0.25)
WORLDS = {
    "quadrant": SCENARIO,
    "agents that do not exist": scenario_from_text("open_field:ticks=10,preparation_ticks=4"),
    "nobody seeks": scenario_from_text("blueprint:ticks=10"),
}


class AtOnce(Executor):
    """Learns before the next episodes are played."""

    def submit(self, fn: Callable, /, *args: Any, **kwargs: Any) -> Future:
        done: Future = Future()
        done.set_result(fn(*args, **kwargs))
        return done


class Postponed(Executor):
    """Learns only when the figures are wanted: after the next episodes were played."""

    def submit(self, fn: Callable, /, *args: Any, **kwargs: Any) -> Future:
        class Late(Future):
            def result(self, timeout: float | None = None) -> Any:
                return fn(*args, **kwargs)

        return Late()


def state(trainer: Trainer) -> dict[str, torch.Tensor]:
    """The networks of both sides, and the visited states."""
    networks = [network for one in trainer.learners for network in (one.actor, one.critic)]
    named = {f"{number}/{name}": t for number, one in enumerate(networks) for name, t in one.state_dict().items()}
    return {name: tensor.clone() for name, tensor in (named | trainer.self_play.visited_states.tensors()).items()}


def untimed(lines: list[dict]) -> list[dict]:
    """Lines of metrics without what depends on the clock."""
    return [{name: line[name] for name in line.keys() - {"seconds", "steps_per_s", "shares"}} for line in lines]


def trained(
    config: TrainConfig, scenario: Scenario, executor: Executor, threads: int = 1
) -> tuple[dict[str, torch.Tensor], list[dict]]:
    """The state after six updates, and their lines of metrics."""
    made = Trainer(config, scenario, CPU, threads)
    with executor:
        lines = [made.update(executor) for _ in range(6)]
    return state(made), untimed(lines)


@pytest.mark.parametrize("network", ["mlp", "recurrent"])
def test_learning_begins_at_the_present_actor(network: str):
    """In one gradient step an update, the actor has not moved from where ratios are 1."""
    config = replace(LAG, network=network, epochs=1, minibatch=2**20, learning_rate=0.05, mirrored_share=0.0)
    _, lines = trained(config, SCENARIO, AtOnce())
    assert all(line["hiders"]["approx_kl"] < 1e-6 for line in lines)


def test_samples_of_an_earlier_actor_count_as_much_more_as_they_are_likelier_now():
    earlier, present = (new_actor("mlp", SCENARIO.slots, (16,)) for _ in range(2))
    for number, actor in enumerate((earlier, present)):
        initialise(actor, 0.3, seeded(number))
    earlier.body[-1].get_parameter("bias").data[0] += 0.7  # it stands still more often
    inputs = torch.randn(1, 20_000, 1, observation_size(SCENARIO.slots), generator=seeded())
    with torch.no_grad():
        actions = sample(earlier(inputs), seeded(1))
        old = score(earlier(inputs), actions)[0]
    payment = actions[..., 0].float()  # what the earlier actor's choices were worth
    starts = torch.ones(1, 20_000, dtype=torch.bool)
    batch = as_of_now(present, ActorBatch(inputs, actions, old, payment, starts, None))
    with torch.no_grad():
        now = sample(present(inputs), seeded(2))[..., 0].float()
    assert abs(float(payment.mean() - now.mean())) > 0.1
    assert float(batch.advantages.mean()) == pytest.approx(float(now.mean()), abs=0.05)
    torch.testing.assert_close(batch.old_log_probs, score(present(inputs), actions)[0].detach())


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("network", ["mlp", "recurrent"])
def test_what_is_learnt_does_not_depend_on_when_the_next_episodes_are_played(network: str, world: str):
    config, scenario = replace(LAG, network=network), WORLDS[world]
    wanted, lines = trained(config, scenario, AtOnce())
    for executor, threads in ((Postponed(), 1), (ThreadPoolExecutor(1), 1), (ThreadPoolExecutor(4), 3)):
        found, others = trained(config, scenario, executor, threads)
        assert others == lines
        assert all(torch.equal(tensor, found[name]) for name, tensor in wanted.items())


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[torch.Tensor]:
    """The hiders' weights that played, in the order of the episodes."""
    found: list[torch.Tensor] = []
    collect = Rollout.collect

    def noted(self, *given):
        found.append(weights(self.learning[HIDERS].actor))
        return collect(self, *given)

    monkeypatch.setattr(Rollout, "collect", noted)
    return found


def weights(network: torch.nn.Module) -> torch.Tensor:
    return torch.cat([tensor.flatten().double() for tensor in network.state_dict().values()])


@pytest.mark.parametrize(("lag", "behind"), [(0, [0, 0, 0, 0, 0]), (1, [0, 1, 1, 1, 0])])
def test_those_that_play_are_an_update_behind_but_not_across_a_checkpoint(
    played: list[torch.Tensor], lag: int, behind: list[int]
):
    made, known = Trainer(replace(LAG, lag=lag), SCENARIO, CPU, 1), []
    with ThreadPoolExecutor(2) as executor:
        for _ in behind:
            known.append(weights(made.learners[HIDERS].actor))
            made.update(executor)
            assert (made.ahead is not None) == (lag == 1 and made.updates != 4)
    for update, late in enumerate(behind):
        assert torch.equal(played[update], known[update - late])
        assert not torch.equal(known[update], known[update - 1])
    assert len(played) == 5 + lag


def test_what_episodes_have_shown_is_noted_before_the_next_ones_begin(monkeypatch: pytest.MonkeyPatch):
    made, noted = Trainer(LAG, SCENARIO, CPU, 1), []
    states, pool = made.self_play.visited_states, made.self_play.league.pools[HIDERS]
    for part, name in ((pool, "sample_opponents"), (states, "begin"), (pool, "record_result"), (states, "learn")):
        step = getattr(part, name)
        monkeypatch.setattr(part, name, lambda *given, step=step, name=name: noted.append(name) or step(*given))
    with ThreadPoolExecutor(2) as executor:
        for _ in range(3):
            made.update(executor)
    begin, end = ["sample_opponents", "begin"], ["record_result", "learn"]
    assert noted == (begin + end) * 3 + begin


def test_old_networks_play_nothing_for_a_side_that_starts_over(played: list[torch.Tensor]):
    config = replace(LAG, restart_below=0.5, restart_steps=1, checkpoint_steps=10**6)
    made = Trainer(config, SCENARIO, CPU, 1)
    with ThreadPoolExecutor(2) as executor:
        made.restarts.won = [0.1, 0.9]
        made.update(executor)
        assert made.ahead is None and made.restarts.count == [0, 0]
        old = weights(made.learners[HIDERS].actor)
        made.update(executor)
    assert made.restarts.count == [1, 0] and not torch.equal(played[1], old)
    untrained, _ = made.initial_networks.after_restart(HIDERS, 1)
    assert torch.equal(played[1], weights(untrained))


class Killed(Exception):
    pass


@pytest.mark.parametrize("killed_in", [4, 5, 7])
def test_a_run_that_is_killed_goes_on_as_if_it_had_not_been(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed_in: int
):
    go(tmp_path / "whole", 8, LAG)
    update = Trainer.update

    def killed(self, executor):
        if self.updates == killed_in:
            raise Killed
        return update(self, executor)

    monkeypatch.setattr(Trainer, "update", killed)
    with pytest.raises(Killed):
        go(tmp_path / "killed", 8, LAG, threads=2)
    monkeypatch.undo()
    go(tmp_path / "killed", 8, LAG)
    whole, other = (run_folder.checkpoints(tmp_path / name)[-1] for name in ("whole", "killed"))
    assert same_checkpoint(whole, other)
    assert untimed(lines(tmp_path / "whole")) == untimed(lines(tmp_path / "killed"))


def test_a_run_that_was_stopped_between_checkpoints_goes_on(tmp_path: Path):
    go(tmp_path, 3, LAG)
    go(tmp_path, 6, LAG)
    assert [line["update"] for line in lines(tmp_path)] == [1, 2, 3, 4, 5, 6]
    assert all(sum(line["shares"].values()) == pytest.approx(1) for line in lines(tmp_path))


def test_a_restored_trainer_learns_from_nothing_that_it_played_before(tmp_path: Path):
    made, again = Trainer(LAG, SCENARIO, CPU, 1), Trainer(LAG, SCENARIO, CPU, 1)
    with ThreadPoolExecutor(2) as executor:
        for _ in range(4):
            made.update(executor)
        save_checkpoint(made, tmp_path)
        made.update(executor)
        restore_checkpoint(made, tmp_path)
        restore_checkpoint(again, tmp_path)
        for trainer in (made, again):
            trainer.update(executor)
    assert all(torch.equal(tensor, state(again)[name]) for name, tensor in state(made).items())


@pytest.mark.parametrize(("part", "name"), [(Rollout, "collect"), (Learner, "improve_actor")])
def test_what_goes_wrong_in_either_is_raised(monkeypatch: pytest.MonkeyPatch, part: type, name: str):
    made = Trainer(LAG, SCENARIO, CPU, 1)
    with ThreadPoolExecutor(2) as executor:
        made.update(executor)

        def broken(self, *_):
            raise Killed

        monkeypatch.setattr(part, name, broken)
        with pytest.raises(Killed):
            made.update(executor)


@pytest.mark.parametrize("lag", [-1, 2, True, 0.5])
def test_more_than_one_update_is_refused(lag: Any):
    with pytest.raises(UserError, match=f"lag is {lag}; it must be whole and from 0 to 1"):
        replace(TINY, lag=lag)


def test_a_run_without_the_setting_has_none_and_cannot_get_it(tmp_path: Path):
    go(tmp_path, 2)
    path = tmp_path / "config.json"
    content = json.loads(path.read_text())
    assert content.pop("lag") == 0
    path.write_text(json.dumps(content))
    assert run_folder.resumed(tmp_path) == (TINY, SCENARIO)
    go(tmp_path, 3)
    with pytest.raises(UserError, match="was started with lag 0, not with lag 1; give the same lag"):
        go(tmp_path, 4, replace(TINY, lag=1))
