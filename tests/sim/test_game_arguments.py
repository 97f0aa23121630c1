"""What callers may hand to a game, and that everything else is refused before anything has changed."""

import copy
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from sim.game import Game
from sim.rng import episode_seeds
from sim.rules import ACTION_SIZES
from sim.scenario import scenario_from_text
from tests.games import started
from tests.sim.forking import in_a_fork, only_where_processes_fork

QUADRANT = scenario_from_text("quadrant-two-boxes")
WORLDS = 3


@pytest.fixture
def game():
    game = started(QUADRANT, WORLDS)
    return game


def some_actions(game, seed=0):
    return np.random.default_rng(seed).integers(0, ACTION_SIZES, game.actions.shape)


def bytes_of(game):
    fields = (*game.layout, *game.state, game.observation, game.global_state)
    return b"".join(field.tobytes() for field in fields)


@pytest.mark.parametrize("world", [3, 5, 100, -1, -3, 1_000_000])
def test_a_world_that_does_not_exist_is_named(game, world):
    before = bytes_of(game)
    for call in (
        lambda: game.reset(episode_seeds(1, 0, 2), worlds=[0, world]),
        lambda: game.restore(*game.snapshot([0]), worlds=[world]),
        lambda: game.snapshot([world]),
    ):
        with pytest.raises(IndexError, match=rf"world {world} does not exist; the game has 3"):
            call()
    assert bytes_of(game) == before


@pytest.mark.parametrize("worlds", [[0.5], [True, False, True], "0", 1, [[0]]], ids=str)
def test_worlds_are_whole_numbers(game, worlds):
    with pytest.raises(TypeError, match="whole numbers"):
        game.reset(episode_seeds(1, 0, 1), worlds=worlds)


@pytest.mark.parametrize(
    "seeds", [[1.7, 2.0, 3.0], np.array([1.0, 2.0, 3.0]), ["a", "b", "c"], [1, None, 2], [1, 2.5, 2**64]]
)
def test_seeds_are_whole_numbers(game, seeds):
    before = bytes_of(game)
    with pytest.raises(TypeError):
        game.reset(seeds)
    assert bytes_of(game) == before


@pytest.mark.parametrize("seeds", [[1, 2, -3], np.array([1, 2, -3]), [1, 2, 2**64], [1, 2], 5, [[1, 2, 3]]], ids=str)
def test_seeds_that_do_not_exist_are_refused(game, seeds):
    before = bytes_of(game)
    with pytest.raises(ValueError, match="seed"):
        game.reset(seeds)
    assert bytes_of(game) == before


def test_seeds_may_be_of_any_whole_type(game):
    started = set()
    for seeds in ([1, 2, 2**63 + 1], np.array([1, 2, 2**63 + 1], np.uint64), np.array([1, 2, 2**63 + 1], object)):
        game.reset(seeds)
        started.add(bytes_of(game))
    assert len(started) == 1


def test_no_more_threads_than_worlds():
    game = Game(QUADRANT, 2, threads=5000)
    game.reset(episode_seeds(0, 0, 2))
    before = threading.active_count()
    game.tick(some_actions(game))
    assert threading.active_count() <= before + 1


def test_an_absent_agent_holds_nothing(game):
    layout, state = game.snapshot()
    state.held[:, 0], state.hold[:, 0] = 0, 0.3
    layout.agent_exists[1, 0] = False
    game.restore(layout, state)
    assert game.state.held[:, 0].tolist() == [0, -1, 0]
    assert not game.state.hold[1, 0].any()


@pytest.mark.parametrize("moment", [(None, None), "swapped", ([], [])], ids=str)
def test_what_is_no_moment_is_refused(game, moment):
    layout, state = game.snapshot()
    with pytest.raises(TypeError, match="Layout and a State"):
        game.restore(*((state, layout) if moment == "swapped" else moment))
    with pytest.raises(ValueError, match="tick must be whole numbers"):
        game.restore(layout, state._replace(tick=state.tick + 0.5))


def test_no_worlds_are_nothing_to_do(game):
    before = bytes_of(game)
    game.reset(episode_seeds(1, 0, 0), worlds=[])
    assert bytes_of(game) == before


IMPOSSIBLE = [
    ("held", -100),
    ("held", 100),
    ("thing_half", np.nan),
    ("thing_half", 0.0),
    ("thing_half", -0.1),
    ("thing_half", 1e9),
    ("agents", np.nan),
    ("agents", np.inf),
    ("agents", 1e300),
    ("agents", 199.0),
    ("floor", 60.0),
    ("thing_half", 0.01),
    ("hold", 11.0),
    ("things", -np.inf),
    ("things", 1e9),
    ("hold", np.nan),
    ("floor", np.nan),
    ("floor", -1.0),
    ("floor", 0.0),
    ("walls", np.inf),
    ("doors", 1e6),
    ("lock", 9),
    ("lock", -1),
    ("level", 7),
    ("tick", -1),
    ("out_of_bounds_margin_m", np.nan),
]


