"""The gallery: its groups, filters, thumbnails and marks."""

import dataclasses
import shutil
import struct
import tracemalloc
import warnings
import zlib
from pathlib import Path

import pygame
import pytest

from replays.film import facts as facts_module
from replays.film.facts import Facts, facts_of, of_run
from replays.format.recording import Recording, read, write
from replays.viewer.gallery.filters import Group
from replays.viewer.gallery.layout import lay_out
from replays.viewer.gallery.loader import SIDE, Cache, RecordingLoader
from replays.viewer.gallery.tiles import who_plays
from replays.viewer.screens import Screens
from tests.replays.acting import click, mouse, picture, press
from tests.replays.screening import area_of, drop, gallery, gallery_of, names


def test_the_very_first_frame_of_a_gallery_knows_its_strategies(folder: Path, loader: RecordingLoader):
    screens = Screens(sorted(folder.glob("*.npz")), loader)
    assert names(screens) == ["z", "sealed", "lock", "quiet"]


def test_filters_by_world_outcome_and_strategy(folder: Path, loader: RecordingLoader):
    screens = gallery_of(folder, loader)
    press(screens, pygame.K_2, pygame.K_2)
    assert names(screens) == ["sealed"], "Seekers win"
    press(screens, pygame.K_2)
    assert len(names(screens)) == 4
    press(screens, pygame.K_3, pygame.K_3, pygame.K_3)
    assert names(screens) == ["z", "sealed", "lock"], "Locked by hiders, among other things"
    press(screens, pygame.K_2, pygame.K_1)
    assert names(screens) == ["z", "lock"]
    press(screens, pygame.K_ESCAPE)
    assert len(names(screens)) == 4 and screens.running


def test_no_filter_is_offered_that_shows_nothing_beside_the_others(folder: Path, loader: RecordingLoader):
    screens = gallery_of(folder, loader)
    press(screens, pygame.K_2, pygame.K_2)
    assert names(screens) == ["sealed"]
    for _ in range(8):
        press(screens, pygame.K_3)
        assert names(screens) == ["sealed"], "door blocked is passed over"


def test_every_chip_does_what_its_key_does(folder: Path, loader: RecordingLoader):
    for number in range(4):
        by_mouse, by_key = gallery_of(folder, loader), gallery_of(folder, loader)
        chip = gallery(by_mouse)._chips()[number]
        click(by_mouse, chip.area.center)
        press(by_key, chip.key)
        assert names(by_mouse) == names(by_key)
        assert gallery(by_mouse).collection.arrangement == gallery(by_key).collection.arrangement
        assert gallery(by_mouse).collection.filters == gallery(by_key).collection.filters
        assert (gallery(by_mouse).collection.filters.any, gallery(by_mouse).collection.arrangement) != (
            False,
            "strategy",
        )


def test_sorted_or_filtered_otherwise_the_sheet_begins_at_its_top(folder: Path, loader: RecordingLoader):
    for key in (pygame.K_a, gallery(gallery_of(folder, loader))._chips()[0].key):
        screens = gallery_of(folder, loader)
        shown = gallery(screens)
        press(screens, pygame.K_END)
        assert shown.chosen == shown.sheet.tiles[-1].path and shown.selection.touched
        press(screens, key)
        assert shown.chosen == shown.sheet.tiles[0].path and not shown.selection.touched


def test_grouped_by_training_a_run_reads_from_early_to_late(run: Path, folder: Path, loader: RecordingLoader):
    screens = gallery_of(folder, loader)
    gallery(screens).add(of_run(run))
    loader.wait(10)
    press(screens, pygame.K_a)
    groups = [(heading.group.title, len(heading.group.paths)) for heading in gallery(screens).sheet.headings]
    assert groups == [("1 to 3 M steps", 2), ("3 to 10 M steps", 3), ("Learned, training time unknown", 4)]
    assert [tile.path for tile in gallery(screens).sheet.tiles[:5]] == of_run(run)


