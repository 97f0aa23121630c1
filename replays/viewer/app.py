"""The window itself: opens it, feeds the viewer with events, and shows what it draws."""

import dataclasses
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pygame

from replays.format.recording import read
from replays.session import PlayContext
from replays.viewer.edit.document import Document
from replays.viewer.edit.screen import EditScreen
from replays.viewer.film.viewer import Viewer
from replays.viewer.film.watching import FIRST_SIZE
from replays.viewer.gallery.loader import Cache, RecordingLoader
from replays.viewer.modes.scene import Scene
from replays.viewer.rank.ranking import Ranking
from replays.viewer.rank.screen import RankScreen
from replays.viewer.screen import Screen
from replays.viewer.screens import Screens
from replays.viewer.settings import Settings, save, settings_in_use
from replays.viewer.training.run import WatchedRun
from replays.viewer.training.screen import TrainingScreen
from replays.viewer.warm_up import KernelWarmUp
from replays.viewer.widgets.theme import px
from sim.errors import UserError

_FRAMES_PER_SECOND = 60
_OF_DESKTOP = 0.95
"""How much of the desktop a new window takes at most."""
_LEAST_NEW = (640, 480)
"""A new window is no smaller, before `px`, whatever it was dragged to: in smaller ones buttons are left out."""
_LOOKS_PER_SECOND = 30
"""How often a window at rest looks for events. `pygame.event.wait` would use ten times the processor on X11."""


_NICENESS = 15
"""How much less of the processor than a trainer a window beside it wants."""


class NoWindow(UserError):
    """No window can be opened here; `__cause__` is what pygame says."""


def watch(
    paths: Sequence[Path],
    tick: int | None = None,
    number: int | None = 0,
    scale: float | None = None,
    play_context: PlayContext | None = None,
    places: Sequence[Path] = (),
) -> None:
    """Shows recordings in a window until the user closes it.

    Args:
        paths: recordings; none opens an empty window to drop files on.
        tick: pause at this tick of the first one shown; None plays it from the start.
        number: which of `paths` is shown first; None shows all of them as a gallery.
        scale: size of letters and buttons, remembered; None takes what was remembered.
        play_context: finds living teams to play on with; None only shows films.
        places: files and folders in which the recordings were found; the gallery looks there for new ones.

    Raises:
        NoWindow: there is no display.
        UserError: the first recording cannot be read, it has no such tick, or the scale is out of range.
    """
    settings = settings_in_use(scale)
    loader = RecordingLoader(Cache())
    if paths and number is not None:
        read(paths[number])  # what is wrong with it is said before a window opens
    _show(loader, settings, lambda: Screens(paths, loader, tick, number, settings, play_context, places))


def play(scene: Scene, play_context: PlayContext) -> None:
    """Lets the user play a scene in a window; what was played can be watched there, and played on.

    Raises:
        NoWindow: there is no display.
    """
    settings = settings_in_use(None)
    loader = RecordingLoader(Cache())

    def begin() -> Screens:
        screens = Screens([], loader, None, 0, settings, play_context)
        screens.play(scene)
        return screens

    _show(loader, settings, begin)


def watch_training(run: WatchedRun, play_context: PlayContext | None = None, scale: float | None = None) -> None:
    """Shows the newest recordings and the curves of a run that is being trained, until the user closes the window.

    The window takes what the trainer leaves of the processor.

    Raises:
        NoWindow: there is no display.
        UserError: the scale is out of range.
    """
    settings = settings_in_use(scale)
    loader = RecordingLoader(Cache())
    if sys.platform == "linux" and "DISPLAY" in os.environ and "SDL_VIDEODRIVER" not in os.environ:
        # On X11 SDL draws by way of OpenGL, which without a graphics card takes fifty times the processor.
        os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")

    def begin() -> Screens:
        warm_up = KernelWarmUp()
        if hasattr(os, "nice"):
            os.nice(_NICENESS)  # on Linux not for the thread that compiles already: beside a trainer it would never end
        return _with_screen(lambda size: TrainingScreen(run, size, warm_up), loader, settings, play_context)

    _show(loader, settings, begin, wait=False)


def edit(document: Document, play_context: PlayContext, scale: float | None = None) -> None:
    """Lets the user draw a world, until the window is closed; what is not saved is kept for the next time.

    Raises:
        NoWindow: there is no display.
        UserError: the scale is out of range.
    """
    settings = settings_in_use(scale)
    loader = RecordingLoader(Cache())

    def begin() -> Screens:
        return _with_screen(lambda size: EditScreen(document, size, play_context), loader, settings, play_context)

    try:
        _show(loader, settings, begin, wait=False)
    finally:
        document.close()


