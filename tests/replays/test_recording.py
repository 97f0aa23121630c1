"""Recordings come back as they were written, and writing never harms what was there."""

import ast
import dataclasses
import errno
import os
from pathlib import Path

import numpy as np
import pytest

import replays.format.header
from replays.events import NOBODY, Event, most_events
from replays.format.recording import MOST_EVENTS, Recorder, Recording, read, write
from sim.errors import UserError
from sim.game import Game
from sim.layout import empty_layout
from sim.rules import ACTION_SIZES
from sim.scenario import scenario_from_text
from sim.state import State, empty_state

OLD_FILES = Path(__file__).parent / "files"


def assert_same(one: Recording, other: Recording):
    assert one.header == other.header
    assert one.events == other.events
    for a, b in zip((*one.layout, *one.states), (*other.layout, *other.states), strict=True):
        np.testing.assert_array_equal(a, b, strict=True)
    for name in ("actions", "seen", "reward", "values"):
        a, b = getattr(one, name), getattr(other, name)
        assert (a is None) == (b is None)
        if a is not None:
            np.testing.assert_array_equal(a, b, strict=True)


@pytest.mark.parametrize("with_values", [True, False])
def test_a_recording_comes_back_as_it_was(recording: Recording, tmp_path: Path, with_values: bool):
    if not with_values:
        recording = dataclasses.replace(recording, values=None)
    write(recording, tmp_path / "a.npz")
    assert_same(read(tmp_path / "a.npz"), recording)


def test_what_was_read_can_be_written_to(recording: Recording, tmp_path: Path):
    write(recording, tmp_path / "a.npz")
    again = read(tmp_path / "a.npz")
    again.states.agents[0, 0, 0] = 2.0
    write(again, tmp_path / "a.npz")
    assert read(tmp_path / "a.npz").states.agents[0, 0, 0] == 2.0