@pytest.mark.parametrize(("name", "value"), IMPOSSIBLE, ids=str)
def test_an_impossible_state_is_refused_and_changes_nothing(game, name, value):
    before = bytes_of(game)
    layout, state = game.snapshot()
    field = getattr(layout if name in layout._fields else state, name)
    field[1, ...] = value
    with pytest.raises(ValueError, match=rf"{name} cannot be .* \(world 1\)"):
        game.restore(layout, state)
    assert bytes_of(game) == before
    game.tick(some_actions(game))


def test_the_refused_world_is_the_chosen_one(game):
    layout, state = game.snapshot([0, 2])
    state.level[1] = 7
    with pytest.raises(ValueError, match=r"level cannot be 7 \(world 2\)"):
        game.restore(layout, state, worlds=[0, 2])


@pytest.mark.parametrize("column", range(3, 6))
def test_a_speed_that_would_leave_the_floor_is_refused(game, column):
    layout, state = game.snapshot()
    state.agents[0, 0, column] = 1e9
    with pytest.raises(ValueError, match="agents cannot be"):
        game.restore(layout, state)


def test_a_state_of_other_slots_is_refused(game):
    other = started("quadrant", WORLDS)
    with pytest.raises(ValueError, match="shape"):
        game.restore(*other.snapshot())
    with pytest.raises(ValueError, match="shape"):
        game.restore(*game.snapshot([0, 1]))


@pytest.mark.parametrize("text", ["quadrant", "rooms:outer_walls=false", "food", "object_counting", "shelter"])
def test_every_state_of_play_can_be_restored(text):
    """It shows the same as before, and has the future that it has in any other game."""
    game, other = (Game(scenario_from_text(text), 40) for _ in range(2))
    game.reset(episode_seeds(3, 0, 40))
    for tick in range(60):
        if tick % 10 == 0:
            before, moment = bytes_of(game), game.snapshot()
            game.restore(*moment)
            assert bytes_of(game) == before
            other.reset(episode_seeds(4, tick, 40))
            other.tick(some_actions(other, tick))
            other.restore(*moment)
        for one in (game, other):
            one.tick(some_actions(one, tick))
        assert bytes_of(other) == bytes_of(game) and np.array_equal(other.reward, game.reward)


@pytest.mark.parametrize("name", ["observation", "global_state"])
def test_arrays_that_kernels_cannot_fill_are_refused(game, name):
    right = getattr(game, name)
    for wrong in (right.astype(np.float64), right.tolist(), None):
        with pytest.raises(TypeError, match=f"{name} must be a float32 array"):
            setattr(game, name, wrong)
    read_only = right.copy()
    read_only.flags.writeable = False
    for wrong in (right[:1].copy(), right[..., 1:].copy(), np.repeat(right, 2, -1)[..., ::2], read_only):
        with pytest.raises(ValueError, match=f"{name} must"):
            setattr(game, name, wrong)
    assert getattr(game, name) is right
    other = np.zeros_like(right)
    setattr(game, name, other)
    game.tick(some_actions(game))
    assert other.any()


@pytest.mark.parametrize(
    "remake", [copy.deepcopy, lambda game: pickle.loads(pickle.dumps(game))], ids=["copy", "pickle"]
)
def test_a_copy_is_a_game_of_its_own(game, remake):
    for tick in range(20):
        game.tick(some_actions(game, tick))
    first, second = remake(game), remake(game)
    assert bytes_of(first) == bytes_of(game) and np.array_equal(first.reward, game.reward)
    before = bytes_of(game)
    for tick in range(20):
        first.tick(some_actions(game, tick))
        second.tick(some_actions(game, tick))
    assert bytes_of(first) == bytes_of(second) != before == bytes_of(game)


class _OtherGame(Game):
    """A subclass with arguments and attributes of its own."""

    def __init__(self, size: int):
        self.size = size
        super().__init__(QUADRANT, WORLDS, without=["grab"])
        self.played = 0


@pytest.mark.parametrize("remake", [copy.copy, copy.deepcopy, lambda game: pickle.loads(pickle.dumps(game))])
def test_a_copied_subclass_keeps_what_it_has_of_its_own(remake):
    game = _OtherGame(3)
    game.reset(episode_seeds(0, 0, WORLDS))
    game.tick(some_actions(game))
    game.played = 1
    other = remake(game)
    assert (other.size, other.played, other.without) == (3, 1, {"grab"}) and bytes_of(other) == bytes_of(game)
    other.tick(some_actions(game, 1))
    assert bytes_of(other) != bytes_of(game)


