"""A team folder: what was saved plays the same when loaded, and nothing else is loaded."""

import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from policies.agents.network_kinds import NETWORKS
from policies.agents.players import SHIPPED, player
from policies.agents.team import LearnedPlayer, load, save
from policies.learning.ppo import new_networks
from sim.env import parallel_env
from sim.errors import UserError
from sim.game import Game
from sim.rng import episode_seeds
from sim.rules import HIDERS, SEEKERS
from sim.scenario import scenario_from_text
from sim.schema import global_state_size, observation_size, split
from sim.state import empty_state
from tests.games import started
from tests.policies.teams import SCENARIO, untrained_team


def observations(count: int = 50) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(count, 2, observation_size(SCENARIO.slots))).astype(np.float32)


@pytest.mark.parametrize("kind", NETWORKS)
@pytest.mark.parametrize("side", [HIDERS, SEEKERS])
def test_a_loaded_team_is_the_one_saved(tmp_path: Path, side: int, kind: str):
    saved = untrained_team(side, 1, kind)
    save(tmp_path / "team", [saved])
    loaded = load(tmp_path / "team", side, SCENARIO)
    global_state = np.random.default_rng(1).normal(size=(9, global_state_size(SCENARIO.slots))).astype(np.float32)
    assert loaded.metadata == saved.metadata and loaded.hash() == saved.hash()
    assert np.array_equal(loaded.act(observations()), saved.act(observations()))
    assert np.array_equal(loaded.act(observations(), greedy=True), saved.act(observations(), greedy=True))
    assert np.array_equal(loaded.values(global_state), saved.values(global_state))


@pytest.mark.parametrize("kind", ["pooled", "attention"])
def test_a_team_of_an_entity_network_plays_in_other_worlds(tmp_path: Path, kind: str):
    save(tmp_path / "team", [untrained_team(HIDERS, 1, kind)])
    for text in ("quadrant:hiders=3,seekers=1,boxes=4", "rooms", "open_field", "rooms:hiders=1,seekers=1"):
        other = scenario_from_text(text)
        game = started(other, 3)
        actions = LearnedPlayer(load(tmp_path / "team", HIDERS, other), "team").act(game, HIDERS)
        assert actions.shape == (3, other.hiders, 3)


@pytest.mark.parametrize("kind", ["pooled", "attention"])
def test_places_left_empty_change_nothing_that_an_entity_network_does(kind: str):
    """One against one is the same game whether or not there would be room for more."""
    small, large = (scenario_from_text(f"rooms:{text}") for text in ("hiders=1,seekers=1,boxes=3,ramps=1", "ramps=1"))
    wide, narrow = Game(large, 40), Game(small, 40)
    wide.reset(episode_seeds(0, 0, 40))
    layout, state = wide.snapshot()
    layout.agent_exists[:, [1, 2, 4, 5]] = layout.thing_exists[:, 3:9] = False
    wide.restore(layout, state)
    things, agents = [0, 1, 2, 9], [0, 3]
    few = layout._replace(
        agent_exists=layout.agent_exists[:, agents],
        thing_exists=layout.thing_exists[:, things],
        thing_half=layout.thing_half[:, things],
        thing_lockable=layout.thing_lockable[:, things],
    )
    still = empty_state(40, small.slots)
    narrow.restore(few, still._replace(agents=state.agents[:, agents], things=state.things[:, things]))
    generator = torch.Generator().manual_seed(0)
    roomy, _ = new_networks(kind, large.slots, HIDERS, (16, 16), generator)
    tight, _ = new_networks(kind, small.slots, HIDERS, (16, 16), generator)
    tight.load_state_dict(roomy.state_dict())
    observed, observed_less = (torch.from_numpy(game.observation[:, [0]]) for game in (wide, narrow))
    torch.testing.assert_close(roomy(roomy.prepare(observed)), tight(tight.prepare(observed_less)))


def test_a_side_has_one_hash_wherever_it_is_stored(folder: Path, tmp_path: Path):
    save(tmp_path / "alone", [load(folder, SEEKERS)])
    assert load(tmp_path / "alone", SEEKERS).hash() == load(folder, SEEKERS).hash() != load(folder, HIDERS).hash()


@pytest.mark.parametrize("side", [2, -1, "hiders", None])
def test_a_side_that_does_not_exist_is_named(side: Any):
    folder = str(SHIPPED / "quadrant-block")
    assert load(folder, HIDERS).side == HIDERS
    with pytest.raises(ValueError, match=f"not {side!r}"):
        load(folder, side)


