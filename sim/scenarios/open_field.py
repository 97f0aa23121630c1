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


PRESETS = {"open_field": OpenField()}
