"""Which episodes of a seed are for what, so that training never meets a start that a team is judged by.

Episode i of a seed starts as `sim.rng.episode_seeds` says. Evaluation counts from 0; training and the recordings of a
run begin at numbers so high that none of the three reaches the episodes of another.
"""

import numpy as np

from sim.rng import episode_seeds

FIRST_TRAINED = 2**40
"""Training plays the episodes from here on."""
RECORDED = 2**41
"""The episode that every checkpoint of a run is recorded in: a run's recordings show one world, played better."""


def training_seeds(seed: int, update: int, worlds: int) -> np.ndarray:
    """uint64 [worlds]: the starts of an update, one in each world."""
    return episode_seeds(seed, FIRST_TRAINED + update * worlds, worlds)


def recorded_seed(seed: int) -> int:
    """The start of a run's recordings."""
    return int(episode_seeds(seed, RECORDED, 1)[0])
