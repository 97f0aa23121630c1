"""The bridge to Chipmunk finds where fields lie, and refuses to guess; what is made for it is taken apart."""

import ctypes
import gc

import pymunk
import pytest

from sim.physics import chipmunk, pool
from sim.rules import RULES
from sim.scenario import scenario_from_text


def body(**fields):
    made = pymunk.Body(1.5, 2.5)
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def test_every_field_lies_at_a_place_of_its_own():
    offsets = chipmunk.find()[chipmunk.Chipmunk._fields.index("position") : -2]
    assert all(0 <= offset < max(chipmunk._SCANNED_BYTES.values()) for offset in offsets)
    assert len({offsets[0], *offsets[1:6]}) == 6, "position, angle, velocity, spin, force, torque"


@pytest.mark.parametrize("made", [body(angle=0.7, torque=0.7), body(angle=0.7)], ids=["held twice", "held nowhere"])
def test_a_value_that_is_held_twice_or_nowhere_is_refused(made):
    value = 0.7 if made.torque else 0.9
    with pytest.raises(RuntimeError, match="keeps Body in an unknown way"):
        chipmunk._offset(made, ctypes.c_double, value)


def test_nothing_is_read_behind_the_end_of_a_struct():
    """A gear's impulse is the last of its fields."""
    assert chipmunk.find().gear_impulse + ctypes.sizeof(ctypes.c_double) == chipmunk._SCANNED_BYTES[pymunk.GearJoint]


def test_a_game_that_never_began_is_taken_apart_without_a_kernel(monkeypatch: pytest.MonkeyPatch):
    """It is what is left of a process that has no memory to load one."""
    cleared = []
    monkeypatch.setattr(pool, "clear", lambda chipmunk, spaces, push, world: cleared.append(world))
    for begun, wanted in ((False, []), (True, [0, 1])):
        made = pool.Pool(2, scenario_from_text("quadrant").slots, RULES)
        made.spaces.agents_in[1, 0] = begun
        del made
        gc.collect()
        assert cleared == wanted
