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
