"""Random numbers inside kernels: splitmix64 (Steele, Lea and Flood 2014), one 64-bit word of state per world.

A world's start depends on its seed alone, so a generator must be as cheap to start as to draw from; numpy's
take microseconds to seed and cannot be made inside a kernel.
"""

import numpy as np

from sim.jit import compiled

_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


@compiled
def next_bits(generator, w):
    """Advances `generator[w]` (uint64) and returns 64 random bits."""
    generator[w] += _GAMMA
    bits = generator[w]
    bits = (bits ^ (bits >> np.uint64(30))) * _MIX_1
    bits = (bits ^ (bits >> np.uint64(27))) * _MIX_2
    return bits ^ (bits >> np.uint64(31))


@compiled
def uniform(generator, w, low, high):
    """A float64 in [low, high)."""
    return low + (high - low) * (np.float64(next_bits(generator, w) >> np.uint64(11)) * 2.0**-53)


def episode_seeds(seed: int, first: int, count: int) -> np.ndarray:
    """uint64 [count]: the seeds of episodes first, first + 1, ... of the run with that seed.

    Episode i's seed depends on (seed, i) alone, so two teams evaluated with one seed meet the same starts.
    """
    words = np.random.SeedSequence(seed).generate_state(1, np.uint64)
    generator = words[0] + _MIX_1 * np.arange(first, first + count, dtype=np.uint64)
    generator ^= generator >> np.uint64(31)
    generator *= _MIX_2
    return generator ^ (generator >> np.uint64(29))
