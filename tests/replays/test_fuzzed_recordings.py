"""200 recordings as nobody should send them, opened one by one in the window and all together in the gallery.

In a process of its own, whose memory can be told apart from everything else's.
"""

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.archives import declared, entries, npy, packed

GOOD = Path(__file__).parent.parent.parent / "replays" / "gallery" / "behind-a-box.npz"
COUNT = 200
MOST_MIB = 500

PROGRAM = """
import json, resource, sys, time
from pathlib import Path
import pygame
from replays.viewer.film.film_screen import FilmScreen
from replays.viewer.gallery.loader import Cache
from replays.viewer.gallery.loader import RecordingLoader
from replays.viewer.screens import Screens

folder, good = Path(sys.argv[1]), Path(sys.argv[2])
paths = sorted(folder.glob("*.npz"))
surface = pygame.Surface((800, 600))
loader = RecordingLoader(Cache(folder / "cache"))
screens = Screens([good], loader, 0, 0)
screens.size = surface.get_size()
messages, shown, slowest = [], [], 0.0
for path in paths:
    started = time.perf_counter()
    screens.handle(pygame.Event(pygame.DROPFILE, file=str(path)))
    screens.draw(surface)
    assert isinstance(screens.screen, FilmScreen)
    viewer = screens.screen.viewer
    if viewer.message:
        messages.append(viewer.message)
        screens.handle(pygame.Event(pygame.KEYDOWN, key=pygame.K_z, mod=0, unicode="", scancode=0))
    else:
        for tick in (0, viewer.playback.ticks // 2, viewer.playback.ticks):
            viewer.playback.seek(tick)
            screens.draw(surface)
        shown.append(path.name)
    slowest = max(slowest, time.perf_counter() - started)
gallery = Screens(paths, loader)
gallery.size = surface.get_size()
loader.wait(60)
for _ in range(40):
    gallery.handle(pygame.Event(pygame.KEYDOWN, key=pygame.K_PAGEDOWN, mod=0, unicode="", scancode=0))
    for _ in range(10):
        gallery.advance(0.05)
    gallery.draw(surface)
unread = [path.name for path in paths if isinstance(loader.facts(path), str)]
report = {"messages": messages, "shown": shown, "slowest_s": slowest, "unread": len(unread), "missing": loader.missing}
status = Path("/proc/self/status")
if status.exists():  # where getrusage would count what the parent had in memory when it started this process
    report["mib"] = next(int(line.split()[1]) for line in status.open() if line.startswith("VmHWM")) / 2**10
else:
    report["mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
print(json.dumps(report))
"""


def hostile(good: bytes) -> Iterator[bytes]:
    """Cut, flipped, overwritten, huge, of foreign types and shapes, foreign zips, lying headers; endlessly."""
    random = np.random.default_rng(0)
    files = entries(good)
    arrays = {name: np.load(io.BytesIO(content)) for name, content in files.items()}
    header = json.loads(arrays["header.npy"].tobytes())
    names = list(files)
    odd = [None, -1, 10**30, "x" * 2000, [[[]]], {"a": {}}, True, 0.5, "\x1b[2J", -9999]
    while True:
        name = names[random.integers(len(names))]
        array = arrays[name]
        yield good[: random.integers(len(good))]
        flipped = bytearray(good)
        for place in random.integers(0, len(good), random.integers(4, 40)):
            flipped[place] ^= 1 << random.integers(8)
        yield bytes(flipped)
        place, length = int(random.integers(len(good) - 300)), int(random.integers(20, 300))
        yield good[:place] + random.bytes(length) + good[place + length :]
        shape = tuple(int(10 ** random.integers(5, 14)) for _ in array.shape) or (10**12,)
        yield packed(files | {name: declared(shape, array.dtype.str) + bytes(1000)})
        yield packed(files | {name: npy(array.astype(np.complex64 if array.dtype != np.complex64 else np.int8))})
        yield packed(files | {name: npy(np.concatenate([array, array]))})
        yield packed({f"{random.integers(10**6)}/../{name}": content for name, content in files.items()})
        yield packed({"word/document.xml": random.bytes(3000), "[Content_Types].xml": b"<x/>"})
        key = list(header)[random.integers(len(header))]
        lie = json.dumps(header | {key: odd[random.integers(len(odd))]}).encode()
        yield packed(files | {"header.npy": npy(np.frombuffer(lie, np.uint8))})
        numbers = np.where(random.random(arrays["state_agents.npy"].shape) < 0.01, np.nan, arrays["state_agents.npy"])
        yield packed(files | {"state_agents.npy": npy(numbers)})


@pytest.mark.slow
def test_200_hostile_recordings_are_200_messages(tmp_path: Path):
    for number, content in zip(range(COUNT), hostile(GOOD.read_bytes()), strict=False):
        (tmp_path / f"{number:03}.npz").write_bytes(content)
    command = [sys.executable, "-c", PROGRAM, str(tmp_path), str(GOOD)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout.splitlines()[-1])
    print({name: value for name, value in report.items() if name != "messages"})
    assert report["shown"] == [] and len(report["messages"]) == COUNT and report["unread"] == COUNT
    assert all(".npz" in message and "\n" not in message and len(message) < 500 for message in report["messages"])
    assert report["missing"] == 0 and report["slowest_s"] < 5 and report["mib"] < MOST_MIB
