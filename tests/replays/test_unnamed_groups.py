"""Groups of episodes that no strategy explains, as the gallery shows them, and their names in files."""

import os
import shutil
from pathlib import Path

import pygame
import pytest

from replays.film.facts import Facts, agent_steps_of, of_run, recordings_in, recordings_of, siblings
from replays.film.origin import LEARNED
from replays.unnamed import MOST_LETTERS, clean_name, groups_of, name_of, set_name
from replays.viewer.gallery.badges import badge_text
from replays.viewer.gallery.loader import Cache, RecordingLoader
from replays.viewer.gallery.tiles import who_plays
from replays.viewer.screens import Screens
from sim.errors import UserError
from tests.replays.acting import mouse, picture, press
from tests.replays.grouped import STEPS, UNNAMED, gallery_on, headings, members, name, on_last_group
from tests.replays.screening import area_of, drop, film, gallery


@pytest.fixture
def screens(grouped_run: Path, loader: RecordingLoader) -> Screens:
    return on_last_group(grouped_run, loader)


def test_groups_stand_under_one_heading_one_after_the_other(screens: Screens, grouped_run: Path):
    shown = headings(screens)
    assert shown[UNNAMED] == members(grouped_run, 0, 1, 2)
    assert next(iter(shown)) == UNNAMED and len(gallery(screens).sheet.tiles) == 5
    set_name(groups_of(grouped_run)[1], "Statues")
    press(screens, pygame.K_F5)
    shown = headings(screens)
    assert shown["Statues"] == members(grouped_run, 1) and shown[UNNAMED] == members(grouped_run, 0, 2)
    assert list(shown)[:2] == ["Statues", UNNAMED]


def test_a_folder_of_runs_shows_the_groups_of_all(grouped_run: Path, tmp_path: Path):
    (tmp_path / "runs").mkdir()
    grouped_run.rename(tmp_path / "runs" / "one")
    shutil.copytree(tmp_path / "runs" / "one", tmp_path / "runs" / "other")
    (tmp_path / "runs" / "recorded").mkdir()
    shutil.copy(of_run(tmp_path / "runs" / "one")[0], tmp_path / "runs" / "recorded" / "mine.npz")
    found = recordings_in(tmp_path / "runs")
    assert len(found) == len(set(found)) == 13 and found[-1].name == "mine.npz"
    assert sum(path.parent.parent.name == "unnamed" for path in found) == 8


def test_the_training_of_a_run_is_its_own_recordings(grouped_run: Path, loader: RecordingLoader):
    found, first = recordings_in(grouped_run), groups_of(grouped_run)[0] / "1.npz"
    assert found[-2:] == of_run(grouped_run) == siblings(found[-1]), "the newest stays the last"
    assert siblings(first) == [] and recordings_of([first]) == recordings_of([found[-1]]) == found
    screens = Screens([], loader)
    drop(screens, grouped_run)
    timeline = film(screens).training_timeline
    assert timeline is not None and timeline.paths == of_run(grouped_run)
    assert film(screens).path == of_run(grouped_run)[-1]


def test_tiles_say_which_group_of_which_run_and_since_when(screens: Screens, grouped_run: Path):
    path = groups_of(grouped_run)[2] / "2.npz"
    facts = gallery(screens).collection.facts(path)
    assert isinstance(facts, Facts) and facts.origin == LEARNED
    assert facts.group == "Group 3 of 3" and who_plays(path, facts) == "evening, since 16.1 M steps"
    assert badge_text(path, facts) == "learned, 16.1 M steps" and agent_steps_of(path) == STEPS[2]


def test_by_training_groups_stand_at_the_stage_at_which_they_came_up(screens: Screens, grouped_run: Path):
    press(screens, pygame.K_a)
    shown = headings(screens)
    assert shown["10 to 30 M steps"] == members(grouped_run, 2)
    assert shown["1 to 3 M steps"] == members(grouped_run, 0, 1)


def test_names_can_be_filtered_by(screens: Screens, grouped_run: Path):
    name(screens, "Waiters")
    while gallery(screens).collection.filters.strategy != "Waiters":
        press(screens, pygame.K_3)
    assert headings(screens) == {"Waiters": members(grouped_run, 2)}


