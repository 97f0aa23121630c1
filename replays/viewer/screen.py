"""What every screen of the window can do."""

from typing import Protocol

import pygame

from replays.viewer.requests import ScreenRequest


class Screen(Protocol):
    """What fills the window and takes its events."""

    stale: bool
    """The picture must be drawn anew."""

    @property
    def size(self) -> tuple[int, int]:
        """Of the window, in pixels."""
        ...

    @size.setter
    def size(self, size: tuple[int, int]) -> None: ...

    @property
    def moving(self) -> bool:
        """Whether the picture changes by itself."""
        ...

    @property
    def running(self) -> bool:
        """False once the user has left it."""
        ...

    @property
    def title(self) -> str:
        """What the window is called."""
        ...

    def handle(self, event: pygame.Event) -> None:
        """Does what one of pygame's events asks for."""
        ...

    def advance(self, seconds: float) -> None:
        """Lets real time pass."""
        ...

    def draw(self, surface: pygame.Surface) -> None:
        """Draws everything on a surface of the present size."""
        ...

    def tell(self, message: str) -> None:
        """Shows a message until it is put away."""
        ...

    def take_request(self) -> ScreenRequest | None:
        """What it asks of the window; asked once."""
        ...

    def resume(self) -> None:
        """Goes on after having been left, everything as it was."""
        ...
