"""Figures of taught teams, made by hand."""

from typing import Any, cast

from replays.report.documents.common import Interval
from replays.report.documents.taught import CurvePoint, FeatureChange, TaughtDocument


def span(mean: float) -> Interval:
    return {"mean": mean, "low": mean - 0.02, "high": mean + 0.02}


def point(kl: float, **measures: float | None) -> CurvePoint:
    usual = {"proxy": 0.5, "gold": None, "goal": None, "weak_goal": None, "hacked": None, "hidden": 0.9}
    usual |= {"sealed": 0.8, "locked": 0.7, "true_return": 0.6} | measures
    found = {name: None if mean is None else span(mean) for name, mean in usual.items()}
    return cast(CurvePoint, {"agent_steps": 0, "kl": kl, **found})


def figures(before: CurvePoint, after: CurvePoint, **changes: Any) -> TaughtDocument:
    found = {
        "method": "verifier",
        "team": "quadrant-block",
        "seed": 0,
        "fresh": False,
        "leash": 0.05,
        "goals": ["weak_doors_locked"],
        "groups_skipped": 0.25,
        **dict.fromkeys(("labels", "ask", "label_count", "accuracy", "held_out", "calibration")),
        "command": "hideseek tune quadrant-block",
        "episodes": 100,
        **after,
        "agent_steps": 500_000,
        "before": before,
        "curve": [before, after],
        "over_optimised": {"gold": None, "true_return": None},
        "features": {
            "mates_apart": feature("how far hiders are from each other", 0.7, 0.5, 0.02),
            "hider_speed": feature("how fast hiders move", 1.0, 1.01, 0.02),
        },
        **changes,
    }
    return cast(TaughtDocument, found)


def feature(about: str, before: float, after: float, half: float) -> FeatureChange:
    change = after - before
    interval: Interval = {"mean": change, "low": change - half, "high": change + half}
    return {"about": about, "before": before, "after": after, "change": interval, "spread": 0.1}


def labelled(**changes: Any) -> TaughtDocument:
    said = {"labels": "closer.jsonl", "ask": "Which?", "label_count": 48, "accuracy": 0.89, "held_out": 36}
    said |= {
        "method": "reward-model",
        "goals": [],
        "groups_skipped": None,
        "calibration": [[0.55, 0.5, 4], [0.95, 1.0, 32]],
    }
    return figures(point(0.0), point(0.05, proxy=0.9), **said | changes)


def asked(**changes: Any) -> TaughtDocument:
    """Of labels that ask for less of `mates_apart`."""
    apart = {"name": "mates_apart", "more": False, "predicted": span(0.94), "pairs": 36}
    said = {"asked": apart, "preferred": span(0.8), "predicted": span(0.89), "repeats": {"same": 5, "of": 6}}
    return labelled(**said | changes)
