"""Actors on entity tables: what must not matter to them, and what must."""

from typing import Any, cast

import numpy as np
import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention

from policies.agents.action_distribution import LOGITS
from policies.agents.layers import SelfAttention
from policies.agents.network_kinds import ANY_SLOTS
from policies.agents.networks import Actor, EntityActor, initialise, new_actor
from policies.agents.normaliser import TableNormaliser
from policies.agents.row_kernels import attend, count_rows, embed, largest, list_rows
from sim.layout import Slots
from sim.rules import ACTION_SIZES
from sim.scenario import scenario_from_text
from sim.schema import observation_size, observation_tables
from tests.games import started
from tests.policies.bandits import seeded

SLOTS = Slots(hiders=2, seekers=2, boxes=4, ramps=1, walls=4, doors=2)


def actor(kind: str, slots: Slots = SLOTS) -> EntityActor:
    made = new_actor(kind, slots, (64, 16))
    initialise(made, 1.0, seeded())
    assert isinstance(made, EntityActor)
    return made


def logits(network: Actor, observation: torch.Tensor) -> torch.Tensor:
    return network(network.prepare(observation))


def observed(count: int = 20, slots: Slots = SLOTS) -> torch.Tensor:
    """Random observations in which about half of the rows are visible."""
    rows = torch.randn(count, observation_size(slots), generator=seeded(1))
    for name, table in observation_tables(slots).items():
        if name.endswith(("_exist", "_seen")):
            rows[:, table.start : table.stop] = (rows[:, table.start : table.stop] > 0).float()
    return rows


