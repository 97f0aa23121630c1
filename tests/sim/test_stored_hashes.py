"""The same seed gives the same game as it did when these hashes were stored.

Worlds full of collisions amplify the last bit of a float, and other compilers and processors round that bit
differently. So the hashes hold for Linux on x86-64 alone, and are made of numbers rounded to nine digits: the C library
there chooses its sine and cosine by the processor. A change of the rules on purpose changes them; print the new ones
with `python -m tests.sim.test_stored_hashes`.
"""

import hashlib
import platform

import numpy as np
import pytest

from sim.rules import ACTION_SIZES
from tests.games import started

WORLDS = 6
MARKS = (0, 16, 60)
"""Ticks played when the game is hashed; each hash covers everything up to its tick."""

HASHES = {
    "quadrant": ("e21c86fcf1686c3e", "9097b5ce1a55d5dd", "da340779ac84fe46"),
    "quadrant-ramp": ("f3799aa1ee8c9479", "a6cbfebb29d057c0", "3cf8de230a4ed224"),
    "rooms": ("7c64be5cd47a7682", "5f07584e759dce8b", "a12de8c7023d0b54"),
    "open_field": ("9667d41c37823cf0", "42776ba1c2190417", "852cb42b11280570"),
    "food": ("98eb4f6159423b55", "24c3ea954de3cb07", "e04b3dc3b347f4df"),
    "sequential_lock": ("40489a37f0def003", "368073b158007e20", "a7c6978c75a118cc"),
}


def hashes_of(text):
    """The hashes of one scenario at the MARKS, with fixed random actions."""
    game, generator = started(text, WORLDS, 12), np.random.default_rng(12)
    digest, found = hashlib.sha256(), []
    for tick in range(MARKS[-1] + 1):
        if tick > 0:
            shape = (WORLDS, game.slots.agents)
            game.tick(np.stack([generator.integers(0, size, shape) for size in ACTION_SIZES], -1).astype(np.int8))
        for field in (*game.layout, *game.state, game.observation, game.global_state, game.reward):
            digest.update(np.rint(field * 1e9).astype(np.int64).tobytes())
        if tick in MARKS:
            found.append(digest.hexdigest()[:16])
    return tuple(found)


@pytest.mark.skipif(
    (platform.system(), platform.machine()) != ("Linux", "x86_64"), reason="hashes hold for Linux on x86-64"
)
@pytest.mark.parametrize("text", HASHES)
def test_a_seed_gives_the_game_it_always_gave(text):
    assert hashes_of(text) == HASHES[text]


if __name__ == "__main__":
    for name in HASHES:
        print(f'    "{name}": {hashes_of(name)},')
