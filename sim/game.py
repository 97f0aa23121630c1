"""N worlds of one scenario, live: reset, tick, snapshot, restore.

The order of the rules within a tick is written in `sim/tick.py`; how bodies are moved, in `sim/physics/stepping.py`.
"""

import os
import threading
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from sim.checks import (
    array_to_fill,
    check_moment,
    check_scenario,
    checked_actions,
    checked_seeds,
    make_possible,
    whole_number,
    world_numbers,
)
from sim.climb import UPPER
from sim.layout import Layout, empty_layout
from sim.observe import Clock
from sim.physics.drive import drive
from sim.physics.stepping import make_stepper
from sim.reward import PAYMENTS
from sim.rules import ACTION_SIZES, RULES
from sim.same_game import difference
from sim.scenario import Scenario
from sim.schema import global_state_size, observation_size
from sim.shifts.shifted import shifts_of
from sim.sight import empty_visibility, make_sight_tables
from sim.state import State, empty_state, put, take
from sim.tasks.done import is_done
from sim.tasks.kinds import HIDE_AND_SEEK
from sim.tasks.locking import MEMORY
from sim.tick import TickContext
from sim.tools import check_tools, keep_hands_still, take_from_worlds


class Game:
    """N worlds of one scenario, live.

    `layout`, `state`, `seen`, `reward` [world, agent], `hidden` [world] (no hider is seen now) and `actions` (those
    that counted in the last tick) and `lock_before` (the locks before that tick; after `reset` and `restore`, those of
    the new state) are the game's own arrays: read them, write only through `reset` and `restore`.
    A copied or pickled game goes on from the tick it was at. Threads may share a game: of `tick`, `reset`, `restore`
    and `snapshot` each waits until no other thread is in one of them. The arrays are those of whichever came last.
    """

    def __init__(self, scenario: Scenario, worlds: int, threads: int = 1, without: Collection[str] = ()):
        """Builds the worlds; call `reset` before the first tick.

        `without` names tools (see `sim.tools.TOOLS`) taken away for an ablation.

        Raises:
            UserError: a tool is unknown.
            TypeError: `scenario` is no scenario.
            ValueError: `worlds` or `threads` is no whole number of 1 or more.
        """
        check_scenario(scenario)
        worlds, threads = whole_number("worlds", worlds), whole_number("threads", threads)
        check_tools(without)
        self._build(scenario, worlds, threads, without)

    def _build(self, scenario: Scenario, worlds: int, threads: int, without: Collection[str]) -> None:
        """Makes all that a pickled game makes anew; what else it has, a subclass gave it."""
        given = set(vars(self))
        self._scenario, self.slots, self.worlds = scenario, scenario.slots, worlds
        self._shifts = shifts_of(scenario)
        self.without = frozenset(without).union(*(shift.without for shift in self._shifts))
        agents, things = self.slots.agents, self.slots.things
        self.layout, self.state = empty_layout(worlds, self.slots), empty_state(worlds, self.slots)
        self.seen = empty_visibility(worlds, agents, things, food=self.slots.all_food)
        self.reward = np.zeros((worlds, agents), np.float32)
        self.hidden = np.ones(worlds, bool)
        self.actions = np.zeros((worlds, agents, len(ACTION_SIZES)), np.int8)
        self.lock_before = self.state.lock.copy()
        self._observation = np.zeros((worlds, agents, observation_size(self.slots)), np.float32)
        self._global_state = np.zeros((worlds, global_state_size(self.slots)), np.float32)
        self._context = self._kernel_view()
        self._stepper = make_stepper(self._context)
        self._one_at_a_time = threading.RLock()
        self._placed = np.zeros(worlds, bool)
        self._parts = np.array_split(np.arange(worlds), min(threads, worlds))
        self._threads: ThreadPoolExecutor | None = None
        self._process = 0
        self._built = {"_built", *vars(self)} - given

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
    def scenario(self) -> Scenario:
        """Whose starts `reset` places; may be set to another one that differs in nothing but its starts.

        Raises:
            TypeError: it is no scenario.
            ValueError: it differs in more.
        """
        return self._scenario

    @scenario.setter
    def scenario(self, scenario: Scenario) -> None:
        check_scenario(scenario)
        if differing := difference(self._scenario, scenario):
            raise ValueError(f"this game cannot go on with a scenario that has other {differing}; build another one")
        self._scenario = scenario

    @property
    def observation(self) -> np.ndarray:
        """float32 [world, agent, number], filled in place; may be set to another such array, which then is filled."""
        return self._observation

    @observation.setter
    def observation(self, array: np.ndarray) -> None:
        self._observation = array_to_fill("observation", array, self._observation.shape)

    @property
    def global_state(self) -> np.ndarray:
        """float32 [world, number], filled in place; may be set to another such array, which then is filled."""
        return self._global_state

    @global_state.setter
    def global_state(self, array: np.ndarray) -> None:
        self._global_state = array_to_fill("global_state", array, self._global_state.shape)

    @property
    def terminated(self) -> np.ndarray:
        """bool [world]: its task is done. It may be played on, but pays nothing any more."""
        return self.state.task_done

    @property
    def task_done(self) -> np.ndarray:
        """bool [world]: its task is done as things stand, whether that ends the episode or not; see `is_done`."""
        return is_done(self.scenario.task, self.state, self._context.memory)

    @property
    def ended(self) -> np.ndarray:
        """bool [world]: the episode has run its ticks, or its task is done; the caller resets it."""
        return (self.state.tick >= self.scenario.ticks) | self.state.task_done

    def reset(self, seeds: np.ndarray, worlds: ArrayLike | None = None) -> None:
        """Starts new episodes in the chosen worlds (all by default), one seed (uint64) each.

        Raises:
            IndexError: a world does not exist.
            TypeError: a seed is no whole number.
            ValueError: there are more or fewer seeds than worlds, or one is below 0 or does not fit into 64 bits.
        """
        chosen = self._chosen(worlds)
        seeds = checked_seeds(seeds, len(chosen))
        with self._one_at_a_time:
            self.scenario.place(seeds, chosen, self.layout, self.state)
            self._enter(chosen)

    def restore(self, layout: Layout, state: State, worlds: ArrayLike | None = None) -> None:
        """Goes on from a snapshot in the chosen worlds (all by default); two restores have one future.

        Chipmunk's cached contacts are not part of a State, so the future may differ in small things from
        that of the game the snapshot was taken from.

        Raises:
            IndexError: a world does not exist.
            TypeError: they are no Layout and State.
            ValueError: a field has another shape or holds an impossible value; the game stays as it was.
        """
        chosen = self._chosen(worlds)
        with self._one_at_a_time:
            check_moment(self.slots, layout, state, (self.layout, self.state), chosen)
            put(self.layout, chosen, layout)
            put(self.state, chosen, state)
            self._enter(chosen)

    def snapshot(self, worlds: ArrayLike | None = None) -> tuple[Layout, State]:
        """Copies of the chosen worlds (all by default), for `restore`."""
        chosen = self._chosen(worlds)
        with self._one_at_a_time:
            return take(self.layout, chosen), take(self.state, chosen)

    def tick(self, actions: np.ndarray) -> None:
        """Advances every world by one tick; `actions` is int [world, agent, 3] (move, turn, hands).

        A world whose episode has ended plays on until it is reset.

        Raises:
            RuntimeError: a world was never reset or restored.
            ValueError: an action does not exist.
        """
        with self._one_at_a_time:
            if not self._placed.all():
                raise RuntimeError("call reset() or restore() for every world before tick()")
            self.actions[...] = checked_actions(actions, self.actions.shape)
            self._tick()

    def _tick(self) -> None:
        """Plays `self.actions`."""
        keep_hands_still(self.without, self.actions, self.state.level == UPPER)
        everywhere = np.arange(self.worlds)
        self._apply("act", everywhere)
        self.lock_before[...] = self.state.lock
        others = [self._pool().submit(self._tick_part, part) for part in self._parts[1:]]
        self._tick_part(self._parts[0])
        for other in others:
            other.result()
        self._apply("see", everywhere)
        self._apply("pay", everywhere)

    def _apply(self, hook: Literal["act", "see", "pay"], worlds: np.ndarray) -> None:
        """Lets the scenario's shifts do their part in some worlds (int)."""
        for shift in self._shifts:
            if change := getattr(shift, hook):
                change(self, worlds)

    def _pool(self) -> ThreadPoolExecutor:
        """The threads beside the caller's; new ones in a forked process, which has only the thread that forked."""
        if self._threads is None or self._process != os.getpid():
            self._threads = ThreadPoolExecutor(len(self._parts) - 1, "hideseek-world")
            self._process = os.getpid()
        return self._threads

    def _tick_part(self, worlds: np.ndarray) -> None:
        self._stepper.tick(self._context, self._observation, self._global_state, worlds)

    def _chosen(self, worlds: ArrayLike | None) -> np.ndarray:
        return np.arange(self.worlds) if worlds is None else world_numbers(worlds, self.worlds)

    def _enter(self, chosen: np.ndarray) -> None:
        """After Layout and State were written: takes tools away, corrects contradictions, fills spaces and arrays."""
        self._placed[chosen] = True
        take_from_worlds(self.without, self.slots, (self.layout, self.state), chosen)
        make_possible(self.slots, self.layout, self.state, chosen)
        self.lock_before[chosen] = self.state.lock[chosen]
        self._stepper.enter(self._context, self._observation, self._global_state, chosen)
        self._apply("see", chosen)

    def __getstate__(self) -> dict[str, Any]:
        with self._one_at_a_time:
            placed = np.flatnonzero(self._placed)
            return {
                "made": (self.scenario, self.worlds, len(self._parts), self.without),
                "placed": placed,
                "moment": self.snapshot(placed),
                "last": (self.actions.copy(), self.reward.copy(), self.lock_before.copy()),
                "given": {name: value for name, value in vars(self).items() if name not in self._built},
            }

    def __setstate__(self, kept: dict[str, Any]) -> None:
        self._build(*kept["made"])
        self.restore(*kept["moment"], worlds=kept["placed"])
        self.actions[...], self.reward[...], self.lock_before[...] = kept["last"]
        vars(self).update(kept["given"])
