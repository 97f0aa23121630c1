"""The reward of hide-and-seek: sight, and nothing else.

In each play tick a hider gets +1 if no seeker sees it and a seeker +1 if it sees a hider, else -1. Paid as a team (the
default), hiders get +1 only if none of them is seen, and seekers the opposite. Where a world has an out-of-bounds
margin, an agent in it gets OUT_OF_BOUNDS_REWARD instead.
"""

from sim.fill import clear_row
from sim.jit import compiled
from sim.state import X, Y

TEAM, INDIVIDUAL, TEAM_MEAN = range(3)
PAYMENTS = {"team": TEAM, "individual": INDIVIDUAL, "team_mean": TEAM_MEAN}

OUT_OF_BOUNDS_REWARD = -10.0
"""What an agent that is out of bounds gets each tick, and nothing else; as in the original (`RestrictAgentsRect`)."""


@compiled
def _individual(slots, exists, seen, reward, w):
    """Pays each agent by itself; True if no hider is seen."""
    hidden = True
    for agent in range(slots.hiders + slots.seekers):
        reward[w, agent] = (1.0 if agent < slots.hiders else -1.0) if exists[w, agent] else 0.0
    for hider in range(slots.hiders):
        for seeker in range(slots.hiders, slots.hiders + slots.seekers):
            if seen.agents[w, seeker, hider]:
                hidden = False
                reward[w, hider], reward[w, seeker] = -1.0, 1.0
    return hidden


@compiled
def _pay_mean(reward, exists, w, first, last):
    """Gives every agent of first..last-1 the mean of what they got."""
    total, count = 0.0, 0
    for agent in range(first, last):
        total += reward[w, agent]
        count += exists[w, agent]
    for agent in range(first, last):
        if exists[w, agent]:
            reward[w, agent] = total / count


@compiled
def compute_reward(context, w, in_play):
    """Fills one world of `context.reward` and `context.hidden`; outside play nothing is paid."""
    slots, exists, reward, hidden = context.slots, context.layout.agent_exists, context.reward, context.hidden
    hidden[w] = _individual(slots, exists, context.seen, reward, w)
    if not in_play:
        clear_row(reward[w])
    elif context.payment == TEAM:
        for agent in range(slots.hiders + slots.seekers):
            if exists[w, agent]:
                reward[w, agent] = 1.0 if hidden[w] == (agent < slots.hiders) else -1.0
    elif context.payment == TEAM_MEAN:
        _pay_mean(reward, exists, w, 0, slots.hiders)
        _pay_mean(reward, exists, w, slots.hiders, slots.hiders + slots.seekers)


@compiled
def out_of_bounds_penalty(layout, state, reward, w):
    """Pays the penalty, and nothing else, to agents whose centres are in the out-of-bounds margin."""
    low, high = layout.out_of_bounds_margin_m[w], layout.floor[w] - layout.out_of_bounds_margin_m[w]
    for agent in range(layout.agent_exists.shape[1]):
        x, y = state.agents[w, agent, X], state.agents[w, agent, Y]
        if layout.agent_exists[w, agent] and (min(x, y) < low or max(x, y) > high):
            reward[w, agent] = OUT_OF_BOUNDS_REWARD


@compiled
def out_of_bounds_penalties(layout, state, reward, worlds):
    """`out_of_bounds_penalty` in those of some worlds that have a margin."""
    for w in worlds:
        if layout.out_of_bounds_margin_m[w] > 0.0:
            out_of_bounds_penalty(layout, state, reward, w)