def test_a_shipped_team_that_does_not_fit_is_called_by_its_name():
    with pytest.raises(UserError, match=r"^quadrant-block was trained with hiders=2 and"):
        player("quadrant-block", HIDERS, scenario_from_text("quadrant:hiders=3"), 0)


def test_actions_are_well_formed_for_any_leading_shape():
    for shape in ((3, 2), (5,), ()):
        observation = np.zeros((*shape, observation_size(SCENARIO.slots)), np.float32)
        for greedy in (False, True):
            actions = untrained_team(HIDERS).act(observation, greedy)
            assert actions.shape == (*shape, 3) and actions.dtype == np.int8
    with pytest.raises(ValueError, match="numbers"):
        untrained_team(HIDERS).act(np.zeros((2, 7), np.float32))


def test_tables_are_as_good_as_the_flat_observation():
    own = untrained_team(HIDERS)
    flat, tables = (parallel_env("quadrant", flat=flat).reset(seed=3)[0]["hider_0"] for flat in (True, False))
    assert np.array_equal(own.act(tables, greedy=True), own.act(flat, greedy=True))
    seen = observations()
    assert np.array_equal(own.act(split(seen, SCENARIO.slots), greedy=True), own.act(seen, greedy=True))
    with pytest.raises(ValueError, match="tables"):
        own.act({"hider_0": seen})
    with pytest.raises(ValueError, match="reshape"):
        own.act({**tables, "lidar": np.zeros(7, np.float32)})


def test_the_same_seed_gives_the_same_actions_and_greedy_needs_none():
    own, seen = untrained_team(HIDERS), observations()
    own.reseed(5)
    first = own.act(seen)
    assert not np.array_equal(first, own.act(seen))
    own.reseed(5)
    assert np.array_equal(first, own.act(seen))
    assert np.array_equal(own.act(seen, greedy=True), own.act(seen, greedy=True))


def test_a_learned_player_acts_on_what_its_side_is_shown():
    game = started(SCENARIO, 4)
    learned = LearnedPlayer(untrained_team(SEEKERS), "seekers-1", seed=3)
    actions = learned.act(game, SEEKERS)
    other = untrained_team(SEEKERS)
    other.reseed(3)
    assert np.array_equal(actions, other.act(game.observation[:, SCENARIO.slots.hiders :]))
    assert len(learned.hash) == 64 and learned.name == "seekers-1"


def test_a_player_that_remembers_forgets_when_episodes_begin():
    game = started(SCENARIO, 4)
    remembering = LearnedPlayer(untrained_team(HIDERS, 1, "recurrent"), "team")
    remembering.act(game, HIDERS)
    assert remembering.memory is not None and remembering.memory.abs().sum((1, 2)).bool().all()
    remembering.reset()
    assert remembering.memory is None


def test_an_existing_folder_is_not_overwritten(folder: Path):
    before = (folder / "weights.safetensors").read_bytes()
    with pytest.raises(UserError, match="exists"):
        save(folder, [untrained_team(HIDERS, 9)])
    assert (folder / "weights.safetensors").read_bytes() == before


