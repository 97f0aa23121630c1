"""Whatever is in a file, reading it gives a recording or one clear line, and takes little memory."""

import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pygame
import pytest

from replays.events import DOOR_KINDS, KINDS, NOBODY, SIGHT_KINDS, STRATEGY_KINDS, most_events
from replays.format.recording import Recording, read, write
from replays.format.validation import AWAY
from replays.video import export
from replays.viewer.film.viewer import Viewer
from sim.checks import check_moment
from sim.errors import UserError
from sim.layout import Slots
from sim.render.canvas import SUPER
from sim.rules import RULES
from sim.state import ANGLE, SPIN, VX, VY, take
from tests.archives import declared, entries, npy, packed
from tests.replays.acting import picture, press

LITTLE_MEMORY = 24 * 2**20
MUCH = 10**12


@pytest.fixture
def good(recording: Recording, tmp_path: Path) -> bytes:
    write(recording, tmp_path / "good.npz")
    return (tmp_path / "good.npz").read_bytes()


def attempt(path: Path) -> UserError | None:
    """Reads a file; an error must be a UserError, in one line that names the file, and cheap."""
    tracemalloc.start()
    try:
        read(path)
    except UserError as error:
        assert "\n" not in str(error) and len(str(error)) < 400 + len(str(path))
        assert path.name in str(error)
        return error
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < LITTLE_MEMORY
    return None


def changed(name: str, change: Callable[[np.ndarray], object]) -> Callable[[bytes], bytes]:
    """The file with an array changed in place, or replaced by what `change` returns."""

    def hostile(content: bytes) -> bytes:
        files = entries(content)
        array = np.load(io.BytesIO(files[f"{name}.npy"]))
        result = change(array)
        files[f"{name}.npy"] = result if isinstance(result, bytes) else npy(array)
        return packed(files)

    return hostile


def put(place: Any, value: float | tuple[float, ...]) -> Callable[[np.ndarray], None]:
    return lambda array: array.__setitem__(place, value)


def header(**fields: object) -> Callable[[bytes], bytes]:
    """The file with fields of its header changed."""

    def hostile(content: bytes) -> bytes:
        files = entries(content)
        raw = json.loads(np.load(io.BytesIO(files["header.npy"])).tobytes()) | fields
        files["header.npy"] = npy(np.frombuffer(json.dumps(raw).encode(), np.uint8))
        return packed(files)

    return hostile


def raw_header(text: bytes) -> Callable[[bytes], bytes]:
    return lambda content: packed(entries(content) | {"header.npy": npy(np.frombuffer(text, np.uint8))})


def with_entry(name: str, content: bytes) -> Callable[[bytes], bytes]:
    return lambda good: packed(entries(good) | {name: content})


def doubled(content: bytes) -> bytes:
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning):
        archive.writestr("seen.npy", b"")
    return buffer.getvalue()


def event(kind: str, *who: int) -> Callable[[bytes], bytes]:
    """The file with a last event of some agent, thing and other; it names every kind."""
    added = changed("events", lambda rows: npy(np.append(rows, [(20, KINDS.index(kind), *who)], axis=0).astype("<i4")))
    return lambda content: added(header(event_kinds=list(KINDS))(content))


