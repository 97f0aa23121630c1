"""From the gallery to a film, through training, to several side by side, and back: as a person does it."""

import dataclasses
from pathlib import Path

import numpy as np
import pygame
import pytest

import replays.recording
from replays.events import NOBODY, Event
from replays.recording import Recording, write
from replays.viewer.film_screen import FilmScreen
from replays.viewer.gallery import Gallery
from replays.viewer.gallery_cache import Cache
from replays.viewer.gallery_shelf import Shelf
from replays.viewer.gallery_sources import of_run
from replays.viewer.keys import GALLERY_KEYS, KEYS, SIDE_KEYS
from replays.viewer.screens import Screens, spread
from replays.viewer.side_by_side import SideBySide
from sim.errors import UserError


@pytest.fixture
def shelf(tmp_path: Path):
    shelf = Shelf(Cache(tmp_path / "cache"))
    yield shelf
    shelf.close()


@pytest.fixture
def folder(recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four recordings: one in which nothing happens, one of locks, one sealed, and z.npz with a blocked door."""
    kinds = ("door blocked", "door open again")
    monkeypatch.setattr(replays.recording, "KINDS", tuple(dict.fromkeys((*replays.recording.KINDS, *kinds))))
    place = tmp_path / "some"
    place.mkdir()
    write(dataclasses.replace(recording, events=()), place / "quiet.npz")
    write(recording, place / "lock.npz")
    for name, kind, tick in (("sealed", "room sealed", 7), ("z", "door blocked", 9)):
        events = [*recording.events, Event(tick, kind, NOBODY, 0, NOBODY)]
        outcome = {"hidden": 0.25, "win": False} if name == "sealed" else recording.header.outcome
        header = dataclasses.replace(recording.header, outcome=outcome)
        told = tuple(sorted(events, key=lambda event: event.tick))
        write(dataclasses.replace(recording, header=header, events=told), place / f"{name}.npz")
    return place


@pytest.fixture
def run(recording: Recording, tmp_path: Path) -> Path:
    """Five recordings from 1 to 5 million agent-steps, the k-th with seed k; and a curve."""
    (tmp_path / "evening" / "replays").mkdir(parents=True)
    for k in range(1, 6):
        header = dataclasses.replace(recording.header, seed=k)
        write(
            dataclasses.replace(recording, header=header), tmp_path / "evening" / "replays" / f"{k * 1_000_000:012}.npz"
        )
    lines = ['{"agent_steps": 1000000, "hidden": 0.5}', "nonsense", '{"agent_steps": 5000000, "hidden": 0.9}']
    (tmp_path / "evening" / "metrics.jsonl").write_text("\n".join(lines))
    return tmp_path / "evening"


def gallery_of(folder: Path, shelf: Shelf, size: tuple[int, int] = (1280, 720)) -> Screens:
    screens = Screens(sorted(folder.glob("*.npz")), shelf)
    screens.size = size
    shelf.wait(10)
    screens.advance(1.0)
    return screens


def film_of(run: Path, shelf: Shelf, number: int = 4, tick: int | None = 9) -> Screens:
    screens = Screens(of_run(run), shelf, tick, number)
    screens.size = (1280, 720)
    return screens


def press(screens: Screens, *keys: int):
    for key in keys:
        screens.handle(pygame.Event(pygame.KEYDOWN, key=key, mod=0, unicode="", scancode=0))


def click(screens: Screens, place: tuple[float, float], button: int = 1):
    place = round(place[0]), round(place[1])
    screens.handle(pygame.Event(pygame.MOUSEMOTION, pos=place, rel=(0, 0), buttons=(0, 0, 0)))
    screens.handle(pygame.Event(pygame.MOUSEBUTTONDOWN, pos=place, button=button))
    screens.handle(pygame.Event(pygame.MOUSEBUTTONUP, pos=place, button=button))


def drop(screens: Screens, path: Path):
    screens.handle(pygame.Event(pygame.DROPFILE, file=str(path)))


def picture(screens: Screens) -> np.ndarray:
    surface = pygame.Surface(screens.size)
    screens.draw(surface)
    return pygame.surfarray.array3d(surface)


def gallery(screens: Screens) -> Gallery:
    assert isinstance(screens.screen, Gallery)
    return screens.screen


def film(screens: Screens) -> FilmScreen:
    assert isinstance(screens.screen, FilmScreen)
    return screens.screen


def beside(screens: Screens) -> SideBySide:
    assert isinstance(screens.screen, SideBySide)
    return screens.screen


def names(screens: Screens) -> list[str]:
    return [tile.path.stem for tile in gallery(screens).sheet.tiles]


def test_the_first_tile_is_named_for_a_blocked_door_and_enter_plays_it(folder: Path, shelf: Shelf):
    screens = gallery_of(folder, shelf)
    assert [heading.group.title for heading in gallery(screens).sheet.headings] == [
        "Door blocked",
        "Room sealed",
        "Boxes locked",
        "Out of sight",
    ]
    assert names(screens) == ["z", "sealed", "lock", "quiet"]
    press(screens, pygame.K_RETURN)
    assert film(screens).path == folder / "z.npz" and screens.moving
    screens.advance(0.5)
    assert film(screens).viewer.playback.time == 5


def test_the_very_first_frame_of_a_gallery_knows_its_strategies(folder: Path, shelf: Shelf):
    screens = Screens(sorted(folder.glob("*.npz")), shelf)
    assert names(screens) == ["z", "sealed", "lock", "quiet"]


def test_arrows_move_the_choice_and_escape_leads_back_to_it(folder: Path, shelf: Shelf):
    screens = gallery_of(folder, shelf)
    for key, lands in (
        (pygame.K_RIGHT, "sealed"),
        (pygame.K_DOWN, "lock"),
        (pygame.K_UP, "sealed"),
        (pygame.K_END, "quiet"),
        (pygame.K_RIGHT, "quiet"),
        (pygame.K_HOME, "z"),
        (pygame.K_LEFT, "z"),
        (pygame.K_PAGEDOWN, "sealed"),
        (pygame.K_PAGEUP, "z"),
        (pygame.K_DOWN, "sealed"),
    ):
        press(screens, key)
        assert gallery(screens).chosen == folder / f"{lands}.npz"
    press(screens, pygame.K_RETURN, pygame.K_PAGEDOWN, pygame.K_ESCAPE)
    assert gallery(screens).chosen == folder / "lock.npz" and screens.running
    press(screens, pygame.K_ESCAPE)
    assert not screens.running


def test_a_film_that_was_left_goes_on_where_it_was(folder: Path, shelf: Shelf):
    screens = gallery_of(folder, shelf)
    press(screens, pygame.K_RETURN, pygame.K_RIGHT, pygame.K_RIGHT, pygame.K_ESCAPE)
    press(screens, pygame.K_RETURN)
    assert film(screens).viewer.playback.time == 2
    press(screens, pygame.K_g)
    assert isinstance(screens.screen, Gallery)
    press(screens, pygame.K_g)
    assert film(screens).viewer.playback.time == 2


def test_a_film_opened_by_name_closes_on_escape_and_knows_the_way_to_its_gallery(run: Path, shelf: Shelf):
    screens = film_of(run, shelf)
    press(screens, pygame.K_g)
    assert len(gallery(screens).paths) == 5 and gallery(screens).chosen == of_run(run)[4]
    press(screens, pygame.K_g, pygame.K_ESCAPE)
    assert isinstance(screens.screen, Gallery) and screens.running
    other = film_of(run, shelf)
    press(other, pygame.K_ESCAPE)
    assert not other.running


def test_a_click_plays_and_the_right_button_marks(folder: Path, shelf: Shelf):
    screens = gallery_of(folder, shelf)
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


def test_the_gallery_button_of_a_film_leads_to_the_gallery(run: Path, shelf: Shelf):
    screens = film_of(run, shelf)
    row = film(screens).viewer.buttons(film(screens).viewer.panes)
    click(screens, next(button.area.center for button in row if button.key.keys[0] == pygame.K_g))
    assert isinstance(screens.screen, Gallery)


def test_a_recording_that_reads_well_but_cannot_be_drawn_is_told(
    folder: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
):
    from replays.viewer import gallery_shelf

    monkeypatch.setattr(gallery_shelf, "thumbnail", lambda recording: 1 / 0)
    screens = gallery_of(folder, shelf)
    assert [heading.group.title for heading in gallery(screens).sheet.headings] == ["Cannot be read"]
    press(screens, pygame.K_RETURN)
    assert "cannot be shown" in (gallery(screens).message or "")


def test_filters_by_world_outcome_and_strategy(folder: Path, shelf: Shelf):
    screens = gallery_of(folder, shelf)
    press(screens, pygame.K_2, pygame.K_2)
    assert names(screens) == ["sealed"], "Seekers win"
    press(screens, pygame.K_2)
    assert len(names(screens)) == 4
    press(screens, pygame.K_3, pygame.K_3, pygame.K_3)
    assert names(screens) == ["z", "sealed", "lock"], "Boxes locked, among other things"
    press(screens, pygame.K_2, pygame.K_1)
    assert names(screens) == ["z", "lock"]
    press(screens, pygame.K_ESCAPE)
    assert len(names(screens)) == 4 and screens.running


def test_every_chip_does_what_its_key_does(folder: Path, shelf: Shelf):
    for number in range(4):
        by_mouse, by_key = gallery_of(folder, shelf), gallery_of(folder, shelf)
        chip = gallery(by_mouse)._chips()[number]
        click(by_mouse, chip.area.center)
        press(by_key, chip.key)
        assert names(by_mouse) == names(by_key)
        assert gallery(by_mouse).arrangement == gallery(by_key).arrangement
        assert gallery(by_mouse).filters == gallery(by_key).filters
        assert (gallery(by_mouse).filters.any, gallery(by_mouse).arrangement) != (False, "strategy")


def test_grouped_by_training_a_run_reads_from_early_to_late(run: Path, folder: Path, shelf: Shelf):
    screens = gallery_of(folder, shelf)
    gallery(screens).add(of_run(run))
    shelf.wait(10)
    press(screens, pygame.K_a)
    groups = [(heading.group.title, len(heading.group.paths)) for heading in gallery(screens).sheet.headings]
    assert groups == [("1 to 3 million agent-steps", 2), ("3 to 10 million agent-steps", 3), ("Not from a run", 4)]
    assert [tile.path for tile in gallery(screens).sheet.tiles[:5]] == of_run(run)


def test_what_cannot_be_read_is_told_and_harms_nobody(folder: Path, shelf: Shelf):
    (folder / "broken.npz").write_bytes(b"x" * 100)
    screens = gallery_of(folder, shelf)
    assert names(screens)[-1] == "broken"
    press(screens, pygame.K_END, pygame.K_RETURN)
    message = gallery(screens).message
    assert message and "broken.npz" in message
    with_message = picture(screens)
    press(screens, pygame.K_HOME)
    assert gallery(screens).message is None and (picture(screens) != with_message).any()


def test_the_wheel_and_the_bar_scroll_and_keys_bring_their_tile_into_view(folder: Path, shelf: Shelf):
    screens = gallery_of(folder, shelf, size=(500, 500))
    picture(screens)
    before = picture(screens)
    screens.handle(pygame.Event(pygame.MOUSEWHEEL, y=-2, x=0))
    for _ in range(120):
        screens.advance(1 / 60)
    assert (picture(screens) != before).any()
    press(screens, pygame.K_END)
    for _ in range(120):
        screens.advance(1 / 60)
    area = gallery(screens).area_of(folder / "quiet.npz")
    assert area and area.top > 100 and area.bottom <= 500
    click(screens, (494, 110))
    area = gallery(screens).area_of(folder / "quiet.npz")
    assert area and area.top > 500


def test_the_chosen_tile_plays_once_and_then_rests(folder: Path, shelf: Shelf):
    screens = gallery_of(folder, shelf)
    press(screens, pygame.K_RIGHT)
    seen = set()
    for _ in range(60 * 5):
        screens.advance(1 / 60)
        seen.add(picture(screens).tobytes())
    assert len(seen) > 10 and not screens.moving


def test_a_gallery_at_rest_asks_for_nothing(folder: Path, shelf: Shelf):
    screens = gallery_of(folder, shelf)
    picture(screens)
    shelf.wait(5)
    screens.advance(0.1)
    picture(screens)
    for _ in range(60):
        screens.advance(1 / 30)
    assert not screens.moving and not screens.stale


def test_thumbnails_are_drawn_once_and_then_kept(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from replays.viewer import gallery_shelf

    paths = sorted(folder.glob("*.npz"))
    looks = []
    for turn in range(2):
        shelf = Shelf(Cache(tmp_path / "cache"))
        shelf.add(paths)
        shelf.wait(10)
        for path in paths:
            shelf.picture(path)
        shelf.wait(10)
        kept = [shelf.picture(path) for path in paths]
        looks.append([pygame.image.tobytes(one, "RGB") for one in kept if one])
        shelf.close()
        if turn == 0:
            monkeypatch.setattr(gallery_shelf, "read", lambda path: pytest.fail("it was read again"))
    assert looks[0] == looks[1] and len(looks[0]) == 4 and len(set(looks[0])) > 1


def test_a_damaged_or_forbidden_cache_is_no_hindrance(folder: Path, tmp_path: Path):
    (tmp_path / "file").write_bytes(b"in the way")
    for place in (tmp_path / "cache", tmp_path / "cache", tmp_path / "file"):
        shelf = Shelf(Cache(place))
        shelf.add([folder / "z.npz"])
        shelf.wait(10)
        facts = shelf.facts(folder / "z.npz")
        assert facts is not None and not isinstance(facts, str) and facts.strategies[0] == "Door blocked"
        shelf.close()
        for kept in (tmp_path / "cache").glob("*.png"):
            kept.write_bytes(kept.read_bytes()[:200])


def test_a_and_d_go_through_training_and_keep_the_moment(run: Path, shelf: Shelf):
    screens = film_of(run, shelf, number=4, tick=9)
    seeds = []
    for key in (pygame.K_a, pygame.K_a, pygame.K_d, pygame.K_d, pygame.K_d):
        press(screens, key)
        shown = film(screens).viewer
        assert shown.film and (shown.playback.time, shown.playback.playing) == (9, False)
        seeds.append(shown.film.recording.header.seed)
    assert seeds == [4, 3, 4, 5, 5]


def test_dragging_on_the_line_of_training_scrubs_through_it(run: Path, shelf: Shelf):
    screens = film_of(run, shelf, number=4, tick=None)
    screens.advance(0.3)
    strip, learning = film(screens).strip, film(screens).learning
    assert learning and strip.bottom == 720
    before = picture(screens)
    screens.handle(pygame.Event(pygame.MOUSEBUTTONDOWN, pos=(learning.x_of(strip, 0) + 4, strip.centery), button=1))
    assert film(screens).path == of_run(run)[0] and (picture(screens) != before).any()
    for number in (1, 2, 3):
        place = (learning.x_of(strip, number) - 4, 300)
        screens.handle(pygame.Event(pygame.MOUSEMOTION, pos=place, rel=(0, 0), buttons=(1, 0, 0)))
        assert film(screens).path == of_run(run)[number]
    screens.handle(pygame.Event(pygame.MOUSEBUTTONUP, pos=(0, 0), button=1))
    click(screens, film(screens).viewer.panes.world.center)
    assert film(screens).path == of_run(run)[3]
    assert film(screens).viewer.playback.time == pytest.approx(3) and screens.moving


def test_a_film_of_no_run_says_so(folder: Path, shelf: Shelf):
    screens = gallery_of(folder, shelf)
    press(screens, pygame.K_RETURN)
    assert film(screens).strip.height == 0
    press(screens, pygame.K_a)
    assert "does not belong to a run" in (film(screens).viewer.message or "")


def test_s_shows_two_then_four_then_one(run: Path, shelf: Shelf):
    screens = film_of(run, shelf, number=4, tick=9)
    press(screens, pygame.K_s)
    paths = of_run(run)
    assert beside(screens).paths == [paths[0], paths[4]] and beside(screens).playback.time == 9
    press(screens, pygame.K_s)
    assert beside(screens).paths == [paths[0], paths[1], paths[3], paths[4]] == spread(paths, 4)
    assert beside(screens).playback.time == 9
    press(screens, pygame.K_s)
    assert film(screens).path == paths[4] and film(screens).viewer.playback.time == 9


def test_side_by_side_all_panes_follow_one_clock(run: Path, folder: Path, shelf: Shelf, recording: Recording):
    screens = gallery_of(folder, shelf)
    press(screens, pygame.K_s, pygame.K_RIGHT, pygame.K_s, pygame.K_RETURN)
    both = beside(screens)
    press(screens, pygame.K_HOME)
    at_start = picture(screens)
    press(screens, pygame.K_END)
    at_end = picture(screens)
    for pane in both.panes:
        inside = (slice(pane.left, pane.right), slice(pane.top + 50, pane.bottom))
        assert (at_start[inside] != at_end[inside]).any()
    press(screens, pygame.K_HOME, pygame.K_SPACE)
    both.playback.playing = True
    screens.advance(0.5)
    assert both.playback.time == 5
    press(screens, pygame.K_n, pygame.K_n)
    assert both.playback.time == 7, "the seal of one after the lock of both"
    press(screens, pygame.K_p)
    assert both.playback.time == 8
    click(screens, (640, both.bottom.top + 40))
    assert both.playback.time == pytest.approx(10, abs=0.3)


def test_side_by_side_a_pane_is_chosen_taken_through_training_and_watched(run: Path, shelf: Shelf):
    screens = film_of(run, shelf, number=4, tick=9)
    press(screens, pygame.K_s, pygame.K_TAB, pygame.K_d, pygame.K_d)
    paths = of_run(run)
    assert beside(screens).paths == [paths[2], paths[4]] and beside(screens).playback.time == 9
    click(screens, beside(screens).panes[1].center)
    press(screens, pygame.K_a)
    assert beside(screens).paths == [paths[2], paths[3]]
    press(screens, pygame.K_RETURN)
    assert film(screens).path == paths[3]
    press(screens, pygame.K_ESCAPE)
    assert beside(screens).paths == [paths[2], paths[3]]


def test_more_than_four_cannot_be_marked(run: Path, shelf: Shelf):
    screens = gallery_of(run / "replays", shelf)
    for _ in range(4):
        press(screens, pygame.K_s, pygame.K_RIGHT)
    press(screens, pygame.K_s)
    assert len(gallery(screens).marked) == 4 and "take a mark away" in (gallery(screens).message or "")


def test_a_dropped_file_plays_a_dropped_run_too_and_another_folder_is_a_gallery(
    run: Path, folder: Path, shelf: Shelf, tmp_path: Path
):
    screens = gallery_of(folder, shelf)
    drop(screens, of_run(run)[1])
    assert film(screens).path == of_run(run)[1]
    drop(screens, run)
    assert film(screens).path == of_run(run)[4] and film(screens).strip.height
    drop(screens, folder)
    assert gallery(screens).chosen in list(folder.glob("*.npz")) and len(gallery(screens).paths) == 9
    (tmp_path / "empty").mkdir()
    drop(screens, tmp_path / "empty")
    assert "holds no recordings" in (gallery(screens).message or "")
    press(screens, pygame.K_HOME)
    drop(screens, tmp_path / "none.npz")
    assert "does not exist" in (gallery(screens).message or "")


def test_f5_finds_what_a_run_has_recorded_since(run: Path, shelf: Shelf):
    screens = gallery_of(run / "replays", shelf)
    (of_run(run)[0]).with_name(f"{6_000_000:012}.npz").write_bytes(of_run(run)[0].read_bytes())
    press(screens, pygame.K_F5)
    assert gallery(screens).message == "1 new recordings." and len(gallery(screens).paths) == 6


@pytest.mark.parametrize("size", [(1280, 720), (800, 600), (360, 320), (2000, 500), (500, 1400), (10, 10)])
def test_every_size_of_window_can_be_drawn(run: Path, folder: Path, shelf: Shelf, size: tuple[int, int]):
    screens = gallery_of(folder, shelf)
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


def test_with_little_or_nothing_there_every_key_is_harmless(folder: Path, run: Path, shelf: Shelf):
    screens = Screens([], shelf)
    for number in (number for key in GALLERY_KEYS for number in key.keys):
        press(screens, number)
        picture(screens)
    screens = film_of(run, shelf)
    press(screens, pygame.K_s)
    for number in (number for key in SIDE_KEYS for number in key.keys):
        press(screens, number)
        screens.advance(0.1)
        picture(screens)
    assert not screens.running, "Q was among the keys"


def test_a_first_recording_that_is_broken_is_an_error(tmp_path: Path, shelf: Shelf):
    with pytest.raises(UserError, match="cannot be opened"):
        Screens([tmp_path / "none.npz"], shelf, None, 0)


@pytest.mark.slow
def test_a_gallery_of_500_scrolls(recording: Recording, tmp_path: Path, shelf: Shelf):
    """While the thumbnails are still being drawn, and again when all is known; `hideseek bench` says how fast."""
    (tmp_path / "many").mkdir()
    for k in range(500):
        header = dataclasses.replace(recording.header, seed=k)
        write(dataclasses.replace(recording, header=header), tmp_path / "many" / f"{k:03}.npz")
    screens = Screens(sorted((tmp_path / "many").glob("*.npz")), shelf)
    surface = pygame.Surface((1280, 720))
    screens.size = surface.get_size()
    for _ in range(2):
        shown = []
        for frame in range(300):
            screens.handle(pygame.Event(pygame.MOUSEWHEEL, y=-1 if frame < 200 else 3, x=0))
            screens.advance(1 / 60)
            screens.draw(surface)
            shown.append(pygame.surfarray.array3d(surface)[::40, ::40].tobytes())
        assert len(set(shown)) > 100
        shelf.wait(60)
    assert len(gallery(screens).sheet.tiles) == 500
