"""Observations in a mirrored world are mirror images of observations, and mirrored actions lead to its future."""

import numpy as np
import pytest
import torch

from policies.agents.networks import new_actor
from policies.agents.normaliser import Normaliser
from policies.learning.symmetry import Mirror, mirror_of
from sim.game import Game
from sim.layout import Layout
from sim.rules import ACTION_SIZES
from sim.scenario import scenario_from_text
from sim.state import ANGLE, SPIN, VX, VY, State, X, Y
from tests.games import started

WORLDS = 64


def mirrored_poses(poses: np.ndarray, floor: float, exists: np.ndarray) -> np.ndarray:
    image = np.empty_like(poses)
    image[..., X], image[..., Y] = floor - poses[..., Y], floor - poses[..., X]
    image[..., VX], image[..., VY] = -poses[..., VY], -poses[..., VX]
    image[..., ANGLE], image[..., SPIN] = -np.pi / 2 - poses[..., ANGLE], -poses[..., SPIN]
    return np.where(exists[..., None], image, 0.0)


def mirrored_rectangles(rectangles: np.ndarray, floor: float, exists: np.ndarray, order: list[int]) -> np.ndarray:
    image = (floor - rectangles[..., [3, 2, 1, 0]])[:, order]
    return np.where(exists[:, order][..., None], image, 0.0)


def mirrored_world(layout: Layout, state: State, floor: float) -> tuple[Layout, State]:
    """The quadrant's image: its upright wall (pieces 0 and 1, door 0) becomes the lying one and the other way round.

    A third door and the piece of wall before it (piece 4) change their wall.
    """
    walls, doors = ([2, 3, 0, 1], [1, 0]) if layout.doors.shape[1] == 2 else ([2, 3, 0, 1, 4], [1, 0, 2])
    there = layout._replace(
        walls=mirrored_rectangles(layout.walls, floor, layout.wall_exists, walls),
        wall_exists=layout.wall_exists[:, walls],
        doors=mirrored_rectangles(layout.doors, floor, layout.door_exists, doors),
        door_exists=layout.door_exists[:, doors],
    )
    return there, state._replace(
        agents=mirrored_poses(state.agents, floor, layout.agent_exists),
        things=mirrored_poses(state.things, floor, layout.thing_exists),
        hold=state.hold * (1.0, -1.0, -1.0),
    )


def two_games(text: str) -> tuple[Game, Game, Mirror]:
    """Worlds in the middle of random play, their images, and the mirror between them."""
    scenario = scenario_from_text(text)
    here, there = started(scenario, WORLDS), Game(scenario, WORLDS)
    random = np.random.default_rng(0)
    for _ in range(40):
        here.tick(random.integers(0, ACTION_SIZES, (WORLDS, here.slots.agents, 3)))
    here.restore(*here.snapshot())
    there.restore(*mirrored_world(*here.snapshot(), scenario.floor_m))
    mirror = mirror_of(scenario.slots, scenario.mirrored_doors, torch.device("cpu"))
    assert mirror
    return here, there, mirror


@pytest.mark.parametrize(
    "text", ["quadrant", "quadrant:boxes=3,two_doors=1,hiders_anywhere=true,hiders=3", "quadrant+three-doors"]
)
def test_observations_of_the_image_are_images_of_observations(text: str):
    here, there, mirror = two_games(text)
    assert (here.state.held >= 0).any() and (here.state.lock > 0).any(), "a bad example"
    seen, global_state = torch.from_numpy(here.observation), torch.from_numpy(here.global_state)
    np.testing.assert_allclose(mirror.observation.of(seen).numpy(), there.observation, atol=1e-5)
    np.testing.assert_allclose(mirror.global_state.of(global_state).numpy(), there.global_state, atol=1e-5)
    assert np.abs(there.observation - here.observation).max() > 0.5
    np.testing.assert_array_equal(mirror.observation.of(mirror.observation.of(seen)), seen)


def test_mirrored_actions_lead_to_the_mirrored_future():
    here, there, mirror = two_games("quadrant")
    random = np.random.default_rng(1)
    for _ in range(3):
        actions = random.integers(0, ACTION_SIZES, (WORLDS, here.slots.agents, 3))
        here.tick(actions)
        there.tick(mirror.actions(torch.from_numpy(actions)).numpy())
    expected = mirrored_poses(here.state.agents, here.scenario.floor_m, here.layout.agent_exists)
    apart = np.abs(expected - there.state.agents).max((1, 2))
    # Chipmunk meets contacts in another order there: worlds in which many bodies touch differ a little.
    assert np.median(apart) < 1e-6 and (apart < 1e-3).mean() > 0.9
    np.testing.assert_array_equal(there.hidden, here.hidden)


def test_prepared_inputs_have_images_when_the_normaliser_has_seen_both():
    _, _, mirror = two_games("quadrant")
    random = torch.Generator().manual_seed(0)
    size = len(mirror.observation.order)
    raw = torch.randn((1000, size), generator=random) * torch.rand(size, generator=random) + 1
    normaliser = Normaliser(size)
    normaliser.absorb(*mirror.observation.pooled_moments(raw.mean(0).double(), raw.var(0, correction=0).double()), 1000)
    both = torch.cat([raw, mirror.observation.of(raw)]).double()
    torch.testing.assert_close(normaliser.mean, both.mean(0), atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(normaliser.variance, both.var(0, correction=0), atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(
        mirror.observation.of(normaliser(raw)), normaliser(mirror.observation.of(raw)), atol=1e-6, rtol=0
    )


@pytest.mark.parametrize("kind", ["mlp", "pooled"])
def test_actors_prepare_images_alike(kind: str):
    here, _, mirror = two_games("quadrant:boxes=2")
    actor = new_actor(kind, here.slots, (16, 16))
    raw = torch.from_numpy(here.observation)
    rows = raw.flatten(0, 1)
    actor.normaliser.absorb(*mirror.observation.pooled_moments(rows.mean(0).double(), rows.var(0).double()), len(rows))
    image = mirror.observation.of(actor.prepare(raw))
    torch.testing.assert_close(image, actor.prepare(mirror.observation.of(raw)), atol=1e-5, rtol=0)