def test_under_a_strategy_a_run_has_one_card_and_its_stages_choose_it(
    run: Path, folder: Path, recording: Recording, loader: RecordingLoader
):
    write(dataclasses.replace(recording, events=()), of_run(run)[0])
    screens = Screens([*sorted(folder.glob("*.npz")), *of_run(run)], loader)
    loader.wait(100)
    screens.advance(1.0)
    first, *_, newest = of_run(run)
    shown = [tile.path for tile in gallery(screens).sheet.tiles]
    assert set(shown) == {*folder.glob("*.npz"), first, newest}, "the first shows something that the others do not"
    gallery(screens).show(of_run(run)[2])
    assert gallery(screens).chosen in (first, newest)
    press(screens, pygame.K_a)
    assert len(names(screens)) == 4 + 5


def test_the_card_of_a_run_says_which_stages_are_behind_it(run: Path, loader: RecordingLoader):
    screens = Screens(of_run(run), loader)
    loader.wait(100)

    def said() -> set[str]:
        collection = gallery(screens).collection
        known = {path: collection.facts(path) for path in collection.paths}
        return {who_plays(path, facts) for path, facts in known.items() if isinstance(facts, Facts)}

    assert said() == {"evening, 5 stages, 1 M to 5 M steps"}
    press(screens, pygame.K_a)
    assert said() == {f"evening, {k} M steps" for k in range(1, 6)}, "among its stages each is only itself"
    alone = Screens(of_run(run)[:1], loader)
    path = of_run(run)[0]
    facts = gallery(alone).collection.facts(path)
    assert isinstance(facts, Facts) and who_plays(path, facts) == "evening, 1 M steps"


def test_groups_share_a_row_as_long_as_all_their_tiles_fit():
    groups = [Group(f"{count}", "", tuple(Path(f"{count}-{k}") for k in range(count))) for count in (1, 2, 7, 3)]
    sheet = lay_out(groups, (1280, 600))  # five columns
    tops = [heading.area.top for heading in sheet.headings]
    assert tops[0] == tops[1] < tops[2] < tops[3]
    for heading in sheet.headings:
        own = [tile.area for tile in sheet.tiles if tile.group == heading.group.title]
        assert min(area.left for area in own) == heading.area.left and own[0].top == heading.area.bottom
        assert max(area.right for area in own) <= heading.area.right
    everything = [*(tile.area for tile in sheet.tiles), *(heading.area for heading in sheet.headings)]
    assert all(area.collidelist(everything[:k]) == -1 for k, area in enumerate(everything))
    assert max(area.bottom for area in everything) <= sheet.height


def test_what_cannot_be_read_is_told_and_harms_nobody(folder: Path, loader: RecordingLoader):
    (folder / "broken.npz").write_bytes(b"x" * 100)
    screens = gallery_of(folder, loader)
    assert names(screens)[-1] == "broken"
    press(screens, pygame.K_END, pygame.K_RETURN)
    message = gallery(screens).message
    assert message and "broken.npz" in message
    with_message = picture(screens)
    press(screens, pygame.K_HOME)
    assert gallery(screens).message is None and (picture(screens) != with_message).any()


def test_the_wheel_and_the_bar_scroll_and_keys_bring_their_tile_into_view(folder: Path, loader: RecordingLoader):
    screens = gallery_of(folder, loader, size=(500, 500))
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


def test_a_page_down_arrives_while_recordings_are_still_being_read(folder: Path, loader: RecordingLoader):
    for copy in range(20):
        shutil.copy(folder / "lock.npz", folder / f"lock-{copy}.npz")
    screens = gallery_of(folder, loader, size=(800, 600))
    press(screens, pygame.K_PAGEDOWN, pygame.K_PAGEDOWN)
    for _ in range(100):
        screens.advance(0.02)
        gallery(screens).arrange()
    chosen = gallery(screens).chosen
    assert chosen and gallery(screens).message_area(pygame.Surface((1, 1))).contains(area_of(screens, chosen))


