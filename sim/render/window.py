"""A bare window that shows pictures: the environment's `render_mode="human"`."""

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
        if not pygame.display.get_init():
            self._window = self._opened()  # pygame.quit() has closed it
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
        if self._window is not None:
            if pygame.display.get_init():
                self._window.destroy()
            self._window = None
