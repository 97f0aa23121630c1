"""Scripted climbers and surfers: a ramp takes them where no way on the floor does, and without it they stay out."""

import numpy as np
import pytest

from policies.agents.players import player
from replays.strategies.evidence.heights import crossings, rides
from sim.game import Game
from sim.rng import episode_seeds
from sim.rules import HIDERS, SEEKERS
from sim.scenario import scenario_from_text
from sim.state import ANGLE, State, X, Y
from tests.games import started
from tests.policies.shut_rooms import in_room, shut_in


def play(game, seekers, ticks):
    """The states of all worlds over `ticks` ticks in which the hiders stand still."""
    team = player(seekers, SEEKERS, game.scenario, 0)
    team.reset()
    states = [game.snapshot()[1]]
    for _ in range(ticks):
        actions = np.zeros((game.worlds, game.slots.agents, 3), np.int8)
        actions[:, game.slots.hiders :] = team.act(game, SEEKERS)
        game.tick(actions)
        states.append(game.snapshot()[1])
    return State(*(np.stack(column) for column in zip(*states, strict=True)))


def in_world(states, world):
    return State(*(column[:, world] for column in states))


def seekers_in_room(game):
    """bool [world]"""
    return in_room(game, game.state.agents[:, game.slots.hiders :]).any(axis=1)


@pytest.fixture(scope="module")
def shut_rooms():
    """Worlds whose hiders have locked themselves in, with a ramp outside."""
    return shut_in(Game(scenario_from_text("quadrant-ramp:ticks=200"), 16))


def test_a_climber_gets_over_the_wall_by_a_ramp(shut_rooms):
    game, start = shut_rooms
    game.restore(*start)
    states = play(game, "climber", 120)
    found = seekers_in_room(game)
    assert found.mean() >= 0.8
    layout = game.layout
    for world in np.flatnonzero(found):
        one = type(layout)(*(column[world : world + 1] for column in layout))
        assert any(agent >= game.slots.hiders for _, agent, _ in crossings(one, in_world(states, world)))


def test_without_a_ramp_nobody_gets_in(shut_rooms):
    game, (layout, state) = shut_rooms
    layout = layout._replace(thing_exists=layout.thing_exists & (np.arange(game.slots.things) < game.slots.boxes))
    game.restore(layout, state)
    states = play(game, "climber", 60)
    assert not seekers_in_room(game).any() and not states.level.any()


@pytest.mark.parametrize("defence", ["brought inside", "locked away"])
def test_a_ramp_brought_inside_or_locked_away_defeats_the_climber(shut_rooms, defence):
    game, (layout, state) = shut_rooms
    state = State(*(column.copy() for column in state))
    if defence == "brought inside":
        state.things[:, -1, :3] = (game.scenario.floor_m - 0.6, 0.5, np.pi)
    else:
        state.things[:, -1, :3], state.lock[:, -1] = (0.46, 0.31, 0.0), HIDERS + 1
    game.restore(layout, state)
    states = play(game, "climber", 60)
    assert not seekers_in_room(game).any()
    assert not (states.level[:, :, game.slots.hiders :]).any()


def test_a_surfer_crosses_three_metres_on_a_box():
    game = Game(scenario_from_text("quadrant-ramp:seekers=1,hiders=1,floor_m=8,boxes=2,box_m=0.8,ticks=300"), 8)
    game, (layout, state) = shut_in(game)
    state.things[:, 1, :3], state.lock[:, 1] = (1.3, 6.6, 0.3), 0
    state.things[:, 2, :3] = (1.5, 5.0, 1.2)
    state.agents[:, 1, :3] = (1.2, 3.8, 0.0)
    game.restore(layout, state)
    states = play(game, "surfer", 200)
    far = [max((ride.metres for ride in rides(in_world(states, world))), default=0.0) for world in range(8)]
    assert np.mean(np.array(far) >= 3.0) >= 0.75


def test_where_there_is_a_way_climbers_and_surfers_are_chasers():
    game = Game(scenario_from_text("quadrant"), 20)
    for name in ("climber", "surfer"):
        trails = []
        for team in ("chaser", name):
            game.reset(episode_seeds(1, 0, 20))
            trails.append(play(game, team, 50))
        assert all(np.array_equal(one, other) for one, other in zip(*trails, strict=True))


def test_climbers_and_surfers_play_on_either_side_in_any_world():
    for text in ("quadrant-ramp:ramps=2", "quadrant-original", "quadrant:boxes=0"):
        game = started(text, 12, 2)
        teams = player("climber", HIDERS, game.scenario, 0), player("surfer", SEEKERS, game.scenario, 0)
        for _ in range(game.scenario.ticks):
            game.tick(np.concatenate([team.act(game, side) for side, team in enumerate(teams)], axis=1))
        assert np.isfinite(game.state.agents[..., [X, Y, ANGLE]]).all()