def test_the_chosen_tile_plays_once_and_then_rests(folder: Path, loader: RecordingLoader):
    screens = gallery_of(folder, loader)
    press(screens, pygame.K_RIGHT)
    seen = set()
    for _ in range(60 * 5):
        screens.advance(1 / 60)
        seen.add(picture(screens).tobytes())
    assert len(seen) > 10 and not screens.moving


@pytest.mark.parametrize(("sortings", "first"), [(0, 29.0), (1, 0.0)])
def test_a_tile_plays_from_a_little_before_what_it_is_shown_for(
    tmp_path: Path, loader: RecordingLoader, sortings: int, first: float
):
    """As its film does, which opens two seconds before the fort is built; sorted by something else, from the start."""
    fort = tmp_path / "fort.npz"
    shutil.copy(Path(__file__).parents[2] / "replays" / "gallery" / fort.name, fort)
    screens = gallery_of(tmp_path, loader)
    for _ in range(sortings):
        gallery(screens).rearrange()
    selection = gallery(screens).selection
    selection.take(fort)
    for _ in range(10):
        screens.advance(0.1)
        if selection.preview.picture(fort, 10) is not None:
            break
    assert selection.preview._time == first


def test_the_first_tile_plays_too_when_the_mouse_comes_over_it(folder: Path, loader: RecordingLoader):
    screens = gallery_of(folder, loader)
    tile = gallery(screens).sheet.tiles[0]
    mouse(screens, pygame.MOUSEMOTION, area_of(screens, tile.path).center)
    assert gallery(screens).selection.preview.moving


def test_a_gallery_at_rest_asks_for_nothing(folder: Path, loader: RecordingLoader):
    screens = gallery_of(folder, loader)
    picture(screens)
    loader.wait(5)
    screens.advance(0.1)
    picture(screens)
    for _ in range(60):
        screens.advance(1 / 30)
    assert not screens.moving and not screens.stale


