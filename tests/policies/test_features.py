"""Features: what their names say, wherever the state comes from."""

import numpy as np
import pytest

from policies.preferences.features import FEATURES, features, one_world
from sim.game import Game
from sim.scenario import scenario_from_text
from tests.policies.labelling import of_world
from tests.replays.strategies.scenes import DOWN, HIDER, MATE, RAMP, SEEKER, SLOTS, UP, Scene


def scene() -> Scene:
    """A room with hiders one above the other 1 m apart, a seeker 2 m from the nearer one, a box in the door."""
    made = Scene("by hand", 4, 1, room=True)
    made.agent(HIDER, (5.0, 1.0), faces=DOWN).agent(MATE, (5.0, 2.0), faces=DOWN).agent(SEEKER, (5.0, 4.0), faces=DOWN)
    made.thing(0, (4.65, 2.35, 0.0)).thing(1, (4.65, 1.35, 0.0)).thing(RAMP, (2.0, 1.0, 0.0)).lock(0, 1)
    return made.hold(MATE, 1, 1).upstairs(MATE, 2)


def value(made: Scene, name: str, moment: int = 4) -> float:
    trace = made.trace()
    rows = features(SLOTS, one_world(trace.layout), trace.states, trace.seen)[:, 0]
    return float(rows[moment, list(FEATURES).index(name)])


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("mates_apart", 1.0),
        ("seeker_distance", 2.5),
        ("closest_seeker", 2.0),
        ("mates_seen", 0.5),
        ("wall_distance", 1.0),
        ("door_distance", (np.hypot(0.35, 1.35) + np.hypot(0.35, 0.35)) / 2),
        ("box_distance", (np.hypot(0.35, 0.35) + np.hypot(0.35, 0.35)) / 2),
        ("ramp_distance", (3.0 + np.hypot(3.0, 1.0)) / 2),
        ("box_to_door", 0.0),
        ("boxes_apart", 1.0),
        ("boxes_locked", 0.5),
        ("boxes_lost", 0.0),
        ("ramps_locked", 0.0),
        ("hands_full", 0.5),
        ("upstairs", 0.5),
        ("seekers_hands_full", 0.0),
    ],
)
def test_a_feature_is_what_its_name_says(name: str, wanted: float):
    assert value(scene(), name) == pytest.approx(wanted, abs=1e-5)


def test_speeds_are_those_of_the_state():
    made = scene()
    made.states.agents[4, HIDER, 3:] = 3.0, 4.0, -2.0
    made.states.agents[4, SEEKER, 3] = 1.5
    made.states.things[4, 1, 4] = 0.6
    trace = made.trace()
    row = features(SLOTS, one_world(trace.layout), trace.states, trace.seen)[4, 0]
    found = dict(zip(FEATURES, row.tolist(), strict=True))
    assert [found[name] for name in ("hider_speed", "hider_spin", "seeker_speed")] == [2.5, 1.0, 1.5]
    assert found["thing_speed"] == pytest.approx(0.2)


def test_who_is_seen_counts():
    made = scene()
    made.agent(HIDER, (5.0, 3.0), faces=UP).on_floor(MATE)
    assert value(made, "hiders_seen") == 0.5 and value(made, "seekers_seen") == 1.0


def test_absent_bodies_are_left_out():
    made = scene().without(MATE)
    assert value(made, "mates_apart") == value(made, "hands_full") == 0.0 and value(made, "wall_distance") == 1.0
    assert value(scene().without(SEEKER), "seeker_distance") == 0.0


def test_a_world_has_the_same_features_alone_and_in_a_game():
    game = Game(scenario_from_text("rooms"), 3)
    game.reset(np.arange(3, dtype=np.uint64))
    for world in range(3):
        alone, beside = of_world(game, world)
        assert np.array_equal(alone, beside) and alone.shape == (len(FEATURES),) and np.isfinite(alone).all()
