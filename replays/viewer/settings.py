"""What the window remembers from one time to the next."""

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from replays.film.playback import NORMAL, SPEEDS
from replays.format.archive import replacing
from replays.viewer.widgets.theme import set_scale
from sim.errors import UserError

SCALES = (0.5, 4.0)
"""Smallest and largest size of letters and buttons, as a multiple of the plain one."""
_MOST_BYTES, _MOST_PIXELS = 2**20, 2**15


@dataclass(frozen=True)
class Settings:
    """The user's choices."""

    cones: bool = True
    sight_lines: bool = True
    trails: bool = True
    pace: int = NORMAL
    """Index into SPEEDS."""
    scale: float = 1.0
    """Size of letters and buttons."""
    width: int = 0
    """Of the window, in pixels; 0 if it was never opened."""
    height: int = 0
    """Likewise."""


def load() -> Settings:
    """What was remembered, with defaults for what is missing or makes no sense."""
    try:
        if _path().stat().st_size > _MOST_BYTES:
            return Settings()
        raw = json.loads(_path().read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return Settings()
    names = [field.name for field in dataclasses.fields(Settings)]
    known = {name: raw[name] for name in names if name in raw} if isinstance(raw, dict) else {}
    return Settings(**{name: value for name, value in known.items() if _makes_sense(name, value)})


def save(settings: Settings) -> None:
    """Remembers; where nothing can be written, nothing is remembered."""
    path = _path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            file.write(json.dumps(dataclasses.asdict(settings), indent=2).encode())
    except (OSError, UserError):
        return


def settings_in_use(scale: float | None) -> Settings:
    """What was remembered, in the scale that the user asks for; everything is drawn in that scale from now on.

    In another scale the window opens in its first size.

    Raises:
        UserError: a size outside `SCALES`.
    """
    settings = load()
    if scale is not None:
        if not SCALES[0] <= scale <= SCALES[1]:
            raise UserError(f"--scale {scale:g} is out of range; choose from {SCALES[0]:g} to {SCALES[1]:g}")
        if scale != settings.scale:
            settings = dataclasses.replace(settings, scale=scale, width=0, height=0)
    set_scale(settings.scale)
    return settings


def _path() -> Path:
    return platformdirs.user_config_path("hideseek") / "window.json"


def _makes_sense(name: str, value: object) -> bool:
    if name == "pace":
        return type(value) is int and 0 <= value < len(SPEEDS)
    if name in ("width", "height"):
        return type(value) is int and 0 <= value <= _MOST_PIXELS
    if name == "scale":
        return isinstance(value, (int, float)) and SCALES[0] <= value <= SCALES[1]
    return type(value) is bool