def test_thumbnails_are_drawn_once_and_then_kept(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    paths = sorted(folder.glob("*.npz"))
    looks = []
    for turn in range(2):
        loader = RecordingLoader(Cache(tmp_path / "cache"))
        loader.add(paths)
        loader.wait(10)
        for path in paths:
            loader.picture(path)
        loader.wait(10)
        kept = [loader.picture(path) for path in paths]
        looks.append([pygame.image.tobytes(one, "RGB") for one in kept if one])
        loader.close()
        if turn == 0:
            monkeypatch.setattr("replays.viewer.gallery.loader.read", lambda path: pytest.fail("it was read again"))
    assert looks[0] == looks[1] and len(looks[0]) == 4 and len(set(looks[0])) > 1


def test_a_damaged_or_forbidden_cache_is_no_hindrance(folder: Path, tmp_path: Path):
    (tmp_path / "file").write_bytes(b"in the way")
    for place in (tmp_path / "cache", tmp_path / "cache", tmp_path / "file"):
        loader = RecordingLoader(Cache(place))
        loader.add([folder / "z.npz"])
        loader.wait(10)
        facts = loader.facts(folder / "z.npz")
        assert facts is not None and not isinstance(facts, str) and facts.strategies[0] == "Door blocked"
        loader.close()
        for kept in (tmp_path / "cache").glob("*.png"):
            kept.write_bytes(kept.read_bytes()[:200])


@pytest.mark.parametrize("lie", ["picture", "text"])
def test_a_thumbnail_that_claims_to_be_large_takes_no_memory(lie: str, folder: Path, tmp_path: Path):
    cache, recording = Cache(tmp_path / "cache"), folder / "z.npz"
    cache.keep(recording, facts_of(read(recording)), bytes(3 * SIDE**2))
    (kept,) = (tmp_path / "cache").iterdir()
    assert cache.facts(recording) and cache.picture(recording)
    content = bytearray(kept.read_bytes())
    if lie == "picture":
        content[16:24] = struct.pack(">2I", 12_000, 12_000)
        content[29:33] = zlib.crc32(content[12:29]).to_bytes(4, "big")
    else:
        content[33:37] = (2**31 - 1).to_bytes(4, "big")
    kept.write_bytes(content)
    tracemalloc.start()
    with warnings.catch_warnings(action="error"):
        assert cache.facts(recording) is None and cache.picture(recording) is None
    assert tracemalloc.get_traced_memory()[1] < 2**23
    tracemalloc.stop()


def test_more_than_four_cannot_be_marked(run: Path, loader: RecordingLoader):
    screens = gallery_of(run / "replays", loader)
    press(screens, pygame.K_a)
    for _ in range(4):
        press(screens, pygame.K_s, pygame.K_RIGHT)
    press(screens, pygame.K_s)
    assert len(gallery(screens).marked) == 4 and "take a mark away" in (gallery(screens).message or "")


def test_f5_finds_what_a_run_has_recorded_since(run: Path, loader: RecordingLoader):
    screens = gallery_of(run / "replays", loader)
    (of_run(run)[0]).with_name(f"{6_000_000:012}.npz").write_bytes(of_run(run)[0].read_bytes())
    press(screens, pygame.K_F5)
    assert gallery(screens).message == "1 new recording." and len(gallery(screens).collection.paths) == 6


def test_f5_finds_the_run_of_a_recording_that_was_dropped(folder: Path, run: Path, loader: RecordingLoader):
    screens = gallery_of(folder, loader)
    drop(screens, of_run(run)[1])
    press(screens, pygame.K_ESCAPE, pygame.K_F5)
    assert gallery(screens).message == "4 new recordings."


def test_f5_finds_a_new_file_in_a_folder_and_a_new_run_beside_one_that_was_dropped(
    folder: Path, run: Path, loader: RecordingLoader, tmp_path: Path
):
    (tmp_path / "runs").mkdir()
    run.rename(tmp_path / "runs" / "one")
    screens = gallery_of(folder, loader)
    drop(screens, tmp_path / "runs")
    press(screens, pygame.K_ESCAPE)
    assert len(gallery(screens).collection.paths) == 9
    shutil.copy(folder / "lock.npz", folder / "new.npz")
    shutil.copytree(tmp_path / "runs" / "one", tmp_path / "runs" / "other")
    press(screens, pygame.K_F5)
    assert gallery(screens).message == "6 new recordings." and len(gallery(screens).collection.paths) == 15
    (folder / "new.npz").unlink()
    shutil.rmtree(tmp_path / "runs")
    press(screens, pygame.K_SPACE, pygame.K_F5)
    assert gallery(screens).message == "Nothing new has been recorded."


def test_f5_looks_once_into_each_place(folder: Path, loader: RecordingLoader, monkeypatch: pytest.MonkeyPatch):
    screens = gallery_of(folder, loader)
    looked, real = [], facts_module.recordings_in
    monkeypatch.setattr(facts_module, "recordings_in", lambda place: looked.append(place) or real(place))
    press(screens, pygame.K_F5)
    assert looked == [folder]


@pytest.mark.slow
def test_a_gallery_of_500_scrolls(recording: Recording, tmp_path: Path, loader: RecordingLoader):
    """While the thumbnails are still being drawn, and again when all is known; `hideseek bench` says how fast."""
    (tmp_path / "many").mkdir()
    for k in range(500):
        header = dataclasses.replace(recording.header, seed=k)
        write(dataclasses.replace(recording, header=header), tmp_path / "many" / f"{k:03}.npz")
    screens = Screens(sorted((tmp_path / "many").glob("*.npz")), loader)
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
        loader.wait(60)
    assert len(gallery(screens).sheet.tiles) == 500
