"""Compiles the kernels that the window needs, once on a machine, in another thread, while the window says so."""

import threading
from contextlib import suppress
from pathlib import Path

import pygame

from replays.annotate import with_strategies
from replays.film.film import Film
from replays.format.recording import Recording, read
from replays.viewer.film.world_view import WorldView
from replays.viewer.widgets.pages import draw_message
from sim.errors import UserError
from sim.kernel_cache import marker
from sim.render.palette import PAPER

_SAMPLES = Path(__file__).parent.parent / "gallery"
_DONE = "window-is-ready"
"""An empty file among the kernels says that all of them are there."""


class KernelWarmUp:
    """Compiles in a thread of its own, if anything must be compiled at all."""

    def __init__(self) -> None:
        self._mark = marker(__name__, _DONE)
        # Not a daemon: a process that ends in the middle of a compilation is aborted.
        self._thread = threading.Thread(target=self._compile, name="kernels")
        if self._mark is None or not self._mark.exists():
            self._thread.start()

    @property
    def done(self) -> bool:
        """Nothing will be compiled any more."""
        return not self._thread.is_alive()

    def draw(self, surface: pygame.Surface) -> None:
        """Says what takes so long."""
        kept = "once; the next start is quick" if self._mark else "at every start: nothing can be kept on this disk"
        surface.fill(PAPER)
        text = f"One moment: what the window needs is being compiled for this machine ({kept})."
        draw_message(surface, surface.get_rect(), text, foot="")

    def _compile(self) -> None:
        if compile_for_window() and self._mark:
            with suppress(OSError):
                self._mark.touch()


def compile_for_window() -> bool:
    """Compiles what the window needs; without a sample (False) each kernel is compiled when it is first used."""
    try:
        use_everything(read(sorted(_SAMPLES.glob("*.npz"))[0]))
    except (OSError, IndexError, UserError):
        return False
    return True


def use_everything(recording: Recording) -> None:
    """Draws, and looks for, everything that the window can show of a recording."""
    film, view = Film(recording, ""), WorldView(cones=True, sight_lines=True, trails=True)
    surface = pygame.Surface((64, 64))
    view.rays, view.selected = True, film.agents[0]
    for _ in range(2):
        view.draw(surface, surface.get_rect(), film, 0.5)
        view.next_fog()
    film.observed(0, film.agents[0])
    with_strategies(recording)
