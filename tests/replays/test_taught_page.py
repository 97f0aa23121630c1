"""The page of teams that were taught: what it says of each way, and that nothing from a file is HTML on it."""

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from replays.format.recording import read
from replays.report.documents.common import Interval
from replays.report.documents.taught import UNTRAINED, GoalFollowing, TaughtDocument
from replays.report.kl_chart import KlCurve, kl_chart
from replays.report.taught_page import TaughtRun, taught_page
from tests.replays.taught import asked, feature, figures, labelled, point, span

CLIP = read(Path(__file__).parents[2] / "replays" / "gallery" / "behind-a-box.npz")
HOSTILE = "</script><img src=x onerror=alert(1)>"


def run(name: str, data: TaughtDocument, hacked: bool = False) -> TaughtRun:
    return TaughtRun(name, data, [CLIP, CLIP], [CLIP, CLIP], [CLIP, CLIP] if hacked else [])


def test_the_ways_stand_beside_each_other():
    page = taught_page([run("closer", labelled()), run("other", labelled(method="preference"))])
    assert "48 labels, “Which?”" in page and "direct preference optimisation" in page
    assert "89% of 36" in page and "0.50 → 0.90 (0.88 to 0.92)" in page
    assert re.search(r"<td>55%</td><td>50%</td><td>4</td>", page) and page.count("<td>95%</td><td>100%</td>") == 2
    assert page.count("<details open>") + page.count("<details>") >= 2, "a part for each start"
    clips = page.count('<figure class="hideseek-clip"')
    assert clips == 2 * (1 + 2), "before, and each run, from each start"
    assert page.count("The hiders of quadrant-block") == 2 and "The verifier paid here" not in page


def test_before_is_what_hiders_began_as():
    page = taught_page([run("fresh", figures(point(0.0), point(0.1), fresh=True, begun_as=UNTRAINED))])
    assert "<h3>untrained hiders, before</h3>" in page and "older version" not in page
    page = taught_page([run("old", figures(point(0.0), point(0.1), fresh=True))])
    assert "<h3>quadrant-block, before</h3>" in page and "“before” is quadrant-block, not what they began as" in page
    assert "What changed most" not in page and "The lesson cost" not in page, "they never were that team"


def test_the_page_of_labels_leads_with_what_was_asked_and_whether_it_was_learned():
    page = taught_page([run("closer", asked())])
    lesson = (
        "Less of one quantity, how far hiders are from each other, is what 94% (92 to 96) of 36 labels prefer, and it "
        "went 0.70 → 0.50: learned. A reward model of the labels prefers what hiders do after to what they did before "
        "in 80% (78 to 82) of 100 episodes from the same starts. What changed most"
    )
    assert lesson in page and "89% (87 to 91) of 36" in page and "Warning" not in page
    first_row = page[page.index("<h2>What hiders do differently") :].split("<tr>")[2]
    assert first_row.startswith("<td>how far hiders are from each other")
    still = {"mates_apart": feature("how far hiders are from each other", 0.7, 0.69, 0.02)}
    assert "0.70 → 0.69: not learned" in taught_page([run("closer", asked(features=still))])
    away = {"mates_apart": feature("how far hiders are from each other", 0.7, 0.9, 0.02)}
    assert "0.70 → 0.90: the opposite was learned" in taught_page([run("closer", asked(features=away))])
    assert "No single quantity explains the answers." in taught_page([run("closer", asked(asked=None))])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"predicted": {"mean": 0.625, "low": 0.306, "high": 0.863}, "held_out": 8}, "62% are predicted (31 to 86)"),
        ({"label_count": 2}, "2 labels are few"),
        ({"repeats": {"same": 0, "of": 1}}, "only 0 of 1 repeated questions got the same answer again"),
    ],
)
def test_labels_that_may_say_nothing_come_with_a_warning(changes: dict, words: str):
    assert f"Warning: {words}" in taught_page([run("mine", asked(**changes))]).replace(
        "not shown to be better than guessing: of 8 held-out labels ", ""
    )


def test_a_dashed_line_is_named_where_it_is_drawn():
    page = taught_page([run("closer", labelled())])
    assert "dashed" not in page and "<h2>The proxy, and what the game pays" in page
    page = taught_page([run("closer", labelled()), run("weak", figures(point(0.0, gold=0.1), point(0.1, gold=0.2)))])
    assert "; dashed: the goal itself" in page and "dashed: what was wanted" not in page


def test_what_changed_surely_is_named():
    page = taught_page([run("closer", labelled())])
    assert "What changed most: how far hiders are from each other (0.70 → 0.50)." in page
    assert "<b>0.70 → 0.50</b>" in page and "<b>1.00 → 1.01</b>" not in page and "1.00 → 1.01" in page
    still = {"hider_speed": feature("how fast hiders move", 1.0, 1.01, 0.02)}
    assert "Nothing that hiders do changed measurably." in taught_page([run("closer", labelled(features=still))])


def test_what_rounds_to_nothing_is_no_change():
    unseen = {"hands": feature("share of seekers that hold something", 0.0, 0.002, 0.001)}
    page = taught_page([run("closer", labelled(features=unseen))])
    assert "Nothing that hiders do changed measurably." in page and "<b>0.00" not in page


