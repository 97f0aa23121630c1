"""Pairs of clips for a person to compare: recordings of one start, at the same ticks, that move differently.

A pair is the easier to judge the more its clips differ (SENIOR, arXiv 2506.14648, chooses pairs by distinct motion).
Here the distinctness of a pair is how far apart the same bodies have moved since the first tick of the clips, in
metres: the mean over ticks of the mean over agents plus the sum over boxes and ramps. Every thing that is locked at the
end of one clip only adds half a metre.
"""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from replays.format.recording import read
from replays.questions import Clip, hash_of
from sim.errors import UserError
from sim.state import X, Y

CLIP_TICKS = 20
MOST_RECORDINGS = 1_000
"""No more of a folder are paired; all of them are in memory for a while."""
_LOCK_M = 0.5
_LEAST_M = 0.1
"""Clips that differ less look the same."""
_CLIPS = 3
"""Most pairs of clips of one pair of recordings; they do not overlap."""
_PARTNERS = 4
"""If no two recordings have a start in common, each is paired with this many others."""


class ClipPair(NamedTuple):
    """Two clips to compare."""

    left: Clip
    right: Clip
    distinctness_m: float


class _Source(NamedTuple):
    """A recording, as far as pairs need it."""

    path: Path
    sha256: str
    scenario: str
    start: bytes
    """Layout and first state: the same for recordings of one start."""
    agents: np.ndarray
    """float64 [T + 1, agent, 2]: those that take part."""
    things: np.ndarray
    """float64 [T + 1, thing, 2]"""
    lock: np.ndarray
    """int8 [T + 1, thing]"""


_Match = tuple[_Source, _Source]


def clip_pairs(paths: Sequence[Path], seed: int = 0) -> list[ClipPair]:
    """The pairs of clips in recordings, the most distinct of every start first, then the second of every start.

    Where no start occurs twice, recordings of the world that most of them have are paired.

    Args:
        paths: of the recordings.
        seed: which clip is on which side, and who is paired with whom where starts differ.

    Raises:
        UserError: a recording cannot be read, or there are no two clips that differ.
    """
    random = np.random.default_rng(seed)
    sources = {source.sha256: source for source in map(_source, paths[:MOST_RECORDINGS])}
    rounds: dict[int, list[ClipPair]] = defaultdict(list)
    for matches in _matches(list(sources.values()), random):
        found = sorted((pair for match in matches for pair in _clips(*match)), key=lambda pair: -pair.distinctness_m)
        for number, pair in enumerate(found):
            rounds[number].append(pair)
    if not rounds:
        raise UserError(
            f"{_folder(paths)}: no two clips of {CLIP_TICKS} ticks that differ; give recordings of one world"
        )
    ordered = itertools.chain.from_iterable(
        sorted(rounds[number], key=lambda pair: -pair.distinctness_m) for number in sorted(rounds)
    )
    return [
        pair if keep else pair._replace(left=pair.right, right=pair.left)
        for pair, keep in ((pair, random.random() < 0.5) for pair in ordered)
    ]


def _matches(sources: list[_Source], random: np.random.Generator) -> list[list[_Match]]:
    """The pairs of recordings of every start; one list of other pairs where no start occurs twice."""
    starts: dict[bytes, list[_Source]] = defaultdict(list)
    for source in sources:
        starts[source.start].append(source)
    matches = [list(itertools.combinations(group, 2)) for group in starts.values() if len(group) > 1]
    if matches or not sources:
        return matches
    [(world, _)] = Counter(source.scenario for source in sources).most_common(1)
    others = [source for source in sources if source.scenario == world]
    others = [others[k] for k in random.permutation(len(others))]
    count = len(others)
    paired = {
        frozenset((k, (k + step) % count)) for k in range(count) for step in range(1, _PARTNERS + 1) if step % count
    }
    return [[(others[min(pair)], others[max(pair)])] for pair in sorted(paired, key=sorted) if len(pair) == 2]


def _clips(one: _Source, other: _Source) -> list[ClipPair]:
    """The most distinct clips of two recordings at the same ticks, that do not overlap."""
    last = min(len(one.agents), len(other.agents)) - 1 - CLIP_TICKS
    if last < 0 or one.agents.shape[1:] != other.agents.shape[1:] or one.things.shape[1:] != other.things.shape[1:]:
        return []
    firsts = sorted({*range(0, last + 1, CLIP_TICKS // 2), last})
    ranked = sorted(((_distinctness(one, other, first), first) for first in firsts), key=lambda found: -found[0])
    chosen: list[tuple[float, int]] = []
    for distance, first in ranked:
        if distance >= _LEAST_M and all(abs(first - before) >= CLIP_TICKS for _, before in chosen):
            chosen.append((distance, first))
    return [ClipPair(_clip(one, first), _clip(other, first), round(distance, 3)) for distance, first in chosen[:_CLIPS]]


def _distinctness(one: _Source, other: _Source, first: int) -> float:
    """How far apart the same bodies move in the clips from a tick on, in metres; see the module."""
    ticks = slice(first, first + CLIP_TICKS + 1)
    agents, things = (
        np.linalg.norm((a[ticks] - a[first]) - (b[ticks] - b[first]), axis=2)
        for a, b in ((one.agents, other.agents), (one.things, other.things))
    )
    locks = np.count_nonzero(one.lock[first + CLIP_TICKS] != other.lock[first + CLIP_TICKS])
    return float(agents.mean() + things.sum(axis=1).mean()) + _LOCK_M * locks


def _clip(source: _Source, first: int) -> Clip:
    return Clip(source.path, source.sha256, first, first + CLIP_TICKS)


def _source(path: Path) -> _Source:
    recording = read(path)
    layout, states = recording.layout, recording.states
    things = layout.thing_exists[0]
    return _Source(
        path.resolve(),
        hash_of(path),
        recording.header.scenario,
        _bytes((*layout, states.agents[0], states.things[0])),
        states.agents[:, layout.agent_exists[0]][..., [X, Y]],
        states.things[:, things][..., [X, Y]],
        states.lock[:, things],
    )


def _bytes(arrays: Iterable[np.ndarray]) -> bytes:
    return b"".join(array.tobytes() for array in arrays)


def _folder(paths: Sequence[Path]) -> Path | str:
    return paths[0].parent if paths else "no recordings"
