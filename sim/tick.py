"""One tick of N worlds, compiled: the only place where the order of the rules is written.

    hands -> physics -> climb -> sight -> reward -> observe

The chosen actions take effect on what the agents were last shown. Worlds never touch each other, so neither
the number of threads nor a world's slot changes a bit of its future. A tick is two kernels, so that two processes can
compile them side by side.
"""

import math
from typing import NamedTuple

import numpy as np

from sim.climb import climb
from sim.global_state import write_global_state
from sim.hands import use_hands
from sim.jit import compiled
from sim.layout import Layout, Slots
from sim.observe import Clock, ObservationContext, observe
from sim.physics.drive import Drive
from sim.physics.following import follow_state
from sim.physics.moving import advance, keep_out_of_walls, read_back
from sim.physics.spaces import place
from sim.reward import compute_reward, out_of_bounds_penalty
from sim.rules import KEEP, KEEP_HEADING, STILL, TURN_LEFT, Rules
from sim.sight import SightContext, SightTables, Visibility, blindfold, look_around
from sim.state import State
from sim.tasks.pay import pay_task, restrain


class TickContext(NamedTuple):
    """Everything a kernel needs; the arrays are the game's own."""

    rules: Rules
    slots: Slots
    clock: Clock
    payment: int
    push: Drive
    tables: SightTables
    layout: Layout
    state: State
    seen: Visibility
    actions: np.ndarray
    forces: np.ndarray
    reward: np.ndarray
    hidden: np.ndarray
    task: int | None
    """None in hide-and-seek: numba then leaves out what only tasks need, which is a quarter of all code."""
    memory: np.ndarray


@compiled
def _choose(context, w):
    """Turns the actions of one world into hands and forces; in preparation seekers' count as still and keep."""
    slots, state, actions, push = context.slots, context.state, context.actions, context.push
    if state.tick[w] < context.clock.preparation_ticks:
        for agent in range(slots.hiders, slots.hiders + slots.seekers):
            actions[w, agent, 0], actions[w, agent, 1], actions[w, agent, 2] = STILL, KEEP_HEADING, KEEP
    restrain(context.task, context, w)
    use_hands(context.rules, slots, context.layout, state, context.seen, actions, w)
    for agent in range(slots.hiders + slots.seekers):
        move, turn = actions[w, agent, 0], actions[w, agent, 1]
        angle = (move - 1) * (math.pi / 4.0)
        force = 0.0 if move == STILL else push.force_n
        context.forces[w, agent, 0] = force * math.cos(angle)
        context.forces[w, agent, 1] = force * math.sin(angle)
        sign = 0.0 if turn == KEEP_HEADING else (1.0 if turn == TURN_LEFT else -1.0)
        context.forces[w, agent, 2] = sign * push.torque_nm


@compiled
def _move(c, spaces, context, w):
    """Physics of one tick."""
    rules, layout, state = context.rules, context.layout, context.state
    follow_state(c, spaces, rules, layout, state, w)
    advance(c, spaces, rules, context.push, layout, context.forces, w)
    read_back(c, spaces, rules, context.push, state, w)
    keep_out_of_walls(c, spaces, rules, layout, state, w)


@compiled
def _pass_time(context, w):
    """After physics: agents climb and come down, and the tick counts."""
    if context.slots.ramps > 0:
        climb(context.rules, context.slots, context.layout, context.state, w)
    context.state.tick[w] += 1


@compiled
def _show(context, observation, global_state, w):
    """Sight, then the observations and the global state. In preparation seekers are shown nothing."""
    state, seen, slots = context.state, context.seen, context.slots
    look_around(SightContext(context.tables, slots, context.layout, state, seen), w)
    if state.tick[w] < context.clock.preparation_ticks:
        blindfold(slots, seen, w)
    observed = ObservationContext(context.rules, slots, context.clock, context.layout, state, seen)
    observe(observed, w, observation)
    write_global_state(observed, w, global_state)


@compiled
def _pay(context, w, in_play):
    compute_reward(context, w, in_play)
    if in_play and context.layout.out_of_bounds_margin_m[w] > 0.0:
        out_of_bounds_penalty(context.layout, context.state, context.reward, w)
    pay_task(context.task, context, w, in_play)


@compiled
def move_worlds(c, spaces, context, worlds, entered):
    """The first half of a tick; where worlds were just entered, their spaces are filled instead and nothing moves."""
    for w in worlds:
        if entered:
            place(c, spaces, context.rules, context.push, context.layout, context.state, w)
        else:
            _choose(context, w)
            _move(c, spaces, context, w)
            _pass_time(context, w)


@compiled
def show_worlds(context, observation, global_state, worlds, entered):
    """The second half; where worlds were just entered, nothing is paid."""
    for w in worlds:
        _show(context, observation, global_state, w)
        _pay(context, w, not entered and context.state.tick[w] > context.clock.preparation_ticks)


@compiled
def choose_worlds(context, worlds):
    """What comes before physics, for a stepper that moves the worlds itself."""
    for w in worlds:
        _choose(context, w)


@compiled
def pass_time_in_worlds(context, worlds):
    """What comes after physics, for the same."""
    for w in worlds:
        _pass_time(context, w)
