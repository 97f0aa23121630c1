"""The page of a report: every number on it, nothing that runs, whoever named the runs."""

import html
import math
import re
import xml.etree.ElementTree as ElementTree

import pytest

from replays.behaviour import behaviour
from replays.format.recording import Recording
from replays.report.behaviour_words import comparison
from replays.report.charts import Curve, Mark, heat_map, line_chart, steps_text
from replays.report.documents.common import Interval
from replays.report.documents.run import GoalsStage, Onset, RateSeries, RunDocument, StageNumbers, UnknownGroup
from replays.report.documents.tournament import Forgotten, TournamentDocument
from replays.report.run_curves import run_curves
from replays.report.run_page import report_page
from replays.report.tournament_page import tournament_page
from replays.strategies.catalogue import names
from replays.strategies.evidence.trace import trace_episode

STEPS = [1_000_000, 2_000_000, 3_000_000]


def rate(mean: float) -> Interval:
    return {"mean": mean, "low": max(mean - 0.03, 0.0), "high": min(mean + 0.03, 1.0)}


def run_data(name: str = "evening") -> RunDocument:
    """A run in which doors are blocked from 2 M on, and boxes are locked as by chance."""
    onset: Onset = {
        "agent_steps": 2_000_000,
        "minutes": 1.25,
        "low": 1_900_000,
        "high": 2_400_000,
        "found": 1.0,
        "t10": 2_000_000,
        "t50": None,
    }
    series: RateSeries = {"agent_steps": STEPS, "rate": [0.0, 0.2, 0.41], "episodes": 512}
    statistics = dict.fromkeys(
        [
            *("boxes_away_prep", "boxes_away_play", "ramps_away_prep", "ramps_away_play"),
            *("hiders_locks_prep", "hiders_locks_play", "seekers_locks_play"),
        ],
        1.5,
    )
    stages: list[StageNumbers] = [
        {"agent_steps": step, "hidden": 0.5, "rates": dict.fromkeys(names(), 0.2), "statistics": dict(statistics)}
        for step in STEPS
    ]
    return {
        "run": name,
        "seed": 7,
        "scenario": "quadrant",
        "worlds": [{"begins": 0, "scenario": "quadrant"}],
        "without": [],
        "command": "hideseek train --run evening",
        "learned": ["hiders", "seekers"],
        "agent_steps": 3_000_000,
        "minutes": 2.0,
        "onsets": {**dict.fromkeys(names()), "door_blocked": onset},
        "random": {"hidden": rate(0.7)} | {one: rate(0.01) for one in names()},
        "final": {"hidden": rate(0.5)} | {one: rate(0.4 if one == "door_blocked" else 0.0) for one in names()},
        "lost": [{"strategy": "chase", "agent_steps": 1_000_000, "rate": 0.6, "now": 0.1}],
        "alarms": [{"side": "hiders", "agent_steps": 2_000_000, "jump": 0.25}],
        "goals": [],
        "necessity": {"boxes": {"mean": 0.33, "low": 0.3, "high": 0.36}},
        "sufficiency": {
            "door_blocked": {"hidden": rate(0.62), "random": rate(0.14), "gain": rate(0.48), "episodes": 90}
        },
        "panel": [{"agent_steps": step, "hiders": rate(0.6), "seekers": rate(0.4)} for step in STEPS],
        "series": {"door_blocked": series},
        "hidden": series,
        "stages": stages,
        "unknown": [],
    }


def test_goals_over_training_stand_beside_the_onsets(recording: Recording):
    aims = {"hidden": 1.0, "sealed": 3.25, "locked": 0.0, "distance": 0.0}
    shown = [
        {"training": {"lock": 0.1 + k, "<carry>": 0.0}, "no-seekers": {"lock": 0.05, "<carry>": 0.4}} for k in (0, 1)
    ]
    stages: list[GoalsStage] = [
        {"agent_steps": 10**6 * (k + 1), "shown": one, "aims": aims} for k, one in enumerate(shown)
    ]
    page = report_page([{**run_data(), "goals": stages}], {"door_blocked": recording}, [[]])
    assert "came to want" in page and "came to want" not in report_page([run_data()], {"door_blocked": recording}, [[]])
    rows = re.findall(r"<tr>(.*?)</tr>", page)
    assert any("lock, training" in row and "0.10" in row and "1.10" in row for row in rows)
    assert any("&lt;carry&gt;, no-seekers" in row and "0.40" in row for row in rows)
    assert any("sealed" in row and "3.2" in row for row in rows)


