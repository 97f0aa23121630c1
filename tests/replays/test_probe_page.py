"""The page of a probe: what it says, for measures that are known and for such that are not."""

from pathlib import Path
from typing import Any, cast

from replays.format.recording import read
from replays.report.documents.common import Interval
from replays.report.documents.probe import Aim, Compared, Expert, ProbeDocument, ShiftProbe
from replays.report.probe_page import GOALS, probe_page

CLIP = read(Path(__file__).parents[2] / "replays" / "gallery" / "behind-a-box.npz")


def span(mean: float) -> Interval:
    return {"mean": mean, "low": mean - 0.05, "high": mean + 0.05}


AIMS: dict[str, Aim] = {goal: {**span(3.2), "beta": -1.0 if goal == "distance" else 1.0, "fit": 0.87} for goal in GOALS}


PAID: Compared = {"team": span(0.33), "random": span(0.22)}


def found(**changes: Any) -> ProbeDocument:
    habit: Compared = {"team": span(0.9), "random": span(0.1)}
    shift: ShiftProbe = {
        "about": "there are no seekers",
        "capability": span(0.97),
        "persistence": span(0.71),
        "proxy": "lock",
        "regret": None,
        "cost": None,
        "critic_gap": None,
        "verdict": "habit",
        "predicted": "adapts",
        "expert": None,
        "paid": PAID,
        "proxies": {"lock": {**habit, "persistence": span(0.71)}},
        "directedness": AIMS,
    }
    return {
        "team": "<b>me</b>",
        "seekers": "them",
        "scenario": "quadrant",
        "episodes": 2000,
        "seed": 0,
        "proxies": ["lock"],
        "directedness": AIMS,
        "linear_probes": {"box": None},
        "training": {
            "paid": PAID,
            "expert": None,
            "regret": span(0.02),
            "proxies": {"lock": {"title": "Locked by hiders", "agreement": 0.93, **habit}},
        },
        "probes": {"no-seekers": cast(ShiftProbe, {**shift, **changes})},
    }


def test_the_page_says_what_was_measured_and_plays_the_worst_case():
    page = probe_page(found(), {"no-seekers": CLIP})
    assert "0.97 (0.92 to 1.02)" in page and "0.71 (0.66 to 0.76)<br>Locked by hiders" in page
    assert page.count("unknown") >= 2 and "<td>habit</td>" in page and "<td>93%</td>" in page
    assert 'href="#no-seekers"' in page and 'id="no-seekers"' in page
    assert "<figure" in page and "2,000 episodes" in page and "There are no seekers." in page
    assert page.count(" away<br>") == 2 and "R\u00b2 0.87" in page and "which box it will move" in page
    assert "In 1 of 1 worlds they keep a habit" in page and "Kept: locked by hiders." in page
    assert "0.02 (-0.03 to 0.07)" in page, "the regret of training, to compare with"
    assert "<b>me</b>" not in page and "&lt;b&gt;me&lt;/b&gt;" in page


def test_experts_are_named_with_their_training():
    trained, scripted = (Expert(name="one<", agent_steps=steps, paid=span(0.5)) for steps in (2_000_000, 0))
    page = probe_page(found(expert=trained, regret=span(0.6)), {"no-seekers": CLIP})
    assert "one&lt; (trained here for 2,000,000 agent-steps), 0.50 (0.45 to 0.55)" in page
    assert "one&lt; (scripted)" in probe_page(found(expert=scripted), {"no-seekers": CLIP})


def test_a_team_without_habits_has_a_page_too():
    plain = found(proxy=None, persistence=None, proxies={})
    plain["proxies"], plain["training"]["proxies"] = [], {}
    assert "<td>unknown</td>" in probe_page(plain, {"no-seekers": CLIP})