def rank(ranking: Ranking, scale: float | None = None) -> None:
    """Asks a person to compare pairs of clips, until the window is closed.

    Raises:
        NoWindow: there is no display.
        UserError: the scale is out of range.
    """
    settings = settings_in_use(scale)
    loader = RecordingLoader(Cache())

    _show(loader, settings, lambda: _with_screen(lambda size: RankScreen(ranking, size), loader, settings))


def _with_screen(
    make: Callable[[tuple[int, int]], Screen],
    loader: RecordingLoader,
    settings: Settings,
    play_context: PlayContext | None = None,
) -> Screens:
    """Screens that begin with the one that `make` makes for a size of the window."""
    screens = Screens([], loader, None, 0, settings, play_context)
    screens.begin_with(make(screens.size))
    return screens


def _show(loader: RecordingLoader, settings: Settings, begin: Callable[[], Screens], wait: bool = True) -> None:
    """Runs screens in a window until the user closes it; on the way out nothing is lost.

    With `wait` they begin when what they need has been compiled.
    """
    screens = None
    try:
        screen = open_window((settings.width, settings.height))
        opened = screen.get_size()
        if not wait or _wait(KernelWarmUp(), screen):
            screens = begin()
            _run(screens, pygame.display.get_surface() or screen)
    finally:
        if screens:
            screens.quit()
        loader.close()
        pygame.display.quit()
        if screens:
            save(with_size(screens.settings, opened, screens.size))


def with_size(settings: Settings, opened: tuple[int, int], closed: tuple[int, int]) -> Settings:
    """The settings with the size that the user gave the window.

    One in which it opened and stayed is that of a small screen, perhaps, and says nothing of larger ones.
    """
    return settings if closed == opened else dataclasses.replace(settings, width=closed[0], height=closed[1])


def open_window(size: tuple[int, int] = (0, 0)) -> pygame.Surface:
    """A resizable window of a size in pixels, or of the first size; no larger than the desktop, and not too small.

    Raises:
        NoWindow: there is no display.
    """
    for system in ("X11", "WAYLAND"):  # else the window stands under the name of the script that opened it
        os.environ.setdefault(f"SDL_VIDEO_{system}_WMCLASS", "hideseek")
    try:
        pygame.display.init()  # not pygame.init(), which would open the sound card too
        if pygame.display.get_driver() in ("dummy", "offscreen") and "SDL_VIDEODRIVER" not in os.environ:
            raise pygame.error("no screen")
        desktop = pygame.display.get_desktop_sizes()[0]
        wanted = size if all(size) else (px(FIRST_SIZE[0]), px(FIRST_SIZE[1]))
        fitting = [
            min(max(length, px(least)), round(_OF_DESKTOP * most))
            for length, least, most in zip(wanted, _LEAST_NEW, desktop, strict=True)
        ]
        pygame.display.set_caption("hideseek")
        return pygame.display.set_mode(fitting, pygame.RESIZABLE)
    except pygame.error as problem:
        pygame.display.quit()
        raise NoWindow(
            f"no window can be opened here ({problem}); write a gif instead: hideseek export RECORDING --to clip.gif"
        ) from problem


def _wait(work: KernelWarmUp, screen: pygame.Surface) -> bool:
    """Shows that something takes time, as long as it does; False if the user did not want to wait."""
    clock = pygame.time.Clock()
    while not work.done:
        if pygame.event.get(pygame.QUIT):
            return False
        work.draw(pygame.display.get_surface() or screen)
        pygame.display.flip()
        clock.tick(_LOOKS_PER_SECOND)
    return True


def _run(viewer: Screens | Viewer, screen: pygame.Surface) -> None:
    clock = pygame.time.Clock()
    viewer.size = screen.get_size()
    title = ""
    while viewer.running:
        for event in pygame.event.get():
            viewer.handle(event)
        busy = viewer.moving or viewer.stale
        viewer.advance(clock.tick(_FRAMES_PER_SECOND if busy else _LOOKS_PER_SECOND) / 1000)
        if viewer.title != title:
            title = viewer.title
            pygame.display.set_caption(title)
        if viewer.stale:
            screen = pygame.display.get_surface() or screen
            viewer.draw(screen)
            pygame.display.flip()
