"""One start of a scenario as a drawn world, to begin a drawing from."""

import dataclasses
import math
from collections.abc import Sequence

import numpy as np

from sim.errors import UserError
from sim.layout import Layout, empty_layout
from sim.rules import RULES
from sim.scenario import Scenario, scenario_text, unshifted
from sim.scenarios.drawn.drawing import LOCKS
from sim.scenarios.drawn.items import Agent, Area, Box, Door, Locker, Ramp, Range, RoomFor, Wall
from sim.scenarios.drawn.problems import problems
from sim.scenarios.drawn.world import DrawnWorld
from sim.state import ANGLE, State, X, Y, empty_state
from sim.tasks.kinds import HIDE_AND_SEEK

_TOUCHING_M = 1e-6
_LOCKED_BY: dict[int, Locker | None] = {lock: locked_by for locked_by, lock in LOCKS.items()}


def drawing(scenario: Scenario, name: str, seed: int = 0) -> DrawnWorld:
    """The drawing of a drawn world; of any other the start of that seed, with the room in observations that it has.

    Raises:
        UserError: it is another game than hide-and-seek, has shifts or no outer walls, or a wall that cannot be drawn.
    """
    _check_game(scenario)
    if isinstance(scenario, DrawnWorld):
        return dataclasses.replace(scenario, name=name)
    layout, state = empty_layout(1, scenario.slots), empty_state(1, scenario.slots)
    scenario.place(np.array([seed], np.uint64), np.arange(1), layout, state)
    world = drawing_of_start(scenario, layout, state, name)
    if found := problems(world):
        text = scenario_text(scenario)
        raise UserError(f"this start of '{text}' cannot be drawn ({found[0].text}); choose another --seed")
    return world


def drawing_of_start(scenario: Scenario, layout: Layout, state: State, name: str) -> DrawnWorld:
    """As `drawing`, of the first world of a layout and a state; problems stay as they are."""
    _check_game(scenario)
    if isinstance(scenario, DrawnWorld):
        return dataclasses.replace(scenario, name=name)
    if layout.out_of_bounds_margin_m[0] > 0.0:
        raise UserError(_refusal(scenario))
    slots = scenario.slots
    return DrawnWorld(
        name=name,
        floor_m=float(layout.floor[0]),
        ticks=scenario.ticks,
        preparation_ticks=scenario.preparation_ticks,
        reward=scenario.reward,
        walls=_walls(layout),
        boxes=tuple(_box(layout, state, thing) for thing in range(slots.boxes) if layout.thing_exists[0, thing]),
        ramps=tuple(
            _ramp(layout, state, thing) for thing in range(slots.boxes, slots.things) if layout.thing_exists[0, thing]
        ),
        agents=tuple(
            Agent("hider" if agent < slots.hiders else "seeker", _at(pose), _angle(pose))
            for agent, pose in enumerate(state.agents[0])
            if layout.agent_exists[0, agent]
        ),
        room_for=RoomFor(slots.hiders, slots.seekers, slots.boxes, slots.ramps, slots.doors),
    )


def _check_game(scenario: Scenario) -> None:
    if unshifted(scenario) is not scenario:
        text = scenario_text(scenario)
        raise UserError(f"'{text}' has shifts, which are not part of a drawing; save it without them")
    if scenario.task != HIDE_AND_SEEK:
        raise UserError(_refusal(scenario))


def _refusal(scenario: Scenario) -> str:
    return f"'{scenario_text(scenario)}' cannot be drawn: drawings are of hide-and-seek with outer walls"


def _at(pose: np.ndarray) -> Area:
    return Area.point(_rounded(pose[X]), _rounded(pose[Y]))


def _angle(pose: np.ndarray) -> Range:
    return _fixed(math.degrees(pose[ANGLE]))


def _box(layout: Layout, state: State, thing: int) -> Box:
    pose, (half_x, half_y) = state.things[0, thing], layout.thing_half[0, thing].tolist()
    return Box(
        at=_at(pose),
        length_m=_fixed(2.0 * half_x),
        width_m=None if half_x == half_y else _fixed(2.0 * half_y),
        angle_deg=_angle(pose),
        lockable=bool(layout.thing_lockable[0, thing]),
        locked_by=_LOCKED_BY[int(state.lock[0, thing])],
    )


def _ramp(layout: Layout, state: State, thing: int) -> Ramp:
    pose = state.things[0, thing]
    locked_by = _LOCKED_BY[int(state.lock[0, thing])]
    return Ramp(_at(pose), _angle(pose), bool(layout.thing_lockable[0, thing]), locked_by)


def _walls(layout: Layout) -> tuple[Wall, ...]:
    """The walls of world 0: pieces and doors on one line that touch each other become one wall."""
    pieces = [(*map(float, row), False) for row in layout.walls[0][layout.wall_exists[0]]]
    doors = [(*map(float, row), True) for row in layout.doors[0][layout.door_exists[0]]]
    found = []
    for upright in (True, False):
        along = 1 if upright else 0
        lying = sorted(
            (part[1 - along], part[along], part[along + 2], bool(part[4]))
            for part in [*pieces, *doors]
            if _is_upright(part) == upright
        )
        chain: list[tuple[float, float, float, bool]] = []
        for part in lying:
            if chain and not (part[0] == chain[-1][0] and abs(part[1] - chain[-1][2]) < _TOUCHING_M):
                found.append(_wall(chain, upright, float(layout.floor[0])))
                chain = []
            chain.append(part)
        if chain:
            found.append(_wall(chain, upright, float(layout.floor[0])))
    return tuple(found)


def _is_upright(part: Sequence[float]) -> bool:
    """Whether a piece or door is as thick along x as walls are."""
    return abs(part[2] - part[0] - RULES.wall_m) < _TOUCHING_M


def _wall(chain: Sequence[tuple[float, float, float, bool]], upright: bool, floor_m: float) -> Wall:
    """One wall from its pieces and doors: each (side, start, stop, whether it is a door), one after the other."""
    half = 0.5 * RULES.wall_m
    begin = chain[0][1] if chain[0][1] <= 0.0 else chain[0][1] + half
    end = chain[-1][2] if chain[-1][2] >= floor_m else chain[-1][2] - half
    begin = min([begin, *(start for _, start, _, is_door in chain if is_door)])
    end = max([end, *(stop for _, _, stop, is_door in chain if is_door)])
    line = chain[0][0] + half
    doors = tuple(
        Door(_fixed(0.5 * (start + stop) - begin), _fixed(stop - start)) for _, start, stop, is_door in chain if is_door
    )
    at = Area.point(*map(_rounded, (line, begin) if upright else (begin, line)))
    return Wall(at, _fixed(max(end - begin, 0.0)), upright, doors)


def _fixed(value: float) -> Range:
    return Range.fixed(_rounded(value))


def _rounded(value: float) -> float:
    """To the micrometre, which is easier to read."""
    return round(float(value), 6)
