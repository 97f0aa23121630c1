"""Label files made by rule, for tests."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from policies.agents.players import Player, player
from policies.evaluation.record import play
from policies.preferences.features import FEATURES, features, one_world
from replays.format.recording import Recording, write
from replays.questions import hash_of
from sim.game import Game
from sim.rng import episode_seeds
from sim.rules import HIDERS, SEEKERS
from sim.scenario import Scenario
from sim.state import take


def recordings(folder: Path, scenario: Scenario, count: int, hiders: Player | None = None) -> list[Path]:
    """Recorded episodes of random teams, or of these hiders."""
    players = hiders or player("random", HIDERS, scenario, 0), player("random", SEEKERS, scenario, 0)
    found = play(Game(scenario, count), *players, episode_seeds(0, 0, count))
    paths = [folder / f"{number}.npz" for number in range(count)]
    for path, recording in zip(paths, found, strict=True):
        write(recording, path)
    return paths


def label(path: Path, clips: Sequence[tuple[Path, int, int]], choices: Sequence[str]) -> Path:
    """Writes a label for each two clips in a row: file, first tick, last tick."""
    rows = []
    for left, right, choice in zip(clips[::2], clips[1::2], choices, strict=True):
        row = {"format": 1, "ask": "Which?"}
        for side, (file, first, until) in (("left", left), ("right", right)):
            row[side] = {"file": file.name, "sha256": hash_of(file), "from": first, "until": until}
        rows.append(row | {"choice": choice, "seconds": 1.0, "time": "2026-11-27T08:00:00+00:00"})
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def by_feature(recording: Recording, name: str) -> Callable[[int, int], float]:
    """The sum of a feature over ticks first + 1 to last."""
    rows = features(recording.header.slots, one_world(recording.layout), recording.states, recording.seen)
    column = list(FEATURES).index(name)
    return lambda first, last: float(rows[first + 1 : last + 1, column].sum())


def of_world(game: Game, world: int) -> tuple[np.ndarray, ...]:
    """The features of one world of a game, alone and beside the others."""
    alone = take(game.layout, slice(world, world + 1)), take(game.state, slice(world, world + 1))
    seen = game.seen.agents[world : world + 1]
    one = features(game.slots, one_world(alone[0]), alone[1], seen)[0]
    return one, features(game.slots, game.layout, game.state, game.seen.agents)[world]
