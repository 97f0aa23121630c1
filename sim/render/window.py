"""A bare window that shows pictures: the environment's `render_mode="human"`."""

import contextlib

import numpy as np
import pygame

from sim.errors import UserError


class Window:
    """One window on the screen, beside others of the process; once its user or `close` has closed it, showing does
    nothing.
    """

    def __init__(self, title: str, size: tuple[int, int], frames_per_second: int):
        """Opens the window. Raises UserError where there is no screen."""
        self._title, self._size, self._frames_per_second = title, size, frames_per_second
        self._clock = pygame.time.Clock()
        self._window: pygame.Window | None = self._opened()

    def _opened(self) -> pygame.Window:
        # Not pygame.init(): that would also open the machine's sound.
        try:
            pygame.display.init()
            return pygame.Window(self._title, self._size)
        except pygame.error as error:
            raise UserError(
                f"no window can be opened here ({error}); use render_mode='rgb_array', "
                "or set SDL_VIDEODRIVER=dummy to run without one"
            ) from None

    def show(self, picture: np.ndarray) -> None:
        """Shows uint8 [height, width, 3] and waits until the next frame is due."""
        if self._window is None:
            return
        window, surface = self._drawable(self._window)
        pygame.surfarray.blit_array(surface, picture.swapaxes(0, 1))
        window.flip()
        self._clock.tick(self._frames_per_second)
        self._handle_events()

    def _drawable(self, window: pygame.Window) -> tuple[pygame.Window, pygame.Surface]:
        """The window, opened anew if pygame.quit() has closed it, and its surface."""
        with contextlib.suppress(pygame.error):  # an invalid window: another one has opened pygame's display again
            if pygame.display.get_init():
                return window, window.get_surface()
        self._window = window = self._opened()
        return window, window.get_surface()

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
        if self._window is not None:
            if pygame.display.get_init():
                with contextlib.suppress(pygame.error):  # pygame.quit() has closed it
                    self._window.destroy()
            self._window = None
