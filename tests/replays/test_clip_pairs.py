"""Pairs come from one start and one time, differ, and say with which side nothing."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replays.clip_pairs import CLIP_TICKS, ClipPair, clip_pairs
from replays.format.recording import Recording, read, write
from replays.questions import hash_of
from sim.errors import UserError
from tests.replays.acting import quiet_episode


def moved(episode: Recording, speeds: tuple[float, ...], start_x: float = 2.0, seed: int = 5) -> Recording:
    """The quiet episode in which agent k goes along x with the k-th speed, in m a tick, from the middle of it on."""
    agents = episode.states.agents.copy()
    agents[:, 1, 0] = start_x
    ticks = np.maximum(np.arange(len(agents)) - 20, 0)
    for agent, speed in enumerate(speeds):
        agents[:, agent, 0] += speed * ticks
    header = dataclasses.replace(episode.header, seed=seed)
    return dataclasses.replace(episode, header=header, states=episode.states._replace(agents=agents))


def kept(folder: Path, *recordings: Recording) -> list[Path]:
    for number, recording in enumerate(recordings):
        write(recording, folder / f"{number}.npz")
    return [folder / f"{number}.npz" for number in range(len(recordings))]


def names(pair: ClipPair) -> set[str]:
    return {pair.left.path.stem, pair.right.path.stem}


def test_recordings_of_one_start_are_paired_the_most_distinct_first(episode: Recording, tmp_path: Path):
    paths = kept(
        tmp_path, moved(episode, (0.0,)), moved(episode, (0.01,)), moved(episode, (0.05,)), moved(episode, (), 3.0)
    )
    pairs = clip_pairs(paths)
    assert [names(pair) for pair in pairs][:2] == [{"0", "2"}, {"1", "2"}]
    assert all("3" not in names(pair) for pair in pairs), "another start"
    distances = [pair.distinctness_m for pair in pairs]
    assert distances == sorted(distances, reverse=True)


def test_a_clip_is_named_as_a_label_names_it(episode: Recording, tmp_path: Path):
    paths = kept(tmp_path, moved(episode, (0.0,)), moved(episode, (0.05,)))
    for clip in clip_pairs(paths)[0][:2]:
        assert clip.path in paths and clip.sha256 == hash_of(clip.path)
        assert clip.ticks == CLIP_TICKS and clip.until <= read(clip.path).header.ticks


def test_the_clips_are_where_something_differs(episode: Recording, tmp_path: Path):
    """Both stand still for the first 20 ticks."""
    pairs = clip_pairs(kept(tmp_path, moved(episode, (0.0,)), moved(episode, (0.05,))))
    assert (pairs[0].left.first, pairs[0].right.first) == (20, 20)


def test_every_start_has_its_turn(episode: Recording, tmp_path: Path):
    slow = [moved(episode, (speed,), 3.0) for speed in (0.0, 0.06)]
    fast = [moved(episode, (speed,)) for speed in (0.0, 0.12, -0.12)]
    order = [names(pair) <= {"0", "1"} for pair in clip_pairs(kept(tmp_path, *slow, *fast))]
    assert True in order[:2] and False in order[:2]


def test_a_lock_makes_a_difference_where_nothing_moves(episode: Recording, tmp_path: Path):
    locked = episode.states.lock.copy()
    locked[30:, 1] = 1
    other = dataclasses.replace(episode, states=episode.states._replace(lock=locked))
    (pair,) = clip_pairs(kept(tmp_path, episode, other))
    assert pair.left.until >= 30 and pair.distinctness_m == 0.5


def test_without_a_common_start_recordings_of_one_world_are_paired(episode: Recording, tmp_path: Path):
    foreign = dataclasses.replace(episode, header=dataclasses.replace(episode.header, scenario="quadrant:boxes=3"))
    starts = [moved(episode, (0.0, 0.05 * k), 2.0 + 0.1 * k) for k in range(3)]
    pairs = clip_pairs(kept(tmp_path, *starts, moved(foreign, (0.1,), 1.0)))
    assert {frozenset(names(pair)) for pair in pairs} == {frozenset("01"), frozenset("12"), frozenset("02")}


def test_there_are_no_pairs_of_the_same(episode: Recording, tmp_path: Path):
    for recordings in ([], [episode], [episode, episode], [episode, moved(episode, (0.0001,))]):
        with pytest.raises(UserError, match="no two clips of 20 ticks that differ"):
            clip_pairs(kept(tmp_path, *recordings))


def test_short_recordings_have_no_clips(tmp_path: Path):
    short = quiet_episode(CLIP_TICKS - 1)
    with pytest.raises(UserError, match="no two clips"):
        clip_pairs(kept(tmp_path, moved(short, ()), moved(short, (0.1,))))


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Four samplings of one start."""
    episode = quiet_episode()
    return kept(tmp_path_factory.mktemp("four"), *(moved(episode, (0.02 * k, 0.01 * k * k)) for k in range(4)))


@given(seed=st.integers(0, 10**6), order=st.permutations(range(4)))
@settings(max_examples=20, deadline=None)
def test_the_seed_decides_sides_and_nothing_else(four: list[Path], seed: int, order: list[int]):
    pairs, others = clip_pairs(four, seed), clip_pairs([four[k] for k in order], seed + 1)
    assert pairs == clip_pairs(four, seed)
    assert sorted(pair.distinctness_m for pair in pairs) == sorted(pair.distinctness_m for pair in others)
    assert {frozenset(pair[:2]) for pair in pairs} == {frozenset(pair[:2]) for pair in others}


def test_neither_side_is_preferred(four: list[Path]):
    sides = [pair.left.path < pair.right.path for seed in range(40) for pair in clip_pairs(four, seed)]
    assert 0.35 < np.mean(sides) < 0.65
