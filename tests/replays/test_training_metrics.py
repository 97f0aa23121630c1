"""A run's metrics are read as they grow, once, and damage in them does no harm."""

import itertools
import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygame import Rect

from replays.film.run_start import changes_of
from replays.format import metrics
from replays.format.metrics import Metrics, MetricsReader, read_metrics
from replays.viewer.training.curves import KINDS, NAMES, curves_of, onsets, smoothed
from replays.viewer.widgets.plot import Curves, Line, Plot

NAME = st.sampled_from(["agent_steps", "seconds", "steps_per_s", *NAMES, "shares"])
VALUE = st.one_of(st.integers(-5, 10**6), st.floats(), st.booleans(), st.none(), st.just({"a": 1}), st.just("1"))
LINE = st.one_of(
    st.dictionaries(NAME, VALUE).map(json.dumps),
    st.integers(0, 1000).map(lambda steps: json.dumps({"agent_steps": steps, "seconds": 1.5, "hidden": 0.5})),
    st.text(max_size=20),
    st.just("[" * 50_000),
    st.just('{"agent_steps": 5, "hidden": ' + "1" * 70_000 + "}"),
)
CONTENT = st.lists(LINE, max_size=12).map(lambda lines: "\n".join(lines).encode("utf-8", "replace"))


def same(one: Metrics, other: Metrics) -> bool:
    return repr(one) == repr(other)


@given(CONTENT, st.lists(st.integers(0, 200_000), max_size=10))
def test_reading_bit_by_bit_equals_reading_at_once(content: bytes, cuts: list[int]):
    places = [0, *sorted(min(cut, len(content)) for cut in cuts), len(content)]
    bits, whole = MetricsReader(Path(), NAMES), MetricsReader(Path(), NAMES)
    for first, last in itertools.pairwise(places):
        bits.feed(content[first:last])
    whole.feed(content)
    assert same(bits.metrics, whole.metrics)
    bits.finish()
    whole.finish()
    assert same(bits.metrics, whole.metrics)


@given(CONTENT)
def test_what_was_read_makes_sense(content: bytes):
    reader = MetricsReader(Path(), NAMES)
    reader.feed(content + b"\n")
    found = reader.metrics
    assert all(early < late for early, late in itertools.pairwise(found.agent_steps))
    assert {len(column) for column in (found.seconds, found.speed, *found.rates.values())} <= {len(found.agent_steps)}
    assert all(np.isnan(value) or 0 <= value <= 1e12 for column in found.rates.values() for value in column)
    curves_of(found)


def test_a_torn_line_is_waited_for_and_no_line_is_parsed_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    parsed: list[bytes] = []
    monkeypatch.setattr(metrics.json, "loads", lambda line, load=json.loads: (parsed.append(line), load(line))[1])
    path, lines = tmp_path / "metrics.jsonl", [f'{{"agent_steps": {k}, "hidden": 0.{k}}}\n' for k in range(1, 8)]
    reader = MetricsReader(path, NAMES)
    assert not reader.poll()
    for k, line in enumerate(lines):
        with path.open("a") as file:
            file.write(line[:9])
        reader.poll()
        assert len(reader.metrics.agent_steps) == k
        with path.open("a") as file:
            file.write(line[9:])
        assert reader.poll() and not reader.poll()
        assert reader.metrics.agent_steps == list(range(1, k + 2))
    assert len(parsed) == len(lines)


def test_a_run_that_goes_on_from_an_earlier_checkpoint_is_read_anew(tmp_path: Path):
    path = tmp_path / "metrics.jsonl"
    path.write_text('{"agent_steps": 1, "hidden": 0.1}\n{"agent_steps": 2, "hidden": 0.2}\n')
    reader = MetricsReader(path, NAMES)
    reader.poll()
    (tmp_path / "new").write_text('{"agent_steps": 1, "hidden": 0.1}\n{"agent_steps": 3, "hidden": 0.3}\n' * 3)
    os.replace(tmp_path / "new", path)
    reader.poll()
    assert reader.metrics.agent_steps == [1, 3] and reader.metrics.rates["hidden"] == [0.1, 0.3]


def test_what_is_no_plain_file_is_not_opened(tmp_path: Path):
    (tmp_path / "metrics.jsonl").mkdir()
    assert not read_metrics(tmp_path / "metrics.jsonl", NAMES).agent_steps
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        assert not read_metrics(tmp_path / "pipe", NAMES).agent_steps


