"""Which tasks can be done, and in which worlds one is: for people. The game itself only asks whether an episode ends.

A blueprint ends its episode when it is built. Where things are to be locked the episode goes on, and so does the pay:
done is what the pay of a tick is for. Food and shelter are never done, and in object counting there is nothing to do.
"""

import numpy as np

from sim.state import State
from sim.tasks.kinds import BLUEPRINT, LOCK_AND_RETURN, SEQUENTIAL_LOCK
from sim.tasks.locking import HOME_M, NO_TARGET, TARGET, TO_TARGET

_LOCKING = (LOCK_AND_RETURN, SEQUENTIAL_LOCK)
CAN_BE_DONE = (*_LOCKING, BLUEPRINT)


def is_done(task: int, state: State, memory: np.ndarray) -> np.ndarray:
    """bool [world]: the task is done as things stand: all is built, or all is locked and the agent is home.

    Args:
        task: `Scenario.task`.
        state: of the worlds, after a tick.
        memory: float64 [world, 3], what `sim.tasks.locking` remembers of that tick.
    """
    if task in _LOCKING:
        return (memory[:, TARGET] == NO_TARGET) & (memory[:, TO_TARGET] <= HOME_M)
    return state.task_done.copy()
