"""Worlds played at random and against their walls, and how deep bodies get into those.

    python -m tests.sim.leaks --ticks 100000000 --processes 2

Rounds of a million ticks (a tick of one world each) take turns in four kinds of worlds, and follow from the seed and
the round's number alone: `--first 40` goes on after forty. Half of the episodes everybody acts at random, in the others
everybody runs to one corner, door or ramp, grabbing and locking on the way. A leak is a body that leaves the floor, is
deeper in a wall than a substep can bring it or still in it after a second, or comes out on a wall's other side.
`tests/sim/test_leaks.py` holds the measure against a slow one.
"""

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import NamedTuple

import numba
import numpy as np

from sim.climb import UPPER
from sim.game import Game
from sim.physics.walls import OUTER_WALLS
from sim.rng import episode_seeds
from sim.rules import ACTION_SIZES, RULES
from sim.scenario import scenario_from_text
from sim.state import ANGLE, X, Y

SCENARIOS = ("quadrant", "quadrant-two-ramps", "rooms", "open_field")
A_ROUND = 1_000_000
WORLDS = 512
TRAVEL = RULES.max_travel_m + RULES.collision_slop_m
"""How deep in metres a body may be at all."""
OLD = 10
"""Ticks after which a contact counts as old."""
SETTLED = 0.01
"""How deep an old contact may be in metres."""
_AIM_TICKS = 12
_FAR = 10.0


class Found(NamedTuple):
    """What was found in some ticks."""

    ticks: int
    deepest: float
    """In metres, of all contacts with walls."""
    settled: float
    """The same of those that are old."""
    leaks: int
    """Ticks of a world in which there was a leak."""
    upstairs: int
    """Ticks of agents on upper floors: 0 would mean that ramps were not tried."""

    def add(self, other: "Found") -> "Found":
        deepest, settled = max(self.deepest, other.deepest), max(self.settled, other.settled)
        return Found(
            self.ticks + other.ticks, deepest, settled, self.leaks + other.leaks, self.upstairs + other.upstairs
        )


def all_walls(game: Game) -> tuple[np.ndarray, np.ndarray]:
    """[world, wall, 4] with the floor's borders first, and whether each exists."""
    layout = game.layout
    side = layout.floor[:, None]
    low, high, zero = np.full_like(side, -_FAR), side + _FAR, np.zeros_like(side)
    borders = [(low, low, zero, high), (side, low, high, high), (low, low, high, zero), (low, side, high, high)]
    outer = np.stack([np.concatenate(border, 1) for border in borders], 1)
    exists = np.concatenate([np.ones(outer.shape[:2], bool), layout.wall_exists], 1)
    return np.concatenate([outer, layout.walls], 1), exists


@numba.njit(nogil=True)
def _disc_depth(x, y, wall):
    out_x, out_y = x - min(max(x, wall[0]), wall[2]), y - min(max(y, wall[1]), wall[3])
    away = np.hypot(out_x, out_y)
    inside = min(x - wall[0], wall[2] - x, y - wall[1], wall[3] - y)
    return RULES.agent_radius_m + (inside if away == 0.0 else -away)


@numba.njit(nogil=True)
def _box_depth(x, y, cos, sin, half, wall):
    """The least overlap over the four axes that may separate two rectangles."""
    dx, dy = 0.5 * (wall[0] + wall[2]) - x, 0.5 * (wall[1] + wall[3]) - y
    wide, high = 0.5 * (wall[2] - wall[0]), 0.5 * (wall[3] - wall[1])
    c, s = abs(cos), abs(sin)
    return min(
        c * half[0] + s * half[1] + wide - abs(dx),
        s * half[0] + c * half[1] + high - abs(dy),
        half[0] + c * wide + s * high - abs(cos * dx + sin * dy),
        half[1] + s * wide + c * high - abs(cos * dy - sin * dx),
    )


