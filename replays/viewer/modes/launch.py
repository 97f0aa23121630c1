"""The modes that a film can go into: playing on from a moment, what if, and exporting."""

from dataclasses import replace
from pathlib import Path

from replays.film.film import Film
from replays.live_episode import NO_CHANGES
from replays.session import PlayContext
from replays.viewer.modes.mode import ModeHost
from replays.viewer.modes.play import start_scene
from replays.viewer.modes.scene import scene_from
from replays.viewer.modes.what_if import WhatIf
from sim.errors import UserError


def play_on(viewer: ModeHost) -> None:
    """The user plays the first agent that takes part, from the moment shown; Tab goes on to others."""
    found = _playable(viewer)
    if not found:
        return
    film, path, play_context = found
    human = int(film.recording.layout.agent_exists[0].argmax())
    scene = scene_from(film, path, viewer.playback.tick, play_context, NO_CHANGES)
    start_scene(viewer, replace(scene, human=human, fog=viewer.world_view.fog > 0))


def what_if(viewer: ModeHost) -> None:
    """The user changes the world at the moment shown."""
    found = _playable(viewer)
    if not found:
        return
    film, path, play_context = found
    try:
        viewer.enter(WhatIf(viewer, film, path, viewer.playback.tick, play_context))
    except UserError as error:
        viewer.message = str(error)


def export(viewer: ModeHost) -> None:
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
