"""What the kernels of scripted players read, as one tuple: `(context, w, agent, action)` is the usual signature."""

from typing import NamedTuple

from policies.scripted.grid import Buffers
from sim.layout import Layout
from sim.sight import Visibility
from sim.state import State

NONE = -1
"""Nobody, or no thing: where the plans of a script hold a number of one."""


class Sides(NamedTuple):
    """The agents that a script plays, and their opponents."""

    first: int
    """Own agents are first..end-1..."""
    end: int
    first_opponent: int
    """...their opponents first_opponent..end_opponent-1."""
    end_opponent: int
    lock: int
    """What `State.lock` holds for a thing that the own side has locked."""


class ScriptedContext(NamedTuple):
    """A game as a script sees it, which is all of it, and the planner's buffers."""

    layout: Layout
    state: State
    visibility: Visibility
    buffers: Buffers
    sides: Sides
    boxes: int
    """Things from this one on are ramps."""
