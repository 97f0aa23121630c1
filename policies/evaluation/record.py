"""Playing episodes to keep: `hideseek record`."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from policies.agents.players import Player, tools_missing
from policies.evaluation.match import begin, check_episodes, expect, play_ticks
from replays.annotate import with_strategies
from replays.format.recording import Recorder, Recording, write
from sim.errors import UserError
from sim.game import Game
from sim.rng import episode_seeds
from sim.scenario import Scenario, scenario_text

_WORLDS = 64
"""Most episodes recorded side by side; each keeps all its states in memory."""
MOST_EPISODES = 10_000
_LONGEST_NAME = 120
"""Letters of a world in a file's name, which may have about 250 with the teams."""


def record(
    scenario: Scenario,
    hiders: Player,
    seekers: Player,
    episodes: int,
    seed: int,
    out: Path,
    on_file: Callable[[Path], None] | None = None,
) -> list[Path]:
    """Plays episodes 0..episodes-1 of a seed and writes one file each into the folder `out`.

    The files are named by teams, world, seed and episode; existing ones are never overwritten. Episode i starts as
    episode i of a match with that seed does. Nobody has a tool that a player was trained without.

    Raises:
        UserError: too few or too many episodes, a file exists, or the folder cannot be written.
    """
    check_episodes(episodes, MOST_EPISODES)
    teams = "-".join(Path(player.name).name.replace(":", "-") for player in (hiders, seekers))
    stem = f"{teams}-{_world_name(scenario)}-{seed}"
    paths = [out / f"{stem}-{episode:04d}.npz" for episode in range(episodes)]
    for path in paths:
        if path.exists():
            raise UserError(f"{path} exists; choose another --out or --seed")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{out} cannot be made a folder ({error.strerror}); choose another --out") from None
    for first in range(0, episodes, _WORLDS):
        seeds = episode_seeds(seed, first, min(_WORLDS, episodes - first))
        game = Game(scenario, len(seeds), without=tools_missing(hiders, seekers))
        for path, recording in zip(paths[first:], play(game, hiders, seekers, seeds), strict=False):
            write(recording, path)
            if on_file:
                on_file(path)
    return paths


def _world_name(scenario: Scenario) -> str:
    """A world as it stands in a file's name: without a colon, which some systems do not allow there."""
    return scenario_text(scenario).replace(":", "-")[:_LONGEST_NAME]


def play(game: Game, hiders: Player, seekers: Player, seeds: np.ndarray) -> list[Recording]:
    """Plays and records one episode in every world of a game, with what those teams expect that have a critic.

    An episode whose task is done ends there.
    """
    begin(game, hiders, seekers, seeds)
    hashes = {"hiders": hiders.hash, "seekers": seekers.hash}
    recorders = [
        Recorder(game, world, seed=int(own), hiders=hiders.name, seekers=seekers.name, hashes=hashes)
        for world, own in enumerate(seeds)
    ]
    expected, done = expect(game, hiders, seekers), game.terminated.copy()
    for actions in play_ticks(game, hiders, seekers, game.scenario.ticks):
        for world, recorder in enumerate(recorders):
            if not done[world]:
                recorder.add(game, actions, None if expected is None else expected[world])
        expected, done = expect(game, hiders, seekers), game.terminated.copy()
    return [with_strategies(recorder.finish()) for recorder in recorders]
