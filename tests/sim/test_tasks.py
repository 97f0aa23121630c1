"""Games other than hide-and-seek: what they pay, what they tell, when they end; each rule against plain Python."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from sim.env import parallel_env
from sim.game import Game
from sim.physics.stepping import PlainStepper
from sim.rules import GRAB, LOCK, RELEASE
from sim.scenario import presets
from sim.schema import global_state_tables, observation_tables, split
from sim.state import ANGLE, FREE, X, Y
from tests.games import started
from tests.sim.task_games import NAMES, TESTS, at_random, changed, still


def corners(x: float, y: float, angle: float, half: np.ndarray) -> list[tuple[float, float]]:
    cos, sin = math.cos(angle), math.sin(angle)
    signs = [(1, 1), (-1, 1), (-1, -1), (1, -1)]
    return [(x + cos * a * half[0] - sin * b * half[1], y + sin * a * half[0] + cos * b * half[1]) for a, b in signs]


def box_corners(game: Game, world: int) -> list[tuple[float, float]]:
    things = zip(game.state.things[world], game.layout.thing_half[world], strict=True)
    return [corner for pose, half in things for corner in corners(pose[X], pose[Y], pose[ANGLE], half)]


@pytest.mark.parametrize("name", NAMES)
def test_nobody_gains_by_a_detour_over_a_restore(name: str):
    """A game that is restored in the middle pays and tells what the same game pays that went on."""
    random, game = np.random.default_rng(1), started(name, 16)
    for _ in range(game.scenario.preparation_ticks + 8):
        game.tick(at_random(game, random))
    first, second = started(name, 16, seed=5), started(name, 16, seed=6)
    for copy in (first, second):
        copy.restore(*game.snapshot())
    assert np.array_equal(first.observation, game.observation) and np.array_equal(first.global_state, game.global_state)
    for _ in range(20):
        actions = at_random(game, random)
        first.tick(actions)
        second.tick(actions)
        assert np.array_equal(first.reward, second.reward) and np.array_equal(first.observation, second.observation)


@pytest.mark.parametrize("name", NAMES)
def test_compiled_equals_plain_stepping(name: str):
    random, one, other = np.random.default_rng(2), started(name, 4), started(name, 4)
    other._stepper = PlainStepper(other._context)
    other.restore(*one.snapshot())
    for _ in range(150):
        actions = at_random(one, random)
        one.tick(actions)
        other.tick(actions)
        for mine, yours in zip(
            (*one.state, one.reward, one.observation), (*other.state, other.reward, other.observation), strict=True
        ):
            assert np.array_equal(mine, yours)


@pytest.mark.parametrize("name", TESTS)
def test_a_test_is_paid_by_its_own_rules_alone(name: str):
    """Nobody seeks, nobody waits, and what is not done is not paid."""
    game = started(name, 32)
    assert game.slots.seekers == 0 and game.scenario.preparation_ticks == 0
    game.tick(still(game))
    assert (game.reward <= 0.0).all() and not game.terminated.any()


def due(game: Game, world: int) -> int:
    """The thing that is to be locked next, or -1."""
    return next((thing for thing in game.layout.lock_order[world].tolist() if not game.state.lock[world, thing]), -1)


def way_left(game: Game, world: int, target: int) -> float:
    """From the agent to its target, or to its home if there is none."""
    if target < 0 and not game.slots.sites:
        return 0.0
    there = game.state.things[world, target, :2] if target >= 0 else game.layout.sites[world, 0].reshape(2, 2).mean(0)
    return math.dist(game.state.agents[world, 0, :2], there)


@pytest.mark.parametrize("name", ["lock_and_return", "sequential_lock-doors"])
def test_locking_pays_what_the_original_pays(name: str):
    game, random = started(name, 64), np.random.default_rng(0)
    agents, first = game.state.agents.copy(), game.layout.lock_order[:, 0].astype(int)
    agents[:, 0, :2] = game.state.things[np.arange(64), first, :2] - (0.0, 0.55)
    agents[:, 0, ANGLE] = np.pi / 2
    changed(game, agents=agents)
    kinds, dones = set(), set()
    for _ in range(80):
        locks = (game.state.lock == 1).sum(1)
        targets = [due(game, world) for world in range(64)]
        ways = [way_left(game, world, target) for world, target in enumerate(targets)]
        actions = at_random(game, random)
        actions[..., 1] = 0
        actions[..., 2] = random.choice([0, GRAB, LOCK, RELEASE], (64, 1), p=[0.4, 0.1, 0.4, 0.1])
        game.tick(actions)
        for world, (old, way) in enumerate(zip(targets, ways, strict=True)):
            new = due(game, world)
            left = way_left(game, world, new)
            shorter = way - left if new == old else way if old >= 0 and game.state.lock[world, old] else -left
            more = int((game.state.lock[world] == 1).sum() - locks[world])
            done = new < 0 and left <= 0.1
            assert game.task_done[world] == done
            dones.add(done)
            assert game.reward[world, 0] == pytest.approx(5 * more + 0.5 * shorter + done, abs=1e-4)
            kinds |= {more, "same" if new == old else "other"}
    assert kinds == {-1, 0, 1, "same", "other"} and not game.terminated.any()
    assert dones == ({False} if name == "sequential_lock-doors" else {False, True})


@pytest.mark.parametrize("told", [False, True])
def test_home_is_where_the_agent_started_and_pays_when_all_is_locked(told: bool):
    game = started("lock_and_return-told" if told else "lock_and_return", 32)
    tables = split(game.observation[:, 0], game.slots)
    assert (tables["sites_exist"] == told).all() and bool(tables["sites"].any()) == told
    assert np.allclose(game.layout.sites.reshape(-1, 2, 2).mean(axis=1), game.state.agents[:, 0, :2])
    game.tick(still(game))
    assert not game.reward.any(), "at home, and nothing is locked"
    changed(game, lock=np.ones_like(game.state.lock))
    game.tick(still(game))
    assert np.allclose(game.reward, 1.0)
    agents = game.state.agents.copy()
    agents[..., :2] += 0.3 * np.sign(3.0 - agents[..., :2])
    changed(game, agents=agents)
    game.tick(still(game))
    home = np.array([way_left(game, world, -1) <= 0.1 for world in range(game.worlds)])
    assert np.array_equal(game.reward[:, 0] > 0.5, home) and not home.all()


def test_only_the_box_that_is_due_can_be_locked():
    game = started("sequential_lock-doors", 64)
    random, locked = np.random.default_rng(0), np.zeros(64, int)
    for _ in range(240):
        actions = at_random(game, random)
        actions[..., 2] = np.where(random.random(actions[..., 2].shape) < 0.7, LOCK, actions[..., 2])
        game.tick(actions)
        order = np.take_along_axis(game.state.lock, game.layout.lock_order.astype(int), axis=1) != 0
        assert (np.diff(order.astype(int), axis=1) <= 0).all(), "a thing was locked before its turn"
        assert not game.state.lock[:, game.slots.boxes :].any(), "a ramp has no turn"
        locked = np.maximum(locked, order.sum(1))
    assert (locked > 0).any()
    orders = {tuple(order) for order in game.layout.lock_order.tolist()}
    assert len(orders) > 10 and all(sorted(order) == [0, 1, 2, 3] for order in orders)


def test_a_blueprint_costs_what_its_corners_are_apart():
    game = started("blueprint", 32)
    game.tick(still(game))
    for world in range(game.worlds):
        sites = game.layout.sites[world][game.layout.site_exists[world]]
        costs = []
        for x0, y0, x1, y1 in sites.tolist():
            for corner in itertools.product((x0, x1), (y0, y1)):
                apart = np.array([math.dist(corner, other) for other in box_corners(game, world)])
                weights = np.exp(-1.5 * apart)
                costs.append((apart * weights).sum() / weights.sum())
        assert game.reward[world, 0] == pytest.approx(-0.05 * np.mean(costs), abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.0, 0.14), st.floats(0.0, 2 * math.pi), st.floats(-0.4, 0.4), st.integers(0, 3))
@example(off=0.09, way=1.0, turn=0.0, quarters=1)
@example(off=0.11, way=1.0, turn=0.0, quarters=0)
def test_a_blueprint_is_done_when_every_site_has_its_box(off: float, way: float, turn: float, quarters: int):
    game = started("blueprint:boxes=4", 4, 3)
    things, agents = game.state.things.copy(), game.state.agents.copy()
    agents[:, 0, :2] = 0.2
    done = np.zeros(4, bool)
    for world in range(4):
        things[world, :, :2] = [(0.5 + 0.8 * box, 5.7) for box in range(4)]
        sites = game.layout.sites[world][game.layout.site_exists[world]]
        angle = turn + quarters * math.pi / 2
        for box, (x0, y0, x1, y1) in enumerate(sites.tolist()):
            shift = off if box == 0 else 0.0
            x, y = 0.5 * (x0 + x1) + shift * math.cos(way), 0.5 * (y0 + y1) + shift * math.sin(way)
            things[world, box, :3] = (x, y, angle if box == 0 else 0.0)
        x0, y0, x1, y1 = sites[0]
        x, y, turned = things[world, 0, :3].tolist()
        own = corners(x, y, turned, game.layout.thing_half[world, 0])
        apart = [min(math.dist(corner, other) for other in own) for corner in itertools.product((x0, x1), (y0, y1))]
        assume(all(abs(metres - 0.1) > 1e-6 for metres in (off, *apart)))  # there rounding decides
        done[world] = max(off, *apart) < 0.1
    game.restore(game.layout, game.state._replace(things=things, agents=agents))
    game.tick(still(game))
    assert np.array_equal(game.terminated, done)
    count = game.layout.site_exists.sum(1)
    assert ((game.reward[:, 0] > 1.0) == done).all()
    assert (game.reward[:, 0] <= 3.0 * count).all()
    if done.any():
        game.tick(still(game))
        assert not game.reward[done].any() and game.ended[done].all(), "what is over pays no more"


def test_the_environment_terminates_when_the_blueprint_is_done():
    environment = parallel_env("blueprint-one")
    environment.reset(seed=0)
    game = environment.game
    things = game.state.things.copy()
    x0, y0, x1, y1 = game.layout.sites[0, 0]
    things[0, 0, :3] = (0.5 * (x0 + x1), 0.5 * (y0 + y1), 0.0)
    things[0, 1, :2] = (0.4, 0.4) if max(x0, y0) > 1.5 else (5.6, 5.6)
    agents = game.state.agents.copy()
    agents[0, 0, :2] = (0.4, 5.6)
    changed(game, things=things, agents=agents)
    _, rewards, terminated, truncated, _ = environment.step({"hider_0": np.zeros(3, int)})
    assert terminated == {"hider_0": True} and truncated == {"hider_0": False}
    assert rewards["hider_0"] == pytest.approx(3.0, abs=0.2) and environment.agents == []


def test_a_shelter_costs_the_rays_that_arrive():
    game = started("shelter", 32)
    game.tick(still(game))
    for world in range(game.worlds):
        x, y, radius = game.layout.pillars[world, 0]
        arrived = 0
        for start in [(k * 6 / 25, 0.0) for k in range(25)] + [(6.0, k * 6 / 25) for k in range(25)] + [
            (6 - k * 6 / 25, 6.0) for k in range(25)] + [(0.0, 6 - k * 6 / 25) for k in range(25)]:  # fmt: skip
            away = math.dist(start, (x, y))
            steps = np.linspace(0.0, 1.0 - radius / away, 600)[:, None]
            points = np.array(start) + steps * (np.array([x, y]) - start)
            free = True
            for pose, half in zip(game.state.things[world], game.layout.thing_half[world], strict=True):
                cos, sin = math.cos(pose[ANGLE]), math.sin(pose[ANGLE])
                dx, dy = points[:, 0] - pose[X], points[:, 1] - pose[Y]
                inside = (np.abs(cos * dx + sin * dy) <= half[0]) & (np.abs(cos * dy - sin * dx) <= half[1])
                free = free and not inside.any()
            arrived += free
        assert -game.reward[world, 0] * 1000 == pytest.approx(arrived, abs=1.01), "sampled points may miss a corner"


def test_a_pillar_stands_in_the_way_of_bodies_and_eyes():
    game = started("shelter", 200)
    x, y, radius = np.moveaxis(game.layout.pillars[:, 0], -1, 0)
    x0, y0, x1, y1 = np.moveaxis(game.layout.walls, -1, 0)
    far = np.hypot(np.maximum(x[:, None] - x0, x1 - x[:, None]), np.maximum(y[:, None] - y0, y1 - y[:, None]))
    assert np.allclose(far, radius[:, None]), "the walls' corners lie on its edge"
    random = np.random.default_rng(0)
    for _ in range(60):
        toward = np.arctan2(y - game.state.agents[:, 0, Y], x - game.state.agents[:, 0, X])
        actions = at_random(game, random)
        actions[:, 0, 0] = 1 + np.round(toward / (np.pi / 4)).astype(int) % 8
        game.tick(actions)
        assert (np.hypot(game.state.agents[:, 0, X] - x, game.state.agents[:, 0, Y] - y) > 0.85 * radius + 0.14).all()


@pytest.mark.parametrize("name", NAMES)
def test_the_critic_is_told_everything_of_a_task(name: str):
    game = started(name, 8)
    tables, half = global_state_tables(game.slots), 0.5 * game.scenario.floor_m

    def rows(kind: str) -> np.ndarray:
        table = tables[kind]
        return game.global_state[:, table.start : table.stop].reshape(8, table.rows, table.width)

    x0, y0, x1, y1 = np.moveaxis(game.layout.sites, -1, 0)
    middle = np.stack([0.5 * (x0 + x1) / half - 1, 0.5 * (y0 + y1) / half - 1], -1)
    assert np.allclose(rows("sites")[..., :2], np.where(game.layout.site_exists[..., None], middle, 0.0), atol=1e-6)
    assert np.allclose(rows("food")[..., :2], game.layout.food / half - 1, atol=1e-6)
    assert np.allclose(rows("pillars")[..., :3], game.layout.pillars / (half, half, 1) - (1, 1, 0), atol=1e-6)
    if game.slots.lock_order:
        assert np.array_equal(rows("lock_order")[..., 0].argmax(1), game.layout.lock_order[:, 0])
    assert tables["lock_order"].stop == game.global_state.shape[1]


def test_a_world_without_a_task_is_told_nothing_more():
    slots = presets()["quadrant"].slots
    tables = observation_tables(slots)
    assert not any(tables[name].rows for name in ("sites", "food", "pillars", "food_seen", "sites_exist"))
    assert global_state_tables(slots)["lock_order"].stop == global_state_tables(slots)["doors"].stop


def test_hands_can_let_go_in_every_game():
    """A held thing that is let go is nobody's, in the games as in hide-and-seek."""
    game = started("blueprint", 64)
    random = np.random.default_rng(0)
    for _ in range(40):
        game.tick(at_random(game, random))
    assert (game.state.held != FREE).any()
    actions = still(game)
    actions[..., 2] = RELEASE
    game.tick(actions)
    assert (game.state.held == FREE).all()
