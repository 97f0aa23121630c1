"""Which checkpoints and recordings of a run are kept: the whole run stays visible, in a bounded number of files."""

from collections.abc import Collection, Mapping, Sequence

from replays.format.metrics import LEVELS, SMOOTHED

KEPT_ONSETS = ("robust_end", "fort_end")
"""The rates of metrics.jsonl whose onsets are kept, see `replays.format.metrics.LEVELS`."""


def thin(steps: Sequence[int], most: int, marked: Collection[int] = ()) -> list[int]:
    """The agent-steps to keep, at most `most` of the ascending `steps`.

    The first and the last are kept, then the `marked` ones as far as there is room, and of the others those that leave
    the smallest gaps: whichever lies in the narrowest gap goes first.
    """
    kept = list(steps)
    fixed = set(sorted(set(marked) & set(kept))[: max(most - 2, 0)])
    while len(kept) > most:
        inner = [k for k in range(1, len(kept) - 1) if kept[k] not in fixed]
        if not inner:
            return kept[-most:] if most < 2 else [kept[0], *sorted(fixed)[: most - 2], kept[-1]]
        kept.pop(min(inner, key=lambda k: (kept[k + 1] - kept[k - 1], k)))
    return kept


class Onsets:
    """Finds the onsets of strategies while metrics come in, line by line."""

    def __init__(self) -> None:
        self.steps: list[int] = []
        """Agent-steps at which a rate first reached a level."""
        self._recent: dict[str, list[float]] = {name: [] for name in KEPT_ONSETS}
        self._reached: set[tuple[str, float]] = set()

    def add(self, line: Mapping[str, object]) -> None:
        """Takes in one line of metrics; what is missing or no number in it does not count."""
        for name, recent in self._recent.items():
            value = line.get(name)
            if not isinstance(value, float):
                continue
            recent.append(value)
            del recent[:-SMOOTHED]
            for level in LEVELS:
                if (name, level) in self._reached or len(recent) < SMOOTHED:
                    continue
                if sum(recent) / SMOOTHED >= level:
                    self._reached.add((name, level))
                    self.steps.append(int(str(line["agent_steps"])))

    def around(self, steps: Sequence[int]) -> set[int]:
        """Of ascending steps, the last before each onset and the first from it on."""
        found = set()
        for onset in self.steps:
            before = [step for step in steps if step < onset]
            after = [step for step in steps if step >= onset]
            found |= {*before[-1:], *after[:1]}
        return found
