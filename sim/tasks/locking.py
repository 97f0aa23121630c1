"""Locking things in an order, and coming home: what the tests of memory and of using a tool pay.

As in the original (`envs/box_locking.py` with the numbers of `lock_and_return.jsonnet` and `sequential_lock.jsonnet`):
+5 for every thing locked and -5 for every thing unlocked; half of what the way to the next target shrinks, in metres,
as the crow flies; and +1 in every tick in which all is locked and, in a game with a home, the agent's centre is within
0.1 m of the home's. The next target is the first thing of `Layout.lock_order` that is not locked, then home. When one
is locked the rest of the way to it is paid as well; when one is unlocked, the way to the new target is charged.

Where the order counts (SEQUENTIAL_LOCK), only the next target can be locked. The original's lock takes everything
within reach and skips what is not yet due; here it takes one thing, so an agent has to be nearest to the right one.
"""

import math

from sim.hands import nearest_reachable
from sim.jit import compiled
from sim.rules import KEEP, LOCK
from sim.state import FREE, HIDERS_LOCK, X, Y

LOCK_PAY = 5.0
APPROACH_PAY = 0.5
"""For a metre."""
DONE_PAY = 1.0
HOME_M = 0.1

LOCKED, TARGET, TO_TARGET = range(3)
"""Columns of a game's memory of the last tick: how many things were locked, what was to be locked next (NO_TARGET for
nothing more), and how far the agent was from where it should go."""
MEMORY = 3
NO_TARGET = -1


@compiled
def next_target(layout, state, w):
    """The thing to be locked next, or NO_TARGET."""
    for turn in range(layout.lock_order.shape[1]):
        if state.lock[w, layout.lock_order[w, turn]] == 0:
            return int(layout.lock_order[w, turn])
    return NO_TARGET


@compiled
def _to_target(layout, state, target, w):
    """Metres from the agent to its target, or else to its home; 0 without either."""
    me = state.agents[w, 0]
    if target != NO_TARGET:
        x, y = state.things[w, target, X], state.things[w, target, Y]
    elif layout.sites.shape[1] > 0:
        x = 0.5 * (layout.sites[w, 0, 0] + layout.sites[w, 0, 2])
        y = 0.5 * (layout.sites[w, 0, 1] + layout.sites[w, 0, 3])
    else:
        return 0.0
    return math.sqrt((x - me[X]) * (x - me[X]) + (y - me[Y]) * (y - me[Y]))


@compiled
def _locked(layout, state, w):
    count = 0
    for turn in range(layout.lock_order.shape[1]):
        count += state.lock[w, layout.lock_order[w, turn]] == HIDERS_LOCK
    return count


@compiled
def pay_locker(layout, state, memory, reward, w, in_play):
    """Pays the only agent of one world for a tick, and remembers what the next tick needs."""
    old_target, old_way = int(memory[w, TARGET]), memory[w, TO_TARGET]
    locked, target = _locked(layout, state, w), next_target(layout, state, w)
    way = _to_target(layout, state, target, w)
    if in_play:
        paid = LOCK_PAY * (locked - memory[w, LOCKED])
        if target == old_target:
            paid += APPROACH_PAY * (old_way - way)
        elif old_target != NO_TARGET and state.lock[w, old_target] != 0:
            paid += APPROACH_PAY * old_way
        else:
            paid -= APPROACH_PAY * way
        if target == NO_TARGET and way <= HOME_M:
            paid += DONE_PAY
        reward[w, 0] = paid
    memory[w, LOCKED], memory[w, TARGET], memory[w, TO_TARGET] = locked, target, way


@compiled
def hold_locks_back(rules, layout, state, seen, actions, w):
    """Takes back locks of things that are not yet due."""
    due = next_target(layout, state, w)
    for agent in range(actions.shape[1]):
        if actions[w, agent, 2] == LOCK:
            thing = state.held[w, agent]
            if thing == FREE:
                thing = nearest_reachable(rules, layout, state, seen, w, agent)
            if thing != due:
                actions[w, agent, 2] = KEEP
