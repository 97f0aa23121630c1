"""The verbs of the `hideseek` command that open a window or draw: watch, play, export."""

import itertools
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from tyro.conf import Positional, arg

from policies.commands.options import Shifts, TeamName
from policies.commands.places import gallery_places, played_folder
from policies.status import status_words
from sim.errors import UserError

if TYPE_CHECKING:
    from replays.format.recording import Recording

_TICK = "#tick="
_MOST_DIGITS = 9
_LOOKED_AT = 20


@dataclass(frozen=True)
class Watch:
    """Open a window on a recording, on a run's newest one, or (with a folder, or nothing) on a gallery.

    Where no window opens, a gif is written into the current folder instead.
    """

    what: Annotated[Positional[str], arg(metavar="[REPLAY[#tick=T]|RUN|FOLDER]", help_behavior_hint="")] = ""
    """A recording, a run folder, a folder of recordings or of runs; #tick=T pauses at a tick."""
    scale: Annotated[float | None, arg(metavar="X", help_behavior_hint="")] = None
    """Size of letters and buttons, 0.5 to 4, such as 2 for a dense screen; remembered."""

    def run(self) -> int:
        if has_screen() and self.what and _is_unrecorded_run(Path(self.what)):
            _watch_training(Path(self.what), self.scale)
            return 0
        places, recordings, number, tick = _to_watch(self.what)
        from policies.window.playing import play_context
        from replays.format.recording import read
        from replays.viewer.app import NoWindow, watch
        from replays.viewer.settings import settings_in_use

        settings_in_use(self.scale)  # a size nobody could read is refused where no window opens, too
        reason = "There is no screen to open a window on"
        if has_screen():
            try:
                watch(recordings, tick, number, self.scale, play_context(played_folder()), places)
                return 0
            except NoWindow as problem:
                reason = f"No window opens here ({problem.__cause__})"
        shown = _most_telling(recordings) if number is None else recordings[number]
        film = _free_film(shown)
        _write_film(read(shown), film, tick or 0, None, f"{reason}; drawing a film instead ...")
        which = f", one of {len(recordings)} recordings," if number is None else ""
        print(f"{reason}; {shown}{which} as a film: {film.resolve()}")
        return 0


@dataclass(frozen=True)
class Play:
    """Play against a team yourself, with the keyboard; the window shows the keys."""

    scenario: Annotated[Positional[str], arg(metavar="[SCENARIO]", help_behavior_hint="")] = ""
    """The world, see `hideseek scenarios`; by default that of a trained opponent, else quadrant-large. In any,
    nobody has a tool that one of the teams was trained without."""
    shift: Shifts = ()
    """Change the world, such as seeker-inside; `hideseek scenarios` lists the ways."""
    side: Annotated[Literal["hider", "seeker"], arg(name="as")] = "hider"
    """Who you are: the first of that team."""
    against: TeamName = None
    """The other team, see `hideseek teams`; --strength chooses one by default."""
    strength: Literal["easy", "normal", "hard"] = "normal"
    """How strong the other team is: scripted and slow or only running away, scripted, or trained."""
    mates: Annotated[str | None, arg(name="with", metavar="TEAM", help_behavior_hint="")] = None
    """Who plays the rest of your team; evader with a hider, chaser with a seeker by default."""
    seed: int = 0
    """The first start follows from it; every further game has another one."""
    out: Annotated[Path | None, arg(metavar="DIR", help_behavior_hint="")] = None
    """Folder in which what was played is kept; by default one of your own, which the gallery always shows."""

    def run(self) -> int:
        from policies.commands.worlds import fitted
        from policies.window.playing import default_world, opponent, play_context, scene
        from replays.viewer.app import play
        from sim.scenario import scenario_from_user, shifted

        hider = self.side == "hider"
        scenario = scenario_from_user(self.scenario or default_world(self.against, hider))
        scenario = shifted(fitted(scenario, self.against, self.mates), self.shift)
        against = self.against or opponent(scenario, hider, self.strength)
        kept_in = self.out or played_folder()
        game = scene(scenario, self.side, against, self.mates, self.seed, kept_in)
        if not has_screen():
            raise UserError("there is no screen to play on; hideseek record lets two teams play without one")
        play(game, play_context(kept_in))
        return 0