def edit_card(folder: Path, **changes: Any) -> None:
    path = folder / "team.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def edit_weights(folder: Path, name: str, tensor: torch.Tensor | None) -> None:
    path = folder / "weights.safetensors"
    tensors = load_file(path)
    if tensor is None:
        del tensors[name]
    else:
        tensors[name] = tensor
    save_file(tensors, path)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def grow(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(2**34)


def slots(**changes: int) -> dict[str, int]:
    return {**SCENARIO.slots._asdict(), **changes}


def network(*hidden: Any, kind: str = "mlp") -> dict[str, Any]:
    return {"kind": kind, "hidden": list(hidden)}


BIAS = "hiders.actor.body.0.bias"
SPOILED = {
    "no card": lambda folder: (folder / "team.json").unlink(),
    "no weights": lambda folder: (folder / "weights.safetensors").unlink(),
    "no folder": shutil.rmtree,
    "truncated weights": lambda folder: truncate(folder / "weights.safetensors"),
    "truncated card": lambda folder: truncate(folder / "team.json"),
    "empty weights": lambda folder: (folder / "weights.safetensors").write_bytes(b""),
    "a pickle": lambda folder: torch.save({"a": torch.zeros(3)}, folder / "weights.safetensors"),
    "huge weights": lambda folder: grow(folder / "weights.safetensors"),
    "huge card": lambda folder: grow(folder / "team.json"),
    "deep card": lambda folder: (folder / "team.json").write_text("[" * 10**5),
    "card of another kind": lambda folder: (folder / "team.json").write_text("[1, 2]"),
    "another format": lambda folder: edit_card(folder, format=99),
    "another observation": lambda folder: edit_card(folder, observation_version=0),
    "another network": lambda folder: edit_card(folder, network=network(16, 16, kind="attention")),
    "too wide": lambda folder: edit_card(folder, network=network(10**9)),
    "no layers": lambda folder: edit_card(folder, network=network(kind="pooled")),
    "too deep": lambda folder: edit_card(folder, network=network(*[16] * 100)),
    "width no number": lambda folder: edit_card(folder, network=network("16")),
    "other widths": lambda folder: edit_card(folder, network=network(16, 8)),
    "too many slots": lambda folder: edit_card(folder, slots=slots(boxes=10**6)),
    "negative slots": lambda folder: edit_card(folder, slots=slots(boxes=-1)),
    "unknown slots": lambda folder: edit_card(folder, slots=slots(dragons=1)),
    "other slots": lambda folder: edit_card(folder, slots=slots(ramps=3)),
    "scale too large for a float": lambda folder: edit_card(folder, reward_scale=10**400),
    "card no text": lambda folder: (folder / "team.json").write_bytes(b"\xff\xfe\xfa"),
    "scale no number": lambda folder: edit_card(folder, reward_scale="1"),
    "no such side": lambda folder: edit_card(folder, sides=["seekers"]),
    "slots nothing": lambda folder: edit_card(folder, slots=None),
    "sides no list": lambda folder: edit_card(folder, sides=3),
    "tensor missing": lambda folder: edit_weights(folder, BIAS, None),
    "tensor too many": lambda folder: edit_weights(folder, "hiders.actor.extra", torch.zeros(1)),
    "wrong shape": lambda folder: edit_weights(folder, BIAS, torch.zeros(3)),
    "wrong type": lambda folder: edit_weights(folder, BIAS, torch.zeros(16, dtype=torch.int32)),
    "not a number": lambda folder: edit_weights(folder, BIAS, torch.full((16,), float("nan"))),
    "negative variance": lambda folder: edit_weights(
        folder, "hiders.critic.returns.variance", -torch.ones(1, dtype=torch.float64)
    ),
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED.keys())
def test_a_bad_team_is_one_clear_line(folder: Path, spoil: Any):
    spoil(folder)
    with pytest.raises(UserError) as raised:
        load(folder, HIDERS)
    assert str(folder) in str(raised.value) and "\n" not in str(raised.value)


def test_a_team_that_remembers_needs_its_own_slots_too(tmp_path: Path):
    save(tmp_path / "remembering", [untrained_team(HIDERS, kind="recurrent")])
    with pytest.raises(UserError, match="trained with boxes=1 and this scenario has boxes=2"):
        load(tmp_path / "remembering", HIDERS, scenario_from_text("quadrant:boxes=2"))


def test_a_team_for_other_slots_does_not_enter_the_scenario(folder: Path):
    with pytest.raises(UserError, match="trained with boxes=1 and this scenario has boxes=2"):
        load(folder, HIDERS, scenario_from_text("quadrant:boxes=2"))
    assert load(folder, HIDERS, scenario_from_text("quadrant:room_m=3.0,box_m=0.8")).side == HIDERS


@pytest.mark.parametrize("kind", NETWORKS)
def test_the_hash_covers_every_weight_and_normaliser(kind: str):
    known = {untrained_team(HIDERS, 1, kind).hash()}
    for name in untrained_team(HIDERS, 1, kind).tensors():
        changed = untrained_team(HIDERS, 1, kind)
        _, part, key = name.split(".", 2)
        tensor = getattr(changed, part).state_dict()[key]
        tensor.view(-1)[0] += 1.0
        assert changed.hash() not in known, f"{name} is not part of the hash"
        known.add(changed.hash())


def test_what_normalisers_have_seen_is_in_the_file_and_matters(folder: Path):
    name = "hiders.actor.normaliser.mean"
    before = load(folder, HIDERS).act(observations(), greedy=True)
    assert load_file(folder / "weights.safetensors")[name].abs().max() > 0.1
    edit_weights(folder, name, torch.full((observation_size(SCENARIO.slots),), 3.0, dtype=torch.float64))
    assert not np.array_equal(load(folder, HIDERS).act(observations(), greedy=True), before)


def test_a_greedy_player_takes_the_likeliest_actions_whatever_its_seed(folder: Path):
    game = started(SCENARIO, 30)
    greedy = [player(str(folder), HIDERS, SCENARIO, seed, greedy=True).act(game, HIDERS) for seed in (1, 2)]
    sampled = [player(str(folder), HIDERS, SCENARIO, seed).act(game, HIDERS) for seed in (1, 1, 2)]
    likeliest = load(folder, HIDERS).act(game.observation[:, : SCENARIO.slots.hiders], greedy=True)
    assert all(np.array_equal(actions, likeliest) for actions in greedy)
    assert np.array_equal(sampled[0], sampled[1])
    assert not np.array_equal(sampled[0], sampled[2]) and not np.array_equal(sampled[0], likeliest)


def test_sides_with_one_seed_draw_different_numbers(tmp_path: Path):
    """Else hiders and seekers with equal weights would mirror each other's chance."""
    save(tmp_path / "team", [untrained_team(HIDERS, 1), untrained_team(SEEKERS, 1)])
    sides = [player(str(tmp_path / "team"), side, SCENARIO, 5) for side in (HIDERS, SEEKERS)]
    drawn = [torch.rand(4, generator=one.team.generator) for one in sides if isinstance(one, LearnedPlayer)]
    assert len(drawn) == 2 and not torch.equal(*drawn)


def test_values_are_in_the_unit_of_the_games_reward():
    scaled, unscaled = untrained_team(HIDERS, 1), untrained_team(HIDERS, 1)
    unscaled.metadata = dataclasses.replace(unscaled.metadata, reward_scale=1.0)
    global_state = np.random.default_rng(1).normal(size=(9, global_state_size(SCENARIO.slots))).astype(np.float32)
    np.testing.assert_allclose(scaled.values(global_state) * 0.05, unscaled.values(global_state), rtol=1e-5)


def test_a_player_expects_the_mean_of_the_agents_that_are_there_and_nothing_in_worlds_of_other_slots():
    game, other = started(SCENARIO, 4), Game(scenario_from_text("quadrant:boxes=2"), 4)
    other.reset(episode_seeds(0, 0, 4))
    learned = LearnedPlayer(untrained_team(HIDERS, 1), "team")
    expected = learned.expect(game)
    assert expected is not None and expected.shape == (4,)
    values = learned.team.values(game.global_state)
    np.testing.assert_array_equal(expected, values.mean(axis=1))
    game.layout.agent_exists[1, 0] = game.layout.agent_exists[2, :2] = False
    assert learned.expect(game).tolist() == [expected[0], values[1, 1], 0.0, expected[3]]  # type: ignore[union-attr]
    assert learned.expect(other) is None


@pytest.mark.parametrize(
    ("trained", "known"),
    [
        ({"tuning": {"method": "reward-model", "fresh": False}}, [False, True]),
        ({"tuning": {"method": "verifier", "fresh": True}}, [False, True]),
        ({"tuning": {"method": "verifier", "fresh": False}}, [True, True]),
        ({"foreign_critics": ["seekers"]}, [True, False]),
    ],
)
def test_a_critic_that_did_not_learn_the_games_reward_says_nothing(trained: dict, known: list[bool]):
    game = started(SCENARIO, 2)
    teams = [untrained_team(HIDERS, 1), untrained_team(SEEKERS, 2)]
    for one in teams:
        one.metadata = dataclasses.replace(one.metadata, trained=trained)
    assert [LearnedPlayer(one, "team").expect(game) is not None for one in teams] == known


@pytest.mark.parametrize(
    "wrong",
    [{"without": ["spade"]}, {"without": "lock"}, {"without": [["lock"]]}, {"tuning": 3}]
    + [{"foreign_critics": wrong} for wrong in (3, ["nobody"], {"hiders": 1})],
)
def test_a_training_that_makes_no_sense_is_refused(folder: Path, wrong: dict):
    content = json.loads((folder / "team.json").read_text())
    (folder / "team.json").write_text(json.dumps({**content, "trained": {**content["trained"], **wrong}}))
    with pytest.raises(UserError, match="not a valid team card"):
        load(folder)


def test_a_recurrent_team_acts_on_what_it_remembers():
    remembering, seen = untrained_team(HIDERS, 1, "recurrent"), observations()
    _, memory = remembering.step(seen, None, greedy=True)
    again, _ = remembering.step(seen, memory, greedy=True)
    assert not np.array_equal(again, remembering.act(seen, greedy=True))
