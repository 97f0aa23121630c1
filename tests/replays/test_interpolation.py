"""Between two ticks everything moves evenly and turns the shorter way."""

import numpy as np
import pytest

from replays.format.recording import Recording
from replays.interpolation import moment


def test_whole_ticks_are_the_states_themselves(recording: Recording):
    for tick in range(recording.header.ticks + 1):
        now = moment(recording, tick)
        for column, expected in zip(now.state, recording.states, strict=True):
            np.testing.assert_array_equal(column[0], expected[tick])
        np.testing.assert_array_equal(now.seen[0], recording.seen[tick])


def test_positions_move_evenly(recording: Recording):
    assert moment(recording, 3.25).state.agents[0, 0, 0] == pytest.approx(1.325)


def test_angles_turn_the_shorter_way(recording: Recording):
    recording.states.things[4, 0, 2], recording.states.things[5, 0, 2] = 3.0, -3.0
    middle = moment(recording, 4.5).state.things[0, 0, 2]
    assert np.cos(middle) == pytest.approx(-1.0)
    recording.states.things[5, 0, 2] = 3.2 + 2 * np.pi
    assert moment(recording, 4.5).state.things[0, 0, 2] == pytest.approx(3.1)


def test_locks_and_sight_hold_until_the_next_tick(recording: Recording):
    assert moment(recording, 5.99).state.lock[0, 0] == 0
    assert moment(recording, 6.0).state.lock[0, 0] == 1
    assert not moment(recording, 11.99).seen[0, 2, 1]


def test_the_recording_is_not_touched(recording: Recording):
    before = recording.states.agents.copy()
    moment(recording, 3.5).state.agents[:] = 9
    np.testing.assert_array_equal(recording.states.agents, before)


def test_time_ends_where_the_recording_does(recording: Recording):
    np.testing.assert_array_equal(moment(recording, 99).state.tick, [recording.header.ticks])
    np.testing.assert_array_equal(moment(recording, -1).state.tick, [0])


def test_preparation_ends_with_its_last_tick(recording: Recording):
    assert moment(recording, 7.9).preparation
    assert not moment(recording, 8.0).preparation
