"""Random numbers of episodes that are to be shifted or not."""

from sim.jit import compiled
from sim.rng import uniform


@compiled
def draw(random, draws):
    """Fills `draws` with one number in [0, 1) of each generator."""
    for k in range(len(random)):
        draws[k] = uniform(random, k, 0.0, 1.0)
