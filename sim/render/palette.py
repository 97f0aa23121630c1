"""Colours of the picture. Teams differ by shape as well, so that no picture relies on colour alone.

Blue and vermilion are Okabe and Ito's (2008), apart for every common kind of colour blindness.
"""

from functools import lru_cache

Colour = tuple[int, int, int]

PAPER: Colour = (246, 243, 237)
"""Around the floor."""
FLOOR: Colour = (252, 248, 240)
FLOOR_LINE: Colour = (243, 236, 224)
WALL: Colour = (88, 97, 111)
WALL_LIGHT: Colour = (112, 122, 137)
THRESHOLD: Colour = (240, 228, 205)
THRESHOLD_LINE: Colour = (217, 198, 164)
BOX: Colour = (222, 184, 135)
RAMP: Colour = (176, 194, 160)
SITE: Colour = (148, 103, 160)
PILLAR: Colour = (139, 145, 153)
FOOD: Colour = (240, 196, 60)
INK: Colour = (45, 50, 58)
WHITE: Colour = (255, 255, 255)
GREY: Colour = (128, 134, 143)
HIDER: Colour = (0, 114, 178)
SEEKER: Colour = (213, 94, 0)

TEAMS = (HIDER, SEEKER)
"""By team number."""


@lru_cache(maxsize=4096)
def mix(a: Colour, b: Colour, share: float) -> Colour:
    """`a` with a share of `b` stirred in."""
    return tuple(round(p + (q - p) * share) for p, q in zip(a, b, strict=True))  # pyright: ignore[reportReturnType]