def test_the_page_says_when_whether_it_is_real_and_what_was_lost(recording: Recording):
    page = report_page([run_data()], {"door_blocked": recording}, [[]])
    text = re.sub(r"<[^>]+>", " ", page)
    assert "At the end no hider is seen in 50% (47 to 53) of the play (untrained teams: 70%)" in text
    assert "door blocked (40% of their episodes, 1.0% of untrained teams')" in html.unescape(text)
    assert "Learned and lost again: chase." in text
    assert "It set in after 2.0 M agent-steps (1.2 minutes of training)." in text
    assert "and that matters: without boxes the share of play hidden changes by -33 points (-36 to -30)." in text
    assert "stay hidden in 62% of the play; where nobody has built for them, in 14%" in text
    assert "+48 points (+45 to +51)" in text
    assert "60% at 1.0 M" in text and "hiders, +25 points hidden" in text
    assert page.count('class="hideseek-clip"') == 1


def test_the_curve_beside_a_date_goes_where_the_rate_went():
    page = report_page([run_data()], {}, [[]])
    line = re.search(r'<svg class="spark".*?<polyline points="(.*?)"/>.*?<circle cx="(.*?)" cy="(.*?)"', page)
    assert line and page.count('class="spark"') == 1
    points = [tuple(map(float, point.split(","))) for point in line[1].split()]
    heights = [y for _, y in points]
    assert len(points) == 3 and heights == sorted(heights, reverse=True)  # SVG's y grows downwards
    assert (float(line[2]), float(line[3])) == points[1]  # it set in at 2 M, the second of three points


def test_a_curve_ends_with_the_run():
    data: RunDocument = {**run_data(), "agent_steps": 2_000_000}
    points = re.search(r'<polyline points="(.*?)"/>', report_page([data], {}, [[]]))
    assert points and len(points[1].split()) == 2
    assert 'class="spark"' not in report_page([{**data, "agent_steps": 500_000}], {}, [[]])


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (
            -0.01,
            0.02,
            "which is not shown to matter: without boxes the share of play hidden changes by -0 points (-2 to +1)",
        ),
        (-0.4, -0.3, "and that matters: without boxes the share of play hidden changes by +35 points (+30 to +40)"),
    ],
)
def test_the_verdict_follows_the_interval(low: float, high: float, verdict: str):
    data = run_data()
    data["necessity"]["boxes"] = {"mean": (low + high) / 2, "low": low, "high": high}
    assert verdict in report_page([data], {}, [[]])


def test_a_strategy_that_is_gone_is_not_judged_by_its_tool():
    data = run_data()
    data["final"]["door_blocked"] = rate(0.05)
    assert "It needs" not in report_page([data], {}, [[]])


def test_what_a_short_run_could_not_date_is_not_called_absent():
    data = run_data()
    assert data["series"].keys() == {"door_blocked"}
    page = report_page([data], {}, [[]])
    assert "Too few updates to date, 48 are enough:" in page and "than in untrained teams:" not in page
    data["series"] = dict.fromkeys(names(), data["series"]["door_blocked"])
    page = report_page([data], {}, [[]])
    assert "Too few updates to date" not in page and "locked by hiders" in page.split("than in untrained teams:")[1]


def test_who_learned_is_said():
    data = run_data()
    assert "learned against each other" in report_page([data], {}, [[]])
    assert "Only the hiders learned" in report_page([{**data, "learned": ["hiders"]}], {}, [[]])


def test_all_worlds_of_a_run_are_named():
    data = run_data()
    plain = report_page([data], {}, [[]])
    assert "<td>quadrant</td>" in plain and "from starts that training never met" in plain
    data["worlds"].append({"begins": 2_000_000, "scenario": "quadrant:boxes=2"})
    page = report_page([data], {}, [[]])
    assert "<td>quadrant; beyond 2.0 M quadrant-two-boxes</td>" in page
    assert "<title>Another world at 2.0 M</title>" in page and page.count("Another world at") == 1
    assert "from starts of a run's last world that training never met" in page


def test_several_runs_stand_side_by_side():
    late, never = run_data("late"), run_data("never")
    onset = late["onsets"]["door_blocked"]
    assert onset
    onset["agent_steps"], onset["minutes"] = 2_500_000, 1.5
    never["onsets"]["door_blocked"] = None
    page = report_page([run_data("soon"), late, never], {}, [[], [], []])
    dates = "2.0 M and 2.5 M agent-steps (1.2 and 1.5 minutes of training) in soon and late, never in never."
    assert f"It set in after {dates}" in page
    assert re.search(r"<th>soon, [^<]*</th><th>late, [^<]*</th><th>never, ", page)
    row = re.search(r"<td>Door blocked</td>.*?</tr>", page).group()  # pyright: ignore[reportOptionalMemberAccess]
    assert re.search(r"<b>2.0 M</b>.*<b>2.5 M</b>.*<div>never", row)
    assert page.count("hideseek train") == 3