def test_reading_needs_no_syntax_tree(recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Two threads that make one at a time may fail in Python 3.11, and a good file was called damaged."""
    write(recording, tmp_path / "a.npz")
    monkeypatch.delattr(ast, "literal_eval")
    assert_same(read(tmp_path / "a.npz"), recording)


def test_the_same_recording_gives_the_same_bytes(recording: Recording, tmp_path: Path):
    write(recording, tmp_path / "a.npz")
    write(recording, tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_numpy_opens_it_without_pickle(recording: Recording, tmp_path: Path):
    write(recording, tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz", allow_pickle=False) as arrays:
        np.testing.assert_array_equal(arrays["state_agents"], recording.states.agents)


def test_files_of_every_format_open_for_ever(recording: Recording):
    header = dataclasses.replace(recording.header, outcome={"hidden": 0.75, "win": True})
    older = dataclasses.replace(recording, header=header)
    for path in sorted(OLD_FILES.glob("format_*.npz")):
        assert_same(read(path), older)
    assert (OLD_FILES / f"format_{replays.format.header.FORMAT}.npz").exists()


def test_an_older_header_is_upgraded_step_by_step(
    recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    write(recording, tmp_path / "old.npz")
    now = replays.format.header.FORMAT
    monkeypatch.setattr(replays.format.header, "FORMAT", now + 2)
    steps = {now: lambda raw: raw | {"hiders": "renamed"}, now + 1: lambda raw: raw | {"seekers": raw["hiders"] + "!"}}
    monkeypatch.setattr(replays.format.header, "UPGRADES", steps)
    header = read(tmp_path / "old.npz").header
    assert (header.format, header.hiders, header.seekers) == (now + 2, "renamed", "renamed!")


def test_a_newer_format_says_so(recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write(recording, tmp_path / "new.npz")
    monkeypatch.setattr(replays.format.header, "FORMAT", 0)
    with pytest.raises(UserError, match=r"new\.npz.*newer than this hideseek"):
        read(tmp_path / "new.npz")


@pytest.mark.parametrize("busy", [False, True])
def test_the_longest_and_fullest_episode_comes_back(recording: Recording, tmp_path: Path, busy: bool):
    """Of every scenario there is; idle agents, or as many events as a file may hold."""
    scenario = scenario_from_text("quadrant:hiders=3,seekers=3,boxes=4,ticks=10000")
    slots, ticks = scenario.slots, scenario.ticks
    layout, state = empty_layout(1, slots), empty_state(1, slots)
    layout.floor[:], layout.agent_exists[:] = 6.0, True
    states = State(*(np.repeat(column, ticks + 1, axis=0) for column in state))
    states.tick[:] = np.arange(ticks + 1)
    count = min(most_events(slots, ticks), MOST_EVENTS) if busy else 0
    longest = dataclasses.replace(
        recording,
        header=dataclasses.replace(recording.header, ticks=ticks, slots=slots),
        layout=layout,
        states=states,
        actions=np.zeros((ticks, slots.agents, 3), np.int8),
        seen=np.zeros((ticks + 1, slots.agents, slots.agents), bool),
        reward=np.zeros((ticks, slots.agents), np.float32),
        values=np.zeros((ticks, 2), np.float32),
        events=tuple(Event(1 + k * ticks // count, "grab", 0, 0, NOBODY) for k in range(count)),
    )
    write(longest, tmp_path / "long.npz")
    assert_same(read(tmp_path / "long.npz"), longest)


def test_names_of_teams_are_made_printable(tmp_path: Path):
    game = Game(scenario_from_text("quadrant"), 1)
    game.reset(np.zeros(1, np.uint64))
    recorder = Recorder(game, seed=0, hiders="my\u00a0team\udcff\n", seekers="x" * 5000, hashes={})
    game.tick(np.zeros(game.actions.shape, np.int8))
    recorder.add(game, game.actions)
    write(recorder.finish(), tmp_path / "a.npz")
    header = read(tmp_path / "a.npz").header
    assert header.hiders == "my team  " and set(header.seekers) == {"x"}


def test_what_could_not_be_read_is_not_written(recording: Recording, tmp_path: Path):
    wrong = [
        dataclasses.replace(recording, reward=np.full_like(recording.reward, np.nan)),
        dataclasses.replace(recording, reward=recording.reward.astype(float)),
        dataclasses.replace(recording, actions=recording.actions[1:]),
        dataclasses.replace(recording, header=dataclasses.replace(recording.header, hiders="x" * 5000)),
        dataclasses.replace(recording, header=dataclasses.replace(recording.header, outcome={"hidden": np.inf})),
    ]
    for one in wrong:
        with pytest.raises(ValueError):
            write(one, tmp_path / "a.npz")
    assert not list(tmp_path.iterdir())


def test_a_full_disk_is_told_and_touches_nothing(recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "a.npz").write_bytes(b"old")

    def full(_file: int):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match=r"a\.npz: cannot be written \(No space left"):
        write(recording, tmp_path / "a.npz")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.npz", b"old")]


def test_a_missing_folder_is_told(recording: Recording, tmp_path: Path):
    with pytest.raises(UserError, match="cannot be written"):
        write(recording, tmp_path / "nowhere" / "a.npz")


def test_the_recorder_notes_what_the_game_shows(tmp_path: Path):
    game = Game(scenario_from_text("quadrant"), 3)
    game.reset(np.arange(3, dtype=np.uint64))
    recorder = Recorder(game, 1, seed=1, hiders="a", seekers="b", hashes={})
    snapshots, hidden = [game.snapshot(np.array([1]))[1]], []
    stream = np.random.default_rng(0)
    for _ in range(game.scenario.ticks):
        actions = stream.integers(0, ACTION_SIZES, game.actions.shape, np.int8)
        game.tick(actions)
        recorder.add(game, actions, values=np.zeros(2))
        snapshots.append(game.snapshot(np.array([1]))[1])
        hidden.append(bool(game.hidden[1]))
    with pytest.raises(ValueError, match="starts with the episode"):
        Recorder(game, 1, seed=1, hiders="a", seekers="b", hashes={})
    write(recorder.finish(), tmp_path / "a.npz")
    recording = read(tmp_path / "a.npz")
    for tick, snapshot in enumerate(snapshots):
        for column, expected in zip(recording.states, snapshot, strict=True):
            np.testing.assert_array_equal(column[tick], expected[0])
    play = hidden[game.scenario.preparation_ticks :]
    assert recording.header.outcome == {"hidden": np.mean(play), "win": np.mean(play) > 0.5}
    assert {"grab", "release"} <= {event.kind for event in recording.events}


def test_values_come_with_every_tick_or_none():
    game = Game(scenario_from_text("quadrant"), 1)
    game.reset(np.zeros(1, np.uint64))
    recorder = Recorder(game, seed=0, hiders="a", seekers="b", hashes={})
    for values in (np.zeros(2), None):
        game.tick(np.zeros(game.actions.shape, np.int8))
        recorder.add(game, game.actions, values)
    with pytest.raises(ValueError, match="all ticks or for none"):
        recorder.finish()
