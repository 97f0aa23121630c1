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
    """In how many scenes the strategy is found, in every image of the world."""
    return sum(bool(found(name, scene, symmetry)) for scene in scenes for symmetry in range(SYMMETRIES))


def main() -> None:
    print("| strategy | positive | found | negative | invented | precision | recall |")
    print("|---|---|---|---|---|---|---|")
    for name in names():
        positive, negative = scenes_of(name)
        right, wrong = count_found(name, positive), count_found(name, negative)
        many, others = SYMMETRIES * len(positive), SYMMETRIES * len(negative)
        rates = f"{right / max(right + wrong, 1):.3f} | {right / many:.3f}"
        print(f"| {name} | {many} | {right} | {others} | {wrong} | {rates} |", flush=True)


if __name__ == "__main__":
    main()
