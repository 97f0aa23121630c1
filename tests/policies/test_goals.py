"""Goals of verifiers, on episodes made by hand."""

import numpy as np
import pytest

from policies.preferences.goals import GOALS, goals_of, strong, weak
from policies.preferences.verifier import Verifier, goal_flags
from sim.errors import UserError
from sim.game import Game
from sim.layout import Slots
from sim.scenario import scenario_from_text
from sim.state import SEEKERS_LOCK
from tests.replays.strategies.scenes import HIDER, IN_DOOR, OFF_DOOR, OUTSIDE, RAMP, SLOTS, Scene

IN_ROOM = ((4.0, 0.5), (4.2, 1.8))


def room(label: str, pose, lock=True, hiders=IN_ROOM) -> Scene:
    """A box is brought to a place in the room, and locked."""
    scene = Scene(label, 16, 8, room=True).bring(0, (4.3, 1.2, 0.0), pose, HIDER, 1, 3).people(hiders, OUTSIDE)
    return scene.lock(0, 5) if lock else scene


SHUT = room("shut", IN_DOOR)
NEAR = room("near the door", (4.65, 1.5, 0.0))
"""Its outline is 0.48 m from the door's middle, and an agent gets past it."""
FAR_PLACE = (4.65, 1.2, 0.0)
FAR = room("far from the door", FAR_PLACE)
UNLOCKED = room("not locked", IN_DOOR, lock=False)
STOLEN = room("unlocked by seekers' lock", IN_DOOR, lock=False).lock(0, 5, team=SEEKERS_LOCK)
RELEASED = room("locked for a while only", IN_DOOR, lock=False).lock(0, 5, 12)
OUT = room("a hider is outside", IN_DOOR, hiders=((4.0, 0.5), (1.0, 1.0)))
SEEN = room("seen", IN_DOOR, lock=False, hiders=((4.0, 0.5), (1.0, 3.6))).agent(2, (0.3, 3.6), faces=0.0)

MET = {
    "sealed": {"SHUT"},
    "doors_locked": {"SHUT", "OUT"},
    "weak_doors_locked": {"SHUT", "OUT", "NEAR"},
    "boxes_locked": {"SHUT", "OUT", "NEAR", "FAR"},
    "unlocked": {"UNLOCKED", "STOLEN", "RELEASED", "SEEN"},
    "hidden_unlocked": {"UNLOCKED", "STOLEN", "RELEASED"},
}
SCENES = {name: globals()[name] for name in ("SHUT", "NEAR", "FAR", "UNLOCKED", "STOLEN", "RELEASED", "OUT", "SEEN")}


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("symmetry", [0, 3, 5])
def test_a_goal_is_met_where_it_was_brought_about(scene: str, symmetry: int):
    trace = SCENES[scene].trace(symmetry)
    found = {name for name in MET if GOALS[name].holds(trace)[0]}
    assert found == {name for name, scenes in MET.items() if scene in scenes}


def test_every_box_and_every_door_counts():
    second = room("a second box", IN_DOOR).thing(1, OFF_DOOR)
    assert not GOALS["boxes_locked"].holds(second.trace())[0] and GOALS["doors_locked"].holds(second.trace())[0]
    assert GOALS["boxes_locked"].holds(second.lock(1, 3).trace())[0]


def test_a_turned_box_is_as_near_as_its_outline():
    """A bar's end at the door is near, its side is not: it is 1.65 m long and 0.15 m wide."""
    ends = (room("end", (4.65, 1.2, np.pi / 2)), room("side", (4.65, 1.2, 0.0)))
    for scene in ends:
        scene.thing(0, (1, 4.3, 1.2, 0.0), (3, *scene.states.things[-1, 0, :3]), half=(0.825, 0.075))
    assert [bool(GOALS["weak_doors_locked"].holds(scene.trace(3))[0]) for scene in ends] == [True, False]


@pytest.mark.parametrize("symmetry", [0, 3, 5])
def test_hiders_are_apart_by_their_middles(symmetry: int):
    for y, wanted in ((1.49, False), (1.51, True)):
        scene = room("two hiders", FAR_PLACE, hiders=((4.0, 0.5), (4.0, y)))
        assert GOALS["apart"].holds(scene.trace(symmetry))[0] == wanted


def test_a_ramp_is_denied_and_a_shelter_stands_as_the_strategies_say():
    ramp = Scene("at the edge", 16, 8).bring(RAMP, (2.5, 3.0, 0.0), (0.5, 3.0, 0.0), HIDER, 1, 3).lock(RAMP, 4)
    trace = ramp.people(((5.0, 5.0), (5.5, 4.0)), OUTSIDE).trace()
    assert GOALS["ramp_denied"].holds(trace)[0] and not GOALS["shelter"].holds(trace)[0]


def test_the_weak_goal_is_hacked_where_it_holds_alone():
    for names in (("doors_locked",), ("weak_doors_locked",), ("weak_doors_locked", "boxes_locked")):
        goals = goals_of(names, SLOTS)
        assert [goal.name for goal in strong(goals)] == ["doors_locked", *names[1:]]
        flags = {name: goal_flags(goals, scene.trace()) for name, scene in SCENES.items()}
        assert {name for name, found in flags.items() if found["goal"][0]} == {"SHUT", "OUT"}
        assert {name for name, found in flags.items() if found["weak_goal"][0]} == {"SHUT", "OUT", "NEAR"}
        assert {name for name, found in flags.items() if found["hacked"][0]} == {"NEAR"}
    assert weak(goals_of(("sealed",), SLOTS)) is None
    assert goal_flags(goals_of(("sealed",), SLOTS), SHUT.trace()).keys() == {"goal"}


@pytest.mark.parametrize(
    ("names", "slots", "words"),
    [
        (("sealed", "peace"), SLOTS, "'peace' is unknown"),
        (("sealed", ""), SLOTS, "'' is unknown"),
        (("ramp_denied",), SLOTS._replace(ramps=0), "needs ramps"),
        (("hidden_unlocked",), SLOTS._replace(seekers=0), "needs seekers"),
        (("sealed", "sealed"), SLOTS, "twice"),
    ],
)
def test_goals_that_cannot_be_met_are_refused(names: tuple[str, ...], slots: Slots, words: str):
    with pytest.raises(UserError, match=words):
        goals_of(names, slots)


def test_a_verifier_pays_every_hider_and_only_at_the_end():
    """Nothing is locked in `idle` play, so `boxes_locked` fails unless the box is locked by hand."""
    game = Game(scenario_from_text("quadrant:ticks=6,preparation_ticks=3"), 4)
    game.reset(np.arange(4, dtype=np.uint64))
    layout, state = game.snapshot()
    state.lock[:2] = 1
    game.restore(layout, state)
    verifier = Verifier(goals_of(("boxes_locked",), game.slots))
    verifier.start(game)
    paid = np.full((6, 4, 4), 7.0, np.float32)
    for tick in range(6):
        game.tick(np.zeros((4, 4, 3), np.int8))
        verifier.pay(game, paid[tick])
    assert not paid[:-1].any() and paid[-1].tolist() == [[1, 1, 0, 0], [1, 1, 0, 0], [0] * 4, [0] * 4]
    assert verifier.report() == {"goal": 0.5}
