"""Standings: who is better stands higher, and the panel means the same for everybody."""

import json
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from policies.agents.players import player
from policies.cli import main
from policies.evaluation.match import MatchOptions, play
from policies.evaluation.ratings import PANEL, Standing, standings, table
from replays.report.documents.common import Interval
from sim.errors import UserError
from sim.rules import HIDERS, SEEKERS
from sim.scenario import scenario_from_text

SCENARIO = scenario_from_text("quadrant")


@pytest.mark.slow
def test_better_teams_stand_higher():
    progress: list[tuple[int, int]] = []
    found = standings(SCENARIO, ["idle"], ["idle"], MatchOptions(48, 3), lambda done, of: progress.append((done, of)))
    order = {side: [one.name for one in found if one.side == side] for side in (HIDERS, SEEKERS)}
    assert order[HIDERS][0] == "builder" and order[SEEKERS][0] == "chaser"
    assert set(order[HIDERS]) == {"idle", *PANEL[HIDERS]} and set(order[SEEKERS]) == {"idle", *PANEL[SEEKERS]}
    assert progress[-1] == (4 * 3, 4 * 3)


@pytest.mark.slow
def test_the_panel_is_what_one_measures_oneself():
    found = standings(SCENARIO, ["idle"], [], MatchOptions(32, 3))
    idle = next(one for one in found if one.name == "idle")
    won = []
    for name in PANEL[SEEKERS]:
        players = player("idle", HIDERS, SCENARIO, 3), player(name, SEEKERS, SCENARIO, 3)
        won.append(play(SCENARIO, *players, MatchOptions(32, 3)).hidden > 0.5)
    assert idle.panel["mean"] == pytest.approx(np.mean(won))


def test_the_command_prints_both_sides(folder, capsys):
    assert main(["rate", str(folder), "--episodes", "8", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["side"] for one in found if one["name"] == str(folder)] == [HIDERS, SEEKERS]


def test_a_team_that_is_named_twice_is_rated_once(folder, capsys):
    assert main(["rate", str(folder), f"{folder}/", "--episodes", "2", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["side"] for one in found if Path(one["name"]) == folder] == [HIDERS, SEEKERS]


@pytest.mark.parametrize(
    ("teams", "names"),
    [
        (["/work/a-run", "/work/b-run"], ["a-run", "b-run"]),
        ([f"/{'deep/' * 20}{one}/run" for one in "ab"], [f"/{'deep/' * 20}{one}/run" for one in "ab"]),
    ],
)
def test_a_table_tells_teams_apart_on_a_narrow_terminal(teams: list[str], names: list[str]):
    panel: Interval = {"mean": 0.5, "low": 0.4, "high": 0.6}
    console = Console(width=80, force_terminal=False)
    with console.capture() as captured:
        console.print(table([Standing(team, HIDERS, panel, 25.0, 1.0) for team in teams], HIDERS))
    first = [line.strip("│┃ ").split("│")[0].strip() for line in captured.get().splitlines() if "│" in line]
    assert "".join(first) == "".join(names)


def test_what_is_no_team_is_named(tmp_path):
    with pytest.raises(UserError, match="ghost"):
        standings(SCENARIO, [str(tmp_path / "ghost")], [], MatchOptions(8, 0))
    assert main(["rate", "ghost"]) == 2