@numba.njit(nogil=True)
def _is_through(x, y, new_x, new_y, wall):
    """Whether a middle went across the middle line of a wall, away from its ends."""
    along, end = (0, RULES.agent_radius_m) if wall[2] - wall[0] >= wall[3] - wall[1] else (1, RULES.agent_radius_m)
    a, b, new_a, new_b = (x, y, new_x, new_y) if along == 0 else (y, x, new_y, new_x)
    middle = 0.5 * (wall[1 - along] + wall[3 - along])
    if (b - middle) * (new_b - middle) >= 0.0:
        return False
    at = a + (new_a - a) * (middle - b) / (new_b - b)
    return wall[along] + end < at < wall[along + 2] - end


@numba.njit(nogil=True)
def measure(walls, exists, layout, state, before, level_before, depth):
    """Fills `depth` [world, body, wall], agents before things, and returns how many bodies came through a wall.

    Inner walls are nothing to agents upstairs. `before` are the places [world, body, 2] of a tick ago.
    """
    agents, through = state.agents.shape[1], 0
    for w in range(walls.shape[0]):
        for body in range(depth.shape[1]):
            is_agent = body < agents
            thing = body - agents
            there = layout.agent_exists[w, body] if is_agent else layout.thing_exists[w, thing]
            upstairs = is_agent and state.level[w, body] == UPPER
            was_upstairs = is_agent and level_before[w, body] == UPPER
            pose = state.agents[w, body] if is_agent else state.things[w, thing]
            x, y, cos, sin = pose[X], pose[Y], np.cos(pose[ANGLE]), np.sin(pose[ANGLE])
            for wall in range(walls.shape[1]):
                depth[w, body, wall] = -1.0
                if not there or not exists[w, wall] or (upstairs and wall >= OUTER_WALLS):
                    continue
                if is_agent:
                    depth[w, body, wall] = _disc_depth(x, y, walls[w, wall])
                else:
                    depth[w, body, wall] = _box_depth(x, y, cos, sin, layout.thing_half[w, thing], walls[w, wall])
                old = before[w, body]
                if wall >= OUTER_WALLS and not was_upstairs and _is_through(old[0], old[1], x, y, walls[w, wall]):
                    through += 1
    return through


@numba.njit(nogil=True)
def _judge(depth, deep_since):
    """The deepest contact, the deepest old one, and in how many worlds one is too deep; counts ticks of contact."""
    deepest = settled = 0.0
    leaking = 0
    for w in range(depth.shape[0]):
        leak = False
        for body in range(depth.shape[1]):
            for wall in range(depth.shape[2]):
                deep = depth[w, body, wall]
                deep_since[w, body, wall] = deep_since[w, body, wall] + 1 if deep > 0.0 else 0
                deepest = max(deepest, deep)
                if deep_since[w, body, wall] >= OLD:
                    settled = max(settled, deep)
                    leak |= deep > SETTLED
                leak |= not deep <= TRAVEL
        leaking += leak
    return deepest, settled, leaking


def _places(game: Game) -> np.ndarray:
    return np.concatenate([game.state.agents[..., :2], game.state.things[..., :2]], 1)


def targets(generator: np.random.Generator, game: Game) -> np.ndarray:
    """[world, 1, 2]: for each world one corner of floor or walls, a door or a ramp that everybody is to push into."""
    layout, worlds, side = game.layout, game.worlds, game.layout.floor
    zero = np.zeros_like(side)
    floor = np.stack([np.stack(place, -1) for place in ((zero, zero), (side, zero), (zero, side), (side, side))], 1)
    doors = 0.5 * (layout.doors[..., :2] + layout.doors[..., 2:])
    ramps = game.state.things[:, game.slots.boxes :, :2]
    places = np.concatenate([floor, layout.walls[..., :2], layout.walls[..., 2:], doors, ramps], 1)
    # As many chances for each ramp as for all corners together.
    corners = 4 + 2 * layout.wall_exists.sum(1, keepdims=True)
    chances = [np.ones((worlds, 4)), layout.wall_exists, layout.wall_exists, layout.door_exists]
    chances.append(layout.thing_exists[:, game.slots.boxes :] * corners)
    up_to = np.cumsum(np.concatenate(chances, 1), 1)
    chosen = (generator.random((worlds, 1)) * up_to[:, -1:] < up_to).argmax(1)
    return places[np.arange(worlds), chosen][:, None]


