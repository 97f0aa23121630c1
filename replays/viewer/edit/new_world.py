"""Worlds to begin with."""

from sim.scenarios.drawn.items import Agent, Area, Box, Door, Range, RoomFor, Wall
from sim.scenarios.drawn.world import DrawnWorld

NAME = "my world"


def first_world() -> DrawnWorld:
    """Two hiders in a room with a door and a box, two seekers outside: teams that know such a world are shipped."""
    return DrawnWorld(
        NAME,
        ticks=90,
        preparation_ticks=40,
        walls=(
            Wall(
                Area.point(3.5, 0.0), Range.fixed(2.5), upright=True, doors=(Door(Range.fixed(1.25), Range.fixed(0.5)),)
            ),
            Wall(Area.point(3.5, 2.5), Range.fixed(2.5)),
        ),
        boxes=(Box(Area(4.5, 1.1, 5.3, 1.5), Range.fixed(0.775)),),
        agents=(
            Agent("hider", Area(3.9, 0.3, 5.7, 0.7)),
            Agent("hider", Area(3.9, 1.8, 5.7, 2.2)),
            Agent("seeker", Area(0.5, 0.5, 2.5, 2.75)),
            Agent("seeker", Area(0.5, 3.25, 2.5, 5.5)),
        ),
        room_for=RoomFor(hiders=2, seekers=2, boxes=1, doors=2),
    )


def small_world() -> DrawnWorld:
    """An empty floor with a hider and a seeker."""
    agents = (Agent("hider", Area.point(4.5, 3.0)), Agent("seeker", Area.point(1.5, 3.0)))
    return DrawnWorld(NAME, agents=agents)
