"""The viewer's clock."""

import pytest

from replays.film.playback import NORMAL, SPEEDS, Playback


def test_time_passes_at_ten_ticks_a_second_only_while_playing():
    playback = Playback(ticks=100)
    playback.advance(1.0)
    assert playback.time == 0
    playback.toggle()
    playback.advance(1.5)
    assert playback.time == pytest.approx(15)


@pytest.mark.parametrize("pace", range(len(SPEEDS)))
def test_every_speed_is_as_fast_as_it_says(pace: int):
    playback = Playback(ticks=10_000, playing=True, pace=pace)
    playback.advance(2.0)
    assert playback.time == pytest.approx(20 * SPEEDS[pace])


def test_backwards_is_as_fast():
    playback = Playback(ticks=100, time=50, pace=NORMAL + 1)
    playback.reverse()
    playback.advance(1.0)
    assert playback.playing and playback.time == pytest.approx(30)
    assert playback.speed_text() == "-2x"


def test_playing_ends_at_either_end_and_starts_anew():
    playback = Playback(ticks=10, playing=True)
    playback.advance(5)
    assert (playback.time, playback.playing) == (10, False)
    playback.toggle()
    assert (playback.time, playback.playing) == (0, True)
    playback.advance(0.5)
    playback.reverse()
    playback.advance(5)
    assert (playback.time, playback.playing) == (0, False)
    playback.toggle()
    assert (playback.time, playback.playing) == (10, True)


@pytest.mark.parametrize(
    ("time", "steps", "lands"), [(3.0, 1, 4), (3.0, -1, 2), (3.4, 1, 4), (3.4, -1, 3), (0, -1, 0), (10, 1, 10)]
)
def test_a_step_pauses_on_the_next_whole_tick(time: float, steps: int, lands: int):
    playback = Playback(ticks=10, time=time, playing=True)
    playback.step(steps)
    assert (playback.time, playback.playing) == (lands, False)


def test_the_ladder_of_speeds_has_ends():
    playback = Playback(ticks=10)
    playback.change_pace(100)
    assert (playback.speed, playback.speed_text()) == (32, "32x")
    playback.change_pace(-100)
    assert (playback.speed, playback.speed_text()) == (1 / 8, "1/8x")


def looping(direction: int = 1) -> Playback:
    """From tick 4 to tick 8, now at tick 6; 1.25 ticks in a second."""
    return Playback(20, time=6, playing=True, direction=direction, pace=SPEEDS.index(1 / 8), loop=(4, 8))


@pytest.mark.parametrize(("direction", "times"), [(1, [7.25, 4.5, 5.75]), (-1, [4.75, 7.5, 6.25])])
def test_a_loop_goes_round_at_one_speed_in_both_directions(direction: int, times: list[float]):
    playback, found = looping(direction), []
    for _ in times:
        playback.advance(1.0)
        found.append(playback.time)
    assert found == pytest.approx(times) and playback.playing


def test_a_loop_at_the_end_of_the_recording_does_not_end_the_playing():
    playback = Playback(ticks=10, time=9, playing=True, loop=(8, 10))
    for _ in range(20):
        playback.advance(0.05)
    assert playback.playing and 8 <= playback.time <= 10


def test_a_loop_reaches_to_an_end_of_the_recording_until_its_other_end_is_set():
    playback = Playback(ticks=10, time=4)
    playback.start_loop()
    assert playback.loop == (4, 10)
    playback.seek(7)
    playback.end_loop()
    assert playback.loop == (4, 7)
    playback.seek(8)
    playback.start_loop()
    assert playback.loop == (8, 10), "its last tick would have been before its first"
    playback.seek(3)
    playback.end_loop()
    assert playback.loop == (0, 3)


def test_a_range_without_ticks_is_no_loop():
    playback = Playback(ticks=10, loop=(2, 5))
    playback.set_loop(12.0, 3.4)
    assert playback.loop == (3, 10), "in order, in whole ticks and within the recording"
    playback.set_loop(6.1, 5.9)
    assert playback.loop is None