@dataclass(frozen=True)
class Export:
    """Turn a recording, or a part of it, into a page that plays it in any browser, a film or a picture."""

    what: Annotated[Positional[str], arg(metavar="REPLAY[#tick=T]|RUN")]
    """A recording, or a run folder for its newest; #tick=T is the first tick shown."""
    to: Annotated[Path, arg(metavar="clip.html|clip.mp4|clip.gif|still.png")]
    """The file to write, over what is there; its ending says what it becomes."""
    first: Annotated[int | None, arg(name="from", metavar="TICK", help_behavior_hint="")] = None
    """First tick shown, the start by default; a picture shows this one."""
    until: Annotated[int | None, arg(metavar="TICK", help_behavior_hint="")] = None
    """Last tick shown; the end by default. A picture has none."""

    def run(self) -> int:
        from replays.format.recording import read
        from replays.report.page import write_page

        if self.until is not None and self.to.suffix.lower() == ".png":
            raise UserError("a .png shows a single tick, the one --from names; leave --until away, or write a .gif")
        if self.to.is_dir():
            raise UserError(f"{self.to} is a folder; choose another --to")
        _, recordings, number, tick = _to_watch(self.what)
        if number is None or number < len(recordings) - 1:  # of a run it is the newest, else there is but one
            raise UserError(f"{self.what or 'the gallery'} holds {len(recordings)} recordings; name one of them")
        if self.first is not None and tick is not None:
            raise UserError(f"{_TICK} and --from both name the first tick; leave one of them away")
        first = self.first if self.first is not None else tick or 0
        recording = read(recordings[number])
        if self.to.suffix.lower() == ".html":
            write_page(recording, self.to, first, self.until)
        else:
            _write_film(recording, self.to, first, self.until)
        print(self.to)
        return 0


def _write_film(recording: "Recording", path: Path, first: int, last: int | None, announced: str = "") -> None:
    """Writes a film or a picture; what is announced is said once all that is asked for is known to be there."""
    from replays.video import export_bit_by_bit

    drawing = export_bit_by_bit(recording, path, first, last)
    if announced:
        print(announced, file=sys.stderr, flush=True)
    with status_words() as tell:
        for share in drawing:
            tell(f"drew {share:.0%} of the pictures")


def has_screen() -> bool:
    """Can a window be expected to open here?"""
    driver = os.environ.get("SDL_VIDEODRIVER")
    if driver:
        return driver not in ("dummy", "offscreen")
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _is_unrecorded_run(place: Path) -> bool:
    """Whether a folder is a run that has no recordings yet."""
    from replays.film.facts import of_run

    return (place / "config.json").is_file() and not of_run(place)


def _watch_training(run: Path, scale: float | None) -> None:
    """The live window on a run: it waits for the first recording."""
    from policies.window.playing import play_context
    from replays.viewer.app import watch_training
    from replays.viewer.training.run import WatchedRun

    watch_training(WatchedRun(run), play_context(played_folder()), scale)


def _to_watch(what: str) -> tuple[list[Path], list[Path], int | None, int | None]:
    """Where to look, the recordings there, which is shown first (None for a gallery), and the tick to pause at."""
    from replays.film.facts import of_run, recordings_in, recordings_of

    text, marked, tick_text = what.partition(_TICK)
    if marked and not (tick_text.isdecimal() and len(tick_text) <= _MOST_DIGITS):
        raise UserError(f"{text or 'the gallery'}: a whole number of at most {_MOST_DIGITS} digits follows {_TICK}")
    tick = int(tick_text) if marked else None
    if not text:
        places = gallery_places()
        found = recordings_of(places)
        if not found:
            raise UserError("there is nothing to watch yet; train a run, or give a recording or a run folder")
        return places, found, None if tick is None else 0, tick
    place = Path(text)
    if place.suffix == ".toml" and place.is_file():
        raise UserError(f"{text} is a drawn world, no recording; hideseek edit {text} or hideseek play {text} opens it")
    found, of_one_run = recordings_in(place), bool(of_run(place))
    if len(found) > 1 and not of_one_run and tick is None:
        return [place], found, None, None
    return [place], found, len(found) - 1 if of_one_run else 0, tick


def _most_telling(recordings: list[Path]) -> Path:
    """Of a gallery that cannot be shown: a blocked door among the first few recordings, else the first whole one."""
    from replays.format.recording import read

    whole = []
    for path in recordings[:_LOOKED_AT]:
        with suppress(UserError):  # it is damaged
            if read(path).header.outcome.get("door_blocked"):
                return path
            whole.append(path)
    return whole[0] if whole else recordings[0]


def _free_film(recording: Path) -> Path:
    """A name for a film in the current folder that nothing has yet: the recording's, after its run's if it has one."""
    from replays.film.facts import run_of

    run = run_of(recording)
    stem = recording.stem if run is None else f"{run}-{recording.stem}"
    films = (Path(f"{stem}{end}.gif") for end in itertools.chain([""], (f"-{n}" for n in itertools.count(2))))
    return next(film for film in films if not film.exists())
