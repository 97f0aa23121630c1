"""The window's picture, camera, agents, loops and captions, driven as a person would."""

import dataclasses
from pathlib import Path

import numpy as np
import platformdirs
import pygame
import pytest

from replays.events import DOOR_KINDS, Event
from replays.recording import Recording, read, write
from replays.story import DOOR_BLOCKED
from replays.viewer import settings, theme
from replays.viewer.app import watch
from replays.viewer.caption import caption
from replays.viewer.settings import Settings
from replays.viewer.timeline import hint, x_of
from replays.viewer.told import observation, told
from replays.viewer.viewer import Viewer
from sim.errors import UserError
from sim.game import Game
from sim.layout import Slots
from sim.observe import observation_size
from sim.scenario import scenario_from_text

SHIFT, CTRL = pygame.KMOD_LSHIFT, pygame.KMOD_LCTRL


@pytest.fixture(autouse=True)
def forgetful(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Tests neither read nor write what the user's own window remembers."""
    monkeypatch.setattr(platformdirs, "user_config_path", lambda name: tmp_path / "config" / name)


@pytest.fixture
def path(recording: Recording, tmp_path: Path) -> Path:
    blocked, opened = Event(4, "door blocked", 1, 0, 0), Event(17, "door open again", 2, 0, 0)
    events = tuple(sorted([*recording.events, blocked, opened], key=lambda event: event.tick))
    header = dataclasses.replace(recording.header, outcome={**recording.header.outcome, DOOR_BLOCKED: True})
    values = np.linspace((1.0, -1.0), (-3.0, 3.0), recording.header.ticks, dtype=np.float32)
    write(dataclasses.replace(recording, header=header, events=events, values=values), tmp_path / "film.npz")
    return tmp_path / "film.npz"


@pytest.fixture
def viewer(path: Path) -> Viewer:
    return Viewer([path], tick=0)


def press(viewer: Viewer, key: int, mod: int = 0):
    viewer.handle(pygame.Event(pygame.KEYDOWN, key=key, mod=mod, unicode="", scancode=0))


def mouse(viewer: Viewer, kind: int, place: tuple[float, float]):
    at = (round(place[0]), round(place[1]))
    if kind == pygame.MOUSEMOTION:
        viewer.handle(pygame.Event(kind, pos=at, rel=(0, 0), buttons=(0, 0, 0)))
    else:
        viewer.handle(pygame.Event(kind, pos=at, button=1))


def drag(viewer: Viewer, first: tuple[float, float], last: tuple[float, float]):
    for kind, place in ((pygame.MOUSEMOTION, first), (pygame.MOUSEBUTTONDOWN, first), (pygame.MOUSEMOTION, last)):
        mouse(viewer, kind, place)
    mouse(viewer, pygame.MOUSEBUTTONUP, last)


def picture(viewer: Viewer) -> np.ndarray:
    surface = pygame.Surface(viewer.size)
    viewer.draw(surface)
    return pygame.surfarray.array3d(surface).astype(int)


def pixel(viewer: Viewer, x: float, y: float) -> tuple[int, int]:
    """Where a place in metres is in the window."""
    assert viewer.film is not None
    world = viewer.panes.world
    now = viewer.stage._camera(world, viewer.film, _now(viewer))
    column, row = now.point(x, y)
    return round(column + world.left), round(row + world.top)


def _now(viewer: Viewer):
    from replays.moment import moment

    assert viewer.film is not None
    return moment(viewer.film.recording, viewer.playback.time)


def words(viewer: Viewer) -> str:
    assert viewer.film is not None
    return caption(viewer.film, viewer.playback.tick)[0]


def test_the_caption_says_who_blocked_the_door_with_what_and_keeps_saying_so(viewer: Viewer):
    expected = {
        0: "The hiders prepare; seekers wake up in 0.8 s",
        4: "Hider 1 blocks the door with box 0",
        6: "Hider 1 blocks the door with box 0",
        12: "Seeker 0 spots hider 1 · Hider 1 has blocked the door with box 0",
        17: "Seeker 0 moves box 0: the door is open again",
    }
    for tick, told_there in expected.items():
        viewer.playback.seek(tick)
        assert words(viewer) == told_there
    still = picture(viewer)
    viewer.playback.seek(4)
    area = viewer.panes.caption
    differs = (picture(viewer) != still)[area.left : area.right, area.top : area.bottom]
    assert differs.any()


def test_without_news_the_caption_says_how_things_stand(recording: Recording, tmp_path: Path):
    recording.seen[:] = False
    recording.seen[14:, 2, 1] = True
    header = dataclasses.replace(recording.header, outcome={DOOR_BLOCKED: False})
    write(dataclasses.replace(recording, events=(), header=header), tmp_path / "calm.npz")
    viewer = Viewer([tmp_path / "calm.npz"], tick=10)
    assert words(viewer) == "No hider is seen"
    viewer.playback.seek(14)
    assert words(viewer) == "Seeker 0 sees hider 1"


def test_the_tooltip_of_a_sign_tells_its_event_and_covers_something(viewer: Viewer):
    assert viewer.film is not None
    panes = viewer.panes
    column = round(x_of(panes.track, 20, 4))
    assert hint(viewer.film, panes, column) == ["0.4 s, tick 4", "Hider 1 blocks the door with box 0"]
    before = picture(viewer)
    mouse(viewer, pygame.MOUSEMOTION, (column, panes.markers.centery))
    assert viewer.stale and (picture(viewer) != before)[:, : panes.markers.top].any()


def test_old_recordings_are_searched_for_blocked_doors_when_opened(recording: Recording, tmp_path: Path):
    write(recording, tmp_path / "old.npz")
    viewer = Viewer([tmp_path / "old.npz"])
    assert viewer.film is not None
    assert viewer.film.recording.header.outcome[DOOR_BLOCKED] is False


def test_tab_and_clicks_select_an_agent_and_escape_leaves_it(viewer: Viewer):
    nobody = picture(viewer)
    press(viewer, pygame.K_TAB)
    assert viewer.stage.selected == 0 and (picture(viewer) != nobody)[viewer.panes.side.left :].any()
    press(viewer, pygame.K_TAB, SHIFT)
    press(viewer, pygame.K_TAB, SHIFT)
    assert viewer.stage.selected == 2
    for kind in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
        mouse(viewer, kind, pixel(viewer, 2.0, 4.0))
    assert viewer.stage.selected == 1
    press(viewer, pygame.K_ESCAPE)
    assert viewer.stage.selected is None and viewer.running
    np.testing.assert_array_equal(picture(viewer), nobody)
    press(viewer, pygame.K_ESCAPE)
    assert not viewer.running


def test_hovering_names_what_is_there(viewer: Viewer):
    for place, name in (((1.0, 1.0), "Hider 0, holds nothing"), ((1.7, 1.0), "Box 0"), ((3.0, 5.5), None)):
        mouse(viewer, pygame.MOUSEMOTION, pixel(viewer, *place))
        assert (viewer.mouse.tip or [None])[0] == name
    viewer.playback.seek(6)
    mouse(viewer, pygame.MOUSEMOTION, pixel(viewer, 1.75, 1.2))
    assert viewer.mouse.tip == ["Box 0", "locked by the hiders"]


def test_the_panel_tells_what_the_agent_was_told():
    """The observation is the very one that the game hands out, in preparation and after it."""
    from replays.recording import Recorder

    game = Game(scenario_from_text("quadrant-two-boxes"), 1)
    game.reset(np.array([5], np.uint64))
    random, handed = np.random.default_rng(0), [game.observation[0].copy()]
    recorder = Recorder(game, seed=5, hiders="a", seekers="b", hashes={})
    for _ in range(game.scenario.ticks):
        actions = random.integers(0, (9, 3, 4), game.actions.shape, np.int8)
        game.tick(actions)
        recorder.add(actions)
        handed.append(game.observation[0].copy())
    recording = recorder.finish()
    for tick in (0, 23, 24, 40, 64):
        np.testing.assert_allclose(observation(recording, tick), handed[tick], atol=1e-6)
    asleep = told(recording, 3, 2)
    assert not asleep.agents and not asleep.things and not asleep.lidar.any() and len(asleep.unknown) == 5
    for tick in range(30, 60, 5):
        for agent in range(4):
            about, state = told(recording, tick, agent), recording.states
            assert about.place == pytest.approx(tuple(state.agents[tick, agent, :2]), abs=1e-5)
            assert {body.number for body in about.agents} == set(recording.seen[tick, agent].nonzero()[0].tolist())
            for body in about.things:
                assert body.pose[:2] == pytest.approx(tuple(state.things[tick, body.number, :2]), abs=1e-5)
    assert handed[0].shape == (4, observation_size(Slots(2, 2, 2, 0, 4, 2)))


def test_the_value_curve_follows_the_recording(viewer: Viewer, recording: Recording, tmp_path: Path):
    press(viewer, pygame.K_TAB)
    header = dataclasses.replace(recording.header, outcome={DOOR_BLOCKED: False})
    write(dataclasses.replace(recording, values=None, header=header), tmp_path / "none.npz")
    without = Viewer([tmp_path / "none.npz"], tick=0)
    press(without, pygame.K_TAB)
    side = viewer.panes.side
    lower = (slice(side.left, side.right), slice(side.bottom - 80, side.bottom - 10))
    assert (picture(viewer)[lower] != picture(without)[lower]).any()
    early = picture(viewer)[lower]
    viewer.playback.seek(18)
    assert (picture(viewer)[lower] != early).any()


def test_fog_hides_what_a_team_does_not_see(viewer: Viewer):
    viewer.playback.seek(10)
    seeker, own = (pixel(viewer, 5.0, 5.0), pixel(viewer, *_now(viewer).state.agents[0, 0, :2]))
    clear = picture(viewer)
    press(viewer, pygame.K_f)
    assert "hiders" in viewer.note
    fogged = picture(viewer)
    assert fogged[seeker].tolist() != clear[seeker].tolist(), "no hider sees the seeker"
    assert np.abs(fogged[own] - clear[own]).max() < 4
    press(viewer, pygame.K_f)
    assert picture(viewer)[seeker].tolist() == clear[seeker].tolist()
    press(viewer, pygame.K_f)
    viewer.advance(10.0)
    np.testing.assert_array_equal(picture(viewer), clear)
    press(viewer, pygame.K_TAB)
    for _ in range(3):
        press(viewer, pygame.K_f)
    assert viewer.stage.fog == 3
    press(viewer, pygame.K_ESCAPE)
    assert viewer.stage.fog == 0


def test_the_wheel_zooms_around_the_mouse_and_0_shows_all(viewer: Viewer):
    whole, place = picture(viewer), pixel(viewer, 4.5, 2.0)
    mouse(viewer, pygame.MOUSEMOTION, place)
    for _ in range(5):
        viewer.handle(pygame.Event(pygame.MOUSEWHEEL, x=0, y=1))
    assert viewer.stage.lens.zoom == pytest.approx(1.25**5)
    assert pixel(viewer, 4.5, 2.0) == pytest.approx(place, abs=2)
    viewer.handle(pygame.Event(pygame.WINDOWLEAVE))
    assert (picture(viewer) != whole).any()
    press(viewer, pygame.K_0)
    np.testing.assert_array_equal(picture(viewer), whole)
    for _ in range(20):
        press(viewer, pygame.K_PERIOD)
    assert viewer.stage.lens.zoom == 8
    for _ in range(20):
        press(viewer, pygame.K_COMMA)
    np.testing.assert_array_equal(picture(viewer), whole)


def test_the_floor_is_dragged_and_moved_by_keys(viewer: Viewer):
    press(viewer, pygame.K_PERIOD)
    before, middle = pixel(viewer, 3.0, 3.0), viewer.panes.world.center
    drag(viewer, middle, (middle[0] + 40, middle[1] - 25))
    assert pixel(viewer, 3.0, 3.0) == pytest.approx((before[0] + 40, before[1] - 25), abs=2)
    assert viewer.stage.selected is None, "a drag is no click"
    before = pixel(viewer, 3.0, 3.0)
    press(viewer, pygame.K_UP, SHIFT)
    assert pixel(viewer, 3.0, 3.0) == pytest.approx((before[0], before[1] + 60), abs=2)
    assert viewer.playback.pace == Settings().pace, "the arrow alone would be faster"


def test_z_keeps_the_selected_agent_in_the_middle(viewer: Viewer):
    press(viewer, pygame.K_z)
    assert viewer.stage.selected == 0 and viewer.stage.lens.zoom > 2
    world = viewer.panes.world
    for tick in (3, 12.5):
        viewer.playback.seek(tick)
        x, y = _now(viewer).state.agents[0, 0, :2]
        assert pixel(viewer, x, y) == pytest.approx(world.center, abs=2)
    press(viewer, pygame.K_z)
    assert not viewer.stage.lens.following


def test_trails_lead_to_where_agents_are(viewer: Viewer):
    viewer.playback.seek(15)
    assert viewer.film is not None
    trails = viewer.film.trails(15, _now(viewer).state.agents[0])
    np.testing.assert_allclose(trails[-1], viewer.film.recording.states.agents[15, :, :2])
    with_trails, place = picture(viewer), pixel(viewer, 1.2, 1.0)
    press(viewer, pygame.K_t)
    around = (slice(place[0] - 8, place[0] + 8), slice(place[1] - 4, place[1] + 4))
    assert (picture(viewer) != with_trails)[around].any()


def test_i_and_o_loop_a_range_and_k_ends_it(viewer: Viewer):
    plain = picture(viewer)
    viewer.playback.seek(5)
    press(viewer, pygame.K_i)
    viewer.playback.seek(9)
    press(viewer, pygame.K_o)
    assert viewer.playback.loop == (5, 9)
    press(viewer, pygame.K_SPACE)
    seen = set()
    for _ in range(40):
        viewer.advance(0.05)
        seen.add(viewer.playback.tick)
    assert seen == {5, 6, 7, 8, 9} and viewer.playback.playing
    press(viewer, pygame.K_r)
    for _ in range(40):
        viewer.advance(0.05)
        assert 5 <= viewer.playback.time <= 9
    press(viewer, pygame.K_HOME)
    viewer.playback.playing, viewer.playback.direction = False, 1
    assert (picture(viewer) != plain).any(), "the range is marked"
    press(viewer, pygame.K_k)
    np.testing.assert_array_equal(picture(viewer), plain)


def test_a_drag_with_shift_marks_a_loop(viewer: Viewer):
    track = viewer.panes.track
    viewer.handle(pygame.Event(pygame.KEYDOWN, key=pygame.K_LSHIFT, mod=SHIFT, unicode="", scancode=0))
    drag(viewer, (x_of(track, 20, 12), track.centery), (x_of(track, 20, 3), track.centery))
    assert viewer.playback.loop == (3, 12) and viewer.playback.time == 0
    viewer.handle(pygame.Event(pygame.KEYUP, key=pygame.K_LSHIFT, mod=0))
    drag(viewer, (x_of(track, 20, 12), track.centery), (x_of(track, 20, 15), track.centery))
    assert viewer.playback.loop == (3, 12) and viewer.playback.time == pytest.approx(15, abs=0.1)


def test_digits_are_speeds(viewer: Viewer):
    for key, speed in ((pygame.K_1, 1 / 8), (pygame.K_4, 1), (pygame.K_9, 32)):
        press(viewer, key)
        assert viewer.playback.speed == speed


def test_ctrl_c_copies_what_watch_opens_again(viewer: Viewer, path: Path, monkeypatch: pytest.MonkeyPatch):
    copied = []
    monkeypatch.setattr(pygame.scrap, "put_text", copied.append)
    viewer.playback.seek(12.4)
    press(viewer, pygame.K_c, CTRL)
    assert copied == [f"{path}#tick=12"] and viewer.stage.cones and copied[0] in viewer.note
    viewer.advance(10.0)
    assert not viewer.note and viewer.stale

    def refuses(_text: str):
        raise pygame.error("no clipboard")

    monkeypatch.setattr(pygame.scrap, "put_text", refuses)
    press(viewer, pygame.K_c, CTRL)
    assert viewer.message is not None and copied[0] in viewer.message


def test_what_the_user_chose_is_remembered(path: Path):
    pygame.display.init()
    for key in (pygame.K_c, pygame.K_6, pygame.K_q):
        pygame.event.post(pygame.Event(pygame.KEYDOWN, key=key, mod=0, unicode="", scancode=0))
    watch([path], scale=1.25)
    try:
        assert settings.load() == Settings(cones=False, pace=5, scale=1.25)
        assert theme.px(100) == 125
    finally:
        theme.set_scale(1.0)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"cones": 3, "pace": 99, "scale": "big"}', '{"scale": NaN}', '{"pace": true}', "\xff"]
)
def test_a_broken_settings_file_is_ignored(text: str):
    file = settings._path()
    file.parent.mkdir(parents=True)
    file.write_bytes(text.encode("latin-1"))
    assert settings.load() == Settings()
    settings.save(Settings(trails=False))
    assert settings.load() == Settings(trails=False)


