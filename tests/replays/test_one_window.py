"""What screens, playing, exporting, fog and camera do together, as a person comes upon it."""

import dataclasses
from pathlib import Path

import numpy as np
import pygame
import pytest

from replays.events import Event
from replays.film.facts import Facts
from replays.film.film import Film
from replays.film.focus import Focus, camera_on, focus_of
from replays.film.playback import NORMAL
from replays.format.recording import Recording, read, write
from replays.session import begin
from replays.viewer import warm_up as ready
from replays.viewer.film import expected_curve
from replays.viewer.film.expected_curve import plot_area
from replays.viewer.film.film_screen import FilmScreen
from replays.viewer.film.scoreboard import agent_area
from replays.viewer.film.viewer import Viewer
from replays.viewer.film.world_view import WorldView
from replays.viewer.gallery.loader import RecordingLoader
from replays.viewer.gallery.screen import Gallery
from replays.viewer.modes.export import Exporting
from replays.viewer.modes.mode import Waiting
from replays.viewer.modes.play import Live
from replays.viewer.modes.scene import Scene
from replays.viewer.requests import Go
from replays.viewer.screens import Screens
from replays.viewer.settings import Settings
from replays.viewer.warm_up import KernelWarmUp
from replays.viewer.widgets import pages, theme
from sim.render.canvas import fit
from sim.scenario import scenario_from_text
from tests.replays.acting import TICK, Statues, click, mouse, pass_time, picture, play_context, press, wait


@pytest.fixture
def screens(quiet: Path, tmp_path: Path, loader: RecordingLoader) -> Screens:
    return Screens([quiet], loader, TICK, 0, Settings(pace=NORMAL + 2), play_context(tmp_path))


def viewer_of(screens: Screens) -> Viewer:
    assert screens.film is not None
    return screens.film.viewer


def key(screens: Screens, *keys: int) -> None:
    for number in keys:
        screens.handle(pygame.Event(pygame.KEYDOWN, key=number, mod=0, unicode="", scancode=0))


def play_a_little(screens: Screens) -> Viewer:
    """Hider 0 is taken over and walks for some ticks."""
    key(screens, pygame.K_x)
    viewer = viewer_of(screens)
    wait(viewer)
    assert isinstance(viewer.mode, Live)
    key(screens, pygame.K_UP)
    pass_time(viewer, 1.0)
    assert viewer.mode.session.episode.played > TICK
    return viewer


def frame(screens: Screens) -> np.ndarray:
    surface = pygame.Surface(screens.size)
    screens.draw(surface)
    return pygame.surfarray.array3d(surface).astype(int)


def to_gallery(screens: Screens, _path: Path) -> None:
    viewer_of(screens).ask(Go.GALLERY)
    screens.handle(pygame.Event(pygame.MOUSEMOTION, pos=(0, 0), rel=(0, 0), buttons=(0, 0, 0)))
    assert isinstance(screens.screen, Gallery)


def drop(screens: Screens, path: Path) -> None:
    screens.handle(pygame.Event(pygame.DROPFILE, file=str(path)))
    assert isinstance(screens.screen, FilmScreen) and viewer_of(screens).mode is None


@pytest.mark.parametrize(
    "leave",
    [
        lambda screens, path: screens.handle(pygame.Event(pygame.QUIT)),
        lambda screens, path: key(screens, pygame.K_ESCAPE),
        to_gallery,
        drop,
        lambda screens, path: screens.quit(),
    ],
    ids=["quit", "escape", "gallery", "drop", "end"],
)
def test_what_was_played_is_kept_however_it_is_left(screens: Screens, quiet: Path, tmp_path: Path, leave):
    other = tmp_path / "other.npz"
    write(read(quiet), other)
    play_a_little(screens)
    leave(screens, other)
    kept = list((tmp_path / "played").glob("*.npz"))
    assert len(kept) == 1 and read(kept[0]).header.ticks > TICK


def test_what_was_played_stands_in_the_gallery(screens: Screens, tmp_path: Path):
    play_a_little(screens)
    key(screens, pygame.K_ESCAPE, pygame.K_g)
    assert isinstance(screens.screen, Gallery)
    assert {path.parent.name for path in screens.screen.collection.paths} == {tmp_path.name, "played"}


