"""The random numbers of a run: each stream follows from the run's seed, the number of the update and a purpose.

`SeedSequence` pads with zeros, so the entropy [seed, side] of a side's first networks is that of the stream `OPPONENTS`
of update `side`. That does no harm: the networks' generator takes one word of it as the seed of another algorithm. And
to change it would change what every seed means.
"""

from collections.abc import Sequence
from enum import IntEnum

import numpy as np
import torch


class Stream(IntEnum):
    """What the random numbers of an update are for; the values are part of what a seed means."""

    OPPONENTS = 0
    """Which past selves to keep and to meet."""
    ACTIONS_AND_MINIBATCHES = 1
    """Seeds for the generators of slots and learners."""
    VISITED_STATES = 2
    GOALS = 3
    REGRET = 4


def stream_entropy(seed: int, update: int, stream: Stream) -> list[int]:
    """What `SeedSequence` makes a stream of."""
    return [seed, update, int(stream)]


def first_networks_entropy(seed: int, side: int) -> list[int]:
    """For the networks with which a side begins."""
    return [seed, side]


def restart_entropy(seed: int, side: int, update: int) -> list[int]:
    """For the networks with which a side starts over before an update."""
    return [seed, side, update]


def random_words(entropy: list[int], count: int) -> np.ndarray:
    """uint64 [count] random words that follow from the given numbers."""
    return np.random.SeedSequence(entropy).generate_state(count, np.uint64)


def seed_generators(generators: Sequence[torch.Generator], entropy: list[int], first: int = 0) -> None:
    """Seeds generators with the words of an entropy, from the word with number `first` on."""
    words = random_words(entropy, first + len(generators))[first:]
    for generator, word in zip(generators, words, strict=True):
        generator.manual_seed(int(word))