def test_a_level_that_untrained_teams_reach_is_not_dated():
    data = run_data()
    assert "10% at 2.0 M" in report_page([data], {}, [[]])
    data["random"]["door_blocked"] = rate(0.3)
    assert "10% at" not in report_page([data], {}, [[]])


def test_every_number_of_an_episode_has_words(recording: Recording):
    header = recording.header
    trace = trace_episode(header.slots, recording.layout, recording.states, recording.seen, header.preparation_ticks)
    for name in behaviour(trace):
        more, less = comparison(name, 1.0), comparison(name, -1.0)
        assert more != f"more {name} (+1.0 sd)" and "{" not in more + less and "_" not in more + less
        assert more.endswith("(+1.0 sd)") and less.endswith("(-1.0 sd)") and more[:-9] != less[:-9]


def test_what_is_missing_is_further_than_all_that_is_there(recording: Recording):
    """Two doors' widths across a hall of 16 m, or with no door at all."""
    header, layout = recording.header, recording.layout
    layout.floor[:], layout.doors[0, 0] = 16.0, (14.0, 14.0, 14.1, 14.5)
    layout.thing_exists[0, 1] = False
    found = {}
    for door in (True, False):
        layout.door_exists[:] = door
        trace = trace_episode(header.slots, layout, recording.states, recording.seen, header.preparation_ticks)
        found[door] = behaviour(trace)
    way = math.hypot(14.05 - 1.7, 14.25 - 1.0)
    assert found[True]["box_to_door_end"][0] == pytest.approx(way) and way > 10.0
    assert found[False]["box_to_door_end"][0] == pytest.approx(16.0 * math.sqrt(2.0))
    assert found[True]["hiders_from_mate"][0] < 5.0


@pytest.mark.parametrize("name", ["</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", '" onload="x'])
def test_names_are_text(name: str, recording: Recording):
    data = run_data(name)
    group: UnknownGroup = {
        "share_before": 0.0,
        "share_after": 0.2,
        "agent_steps": 1,
        "novelty": 2.0,
        "explained_by": [],
        "differs_in": [(name, 1.0)],
        "typical": [],
        "files": [],
        "named": name,
    }
    data["unknown"] = [group]
    page = report_page([data], {}, [[recording]])
    assert name not in page and "alert(1)</script>" not in page


def test_charts_are_xml_and_keep_within_their_frame():
    curves = [Curve("a & b", "#0072b2", STEPS, [0.0, 2.0, -1.0], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0])]
    chart = ElementTree.fromstring(line_chart("<title>", curves, "", [Mark(1_500_000, "x<y", "#ffffff")]))
    points = chart.find(".//polyline").get("points").split()  # pyright: ignore[reportOptionalMemberAccess]
    assert all(0 <= float(number) <= 920 for point in points for number in point.split(","))
    table = ElementTree.fromstring(heat_map("t", ["r<1>", "r2"], ["c1"], [[0.0], [1.0]], [[0.0], [0.0]]))
    fills = [cell.get("fill") for cell in table.iter("rect")]
    assert fills == ["#d55e00", "#0072b2"]


def short_run() -> RunDocument:
    """A run with one stage and too few updates for rates, in which hiders only lock."""
    data = run_data()
    data["onsets"], data["series"], data["hidden"] = dict.fromkeys(names()), {}, None
    data["panel"], data["stages"] = data["panel"][-1:], data["stages"][-1:]
    stage = data["stages"][0]
    stage["statistics"] |= dict.fromkeys(stage["statistics"], 0.0) | {"hiders_locks_prep": 1.5}
    return data


def test_a_chart_that_has_no_curve_says_why_and_one_point_is_seen():
    charts = ElementTree.fromstring(f"<div>{run_curves(short_run())}</div>").findall("figure")
    assert "Too few updates for a curve; 16 are enough." in "".join(charts[0].itertext())
    assert charts[0].find("svg") is None
    assert "one stage by now" in "".join(charts[1].itertext())
    for chart in charts[1:]:
        names_shown, dots = chart.findall(".//text[@class='name']"), chart.findall(".//circle")
        assert [dot.get("fill") for dot in dots] == [name.get("fill") for name in names_shown] != []
    assert charts[1].find(".//line[@stroke]") is not None, "the interval of a single point"


