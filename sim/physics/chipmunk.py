"""The bridge to Chipmunk: where a compiled kernel finds what it needs to drive pymunk's own spaces without Python.

pymunk's wheel holds every Chipmunk function, and cffi gives their addresses. A kernel calls them by address
(`sim.physics.intrinsics`); it uses only functions that take pointers, integers and doubles, because platforms pass
vectors by value in different ways. It reads and writes vectors (positions, velocities, forces, anchors) where Chipmunk
keeps them. No offset is written down here, only how far to look: `find` builds a few objects through pymunk's public
API, gives every field a distinctive value, and looks for the one place in memory that holds it.
"""

import ctypes
import functools
import itertools
import math
from typing import NamedTuple

import pymunk
from pymunk._chipmunk_cffi import ffi, lib

DYNAMIC, KINEMATIC = int(lib.CP_BODY_TYPE_DYNAMIC), int(lib.CP_BODY_TYPE_KINEMATIC)

_SCANNED_BYTES = {pymunk.Body: 136, pymunk.Circle: 192, pymunk.PivotJoint: 232, pymunk.GearJoint: 152}
"""How far into each struct `find` looks: to its end, or short of it where the rest has copies of what comes before."""


class Chipmunk(NamedTuple):
    """Addresses of functions, and offsets in bytes into Chipmunk's structs; all plain integers."""

    space_step: int
    space_add_body: int
    space_add_shape: int
    space_add_constraint: int
    space_remove_body: int
    space_remove_shape: int
    space_remove_constraint: int
    space_set_shape_id_counter: int
    body_set_type: int
    body_update_position: int
    body_set_mass: int
    body_set_moment: int
    body_set_angle: int
    poly_set_vertices: int
    gear_set_phase: int
    constraint_impulse: int
    position: int
    angle: int
    velocity: int
    spin: int
    force: int
    torque: int
    anchor_a: int
    body_b: int
    categories: int
    mask: int
    pivot_impulse: int
    gear_impulse: int


def address_of(thing) -> int:
    """The address of a pymunk Space's, Body's, Shape's or Constraint's Chipmunk struct."""
    for name in ("_space", "_body", "_shape", "_constraint"):
        pointer = thing.__dict__.get(name)
        if isinstance(pointer, ffi.CData):
            return int(ffi.cast("intptr_t", pointer))
    raise TypeError(f"{thing!r} has no Chipmunk struct")


def _function(name: str) -> int:
    return int(ffi.cast("intptr_t", ffi.addressof(lib, name)))


def _words(thing, kind) -> list:
    """What the struct of `thing` holds, as values of a ctypes kind."""
    count = _SCANNED_BYTES[type(thing)] // ctypes.sizeof(kind)
    return list((kind * count).from_address(address_of(thing)))


def _offset(thing, kind, *values) -> int:
    """The offset at which the struct of `thing` holds these consecutive values of a ctypes kind."""
    words, size = _words(thing, kind), len(values)
    held = [words[start : start + size] for start in range(len(words) - size + 1)]
    fits = [all(abs(a - b) <= 1e-12 * abs(b) for a, b in zip(here, values, strict=True)) for here in held]
    return _only(thing, fits) * ctypes.sizeof(kind)


def _only(thing, fits: list[bool]) -> int:
    """Where the one True is. Raises RuntimeError where there is none, or another."""
    if fits.count(True) != 1:
        raise RuntimeError(f"this pymunk keeps {type(thing).__name__} in an unknown way")
    return fits.index(True)


def _body_offsets() -> dict[str, int]:
    body = pymunk.Body(1.0, 1.0)
    body.position, body.angle = (1.2345, 2.3456), 0.777
    body.velocity, body.angular_velocity = (3.456, 4.567), 5.678
    body.force, body.torque = (6.789, 7.891), 8.912
    double = ctypes.c_double
    return {
        "position": _offset(body, double, *body.position),
        "angle": _offset(body, double, body.angle),
        "velocity": _offset(body, double, *body.velocity),
        "spin": _offset(body, double, body.angular_velocity),
        "force": _offset(body, double, *body.force),
        "torque": _offset(body, double, body.torque),
    }


def _shape_offsets() -> dict[str, int]:
    """Offsets of a shape's filter: what it is, and what it collides with."""
    shape = pymunk.Circle(pymunk.Body(1.0, 1.0), 0.5)
    shape.filter = pymunk.ShapeFilter(categories=0x9ABCDEF1, mask=0x6789ABCD)
    categories = _offset(shape, ctypes.c_uint32, shape.filter.categories, shape.filter.mask)
    return {"categories": categories, "mask": categories + ctypes.sizeof(ctypes.c_uint32)}


def _joint_offsets() -> dict[str, int]:
    """Offsets into pivot and gear joints; their impulses show only in a joint that has pulled."""
    space = pymunk.Space()
    first, second = pymunk.Body(1.0, 1.0), pymunk.Body(1.0, 1.0)
    second.position = (1.0, 0.0)
    pivot = pymunk.PivotJoint(first, second, (1.111, 0.222), (0.333, 0.444))
    gear = pymunk.GearJoint(first, second, 0.5, 1.0)
    anchor = _offset(pivot, ctypes.c_double, *pivot.anchor_a)  # a step copies it
    space.add(first, second, pivot, gear)
    second.apply_force_at_world_point((3.0, 5.0), (1.0, 0.5))
    space.step(0.01)
    return {
        "anchor_a": anchor,
        "body_b": _same(_offset(joint, ctypes.c_int64, address_of(second)) for joint in (pivot, gear)),
        "pivot_impulse": _offset_of_length(pivot, pivot.impulse),
        "gear_impulse": _offset_of_length(gear, gear.impulse),
    }


def _offset_of_length(joint, length: float) -> int:
    """The offset of the accumulated impulse: a vector (pivot) or a number (gear) of this length."""
    words = _words(joint, ctypes.c_double)
    if isinstance(joint, pymunk.PivotJoint):
        words = [math.hypot(*vector) for vector in itertools.pairwise(words)]
    return _only(joint, [length > 0 and abs(abs(word) - length) <= 1e-12 * length for word in words]) * 8


def _same(values) -> int:
    first, *others = values
    if any(other != first for other in others):
        raise RuntimeError("this pymunk keeps its joints in different ways")
    return first


@functools.cache
def find() -> Chipmunk:
    """The addresses and offsets in this process.

    Raises RuntimeError where pymunk is not built as expected; the caller falls back to plain stepping.
    """
    return Chipmunk(
        space_step=_function("cpSpaceStep"),
        space_add_body=_function("cpSpaceAddBody"),
        space_add_shape=_function("cpSpaceAddShape"),
        space_add_constraint=_function("cpSpaceAddConstraint"),
        space_remove_body=_function("cpSpaceRemoveBody"),
        space_remove_shape=_function("cpSpaceRemoveShape"),
        space_remove_constraint=_function("cpSpaceRemoveConstraint"),
        space_set_shape_id_counter=_function("cpSpaceSetShapeIDCounter"),
        body_set_type=_function("cpBodySetType"),
        body_update_position=_function("cpBodyUpdatePosition"),
        body_set_mass=_function("cpBodySetMass"),
        body_set_moment=_function("cpBodySetMoment"),
        body_set_angle=_function("cpBodySetAngle"),
        poly_set_vertices=_function("cpPolyShapeSetVertsRaw"),
        gear_set_phase=_function("cpGearJointSetPhase"),
        constraint_impulse=_function("cpConstraintGetImpulse"),
        **_body_offsets(),
        **_shape_offsets(),
        **_joint_offsets(),
    )
