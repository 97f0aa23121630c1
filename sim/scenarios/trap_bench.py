"""The shipped traps: drawn worlds, each with one question about what a team has learned.

They are the files in `traps/`; `hideseek evaluate HIDERS SEEKERS --scenario traps` plays them all. No shipped team was
trained in one.
"""

from pathlib import Path

from sim.scenarios.drawn.file import read_file

PREFIX = "trap-"

PRESETS = {f"{PREFIX}{path.stem}": read_file(path) for path in sorted(Path(__file__).with_name("traps").glob("*.toml"))}
"""Each by the name of its file."""
