"""What the viewer's keys for doing things lead to: taking over, what if, exporting, and a game from the start."""

from pathlib import Path
from typing import TYPE_CHECKING

from replays.live_episode import Changes
from replays.session import PlayContext, Session, go_on
from replays.viewer.film.film import Film
from replays.viewer.modes.play import Scene, start_scene
from replays.viewer.modes.what_if import WhatIf
from sim.errors import UserError

if TYPE_CHECKING:
    from replays.viewer.film.viewer import Viewer


def take_over(viewer: "Viewer") -> None:
    """The user plays the first agent that takes part, from the moment shown; Tab goes on to others."""
    found = _stage(viewer)
    if not found:
        return
    film, path, play_context = found
    recording, tick = film.recording, viewer.playback.tick

    def start() -> Session:
        return go_on(recording, path, tick, Changes(), play_context.casting)

    you = int(recording.layout.agent_exists[0].argmax())
    fog = viewer.stage.fog > 0
    scene = Scene(start, "played on", path.stem, you, film, tick, beside=False, kept_in=play_context.kept_in, fog=fog)
    start_scene(viewer, scene)


def what_if(viewer: "Viewer") -> None:
    """The user changes the world at the moment shown."""
    found = _stage(viewer)
    if not found:
        return
    film, path, play_context = found
    try:
        viewer.enter(WhatIf(viewer, film, path, viewer.playback.tick, play_context))
    except UserError as error:
        viewer.message = str(error)


def export(viewer: "Viewer") -> None:
    """The user chooses what to write."""
    from replays.viewer.modes.export import Exporting  # brings pillow along, which the first picture need not wait for

    if viewer.film:
        viewer.enter(Exporting(viewer, viewer.film.recording, Path(viewer.film.name).stem))


def _stage(viewer: "Viewer") -> tuple[Film, Path, PlayContext] | None:
    """What is needed to play on; where something is missing, the viewer says so."""
    if not viewer.film:
        return None
    if not viewer.play_context:
        viewer.say("Films can only be watched here: this window was opened without teams")
        return None
    if viewer.playback.tick >= viewer.film.recording.header.ticks:
        viewer.say("The film is over here; go back a little first")
        return None
    viewer.playback.playing = False
    return viewer.film, viewer.paths[viewer.number], viewer.play_context
