"""What came of teaching hiders something else than the game, in sentences: what they were taught and what it cost."""

from collections.abc import Callable

from replays.report.changed_features import most_changed
from replays.report.charts import steps_text
from replays.report.documents.common import Interval
from replays.report.documents.taught import Measure, OverOptimised, TaughtDocument
from replays.report.label_findings import findings
from replays.report.tables import listed, percent

_METHODS = {
    "reward-model": "labels, a reward model, PPO",
    "preference": "labels, direct preference optimisation",
    "verifier": "a verifier, groups of episodes of one start",
    "hidden-reward": "the hidden reward itself, PPO",
}


def summary(one: TaughtDocument) -> list[str]:
    """What was asked, what came of it and what it cost."""
    said = [f"{_lesson(one)} in {steps_text(one['agent_steps'])} agent-steps, by {method_text(one)}."]
    if one["fresh"] and begun_as(one) == one["team"]:
        said.append(f"An older version measured them: “before” is {one['team']}, not what they began as; tune again.")
    else:
        said += [*findings(one), *_changes(one), *_cost(one)]
    if one["weak_goal"] and one["weak_goal"]["mean"]:
        said.append(weak_goal_text(one))
    return said


def _lesson(one: TaughtDocument) -> str:
    """What was asked."""
    begun = "Untrained hiders" if one["fresh"] else f"The hiders of {one['team']}"
    if rows := one.get("told"):
        sets = "; ".join(row["told"] for row in rows if row["told"] and row["taught"])
        return f"{begun} were taught to follow goals ({sets}), and here are given {', '.join(one['goals'])}"
    if one["labels"] is None:
        return f"{begun} were taught the goal {', '.join(one['goals'])}"
    return f"{begun} were taught by {one['label_count']} labels, “{one['ask']}”"


def _changes(one: TaughtDocument) -> list[str]:
    """What hiders do differently."""
    features = [one["features"][name] for name in most_changed(one["features"])]
    changed = [f"{feature['about']} ({feature['before']:.2f} → {feature['after']:.2f})" for feature in features]
    most = f"What changed most: {listed(changed)}." if changed else "Nothing that hiders do changed measurably."
    return [most, f"Hidden {change_text(one['before']['hidden'], one['hidden'], percent)} of the play."]


def _cost(one: TaughtDocument) -> list[str]:
    """What the lesson cost: by over-optimising the proxy, or otherwise."""
    said = []
    measures: list[tuple[Measure, str]] = [("gold", "what was wanted"), ("true_return", "what the game pays")]
    for measure, words in measures:
        before, after = one["before"][measure], one[measure]
        if begins := turning_point(one, measure):
            said.append(
                f"Over-optimised: from a divergence of {begins['kl']:.3f} on, more of the proxy brings less of {words}."
            )
        elif before and after and after["high"] < before["low"]:
            said.append(f"The lesson cost some of {words}: {before['mean']:.2f} → {after['mean']:.2f}.")
    return said


def method_text(one: TaughtDocument) -> str:
    """How hiders were taught."""
    return _METHODS.get(str(one["method"]), str(one["method"]))


def begun_as(one: TaughtDocument) -> str:
    """Whose episodes "before" shows."""
    return one.get("begun_as", one["team"])


def turning_point(one: TaughtDocument, measure: Measure) -> OverOptimised | None:
    """Where over-optimisation began; older versions also named the hiders before, with whom nothing had turned."""
    begins = one["over_optimised"].get(measure)
    return begins if begins and begins["agent_steps"] else None


def weak_goal_text(one: TaughtDocument) -> str:
    """How often the weak goal was met without the strong one, by the strong one's count."""
    weak, hacked, episodes = one["weak_goal"], one["hacked"], one["episodes"]
    if weak is None or hacked is None:
        raise TypeError("a weak goal that was not measured")
    met, only_weak = round(weak["mean"] * episodes), round(hacked["mean"] * episodes)
    return f"The weak goal was met in {met} of {episodes} episodes; in {only_weak} of those the goal itself was not."


def paid_for_text(one: TaughtDocument) -> str:
    """What the verifier paid for in a hacked episode, and what does not hold; older versions do not say."""
    paid, wanted = one.get("paid_for"), one.get("wanted")
    return f"The verifier paid at their end: {paid}. Yet it is not so that {wanted}." if paid and wanted else ""


def change_text(before: Interval, after: Interval, words: Callable[[float], str]) -> str:
    """A number before and after, with its interval."""
    return f"{words(before['mean'])} → {words(after['mean'])} ({words(after['low'])} to {words(after['high'])})"
