"""Two ways to step a game's worlds: compiled, and through pymunk's ordinary API. Both give the same bits.

The compiled way leans on how pymunk was built. So the first game of a process plays a few ticks both ways,
and where they differ (another pymunk, an unknown platform) all games are stepped the plain way: slow, but right.
"""

import functools
import sys
from typing import Protocol

import numpy as np

from sim import tick
from sim.layout import Slots, empty_layout
from sim.observe import Clock
from sim.physics.drive import drive
from sim.physics.plain import PlainSpace
from sim.physics.pool import Pool
from sim.rules import GRAB, KEEP, LOCK, RULES
from sim.sight import empty_visibility, make_sight_tables
from sim.state import ANGLE, State, empty_state, take
from sim.tasks.locking import MEMORY
from sim.tick import TickContext

Array = np.ndarray


class Stepper(Protocol):
    """Moves the spaces of a game's worlds, and shows what came of it.

    `observation` and `global_state` are filled, `worlds` (int64) are the worlds that this is about.
    """

    def enter(self, context: TickContext, observation: Array, global_state: Array, worlds: Array) -> None:
        """Brings spaces in line with Layout and State after these were written; nothing moves, nothing is paid."""

    def tick(self, context: TickContext, observation: Array, global_state: Array, worlds: Array) -> None:
        """One tick, of the actions in the context."""


class CompiledStepper:
    """Two kernels for everything; safe to call from several threads on separate worlds."""

    def __init__(self, context: TickContext):
        self.pool = Pool(len(context.state.tick), context.slots, context.rules)

    def enter(self, context, observation, global_state, worlds):
        tick.move_worlds(self.pool.chipmunk, self.pool.spaces, context, worlds, True)
        tick.show_worlds(context, observation, global_state, worlds, True)

    def tick(self, context, observation, global_state, worlds):
        tick.move_worlds(self.pool.chipmunk, self.pool.spaces, context, worlds, False)
        tick.show_worlds(context, observation, global_state, worlds, False)


class PlainStepper:
    """`Space.step` and friends for the physics, the same kernels for the rest."""

    def __init__(self, context: TickContext):
        self.spaces = [PlainSpace(context.slots, context.rules, context.push) for _ in context.state.tick]

    def enter(self, context, observation, global_state, worlds):
        for w in worlds:
            self.spaces[w].place(context.layout, context.state, w)
        tick.show_worlds(context, observation, global_state, worlds, True)

    def tick(self, context, observation, global_state, worlds):
        tick.choose_worlds(context, worlds)
        for w in worlds:
            _move(self.spaces[w], context, w)
            self.spaces[w].keep_out_of_walls(context.layout, context.state, w)
        tick.pass_time_in_worlds(context, worlds)
        tick.show_worlds(context, observation, global_state, worlds, False)


def _move(space: PlainSpace, context: TickContext, w: int) -> None:
    """What Chipmunk does to one world in a tick."""
    space.follow_state(context.layout, context.state, w)
    space.advance(context.layout, context.forces, w)
    space.read_back(context.layout, context.state, w)


@functools.cache
def compiled_matches_plain() -> bool:
    """Whether compiled physics gives the bits of plain physics here: a grab, a push, a lock and a climb.

    Plain physics gets the hands, forces and levels that the compiled ticks came to, so that only physics is compared
    and nothing is compiled for the sake of the comparison. In this trial no body ends a tick so deep in a wall that it
    would be moved out of it.
    """
    try:
        fits = _same_physics(_trial_ticks(trial_context()), trial_context())
        reason = "its numbers differ from plain stepping"
    except (RuntimeError, AttributeError) as error:
        fits, reason = False, str(error)
    if not fits:
        print(f"hideseek: stepping pymunk the slow way, because {reason}", file=sys.stderr, flush=True)
    return fits


def _trial_ticks(context: TickContext) -> list[tuple[State, Array]]:
    """State and forces after each of a few ticks; one agent drags a box into another and a wall, one climbs a ramp."""
    pool, world = CompiledStepper(context).pool, np.arange(1)
    tick.move_worlds(pool.chipmunk, pool.spaces, context, world, True)
    context.seen.things[:] = True
    ticks = []
    for hands in (GRAB, KEEP, KEEP, LOCK, KEEP, GRAB, KEEP):
        context.actions[0, 0] = (2, 1, hands)
        context.actions[0, 1] = (5, 2, KEEP)
        tick.move_worlds(pool.chipmunk, pool.spaces, context, world, False)
        ticks.append((take(context.state, world), context.forces.copy()))
    return ticks


def _same_physics(ticks: list[tuple[State, Array]], context: TickContext) -> bool:
    """Whether plain physics moves all bodies as they moved in these ticks."""
    space, state = PlainSpace(context.slots, context.rules, context.push), context.state
    space.place(context.layout, state, 0)
    for after, forces in ticks:
        context.forces[:] = forces
        state.held[:], state.hold[:], state.lock[:] = after.held, after.hold, after.lock
        _move(space, context, 0)
        state.level[:] = after.level
        if not (np.array_equal(state.agents, after.agents) and np.array_equal(state.things, after.things)):
            return False
    return True


def trial_context(task: int | None = None) -> TickContext:
    slots = Slots(hiders=1, seekers=1, boxes=2, ramps=1, walls=1, doors=0)
    layout, state = empty_layout(1, slots), empty_state(1, slots)
    layout.floor[:], layout.wall_exists[:] = 4.0, True
    layout.walls[0, 0] = (2.0, 2.2, 3.0, 2.3)
    layout.agent_exists[:], layout.thing_exists[:], layout.thing_lockable[:] = True, True, True
    layout.thing_half[:] = 0.3
    state.agents[0, :, :2] = ((1.0, 1.0), (3.2, 1.5))
    state.things[0, :, :2] = ((1.5, 1.2), (2.3, 1.6), (3.1, 1.45))
    state.things[0, 1, ANGLE], state.things[0, 2, ANGLE] = 0.4, 3.0
    return TickContext(
        rules=RULES,
        slots=slots,
        clock=Clock(preparation_ticks=1, ticks=100),
        payment=0,
        push=drive(RULES),
        tables=make_sight_tables(),
        layout=layout,
        state=state,
        seen=empty_visibility(1, slots.agents, slots.things),
        actions=np.zeros((1, slots.agents, 3), np.int8),
        forces=np.zeros((1, slots.agents, 3)),
        reward=np.zeros((1, slots.agents), np.float32),
        hidden=np.ones(1, bool),
        task=task,
        memory=np.zeros((1, MEMORY)),
    )


def make_stepper(context: TickContext) -> Stepper:
    """The compiled stepper where it fits, else the plain one."""
    return CompiledStepper(context) if compiled_matches_plain() else PlainStepper(context)
