"""A team folder: what was saved plays the same when loaded, and nothing else is loaded."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from policies.agents.networks import NETWORKS
from policies.agents.team import LearnedPlayer, Team, TeamMetadata, load, save
from policies.learning.ppo import new_networks
from sim.env import parallel_env
from sim.errors import UserError
from sim.game import Game
from sim.rng import episode_seeds
from sim.rules import HIDERS, SEEKERS
from sim.scenario import scenario_from_text
from sim.schema import global_state_size, observation_size, split
from sim.state import empty_state

SCENARIO = scenario_from_text("quadrant")


def team(side: int, seed: int = 0, kind: str = "mlp") -> Team:
    slots = SCENARIO.slots
    generator = torch.Generator().manual_seed(seed)
    actor, critic = new_networks(kind, slots, side, (16, 16), generator)
    size = observation_size(slots)
    actor.normaliser.absorb(torch.rand(size, generator=generator), torch.ones(size), 10)
    return Team(side, TeamMetadata("quadrant", slots, kind, (16, 16), 0.05, {"agent_steps": 7}), actor, critic)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save(tmp_path / "team", [team(HIDERS, 1), team(SEEKERS, 2)])
    return tmp_path / "team"


def observations(count: int = 50) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(count, 2, observation_size(SCENARIO.slots))).astype(np.float32)


@pytest.mark.parametrize("kind", NETWORKS)
@pytest.mark.parametrize("side", [HIDERS, SEEKERS])
def test_a_loaded_team_is_the_one_saved(tmp_path: Path, side: int, kind: str):
    saved = team(side, 1, kind)
    save(tmp_path / "team", [saved])
    loaded = load(tmp_path / "team", side, SCENARIO)
    global_state = np.random.default_rng(1).normal(size=(9, global_state_size(SCENARIO.slots))).astype(np.float32)
    assert loaded.metadata == saved.metadata and loaded.hash() == saved.hash()
    assert np.array_equal(loaded.act(observations()), saved.act(observations()))
    assert np.array_equal(loaded.act(observations(), greedy=True), saved.act(observations(), greedy=True))
    assert np.array_equal(loaded.values(global_state), saved.values(global_state))


@pytest.mark.parametrize("kind", ["pooled", "attention"])
def test_a_team_of_an_entity_network_plays_in_other_worlds(tmp_path: Path, kind: str):
    save(tmp_path / "team", [team(HIDERS, 1, kind)])
    for text in ("quadrant:hiders=3,seekers=1,boxes=4", "rooms", "open_field", "rooms:hiders=1,seekers=1"):
        other = scenario_from_text(text)
        game = Game(other, 3)
        game.reset(episode_seeds(0, 0, 3))
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
    told, told_less = (torch.from_numpy(game.observation[:, [0]]) for game in (wide, narrow))
    torch.testing.assert_close(roomy(roomy.prepare(told)), tight(tight.prepare(told_less)))


def test_a_side_has_one_hash_wherever_it_is_stored(folder: Path, tmp_path: Path):
    save(tmp_path / "alone", [load(folder, SEEKERS)])
    assert load(tmp_path / "alone", SEEKERS).hash() == load(folder, SEEKERS).hash() != load(folder, HIDERS).hash()


def test_actions_are_well_formed_for_any_leading_shape():
    for shape in ((3, 2), (5,), ()):
        observation = np.zeros((*shape, observation_size(SCENARIO.slots)), np.float32)
        for greedy in (False, True):
            actions = team(HIDERS).act(observation, greedy)
            assert actions.shape == (*shape, 3) and actions.dtype == np.int8
    with pytest.raises(ValueError, match="numbers"):
        team(HIDERS).act(np.zeros((2, 7), np.float32))


def test_tables_are_as_good_as_the_flat_observation():
    player = team(HIDERS)
    flat, tables = (parallel_env("quadrant", flat=flat).reset(seed=3)[0]["hider_0"] for flat in (True, False))
    assert np.array_equal(player.act(tables, greedy=True), player.act(flat, greedy=True))
    seen = observations()
    assert np.array_equal(player.act(split(seen, SCENARIO.slots), greedy=True), player.act(seen, greedy=True))
    with pytest.raises(ValueError, match="tables"):
        player.act({"hider_0": seen})
    with pytest.raises(ValueError, match="reshape"):
        player.act({**tables, "lidar": np.zeros(7, np.float32)})


def test_the_same_seed_gives_the_same_actions_and_greedy_needs_none():
    player, seen = team(HIDERS), observations()
    player.reseed(5)
    first = player.act(seen)
    assert not np.array_equal(first, player.act(seen))
    player.reseed(5)
    assert np.array_equal(first, player.act(seen))
    assert np.array_equal(player.act(seen, greedy=True), player.act(seen, greedy=True))


def test_a_learned_player_acts_on_what_its_side_is_shown():
    game = Game(SCENARIO, 4)
    game.reset(episode_seeds(0, 0, 4))
    player = LearnedPlayer(team(SEEKERS), "seekers-1", seed=3)
    actions = player.act(game, SEEKERS)
    other = team(SEEKERS)
    other.reseed(3)
    assert np.array_equal(actions, other.act(game.observation[:, SCENARIO.slots.hiders :]))
    assert len(player.hash) == 64 and player.name == "seekers-1"


def test_a_player_that_remembers_forgets_when_episodes_begin():
    game = Game(SCENARIO, 4)
    game.reset(episode_seeds(0, 0, 4))
    remembering = LearnedPlayer(team(HIDERS, 1, "recurrent"), "team")
    remembering.act(game, HIDERS)
    assert remembering.memory is not None and remembering.memory.abs().sum((1, 2)).bool().all()
    remembering.reset()
    assert remembering.memory is None


def test_an_existing_folder_is_not_overwritten(folder: Path):
    before = (folder / "weights.safetensors").read_bytes()
    with pytest.raises(UserError, match="exists"):
        save(folder, [team(HIDERS, 9)])
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
    save(tmp_path / "remembering", [team(HIDERS, kind="recurrent")])
    with pytest.raises(UserError, match="room for 1 boxes and this scenario has 2"):
        load(tmp_path / "remembering", HIDERS, scenario_from_text("quadrant:boxes=2"))


def test_a_team_for_other_slots_does_not_enter_the_scenario(folder: Path):
    with pytest.raises(UserError, match="room for 1 boxes and this scenario has 2"):
        load(folder, HIDERS, scenario_from_text("quadrant:boxes=2"))
    assert load(folder, HIDERS, scenario_from_text("quadrant:room_m=3.0,box_m=0.8")).side == HIDERS
