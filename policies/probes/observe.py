"""What hiders do in an episode, as numbers: habits, mean reward, and skills that serve any goal.

Habits are the strategies that hiders have of their own (1 in an episode that shows one, else 0), and three rates:

locks      things that hiders lock, a second
locked     the share of things that are locked by hiders at the end
together   the share of moments at which all hiders are within `TOGETHER_M` of each other

Three skills, each counted as successes of tries; all three were fixed before any team was looked at:

grab     of the tries with empty hands and something to take within reach, those that end with it in hand
move     of the ticks in which a hider with empty hands wants to move, those in which it comes `HEADWAY_M` further
arrive   one try an episode: 1 when a hider is in reach of a door or a thing at once, falling to 0 at the last tick of a
         training episode
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from policies.evaluation.stages import Played
from replays.strategies.catalogue import by_name, flags
from sim.climb import FLOOR
from sim.rules import GRAB, RULES, STILL
from sim.state import ANGLE, FIXED_BY_NOBODY, FREE, HIDERS_LOCK, SEEKERS_LOCK, X, Y

HEADWAY_M = 0.25 * RULES.free_speed_mps * RULES.tick_s
"""A quarter of the way of a free agent in a tick: one that starts from rest covers more, one that is blocked less."""

TOGETHER_M = 1.0

STRATEGIES = (
    *("carry", "lock", "door_blocked", "sealed", "fort", "shelter", "cooperation"),
    *("evade", "shield", "ramp_theft", "ramp_denied", "surf_denied"),
)
"""The strategies of hiders; the others are the seekers' or both teams'."""

HABITS = {name: by_name(name).title for name in STRATEGIES} | {
    "locks": "Locks a second",
    "locked": "Locked at the end",
    "together": "Close together",
}
"""All habits, with their titles."""

SKILLS = ("grab", "move", "arrive")


class Observed(NamedTuple):
    """N episodes, in order."""

    habits: dict[str, np.ndarray]
    """float64 [episode] by name, of HABITS."""
    mean_reward: np.ndarray
    """float64 [episode]: reward, mean over hiders and play ticks; 1 is hidden all the time."""
    skills: dict[str, np.ndarray]
    """float64 [episode, 2] by name, of SKILLS: successes and tries."""
    critic_gap: np.ndarray | None = None
    """float64 [episode]: the critic's value of the start minus the discounted return; None without a critic."""


def observe(played: Played, training_ticks: int) -> Observed:
    """The numbers of episodes that were played; `training_ticks` is how long an episode of training is."""
    trace = played.trace
    shown = flags({name: by_name(name).find(trace) for name in STRATEGIES}, trace.worlds)
    return Observed(
        {name: shown[name].astype(float) for name in STRATEGIES} | _rates(played),
        played.mean_reward(),
        {"grab": _grabs(played), "move": _moves(played), "arrive": _arrivals(played, training_ticks)},
    )


def joined(parts: Sequence[Observed]) -> Observed:
    """The episodes of all parts."""
    habits = {name: np.concatenate([part.habits[name] for part in parts]) for name in HABITS}
    skills = {name: np.concatenate([part.skills[name] for part in parts]) for name in SKILLS}
    gaps = [part.critic_gap for part in parts if part.critic_gap is not None]
    mean_reward, known = np.concatenate([part.mean_reward for part in parts]), len(gaps) == len(parts)
    return Observed(habits, mean_reward, skills, np.concatenate(gaps) if known else None)


def _rates(played: Played) -> dict[str, np.ndarray]:
    trace, hiders = played.trace, played.trace.slots.hiders
    locked, exist = trace.states.lock == HIDERS_LOCK, trace.layout.thing_exists
    places = trace.states.agents[:, :, :hiders, [X, Y]]
    apart = np.linalg.norm(places[:, :, :, None] - places[:, :, None], axis=-1)
    pair = trace.layout.agent_exists[:, :hiders, None] & trace.layout.agent_exists[:, None, :hiders]
    return {
        "locks": (locked[1:] & ~locked[:-1]).sum(axis=(0, 2)) / (trace.ticks * RULES.tick_s),
        "locked": (locked[-1] & exist).sum(axis=1) / np.maximum(exist.sum(axis=1), 1),
        "together": ((apart <= TOGETHER_M) | ~pair).all(axis=(2, 3)).mean(axis=0),
    }


