"""No inner walls: to hide, agents must build, of elongated boxes above all.

    +-----------------------+
    |      ==         s     |
    |  s        []          |    all things and agents start anywhere on the floor;
    |                 ||    |    counts as in `rooms`
    |   //    h             |
    |              h     [] |
    +-----------------------+

The original's episodes without rooms; its numbers are in `sim.scenarios.rooms`. With `outer_walls=false` it is a plain.
"""

from dataclasses import dataclass

from sim.scenarios.populated import RandomPopulation


@dataclass(frozen=True)
class OpenField(RandomPopulation):
    """The options of this family are those of every `RandomPopulation`."""


PRESETS = {
    "open_field": OpenField(),
    # One against one, with long boxes near everything: random hiders shut themselves in in 3 % of the episodes, so that
    # there is something to learn from.
    "open_field-small": OpenField(
        hiders=1,
        seekers=1,
        boxes=4,
        fewest_boxes=4,
        fewest_elongated=4,
        ramps=0,
        fewest_ramps=0,
        ticks=140,
        preparation_ticks=64,
        square_m=3.0,
    ),
}
