"""What linear probes read from hiders' network while a film plays: plain numbers and numpy, no network library.

`policies.probes.readings` writes a file of these for each team that `hideseek probe` looked into, named after the
hash of the hiders' weights: so every film of just these hiders finds it, wherever it lies. The file is one .npz:
`header` (JSON as bytes), the normaliser and the hidden layers of the actor, and weights and bias of each probe.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import platformdirs

from replays.format.archive import Archive, Lengths, Malformed, read_archive, write_arrays

FORMAT = 1
"""Raised when older files can no longer be read; they are then taken for missing."""
QUESTIONS = ("box", "door", "soon", "lock")
"""What probes are asked, see `policies.probes.futures`."""
FARTHEST = 5.0
"""Normalised observations are clipped at plus and minus this, as the network has them."""
_HEADER_BYTES, _LENGTHS, _MOST_LAYERS = range(64 * 2**10), range(1, 2**12), 8
_HASH_DIGITS = 64
_MOST_TEXT = 200
_FLOAT = np.dtype(np.float32)


@dataclass(frozen=True)
class ProbeScore:
    """How far a probe can be trusted."""

    labels: tuple[int, ...]
    """The classes it tells apart; 0 is "not in this episode"."""
    names: tuple[str, ...]
    """Of the classes, for people."""
    f1: float
    """Mean over classes, on episodes that were not fitted."""
    f1_observation: float
    """That of the same probe on the raw observation."""
    better: bool
    """It is better than that, with the whole 95 % interval of the difference."""


class Layer(NamedTuple):
    """A linear layer."""

    weights: np.ndarray
    """float32 [output, input]"""
    bias: np.ndarray
    """float32 [output]"""


@dataclass(frozen=True)
class Readings:
    """The probes of a team's hiders, with all that is needed to read them from an observation."""

    world: str
    """The shortest text that names the world in which they were fitted."""
    scores: Mapping[str, ProbeScore]
    """By question; questions that are unknown are missing."""
    mean: np.ndarray
    """float32 [number]: of the observation."""
    spread: np.ndarray
    """float32 [number]: what it is divided by."""
    layers: tuple[Layer, ...]
    """The hidden layers of the actor, each followed by a ReLU."""
    probes: Mapping[str, Layer]
    """By question, on the last hidden layer; one output for each of `ProbeScore.labels`."""

    def read(self, observation: np.ndarray) -> dict[str, np.ndarray] | None:
        """By question: how likely each class is, float [class]; None if the observation has another size."""
        if observation.shape != self.mean.shape:
            return None
        units = np.clip((observation - self.mean) / self.spread, -FARTHEST, FARTHEST)
        for layer in self.layers:
            units = np.maximum(layer.weights @ units + layer.bias, 0.0)
        return {name: _softmax(probe.weights @ units + probe.bias) for name, probe in self.probes.items()}


def keep(readings: Readings, team_hash: str) -> None:
    """Writes the file of the hiders with this hash. Raises UserError if that cannot be done."""
    path = _path(team_hash)
    with suppress(OSError):  # what is written next says why it cannot be
        path.parent.mkdir(parents=True, exist_ok=True)
    scores = {name: asdict(score) for name, score in readings.scores.items()}
    text = json.dumps({"format": FORMAT, "world": readings.world, "scores": scores})
    arrays = {"header": np.frombuffer(text.encode(), np.uint8), "mean": readings.mean, "spread": readings.spread}
    named = {**{f"layer_{number}": layer for number, layer in enumerate(readings.layers)}, **readings.probes}
    for name, layer in named.items():
        arrays |= {f"{name}_weights": layer.weights, f"{name}_bias": layer.bias}
    write_arrays(path, {name: array if name == "header" else array.astype(_FLOAT) for name, array in arrays.items()})


def readings_of(team_hash: str) -> Readings | None:
    """The probes of the hiders with this hash; None without a file, or for one that is damaged. It is not trusted."""
    if len(team_hash) != _HASH_DIGITS or not team_hash.isalnum():
        return None
    path = _path(team_hash)
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return None
    return _read(path, changed)


def _path(team_hash: str) -> Path:
    return platformdirs.user_data_path("hideseek", appauthor=False) / "probes" / f"{team_hash}.npz"


@lru_cache(maxsize=8)
def _read(path: Path, changed: int) -> Readings | None:
    """The file as it was when it `changed` (nanoseconds): a new one is read anew."""
    from sim.errors import UserError

    try:
        return read_archive(path, "a file of probes", _parse)
    except UserError:
        return None


def _parse(archive: Archive) -> Readings:
    raw = json.loads(archive.read("header", (np.dtype(np.uint8), (_HEADER_BYTES,))).tobytes())
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise Malformed("another format")
    scores = {name: _score(raw["scores"][name]) for name in QUESTIONS if name in raw["scores"]}
    mean, spread = (_finite(archive, name, (_LENGTHS,)) for name in ("mean", "spread"))
    count = sum(name.startswith("layer_") for name in archive.names()) // 2
    if not scores or not 1 <= count <= _MOST_LAYERS or spread.shape != mean.shape or not (spread > 0.0).all():
        raise Malformed("no probes, no layers, or a spread that is not positive")
    layers = tuple(_layer(archive, f"layer_{number}") for number in range(count))
    probes = {name: _layer(archive, name) for name in scores}
    widths = [len(mean), *(len(layer.bias) for layer in layers)]
    fit = all(layer.weights.shape[1] == width for layer, width in zip(layers, widths, strict=False))
    fit &= all(probe.weights.shape == (len(scores[name].labels), widths[-1]) for name, probe in probes.items())
    if not fit:
        raise Malformed("layers that do not fit each other")
    return Readings(str(raw["world"])[:_MOST_TEXT], scores, mean, spread, layers, probes)


def _score(raw: Mapping[str, Any]) -> ProbeScore:
    labels, names = tuple(map(int, raw["labels"])), tuple(map(str, raw["names"]))
    if len(labels) != len(names) or not labels or min(labels) < 0:
        raise Malformed("classes without names, or no classes")
    return ProbeScore(labels, names, float(raw["f1"]), float(raw["f1_observation"]), bool(raw["better"]))


def _layer(archive: Archive, name: str) -> Layer:
    weights = _finite(archive, f"{name}_weights", (_LENGTHS, _LENGTHS))
    return Layer(weights, _finite(archive, f"{name}_bias", (len(weights),)))


def _finite(archive: Archive, name: str, shape: Lengths) -> np.ndarray:
    found = archive.read(name, (_FLOAT, shape))
    if not np.isfinite(found).all():
        raise Malformed(f"{name} is not finite")
    return found


def _softmax(scores: np.ndarray) -> np.ndarray:
    shares = np.exp(scores - scores.max())
    return shares / shares.sum()
