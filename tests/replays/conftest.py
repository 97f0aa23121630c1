"""A small episode made by hand, in which something of every kind happens."""

import dataclasses
from collections import Counter
from pathlib import Path

import numpy as np
import platformdirs
import pygame
import pytest

import replays.format.recording
import sim.scenario
from replays.events import NOBODY, Event, find_events
from replays.film import film as film_module
from replays.format.header import FORMAT, Header
from replays.format.recording import Recording, write
from replays.strategies.catalogue import names
from replays.viewer.film.viewer import Viewer
from replays.viewer.gallery.loader import Cache, RecordingLoader
from replays.viewer.widgets import theme
from sim.layout import Slots, empty_layout
from sim.render import draw
from sim.rules import GRAB, LOCK
from sim.state import State, empty_state
from tests.replays.acting import TICK, live, play_context, press, quiet_episode, wait
from tests.replays.grouped import grouped

TICKS = 20


@pytest.fixture(autouse=True)
def forgetful(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests neither read nor write what the user's own window remembers."""
    monkeypatch.setattr(platformdirs, "user_config_path", lambda name: tmp_path / "config" / name)


@pytest.fixture(autouse=True)
def plain_scale():
    """A window of one test leaves its scale to no other test, even if it fails."""
    yield
    theme.set_scale(1.0)


@pytest.fixture
def recording() -> Recording:
    """Two hiders, a seeker, two boxes and a ramp; 20 ticks, of which 8 preparation.

    Hider 0 grabs box 0 in tick 2 and locks it in tick 5; the seeker sees hider 1 from state 12 to state 14.
    """
    slots = Slots(hiders=2, seekers=1, boxes=2, ramps=1, walls=1, doors=1)
    layout = empty_layout(1, slots)
    layout.floor[:] = 6.0
    layout.walls[0, 0], layout.wall_exists[:] = (3.0, 0.0, 3.1, 2.0), True
    layout.doors[0, 0], layout.door_exists[:] = (3.0, 2.0, 3.1, 2.5), True
    layout.agent_exists[:], layout.thing_exists[:], layout.thing_lockable[:] = True, True, True
    layout.thing_half[0] = [(0.38, 0.38), (0.8, 0.08), (0.45, 0.3)]
    start = empty_state(1, slots)
    start.agents[0, :, :3] = [(1.0, 1.0, 0.0), (2.0, 4.0, 1.0), (5.0, 5.0, -2.0)]
    start.things[0, :, :3] = [(1.7, 1.0, 0.2), (4.5, 2.0, 0.6), (4.0, 4.0, 2.0)]
    states = State(*(np.repeat(column, TICKS + 1, axis=0) for column in start))
    states.tick[:] = np.arange(TICKS + 1)
    states.agents[:, 0, 0] += 0.1 * np.arange(TICKS + 1)
    states.agents[:, 1, 2] += 0.5 * np.arange(TICKS + 1)
    states.held[3:6, 0] = 0
    states.lock[6:, 0] = 1
    actions = np.zeros((TICKS, slots.agents, 3), np.int8)
    actions[2, 0, 2], actions[5, 0, 2] = GRAB, LOCK
    seen = np.zeros((TICKS + 1, slots.agents, slots.agents), bool)
    seen[12:15, 2, 1] = True
    header = Header(
        format=FORMAT,
        made_by={"hideseek": "0.1.0"},
        scenario="quadrant",
        ticks=TICKS,
        preparation_ticks=8,
        slots=slots,
        seed=7,
        hiders="builder",
        seekers="chaser",
        hashes={"hiders": "", "seekers": "abc"},
        outcome={"hidden": 0.75, "win": True, **dict.fromkeys(names(), False)},
    )
    return Recording(
        header=header,
        layout=layout,
        states=states,
        actions=actions,
        seen=seen,
        reward=np.ones((TICKS, slots.agents), np.float32),
        values=np.zeros((TICKS, 2), np.float32),
        events=tuple(find_events(slots, layout, states, actions, seen, header.preparation_ticks)),
    )


@pytest.fixture
def path(recording: Recording, tmp_path: Path) -> Path:
    """That episode as a file in which, moreover, hider 1 blocks a door in tick 4 till tick 17."""
    blocked, opened = Event(4, "door blocked", 1, 0, 0), Event(17, "door open again", 2, 0, 0)
    events = tuple(sorted([*recording.events, blocked, opened], key=lambda event: event.tick))
    header = dataclasses.replace(recording.header, outcome={**recording.header.outcome, "door_blocked": True})
    values = np.linspace((1.0, -1.0), (-3.0, 3.0), recording.header.ticks, dtype=np.float32)
    write(dataclasses.replace(recording, header=header, events=events, values=values), tmp_path / "film.npz")
    return tmp_path / "film.npz"


@pytest.fixture
def viewer(path: Path) -> Viewer:
    return Viewer([path], tick=0)


@pytest.fixture(scope="session")
def episode() -> Recording:
    """See `quiet_episode`; a Recording is never changed."""
    return quiet_episode()


@pytest.fixture
def quiet(episode: Recording, tmp_path: Path) -> Path:
    """That episode as a file."""
    write(episode, tmp_path / "film.npz")
    return tmp_path / "film.npz"


@pytest.fixture
def playable(quiet: Path, tmp_path: Path) -> Viewer:
    """Shows it, and can play on from it."""
    return Viewer([quiet], tick=TICK, play_context=play_context(tmp_path))


@pytest.fixture
def playing(playable: Viewer) -> Viewer:
    """Hider 0 has been taken over, and nothing was pressed yet."""
    press(playable, pygame.K_x)
    wait(playable)
    assert live(playable).session.human == 0
    return playable


@pytest.fixture
def loader(tmp_path: Path):
    loader = RecordingLoader(Cache(tmp_path / "cache"))
    yield loader
    loader.close()


@pytest.fixture
def folder(recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four recordings: one in which nothing happens, one of locks, one sealed, and z.npz with a blocked door."""
    kinds = ("door blocked", "door open again")
    monkeypatch.setattr(
        replays.format.recording, "KINDS", tuple(dict.fromkeys((*replays.format.recording.KINDS, *kinds)))
    )
    place = tmp_path / "some"
    place.mkdir()
    write(dataclasses.replace(recording, events=()), place / "quiet.npz")
    write(recording, place / "lock.npz")
    for name, kind, tick, door in (("sealed", "room sealed", 7, NOBODY), ("z", "door blocked", 9, 0)):
        events = [*recording.events, Event(tick, kind, NOBODY, 0, door)]
        outcome = recording.header.outcome | ({"hidden": 0.25, "win": False} if name == "sealed" else {})
        header = dataclasses.replace(recording.header, outcome=outcome)
        ordered = tuple(sorted(events, key=lambda event: event.tick))
        write(dataclasses.replace(recording, header=header, events=ordered), place / f"{name}.npz")
    return place


@pytest.fixture
def run(recording: Recording, tmp_path: Path) -> Path:
    """Five recordings from 1 to 5 million agent-steps, the k-th with seed k; and a curve."""
    (tmp_path / "evening" / "replays").mkdir(parents=True)
    for k in range(1, 6):
        header = dataclasses.replace(recording.header, seed=k)
        write(
            dataclasses.replace(recording, header=header), tmp_path / "evening" / "replays" / f"{k * 1_000_000:012}.npz"
        )
    lines = ['{"agent_steps": 1000000, "hidden": 0.5}', "nonsense", '{"agent_steps": 5000000, "hidden": 0.9}']
    (tmp_path / "evening" / "metrics.jsonl").write_text("\n".join(lines))
    return tmp_path / "evening"


@pytest.fixture
def grouped_run(run: Path, recording: Recording) -> Path:
    """That run with groups that nobody has named."""
    return grouped(run, recording)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter:
    """How often each costly function was called, wherever a frame might call it."""
    counted: Counter = Counter()
    film_module._world_name.cache_clear()
    for module, name in (
        (sim.scenario, "scenario_from_text"),
        (film_module, "shown_at"),
        (draw, "look"),
    ):
        real = getattr(module, name)

        def count(*args, _real=real, _name=name):
            counted[_name] += 1
            return _real(*args)

        monkeypatch.setattr(module, name, count)
    return counted
