"""N worlds of one scenario, live: reset, tick, snapshot, restore.

The order of the rules within a tick is written in `sim/tick.py`; how bodies are moved, in `sim/physics/stepping.py`.
"""

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from sim.climb import FLOOR
from sim.errors import UserError
from sim.layout import Layout, Slots, empty_layout
from sim.observe import Clock
from sim.physics.compiled import drive
from sim.physics.stepping import make_stepper
from sim.reward import PAYMENTS
from sim.rules import ACTION_SIZES, GRAB, KEEP, LOCK, RULES
from sim.scenario import Scenario
from sim.schema import global_state_size, observation_size
from sim.sight import empty_visibility, make_sight_tables
from sim.state import DRIFTING, FIXED_BY_NOBODY, FREE, SPIN, VX, VY, State, empty_state, put, take
from sim.tasks.kinds import HIDE_AND_SEEK
from sim.tasks.locking import MEMORY
from sim.tick import TickContext

TOOLS = ("lock", "grab", "boxes", "ramps", "pushing")
"""What can be taken away for an ablation, from both teams; without `pushing` all things stand fixed."""


class Game:
    """N worlds of one scenario, live.

    `layout`, `state`, `seen`, `reward` [world, agent], `hidden` [world] (no hider is seen at this moment) and
    `actions` (the ones that counted in the last tick) are the game's own arrays: read them, write only
    through `reset` and `restore`. `observation` [world, agent, number] and `global_state` [world, number] may be
    rebound to other float32 arrays of their shape, which then are filled in place.
    """

    def __init__(self, scenario: Scenario, worlds: int, threads: int = 1, without: Collection[str] = ()):
        """Builds the worlds; call `reset` before the first tick.

        `without` names tools (see TOOLS) taken away for an ablation. Raises UserError for an unknown one.
        """
        unknown = set(without) - set(TOOLS)
        if unknown:
            raise UserError(f"cannot play without '{min(unknown)}'; choose from {', '.join(TOOLS)}")
        self.scenario, self.slots, self.worlds = scenario, scenario.slots, worlds
        self.without = frozenset(without)
        agents, things = self.slots.agents, self.slots.things
        self.layout, self.state = empty_layout(worlds, self.slots), empty_state(worlds, self.slots)
        self.seen = empty_visibility(worlds, agents, things, food=self.slots.food)
        self.reward = np.zeros((worlds, agents), np.float32)
        self.hidden = np.ones(worlds, bool)
        self.actions = np.zeros((worlds, agents, len(ACTION_SIZES)), np.int8)
        self.observation = np.zeros((worlds, agents, observation_size(self.slots)), np.float32)
        self.global_state = np.zeros((worlds, global_state_size(self.slots)), np.float32)
        self._context = self._kernel_view()
        self._stepper = make_stepper(self._context)
        self._parts = np.array_split(np.arange(worlds), threads)
        self._threads = ThreadPoolExecutor(threads - 1, "hideseek-world") if threads > 1 else None

    def _kernel_view(self) -> TickContext:
        return TickContext(
            rules=RULES,
            slots=self.slots,
            clock=Clock(self.scenario.preparation_ticks, self.scenario.ticks),
            payment=PAYMENTS[self.scenario.reward],
            push=drive(RULES),
            tables=make_sight_tables(),
            layout=self.layout,
            state=self.state,
            seen=self.seen,
            actions=self.actions,
            forces=np.zeros((self.worlds, self.slots.agents, 3)),
            reward=self.reward,
            hidden=self.hidden,
            task=None if self.scenario.task == HIDE_AND_SEEK else self.scenario.task,
            memory=np.zeros((self.worlds, MEMORY)),
        )

    @property
    def terminated(self) -> np.ndarray:
        """bool [world]: its task is done. It may be played on, but nothing is paid any more."""
        return self.state.task_done

    @property
    def ended(self) -> np.ndarray:
        """bool [world]: the episode has run its ticks, or its task is done; it is the caller who resets."""
        return (self.state.tick >= self.scenario.ticks) | self.state.task_done

    def reset(self, seeds: np.ndarray, worlds: np.ndarray | None = None) -> None:
        """Starts new episodes in the chosen worlds (all by default), one seed (uint64) each."""
        chosen = self._chosen(worlds)
        seeds = np.asarray(seeds, np.uint64)
        if seeds.shape != chosen.shape:
            raise ValueError(f"{len(chosen)} worlds need {len(chosen)} seeds, not {seeds.shape}")
        self.scenario.place(seeds, chosen, self.layout, self.state)
        self._enter(chosen)

    def restore(self, layout: Layout, state: State, worlds: np.ndarray | None = None) -> None:
        """Goes on from a snapshot in the chosen worlds (all by default); two restores have one future.

        Chipmunk's cached contacts are not part of a State, so the future may differ in small things from
        that of the game the snapshot was taken from.
        """
        chosen = self._chosen(worlds)
        put(self.layout, chosen, layout)
        put(self.state, chosen, state)
        self._enter(chosen)

    def snapshot(self, worlds: np.ndarray | None = None) -> tuple[Layout, State]:
        """Copies of the chosen worlds (all by default), for `restore`."""
        chosen = self._chosen(worlds)
        return take(self.layout, chosen), take(self.state, chosen)

    def tick(self, actions: np.ndarray) -> None:
        """Advances every world by one tick; `actions` is int [world, agent, 3] (move, turn, hands)."""
        self.actions[...] = actions
        if "lock" in self.without:
            self.actions[..., 2][self.actions[..., 2] == LOCK] = KEEP
        if "grab" in self.without:
            self.actions[..., 2][self.actions[..., 2] == GRAB] = KEEP
        others = [self._threads.submit(self._tick_part, part) for part in self._parts[1:]] if self._threads else []
        self._tick_part(self._parts[0])
        for other in others:
            other.result()

    def _tick_part(self, worlds: np.ndarray) -> None:
        self._stepper.tick(self._context, self.observation, self.global_state, worlds)

    def _chosen(self, worlds: np.ndarray | None) -> np.ndarray:
        return np.arange(self.worlds) if worlds is None else np.array(worlds, np.int64)

    def _enter(self, chosen: np.ndarray) -> None:
        """After Layout and State were written: takes tools away, puts what cannot be right, fills the spaces, shows."""
        boxes = self.slots.boxes
        if "boxes" in self.without:
            self.layout.thing_exists[chosen, :boxes] = False
        if "ramps" in self.without:
            self.layout.thing_exists[chosen, boxes:] = False
        if "pushing" in self.without:
            self.state.lock[chosen] = np.where(self.layout.thing_exists[chosen], FIXED_BY_NOBODY, 0)
        _make_possible(self.slots, self.layout, self.state, chosen)
        self._stepper.enter(self._context, self.observation, self.global_state, chosen)


def _make_possible(slots: Slots, layout: Layout, state: State, worlds: np.ndarray) -> None:
    """What is locked stands still, unless it drifts, nobody holds what is locked or not there, and nobody is on the
    upper level of a scenario that has no ramps, whatever was written.
    """
    if slots.ramps == 0:
        state.level[worlds] = FLOOR
    if slots.things == 0:
        state.held[worlds], state.hold[worlds] = FREE, 0.0
        return
    fixed = state.lock[worlds] != 0
    stands = fixed & (state.lock[worlds] != DRIFTING)
    for column in (VX, VY, SPIN):
        state.things[worlds, :, column] = np.where(stands, 0.0, state.things[worlds, :, column])
    held = state.held[worlds]
    holdable = np.take_along_axis(layout.thing_exists[worlds] & ~fixed, np.maximum(held, 0).astype(int), axis=1)
    drops = (held != FREE) & ~holdable
    state.held[worlds] = np.where(drops, FREE, held)
    state.hold[worlds] = np.where(drops[..., None], 0.0, state.hold[worlds])
