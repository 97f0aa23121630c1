"""From the gallery to a film, through training, to several side by side, and back: as a person does it."""

import dataclasses
from pathlib import Path

import pygame
import pytest

from replays.film.facts import of_run, recordings_in
from replays.format.recording import Recording, write
from replays.viewer.gallery.loader import RecordingLoader
from replays.viewer.gallery.screen import Gallery
from replays.viewer.keys import GALLERY_KEYS, KEYS, SIDE_KEYS
from replays.viewer.screens import Screens
from replays.viewer.widgets import theme, toolbar
from sim.errors import UserError
from sim.render.palette import INK
from tests.replays.acting import click, picture, press
from tests.replays.screening import beside, drop, film, film_of, gallery, gallery_of, names


def test_the_first_tile_is_named_for_a_blocked_door_and_enter_plays_it(folder: Path, loader: RecordingLoader):
    screens = gallery_of(folder, loader)
    assert [heading.group.title for heading in gallery(screens).sheet.headings] == [
        "Door blocked",
        "Sealed in",
        "Locked by hiders",
        "Out of sight",
    ]
    assert names(screens) == ["z", "sealed", "lock", "quiet"]
    press(screens, pygame.K_RETURN)
    assert film(screens).path == folder / "z.npz" and screens.moving
    screens.advance(0.5)
    assert film(screens).viewer.playback.time == 5


def test_a_film_begins_before_the_strategy_of_its_heading_and_from_the_start_among_stages(loader: RecordingLoader):
    fort = Path(__file__).parents[2] / "replays" / "gallery" / "fort.npz"
    for keys, time in (
        ([], 29),
        ([pygame.K_a], 0),
        ([pygame.K_a, *[pygame.K_3] * 3], 20),  # the third strategy that it shows
    ):
        screens = Screens([fort], loader)
        loader.wait(100)
        press(screens, *keys, pygame.K_RETURN)
        viewer = film(screens).viewer
        assert viewer.playback.time == time and screens.moving
        assert bool(viewer.note) == bool(time)
    press(screens, pygame.K_HOME)
    assert viewer.playback.time == 0


def test_arrows_move_the_choice_and_escape_leads_back_to_it(folder: Path, loader: RecordingLoader):
    screens = gallery_of(folder, loader, size=(600, 720))  # z and sealed side by side, below them lock and quiet
    for key, lands in (
        (pygame.K_RIGHT, "sealed"),
        (pygame.K_DOWN, "quiet"),
        (pygame.K_UP, "sealed"),
        (pygame.K_END, "quiet"),
        (pygame.K_RIGHT, "quiet"),
        (pygame.K_HOME, "z"),
        (pygame.K_LEFT, "z"),
        (pygame.K_PAGEDOWN, "lock"),
        (pygame.K_PAGEUP, "z"),
        (pygame.K_DOWN, "lock"),
    ):
        press(screens, key)
        assert gallery(screens).chosen == folder / f"{lands}.npz"
    press(screens, pygame.K_RETURN, pygame.K_PAGEDOWN, pygame.K_ESCAPE)
    assert gallery(screens).chosen == folder / "quiet.npz" and screens.running
    press(screens, pygame.K_ESCAPE)
    assert not screens.running


def test_a_film_that_was_left_goes_on_where_it_was(folder: Path, loader: RecordingLoader):
    screens = gallery_of(folder, loader)
    press(screens, pygame.K_RETURN, pygame.K_RIGHT, pygame.K_RIGHT, pygame.K_ESCAPE)
    press(screens, pygame.K_RETURN)
    assert film(screens).viewer.playback.time == 2
    press(screens, pygame.K_g)
    assert isinstance(screens.screen, Gallery)
    press(screens, pygame.K_g)
    assert film(screens).viewer.playback.time == 2


def test_a_film_opened_by_name_closes_on_escape_and_knows_the_way_to_its_gallery(run: Path, loader: RecordingLoader):
    screens = film_of(run, loader)
    press(screens, pygame.K_g)
    assert len(gallery(screens).collection.paths) == 5 and gallery(screens).chosen == of_run(run)[4]
    press(screens, pygame.K_g, pygame.K_ESCAPE)
    assert isinstance(screens.screen, Gallery) and screens.running
    other = film_of(run, loader)
    press(other, pygame.K_ESCAPE)
    assert not other.running


