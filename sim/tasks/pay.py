"""The rewards and forbidden actions of games other than hide-and-seek."""

from sim.jit import compiled
from sim.rules import KEEP, KEEP_HEADING, STILL
from sim.tasks.blueprint import pay_builders
from sim.tasks.eating import pay_eaters
from sim.tasks.kinds import BLUEPRINT, FOOD, LOCK_AND_RETURN, OBJECT_COUNTING, SEQUENTIAL_LOCK, SHELTER
from sim.tasks.locking import hold_locks_back, pay_locker
from sim.tasks.shelter import pay_guards


@compiled
def restrain(task, context, w):
    """Takes back the actions of one world that its task forbids; `task` is None in hide-and-seek."""
    if task is None:
        return
    actions = context.actions
    if task == SEQUENTIAL_LOCK:
        hold_locks_back(context.rules, context.layout, context.state, context.seen, actions, w)
    elif task == OBJECT_COUNTING:
        for agent in range(actions.shape[1]):
            actions[w, agent, 0], actions[w, agent, 1], actions[w, agent, 2] = STILL, KEEP_HEADING, KEEP


@compiled
def pay_task(task, context, w, in_play):
    """Pays one world of a task; `context.reward` already holds what sight pays. `task` is None in hide-and-seek.

    Outside play, and once the task is done, nothing is paid; only `context.memory` (float64 [world, 3], see
    `sim.tasks.locking`) is brought up to date, so that it follows from the State alone.
    """
    if task is None:
        return
    slots, layout, state, reward = context.slots, context.layout, context.state, context.reward
    if task == FOOD:
        if in_play:
            pay_eaters(slots, layout, state, context.seen, context.hidden, reward, w)
        return
    for agent in range(reward.shape[1]):
        reward[w, agent] = 0.0
    in_play = in_play and not state.task_done[w]
    if task in (LOCK_AND_RETURN, SEQUENTIAL_LOCK):
        pay_locker(layout, state, context.memory, reward, w, in_play)
    elif task == BLUEPRINT and in_play:
        pay_builders(slots, layout, state, reward, w)
    elif task == SHELTER and in_play:
        pay_guards(slots, layout, state, context.seen, reward, w)