def test_facts_that_are_kept_know_no_name(grouped_run: Path, tmp_path: Path):
    """The next window on the same cache shows the name of then."""
    path = groups_of(grouped_run)[2] / "1.npz"
    shown = []
    for text in ("Old", "New", ""):
        set_name(path.parent, text)
        loader = RecordingLoader(Cache(tmp_path / "cache"))
        screens = gallery_on(grouped_run, loader)
        shown.append(next(title for title, paths in headings(screens).items() if members(grouped_run, 2)[0] in paths))
        kept = Cache(tmp_path / "cache").facts(path)
        assert kept is not None and kept.group is None and not {"Old", "New", UNNAMED} & {*kept.strategies}
        loader.picture(path)
        loader.wait(10)
        loader.close()
    assert shown == ["Old", "New", UNNAMED]


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        (b"", None),
        (b"\xff\xfe\x00", "\ufffd\ufffd"),
        ("\u202eevil\u2066\u200f name\u2028second\tline\n".encode(), "evil name second line"),
        (b"\xef\xbb\xbfWaiters\r\n", "Waiters"),
        (b"a" * 10_000, "a" * MOST_LETTERS),
        (b"\x1b[31mred\x00", "[31mred"),
        (b" \n\t ", None),
    ],
    ids=str,
)
def test_a_name_from_a_file_is_one_printable_line(content: bytes, kept: str | None, tmp_path: Path):
    (tmp_path / "name.txt").write_bytes(content)
    assert name_of(tmp_path) == kept


def test_names_that_are_headings_already_harm_no_order(grouped_run: Path, loader: RecordingLoader):
    hostile = ("Cannot be read", "Locked by hiders", "Learned, training time unknown")
    for folder, text in zip(groups_of(grouped_run), hostile, strict=True):
        (folder / "name.txt").write_text(text)
    (groups_of(grouped_run)[1] / "3.npz").write_bytes(b"damaged")
    screens = gallery_on(grouped_run, loader)
    shown = headings(screens)
    assert shown["Cannot be read"] == [*members(grouped_run, 0), f"{groups_of(grouped_run)[1].name}/3.npz"]
    assert (
        shown["Locked by hiders"][-1] == f"{groups_of(grouped_run)[1].name}/1.npz"
        and len(shown["Locked by hiders"]) == 2
    )
    picture(screens)
    press(screens, pygame.K_a)
    picture(screens)


def test_a_name_is_cut_at_a_whole_letter_and_ends_in_no_space():
    assert clean_name("a" * (MOST_LETTERS - 1) + " b") == "a" * (MOST_LETTERS - 1)
    assert clean_name("é" * 100) == "é" * MOST_LETTERS and clean_name("\u202e") == ""


def test_a_name_that_is_no_file_is_no_name(grouped_run: Path):
    first, second, third = groups_of(grouped_run)
    (first / "name.txt").mkdir()
    os.mkfifo(second / "name.txt")
    (third / "name.txt").symlink_to("/dev/zero")
    assert [name_of(folder) for folder in (first, second, third)] == [None] * 3
    for text, doing in (("Waiters", "written"), ("", "removed")):
        with pytest.raises(UserError, match=rf"name\.txt: cannot be {doing} "):
            set_name(first, text)


def test_what_only_looks_like_a_group_is_none(grouped_run: Path, loader: RecordingLoader):
    unnamed, some = grouped_run / "unnamed", of_run(grouped_run)[0]
    (unnamed / "000001000000-7").write_bytes(b"a file")
    for folder in ("000001000000", "1000000-1", "000001000000-1-2", "000001000000-١", "other"):
        (unnamed / folder).mkdir()
        shutil.copy(some, unnamed / folder / "1.npz")
    (unnamed / "000001000000-8").mkdir()
    assert len(recordings_in(grouped_run)) == 6
    assert unnamed / "000001000000-7" not in groups_of(grouped_run)
    screens = gallery_on(unnamed / "other", loader)
    assert UNNAMED not in headings(screens)
    press(screens, pygame.K_n)
    assert gallery(screens).name_line is None and gallery(screens).message


def test_a_long_name_is_told_whole_when_the_mouse_is_on_its_tile(screens: Screens, monkeypatch: pytest.MonkeyPatch):
    from replays.viewer.gallery import screen

    shown: list[str] = []
    monkeypatch.setattr(screen, "draw_tooltip", lambda surface, lines, place: shown.extend(lines))
    name(screens, "w" * MOST_LETTERS)
    chosen = gallery(screens).chosen
    assert chosen
    mouse(screens, pygame.MOUSEMOTION, area_of(screens, chosen).center)
    picture(screens)
    assert "w" * MOST_LETTERS in shown
