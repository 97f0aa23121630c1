"""A bare window that shows pictures: the environment's `render_mode="human"`."""

import weakref

import numpy as np
import pygame

from sim.errors import UserError

_windows: "weakref.WeakSet[Window]" = weakref.WeakSet()
"""All that there are, to be taken down in time when the process calls `pygame.quit`."""


class Window:
    """One window on the screen, beside others of the process; once its user or `close` has closed it, showing does
    nothing. After `pygame.quit` it opens again.
    """

    def __init__(self, title: str, size: tuple[int, int], frames_per_second: int):
        """Opens the window. Raises UserError where there is no screen."""
        self._title, self._size, self._frames_per_second = title, size, frames_per_second
        self._clock = pygame.time.Clock()
        self._closed = False
        self._window: pygame.Window | None = self._opened()

    def _opened(self) -> pygame.Window:
        # Not pygame.init(): that would also open the machine's sound.
        try:
            pygame.display.init()
            # SDL frees its windows when pygame quits, and gives new ones their addresses: one that is taken down later
            # takes a new one with it.
            pygame.register_quit(_take_down_all)
            _windows.add(self)
            return pygame.Window(self._title, self._size)
        except pygame.error as error:
            raise UserError(
                f"no window can be opened here ({error}); use render_mode='rgb_array', "
                "or set SDL_VIDEODRIVER=dummy to run without one"
            ) from None

    def show(self, picture: np.ndarray) -> None:
        """Shows uint8 [height, width, 3] and waits until the next frame is due."""
        if self._closed:
            return
        if self._window is None:
            self._window = self._opened()
        pygame.surfarray.blit_array(self._window.get_surface(), picture.swapaxes(0, 1))
        self._window.flip()
        self._clock.tick(self._frames_per_second)
        self._handle_events()

    def _handle_events(self) -> None:
        """Closes the window where its user wants that; leaves the closing of other windows to them."""
        pygame.event.get(exclude=(pygame.WINDOWCLOSE, pygame.QUIT))
        for event in pygame.event.get((pygame.WINDOWCLOSE, pygame.QUIT)):
            if event.type == pygame.QUIT or event.window is self._window:
                self.close()
            else:
                pygame.event.post(event)

    def close(self) -> None:
        """Takes the window off the screen."""
        self._closed = True
        self.take_down()

    def take_down(self) -> None:
        """Takes the window off the screen until something is shown again."""
        if self._window is not None:
            self._window.destroy()
            self._window = None


def _take_down_all() -> None:
    for window in list(_windows):
        window.take_down()
