"""Which features of hiders were changed by tuning, see `policies.preferences.tuning_evaluation`."""

from collections.abc import Mapping

from replays.report.documents.taught import FeatureChange

_NAMED = 2
"""Most features that a summary names."""
_LEAST_CHANGE = 0.01
"""What is shown has two digits: a smaller change would read "0.00 -> 0.00"."""
_LEAST_SPREAD = 0.02
"""In metres, shares or metres a second: a feature that hardly varied before is no news if it changes by a hundredth."""


def size_of_change(feature: FeatureChange) -> float:
    """How much a feature changed, in its spread over episodes before."""
    return abs(feature["change"]["mean"]) / max(feature["spread"], _LEAST_SPREAD)


def is_sure(feature: FeatureChange) -> bool:
    """Whether a feature surely changed, and by enough to be seen: the interval of the change leaves out 0."""
    change = feature["change"]
    return abs(change["mean"]) >= _LEAST_CHANGE and (change["low"] > 0 or change["high"] < 0)


def most_changed(features: Mapping[str, FeatureChange]) -> list[str]:
    """The names of the features that a summary names: those that changed most, and surely."""
    by_size = sorted(features, key=lambda name: -size_of_change(features[name]))
    return [name for name in by_size if is_sure(features[name])][:_NAMED]
