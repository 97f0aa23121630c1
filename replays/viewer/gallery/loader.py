"""Facts and thumbnails of many recordings, read by a thread of their own so that no frame waits for them."""

import hashlib
import io
import struct
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import platformdirs
import pygame
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from replays.annotate import searched
from replays.film.facts import Facts, begun_of, facts_from_text, facts_of, facts_to_text
from replays.film.focus import camera_on, focus_of
from replays.format.archive import replacing
from replays.format.recording import Recording, read
from replays.interpolation import moment
from replays.viewer.gallery.run_rates import RunRates
from sim.errors import UserError
from sim.render.draw import Options, draw
from sim.render.palette import PAPER
from sim.render.snapshot import Snapshot

SIDE = 240
"""Pixels of a thumbnail's width and height."""

_VERSION = 8
"""Raised when thumbnails are drawn, or facts found, in another way than before."""

_MOST_FILES = 4_000
_MOST_BYTES = 2**20
"""Of a thumbnail; a real one has about 15,000."""
_SIZE_AT = slice(16, 24)
"""Where a PNG has its width and height."""
_FACTS = "facts"
"""The entry of a thumbnail that holds the facts."""
_DAMAGED = (OSError, ValueError, SyntaxError, Image.DecompressionBombError)
"""What Pillow raises for files that are missing or damaged."""
MOST_PICTURES = 240
"""Thumbnails in memory, of 170 kB each; the others are on disk."""

_RATES_S = 5.0
"""So often the metrics of runs are looked at again."""
_BREATH_S = 0.002
"""The thread leaves the processor alone for so long after each recording."""


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
        with suppress(*_DAMAGED), self._kept(recording) as kept:
            return facts_from_text(str(kept.info.get(_FACTS)))
        return None

    def picture(self, recording: Path) -> bytes | None:
        """The thumbnail, SIDE x SIDE pixels of three bytes, if it is kept."""
        with suppress(*_DAMAGED), self._kept(recording) as kept:
            if kept.size == (SIDE, SIDE):
                return kept.convert("RGB").tobytes()
        return None

    def keep(self, recording: Path, facts: Facts, picture: bytes) -> None:
        """Keeps facts and thumbnail of a recording."""
        about = PngInfo()
        about.add_text(_FACTS, facts_to_text(facts))
        with suppress(OSError, UserError), replacing(self._place(recording)) as file:
            Image.frombytes("RGB", (SIDE, SIDE), picture).save(file, "PNG", pnginfo=about)

    def _kept(self, recording: Path) -> Image.Image:
        """The thumbnail, not decoded yet. Raises one of `_DAMAGED`.

        Pillow gets no more than the bytes of a small file: from the file itself it would take the memory that a part
        claims to need. And only if they begin with the right size: it warns of pictures that claim a large one.
        """
        with self._place(recording).open("rb") as file:
            content = file.read(_MOST_BYTES)
        if content[_SIZE_AT] != struct.pack(">2I", SIDE, SIDE):
            raise ValueError("no thumbnail")
        return Image.open(io.BytesIO(content), formats=["PNG"])

    def _place(self, recording: Path) -> Path:
        """A changed recording has another place. Raises OSError if it is gone."""
        about = recording.stat()
        name = f"{_VERSION}|{recording.resolve()}|{about.st_size}|{about.st_mtime_ns}"
        return self._folder / f"{hashlib.sha256(name.encode(errors='surrogateescape')).hexdigest()[:32]}.png"