def test_nothing_is_drawn_of_what_never_was():
    data = short_run()
    data["stages"][0]["statistics"] |= {"hiders_locks_prep": 0.0}
    charts = ElementTree.fromstring(f"<div>{run_curves({**data, 'panel': []})}</div>").findall("figure")
    words = ["".join(chart.itertext()) for chart in charts]
    assert "Nobody seeks" in words[1] and "moved or locked" in words[2]
    assert not any(chart.findall(".//text") for chart in charts), "no axis of nothing"


def test_an_axis_of_few_steps_has_numbers():
    assert [steps_text(steps) for steps in (0, 300, 1000, 2_500_000)] == ["0", "300", "1 k", "2.5 M"]
    for last, ticks in ((23_134_208, ["0", "5.0 M", "10.0 M", "15.0 M", "20.0 M"]), (3, ["0", "1", "2", "3"])):
        chart = ElementTree.fromstring(line_chart("", [Curve("c", "#0072b2", [0, last], [0.0, 1.0])], ""))
        assert [text.text for text in chart.iter("text") if text.get("class") == "tick middle"] == ticks
    chart = ElementTree.fromstring(line_chart("", [Curve("c", "#0072b2", [0, 9], [0.0, 1.0])], "", top=3.0))
    words = [text.text for text in chart.iter("text") if text.get("class") == "tick end"]
    assert words == ["0", "1", "2", "3"], "2.25 is not 2.3"


def test_a_tournament_has_a_page():
    forgotten: Forgotten = {
        "team": "run 1.0 M",
        "best": "random",
        "against": "x",
        "hidden_before": 0.9,
        "hidden_after": 0.7,
        "drop": 0.2,
    }
    found: TournamentDocument = {
        "hiders": ["random", "run 1.0 M"],
        "seekers": ["random", "run 1.0 M"],
        "hidden": [[0.7, 0.3], [0.9, 0.8]],
        "runs": ["run"],
        "runs_of_one_stage": [],
        "standard_error": [[0.01, 0.02], [0.01, 0.01]],
        "episodes": 200,
        "ratings": {"hiders": {"random": 0.0, "run 1.0 M": 2.5}, "seekers": {"random": 0.0, "run 1.0 M": 1.25}},
        "cyclic_share": 0.125,
        "forgotten": [forgotten],
    }
    page = tournament_page(found)
    assert "12.5%" in page and "20 points" in page and "random against run 1.0 M: hidden 30.0 ± 3.9 %" in page
    assert "+2.50" in page and "nothing was forgotten" not in page
    assert "nothing was forgotten" in tournament_page({**found, "forgotten": []})
    assert "forgotten" not in tournament_page({**found, "forgotten": [], "runs": []}), "single teams have no stages"
    alone: TournamentDocument = {**found, "forgotten": [], "runs_of_one_stage": ["run"]}
    page_alone = tournament_page(alone)
    assert "nothing was forgotten" not in page_alone and "run takes part with one stage" in page_alone
    beside = tournament_page({**alone, "runs": ["run", "other"]})
    assert "nothing was forgotten" in beside and "run takes part with one stage" in beside
    assert "log-odds" in page


def test_the_last_name_over_a_heat_map_is_within_its_frame():
    name = "quadrant-2 123,456,789 steps"
    chart = ElementTree.fromstring(heat_map("t", ["r"], ["c", name], [[0.5, 0.5]], [[0.0, 0.0]]))
    svg, label = chart.find("svg"), next(text for text in chart.iter("text") if text.text == name)
    assert svg is not None
    left = float(label.get("transform", "").partition("(")[2].split()[0])
    slanted = 6.3 * len(name) * 0.7071  # letters are 6.3 wide in the mean, and the text rises by 45 degrees
    assert left + slanted <= float(svg.get("viewBox", "").split()[2])


def test_long_names_keep_the_ends_in_which_they_differ():
    names = [f"/far/away/{'deep/' * 6}{run} 1,000,000" for run in ("a-run", "b-run")]
    chart = ElementTree.fromstring(heat_map("t", names, ["c"], [[0.5], [0.5]], [[0.0], [0.0]]))
    shown = [text.text for text in chart.iter("text") if text.get("class") == "tick end"]
    assert shown[0] != shown[1] and all(text and text.endswith("-run 1,000,000") for text in shown)
