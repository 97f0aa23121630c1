"""The window's colours for a page, in light and in dark."""

from replays.film.colours import FAINT, LINE, PANEL, SOFT
from sim.render import palette
from sim.render.palette import HIDER, INK, SEEKER, WHITE, Colour, mix

_BLACK: Colour = (0, 0, 0)
_DARK_FLOOR = mix(INK, _BLACK, 0.12)

LIGHT: dict[str, Colour] = {
    "paper": palette.PAPER,
    "panel": PANEL,
    "line": LINE,
    "soft": SOFT,
    "faint": mix(FAINT, INK, 0.3),  # a browser's small letters are thinner than the window's
    "ink": INK,
    "shade": INK,
    "white": WHITE,
    "grey": palette.GREY,
    "floor": palette.FLOOR,
    "floor-line": palette.FLOOR_LINE,
    "wall": palette.WALL,
    "wall-light": palette.WALL_LIGHT,
    "threshold": palette.THRESHOLD,
    "threshold-line": palette.THRESHOLD_LINE,
    "box": palette.BOX,
    "ramp": palette.RAMP,
    "site": palette.SITE,
    "pillar": palette.PILLAR,
    "food": palette.FOOD,
    "hider": HIDER,
    "seeker": SEEKER,
    "hider-text": HIDER,
    "seeker-text": mix(SEEKER, INK, 0.15),
}
"""By name: the CSS property is `--hs-NAME`. `ink` is for letters, `shade` for what lies in shadow."""

DARK: dict[str, Colour] = {
    **LIGHT,
    "paper": mix(INK, _BLACK, 0.5),
    "panel": mix(INK, _BLACK, 0.3),
    "line": mix(INK, WHITE, 0.14),
    "soft": mix(INK, WHITE, 0.05),
    "faint": mix(INK, WHITE, 0.6),
    "ink": mix(WHITE, INK, 0.08),
    "floor": _DARK_FLOOR,
    "floor-line": mix(_DARK_FLOOR, WHITE, 0.06),
    "wall": mix(palette.WALL, WHITE, 0.12),
    "wall-light": mix(palette.WALL_LIGHT, WHITE, 0.16),
    "threshold": mix(_DARK_FLOOR, palette.THRESHOLD_LINE, 0.3),
    "threshold-line": mix(_DARK_FLOOR, palette.THRESHOLD_LINE, 0.65),
    "box": mix(palette.BOX, INK, 0.22),
    "ramp": mix(palette.RAMP, INK, 0.25),
    "site": mix(palette.SITE, WHITE, 0.2),
    "hider": mix(HIDER, WHITE, 0.2),
    "seeker": mix(SEEKER, WHITE, 0.1),
    "hider-text": mix(HIDER, WHITE, 0.5),
    "seeker-text": mix(SEEKER, WHITE, 0.4),
}


def css_properties(colours: dict[str, Colour]) -> str:
    """The colours as custom properties: `--hs-floor: #fcf8f0;` and so on."""
    return " ".join(f"--hs-{name}: #{bytes(colour).hex()};" for name, colour in colours.items())
