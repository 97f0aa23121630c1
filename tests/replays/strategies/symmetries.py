"""The same episode in a world that is mirrored or turned, or whose agents are numbered otherwise."""

import numpy as np

from sim.layout import Layout, Slots
from sim.state import ANGLE, SPIN, VX, VY, State, X, Y

SYMMETRIES = 8
"""Of the square floor: 0 is the world itself, k % 4 the quarter turns, from 4 on it is mirrored first."""


def image(symmetry: int, layout: Layout, states: State, floor: float) -> tuple[Layout, State]:
    """Layout and states in the image of the world; the first axes of `states` are free."""
    layout = layout._replace(
        **{name: _rectangles(symmetry, getattr(layout, name), floor) for name in ("walls", "doors", "sites")}
    )
    hold = states.hold * ((1.0, -1.0, -1.0) if symmetry >= 4 else 1.0)
    agents, things = (_poses(symmetry, poses, floor) for poses in (states.agents, states.things))
    return layout, states._replace(agents=agents, things=things, hold=hold)


def _poses(symmetry: int, poses: np.ndarray, floor: float) -> np.ndarray:
    made = poses.copy()
    if symmetry >= 4:
        made[..., X], made[..., ANGLE] = floor - made[..., X], np.pi - made[..., ANGLE]
        made[..., VX], made[..., SPIN] = -made[..., VX], -made[..., SPIN]
    for _ in range(symmetry % 4):
        made[..., X], made[..., Y] = floor - made[..., Y], made[..., X].copy()
        made[..., VX], made[..., VY] = -made[..., VY], made[..., VX].copy()
        made[..., ANGLE] += np.pi / 2
    return made


def _rectangles(symmetry: int, rectangles: np.ndarray, floor: float) -> np.ndarray:
    x0, y0, x1, y1 = np.moveaxis(rectangles, -1, 0)
    if symmetry >= 4:
        x0, x1 = floor - x1, floor - x0
    for _ in range(symmetry % 4):
        x0, y0, x1, y1 = floor - y1, x0, floor - y0, x1
    return np.stack((x0, y0, x1, y1), axis=-1)


def renumbered(order: np.ndarray, layout: Layout, states: State, seen: np.ndarray) -> tuple[Layout, State, np.ndarray]:
    """The agents in another order (int [agent]: who comes to each place) that keeps the teams apart.

    Args:
        order: see above.
        layout: first axis world.
        states: first axes moment, world.
        seen: bool [moment, world, agent, agent].
    """
    layout = layout._replace(agent_exists=layout.agent_exists[:, order])
    moved = {name: getattr(states, name)[:, :, order] for name in ("agents", "level", "held", "hold")}
    return layout, states._replace(**moved), seen[:, :, order][:, :, :, order]


def team_orders(slots: Slots, seed: int) -> np.ndarray:
    """int [agent]: both teams shuffled."""
    random = np.random.default_rng(seed)
    return np.concatenate((random.permutation(slots.hiders), slots.hiders + random.permutation(slots.seekers)))