def _grabs(played: Played) -> np.ndarray:
    states, hiders = played.trace.states, played.trace.slots.hiders
    held = states.held[:, :, :hiders]
    takeable = played.trace.layout.thing_exists & (states.lock != SEEKERS_LOCK) & (states.lock != FIXED_BY_NOBODY)
    near = (_gaps_to_things(played) <= RULES.reach_m) & takeable[:, :, None]
    tries = (played.actions[:, :, :hiders, 2] == GRAB) & (held[:-1] == FREE) & near.any(axis=-1)[:-1]
    return _counted(tries & (held[1:] != FREE), tries)


def _moves(played: Played) -> np.ndarray:
    states, hiders = played.trace.states, played.trace.slots.hiders
    free = (states.held[:-1, :, :hiders] == FREE) & (states.level[:-1, :, :hiders] == FLOOR)
    tries = (played.actions[:, :, :hiders, 0] != STILL) & free & played.trace.layout.agent_exists[:, :hiders]
    travelled = np.linalg.norm(np.diff(states.agents[:, :, :hiders, [X, Y]], axis=0), axis=-1)
    return _counted(tries & (travelled >= HEADWAY_M), tries)


def _arrivals(played: Played, training_ticks: int) -> np.ndarray:
    layout, hiders = played.trace.layout, played.trace.slots.hiders
    things = (_gaps_to_things(played) <= RULES.reach_m) & layout.thing_exists[:, None]
    corners = layout.doors.reshape(*layout.doors.shape[:-1], 2, 2)
    doors = np.concatenate([corners.mean(axis=-2), np.zeros((*corners.shape[:2], 1))], axis=-1)
    gaps = _gaps(played.trace.states.agents[:, :, :hiders], doors, 0.5 * np.diff(corners, axis=-2)[..., 0, :])
    near = np.concatenate([things, (gaps <= RULES.reach_m) & layout.door_exists[:, None]], axis=-1)
    there = (near & layout.agent_exists[:, :hiders, None]).any(axis=(2, 3))
    first = np.where(there.any(axis=0), there.argmax(axis=0), training_ticks)
    return np.stack([1.0 - np.minimum(first / training_ticks, 1.0), np.ones(len(first))], axis=1)


def _gaps_to_things(played: Played) -> np.ndarray:
    """float64 [moment, world, hider, thing]: metres from a hider's skin to a thing's surface."""
    states, hiders = played.trace.states, played.trace.slots.hiders
    return _gaps(states.agents[:, :, :hiders], states.things, played.trace.layout.thing_half)


def _gaps(agents: np.ndarray, poses: np.ndarray, halves: np.ndarray) -> np.ndarray:
    """float64 [moment, world, agent, rectangle], of agents [moment, world, agent, 6] and poses [..., rectangle, 3+]."""
    away = agents[..., :, None, [X, Y]] - poses[..., None, :, [X, Y]]
    cos, sin = np.cos(poses[..., None, :, ANGLE]), np.sin(poses[..., None, :, ANGLE])
    along, across = cos * away[..., X] + sin * away[..., Y], cos * away[..., Y] - sin * away[..., X]
    half = halves[..., None, :, :]
    outside = np.hypot(np.maximum(np.abs(along) - half[..., 0], 0.0), np.maximum(np.abs(across) - half[..., 1], 0.0))
    return outside - RULES.agent_radius_m


def _counted(successes: np.ndarray, tries: np.ndarray) -> np.ndarray:
    """float64 [episode, 2] of flags [tick, episode, hider]."""
    return np.stack([successes.sum(axis=(0, 2)), tries.sum(axis=(0, 2))], axis=1).astype(float)
