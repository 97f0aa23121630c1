"""A plugin, `pytest -p tests.interpreted`: kernels run as the Python functions that they are made of.

Slow to run and quick to change: mutants of kernels need no compiling, and numpy checks every index. Physics goes
through pymunk's ordinary API.
"""

import numpy as np

import sim.jit

sim.jit._compile = lambda function, counted: function  # pyright: ignore[reportAttributeAccessIssue]
sim.jit.in_python = lambda kernel: kernel

from sim import hands  # noqa: E402 - kernels are made on import
from sim.physics import stepping  # noqa: E402

stepping.compiled_matches_plain = lambda: False
np.seterr(all="ignore")  # whole numbers wrap around, as they do in kernels
_lock_of = hands.lock_of
hands.lock_of = lambda slots, agent: np.int64(_lock_of(slots, agent))  # numba shifts in 64 bits, numpy in those of int8
