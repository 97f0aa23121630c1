"""Text in the font that travels with the package, so that every machine shows the same picture."""

from functools import lru_cache
from pathlib import Path

import pygame

from sim.render.palette import Colour

_FONT = Path(__file__).parent / "font" / "DejaVuSans.ttf"
_LARGER = 3
_EM = 0.7
"""Size of the font's em square as a share of the line."""


@lru_cache(maxsize=1024)
def label(text: str, height: int, colour: Colour) -> pygame.Surface:
    """One line of text on nothing; `height` of a line in pixels. Do not draw on it.

    It is written too large and shrunk: small letters would otherwise stand at whole pixels, unevenly apart.
    """
    try:
        large = _font(height).render(text, True, colour)
    except pygame.error:  # the font is older than the last pygame.quit(), which the user's own code may call
        _font.cache_clear()
        large = _font(height).render(text, True, colour)
    return pygame.transform.smoothscale(large, (-(-large.width // _LARGER), -(-large.height // _LARGER)))


@lru_cache(maxsize=64)
def _font(height: int) -> pygame.font.Font:
    if not pygame.font.get_init():
        pygame.font.init()
    return pygame.font.Font(_FONT, max(round(height * _EM * _LARGER), 1))