def adversarial(generator: np.random.Generator, game: Game, aim: np.ndarray) -> np.ndarray:
    """Everybody runs to the aim, grabbing and locking as they go."""
    way = aim - game.state.agents[..., :2]
    move = 1 + np.round(np.arctan2(way[..., 1], way[..., 0]) / (np.pi / 4)).astype(int) % 8
    turn = generator.integers(0, 3, move.shape)
    hands = generator.choice([0, 0, 0, 1, 1, 2, 3], move.shape)
    return np.stack([move, turn, hands], -1)


def uniform(generator: np.random.Generator, game: Game) -> np.ndarray:
    """Everybody acts at random."""
    shape = (game.worlds, game.slots.agents)
    return np.stack([generator.integers(0, size, shape) for size in ACTION_SIZES], -1)


def look_for_leaks(text: str, ticks: int, worlds: int, seed: int = 0) -> Found:
    """Plays `ticks` ticks in all worlds of a scenario together."""
    game, generator = Game(scenario_from_text(text), worlds), np.random.default_rng(seed)
    found, episodes, walls, exists, aim = Found(0, 0.0, 0.0, 0, 0), 0, np.empty(0), np.empty(0), np.empty(0)
    depth = deep_since = np.empty(0)
    for tick in range(ticks // worlds):
        if tick == 0 or game.ended.all():
            game.reset(episode_seeds(seed, episodes, worlds))
            episodes += worlds
            walls, exists = all_walls(game)
            depth = np.zeros((worlds, game.slots.agents + game.slots.things, walls.shape[1]))
            deep_since = np.zeros(depth.shape, np.int32)
        if tick % _AIM_TICKS == 0:
            aim = targets(generator, game)
        before, level_before = _places(game), game.state.level.copy()
        attack = (tick // game.scenario.ticks) % 2
        game.tick(adversarial(generator, game, aim) if attack else uniform(generator, game))
        if not all(np.isfinite(field).all() for field in (game.state.agents, game.state.things, game.observation)):
            raise FloatingPointError(f"{text}, seed {seed}, tick {tick}: not all numbers are finite")
        through = measure(walls, exists, game.layout, game.state, before, level_before, depth)
        deepest, settled, leaking = _judge(depth, deep_since)
        upstairs = int((game.state.level == UPPER).sum())
        found = found.add(Found(worlds, deepest, settled, leaking + through, upstairs))
    return found


def play_round(number: int, ticks: int, seed: int) -> Found:
    """Round `number` of a series."""
    return look_for_leaks(SCENARIOS[number % len(SCENARIOS)], ticks, WORLDS, seed * 1_000_000 + number)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ticks", type=int, default=10 * A_ROUND, help="all together; whole rounds are played")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, metavar="ROUND", help="the first round to play")
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args()
    rounds = range(options.first, options.first + -(-options.ticks // A_ROUND))
    totals, begun = dict.fromkeys(SCENARIOS, Found(0, 0.0, 0.0, 0, 0)), time.monotonic()
    with ProcessPoolExecutor(options.processes) as executor:
        results = executor.map(partial(play_round, ticks=A_ROUND, seed=options.seed), rounds)
        for number, found in zip(rounds, results, strict=True):
            name = SCENARIOS[number % len(SCENARIOS)]
            totals[name] = totals[name].add(found)
            print(f"round {number}, {name}: {_in_words(found)}", flush=True)
    for name, found in totals.items():
        print(f"{name}: {_in_words(found)}")
    print(f"{sum(found.ticks for found in totals.values()):,} ticks in {time.monotonic() - begun:,.0f} s")
    sys.exit(any(found.leaks for found in totals.values()))


def _in_words(found: Found) -> str:
    depths = f"{1000 * found.deepest:.1f} mm at most, {1000 * found.settled:.1f} mm after {OLD} ticks"
    return f"{found.ticks:,} ticks, {depths}, {found.leaks} leaks, {found.upstairs:,} ticks upstairs"


if __name__ == "__main__":
    main()
