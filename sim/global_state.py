"""Fills the global state, the input of the critics: the tables of `sim.schema` with everything about a world.

Numbers are in the units of the observation, positions from the floor's middle.
"""

from sim.fill import clear_row
from sim.jit import compiled
from sim.observe import floor_frame, fold_of, put_pose, time_left
from sim.schema import GLOBAL_STATE, columns_of, shared_columns
from sim.state import BARE, BITES, FREE, HIDERS_LOCK, SEEKERS_LOCK, SPIN
from sim.tasks.eating import MOST_BITES, REGROWING_TICKS
from sim.tasks.locking import NO_TARGET, next_target

_TIME, _AGENT = columns_of(GLOBAL_STATE["time"]), columns_of(GLOBAL_STATE["agents"])
_THING = shared_columns(GLOBAL_STATE["boxes"], GLOBAL_STATE["ramps"])
_AREA = shared_columns(GLOBAL_STATE["doors"], GLOBAL_STATE["sites"])
_DOOR, _SITE, _FOOD, _PILLAR = (columns_of(GLOBAL_STATE[name]) for name in ("doors", "sites", "food", "pillars"))
_TIME_WIDTH, _AGENT_WIDTH, _THING_WIDTH = len(_TIME), len(_AGENT), len(_THING)
_DOOR_WIDTH, _SITE_WIDTH, _FOOD_WIDTH, _PILLAR_WIDTH = len(_DOOR), len(_SITE), len(_FOOD), len(_PILLAR)
assert all(len(GLOBAL_STATE[name].columns) == _THING_WIDTH for name in ("boxes", "ramps"))


@compiled
def _write_agents(context, w, row, at):
    layout, state, seen, frame = context.layout, context.state, context.seen, floor_frame(context, w)
    agents, things = layout.agent_exists.shape[1], layout.thing_exists.shape[1]
    for agent in range(agents):
        if layout.agent_exists[w, agent]:
            put_pose(row, at + _AGENT.x, state.agents[w, agent], 1.0, frame)
            row[at + _AGENT.spin] = state.agents[w, agent, SPIN] / context.rules.free_spin_radps
            row[at + _AGENT.level] = state.level[w, agent]
            row[at + _AGENT.exists] = 1.0
            row[at + _AGENT.holds] = state.held[w, agent] != FREE
            for thing in range(things):
                row[at + _AGENT_WIDTH + thing] = state.held[w, agent] == thing
            for other in range(agents):
                row[at + _AGENT_WIDTH + things + other] = seen.agents[w, agent, other]
        at += _AGENT_WIDTH + things + agents
    return at


@compiled
def _write_things(context, w, row, at):
    layout, state, frame = context.layout, context.state, floor_frame(context, w)
    for thing in range(layout.thing_exists.shape[1]):
        if layout.thing_exists[w, thing]:
            put_pose(row, at + _THING.x, state.things[w, thing], fold_of(context.slots, layout, w, thing), frame)
            row[at + _THING.spin] = state.things[w, thing, SPIN] / context.rules.free_spin_radps
            row[at + _THING.half_length], row[at + _THING.half_width] = layout.thing_half[w, thing]
            row[at + _THING.locked_by_hiders] = state.lock[w, thing] == HIDERS_LOCK
            row[at + _THING.locked_by_seekers] = state.lock[w, thing] == SEEKERS_LOCK
            row[at + _THING.exists] = 1.0
        at += _THING_WIDTH
    return at


@compiled
def _write_area(row, half, area):
    """Where a door or site (x0, y0, x1, y1) lies, its half extents, and that it exists."""
    x0, y0, x1, y1 = area
    row[_AREA.x], row[_AREA.y] = (0.5 * (x0 + x1) - half) / half, (0.5 * (y0 + y1) - half) / half
    row[_AREA.half_x], row[_AREA.half_y], row[_AREA.exists] = 0.5 * (x1 - x0), 0.5 * (y1 - y0), 1.0


@compiled
def _write_areas(layout, state, w, row, at):
    """Doors, then sites."""
    half = 0.5 * layout.floor[w]
    for door in range(layout.doors.shape[1]):
        if layout.door_exists[w, door]:
            _write_area(row[at : at + _DOOR_WIDTH], half, layout.doors[w, door])
        at += _DOOR_WIDTH
    for site in range(layout.site_exists.shape[1]):
        if layout.site_exists[w, site]:
            _write_area(row[at : at + _SITE_WIDTH], half, layout.sites[w, site])
            row[at + _SITE.task_done] = state.task_done[w]
        at += _SITE_WIDTH
    return at


@compiled
def _write_rest(context, w, row, at):
    """Observed food, pillars, and which thing is to be locked next."""
    layout, state, half = context.layout, context.state, 0.5 * context.layout.floor[w]
    for food in range(context.slots.food):
        if layout.food_exists[w, food]:
            x, y = layout.food[w, food]
            row[at + _FOOD.x], row[at + _FOOD.y] = x / half - 1.0, y / half - 1.0
            row[at + _FOOD.left] = state.food[w, food, BITES] / MOST_BITES
            row[at + _FOOD.regrown] = state.food[w, food, BARE] / REGROWING_TICKS
            row[at + _FOOD.exists] = 1.0
        at += _FOOD_WIDTH
    for pillar in range(layout.pillar_exists.shape[1]):
        if layout.pillar_exists[w, pillar]:
            x, y, radius = layout.pillars[w, pillar]
            row[at + _PILLAR.x], row[at + _PILLAR.y] = x / half - 1.0, y / half - 1.0
            row[at + _PILLAR.radius], row[at + _PILLAR.exists] = radius, 1.0
        at += _PILLAR_WIDTH
    if layout.lock_order.shape[1] > 0:
        target = next_target(layout, state, w)
        if target != NO_TARGET:
            row[at + target] = 1.0


@compiled
def write_global_state(context, w, global_state):
    """Fills one world of `global_state` [world, number]: poses, hands, locks, sight, doors, time, and tasks."""
    row = global_state[w]
    clear_row(row)
    row[_TIME.preparation_left], row[_TIME.time_left] = time_left(context.clock, context.state.tick[w])
    at = _write_agents(context, w, row, _TIME_WIDTH)
    at = _write_things(context, w, row, at)
    at = _write_areas(context.layout, context.state, w, row, at)
    _write_rest(context, w, row, at)
