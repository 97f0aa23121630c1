"""Teams and games for the window to play with. Networks and kernels are loaded when the first team is asked for."""

import itertools
from pathlib import Path

import numpy as np

from policies.agents.folders import step_name
from policies.agents.own_policy import user_player
from policies.agents.players import STRONGEST, Player, is_own, player, scripted_teams, team_folder
from policies.scripted.players import STAND_INS
from policies.window.drawn_worlds import named_teams
from policies.window.live_teams import LiveTeams
from replays.format.header import GOAL_MARK, WITH_PERSON
from replays.format.recording import Recording
from replays.session import PlayContext, Session, begin
from replays.viewer.modes.scene import Scene, Score
from sim.errors import UserError
from sim.game import Game
from sim.rng import episode_seeds
from sim.rules import HIDERS, SEEKERS, SIDES
from sim.scenario import Scenario, brief, full_text, scenario_text, story_of

_FIRST_WORLD = "quadrant-large"
"""A person needs some time: an episode lasts 12 s here, 6.4 s in `quadrant`."""
_SLOW_CHASER = "slow chaser"


def play_context(kept_in: Path) -> PlayContext:
    """Gives the window the teams of recordings, and the folder in which played episodes are kept."""
    return PlayContext(teams_of, kept_in, named_teams())


def default_world(against: str | None, hider: bool) -> str:
    """The world that a person plays in: that of a trained opponent, else one that leaves enough time."""
    if against is None or against in scripted_teams() or is_own(against):
        return _FIRST_WORLD
    from policies.agents.team import load

    return load(team_folder(against), SEEKERS if hider else HIDERS).metadata.scenario


def opponent(scenario: Scenario, hider: bool, strength: str) -> str:
    """The opponent of a person, by strength ("easy", "normal" or "hard").

    Easy seekers are a chaser that rests every other tick, easy hiders only run away. Hard is the strongest shipped team
    of this world, or the best scripted one if it has none.
    """
    world = scenario_text(scenario)
    if strength == "hard" and world in STRONGEST:
        return STRONGEST[world][SEEKERS if hider else HIDERS]
    if hider:
        return _SLOW_CHASER if strength == "easy" else "chaser"
    return {"easy": "evader", "normal": "builder", "hard": "shelterer"}[strength]


def scene(scenario: Scenario, side: str, against: str | None, mates: str | None, seed: int, kept_in: Path) -> Scene:
    """Games of a person, the first agent of its side, with a team against another.

    Args:
        scenario: the world.
        side: "hider" or "seeker".
        against: the other team, as `user_player` knows it, or what `opponent` chose; None is one of normal strength.
        mates: the team that plays the rest of the side; None is evader with a hider, chaser with a seeker.
        seed: the starts of all games follow from it.
        kept_in: folder for played episodes.

    Raises:
        UserError: a team does not exist or does not fit the scenario, or the seed is negative or too large.
    """
    hider = side == "hider"
    if not hider and not scenario.slots.seekers:
        raise UserError("nobody seeks in this scenario; play it --as hider")
    against = against or opponent(scenario, hider, "normal")
    own = mates or STAND_INS[HIDERS if hider else SEEKERS]
    hiders = _person_plays(own if hider else against, HIDERS, scenario, seed)
    seekers = _person_plays(against if hider else own, SEEKERS, scenario, seed)
    teams, games = LiveTeams(hiders, seekers), itertools.count()

    def start() -> Session:
        return begin(scenario, teams, int(episode_seeds(seed, next(games), 1)[0]))

    alone = not scenario.slots.seekers
    title = scenario_text(scenario).partition(":")[0] if alone else f"{side} against {Path(against).name}"
    return Scene(
        start,
        title,
        title.replace(" ", "-").replace(":", "-"),
        human=0 if hider else scenario.slots.hiders,
        original=None,
        tick=0,
        beside=False,
        kept_in=kept_in,
        fog=True,
        score=None if alone else Score(f"{brief(full_text(scenario))} as {side} against {against}"),
        task=story_of(scenario).partition("\n")[0] if alone else "",
    )


class _Slowed:
    """A player that rests every other tick."""

    def __init__(self, one: Player, name: str) -> None:
        self._one = one
        self.name, self.hash, self.without = name, "", one.without

    def act(self, game: Game, side: int) -> np.ndarray:
        actions = self._one.act(game, side)
        actions[game.state.tick % 2 == 1] = 0
        return actions

    def expect(self, game: Game) -> np.ndarray | None:
        return self._one.expect(game)

    def reset(self) -> None:
        self._one.reset()


def _person_plays(text: str, side: int, scenario: Scenario, seed: int) -> Player:
    """As `user_player`, and the slow chaser, which is not offered as a team because nothing is measured against it."""
    if text == _SLOW_CHASER:
        return _Slowed(player("chaser", side, scenario, seed), text)
    return user_player(text, side, scenario, seed)


def teams_of(recording: Recording, path: Path, scenario: Scenario) -> LiveTeams:
    """The teams of a recording read from `path`, to play on in its scenario; see `replays.session.FindTeams`."""
    hiders, first = _find(recording, path, HIDERS, scenario)
    seekers, second = _find(recording, path, SEEKERS, scenario)
    return LiveTeams(hiders, seekers, " ".join(filter(None, (first, second))))


def _find(recording: Recording, path: Path, side: int, scenario: Scenario) -> tuple[Player, str]:
    """A player for one side, and a sentence if it is not quite the one that was recorded."""
    header = recording.header
    name = header.hiders if side == HIDERS else header.seekers
    name = name.removesuffix(WITH_PERSON)
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
    stand_in = STAND_INS[side]
    return player(stand_in, side, scenario, seed), f"{name} is not here: {stand_in} plays for the {SIDES[side]}."


def _in_run(path: Path, name: str) -> list[str]:
    """The team folder of a recording that lies in its run: the checkpoint whose agent-steps end the name."""
    folder = path.resolve().parent
    named, mark, goals = name.partition(GOAL_MARK)
    step = named.rpartition("-")[2]
    if folder.name != "replays" or not step.isdecimal():
        return []
    return [str(folder.parent / "checkpoints" / step_name(int(step)) / "team") + mark + goals]
