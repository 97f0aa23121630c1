"""What the window is handed to play with; networks and compilers are loaded when the first team is asked for."""

import itertools
from pathlib import Path

from replays.recording import Recording
from replays.session import Cast, Session, Studio, begin
from replays.viewer.live import Scene
from sim.errors import UserError
from sim.rng import episode_seeds
from sim.rules import HIDERS, SEEKERS
from sim.scenario import Scenario, scenario_text


def studio(kept_in: Path) -> Studio:
    """Finds the teams of recordings; what is played goes into a folder."""

    def casting(recording: Recording, path: Path, scenario: Scenario) -> Cast:
        from policies.living import cast_of

        return cast_of(recording, path, scenario)

    return Studio(casting, kept_in)


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
    from policies.living import Living
    from policies.players import player

    hider = side == "hider"
    if not hider and not scenario.slots.seekers:
        raise UserError("nobody seeks in this scenario; play it --as hider")
    own, other = mates or ("evader" if hider else "chaser"), against or ("chaser" if hider else "builder")
    hiders = player(own if hider else other, HIDERS, scenario, seed)
    seekers = player(other if hider else own, SEEKERS, scenario, seed)
    cast, games = Living(hiders, seekers), itertools.count()

    def start() -> Session:
        return begin(scenario, cast, int(episode_seeds(seed, next(games), 1)[0]))

    stem = f"{side}-against-{Path(other).name}" if scenario.slots.seekers else scenario_text(scenario).partition(":")[0]
    you = 0 if hider else scenario.slots.hiders
    return Scene(start, stem.replace("-", " "), stem, you, None, 0, beside=False, kept_in=kept_in, fog=True)