@pytest.mark.parametrize("kind", ANY_SLOTS)
def test_the_order_of_rows_does_not_matter(kind: str):
    observation, tables = observed(), observation_tables(SLOTS)
    turned = observation.clone()
    order = torch.tensor([2, 0, 3, 1])
    for name in ("boxes", "boxes_exist", "boxes_seen"):
        table = tables[name]
        part = observation[:, table.start : table.stop].unflatten(-1, (table.rows, table.width))
        turned[:, table.start : table.stop] = part[:, order].flatten(-2)
    network = actor(kind)
    torch.testing.assert_close(logits(network, turned), logits(network, observation), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("kind", ANY_SLOTS)
def test_what_is_not_seen_does_not_matter_and_what_is_seen_does(kind: str):
    network, tables, observation = actor(kind), observation_tables(SLOTS), observed()
    boxes, seen = tables["boxes"], tables["boxes_seen"].start
    for visible in (0.0, 1.0):
        observation[:, seen] = visible
        changed = observation.clone()
        changed[:, boxes.start : boxes.start + boxes.width] += 3.0
        same = torch.isclose(logits(network, changed), logits(network, observation)).all(1)
        assert same.all() if not visible else not same.all()


@pytest.mark.parametrize("kind", ANY_SLOTS)
def test_the_same_weights_take_more_entities_and_ignore_empty_slots(kind: str):
    small, large = actor(kind), actor(kind, SLOTS._replace(boxes=7, ramps=0))
    large.load_state_dict(small.state_dict())
    observation, wide = observed(), torch.zeros(20, observation_size(large_slots := SLOTS._replace(boxes=7, ramps=0)))
    observation[:, observation_tables(SLOTS)["ramps_seen"].start] = 0.0
    for name, table in observation_tables(large_slots).items():
        own = observation_tables(SLOTS)[name]
        part = observation[:, own.start : own.stop][:, : table.rows * table.width]
        wide[:, table.start : table.start + part.shape[1]] = part
    torch.testing.assert_close(logits(large, wide), logits(small, observation), atol=1e-5, rtol=1e-4)


@torch.no_grad()
def test_self_attention_is_that_of_torch():
    torch.manual_seed(0)
    block, rows, visible = SelfAttention(16), torch.randn(30, 7, 16), torch.rand(30, 7) > 0.5
    visible[:, 0] = True
    query, key, value = block.look(rows).view(30, 7, 3, 4, 4).permute(2, 0, 3, 1, 4)
    mixed = scaled_dot_product_attention(query, key, value, visible.view(30, 1, 1, 7))
    expected = block.norm(rows + block.take(mixed.transpose(1, 2).reshape(30, 7, 16)))
    torch.testing.assert_close(block(rows, visible), expected)


def results(network: EntityActor, observation: torch.Tensor) -> list[torch.Tensor]:
    """Logits of an observation, and the gradients of all weights that a loss of them reaches."""
    network.zero_grad()
    found = logits(network, observation)
    (found * torch.randn(found.shape, generator=seeded(2))).sum().backward()
    return [found.detach(), *(weight.grad.clone() for weight in network.parameters() if weight.grad is not None)]


@pytest.mark.parametrize("kind", ANY_SLOTS)
@pytest.mark.parametrize("slots", [SLOTS, SLOTS._replace(boxes=9, ramps=0, doors=0)], ids=["all kinds", "some kinds"])
def test_visible_rows_alone_give_what_all_rows_give_with_a_mask(kind: str, slots: Slots, monkeypatch):
    network, observation = actor(kind, slots), observed(300, slots)
    observation[:5, observation_tables(slots)["agents_exist"].start :] = 0.0  # nothing visible
    observation[5:10, observation_tables(slots)["agents_exist"].start :] = 1.0
    packed = results(network, observation)
    monkeypatch.setattr(network, "_packs", lambda inputs: False)
    for one, other in zip(packed, results(network, observation), strict=True):
        torch.testing.assert_close(one, other, atol=1e-4, rtol=1e-4)


def test_attention_that_is_very_sure_is_still_finite():
    network = actor("attention")
    assert network.attend
    network.attend.look.weight.data.mul_(1000.0)
    assert all(part.isfinite().all() for part in results(network, observed()))


@pytest.mark.parametrize("kind", ANY_SLOTS)
def test_broken_weights_do_not_pass_for_empty_tables(kind: str):
    network = actor(kind)
    network.own.weight.data[:] = torch.nan
    assert logits(network, observed()).isnan().all()


@pytest.mark.parametrize("kind", ANY_SLOTS)
def test_slopes_at_the_inputs_are_those_of_all_rows(kind: str, monkeypatch):
    network, inputs = actor(kind), actor(kind).prepare(observed())
    assert network._packs(inputs)
    found = [inputs.clone().requires_grad_() for _ in range(2)]
    network(found[0]).sum().backward()
    monkeypatch.setattr(network, "_packs", lambda inputs: False)
    network(found[1]).sum().backward()
    torch.testing.assert_close(found[0].grad, found[1].grad)


@pytest.mark.parametrize("missing", [1, 18])
def test_observations_that_are_too_short_are_refused_before_compiled_code_reads_them(missing: int):
    """Of 177 numbers the last 18 are masks."""
    network = actor("pooled")
    inputs = network.prepare(observed())[:, :-missing]
    with pytest.raises(ValueError, match=f"take 177 numbers or more, not {177 - missing}"):
        network(inputs)


@pytest.mark.parametrize("kind", ANY_SLOTS)
def test_no_observations_teach_nothing(kind: str):
    found, *slopes = results(actor(kind), observed(0))
    assert found.shape == (0, LOGITS) and slopes and not any(slope.any() for slope in slopes)


@pytest.mark.parametrize("kind", ANY_SLOTS)
def test_observations_of_any_layout_are_read_by_the_same_kernels(kind: str):
    network = actor(kind)
    inputs = network.prepare(observed()).unflatten(0, (4, 5))
    found = network(inputs.repeat_interleave(2, -1)[..., ::2])
    torch.testing.assert_close(found, network(inputs))
    kernels = (count_rows, list_rows, embed, attend, largest)
    assert all(len(cast(Any, kernel).signatures) < 2 for kernel in kernels), "compiled once more"


@pytest.mark.parametrize("kind", ANY_SLOTS)
def test_narrow_heads_and_no_rows_go_another_way(kind: str):
    nothing = Slots(hiders=1, seekers=0, boxes=0, ramps=0, walls=0, doors=0)
    for slots, hidden in ((SLOTS, (16, 8)), (nothing, (64, 16))):
        network = new_actor(kind, slots, hidden)
        assert logits(network, observed(3, slots)).isfinite().all()


def test_columns_are_normalised_over_rows_and_masks_are_left_alone():
    scenario = scenario_from_text("quadrant")
    game, random = started(scenario, 200), np.random.default_rng(0)
    for _ in range(30):
        shape = (200, game.slots.agents)
        game.tick(np.stack([random.integers(0, size, shape) for size in ACTION_SIZES], -1))
    raw = torch.from_numpy(game.observation.reshape(-1, game.observation.shape[-1]))
    normaliser = TableNormaliser(game.slots)
    normaliser.absorb(raw.mean(0), raw.var(0, correction=0), len(raw))
    prepared, tables = normaliser(raw), observation_tables(game.slots)
    doors = tables["doors_exist"]
    torch.testing.assert_close(prepared[:, doors.start :], raw[:, doors.start :], atol=1e-3, rtol=0)
    lidar = prepared[:, tables["lidar"].start : tables["lidar"].stop]
    assert abs(float(lidar.mean())) < 0.02 and abs(float(lidar.std()) - 1) < 0.02
    agents = tables["agents"]
    rows = prepared[:, agents.start : agents.stop].unflatten(-1, (agents.rows, agents.width))
    assert abs(float(rows[..., 0].mean())) < 0.05