class RecordingLoader:
    """What is known of recordings by now. `version` counts up whenever more is known."""

    def __init__(self, cache: Cache) -> None:
        self.version = 0
        self._cache = cache
        self._run_rates = RunRates()
        self._facts: dict[Path, Facts | str] = {}
        self._rates: dict[Path, float | None] = {}
        """Apart from the facts: the rates of a run that goes on change."""
        self._unsettled: set[Path] = set()
        """Recordings whose rates may still change."""
        self._pictures: OrderedDict[Path, pygame.Surface] = OrderedDict()
        self._unknown: OrderedDict[Path, None] = OrderedDict()
        self._wanted: OrderedDict[Path, None] = OrderedDict()
        self._work = threading.Condition()
        self._closed = False
        self._thread: threading.Thread | None = None

    def add(self, paths: Iterable[Path]) -> None:
        """Begins to find out about recordings, in this order."""
        with self._work:
            self._unknown.update((path, None) for path in paths if path not in self._facts)
            self._start()

    def facts(self, path: Path) -> Facts | str | None:
        """The facts of a recording, or why it cannot be read; None while that is unknown."""
        facts = self._facts.get(path)
        return facts._replace(rate=self._rates.get(path)) if isinstance(facts, Facts) else facts

    def picture(self, path: Path) -> pygame.Surface | None:
        """The thumbnail; None while it is on its way, or if there is none."""
        with self._work:
            picture = self._pictures.get(path)
            if picture is not None:
                self._pictures.move_to_end(path)
            elif not isinstance(self._facts.get(path), str):
                self._wanted[path] = None
                self._start()
            return picture

    @property
    def missing(self) -> int:
        """How many recordings nothing is known of yet."""
        return len(self._unknown)

    def wait(self, seconds: float, paths: Sequence[Path] | None = None) -> None:
        """Waits until everything is known, or the facts of some recordings, but no longer than that."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            missing = (
                self._unknown or self._wanted if paths is None else any(self.facts(path) is None for path in paths)
            )
            if not missing:
                return
            time.sleep(0.002)

    def close(self) -> None:
        """Lets the thread end."""
        with self._work:
            self._closed = True
            self._work.notify()

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="thumbnails", daemon=True)
            self._thread.start()
        self._work.notify()

    def _run(self) -> None:
        while True:
            with self._work:
                self._work.wait_for(lambda: self._closed or self._wanted or self._unknown, _RATES_S)
                if self._closed:
                    return
                # What can be seen comes first, and of that what was asked for last: the user scrolls on.
                asked = next(reversed(self._wanted)) if self._wanted else None
                path = asked or next(iter(self._unknown), None)
            if path is None:
                with suppress(Exception):  # as below: the thread goes on
                    self._update_rates()
                continue
            try:
                facts, picture = self._find(path, with_picture=asked is not None)
                rate = None
                if isinstance(facts, Facts):
                    rate = self._run_rates.rate(path, facts.strategies[0])
                    facts = facts._replace(begun=begun_of(path))
            except Exception as problem:  # a thread that died would leave the gallery waiting for ever
                facts, picture = f"{path}: cannot be shown ({problem or type(problem).__name__}); leave it out", None
                rate = None
            with self._work:
                self._facts[path], self._rates[path] = facts, rate
                if not isinstance(facts, str):
                    self._unsettled.add(path)
                if picture is not None:
                    self._pictures[path] = picture
                    while len(self._pictures) > MOST_PICTURES:
                        self._pictures.popitem(last=False)
                self._unknown.pop(path, None)
                self._wanted.pop(path, None)
                self.version += 1
            time.sleep(_BREATH_S)

    def _update_rates(self) -> None:
        """Looks again where a run may have written more."""
        for path in list(self._unsettled):
            facts = self._facts[path]
            rate = self._run_rates.rate(path, facts.strategies[0]) if isinstance(facts, Facts) else None
            if rate != self._rates[path]:
                self._rates[path] = rate
                self.version += 1
            if self._run_rates.is_settled(path):
                self._unsettled.discard(path)

    def _find(self, path: Path, with_picture: bool) -> tuple[Facts | str, pygame.Surface | None]:
        facts = self._cache.facts(path)
        if facts is not None and not with_picture:
            return facts, None
        pixels = self._cache.picture(path) if facts is not None else None
        if facts is not None and pixels is not None:
            return facts, pygame.image.frombytes(pixels, (SIDE, SIDE), "RGB")
        try:
            recording = searched(read(path))
        except UserError as error:
            return str(error), None
        facts, picture = facts_of(recording), thumbnail(recording)
        self._cache.keep(path, facts, pygame.image.tobytes(picture, "RGB"))
        return facts, picture


def thumbnail(recording: Recording) -> pygame.Surface:
    """A small picture of the moment that shows what is special about a recording."""
    surface = pygame.Surface((SIDE, SIDE), depth=24)
    draw_moment(surface, recording, facts_of(recording).moment)
    return surface


def draw_moment(surface: pygame.Surface, recording: Recording, time: float) -> None:
    """Fills a square surface with that part of the world in which hiders and things are.

    What agents see is left out: small pictures want to be plain.
    """
    now = moment(recording, time)
    camera = camera_on(surface.get_size(), focus_of(recording))
    options = Options(cones=False, preparation=now.preparation, camera=camera)
    surface.fill(PAPER)
    draw(surface, surface.get_rect(), Snapshot(recording.header.slots, recording.layout, now.state, now.seen), options)
