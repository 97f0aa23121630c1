"""Hall: a small floor without rooms, two boxes, two against two.

One box wedges one agent into a corner, even one of 0.3 m; two hiders mostly need both. It is a drawn world, so that
teams from `quadrant` find the numbers of entities there that they learned with: no hiders that act at random seal
themselves in there (2,000 episodes), so that whoever learns it begins elsewhere (policies/RESULTS.md).
"""

from pathlib import Path

from sim.scenarios.drawn.file import read_file

PRESETS = {"hall": read_file(Path(__file__).with_name("hall.toml"))}
