"""Intrinsics, for compiled kernels: they call C functions by their addresses, and read and write memory.

Addresses, of functions too, are 64-bit integers; `sim.physics.chipmunk` knows those of Chipmunk.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import extending, types


def _intrinsic(generator: Callable[..., Any]) -> Callable[..., Any]:
    """numba's own decorator; the compiled function lacks the generator's first argument, which type checkers miss."""
    return extending.intrinsic(generator)


_INT, _BYTES, _DOUBLE = ir.IntType(32), ir.IntType(64), ir.DoubleType()


def _call(builder, result, function, arguments):
    """LLVM code that calls the function at an address; pointers travel as 64-bit integers."""
    kind = ir.FunctionType(result, [value.type for value in arguments])
    return builder.call(builder.inttoptr(function, kind.as_pointer()), arguments)


@_intrinsic
def call_with_double(typing_context, function, pointer, value):
    """function(pointer, double)"""

    def generate(context, builder, signature, values):
        _call(builder, ir.VoidType(), values[0], values[1:])
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, types.float64), generate


@_intrinsic
def call_with_int(typing_context, function, pointer, value):
    """function(pointer, int)"""

    def generate(context, builder, signature, values):
        _call(builder, ir.VoidType(), values[0], [values[1], builder.trunc(values[2], _INT)])
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, types.int64), generate


@_intrinsic
def call_with_pointer(typing_context, function, pointer, other):
    """function(pointer, pointer); the result is dropped."""

    def generate(context, builder, signature, values):
        _call(builder, ir.VoidType(), values[0], values[1:])
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, types.int64), generate


@_intrinsic
def call_for_double(typing_context, function, pointer):
    """double function(pointer)"""

    def generate(context, builder, signature, values):
        return _call(builder, _DOUBLE, values[0], values[1:])

    return types.float64(types.int64, types.int64), generate


@_intrinsic
def call_with_array(typing_context, function, pointer, count, array):
    """function(pointer, int count, array)"""

    def generate(context, builder, signature, values):
        function, pointer, count, array = values
        _call(builder, ir.VoidType(), function, [pointer, builder.trunc(count, _INT), array])
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, types.int64, types.int64), generate


@_intrinsic
def load(typing_context, address):
    """The double at an address."""

    def generate(context, builder, signature, values):
        return builder.load(builder.inttoptr(values[0], _DOUBLE.as_pointer()))

    return types.float64(types.int64), generate


@_intrinsic
def store(typing_context, address, value):
    """Writes a double to an address."""

    def generate(context, builder, signature, values):
        builder.store(values[1], builder.inttoptr(values[0], _DOUBLE.as_pointer()))
        return context.get_dummy_value()

    return types.void(types.int64, types.float64), generate


@_intrinsic
def store_pointer(typing_context, address, value):
    """Writes a pointer to an address."""

    def generate(context, builder, signature, values):
        builder.store(values[1], builder.inttoptr(values[0], _BYTES.as_pointer()))
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), generate


@_intrinsic
def store_bits(typing_context, address, value):
    """Writes an unsigned 32-bit integer to an address."""

    def generate(context, builder, signature, values):
        builder.store(builder.trunc(values[1], _INT), builder.inttoptr(values[0], _INT.as_pointer()))
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), generate
