"""The input of the critics: the global state, one flat float32 row a world with everything there is to know.

Numbers are in the units of `sim.observe`, positions from the floor's middle.
"""

from sim.jit import compiled
from sim.layout import Slots
from sim.observe import Table, fold_of, one_after_another, put_pose, time_left
from sim.state import BARE, BITES, FREE, HIDERS_LOCK, SEEKERS_LOCK, SPIN, X, Y
from sim.tasks.eating import MOST_BITES, REGROWING_TICKS
from sim.tasks.locking import NO_TARGET, next_target

_SITE, _FOOD, _PILLAR = 6, 5, 4


def global_state_tables(slots: Slots) -> dict[str, Table]:
    """Where each table lies in the critic's view of one world, in order.

    time    preparation left, time left
    agents  x, y, cos, sin, velocity x, y, spin, level, exists, holds something, each thing in hands, each agent seen
    boxes   x, y, cos, sin (folded), velocity x, y, spin, half length, half width, locked by hiders, by seekers, exists
    ramps   as boxes
    doors   x, y, half extents in x and y, exists
    sites   x, y, half extents in x and y, exists, the task is done
    food    x, y, share of it that is left, share of the time until it is there again, exists
    pillars x, y, radius, exists
    lock_order   one number a thing: it is to be locked next
    """
    agent = 10 + slots.things + slots.agents
    return one_after_another(
        {
            "time": (1, 2),
            "agents": (slots.agents, agent),
            "boxes": (slots.boxes, 12),
            "ramps": (slots.ramps, 12),
            "doors": (slots.doors, 5),
            "sites": (slots.sites, _SITE),
            "food": (slots.food, _FOOD),
            "pillars": (slots.pillars, _PILLAR),
            "lock_order": (slots.lock_order, 1),
        }
    )


def global_state_size(slots: Slots) -> int:
    """Numbers in the critic's view of one world."""
    return list(global_state_tables(slots).values())[-1].stop


@compiled
def _write_agents(rules, layout, state, seen, w, row, at):
    half, agents, things = 0.5 * layout.floor[w], layout.agent_exists.shape[1], layout.thing_exists.shape[1]
    for agent in range(agents):
        if layout.agent_exists[w, agent]:
            put_pose(row, at, state.agents[w, agent], 1.0, half, half, half, rules.free_speed_mps)
            row[at + 6] = state.agents[w, agent, SPIN] / rules.free_spin_radps
            row[at + 7] = state.level[w, agent]
            row[at + 8] = 1.0
            row[at + 9] = state.held[w, agent] != FREE
            for thing in range(things):
                row[at + 10 + thing] = state.held[w, agent] == thing
            for other in range(agents):
                row[at + 10 + things + other] = seen.agents[w, agent, other]
        at += 10 + things + agents
    return at


@compiled
def _write_tasks(layout, state, w, row, at):
    """Sites, food, pillars, and which thing is to be locked next."""
    half = 0.5 * layout.floor[w]
    for site in range(layout.site_exists.shape[1]):
        if layout.site_exists[w, site]:
            x0, y0, x1, y1 = layout.sites[w, site]
            row[at], row[at + 1] = (0.5 * (x0 + x1) - half) / half, (0.5 * (y0 + y1) - half) / half
            row[at + 2], row[at + 3] = 0.5 * (x1 - x0), 0.5 * (y1 - y0)
            row[at + 4], row[at + 5] = 1.0, state.task_done[w]
        at += _SITE
    for food in range(layout.food_exists.shape[1]):
        if layout.food_exists[w, food]:
            row[at], row[at + 1] = layout.food[w, food, X] / half - 1.0, layout.food[w, food, Y] / half - 1.0
            row[at + 2] = state.food[w, food, BITES] / MOST_BITES
            row[at + 3], row[at + 4] = state.food[w, food, BARE] / REGROWING_TICKS, 1.0
        at += _FOOD
    for pillar in range(layout.pillar_exists.shape[1]):
        if layout.pillar_exists[w, pillar]:
            x, y, radius = layout.pillars[w, pillar]
            row[at], row[at + 1], row[at + 2], row[at + 3] = x / half - 1.0, y / half - 1.0, radius, 1.0
        at += _PILLAR
    if layout.lock_order.shape[1] > 0:
        target = next_target(layout, state, w)
        if target != NO_TARGET:
            row[at + target] = 1.0


@compiled
def write_global_state(rules, slots, clock, layout, state, seen, w, global_state):
    """Fills one world of `global_state` [world, number]: poses, hands, locks, sight, doors, time, and tasks."""
    row, half = global_state[w], 0.5 * layout.floor[w]
    row[:] = 0.0
    row[0], row[1] = time_left(clock, state.tick[w])
    at = _write_agents(rules, layout, state, seen, w, row, 2)
    for thing in range(layout.thing_exists.shape[1]):
        if layout.thing_exists[w, thing]:
            fold = fold_of(slots, layout, w, thing)
            put_pose(row, at, state.things[w, thing], fold, half, half, half, rules.free_speed_mps)
            row[at + 6] = state.things[w, thing, SPIN] / rules.free_spin_radps
            row[at + 7], row[at + 8] = layout.thing_half[w, thing]
            row[at + 9] = state.lock[w, thing] == HIDERS_LOCK
            row[at + 10] = state.lock[w, thing] == SEEKERS_LOCK
            row[at + 11] = 1.0
        at += 12
    for door in range(layout.doors.shape[1]):
        if layout.door_exists[w, door]:
            x0, y0, x1, y1 = layout.doors[w, door]
            row[at], row[at + 1] = (0.5 * (x0 + x1) - half) / half, (0.5 * (y0 + y1) - half) / half
            row[at + 2], row[at + 3], row[at + 4] = 0.5 * (x1 - x0), 0.5 * (y1 - y0), 1.0
        at += 5
    _write_tasks(layout, state, w, row, at)
