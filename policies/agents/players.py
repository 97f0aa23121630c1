"""Players: everything that the command line accepts as a team, as a `Player`.

random, idle, chaser, evader, builder, shelterer, climber, surfer, solver
                                         scripted, see `policies.scripted.players`
NAME                                     a team shipped in policies/teams/
path/to/team                             a team folder
path/to/run                              a run folder: the team of its newest checkpoint
NAME:goal=sealed,apart                   a goal-conditioned team, see `policies.agents.goal_conditioning`

Some commands also take path/to/own.py:make, see `policies.agents.own_policy`.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from policies.agents.goal_sets import goal_names
from policies.choices import choices
from policies.scripted.players import PLAYERS, scripted_player
from replays.format.header import GOAL_MARK
from sim.errors import UserError, extra_missing
from sim.game import Game
from sim.rules import HIDERS
from sim.scenario import Scenario, brief

if TYPE_CHECKING:
    from policies.agents.team import Team

MOST_SEED = 2**63 - 1

_OWN_MARK = ".py:"

SHIPPED = Path(__file__).parent.parent / "teams"
"""The folder of the teams that come with the package."""

STRONGEST = {
    "hall": ("hall-shelter", "hall-shelter"),
    "open_field-small": ("open-shelter", "open-shelter"),
    "quadrant": ("quadrant-block", "quadrant-chase"),
    "quadrant-large": ("quadrant-fort", "quadrant-fort"),
    "quadrant-ramp-by-door:ramps=2+one-ramp": ("ramps-ride", "ramps-by-door"),
    "quadrant-ramp-by-door:ramps=2,ramp_in_door=1.0+one-ramp": ("ramps-denied", "race-denied"),
    "quadrant-two-ramps": ("ramps-fort", "ramps-lookout"),
    "rooms-small": ("rooms-shelter", "rooms-shelter"),
}
"""By world: the shipped teams that hide and that seek best, as rated by `hideseek tournament` of all that learned the
game there."""


class Player(Protocol):
    """Plays one side in all worlds of a game."""

    name: str
    """The name that it was given by."""
    hash: str
    """Of its weights; empty where there are none."""
    without: tuple[str, ...]
    """Tools that it was trained without, see `sim.tools.TOOLS`."""

    def act(self, game: Game, side: int) -> np.ndarray:
        """int8 [world, agents of that side, 3]: what the side's agents do in the next tick."""
        ...

    def expect(self, game: Game) -> np.ndarray | None:
        """float32 [world]: the return it expects from now on; None if it has no critic."""
        ...

    def reset(self) -> None:
        """Forgets everything: new episodes begin in all worlds."""
        ...


def player(text: str, side: int, scenario: Scenario, seed: int, greedy: bool = False) -> Player:
    """The player that a text names, for one side (`sim.rules.HIDERS` or `SEEKERS`) of a scenario.

    Args:
        text: see the module.
        side: the team number.
        scenario: the world it is to play in.
        seed: for its random choices.
        greedy: take the likeliest actions instead of sampling them; it changes nothing for scripted players.

    Raises:
        UserError: the player does not exist, cannot be read, or does not fit side or scenario; or the seed is negative
            or too large.
    """
    check_seed(seed)
    own_seed = int(np.random.SeedSequence([seed, side]).generate_state(1)[0])
    if text in PLAYERS:
        if PLAYERS[text].hiders_only and side != HIDERS:
            raise UserError(f"{text} plays hiders only; choose chaser, random or idle for the seekers")
        return scripted_player(text, own_seed)
    team_folder(text)  # one that does not exist is refused without torch
    try:
        from policies.agents.team import LearnedPlayer
    except ModuleNotFoundError:
        raise extra_missing(text, "train") from None
    return LearnedPlayer(trained_team(text, side, scenario), text, own_seed, greedy)


def tools_missing(*players: Player) -> tuple[str, ...]:
    """The tools that nobody has where these play: those that one of them was trained without."""
    return tuple(sorted({tool for one in players for tool in one.without}))


def trained_team(text: str, side: int, scenario: Scenario | None = None) -> "Team":
    """The trained team that a text names. Raises UserError as `team_folder` and `policies.agents.team.load`."""
    from policies.agents.team import load

    _, _, goals = text.partition(GOAL_MARK)
    folder = team_folder(text)
    try:
        return load(folder, side, scenario, goals or None)
    except UserError as error:  # a shipped team is called as the user does, not by where the package lies
        raise UserError(str(error).replace(f"{SHIPPED}/", "")) from None


def check_seed(seed: int) -> None:
    """Raises UserError if a seed is negative or too large."""
    if not 0 <= seed <= MOST_SEED:
        raise UserError(f"--seed {seed} is out of range; give 0 to {MOST_SEED}")


def is_own(text: str) -> bool:
    """Whether a text names a function in a Python file, see `policies.agents.own_policy`."""
    return _OWN_MARK in Path(text).name


def shipped_teams() -> dict[str, str]:
    """Names of the shipped teams, each with the scenario it was trained in."""
    cards = {file.parent.name: json.loads(file.read_text("utf-8")) for file in sorted(SHIPPED.glob("*/team.json"))}
    return {name: brief(card["scenario"]) for name, card in cards.items()}


def shipped_goals(name: str) -> tuple[str, ...]:
    """The goals that a shipped team is conditioned on; mostly none."""
    return goal_names(json.loads((SHIPPED / name / "team.json").read_text("utf-8")).get("told", ()))


def scripted_teams() -> dict[str, str]:
    """Names of the scripted teams, each with what it does."""
    return {name: kind.description for name, kind in PLAYERS.items()}


def team_folder(text: str) -> Path:
    """The team folder that a text names, whatever the goals of its hiders. Raises UserError if it names none."""
    from policies.agents.folders import checkpoints, latest_team

    text, _, _ = text.partition(GOAL_MARK)
    path = Path(text)
    if text in PLAYERS:
        raise UserError(f"team '{text}' is scripted; give one that was trained: a team folder, a run or a shipped team")
    if "/" not in text and (SHIPPED / text / "team.json").is_file():
        return SHIPPED / text
    if is_own(text):
        plays_in = "evaluate, record, rate, tournament, probe and play"
        raise UserError(f"{text} is no trained team; own policies play in {plays_in}")
    if path.name != text and not path.exists():
        raise UserError(f"{text} does not exist; give a run, a team folder or a team's name, see `hideseek teams`")
    if not (text and path.exists()):
        names = choices(text, [*PLAYERS, *shipped_teams()])
        raise UserError(f"team '{text}' is unknown; {names}, or give a team folder or a run")
    if (path / "team.json").is_file():
        return path
    if (path / "config.json").is_file() or checkpoints(path):
        return latest_team(path)
    if path.suffix == ".py":
        raise UserError(f"{text} is a file; name the function in it that makes a policy, such as {text}:make")
    raise UserError(f"{text} is neither a team folder nor a run; give one that hideseek train made")