def test_a_weak_goal_is_judged_by_the_strong_ones_count():
    goals = {"weak_goal": 0.4, "hacked": 0.3, "goal": 0.1, "proxy": 0.4, "gold": 0.1}
    said = {"paid_for": "a locked box lies near every door", "wanted": "a locked thing blocks every door"}
    data = figures(point(0.0, **goals), point(0.01, **goals), **said)
    page = taught_page([run("weak", data, hacked=True)])
    assert "paid at their end: a locked box lies near every door. Yet it is not so that a locked thing blocks" in page
    assert page.index("<h2>The verifier paid here") < page.index("<h2>The same starts")
    words = "The weak goal was met in 40 of 100 episodes; in 30 of those the goal itself was not."
    assert page.count(words) == 2 and "<td>25%</td>" in page
    assert page.count("<td>40% → 40% (38% to 42%)</td>") == 1 and "<td>proxy</td>" not in page, "each figure once"
    assert page.count('<figure class="hideseek-clip"') == 2 * 2 + 2


def told_row(told: str | None, taught: bool, sealed: float) -> GoalFollowing:
    return {"told": told, "taught": taught, "met": {"sealed": span(sealed), "apart,<b>": span(0.3)}}


def test_what_was_told_stands_against_what_was_met():
    rows = [told_row(None, False, 0.9), told_row("sealed", True, 0.8), told_row("apart,<b>", False, 0.7)]
    page = taught_page([run("obedient", figures(point(0.0), point(0.1), goals=["sealed"], told=rows))])
    assert "were taught to follow goals (sealed), and here are given sealed" in page
    assert "<th>sealed met</th><th>apart and &lt;b&gt; met</th>" in page
    cells = re.findall(r"<tr>(<td>(?:before|sealed<|apart).*?)</tr>", page)
    assert cells == [
        "<td>before</td><td>90% (88 to 92)</td><td>30% (28 to 32)</td>",
        "<td>sealed</td><td><b>80% (78 to 82)</b></td><td>30% (28 to 32)</td>",
        "<td>apart and &lt;b&gt; (not in training)</td><td>70% (68 to 72)</td><td><b>30% (28 to 32)</b></td>",
    ]
    assert "Goals given, and met" not in taught_page([run("plain", figures(point(0.0), point(0.1)))])


def test_over_optimisation_is_said_and_marked():
    gold = [point(kl, proxy=kl, gold=value) for kl, value in ((0.0, 0.2), (0.02, 0.5), (0.08, 0.3))]
    begins = {"kl": 0.02, "agent_steps": 100, "lost": 0.2}
    data = labelled(curve=gold, over_optimised={"gold": begins, "true_return": None})
    page = taught_page([run("closer", data)])
    assert "from a divergence of 0.020 on, more of the proxy brings less of what was wanted" in page
    assert page.count("<title>from here on") == 1 and page.count("stroke-dasharray") >= 1
    assert "<title>from here on" not in taught_page([run("closer", labelled(curve=gold))])


def test_what_fell_from_the_beginning_is_a_cost():
    none = {"kl": 0.0, "agent_steps": 0, "lost": 0.2}  # older versions wrote that
    data = figures(point(0.0), point(0.1, true_return=0.3), over_optimised={"gold": None, "true_return": none})
    page = taught_page([run("closer", data)])
    assert "Over-optimised" not in page and "<title>from here on" not in page
    assert "The lesson cost some of what the game pays: 0.60 → 0.30." in page
    assert "The lesson cost" not in taught_page([run("closer", figures(point(0.0), point(0.1, true_return=0.59)))])


@pytest.mark.parametrize("field", ["team", "ask", "command", "method", "name", "goals", "about"])
def test_words_from_files_are_text(field: str):
    data = labelled()
    if field == "about":
        data["features"]["mates_apart"]["about"] = HOSTILE
    elif field == "goals":
        data = figures(point(0.0), point(0.1), goals=[HOSTILE])
    elif field != "name":
        data[field] = HOSTILE
    page = taught_page([run(HOSTILE if field == "name" else "closer", data)])
    assert HOSTILE not in page and "<img" not in page


def test_a_chart_is_xml_and_keeps_within_its_frame():
    curves = [
        KlCurve("a & b", "#0072b2", [0.0, 0.013, 0.07], [span(-3.0), span(0.0), span(41.0)], True, 0.013),
        KlCurve("one point", "#d55e00", [0.0], [span(0.0)]),
    ]
    chart = ElementTree.fromstring(kl_chart("<title>", curves, False))
    for line in chart.iter("polyline"):
        assert all(0 <= float(number) <= 920 for pair in line.get("points", "").split() for number in pair.split(","))
    heights = [float(text.get("y", "")) for text in chart.iter("text") if text.get("class") == "name"]
    assert len(heights) == 2 and abs(heights[0] - heights[1]) >= 14
    ticks = [text.text for text in chart.iter("text") if text.get("class") == "tick end"]
    assert ticks[0] == "-10.00" and ticks[-1] == "50.00"


@pytest.mark.parametrize(("low", "high"), [(-0.15, 0.01), (0.863, 0.934), (0.9, 0.9), (-3.0, 41.0), (0.101, 0.104)])
def test_the_numbers_at_an_axis_are_round_and_no_two_are_alike(low: float, high: float):
    curve = KlCurve("one", "#0072b2", [0.0, 0.0035], [Interval(mean=low, low=low, high=high)] * 2)
    chart = ElementTree.fromstring(kl_chart("", [curve], False))
    words = [text.text or "" for text in chart.iter("text") if text.get("class") == "tick end"]
    steps = {round(float(after) - float(before), 6) for before, after in pairwise(words)}
    assert len(steps) == 1 and 2 <= len(words) <= 10
    (step,) = steps
    assert f"{step:e}"[0] in "125" and float(words[0]) / step == pytest.approx(round(float(words[0]) / step))
    assert float(words[0]) <= low and float(words[-1]) >= high
