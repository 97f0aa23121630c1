"""The time line of training under a film: curves with values and onsets, and stages that a click plays."""

import json
import os
from pathlib import Path
from typing import cast

import numpy as np
import pygame
import pytest

from replays.film.facts import Facts, of_run
from replays.film.origin import SCRIPTED
from replays.film.units import short_steps, short_time
from replays.format import metrics
from replays.format.recording import Recording, write
from replays.viewer.film import training_timeline as marks
from replays.viewer.film.training_timeline import TrainingTimeline
from replays.viewer.gallery.loader import RecordingLoader
from replays.viewer.screens import Screens
from replays.viewer.widgets import plot as plots
from replays.viewer.widgets import value_rows
from sim.render.canvas import Point, Stamp
from sim.render.palette import Colour
from tests.replays.screening import film, film_of


def words_of(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is written on the plot from now on."""
    said: list[str] = []
    real = plots.write
    for module in (plots, value_rows):
        monkeypatch.setattr(module, "write", lambda surface, text, *m: (said.append(text), real(surface, text, *m))[1])
    return said


def grown(run: Path) -> Path:
    """The run with a curve in which hiders begin to seal themselves in."""
    plain = {"seconds": 1.2, "hidden": 0.8, "hider_locks": 2}
    lines = [json.dumps({"agent_steps": 50_000 * k, "soft_end": k / 100, **plain}) for k in range(1, 101)]
    (run / "metrics.jsonl").write_text("\n".join([*lines, "[" * 100_000, '{"agent_steps": 9000000, "hid']))
    return run


def test_curves_have_an_axis_a_legend_onsets_and_values_under_the_mouse(
    run: Path, loader: RecordingLoader, monkeypatch: pytest.MonkeyPatch
):
    timeline = TrainingTimeline(of_run(grown(run)), loader)
    surface, area = pygame.Surface((1280, 800)), pygame.Rect(0, 668, 1280, 132)
    said = words_of(monkeypatch)
    timeline.draw(surface, area, timeline.paths[0], None)
    assert {"hidden", "sealed", "100%", "0%"} <= set(said) and any(" M · " in text for text in said)
    assert any(text.startswith("10% at ") for text in said) and any(text.startswith("50% at ") for text in said)
    said.clear()
    timeline.draw(surface, area, timeline.paths[0], timeline.x_of(area, 2))
    assert "80%" in said and "sealed" in said and any(text.startswith("3 M agent-steps · 72 s") for text in said)
    assert any(text.startswith("Click plays stage 3 of 5: 3 M steps") for text in said)


def test_the_first_stage_has_a_name(run: Path, loader: RecordingLoader, monkeypatch: pytest.MonkeyPatch):
    first = of_run(run)[0]
    first.rename(first.with_name("000000000000.npz"))
    said = words_of(monkeypatch)
    for config, words in (({}, "before training"), ({"start": "quadrant-block"}, "as it began")):
        (run / "config.json").write_text(json.dumps(config))
        timeline = TrainingTimeline(of_run(run), loader)
        timeline.draw(pygame.Surface((1280, 800)), pygame.Rect(0, 668, 1280, 132), timeline.paths[0], 0)
        assert any(text.startswith(f"Click plays stage 1 of 5: {words}") for text in said)


def test_the_metrics_are_read_once_however_many_frames_are_drawn(
    run: Path, loader: RecordingLoader, monkeypatch: pytest.MonkeyPatch
):
    parsed: list[bytes] = []
    load = metrics.json.loads
    monkeypatch.setattr(metrics.json, "loads", lambda line: (parsed.append(line), load(line))[1])
    timeline = TrainingTimeline(of_run(grown(run)), loader)
    surface, area = pygame.Surface((1280, 800)), pygame.Rect(0, 668, 1280, 132)
    for x in range(300, 400, 10):
        timeline.draw(surface, area, timeline.paths[0], x)
    assert len([line for line in parsed if isinstance(line, bytes) and b'"agent_steps"' in line]) <= 101


def test_a_click_plays_that_stage(run: Path, loader: RecordingLoader):
    screens = film_of(run, loader, number=4, tick=9)
    strip, timeline = film(screens).strip, film(screens).training_timeline
    assert timeline and not screens.moving
    place = (timeline.x_of(strip, 1), strip.centery)
    screens.handle(pygame.Event(pygame.MOUSEBUTTONDOWN, pos=place, button=1))
    screens.handle(pygame.Event(pygame.MOUSEBUTTONUP, pos=place, button=1))
    assert film(screens).path == of_run(run)[1] and screens.moving


@pytest.mark.parametrize("size", [(640, 480), (800, 600), (1280, 800), (1920, 1080)])
def test_marks_lie_on_the_strip_in_order(run: Path, loader: RecordingLoader, size: tuple[int, int]):
    screens = film_of(run, loader)
    screens.size = size
    timeline, strip = film(screens).training_timeline, film(screens).strip
    assert timeline and strip.height and strip.bottom == size[1]
    columns = [timeline.x_of(strip, number) for number in range(5)]
    assert columns == sorted(columns) and strip.left <= columns[0] and columns[-1] <= strip.right
    assert [timeline.number_at(strip, x) for x in columns] == list(range(5))


class KnownFacts:
    """Stands for a loader: what is known of the recordings of a run, one after the other."""

    def __init__(self, paths: list[Path], *found: tuple[str, ...] | None) -> None:
        plain = Facts("quadrant", "builder", "chaser", "Hiders win", 0.5, (), 9, 10, SCRIPTED)
        told = [plain._replace(strategies=titles) if titles else "cannot be read" for titles in found]
        self._facts = dict(zip(paths, told, strict=True))

    def facts(self, path: Path) -> Facts | str:
        return self._facts[path]


def test_a_roof_marks_where_hiders_shut_themselves_in_and_the_mark_of_the_shown_one_is_large(
    run: Path, monkeypatch: pytest.MonkeyPatch
):
    dots, roofs, polygon = {}, set(), Stamp.polygon
    monkeypatch.setattr(marks, "draw_dot", lambda _, place, size, colour: dots.update({place[0]: size}))

    def roof(stamp: Stamp, colour: Colour, corners: list[Point]) -> None:
        roofs.add(round(corners[0][0]))
        polygon(stamp, colour, corners)

    monkeypatch.setattr(Stamp, "polygon", roof)
    paths, area = of_run(run), pygame.Rect(0, 668, 1280, 132)
    known = KnownFacts(paths, ("Locked by hiders",), ("Door blocked",), ("Chase", "Sealed in"), ("Fort built",), None)
    timeline = TrainingTimeline(paths, cast(RecordingLoader, known))
    columns = [timeline.x_of(area, number) for number in range(5)]
    timeline.draw(pygame.Surface((1280, 800)), area, paths[0], None)
    assert roofs == set(columns[1:4]) and dots == {columns[0]: 7.5, columns[4]: 4.5}
    timeline.draw(pygame.Surface((1280, 800)), area, paths[4], None)
    assert dots == {columns[0]: 4.5, columns[4]: 7.5}


def test_a_window_of_another_size_has_its_marks_elsewhere(run: Path, loader: RecordingLoader):
    timeline = TrainingTimeline(of_run(run), loader)
    wide, narrow = (pygame.Rect(0, 0, width, 132) for width in (1280, 800))
    assert timeline.x_of(wide, 4) > 800 > timeline.x_of(narrow, 4)


def test_without_metrics_the_marks_stand_alone(run: Path, loader: RecordingLoader):
    (run / "metrics.jsonl").unlink()
    timeline = TrainingTimeline(of_run(run), loader)
    surface, area = pygame.Surface((1280, 800)), pygame.Rect(0, 668, 1280, 132)
    timeline.draw(surface, area, timeline.paths[0], 600)
    assert len(np.unique(pygame.surfarray.array3d(surface))) > 5


def test_numbers_are_short():
    assert [short_steps(n) for n in (0, 999, 65_536, 1_234_567, 48e6, 2.5e9)] == [
        "0", "999", "65.5 k", "1.23 M", "48 M", "2.5 G",
    ]  # fmt: skip
    assert [short_time(s) for s in (0, 42, 130, 5_900, 7_260)] == ["0 s", "42 s", "2 min", "98 min", "2 h 01"]


def pressed(screens: Screens, key: int) -> str:
    """What the film says after a key; a message is put away."""
    screens.handle(pygame.Event(pygame.KEYDOWN, key=key, mod=0, unicode="", scancode=0))
    viewer = film(screens).viewer
    said = viewer.message or viewer.note
    viewer.message, viewer.note = None, ""
    return said


def test_a_run_with_one_recording_has_its_curves_and_says_when_the_next_comes(
    run: Path, recording: Recording, loader: RecordingLoader
):
    for path in of_run(run)[1:]:
        path.unlink()
    line = {"seconds": 2.0, "steps_per_s": 50_000.0, "hidden": 0.5}
    (run / "metrics.jsonl").write_text("".join(json.dumps({"agent_steps": 100_000 * k, **line}) + "\n" for k in (1, 2)))
    (run / "config.json").write_text(json.dumps({"checkpoint_steps": 2_000_000}))
    screens = film_of(run, loader, number=0)
    assert film(screens).strip.height
    for key in (pygame.K_a, pygame.K_d):
        assert pressed(screens, key) == "This run has one recording so far; the next comes in about 35 s."
    os.utime(run / "metrics.jsonl", (0, 0))
    assert pressed(screens, pygame.K_d) == "This run has one recording so far, and nothing trains it now."
    write(recording, run / "replays" / "000002000000.npz")
    assert pressed(screens, pygame.K_d) == "" and film(screens).path == of_run(run)[1]
    assert pressed(screens, pygame.K_d).startswith("This is the run's newest recording")


def test_going_through_training_starts_beside_a_recording_that_was_thinned_away(run: Path, loader: RecordingLoader):
    screens = film_of(run, loader, number=2)
    of_run(run)[2].unlink()
    film(screens).training_timeline = None
    assert pressed(screens, pygame.K_a) == "" and film(screens).path == of_run(run)[1]
    assert pressed(screens, pygame.K_a) == "" and pressed(screens, pygame.K_a) == "This is the run's first recording."


def test_a_recording_of_a_group_says_which_folder_has_the_training(run: Path, loader: RecordingLoader):
    place = run / "unnamed" / "000001000000-1"
    place.mkdir(parents=True)
    of_run(run)[0].rename(place / "1.npz")
    screens = Screens([place / "1.npz"], loader, 9, 0)
    assert pressed(screens, pygame.K_a) == (
        "This recording belongs to a group of episodes; open evening to go through its training."
    )
