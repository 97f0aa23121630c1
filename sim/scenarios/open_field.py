"""No inner walls: whoever wants to hide must build, of elongated boxes above all.

    +-----------------------+
    |      ==         s     |
    |  s        []          |    everything and everybody starts anywhere on the floor;
    |                 ||    |    counts as in `rooms`
    |   //    h             |
    |              h     [] |
    +-----------------------+

The original's episodes without rooms; `sim.scenarios.rooms` tells its numbers. With `outer_walls=false` it is a plain.
"""

from dataclasses import dataclass

from sim.scenarios.populated import RandomPopulation


@dataclass(frozen=True)
class OpenField(RandomPopulation):
    """The options of this family are those of every `RandomPopulation`."""


PRESETS = {"open_field": OpenField()}