def test_a_game_without_episodes_can_be_copied():
    fresh = copy.deepcopy(Game(QUADRANT, WORLDS, threads=2, without=["lock"]))
    assert fresh.without == {"lock"}
    fresh.reset(episode_seeds(0, 0, WORLDS))
    fresh.tick(some_actions(fresh))


@only_where_processes_fork
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_threads_tick_in_a_forked_process():
    game = Game(QUADRANT, WORLDS, threads=2)
    game.reset(episode_seeds(0, 0, WORLDS))
    game.tick(some_actions(game))
    alone = copy.deepcopy(game)
    alone.tick(some_actions(game, 1))

    def both() -> bytes:
        copied = copy.deepcopy(game)
        copied.tick(some_actions(game, 1))
        game.tick(some_actions(game, 1))
        return b"same" if bytes_of(copied) == bytes_of(alone) else b"other"

    assert in_a_fork(both) == b"same"


def test_threads_that_share_a_game_wait_for_each_other():
    """Two that tick it play what one would, and what a third takes is of one moment."""
    shared, alone = (Game(QUADRANT, 64) for _ in range(2))
    for game in (shared, alone):
        game.reset(episode_seeds(0, 0, 64))
    actions, ticks, both = some_actions(shared), 50, threading.Barrier(3)

    def play():
        both.wait()
        for _ in range(ticks):
            shared.tick(actions)

    def look():
        both.wait()
        return [np.unique(shared.snapshot()[1].tick).size for _ in range(ticks)]

    with ThreadPoolExecutor(3) as executor:
        players, looks = [executor.submit(play) for _ in range(2)], executor.submit(look)
        assert looks.result() == [1] * ticks
        for player in players:
            player.result()
    for _ in range(2 * ticks):
        alone.tick(actions)
    assert bytes_of(shared) == bytes_of(alone)


@pytest.mark.parametrize("number", [0, -1, 2.5, "two", None])
def test_the_numbers_of_worlds_and_threads_are_whole_and_positive(number):
    with pytest.raises(ValueError, match="worlds must be a whole number of 1 or more"):
        Game(QUADRANT, number)
    with pytest.raises(ValueError, match="threads must be a whole number of 1 or more"):
        Game(QUADRANT, 1, threads=number)


@pytest.mark.parametrize("scenario", [None, 5, "quadrant", object()], ids=lambda value: type(value).__name__)
def test_what_is_no_scenario_is_refused(scenario):
    with pytest.raises(TypeError, match="scenario must be a Scenario"):
        Game(scenario, 1)


@pytest.mark.parametrize("value", [200, -1, 9, 2.7, np.nan, np.inf])
def test_an_action_that_does_not_exist_is_refused(game, value):
    before, actions = bytes_of(game), some_actions(game).astype(float if isinstance(value, float) else int)
    actions[2, 1, 0] = value
    with pytest.raises(ValueError, match="of agent 1 in world 2 does not exist"):
        game.tick(actions)
    assert bytes_of(game) == before


@pytest.mark.parametrize("part", range(3))
def test_each_part_of_an_action_has_its_own_bound(game, part):
    actions = np.zeros(game.actions.shape, int)
    actions[0, 0, part] = ACTION_SIZES[part] - 1
    game.tick(actions)
    actions[0, 0, part] += 1
    with pytest.raises(ValueError, match="does not exist"):
        game.tick(actions)


@pytest.mark.parametrize("shape", [(), (3,), (WORLDS, 4), (1, 4, 3), (WORLDS, 4, 4)], ids=str)
def test_actions_are_not_stretched(game, shape):
    with pytest.raises(ValueError, match="actions must be whole numbers"):
        game.tick(np.zeros(shape, int))


def test_a_tick_needs_a_start_in_every_world():
    game = Game(QUADRANT, WORLDS)
    with pytest.raises(RuntimeError, match="reset"):
        game.tick(np.zeros(game.actions.shape))
    game.reset(episode_seeds(0, 0, 2), worlds=[0, 2])
    with pytest.raises(RuntimeError, match="reset"):
        game.tick(np.zeros(game.actions.shape))
    game.reset(episode_seeds(0, 0, 1), worlds=[1])
    game.tick(np.zeros(game.actions.shape))


def test_an_ended_episode_plays_on(game):
    layout, state = game.snapshot()
    state.tick[:] = QUADRANT.ticks
    game.restore(layout, state)
    assert game.ended.all()
    game.tick(some_actions(game))
    assert (game.state.tick == QUADRANT.ticks + 1).all() and game.ended.all() and game.reward.all()
