"""Groups of episodes that no strategy explains: the gallery shows them, and a person names them."""

import dataclasses
import os
import shutil
from pathlib import Path

import pygame
import pytest

from replays.film.facts import Facts, agent_steps_of, of_run, recordings_in, recordings_of, siblings
from replays.film.origin import LEARNED
from replays.format.recording import Recording, write
from replays.unnamed import MOST_LETTERS, clean_name, group_folder, groups_of, name_of, set_name
from replays.viewer.gallery.badges import badge_text, name_button
from replays.viewer.gallery.loader import Cache, RecordingLoader
from replays.viewer.gallery.tiles import picture_area, who_plays
from replays.viewer.keys import GALLERY_KEYS
from replays.viewer.screens import Screens
from replays.viewer.widgets import theme
from sim.errors import UserError
from tests.replays.acting import click, mouse, picture, press
from tests.replays.screening import area_of, drop, film, gallery

UNNAMED = "Nobody has named this yet"
STEPS = (2_500_000, 2_500_000, 16_056_320)
"""When the groups of `grouped_run` came up."""


@pytest.fixture
def grouped_run(run: Path, recording: Recording) -> Path:
    """Two recordings of a run, and its three groups, two of them from the same time; the last has two recordings."""
    for path in of_run(run)[:3]:
        path.unlink()
    header = dataclasses.replace(recording.header, hashes={"hiders": "a", "seekers": "b"})
    for number, steps in enumerate(STEPS):
        folder = group_folder(run, steps, number)
        folder.mkdir(parents=True)
        for place in (1, 2)[: 1 + number // 2]:
            own = dataclasses.replace(header, seed=10 * number + place)
            write(dataclasses.replace(recording, header=own), folder / f"{place}.npz")
    return run


@pytest.fixture
def screens(grouped_run: Path, loader: RecordingLoader) -> Screens:
    """The gallery of that run; the first recording of the last group is chosen."""
    screens = gallery_on(grouped_run, loader)
    choose(screens, groups_of(grouped_run)[-1] / "1.npz")
    return screens


def gallery_on(place: Path, loader: RecordingLoader) -> Screens:
    screens = Screens(recordings_in(place), loader, places=[place])
    screens.size = (1280, 720)
    loader.wait(100)
    screens.advance(1.0)
    return screens


def choose(screens: Screens, path: Path) -> None:
    gallery(screens).show(path)
    for _ in range(120):
        screens.advance(1 / 60)


def write_text(screens: Screens, text: str) -> None:
    """Each letter as SDL sends it: the key, then what it writes."""
    for letter in text:
        press(screens, pygame.K_UNKNOWN)
        screens.handle(pygame.Event(pygame.TEXTINPUT, text=letter))


def name(screens: Screens, text: str) -> None:
    """Names the chosen group as a person does; the letter of N comes in the same frame as N."""
    press(screens, pygame.K_n)
    screens.handle(pygame.Event(pygame.TEXTINPUT, text="n"))
    screens.advance(1 / 60)
    press(screens, *[pygame.K_BACKSPACE] * MOST_LETTERS)
    write_text(screens, text)
    press(screens, pygame.K_RETURN)


def headings(screens: Screens) -> dict[str, list[str]]:
    """The recordings under each heading, as FOLDER/FILE."""
    found = gallery(screens).sheet.headings
    return {
        heading.group.title: [f"{path.parent.name}/{path.name}" for path in heading.group.paths] for heading in found
    }


def members(run: Path, *numbers: int) -> list[str]:
    """The recordings of groups, group by group."""
    groups = [groups_of(run)[number] for number in numbers]
    return [f"{group.name}/{path.name}" for group in groups for path in sorted(group.glob("*.npz"))]


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


def test_n_names_the_group_and_its_tile_stays_in_view(screens: Screens, grouped_run: Path):
    chosen = gallery(screens).chosen
    name(screens, "Seekers wait at the dóor")
    assert name_of(groups_of(grouped_run)[2]) == "Seekers wait at the dóor"
    assert headings(screens)["Seekers wait at the dóor"] == members(grouped_run, 2)
    assert headings(screens)[UNNAMED] == members(grouped_run, 0, 1)
    screen = gallery(screens)
    assert chosen and screen.chosen == chosen and screen.name_line is None
    for _ in range(120):
        screens.advance(1 / 60)
    area = screen.area_of(chosen)
    assert area and screen._view.area.contains(area)


def test_naming_under_a_filter_keeps_the_tile(screens: Screens):
    while gallery(screens).collection.filters.strategy != UNNAMED:
        press(screens, pygame.K_3)
    chosen = gallery(screens).chosen
    name(screens, "Waiters")
    assert chosen in [tile.path for tile in gallery(screens).sheet.tiles] and gallery(screens).chosen == chosen


def test_names_can_be_filtered_by(screens: Screens, grouped_run: Path):
    name(screens, "Waiters")
    while gallery(screens).collection.filters.strategy != "Waiters":
        press(screens, pygame.K_3)
    assert headings(screens) == {"Waiters": members(grouped_run, 2)}


def test_an_empty_line_takes_the_name_away(screens: Screens, grouped_run: Path):
    name(screens, "Waiters")
    name(screens, "")
    assert name_of(groups_of(grouped_run)[2]) is None and headings(screens)[UNNAMED] == members(grouped_run, 0, 1, 2)
    assert [path.name for path in groups_of(grouped_run)[2].iterdir() if path.suffix != ".npz"] == []


def test_the_line_begins_with_the_old_name_and_escape_leaves_it(screens: Screens, grouped_run: Path):
    name(screens, "Waiters")
    press(screens, pygame.K_n)
    screens.advance(1 / 60)
    line = gallery(screens).name_line
    assert line and line.text == "Waiters" and line.caret == 7
    write_text(screens, " at the door")
    press(screens, pygame.K_ESCAPE)
    assert gallery(screens).name_line is None and name_of(groups_of(grouped_run)[2]) == "Waiters" and screens.running


def test_the_caret_writes_and_deletes_where_it_is(screens: Screens):
    press(screens, pygame.K_n)
    line = gallery(screens).name_line
    assert line
    write_text(screens, "abd")
    press(screens, pygame.K_LEFT)
    write_text(screens, "c")
    assert (line.text, line.caret) == ("abcd", 3)
    press(screens, pygame.K_HOME, pygame.K_LEFT, pygame.K_BACKSPACE, pygame.K_DELETE, pygame.K_RIGHT)
    assert (line.text, line.caret) == ("bcd", 1)
    press(screens, pygame.K_END, pygame.K_RIGHT, pygame.K_DELETE, pygame.K_BACKSPACE)
    assert (line.text, line.caret) == ("bc", 2)
    screens.handle(pygame.Event(pygame.TEXTINPUT, text="x" * 100 + "\u202e"))
    assert line.text == "bc" + "x" * (MOST_LETTERS - 2) and line.caret == MOST_LETTERS


def test_the_letter_of_the_key_that_opens_the_line_is_not_written(screens: Screens):
    press(screens, pygame.K_n)
    screens.handle(pygame.Event(pygame.TEXTINPUT, text="n"))
    line = gallery(screens).name_line
    assert line and line.text == ""
    screens.advance(1 / 60)
    screens.handle(pygame.Event(pygame.TEXTINPUT, text="ね"))
    assert line.text == "ね", "an input method sends text without a key"


def test_while_the_line_is_open_no_other_key_and_no_click_acts(screens: Screens):
    press(screens, pygame.K_n)
    before = gallery(screens)
    state = (before.chosen, before.collection.arrangement, before.collection.filters, list(before.marked), before.help)
    for key in GALLERY_KEYS:
        if key.name not in ("Enter", "Esc"):
            press(screens, *key.keys)
    tile = before.sheet.tiles[0]
    click(screens, area_of(screens, tile.path).center)
    click(screens, before._chips()[0].area.center)
    assert gallery(screens) is before and before.name_line and screens.running
    assert (
        before.chosen,
        before.collection.arrangement,
        before.collection.filters,
        before.marked,
        before.help,
    ) == state


def test_the_button_on_a_tile_opens_the_line_and_the_rest_of_it_plays(screens: Screens):
    chosen = gallery(screens).chosen
    assert chosen
    area = area_of(screens, chosen)
    click(screens, name_button(picture_area(area)).center)
    line = gallery(screens).name_line
    assert line and line.recording == chosen
    press(screens, pygame.K_ESCAPE)
    click(screens, picture_area(area).center)
    assert film(screens).path == chosen


def test_other_recordings_have_neither_name_nor_button(screens: Screens, grouped_run: Path):
    path = of_run(grouped_run)[-1]
    choose(screens, path)
    press(screens, pygame.K_n)
    assert gallery(screens).name_line is None and "belongs to no group" in (gallery(screens).message or "")
    press(screens, pygame.K_ESCAPE)
    click(screens, name_button(picture_area(area_of(screens, path))).center)
    assert film(screens).path == path


@pytest.mark.parametrize("text", ["Waiters", ""])
def test_a_name_that_cannot_be_kept_is_said_and_stays_in_the_line(
    text: str, screens: Screens, grouped_run: Path, monkeypatch: pytest.MonkeyPatch
):
    name(screens, "Old")

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", refuse)
        patched.setattr(Path, "unlink", refuse)
        name(screens, text)
    message, line = gallery(screens).message, gallery(screens).name_line
    assert message and "name.txt" in message and "Permission denied" in message and "\n" not in message
    assert line and line.text == text and name_of(groups_of(grouped_run)[2]) == "Old"
    press(screens, pygame.K_SPACE)
    screens.handle(pygame.Event(pygame.TEXTINPUT, text=" "))
    assert gallery(screens).message is None and line.text == text, "the key put the message away and did no more"
    screens.advance(1 / 60)
    press(screens, pygame.K_RETURN)
    assert name_of(groups_of(grouped_run)[2]) == (text or None)


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


def test_a_group_that_is_gone_is_said(screens: Screens, grouped_run: Path):
    press(screens, pygame.K_n)
    shutil.rmtree(grouped_run / "unnamed")
    write_text(screens, "Waiters")
    picture(screens)
    press(screens, pygame.K_RETURN)
    message = gallery(screens).message
    assert message and "name.txt" in message and gallery(screens).name_line
    press(screens, pygame.K_SPACE, pygame.K_ESCAPE)
    picture(screens)


@pytest.mark.parametrize(("size", "scale"), [((640, 480), 1.0), ((1280, 800), 1.0), ((1280, 800), 2.0)])
def test_the_line_shows_what_is_written_at_the_caret(size: tuple[int, int], scale: float, screens: Screens):
    theme.set_scale(scale)
    screens.size = size
    press(screens, pygame.K_n)
    write_text(screens, "w" * MOST_LETTERS)
    end = picture(screens)
    press(screens, pygame.K_LEFT)
    assert (picture(screens) != end).any(), "the caret moved"
    press(screens, pygame.K_END, pygame.K_BACKSPACE)
    write_text(screens, "i")
    assert (picture(screens) != end).any(), "the last letter is seen"


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