def test_a_click_plays_and_the_right_button_marks(folder: Path, loader: RecordingLoader):
    screens = gallery_of(folder, loader)
    places = {name: gallery(screens).area_of(folder / f"{name}.npz") for name in ("z", "sealed")}
    assert places["z"] and places["sealed"]
    click(screens, places["sealed"].center)
    assert film(screens).path == folder / "sealed.npz"
    press(screens, pygame.K_ESCAPE)
    for name in ("z", "sealed"):
        area = gallery(screens).area_of(folder / f"{name}.npz")
        assert area
        click(screens, area.center, button=3)
    assert gallery(screens).marked == [folder / "z.npz", folder / "sealed.npz"]
    press(screens, pygame.K_RETURN)
    assert beside(screens).paths == [folder / "z.npz", folder / "sealed.npz"]


def test_the_gallery_button_of_a_film_leads_to_the_gallery(run: Path, loader: RecordingLoader):
    screens = film_of(run, loader)
    row = film(screens).viewer.buttons
    click(screens, next(button.area.center for button in row if button.key.keys[0] == pygame.K_g))
    assert isinstance(screens.screen, Gallery)


def test_a_recording_that_reads_well_but_cannot_be_drawn_is_told(
    folder: Path, loader: RecordingLoader, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("replays.viewer.gallery.loader.thumbnail", lambda recording: 1 / 0)
    screens = gallery_of(folder, loader)
    assert [heading.group.title for heading in gallery(screens).sheet.headings] == ["Cannot be read"]
    press(screens, pygame.K_RETURN)
    assert "cannot be shown" in (gallery(screens).message or "")


def test_a_and_d_go_through_training_and_keep_the_moment(run: Path, loader: RecordingLoader):
    screens = film_of(run, loader, number=4, tick=9)
    seeds = []
    for key in (pygame.K_a, pygame.K_a, pygame.K_d, pygame.K_d, pygame.K_d):
        press(screens, key)
        shown = film(screens).viewer
        assert shown.film and (shown.playback.time, shown.playback.playing) == (9, False)
        seeds.append(shown.film.recording.header.seed)
    assert seeds == [4, 3, 4, 5, 5]


def test_dragging_on_the_line_of_training_scrubs_through_it(run: Path, loader: RecordingLoader):
    screens = film_of(run, loader, number=4, tick=None)
    screens.advance(0.3)
    strip, training = film(screens).strip, film(screens).training_timeline
    assert training and strip.bottom == 720
    before = picture(screens)
    screens.handle(pygame.Event(pygame.MOUSEBUTTONDOWN, pos=(training.x_of(strip, 0) + 4, strip.centery), button=1))
    assert film(screens).path == of_run(run)[0] and (picture(screens) != before).any()
    for number in (1, 2, 3):
        place = (training.x_of(strip, number) - 4, 300)
        screens.handle(pygame.Event(pygame.MOUSEMOTION, pos=place, rel=(0, 0), buttons=(1, 0, 0)))
        assert film(screens).path == of_run(run)[number]
    screens.handle(pygame.Event(pygame.MOUSEBUTTONUP, pos=(0, 0), button=1))
    click(screens, film(screens).viewer.panes.world.center)
    assert film(screens).path == of_run(run)[3]
    assert film(screens).viewer.playback.time == pytest.approx(3) and screens.moving


def test_a_run_is_known_by_the_bare_name_of_its_recording(
    run: Path, loader: RecordingLoader, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(run / "replays")
    bare = Path(of_run(run)[1].name)
    screens = Screens(recordings_in(bare), loader, 9, 0)
    screens.size = (1280, 720)
    assert film(screens).path == of_run(run)[1] and film(screens).strip.height
    press(screens, pygame.K_a)
    assert film(screens).path == of_run(run)[0]


def test_a_film_of_no_run_says_so(folder: Path, loader: RecordingLoader):
    screens = gallery_of(folder, loader)
    press(screens, pygame.K_RETURN)
    assert film(screens).strip.height == 0
    press(screens, pygame.K_a)
    viewer = film(screens).viewer
    assert "does not belong to a run" in viewer.note and viewer.message is None, "the next click does what it says"


def test_where_there_is_no_training_its_buttons_are_pale(
    folder: Path, run: Path, loader: RecordingLoader, monkeypatch: pytest.MonkeyPatch
):
    inks: dict[str, tuple[int, int, int]] = {}
    real = toolbar.write
    monkeypatch.setattr(toolbar, "write", lambda *m: (inks.__setitem__(m[1], m[4]), real(*m))[1])
    for path, ink in ((folder / "lock.npz", theme.FAINT), (of_run(run)[1], INK)):
        screens = Screens([path], loader, 3, 0)
        screens.size = (1280, 720)
        picture(screens)
        assert inks["Earlier"] == inks["Later"] == ink and inks["Compare"] == INK


def test_s_shows_a_film_of_the_same_world_first(folder: Path, loader: RecordingLoader, recording: Recording):
    header = dataclasses.replace(recording.header, scenario="rooms")
    for name in ("a.npz", "zz.npz"):
        write(dataclasses.replace(recording, header=header), folder / name)
    paths = [folder / f"{name}.npz" for name in ("a", "lock", "sealed", "z", "zz")]
    loader.add(paths)
    loader.wait(100)
    for shown, expected in (("sealed", ["lock", "sealed"]), ("lock", ["lock", "z"]), ("zz", ["a", "zz"])):
        screens = Screens(paths, loader, 3, paths.index(folder / f"{shown}.npz"))
        press(screens, pygame.K_s)
        assert [path.stem for path in beside(screens).paths] == expected


def test_a_dropped_file_plays_a_dropped_run_too_and_another_folder_is_a_gallery(
    run: Path, folder: Path, loader: RecordingLoader, tmp_path: Path
):
    screens = gallery_of(folder, loader)
    drop(screens, of_run(run)[1])
    assert film(screens).path == of_run(run)[1]
    drop(screens, run)
    assert film(screens).path == of_run(run)[4] and film(screens).strip.height
    drop(screens, folder)
    assert gallery(screens).chosen in list(folder.glob("*.npz")) and len(gallery(screens).collection.paths) == 9
    (tmp_path / "empty").mkdir()
    drop(screens, tmp_path / "empty")
    assert "holds no recordings" in (gallery(screens).message or "")
    press(screens, pygame.K_HOME)
    drop(screens, tmp_path / "none.npz")
    assert "does not exist" in (gallery(screens).message or "")


@pytest.mark.parametrize("size", [(1280, 720), (800, 600), (360, 320), (2000, 500), (500, 1400), (10, 10)])
def test_every_size_of_window_can_be_drawn(run: Path, folder: Path, loader: RecordingLoader, size: tuple[int, int]):
    screens = gallery_of(folder, loader)
    screens.handle(pygame.Event(pygame.VIDEORESIZE, w=size[0], h=size[1], size=size))
    picture(screens)
    press(screens, pygame.K_F1)
    picture(screens)
    press(screens, pygame.K_F1)
    drop(screens, run)
    picture(screens)
    press(screens, pygame.K_s)
    picture(screens)
    press(screens, pygame.K_s)
    picture(screens)
    assert len(beside(screens).panes) == 4


@pytest.mark.parametrize("table", [KEYS, GALLERY_KEYS, SIDE_KEYS])
def test_no_key_does_two_things(table: tuple):
    numbers = [(number, key.chord) for key in table for number in key.keys]
    assert len(set(numbers)) == len(numbers)


def test_with_little_or_nothing_there_every_key_is_harmless(folder: Path, run: Path, loader: RecordingLoader):
    screens = Screens([], loader)
    for number in (number for key in GALLERY_KEYS for number in key.keys):
        press(screens, number)
        picture(screens)
    screens = film_of(run, loader)
    press(screens, pygame.K_s)
    for number in (number for key in SIDE_KEYS for number in key.keys):
        press(screens, number)
        screens.advance(0.1)
        picture(screens)
    assert not screens.running, "Q was among the keys"


def test_a_first_recording_that_is_broken_is_an_error(tmp_path: Path, loader: RecordingLoader):
    with pytest.raises(UserError, match="cannot be opened"):
        Screens([tmp_path / "none.npz"], loader, None, 0)
