"""Food: hiders eat what they are close to and see, as long as no seeker sees any of them.

The numbers are those that the original's hide-and-seek environment takes for food (`wrappers/food.py`): food of 40
bites that can be eaten within 0.5 m, centre to centre, and grows again 5 ticks after its last bite. In every tick each
hider takes one bite of all food that it can eat; of the last bites each gets an equal part. A bite pays 1, shared
equally by the team, on top of what sight pays. Hiders do not eat during preparation. The original takes sight
from before the tick, this game from after it.
"""

import math

from sim.jit import compiled
from sim.state import BARE, BITES, X, Y

MOST_BITES = 40
EATING_M = 0.5
REGROWING_TICKS = 5


@compiled
def _eaters(slots, layout, state, seen, food, w):
    """How many hiders can eat of some food now."""
    count = 0
    for hider in range(slots.hiders):
        if layout.agent_exists[w, hider] and seen.food[w, hider, food]:
            dx = layout.food[w, food, X] - state.agents[w, hider, X]
            dy = layout.food[w, food, Y] - state.agents[w, hider, Y]
            count += math.sqrt(dx * dx + dy * dy) < EATING_M
    return count


@compiled
def _regrow(state, food, w):
    """Counts the ticks since food was eaten up, until it has grown again."""
    if state.food[w, food, BARE] == REGROWING_TICKS:
        state.food[w, food, BITES] = MOST_BITES
    state.food[w, food, BARE] = state.food[w, food, BARE] + 1.0 if state.food[w, food, BITES] == 0.0 else 0.0


@compiled
def pay_eaters(slots, layout, state, seen, hidden, reward, w):
    """Lets the hiders of one world eat, adds their pay to `reward`, and lets food grow."""
    eaten, hiders = 0.0, 0
    for food in range(layout.food_exists.shape[1]):
        if layout.food_exists[w, food]:
            eaters = _eaters(slots, layout, state, seen, food, w) if hidden[w] else 0
            bites = min(float(eaters), state.food[w, food, BITES])
            state.food[w, food, BITES] -= bites
            eaten += bites
            _regrow(state, food, w)
    for hider in range(slots.hiders):
        hiders += layout.agent_exists[w, hider]
    for hider in range(slots.hiders):
        if layout.agent_exists[w, hider]:
            reward[w, hider] += eaten / hiders