SLOTS = {"hiders": 2, "seekers": 1, "boxes": 2, "ramps": 1, "walls": 1, "doors": 1}
HOSTILE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda good: b"",
    "text": lambda good: b"hello, I am not a recording",
    "png": lambda good: b"\x89PNG\r\n\x1a\n" + bytes(5000),
    "trailing bytes": lambda good: good + b"x",
    "an empty zip": lambda good: packed({}),
    "another npz": lambda good: packed({"weights.npy": npy(np.zeros(3))}),
    "a lone array": lambda good: npy(np.zeros(3)),
    "lzma": lambda good: packed(entries(good), zipfile.ZIP_LZMA),
    "doubled entry": doubled,
    "foreign entry": with_entry("more.npy", npy(np.zeros(1))),
    "many entries": lambda good: packed(entries(good) | {f"{k}.npy": b"" for k in range(5000)}),
    "not an array": with_entry("seen.npy", b"x" * 1000),
    "bomb": with_entry("seen.npy", bytes(100 * 2**20)),
    "bomb in bounds": with_entry("events.npy", declared((60 * 2**20 // 20, 5), "<i4") + bytes(60 * 2**20)),
    "huge": changed("state_agents", lambda array: declared((21, 3, MUCH))),
    "more events than can be": changed(
        "events", lambda array: npy(np.zeros((most_events(Slots(**SLOTS), 20) + 1, 5), "<i4"))
    ),
    "huge events": changed("events", lambda array: declared((MUCH, 5), "<i4")),
    "negative events": changed("events", lambda array: declared((-4, 5), "<i4")),
    "huge header": changed("header", lambda array: declared((MUCH,), "|u1")),
    "pickle": changed("state_agents", lambda array: npy(np.array([{}, print], object), allow_pickle=True)),
    "pickled header": changed("header", lambda array: npy(np.array([[]], object), allow_pickle=True)),
    "structured": changed("state_agents", lambda array: npy(np.zeros(3, "f8,i4"))),
    "another type": changed("state_agents", lambda array: npy(array.astype(np.float32))),
    "another shape": changed("state_agents", lambda array: npy(array[:-1])),
    "fortran order": changed("state_agents", lambda array: npy(np.asfortranarray(array))),
    "version 2": changed("seen", lambda array: b"\x93NUMPY\x02\x00" + npy(array)[8:]),
    "long npy header": changed("seen", lambda array: b"\x93NUMPY\x01\x00\xff\xff" + b"(" * 65535),
    "cut array": changed("seen", lambda array: npy(array)[:-1]),
    "seen is 7": changed("seen", lambda array: npy(array)[:-1] + b"\x07"),
    "nan position": changed("state_agents", put((3, 0, 0), np.nan)),
    "infinite speed": changed("state_things", put((3, 0, 4), np.inf)),
    "far away": changed("state_things", put((3, 0, 1), 1e6)),
    "a thing beyond the floor": changed("state_things", put((3, 0, 1), 7.1)),
    "an agent beyond the floor": changed("state_agents", put((3, 0, 0), -1.1)),
    "an agent where things are put away": changed("state_agents", put((3, 0, slice(0, 2)), -100.0)),
    "a thing put away that moves": changed("state_things", put((3, 0), (-100.0, -100.0, 0.0, 1e9, 0.0, 0.0))),
    "an agent of great speed": changed("state_agents", put((3, 0, 3), 1e9)),
    "a thing of great speed": changed("state_things", put((3, 0, 4), -4.9)),
    "a thing that spins": changed("state_things", put((3, 0, 5), 101.0)),
    "a great angle": changed("state_agents", put((3, 0, 2), 1e6)),
    "a long arm": changed("state_hold", put((3, 0, 0), 10.1)),
    "a twisted arm": changed("state_hold", put((3, 0, 2), -1e6)),
    "nan hold": changed("state_hold", put((0, 0, 2), np.nan)),
    "nan wall": changed("layout_walls", put((0, 0, 0), np.nan)),
    "no floor": changed("layout_floor", put(0, 0.0)),
    "vast floor": changed("layout_floor", put(0, 45.1)),
    "vast box": changed("layout_thing_half", put((0, 0, 0), 3.01)),
    "wall beyond the floor": changed("layout_walls", put((0, 0, 2), 7.1)),
    "door beyond the floor": changed("layout_doors", put((0, 0, 1), -1.1)),
    "thing without size": changed("layout_thing_half", put((0, 0, 0), 0.0)),
    "needle": changed("layout_thing_half", put((0, 0, 1), 0.019)),
    "things larger than the floor": changed("layout_thing_half", put((0, slice(0, 2)), 2.9)),
    "an absent agent holds a thing": changed("layout_agent_exists", put((0, 0), False)),
    "an absent thing is held": changed("layout_thing_exists", put((0, 0), False)),
    "nobody": changed("layout_agent_exists", put(slice(None), False)),
    "holds nothing known": changed("state_held", put((4, 0), 3)),
    "holds less than nothing": changed("state_held", put((4, 0), -2)),
    "locked by a third": changed("state_lock", put((4, 0), 5)),
    "third level": changed("state_level", put((4, 0), 2)),
    "unknown move": changed("actions", put((0, 0, 0), 9)),
    "nan reward": changed("reward", put((0, 0), np.nan)),
    "nan value": changed("values", put((0, 0), np.nan)),
    "ticks not in order": changed("state_tick", put(5, 9)),
    "unknown event": changed("events", put((0, 1), len(KINDS))),
    "event after the end": changed("events", put((0, 0), 21)),
    "event of nobody known": changed("events", put((0, 2), 3)),
    "a hider spots": event("spotted", 0, NOBODY, 1),
    "a seeker is spotted": event("spotted", 2, NOBODY, 2),
    "nobody is spotted": event("spotted", 2, NOBODY, NOBODY),
    "a grab of nothing": event("grab", 0, NOBODY, NOBODY),
    "a grab at a door": event("grab", 0, 0, 0),
    "a chase of nobody": event("chase", 2, NOBODY, 3),
    "a door that is not there": event("door blocked", 0, 0, 2),
    "no door": event("door open again", 0, 0, NOBODY),
    "a door blocked with nothing": event("door blocked", 0, NOBODY, 0),
    "events not in order": changed("events", put((0, 0), 19)),
    "no format": header(format=None),
    "format is true": header(format=True),
    "newer format": header(format=99),
    "older than all": header(format=0),
    "ticks disagree": header(ticks=19),
    "no ticks": header(ticks=0),
    "many ticks": header(ticks=MUCH),
    "half ticks": header(ticks=20.0),
    "no slots": header(slots=None),
    "more slots": header(slots=SLOTS | {"boxes": 3}),
    "vast slots": header(slots=SLOTS | {"boxes": MUCH}),
    "crowd": header(slots=SLOTS | {"seekers": 13}),
    "heap": header(slots=SLOTS | {"boxes": 25}),
    "negative slots": header(slots=SLOTS | {"boxes": -1}),
    "other slots": header(slots={"food": 3}),
    "long name": header(hiders="x" * 5000),
    "name with escapes": header(hiders="\x1b[2J"),
    "name is a list": header(hiders=[]),
    "seed too large": header(seed=2**64),
    "outcome is nested": header(outcome={"hidden": {}}),
    "unknown kinds": header(event_kinds=["grab", "dance"]),
    "kinds are nested": header(event_kinds=[["grab"]]),
    "header is a list": raw_header(b"[1, 2]"),
    "header is not json": raw_header(b"{"),
    "header is not text": raw_header(b"\xff\xfe"),
    "header with nan": raw_header(b'{"format": NaN}'),
    "deep header": raw_header(b"[" * 60_000),
    "long number": raw_header(b'{"format": ' + b"9" * 50_000 + b"}"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_get_one_clear_line(name: str, good: bytes, tmp_path: Path):
    path = tmp_path / "hostile.npz"
    path.write_bytes(HOSTILE[name](good))
    assert attempt(path) is not None


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_an_accepted_event_tells_of_can_be_drawn(kind: str, good: bytes, tmp_path: Path):
    """Those with the highest numbers, and nobody where that is allowed; a door beyond the last was once believed."""
    agent, thing = (2, NOBODY) if kind in SIGHT_KINDS else (NOBODY, 2)
    other = 1 if kind in SIGHT_KINDS else 0 if kind in DOOR_KINDS else NOBODY
    if kind in STRATEGY_KINDS:
        agent, other = 2, {"agent": 2, "door": 0, "": NOBODY}[STRATEGY_KINDS[kind].other]
    path = tmp_path / "told.npz"
    path.write_bytes(event(kind, agent, thing, other)(good))
    assert attempt(path) is None
    viewer = Viewer([path], tick=20)
    press(viewer, pygame.K_TAB)
    picture(viewer)


def test_what_scenarios_allow_is_far_within_the_bounds(recording: Recording, tmp_path: Path):
    """The thinnest box, the largest floor, the top speeds, the longest turn, and a thing that was taken away."""
    layout, states = recording.layout, recording.states
    layout.floor[:], layout.thing_half[0, 0] = 40.0, 0.025
    states.agents[..., VX], states.things[..., VY] = 2 * RULES.free_speed_mps, -2 * RULES.free_speed_mps
    states.agents[..., SPIN], states.agents[..., ANGLE] = 2 * RULES.free_spin_radps, 10_000 * 0.5
    states.agents[:, 0, :2], states.things[:, 2, :2], states.hold[..., 2] = 40.0, AWAY, 10_000 * 0.5
    write(recording, tmp_path / "edge.npz")
    np.testing.assert_array_equal(read(tmp_path / "edge.npz").states.things, states.things)


_EDGES = [  # field, place, and numbers within and outside of the bounds
    ("floor", 0, 44.9, 45.1),
    ("thing_half", (0, 0, 0), 0.021, 0.019),
    ("hold", (0, 0, 0), 9.9, 10.1),
    ("agents", (0, 0, SPIN), 99.0, 101.0),
    ("agents", (0, 0, ANGLE), 9e4, 2e5),
    ("agents", (0, 0, VX), 4.7, 4.9),
]


@pytest.mark.parametrize("possible", [True, False])
@pytest.mark.parametrize(("field", "place", "within", "outside"), _EDGES)
def test_a_recording_holds_what_a_game_restores_and_nothing_else(
    recording: Recording, tmp_path: Path, field, place, within, outside, possible
):
    layout, states = recording.layout, recording.states
    getattr(layout if field in layout._fields else states, field)[place] = within if possible else outside
    first = take(states, np.arange(1))
    if possible:
        check_moment(recording.header.slots, layout, first, (layout, first), np.arange(1))
        write(recording, tmp_path / "edge.npz")
        return
    with pytest.raises(ValueError, match=f"{field} cannot be"):
        check_moment(recording.header.slots, layout, first, (layout, first), np.arange(1))
    with pytest.raises(ValueError, match=f"{field}.* has a number outside"):
        write(recording, tmp_path / "edge.npz")


def test_cut_files_get_one_clear_line(good: bytes, tmp_path: Path):
    path = tmp_path / "cut.npz"
    for length in np.linspace(0, len(good) - 1, 60).astype(int):
        path.write_bytes(good[:length])
        assert attempt(path) is not None


def test_flipped_bits_never_give_another_error(good: bytes, tmp_path: Path):
    stream = np.random.default_rng(0)
    path = tmp_path / "flipped.npz"
    refused = 0
    for _ in range(120):
        content = bytearray(good)
        for place in stream.integers(0, len(good), stream.integers(1, 4)):
            content[place] ^= 1 << stream.integers(8)
        path.write_bytes(content)
        refused += attempt(path) is not None
    assert refused > 90


def test_overwritten_stretches_never_give_another_error(good: bytes, tmp_path: Path):
    """The directory at the end of the zip, above all."""
    stream = np.random.default_rng(1)
    path = tmp_path / "overwritten.npz"
    refused = 0
    for _ in range(100):
        content = bytearray(good)
        place = len(good) - int(stream.integers(1, 1500))
        stretch = stream.integers(0, 256, stream.integers(1, 9), np.uint8).tobytes()
        content[place : place + len(stretch)] = stretch
        path.write_bytes(content)
        refused += attempt(path) is not None
    assert refused > 0


def test_no_file_and_a_folder_are_told(tmp_path: Path):
    for path in (tmp_path / "none.npz", tmp_path, tmp_path / "a\0b", tmp_path / ("x" * 5000)):
        with pytest.raises(UserError, match="cannot be opened"):
            read(path)


def test_the_largest_that_is_believed_takes_little_memory_to_draw(
    recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    recording.layout.floor[:], recording.layout.thing_half[:] = 1.0, (0.5, 0.16)
    recording.layout.walls[:] = recording.layout.doors[:] = (0.0, 0.0, 2.0, 2.0)
    recording.states.agents[:, 0, :2] = 0.5
    recording.states.things[:, 1:, :2] = recording.states.agents[:, 1:, :2] = [(2.0, -1.0), (-1.0, 2.0)]
    recording.states.held[:] = (1, 2, 0)
    write(recording, tmp_path / "large.npz")
    made, real = [], pygame.Surface
    monkeypatch.setattr(pygame, "Surface", lambda size, *more, **named: made.append(size) or real(size, *more, **named))
    export(read(tmp_path / "large.npz"), tmp_path / "large.png", first=13, size=64)
    assert len(made) > 10 and max(max(size) for size in made) <= 2 * 64 * SUPER
