"""The window beside training: it plays the newest recording and follows the run's files."""

import json
import os
import shutil
import threading
from pathlib import Path

import numpy as np
import pygame
import pytest
from filelock import FileLock

from replays.film.facts import of_run
from replays.format.recording import Recording, write
from replays.run_lock import lock_path, trainer_lock
from replays.viewer.film.film_screen import FilmScreen
from replays.viewer.gallery.loader import RecordingLoader
from replays.viewer.screens import Screens
from replays.viewer.training import view
from replays.viewer.training.curves import KINDS
from replays.viewer.training.layout import parts_of
from replays.viewer.training.run import WatchedRun
from replays.viewer.training.screen import TrainingScreen
from replays.viewer.training.stages_film import three_of, write_stages
from replays.viewer.widgets import plot, theme, value_rows
from tests.replays.acting import click, picture, press
from tests.replays.screening import add_lines

SIZES = [(640, 480), (800, 600), (1280, 800), (1920, 1080), (360, 320)]


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A run that has just begun: options, and nothing else."""
    folder = tmp_path / "fresh"
    (folder / "replays").mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({"scenario": "quadrant", "checkpoint_steps": 2_000_000}))
    return folder


def screen_of(run: Path, training: bool = True) -> TrainingScreen:
    screen = TrainingScreen(WatchedRun(run, lambda: training), (1120, 800))
    screen.stage.wait()
    screen.advance(0.1)
    return screen


def pass_time(screen: TrainingScreen, seconds: float) -> None:
    for _ in range(round(seconds * 20)):
        screen.advance(0.05)
        screen.stage.wait()


def stage(screen: TrainingScreen) -> str | None:
    return screen.stage.path.name if screen.stage.path else None


def said(screen: TrainingScreen, monkeypatch: pytest.MonkeyPatch) -> str:
    words: list[str] = []
    monkeypatch.setattr(
        "replays.viewer.training.screen.draw_message", lambda surface, area, text, foot: words.append(text)
    )
    picture(screen)
    return " ".join(words)


def test_before_the_first_recording_it_says_when_that_comes(fresh: Path, monkeypatch: pytest.MonkeyPatch):
    screen = screen_of(fresh)
    assert "starting" in said(screen, monkeypatch)
    add_lines(fresh, 10)
    pass_time(screen, 1.2)
    assert "about 20 s" in said(screen, monkeypatch)


def test_the_first_recording_is_shown_when_it_comes(fresh: Path, recording: Recording, monkeypatch: pytest.MonkeyPatch):
    screen = screen_of(fresh)
    write(recording, fresh / "replays" / "000002000000.npz")
    pass_time(screen, 1.5)
    assert stage(screen) == "000002000000.npz" and said(screen, monkeypatch) == ""
    assert screen.stage.playback.playing


def test_the_newest_plays_again_and_again_until_the_next_takes_over(run: Path, recording: Recording):
    screen = screen_of(run)
    times = []
    for _ in range(100):
        pass_time(screen, 0.1)
        times.append(screen.stage.playback.time)
    assert stage(screen) == "000005000000.npz" and max(times) == 20 and (np.diff(times) < 0).sum() >= 2
    write(recording, run / "replays" / "000007000000.npz")
    pass_time(screen, 6.0)
    assert stage(screen) == "000007000000.npz"


def test_a_run_that_is_thinned_while_watched_does_no_harm(run: Path, recording: Recording):
    screen = screen_of(run)
    for path in of_run(run)[1:]:
        path.unlink()
    pass_time(screen, 8.0)
    assert screen.stage.film is not None
    press(screen, pygame.K_a, pygame.K_d, pygame.K_RETURN, pygame.K_END)
    pass_time(screen, 5.0)
    assert stage(screen) == "000001000000.npz"
    shutil.rmtree(run)
    pass_time(screen, 5.0)
    press(screen, pygame.K_a, pygame.K_RETURN)
    picture(screen)


def test_a_recording_that_vanishes_or_is_damaged_leaves_the_one_before(run: Path):
    screen = screen_of(run)
    (run / "replays" / "000006000000.npz").write_bytes(b"torn")
    pass_time(screen, 8.0)
    assert stage(screen) == "000005000000.npz" and screen.stage.film is not None


def test_a_click_on_the_curves_plays_that_stage_until_one_goes_back(run: Path, recording: Recording):
    screen = screen_of(run)
    plot = screen.plot
    click(screen, (plot.x_of(2_100_000), plot.track.centery))
    pass_time(screen, 0.3)
    assert stage(screen) == "000002000000.npz"
    write(recording, run / "replays" / "000007000000.npz")
    pass_time(screen, 6.0)
    assert stage(screen) == "000002000000.npz", "what was chosen stays"
    press(screen, pygame.K_RIGHT)
    pass_time(screen, 0.3)
    assert stage(screen) == "000003000000.npz"
    press(screen, pygame.K_ESCAPE)
    pass_time(screen, 0.3)
    assert stage(screen) == "000007000000.npz" and screen.running
    press(screen, pygame.K_ESCAPE)
    assert not screen.running


def test_the_film_opens_and_escape_comes_back(run: Path, loader: RecordingLoader):
    screens = Screens([], loader, None, 0)
    screen = TrainingScreen(WatchedRun(run, lambda: True), (1120, 800))
    screens.begin_with(screen)
    screen.stage.wait()
    screens.advance(0.1)
    press(screens, pygame.K_RETURN)
    assert isinstance(screens.screen, FilmScreen) and screens.screen.path == screen.stage.path
    press(screens, pygame.K_ESCAPE)
    assert screens.screen is screen and screens.running
    press(screens, pygame.K_ESCAPE)
    assert not screens.running


def test_a_frame_is_drawn_only_now_and_then(run: Path):
    screen = screen_of(run)
    drawn = 0
    for _ in range(60):
        screen.advance(1 / 60)
        if screen.stale:
            drawn += 1
            picture(screen)
    assert 5 <= drawn <= 16 and not screen.moving


def test_a_paused_picture_is_not_drawn_again(run: Path):
    screen = screen_of(run)
    press(screen, pygame.K_SPACE)
    picture(screen)
    pass_time(screen, 0.8)
    assert not screen.stale


def test_the_values_beside_an_earlier_stage_are_of_that_stage(run: Path, monkeypatch: pytest.MonkeyPatch):
    lines = [json.dumps({"agent_steps": 1_000_000 * k, "door_blocked": 0.1 * k}) for k in range(1, 6)]
    (run / "metrics.jsonl").write_text("\n".join([*lines, ""]))
    screen = screen_of(run)
    rows: list[str] = []
    monkeypatch.setattr(plot, "draw_row", lambda surface, place, row, colour: rows.append(f"{row.words} {row.value}"))
    picture(screen)
    assert rows == ["door blocked 30%"], "the mean of all five updates"
    rows.clear()
    press(screen, pygame.K_a, pygame.K_a)
    pass_time(screen, 0.3)
    picture(screen)
    assert stage(screen) == "000003000000.npz" and rows == ["door blocked 20%"]
    rows.clear()
    press(screen, pygame.K_ESCAPE)
    pass_time(screen, 0.3)
    picture(screen)
    assert rows == ["door blocked 30%"]


def test_the_end_of_training_is_said(run: Path):
    trainer = [True]
    screen = TrainingScreen(WatchedRun(run, lambda: trainer[0]), (1120, 800))
    assert "in training" in screen.title
    trainer[0] = False
    assert "in training" not in screen.title and screen.run.seconds_to_next() is None


def test_what_esc_does_is_said_while_teams_train_and_afterwards(run: Path):
    trainer = [True]
    screen = TrainingScreen(WatchedRun(run, lambda: trainer[0]), (1120, 800))
    screen.stage.chosen = run
    assert "Esc follows training again" in view._foot(screen.run, screen.stage, 400)
    trainer[0] = False
    assert "Esc goes back to the newest teams" in view._foot(screen.run, screen.stage, 400)


def test_the_panel_says_what_teams_began_from_and_each_hint_in_a_line(run: Path, monkeypatch: pytest.MonkeyPatch):
    (run / "config.json").write_text(json.dumps({"start": "quadrant-block"}))
    said: list[str] = []
    for name in ("write", "write_fitting"):
        real = getattr(view, name)
        monkeypatch.setattr(view, name, lambda *m, _real=real, **k: (said.append(m[1]), _real(*m, **k))[1])
    picture(screen_of(run))
    assert {"The newest teams, from quadrant-block", "Click the curves: earlier stages"} <= set(said)


def test_many_values_leave_room_for_what_comes_next(run: Path, monkeypatch: pytest.MonkeyPatch):
    rates = dict.fromkeys([kind.name for kind in KINDS if kind.name != "done"], 0.5)
    lines = [json.dumps({"agent_steps": 50_000 * k, "seconds": 1.0, "steps_per_s": 5e4} | rates) for k in range(1, 90)]
    (run / "metrics.jsonl").write_text("\n".join(lines) + "\n")
    said: list[str] = []
    for module in (view, value_rows):
        real = module.write
        monkeypatch.setattr(module, "write", lambda *m, _real=real, **k: (said.append(m[1]), _real(*m, **k))[1])
    screen = screen_of(run)
    screen.size = (800, 600)
    picture(screen)
    assert {line.label for line in screen.run.curves.lines} <= set(said) and len(screen.run.curves.lines) == len(rates)
    assert any(text.startswith("Next recording in ") for text in said)


def test_why_training_ended_is_said_whoever_watches(run: Path, monkeypatch: pytest.MonkeyPatch):
    words: list[str] = []
    real = view.write_fitting
    monkeypatch.setattr(view, "write_fitting", lambda *m: (words.append(m[1]), real(*m))[1])
    screen = TrainingScreen(WatchedRun(run), (640, 480))
    picture(screen)
    assert words == ["Training"] and not screen.stale
    (run / "ended.txt").write_bytes(b"20 minutes are over\x07\nmore" + b"x" * 2**20)
    screen.advance(1.2)
    assert screen.stale
    picture(screen)
    assert [text for text in words[1:] if text.startswith("Train")] == ["Trained: 20 minutes are over "]


def test_a_run_that_nothing_has_written_to_for_long_is_not_in_training(run: Path):
    watched = WatchedRun(run)
    watched.look()
    assert watched.is_training
    os.utime(run / "metrics.jsonl", (0, 0))
    assert not watched.is_training


def test_a_run_whose_trainer_was_killed_is_not_in_training(fresh: Path):
    """As `hideseek tune --method preference` leaves it: no line of metrics says how old it is."""
    with trainer_lock(fresh):
        watched = WatchedRun(fresh)
        watched.look()
        assert watched.is_training
    assert watched.look(), "this is news for the screen"
    assert not watched.is_training and not watched.look()


def test_to_ask_for_a_moment_whether_a_run_is_in_training_keeps_no_trainer_out(fresh: Path):
    asked = FileLock(lock_path(fresh), thread_local=False)
    with asked.acquire():
        threading.Timer(0.1, lambda: asked.release(force=True)).start()
        with trainer_lock(fresh) as lock:
            assert lock.is_locked


def test_the_world_that_is_named_is_that_of_the_time(fresh: Path):
    sound = [[500_000, "quadrant:door_m=0.6"], [800_000, "quadrant:door_m=0.7"]]
    then = [7, "none", [True, "rooms"], [4, None], [4.5, "rooms"], ["40", "rooms"], [-1, "rooms"], *sound]
    (fresh / "config.json").write_text(json.dumps({"scenario": "quadrant", "then": then}))
    run, named = WatchedRun(fresh, lambda: True), []
    for first, last in ((1, 0), (1, 5), (6, 6), (7, 8), (9, 9)):  # each an update of 100,000 agent-steps
        add_lines(fresh, last - first + 1, first)
        run.look()
        named.append((run.agent_steps, run.scenario))
    second, third = "quadrant:door_m=0.6", "quadrant:door_m=0.7"
    assert named == [(0, "quadrant"), (500_000, "quadrant"), (600_000, second), (800_000, second), (900_000, third)]


@pytest.mark.parametrize("content", ["", "[" * 100_000, "[]", '{"checkpoint_steps": "x", "scenario": 5}', "\x00"])
def test_damaged_options_do_no_harm(run: Path, content: str):
    (run / "config.json").write_text(content)
    screen = screen_of(run)
    assert screen.run.checkpoint_steps == 2_000_000
    picture(screen)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_parts_lie_within_the_window_and_not_over_each_other(size: tuple[int, int], scale: float):
    theme.set_scale(scale)
    parts = parts_of(size)
    window = pygame.Rect(0, 0, *size)
    shown = [part for part in parts if part.width and part.height]
    assert all(window.contains(part) for part in shown)
    assert all(not one.colliderect(other) for k, one in enumerate(shown) for other in shown[k + 1 :])


@pytest.mark.parametrize("size", SIZES)
def test_it_is_drawn_at_any_size_with_and_without_the_mouse(run: Path, size: tuple[int, int]):
    screen = screen_of(run)
    screen.size = size
    plain = picture(screen)
    place = screen.plot.track.center
    screen.handle(pygame.Event(pygame.MOUSEMOTION, pos=place, rel=(0, 0), buttons=(0, 0, 0)))
    assert (picture(screen) != plain).any()
    press(screen, pygame.K_F1)
    picture(screen)


def test_the_film_of_three_stages_shows_first_half_way_and_last(run: Path, tmp_path: Path):
    from PIL import Image

    assert [path.stem for path in three_of(of_run(run))] == ["000001000000", "000002000000", "000005000000"]
    write_stages(of_run(run), tmp_path / "stages.gif")
    with Image.open(tmp_path / "stages.gif") as film:
        assert film.n_frames > 20 and film.width > 3 * 250  # pyright: ignore[reportAttributeAccessIssue]
        first = np.asarray(film.convert("RGB")).astype(int)
        film.seek(12)
        assert (abs(np.asarray(film.convert("RGB")).astype(int) - first).sum(axis=2) > 40).any(axis=0).sum() > 30