@pytest.mark.parametrize("scale", [0.1, 9.0, float("nan")])
def test_a_size_nobody_could_read_is_refused(scale: float):
    with pytest.raises(UserError, match="--scale"):
        settings.settings_in_use(scale)


@pytest.mark.parametrize("scale", [0.75, 2.0])
def test_at_any_scale_everything_has_its_place(viewer: Viewer, scale: float):
    plain = viewer.panes
    try:
        theme.set_scale(scale)
        viewer.handle(pygame.Event(pygame.VIDEORESIZE, w=round(1120 * scale), h=round(800 * scale), size=(0, 0)))
        panes = viewer.panes
        assert panes.side.width == pytest.approx(plain.side.width * scale, abs=2)
        for key in (pygame.K_TAB, pygame.K_i, pygame.K_F1):
            press(viewer, key)
            picture(viewer)
        press(viewer, pygame.K_F1)
        for button in viewer.buttons(panes):
            assert panes.controls.contains(button.area)
        mouse(viewer, pygame.MOUSEBUTTONDOWN, (x_of(panes.track, 20, 10), panes.track.centery))
        assert viewer.playback.time == pytest.approx(10, abs=0.1)
    finally:
        theme.set_scale(1.0)


def test_the_picture_alone_takes_the_whole_width(viewer: Viewer):
    before = viewer.panes.world.width
    press(viewer, pygame.K_m)
    assert viewer.panes.side.width == 0 and viewer.panes.world.width > before
    picture(viewer)


def test_every_letter_comes_from_the_bundled_font(viewer: Viewer, monkeypatch: pytest.MonkeyPatch):
    from sim.drawing import letters

    asked = []
    real = pygame.font.Font
    monkeypatch.setattr(pygame.font, "Font", lambda name, size: (asked.append(name), real(name, size))[1])
    letters._font.cache_clear()
    letters.label.cache_clear()
    picture(viewer)
    assert asked and all(Path(name).name == "DejaVuSans.ttf" and Path(name).exists() for name in asked)
    assert (Path(asked[0]).parent / "LICENSE.txt").read_text("utf-8").count("Bitstream") > 3


def test_reading_back_keeps_door_events(path: Path):
    told = [event for event in read(path).events if event.kind in DOOR_KINDS]
    assert told == [Event(4, "door blocked", 1, 0, 0), Event(17, "door open again", 2, 0, 0)]
