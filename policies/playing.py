"""What the window is handed to play with; networks and compilers are loaded when the first team is asked for."""

import itertools
from pathlib import Path

import numpy as np

from policies.agents.folders import step_name
from policies.agents.players import Player, player
from policies.evaluation.match import choose, expect
from replays.format.recording import Recording
from replays.session import PlayContext, Session, TeamPair, begin
from replays.viewer.modes.scene import Scene
from sim.errors import UserError
from sim.game import Game
from sim.rng import episode_seeds
from sim.rules import HIDERS, SEEKERS, SIDES
from sim.scenario import Scenario, scenario_text


def play_context(kept_in: Path) -> PlayContext:
    """Finds the teams of recordings; what is played goes into a folder."""

    def find_teams(recording: Recording, path: Path, scenario: Scenario) -> TeamPair:

        return cast_of(recording, path, scenario)

    return PlayContext(find_teams, kept_in)


def scene(scenario: Scenario, side: str, against: str | None, mates: str | None, seed: int, kept_in: Path) -> Scene:
    """Games of a person, the first agent of its side, with a team against another.

    Args:
        scenario: the world.
        side: "hider" or "seeker".
        against: the other team; None is chaser against a hider, builder against a seeker, nobody where nobody seeks.
        mates: who plays the rest of the side; None is evader with a hider, chaser with a seeker.
        seed: the first start follows from it; every further game has another one.
        kept_in: folder for what is played.

    Raises:
        UserError: there is no such team, it does not fit the scenario, or no such seed.
    """
    from policies.agents.players import player

    hider = side == "hider"
    if not hider and not scenario.slots.seekers:
        raise UserError("nobody seeks in this scenario; play it --as hider")
    own, other = mates or ("evader" if hider else "chaser"), against or ("chaser" if hider else "builder")
    hiders = player(own if hider else other, HIDERS, scenario, seed)
    seekers = player(other if hider else own, SEEKERS, scenario, seed)
    cast, games = LiveTeams(hiders, seekers), itertools.count()

    def start() -> Session:
        return begin(scenario, cast, int(episode_seeds(seed, next(games), 1)[0]))

    stem = f"{side}-against-{Path(other).name}" if scenario.slots.seekers else scenario_text(scenario).partition(":")[0]
    you = 0 if hider else scenario.slots.hiders
    return Scene(start, stem.replace("-", " "), stem, you, None, 0, beside=False, kept_in=kept_in, fog=True)


_STAND_INS = {HIDERS: "evader", SEEKERS: "chaser"}
"""Who plays where the recorded team cannot be found: both play in every scenario, and need no files."""


class LiveTeams:
    """Two players as the window wants them, see `replays.session.TeamPair`."""

    def __init__(self, hiders: Player, seekers: Player, note: str = "") -> None:
        self._players = hiders, seekers
        self.names = hiders.name, seekers.name
        self.hashes = hiders.hash, seekers.hash
        self.note = note

    def reset(self) -> None:
        for one in self._players:
            one.reset()

    def act(self, game: Game) -> np.ndarray:
        self._stay_alone()
        return choose(game, *self._players)

    def expect(self, game: Game) -> np.ndarray | None:
        self._stay_alone()
        return expect(game, *self._players)

    def _stay_alone(self) -> None:
        """Networks run on the calling thread alone: for one world, waking others up takes longer than the work.

        Torch keeps this number for each thread that calls it, so it is not enough to say it once, elsewhere.
        """
        if any(self.hashes):
            import torch

            torch.set_num_threads(1)


def cast_of(recording: Recording, path: Path, scenario: Scenario) -> LiveTeams:
    """The teams of a recording read from `path`, to play on in its scenario; see `replays.session.FindTeams`."""
    hiders, first = _find(recording, path, HIDERS, scenario)
    seekers, second = _find(recording, path, SEEKERS, scenario)
    return LiveTeams(hiders, seekers, " ".join(filter(None, (first, second))))


def _find(recording: Recording, path: Path, side: int, scenario: Scenario) -> tuple[Player, str]:
    """A player for one side, and a sentence if it is not quite who played before."""
    header = recording.header
    name = header.hiders if side == HIDERS else header.seekers
    name = name.removesuffix(", and you")
    wanted, seed = header.hashes.get(SIDES[side], ""), 0
    for text in (name, *_in_run(path, name)):
        try:
            found = player(text, side, scenario, seed)
        except UserError:
            continue
        found.name = name
        if wanted and found.hash != wanted:
            return found, f"{name} has been trained on since; it plays as it is now."
        return found, ""
    stand_in = _STAND_INS[side]
    return player(stand_in, side, scenario, seed), f"{name} is not here: {stand_in} plays for the {SIDES[side]}."


def _in_run(path: Path, name: str) -> list[str]:
    """The team folder in which a run has what it recorded itself: the checkpoint that the name ends with."""
    folder = path.resolve().parent
    step = name.rpartition("-")[2]
    if folder.name != "replays" or not step.isdecimal():
        return []
    return [str(folder.parent / "checkpoints" / step_name(int(step)) / "team")]
