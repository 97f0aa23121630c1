"""Modes as the user asks for them: playing on from a film, what if, exporting, and a game from the start."""

from pathlib import Path

from replays.live_episode import NO_CHANGES
from replays.session import PlayContext, Session, go_on
from replays.viewer.film.film import Film
from replays.viewer.modes.mode import ModeHost
from replays.viewer.modes.play import start_scene
from replays.viewer.modes.scene import Scene
from replays.viewer.modes.what_if import WhatIf
from replays.viewer.requests import Go
from sim.errors import UserError


def launch(viewer: ModeHost, request: Go) -> None:
    """Begins what `Go.PLAY_ON`, `Go.WHAT_IF` or `Go.EXPORT` asks for; the viewer says why where that cannot be."""
    match request:
        case Go.PLAY_ON:
            _play_on(viewer)
        case Go.WHAT_IF:
            _what_if(viewer)
        case Go.EXPORT:
            _export(viewer)


def _play_on(viewer: ModeHost) -> None:
    """The user plays the first agent that takes part, from the moment shown; Tab goes on to others."""
    found = _playable(viewer)
    if not found:
        return
    film, path, play_context = found
    recording, tick = film.recording, viewer.playback.tick

    def start() -> Session:
        return go_on(recording, path, tick, NO_CHANGES, play_context.find_teams)

    scene = Scene(
        start,
        "played on",
        path.stem,
        human=int(recording.layout.agent_exists[0].argmax()),
        original=film,
        tick=tick,
        beside=False,
        kept_in=play_context.kept_in,
        fog=viewer.world_view.fog > 0,
    )
    start_scene(viewer, scene)


def _what_if(viewer: ModeHost) -> None:
    """The user changes the world at the moment shown."""
    found = _playable(viewer)
    if not found:
        return
    film, path, play_context = found
    try:
        viewer.enter(WhatIf(viewer, film, path, viewer.playback.tick, play_context))
    except UserError as error:
        viewer.message = str(error)


def _export(viewer: ModeHost) -> None:
    """The user chooses what to write."""
    from replays.viewer.modes.export import Exporting  # imports pillow, which the first picture need not wait for

    if viewer.film:
        viewer.enter(Exporting(viewer, viewer.film.recording, Path(viewer.film.name).stem))


def _playable(viewer: ModeHost) -> tuple[Film, Path, PlayContext] | None:
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
