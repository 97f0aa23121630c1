"""How often each detector is right about the scenes of its test: `python -m tests.replays.strategies.accuracy`.

Prints the table of precision and recall for the log.
"""

from collections.abc import Sequence
from importlib import import_module

from replays.strategies.catalogue import names
from tests.replays.strategies.scenes import Scene, found
from tests.replays.strategies.symmetries import SYMMETRIES


def scenes_of(name: str) -> tuple[list[Scene], list[Scene]]:
    """The scenes that show a strategy, and those that do not."""
    module = import_module(f"tests.replays.strategies.test_{name}")
    return module.POSITIVE, module.NEGATIVE


def count_found(name: str, scenes: Sequence[Scene]) -> int:
    """In how many scenes the strategy is found, each looked at in the image that its test looks at."""
    return sum(bool(found(name, scene, k % SYMMETRIES)) for k, scene in enumerate(scenes))


def main() -> None:
    print("| strategy | show it | found | do not | invented | precision | recall |")
    print("|---|---|---|---|---|---|---|")
    for name in names():
        positive, negative = scenes_of(name)
        right, wrong = count_found(name, positive), count_found(name, negative)
        rates = f"{right / max(right + wrong, 1):.3f} | {right / len(positive):.3f}"
        print(f"| {name} | {len(positive)} | {right} | {len(negative)} | {wrong} | {rates} |", flush=True)


if __name__ == "__main__":
    main()
