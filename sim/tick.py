"""One tick of N worlds, compiled: the only place where the order of the rules is written.

    hands -> physics -> climb -> sight -> reward -> observe

The chosen actions take effect on what the agents were last shown. Worlds never touch each other, so neither
the number of threads nor a world's slot changes a bit of its future.
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
from sim.physics import compiled as physics
from sim.physics.compiled import Drive
from sim.reward import compute_reward, out_of_bounds_penalty
from sim.rules import KEEP, KEEP_HEADING, STILL, TURN_LEFT, Rules
from sim.sight import SightContext, SightTables, Visibility, look_around
from sim.state import State
from sim.tasks.kinds import HIDE_AND_SEEK
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
    forces: np.ndarray
    reward: np.ndarray
    hidden: np.ndarray
    task: int
    memory: np.ndarray


@compiled
def _choose(play, actions, w):
    """Turns the actions of one world into hands and forces; in preparation seekers' count as still and keep."""
    rules, slots, layout, state = play.rules, play.slots, play.layout, play.state
    if state.tick[w] < play.clock.preparation_ticks:
        for agent in range(slots.hiders, slots.hiders + slots.seekers):
            actions[w, agent, 0], actions[w, agent, 1], actions[w, agent, 2] = STILL, KEEP_HEADING, KEEP
    if play.task != HIDE_AND_SEEK:
        restrain(play.task, rules, layout, state, play.seen, actions, w)
    use_hands(rules, slots, layout, state, play.seen, actions, w)
    for agent in range(layout.agent_exists.shape[1]):
        move, turn = actions[w, agent, 0], actions[w, agent, 1]
        angle = (move - 1) * (math.pi / 4.0)
        force = 0.0 if move == STILL else play.push.force_n
        play.forces[w, agent, 0] = force * math.cos(angle)
        play.forces[w, agent, 1] = force * math.sin(angle)
        sign = 0.0 if turn == KEEP_HEADING else (1.0 if turn == TURN_LEFT else -1.0)
        play.forces[w, agent, 2] = sign * play.push.torque_nm


@compiled
def _show(play, observation, global_state, w):
    """Sight, then what each agent and the critic are told. In preparation seekers are shown nothing."""
    state, seen, slots = play.state, play.seen, play.slots
    look_around(SightContext(play.tables, slots, play.layout, state, seen), w)
    if state.tick[w] < play.clock.preparation_ticks:
        for seeker in range(slots.hiders, slots.hiders + slots.seekers):
            seen.agents[w, seeker] = False
            seen.things[w, seeker] = False
            seen.lidar[w, seeker] = 0.0
            seen.food[w, seeker] = False
    context = ObservationContext(play.rules, slots, play.clock, play.layout, state, seen)
    observe(context, w, observation)
    write_global_state(context, w, global_state)


@compiled
def _pay(play, w, in_play):
    slots, layout, state, seen = play.slots, play.layout, play.state, play.seen
    compute_reward(slots, play.payment, layout.agent_exists, seen, (play.reward, play.hidden), w, in_play)
    if in_play and layout.out_of_bounds_margin_m[w] > 0.0:
        out_of_bounds_penalty(layout, state, play.reward, w)
    if play.task != HIDE_AND_SEEK:
        pay_task(play.task, slots, layout, state, seen, play.hidden, play.memory, play.reward, w, in_play)


@compiled
def _settle(play, observation, global_state, w):
    """The end of a tick: agents climb and come down, time passes, everybody looks, sight is paid for."""
    if play.slots.ramps > 0:
        climb(play.rules, play.slots, play.layout, play.state, w)
    play.state.tick[w] += 1
    _show(play, observation, global_state, w)
    _pay(play, w, play.state.tick[w] > play.clock.preparation_ticks)


@compiled
def _move(c, spaces, play, w):
    """Physics of one tick."""
    physics.follow_state(c, spaces, play.rules, play.layout, play.state, w)
    physics.advance(c, spaces, play.rules, play.push, play.layout, play.forces, w)
    physics.read_back(c, spaces, play.rules, play.push, play.state, w)
    physics.keep_out_of_walls(c, spaces, play.rules, play.layout, play.state, w)


@compiled
def tick_worlds(c, spaces, play, actions, observation, global_state, first, last):
    """One tick of the worlds first..last-1."""
    for w in range(first, last):
        _choose(play, actions, w)
        _move(c, spaces, play, w)
        _settle(play, observation, global_state, w)


@compiled
def place_worlds(c, spaces, play, worlds):
    """Brings the chosen worlds' spaces in line with Layout and State."""
    for w in worlds:
        physics.place(c, spaces, play.rules, play.push, play.layout, play.state, w)


@compiled
def show_worlds(play, observation, global_state, worlds):
    """What is seen and told in the chosen worlds; nothing is paid."""
    for w in worlds:
        _show(play, observation, global_state, w)
        _pay(play, w, False)


@compiled
def choose_worlds(play, actions, first, last):
    """What comes before physics, for a stepper that moves the worlds itself."""
    for w in range(first, last):
        _choose(play, actions, w)


@compiled
def settle_worlds(play, observation, global_state, first, last):
    """And what comes after."""
    for w in range(first, last):
        _settle(play, observation, global_state, w)