def test_going_to_the_gallery_ends_an_export_and_leaves_nothing_half_written(
    screens: Screens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    key(screens, pygame.K_e, pygame.K_RETURN)
    viewer = viewer_of(screens)
    viewer.advance(1 / 60)
    assert isinstance(viewer.mode, Exporting) and viewer.mode.busy
    key(screens, pygame.K_g)
    assert isinstance(screens.screen, Gallery) and viewer.mode is None
    assert [path.name for path in tmp_path.glob("*.npz")] == ["film.npz"] and not list(tmp_path.glob("film-*"))


def test_the_users_speed_and_fog_are_back_after_playing(screens: Screens):
    viewer = play_a_little(screens)
    key(screens, pygame.K_o)
    assert viewer.world_view.fog and viewer.playback.pace == NORMAL - 1
    key(screens, pygame.K_ESCAPE)
    assert not viewer.world_view.fog and viewer.playback.pace == NORMAL + 2


def test_settings_go_from_film_to_film_and_out(screens: Screens, tmp_path: Path, episode: Recording):
    key(screens, pygame.K_c)
    write(episode, tmp_path / "second.npz")
    drop(screens, tmp_path / "second.npz")
    assert not viewer_of(screens).world_view.cones
    assert screens.settings == Settings(cones=False, pace=NORMAL + 2)


def test_the_lens_holds_while_playing_and_for_what_if(screens: Screens, episode: Recording):
    viewer = play_a_little(screens)
    before = viewer.camera(viewer.panes).scale
    key(screens, pygame.K_PERIOD, pygame.K_PERIOD)
    assert viewer.camera(viewer.panes).scale == pytest.approx(1.25**2 * before)
    key(screens, pygame.K_z)
    pass_time(viewer, 0.2)
    frame(screens)
    pose = viewer.mode.session.pose(0) if isinstance(viewer.mode, Live) else np.zeros(6)
    np.testing.assert_allclose(viewer.camera(viewer.panes).point(*pose[:2]), viewer.panes.world.center, atol=12)
    key(screens, pygame.K_ESCAPE, pygame.K_w)
    viewer.world_view.select(None)
    x, y = episode.states.things[TICK, 0, :2]
    click(viewer, viewer.camera(viewer.panes).point(x, y))
    assert viewer.mode is not None and viewer.mode.lines[0] == "Chosen: box 0."


def test_the_time_line_of_what_is_being_played_is_that_of_the_whole_episode(screens: Screens):
    viewer = play_a_little(screens)
    assert viewer.playback.ticks < 60, "the rest is still to come"
    click(viewer, (viewer.panes.track.left + viewer.panes.track.width * 10 / 60, viewer.panes.track.centery))
    assert viewer.playback.time == pytest.approx(10, abs=0.1)


def test_a_player_sees_what_its_team_sees_until_a_key_shows_everything(tmp_path: Path, loader: RecordingLoader):
    scenario = scenario_from_text("quadrant:preparation_ticks=30")
    scene = Scene(
        lambda: begin(scenario, Statues(), 3), "game", "game", 0, None, 0, beside=False, kept_in=tmp_path, fog=True
    )
    screens = Screens([], loader, None, 0, None, play_context(tmp_path))
    screens.play(scene)
    viewer = viewer_of(screens)
    wait(viewer)
    assert viewer.world_view.fog == 1
    in_fog = frame(screens)
    key(screens, pygame.K_o)
    assert viewer.world_view.fog == 0 and (frame(screens) != in_fog).any(axis=2).mean() > 0.02
    key(screens, pygame.K_o)
    for _ in viewer.mode.session.agents[:2] if isinstance(viewer.mode, Live) else []:
        key(screens, pygame.K_TAB)
    assert viewer.world_view.fog == 2, "now a seeker is played"


def test_escape_from_a_game_that_never_began_closes_the_window(tmp_path: Path, loader: RecordingLoader):
    scene = Scene(
        lambda: begin(scenario_from_text("quadrant"), Statues(), 1), "", "", 0, None, 0, False, tmp_path, fog=True
    )
    screens = Screens([], loader, None, 0, None, play_context(tmp_path))
    screens.play(scene)
    assert isinstance(viewer_of(screens).mode, Waiting)
    wait(viewer_of(screens))
    key(screens, pygame.K_ESCAPE)
    assert not screens.running


def test_a_click_on_the_curve_seeks(recording: Recording, tmp_path: Path):
    values = np.linspace((1.0, -1.0), (-3.0, 3.0), recording.header.ticks, dtype=np.float32)
    write(dataclasses.replace(recording, values=values), tmp_path / "film.npz")
    viewer = Viewer([tmp_path / "film.npz"], tick=3)
    press(viewer, pygame.K_TAB)
    plot = plot_area(agent_area(viewer.panes.side))
    click(viewer, (plot.left + 0.5 * plot.width, plot.centery))
    assert viewer.playback.time == pytest.approx(10.0, abs=0.1)
    write(dataclasses.replace(recording, values=None), tmp_path / "plain.npz")
    without = Viewer([tmp_path / "plain.npz"], tick=3)
    press(without, pygame.K_TAB)
    click(without, (plot.left + 0.5 * plot.width, plot.centery))
    assert without.playback.time == 3


def test_the_curve_has_a_scale_and_pointing_at_it_says_what_a_point_is(
    recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    said: list[str] = []
    real = expected_curve.write
    monkeypatch.setattr(expected_curve, "write", lambda *m: (said.append(m[1]), real(*m))[1])
    for low, high, least, most in ((1.0, -3.0, "-3", "+3"), (60.4, 0.0, "-60", "+60")):
        values = np.linspace((low, -low), (high, -high), recording.header.ticks, dtype=np.float32)
        write(dataclasses.replace(recording, values=values), tmp_path / "film.npz")
        viewer = Viewer([tmp_path / "film.npz"], tick=3)
        for agent, won in ((0, "no hider is seen is a point"), (2, "a hider is seen is a point")):
            viewer.world_view.select(agent)
            said.clear()
            place = plot_area(agent_area(viewer.panes.side)).center
            mouse(viewer, pygame.MOUSEMOTION, place)
            picture(viewer)
            assert {least, "0", most} <= set(said)
            tip = " ".join(viewer.mouse.tip)
            assert won in tip and f"between {least} and {most};" in tip
        viewer.world_view.select(None)
        viewer.mouse.look()
        assert not viewer.mouse.tip
    viewer.size = (800, 600)
    viewer.world_view.select(0)
    press(viewer, pygame.K_e)
    card = agent_area(viewer.panes.side)
    for row in range(0, 600, 10):
        mouse(viewer, pygame.MOUSEMOTION, (card.centerx, row))
        assert not viewer.mouse.tip, "the card of an export has taken the panel's place"


@pytest.mark.parametrize(
    ("scenario", "agent", "words", "never"),
    [
        (
            "quadrant:reward=team",
            0,
            "the hiders expect from each moment on Each tick (0.1 s) in which no hider is",
            "it",
        ),
        ("quadrant:reward=individual", 0, "a hider expects from each moment on, the mean over the hiders", "no hider"),
        (
            "quadrant:reward=individual",
            0,
            "in which it is not seen is a point, each in which it is costs one",
            "a hider is",
        ),
        ("quadrant:reward=individual", 2, "a seeker expects from each moment on, the mean over the seekers", "none is"),
        ("quadrant:reward=team_mean", 2, "in which it sees a hider is a point, each in which it does not", "none is"),
        ("quadrant:reward=individual+lock-costs", 0, "A point is what this world pays", "is seen"),
        ("quadrant+lock-costs", 0, "the hiders expect from each moment on A point is what this world pays", "is seen"),
        ("a world of tomorrow", 0, "the hiders expect from each moment on A point is what this world pays", "is seen"),
    ],
)
def test_what_a_point_is_depends_on_how_the_world_pays(
    recording: Recording, scenario: str, agent: int, words: str, never: str
):
    header = dataclasses.replace(recording.header, scenario=scenario)
    values = np.ones((header.ticks, 2), np.float32)
    film = Film(dataclasses.replace(recording, header=header, values=values), "film")
    tip = " ".join(expected_curve.expected_words(film, agent))
    assert words in tip and f" {never} " not in tip


def test_where_food_is_paid_for_a_point_is_not_what_is_seen(recording: Recording):
    layout = recording.layout._replace(food_exists=np.ones((1, 1), bool))
    for there, words in ((recording.layout, "in which no hider is"), (layout, "what this world pays")):
        film = Film(dataclasses.replace(recording, layout=there), "film")
        assert words in " ".join(expected_curve.expected_words(film, 0))


def test_small_pictures_show_where_things_happen(recording: Recording):
    recording.states.agents[:, :2, :2] = (1.0, 1.0)
    recording.states.things[:, :, :2] = (1.6, 1.6)
    recording.layout.doors[:] = (2.0, 1.0, 2.1, 1.5)
    camera, whole = camera_on((300, 300), focus_of(recording)), fit(pygame.Rect(0, 0, 300, 300), 6.0)
    assert 1.5 < camera.scale / whole.scale <= 2.0
    for x, y in ((1.0, 1.0), (1.6, 1.6), (2.1, 1.5)):
        column, row = camera.point(x, y)
        assert 0 <= column <= 300 and 0 <= row <= 300


@pytest.mark.parametrize("size", [(300, 300), (600, 300), (300, 900), (450, 300), (2000, 300)])
def test_pictures_show_floor_rather_than_nothing_beside_where_things_happen(size: tuple[int, int]):
    """Focused on the lower right corner of a floor of 6 m."""
    margin = 0.22
    focus = Focus(6.0 + margin - 3.0, -margin, 3.0, 6.0 + 2 * margin)
    camera = camera_on(size, focus)
    assert camera.scale == pytest.approx(min(size) / 3.0)
    (left, bottom), (right, top) = camera.place(0, size[1]), camera.place(size[0], 0)
    assert left <= focus.left + 0.01 and right >= focus.left + focus.side - 0.01 and bottom <= focus.bottom + 0.01
    for low, high in ((left, right), (bottom, top)):
        outside = max(-margin - low, 0.0) + max(high - 6.0 - margin, 0.0)
        assert outside == pytest.approx(max(high - low - focus.whole, 0.0), abs=0.02)


def test_strategies_are_found_in_recordings_that_do_not_tell(quiet: Path, loader: RecordingLoader, monkeypatch):
    """As the window does, the gallery looks for them itself."""
    monkeypatch.setattr("replays.annotate.strategy_events", lambda *_: [Event(4, "door blocked", 0, 0, 0)])
    loader.add([quiet])
    loader.wait(30)
    found = loader.facts(quiet)
    assert isinstance(found, Facts) and found.strategies[0] == "Door blocked"


@pytest.mark.parametrize("scale", [0.5, 2.0])
def test_every_screen_is_drawn_in_the_users_scale(
    screens: Screens, loader: RecordingLoader, quiet: Path, tmp_path: Path, scale: float
):
    write(read(quiet), tmp_path / "second.npz")
    drop(screens, tmp_path / "second.npz")
    screens.size = (1280, 900)
    key(screens, pygame.K_g)
    assert isinstance(screens.screen, Gallery)
    loader.wait(100)
    screens.advance(1.0)
    plain = screens.screen.sheet.headings[0].area.height
    theme.set_scale(scale)
    screens.size = (1280, 900)
    assert screens.screen.sheet.headings[0].area.height == round(scale * plain)
    frame(screens)
    for keys in (
        [pygame.K_g],
        [pygame.K_F1, pygame.K_F1],
        [pygame.K_s],
        [pygame.K_ESCAPE],
        [pygame.K_e],
        [pygame.K_ESCAPE],
    ):
        key(screens, *keys)
        frame(screens)
    viewer_of(screens).playback.seek(TICK)
    play_a_little(screens)
    frame(screens)


def test_a_message_says_what_can_be_done_about_it(quiet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Nothing while kernels are compiled: what is dropped then is not looked at."""
    monkeypatch.setattr(ready, "marker", lambda _, name: tmp_path / name)
    monkeypatch.setattr(ready, "use_everything", lambda _: None)
    said: list[str] = []
    monkeypatch.setattr(pages, "write", lambda _surface, text, *_more, **_named: said.append(text))
    empty, shown = Viewer([]), Viewer([quiet], tick=3)
    shown.message = "This is wrong."
    for draw, foot in (
        (empty.draw, "Drop a recording on the window to open it."),
        (shown.draw, "Any key puts this away."),
        (KernelWarmUp().draw, ""),
    ):
        draw(pygame.Surface((1120, 800)))
        assert said[-1] == foot


def test_one_moment_is_said_while_kernels_are_compiled_and_never_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ready, "marker", lambda _, name: tmp_path / name)
    used: list[Recording] = []
    monkeypatch.setattr(ready, "use_everything", used.append)
    work = KernelWarmUp()
    surface = pygame.Surface((800, 600))
    work.draw(surface)
    assert len(np.unique(pygame.surfarray.array3d(surface))) > 10
    while not work.done:
        pass
    assert len(used) == 1 and KernelWarmUp().done and len(used) == 1


def test_everything_that_needs_a_kernel_is_used(episode: Recording, monkeypatch: pytest.MonkeyPatch):
    used: list[object] = []
    draw_stage = WorldView.draw

    def draw(stage: WorldView, *args):
        used.append((stage.cones, stage.rays, stage.fog > 0))
        return draw_stage(stage, *args)

    monkeypatch.setattr(WorldView, "draw", draw)
    monkeypatch.setattr(ready.Film, "observed", lambda *_: used.append("observed"))
    monkeypatch.setattr(ready, "with_strategies", lambda *_: used.append("with_strategies"))
    ready.use_everything(episode)
    assert used == [(True, True, False), (True, True, True), "observed", "with_strategies"]