def test_a_time_is_that_of_all_updates_so_far(tmp_path: Path):
    path = tmp_path / "metrics.jsonl"
    path.write_text("".join(f'{{"agent_steps": {k}, "seconds": 2.5, "steps_per_s": 7}}\n' for k in (10, 20, 30)))
    found = read_metrics(path, NAMES)
    assert found.seconds == [2.5, 5.0, 7.5] and found.speed == [7.0, 7.0, 7.0]
    assert curves_of(found).seconds_at(25) == pytest.approx(6.25)


def test_smoothing_is_the_mean_of_the_last_eight_known_values():
    values = [0.0] * 8 + [1.0] * 8
    np.testing.assert_allclose(smoothed(values)[7:], np.arange(9) / 8)
    np.testing.assert_allclose(smoothed([np.nan, 0.5, np.nan, 1.0]), [np.nan, 0.5, 0.5, 0.75])


def test_an_onset_is_where_the_smoothed_rate_first_rises_to_a_level():
    steps = list(range(0, 4000, 100))
    values = smoothed([1.0] + [0.0] * 19 + [1.0] * 20)
    assert [(onset.agent_steps, onset.level) for onset in onsets(steps, values)] == [(2000, 0.1), (2300, 0.5)]
    assert onsets(steps[:15], values[:15]) == (), "one lucky episode at the start is no onset"
    known = smoothed([0.3] * 20 + [0.9] * 20)
    assert [onset.level for onset in onsets(steps, known)] == [0.5], "what untrained teams do has not set in"


def test_an_onset_does_not_move_while_curves_grow():
    values = [min(k / 60, 1.0) for k in range(100)]
    steps = list(range(100))
    early, late = (onsets(steps[:end], smoothed(values[:end])) for end in (50, 100))
    assert early and late[: len(early)] == early


def test_curves_are_named_coloured_apart_and_rare_ones_wait():
    found = Metrics(NAMES)
    for k in range(20):
        found.add(
            json.dumps(
                {"agent_steps": k, "hidden": k / 20, "soft_end": k / 20, "fort_end": 0.0, "hider_locks": 3}
            ).encode()
        )
    lines = {line.name: line for line in curves_of(found).lines}
    assert list(lines) == ["hidden", "soft_end", "hider_locks"]
    assert lines["soft_end"].text(0.2) == "20%" and lines["hider_locks"].text(3.0) == "3.0"
    assert lines["hider_locks"].top >= 3 and not lines["hidden"].onsets and lines["soft_end"].onsets
    always = [kind.colour for kind in KINDS if kind.always]
    assert len(set(always)) == len(always)


def test_what_is_learned_in_the_first_minutes_has_a_curve():
    """Chase and boxes moved come long before a door is shut."""
    found = Metrics(NAMES)
    for k in range(20):
        found.add(json.dumps({"agent_steps": k, "door_blocked": 0.0, "chase": k / 50, "carry": 0.3}).encode())
    lines = {line.name: line for line in curves_of(found).lines}
    assert list(lines) == ["chase", "carry", "door_blocked"]
    assert [onset.level for onset in lines["chase"].onsets] == [0.1] and not lines["carry"].onsets
    colours = [kind.colour for kind in KINDS if kind.name != "done"]
    assert len(set(colours)) == len(colours)


def test_only_utf_8_is_read():
    """Python's json would guess other encodings, and import what decodes them."""
    line, found = '{"agent_steps": 5}', Metrics(NAMES)
    found.add(line.encode("utf-16-le"))
    assert not found.agent_steps
    found.add(line.encode())
    assert found.agent_steps == [5]


@pytest.mark.parametrize(("begins", "drawn"), [(400, True), (4000, False)])
def test_another_world_is_marked_where_it_came(begins: int, drawn: bool):
    line = Line("chase", "chase", (0, 0, 0), np.full(10, np.nan), 1.0)
    curves = Curves(np.arange(100, 1100, 100), np.arange(10.0), (line,))
    senseless = [["x", "quadrant"], [7], 3, [10**400, "quadrant"], [-(10**400), "quadrant"]]
    marked = replace(curves, changes=changes_of({"then": [[begins, "quadrant:door_m=0.6"], *senseless]}))
    plain, plot = (Plot(Rect(0, 0, 600, 120), one) for one in (curves, marked))
    differ = pygame.surfarray.array3d(plain.picture) != pygame.surfarray.array3d(plot.picture)
    columns = np.flatnonzero(differ.any(axis=(1, 2)))
    assert bool(len(columns)) == drawn
    if drawn:
        assert abs(columns[0] - plot.x_of(begins)) <= 2
