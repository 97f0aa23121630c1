"""A bare window that shows pictures: the environment's `render_mode="human"`."""

import numpy as np
import pygame

from sim.errors import UserError


class Window:
    """One window on the screen; closed by its user or by `close`, after which showing does nothing."""

    def __init__(self, title: str, size: tuple[int, int], frames_per_second: int):
        """Opens the window. Raises UserError where there is no screen."""
        # Not pygame.init(): that would also open the machine's sound.
        try:
            pygame.display.init()
            self._screen: pygame.Surface | None = pygame.display.set_mode(size)
        except pygame.error as error:
            raise UserError(
                f"no window can be opened here ({error}); use render_mode='rgb_array', "
                "or set SDL_VIDEODRIVER=dummy to run without one"
            ) from None
        pygame.display.set_caption(title)
        self._clock = pygame.time.Clock()
        self._frames_per_second = frames_per_second

    def show(self, picture: np.ndarray) -> None:
        """Shows uint8 [height, width, 3] and waits until the next frame is due."""
        if self._screen is None:
            return
        pygame.surfarray.blit_array(self._screen, picture.swapaxes(0, 1))
        pygame.display.flip()
        self._clock.tick(self._frames_per_second)
        if any(event.type == pygame.QUIT for event in pygame.event.get()):
            self.close()

    def close(self) -> None:
        """Takes the window off the screen."""
        if self._screen is not None:
            self._screen = None
            pygame.display.quit()
