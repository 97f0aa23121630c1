"""Thumbnails with their facts on disk, one small PNG each, so that a gallery is drawn once and not every time.

Nothing here is needed: what is missing, stale or damaged is made anew, and a disk that cannot be written to is
no hindrance.
"""

import hashlib
from contextlib import suppress
from pathlib import Path

import platformdirs
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from replays.archive import replacing
from replays.viewer.gallery_facts import Facts, facts_from_text, facts_to_text
from sim.errors import UserError

SIDE = 240
"""Pixels of a thumbnail's width and height."""
_VERSION = 2
"""Raised when thumbnails are drawn, or facts told, otherwise than before."""
_MOST_FILES = 4_000
_FACTS = "facts"


class Cache:
    """A folder of thumbnails; by default where the system keeps what can be made anew."""

    def __init__(self, folder: Path | None = None) -> None:
        """Makes the folder if it can be made, and removes the oldest files of one that has grown too large."""
        self._folder = folder or platformdirs.user_cache_path("hideseek", appauthor=False) / "thumbnails"
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            files = sorted(self._folder.glob("*.png"), key=lambda path: path.stat().st_mtime)
            for path in files[:-_MOST_FILES]:
                path.unlink()

    def facts(self, recording: Path) -> Facts | None:
        """The facts of a recording, if its thumbnail is kept."""
        with suppress(OSError, ValueError, SyntaxError), Image.open(self._place(recording), formats=["PNG"]) as kept:
            return facts_from_text(str(kept.info.get(_FACTS)))
        return None

    def picture(self, recording: Path) -> bytes | None:
        """The thumbnail, SIDE x SIDE pixels of three bytes, if it is kept."""
        with suppress(OSError, ValueError, SyntaxError), Image.open(self._place(recording), formats=["PNG"]) as kept:
            if kept.size == (SIDE, SIDE):
                return kept.convert("RGB").tobytes()
        return None

    def keep(self, recording: Path, facts: Facts, picture: bytes) -> None:
        """Keeps facts and thumbnail of a recording."""
        about = PngInfo()
        about.add_text(_FACTS, facts_to_text(facts))
        with suppress(OSError, UserError), replacing(self._place(recording)) as file:
            Image.frombytes("RGB", (SIDE, SIDE), picture).save(file, "PNG", pnginfo=about)

    def _place(self, recording: Path) -> Path:
        """A changed recording has another place. Raises OSError if it is gone."""
        about = recording.stat()
        name = f"{_VERSION}|{recording.resolve()}|{about.st_size}|{about.st_mtime_ns}"
        return self._folder / f"{hashlib.sha256(name.encode(errors='surrogateescape')).hexdigest()[:32]}.png"
