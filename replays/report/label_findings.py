"""What labels asked for, whether it was learned, and what makes that doubtful, in sentences of pages and terminals."""

from replays.report.changed_features import is_sure
from replays.report.documents.taught import FeatureChange, TaughtDocument
from replays.report.tables import percent, rate_text

_FEW_LABELS = 12


def asked_change(one: TaughtDocument) -> FeatureChange | None:
    """The feature that orders the labels best, before and after; None where none does."""
    asked = one.get("asked")
    return one["features"][asked["name"]] if asked else None


def findings(one: TaughtDocument) -> list[str]:
    """What was asked and whether it was learned; nothing without labels, or in figures of older versions."""
    said = []
    asked, change, preferred = one.get("asked"), asked_change(one), one.get("preferred")
    if asked and change:
        way = "more" if asked["more"] else "less"
        said.append(
            f"{way.capitalize()} of one quantity, {change['about']}, is what {rate_text(asked['predicted'])} of "
            f"{asked['pairs']} labels prefer, and it went {change['before']:.2f} → {change['after']:.2f}: "
            f"{_outcome(change, asked['more'])}."
        )
    elif preferred:
        said.append("No single quantity explains the answers.")
    if preferred:
        said.append(
            "A reward model of the labels prefers what hiders do after to what they did before in "
            f"{rate_text(preferred)} of {one['episodes']} episodes from the same starts."
        )
    return said


def _outcome(change: FeatureChange, more: bool) -> str:
    if not is_sure(change):
        return "not learned, as far as can be measured"
    return "learned" if (change["change"]["mean"] > 0) == more else "the opposite was learned"


def doubts(one: TaughtDocument) -> list[str]:
    """Why what the labels teach is not to be trusted."""
    found = []
    predicted, count, repeats = one.get("predicted"), one["label_count"], one.get("repeats")
    if predicted and predicted["low"] <= 0.5:
        found.append(
            f"not shown to be better than guessing: of {one['held_out']} held-out labels {percent(predicted['mean'])} "
            f"are predicted ({100 * predicted['low']:.0f} to {100 * predicted['high']:.0f}), and guessing gets 50%"
        )
    if count is not None and count < _FEW_LABELS:
        found.append(f"{count} labels are few; give {_FEW_LABELS} or more with hideseek rank")
    if repeats and 2 * repeats["same"] < repeats["of"]:
        found.append(f"only {repeats['same']} of {repeats['of']} repeated questions got the same answer again")
    return found
