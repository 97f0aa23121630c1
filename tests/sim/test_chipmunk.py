"""The bridge to Chipmunk finds where fields lie, and refuses to guess."""

import ctypes

import pymunk
import pytest

from sim.physics import chipmunk


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
