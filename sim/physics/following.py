"""State is the truth: before a tick Chipmunk's joints, locked bodies and filters are brought in line with `State.held`,
`State.lock` and `State.level`.

`spaces` is a `sim.physics.spaces.Spaces`.
"""

from sim.climb import FLOOR
from sim.jit import compiled
from sim.physics.bodies import AGENT_FILTERS
from sim.physics.chipmunk import DYNAMIC, KINEMATIC
from sim.physics.drive import thing_moment
from sim.physics.intrinsics import (
    call_with_double,
    call_with_int,
    call_with_pointer,
    load,
    store,
    store_bits,
    store_pointer,
)
from sim.state import FREE

_FLOOR_KIND, _FLOOR_MASK = AGENT_FILTERS[0].categories, AGENT_FILTERS[0].mask
_UPPER_KIND, _UPPER_MASK = AGENT_FILTERS[1].categories, AGENT_FILTERS[1].mask


@compiled
def follow_levels(c, spaces, state, w):
    """Makes each agent collide as those of its level do."""
    for agent in range(spaces.agent_shapes.shape[1]):
        upstairs = state.level[w, agent] != FLOOR
        if spaces.upstairs[w, agent] != upstairs:
            shape = spaces.agent_shapes[w, agent]
            store_bits(shape + c.categories, _UPPER_KIND if upstairs else _FLOOR_KIND)
            store_bits(shape + c.mask, _UPPER_MASK if upstairs else _FLOOR_MASK)
            spaces.upstairs[w, agent] = upstairs


@compiled
def fix(c, spaces, rules, layout, state, w, thing):
    """Makes a thing immovable or movable, as its lock says. Kinematic bodies yield to nothing."""
    locked = state.lock[w, thing] != 0
    if spaces.fixed[w, thing] == locked:
        return
    body = spaces.thing_bodies[w, thing]
    if locked:
        # No time passes in this: it clears what the solver still wants to move the body by, out of an overlap.
        call_with_double(c.body_update_position, body, 0.0)
        call_with_int(c.body_set_type, body, KINEMATIC)
    else:
        call_with_int(c.body_set_type, body, DYNAMIC)
        call_with_double(c.body_set_mass, body, rules.thing_mass_kg)
        moment = thing_moment(rules, layout.thing_half[w, thing, 0], layout.thing_half[w, thing, 1])
        call_with_double(c.body_set_moment, body, moment)
    spaces.fixed[w, thing] = locked


@compiled
def join(c, spaces, state, w, agent):
    """Ties an agent and what it holds together in the pose frozen in `State.hold`."""
    thing = state.held[w, agent]
    body = spaces.thing_bodies[w, thing]
    pivot, gear = spaces.pivots[w, agent], spaces.gears[w, agent]
    store_pointer(pivot + c.body_b, body)
    store_pointer(gear + c.body_b, body)
    store(pivot + c.anchor_a, state.hold[w, agent, 0])
    store(pivot + c.anchor_a + 8, state.hold[w, agent, 1])
    store(pivot + c.pivot_impulse, 0.0)
    store(pivot + c.pivot_impulse + 8, 0.0)
    store(gear + c.gear_impulse, 0.0)
    call_with_double(c.gear_set_phase, gear, state.hold[w, agent, 2])
    call_with_pointer(c.space_add_constraint, spaces.space[w], pivot)
    call_with_pointer(c.space_add_constraint, spaces.space[w], gear)
    spaces.joined[w, agent] = thing


@compiled
def part(c, spaces, w, agent):
    call_with_pointer(c.space_remove_constraint, spaces.space[w], spaces.pivots[w, agent])
    call_with_pointer(c.space_remove_constraint, spaces.space[w], spaces.gears[w, agent])
    spaces.joined[w, agent] = FREE


@compiled
def _still_joined(c, spaces, state, w, agent):
    """Whether an agent's joints are those of its present hold: a hold may end and be taken anew between two ticks."""
    pivot = spaces.pivots[w, agent]
    return (
        spaces.joined[w, agent] == state.held[w, agent]
        and load(pivot + c.anchor_a) == state.hold[w, agent, 0]
        and load(pivot + c.anchor_a + 8) == state.hold[w, agent, 1]
    )


@compiled
def follow_state(c, spaces, rules, layout, state, w):
    """Brings joints, locked bodies and what agents collide with in line with the State."""
    follow_levels(c, spaces, state, w)
    for agent in range(spaces.joined.shape[1]):
        if spaces.joined[w, agent] != FREE and not _still_joined(c, spaces, state, w, agent):
            part(c, spaces, w, agent)
    for thing in range(spaces.fixed.shape[1]):
        if spaces.things_in[w, thing]:
            fix(c, spaces, rules, layout, state, w, thing)
    for agent in range(spaces.joined.shape[1]):
        if spaces.joined[w, agent] == FREE and state.held[w, agent] != FREE:
            join(c, spaces, state, w, agent)
