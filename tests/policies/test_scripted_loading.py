"""A scripted player is loaded and compiled when it is named, and no other one with it."""

import subprocess
import sys

import pytest

from policies.agents.players import scripted_teams
from policies.scripted.players import PLAYERS, scripted_player

LOADED = """
import sys
from policies.agents.players import player, scripted_teams
from sim.rules import HIDERS
from sim.scenario import scenario_from_text
scripted_teams()
for name in sys.argv[1:]:
    player(name, HIDERS, scenario_from_text("quadrant"), 0)
print(*(name for name in sys.modules if name.startswith("policies.")))
"""
FILES = {kind.module for kind in PLAYERS.values()} - {"base"}


@pytest.mark.parametrize(
    ("name", "needed"),
    [
        ("idle", set()),
        ("random", set()),
        ("chaser", {"chaser"}),
        ("evader", {"evader"}),
        ("builder", {"builder", "evader"}),
        ("shelterer", {"shelterer", "evader"}),
        ("climber", {"climber", "chaser"}),
    ],
)
def test_naming_a_player_loads_its_own_file(name: str, needed: set[str]):
    command = [sys.executable, "-c", LOADED, name]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert {file for file in FILES if f"policies.scripted.{file}" in loaded} == needed
    assert "policies.agents.networks" not in loaded, "a script needs no networks"


@pytest.mark.parametrize("name", PLAYERS)
def test_every_player_of_the_table_knows_its_name_and_is_described(name: str):
    assert scripted_player(name, 0).name == name
    assert scripted_teams()[name] == PLAYERS[name].description
