"""Food outside: a plate stands outside of each door, and hiders are paid for what they eat of it in preparation.

Nobody observes the food, so every team can play; where it stands follows from the doors, which all observe. Hiders eat
as in `sim.tasks.eating`: each takes a bite in every tick of all food that it is near to and sees.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.layout import Slots, side_agents
from sim.rules import HIDERS
from sim.shifts.shift import Shift, Start, needs
from sim.state import BITES, X, Y
from sim.tasks.eating import EATING_M, MOST_BITES

if TYPE_CHECKING:
    from sim.game import Game

AWAY_M = 0.9
"""From the middle of the door. To eat, a hider must come all the way out."""
BITE_TICKS = 2.0
"""What a bite pays all hiders, in ticks of being hidden. In quadrant, a plate pays as much as being hidden in the whole
play, rather than seen."""


def suits(world: Any) -> None:
    """Raises ValueError if a scenario has no room in a corner."""
    needs(hasattr(world, "room_m"), "food-outside needs a world with a room: quadrant")


def slots(known: Slots) -> Slots:
    """Room for a plate at each door."""
    return known._replace(unobserved_food=known.doors)


def place(start: Start) -> None:
    """Puts a full plate outside of each door; the room spans x from floor - room to floor, y from 0 to room."""
    layout, worlds = start.layout, start.worlds
    doors = layout.doors[worlds]
    upright = doors[..., 2] - doors[..., 0] < doors[..., 3] - doors[..., 1]
    outward = np.where(upright[..., None], (-AWAY_M, 0.0), (0.0, AWAY_M))
    exist = layout.door_exists[worlds]
    layout.food[worlds] = np.where(exist[..., None], 0.5 * (doors[..., :2] + doors[..., 2:]) + outward, 0.0)
    layout.food_exists[worlds] = exist
    start.state.food[worlds, :, BITES] = np.where(exist, MOST_BITES, 0)


def pay(game: "Game", worlds: np.ndarray) -> None:
    """Lets the hiders of some worlds eat, in preparation, and pays them."""
    worlds = worlds[game.state.tick[worlds] <= game.scenario.preparation_ticks]
    hiders, layout = side_agents(game.slots, HIDERS), game.layout
    places = game.state.agents[worlds, hiders][..., None, [X, Y]]
    near = np.linalg.norm(places - layout.food[worlds, None], axis=-1) < EATING_M
    eaters = (near & game.seen.food[worlds, hiders]).sum(axis=1)
    eaten = np.minimum(eaters, game.state.food[worlds, :, BITES])
    game.state.food[worlds, :, BITES] -= eaten
    game.reward[worlds, hiders] += BITE_TICKS * eaten.sum(axis=1)[:, None] * layout.agent_exists[worlds, hiders]


SHIFT = Shift(
    "food-outside",
    "hiders are paid for eating outside before the play",
    suits=suits,
    place=place,
    slots=slots,
    pay=pay,
    order=1,
)
