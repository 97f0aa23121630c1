"""No lock: the action does nothing, for both teams."""

from sim.shifts.shift import Shift

SHIFT = Shift("no-lock", "locking does nothing", without=("lock",))
