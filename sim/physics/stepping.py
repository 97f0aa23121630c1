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
from sim.physics.compiled import drive
from sim.physics.plain import PlainSpace
from sim.physics.pool import Pool
from sim.rules import GRAB, KEEP, LOCK, RULES
from sim.schema import global_state_size, observation_size
from sim.sight import empty_visibility, make_sight_tables
from sim.state import ANGLE, State, empty_state
from sim.tasks.kinds import HIDE_AND_SEEK
from sim.tasks.locking import MEMORY
from sim.tick import TickContext


class Stepper(Protocol):
    """Moves the spaces of a game's worlds."""

    def place(self, play: TickContext, worlds: np.ndarray) -> None:
        """Brings the spaces of the chosen worlds in line with Layout and State."""

    def tick(
        self,
        play: TickContext,
        actions: np.ndarray,
        observation: np.ndarray,
        global_state: np.ndarray,
        first: int,
        last: int,
    ) -> None:
        """One tick of the worlds first..last-1."""


class CompiledStepper:
    """One kernel for everything; safe to call from several threads on separate ranges."""

    def __init__(self, play: TickContext):
        self.pool = Pool(len(play.state.tick), play.slots, play.rules)

    def place(self, play: TickContext, worlds: np.ndarray) -> None:
        tick.place_worlds(self.pool.chipmunk, self.pool.spaces, play, worlds)

    def tick(self, play, actions, observation, global_state, first, last):
        tick.tick_worlds(self.pool.chipmunk, self.pool.spaces, play, actions, observation, global_state, first, last)


class PlainStepper:
    """`Space.step` and friends for the physics, the same kernels for the rest."""

    def __init__(self, play: TickContext):
        self.spaces = [PlainSpace(play.slots, play.rules, play.push) for _ in play.state.tick]

    def place(self, play: TickContext, worlds: np.ndarray) -> None:
        for w in worlds:
            self.spaces[w].place(play.layout, play.state, w)

    def tick(self, play, actions, observation, global_state, first, last):
        for w in range(first, last):
            tick.choose_worlds(play, actions, w, w + 1)
            self.spaces[w].follow_state(play.layout, play.state, w)
            self.spaces[w].advance(play.layout, play.forces, w)
            self.spaces[w].read_back(play.layout, play.state, w)
            self.spaces[w].keep_out_of_walls(play.layout, play.state, w)
            tick.settle_worlds(play, observation, global_state, w, w + 1)


@functools.cache
def compiled_matches_plain() -> bool:
    """Whether the compiled way gives the plain way's bits here: a grab, a push, a lock and a climb in a small world."""
    try:
        first, second = _trial(CompiledStepper), _trial(PlainStepper)
        fits = all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
        reason = "its numbers differ from plain stepping"
    except (RuntimeError, AttributeError) as error:
        fits, reason = False, str(error)
    if not fits:
        print(f"hideseek: stepping pymunk the slow way, because {reason}", file=sys.stderr, flush=True)
    return fits


def _trial(way: type[CompiledStepper] | type[PlainStepper]) -> State:
    """The state after a few ticks in which one agent drags a box into another and a wall, and one climbs a ramp."""
    play = _trial_play()
    stepper = way(play)
    stepper.place(play, np.arange(1))
    actions = np.zeros((1, 2, 3), np.int8)
    observation = np.zeros((1, 2, observation_size(play.slots)), np.float32)
    global_state = np.zeros((1, global_state_size(play.slots)), np.float32)
    play.seen.things[:] = True
    for hands in (GRAB, KEEP, KEEP, LOCK, KEEP, GRAB, KEEP):
        actions[0, 0] = (2, 1, hands)
        actions[0, 1] = (5, 2, KEEP)
        stepper.tick(play, actions, observation, global_state, 0, 1)
    return play.state


def _trial_play() -> TickContext:
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
        forces=np.zeros((1, slots.agents, 3)),
        reward=np.zeros((1, slots.agents), np.float32),
        hidden=np.ones(1, bool),
        task=HIDE_AND_SEEK,
        memory=np.zeros((1, MEMORY)),
    )


def make_stepper(play: TickContext) -> Stepper:
    """The compiled stepper where it fits, else the plain one."""
    return CompiledStepper(play) if compiled_matches_plain() else PlainStepper(play)
