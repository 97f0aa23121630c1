"""Hall: a small floor without rooms, two boxes, two against two.

A box wedges one agent into a corner, whatever its length; a corner that holds two hiders takes both boxes. It is a drawn
world, so that teams from `quadrant` find their numbers of entities in it: hiders at random seal themselves in in none
of 2,000 episodes, and nothing was learned there from nothing (policies/LOG.md).
"""

from pathlib import Path

from sim.scenarios.drawn.file import read_file

PRESETS = {"hall": read_file(Path(__file__).with_name("hall.toml"))}
