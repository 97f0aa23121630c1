"""Scripted teams: the floor and the ceiling that learned ones are measured against.

`random` and `idle` know nothing; the others read the whole State. Each plays all worlds of a game in one call of a
compiled kernel, or two.
"""

import numpy as np

from policies.scripted.builder import BuilderOptions, Plans, build, no_plans
from policies.scripted.chaser import chase
from policies.scripted.climber import climb_over
from policies.scripted.evader import evade
from policies.scripted.hauling import Jobs, blueprint_jobs, shelter_jobs
from policies.scripted.pathfinding import Scratch, scratch, scratch_fits
from policies.scripted.ramps import Berths, no_berths
from policies.scripted.shelterer import no_shelters, shelter
from policies.scripted.solver import solve
from sim.game import Game
from sim.rules import ACTION_SIZES, HIDERS
from sim.tasks.kinds import SHELTER

_LATE_TICKS = 3
"""So long after the end of preparation, with seekers on their way, a builder takes what it has."""


class Scripted:
    """What the scripted players have in common; each is its own `name` and has no weights to hash."""

    name: str
    hash = ""

    def reset(self) -> None:
        """Forgets everything: new episodes begin."""

    def act(self, game: Game, side: int) -> np.ndarray:
        """int8 [world, agents of that side, 3]: what the side's agents do next."""
        first, last = agents_of(game, side)[:2]
        return np.zeros((game.worlds, last - first, len(ACTION_SIZES)), np.int8)

    def expect(self, game: Game) -> np.ndarray | None:
        """None: a script has no critic."""
        return None


class Idle(Scripted):
    """Stands still and keeps its hands to itself."""

    name = "idle"


class Random(Scripted):
    """Every action equally likely, from a stream of its own."""

    name = "random"

    def __init__(self, seed: int):
        self._stream = np.random.default_rng(seed)

    def act(self, game: Game, side: int) -> np.ndarray:
        actions = super().act(game, side)
        return self._stream.integers(0, ACTION_SIZES, actions.shape, np.int8)


class Chaser(Scripted):
    """Runs to the nearest opponent and clears the way; see `policies.scripted.chaser`."""

    name = "chaser"

    def __init__(self):
        self._patience = np.zeros((0, 0), np.int8)
        self._scratch = scratch(0.0)

    def reset(self) -> None:
        self._patience[:] = 0

    def act(self, game: Game, side: int) -> np.ndarray:
        actions = super().act(game, side)
        if self._patience.shape != game.state.held.shape:
            self._patience = np.zeros(game.state.held.shape, np.int8)
        self._scratch = fitting(self._scratch, game)
        chase(game.layout, game.state, game.seen, self._scratch, self._patience, agents_of(game, side), actions)
        return actions


class Evader(Scripted):
    """Flees on foot and never touches a box; see `policies.scripted.evader`."""

    name = "evader"

    def __init__(self):
        self._scratch = scratch(0.0)

    def act(self, game: Game, side: int) -> np.ndarray:
        actions = super().act(game, side)
        self._scratch = fitting(self._scratch, game)
        evade(game.layout, game.state, self._scratch, agents_of(game, side), actions)
        return actions


class Builder(Scripted):
    """Shuts the doors with boxes, from inside; see `policies.scripted.builder`. It plays hiders only."""

    name = "builder"

    def __init__(self):
        self._plans: Plans = no_plans(0, 0, 0)
        self._scratch = scratch(0.0)

    def reset(self) -> None:
        self._plans.made[:] = False

    def act(self, game: Game, side: int) -> np.ndarray:
        if side != HIDERS:
            raise ValueError("the builder plays hiders")
        actions, layout = super().act(game, side), game.layout
        jobs = (game.worlds, game.slots.hiders)
        if self._plans.box.shape != jobs:
            self._plans = no_plans(*jobs, layout.doors.shape[1])
        self._scratch = fitting(self._scratch, game)
        side_agents, options = agents_of(game, side), manner_in(game)
        build(layout, game.state, game.seen, self._scratch, self._plans, side_agents, options, actions)
        return actions


class Shelterer(Scripted):
    """Lays an elongated box across a corner and stays behind it; see `policies.scripted.shelterer`. Hiders only."""

    name = "shelterer"

    def __init__(self):
        self._plans = no_shelters(0)
        self._scratch = scratch(0.0)

    def reset(self) -> None:
        self._plans.made[:] = False

    def act(self, game: Game, side: int) -> np.ndarray:
        if side != HIDERS:
            raise ValueError("the shelterer plays hiders")
        actions = super().act(game, side)
        if len(self._plans.made) != game.worlds:
            self._plans = no_shelters(game.worlds)
        self._scratch = fitting(self._scratch, game)
        options = manner_in(game)
        shelter(game.layout, game.state, game.seen, self._scratch, self._plans, agents_of(game, side), options, actions)
        return actions


class Climber(Chaser):
    """Chases, and gets over walls by way of a ramp where it is shut out; see `policies.scripted.climber`."""

    name = "climber"
    _surfs = False

    def __init__(self):
        super().__init__()
        self._berths: Berths = no_berths(0)
        self._stalled = np.zeros((0, 0), np.int8)

    def reset(self) -> None:
        super().reset()
        self._berths = no_berths(len(self._stalled))
        self._stalled[:] = 0

    def act(self, game: Game, side: int) -> np.ndarray:
        actions = super().act(game, side)
        if self._stalled.shape != game.state.held.shape:
            self._berths, self._stalled = no_berths(game.worlds), np.zeros(game.state.held.shape, np.int8)
        world = game.slots, game.layout, game.state, game.seen
        climb_over(*world, self._scratch, self._berths, self._stalled, self._surfs, agents_of(game, side), actions)
        return actions


class Surfer(Climber):
    """Chases, and rides on a box towards the others where it is shut out; see `policies.scripted.climber`."""

    name = "surfer"
    _surfs = True


class Solver(Scripted):
    """Does what a game asks for that is not hide-and-seek; see `policies.scripted.solver`. It plays hiders only."""

    name = "solver"

    def __init__(self):
        self._jobs: Jobs | None = None
        self._berths: Berths = no_berths(0)
        self._scratch = scratch(0.0)

    def reset(self) -> None:
        self._jobs = None

    def act(self, game: Game, side: int) -> np.ndarray:
        if side != HIDERS:
            raise ValueError("the solver plays hiders")
        actions, layout = super().act(game, side), game.layout
        if self._jobs is None:
            find = shelter_jobs if game.scenario.task == SHELTER else blueprint_jobs
            self._jobs, self._berths = find(layout, game.slots.hiders), no_berths(game.worlds)
        self._scratch = fitting(self._scratch, game)
        world = game.scenario.task, game.slots, layout, game.state, game.seen
        solve(*world, self._scratch, self._jobs, self._berths, agents_of(game, side), actions)
        return actions


def manner_in(game: Game) -> BuilderOptions:
    """How builders go about it in a game."""
    return BuilderOptions(game.scenario.preparation_ticks + _LATE_TICKS, "lock" not in game.without, game.slots.boxes)


def agents_of(game: Game, side: int) -> tuple[int, int, int, int]:
    """First and last-plus-one agent of a side, then the same of its opponents."""
    hiders, agents = game.slots.hiders, game.slots.agents
    return (0, hiders, hiders, agents) if side == HIDERS else (hiders, agents, 0, hiders)


def fitting(buffers: Scratch, game: Game) -> Scratch:
    """The buffers themselves, or larger ones if a floor needs them."""
    floor_m = float(game.layout.floor.max())
    return buffers if scratch_fits(buffers, floor_m) else scratch(floor_m)
