"""The games beside hide-and-seek; `Scenario.task` is one of these.

The ability tests are those of the original (Baker et al. 2019, section 6.2): hiders alone play,
and are paid for a job. `sim.tasks.pay` says which module pays which game.
"""

HIDE_AND_SEEK, FOOD, LOCK_AND_RETURN, SEQUENTIAL_LOCK, BLUEPRINT, SHELTER, OBJECT_COUNTING = range(7)
"""HIDE_AND_SEEK is paid for sight alone, FOOD for sight and for what hiders eat, the rest for the test alone."""
