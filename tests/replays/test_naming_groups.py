"""A person names a group of episodes that no strategy explains, in a line of the gallery."""

import os
import shutil
from pathlib import Path

import pygame
import pytest

from replays.film.facts import of_run
from replays.unnamed import MOST_LETTERS, groups_of, name_of
from replays.viewer.gallery.badges import name_button
from replays.viewer.gallery.loader import RecordingLoader
from replays.viewer.gallery.tiles import picture_area
from replays.viewer.keys import GALLERY_KEYS
from replays.viewer.screens import Screens
from replays.viewer.widgets import theme
from tests.replays.acting import click, picture, press
from tests.replays.grouped import UNNAMED, choose, headings, members, name, on_last_group, write_text
from tests.replays.screening import area_of, film, gallery


@pytest.fixture
def screens(grouped_run: Path, loader: RecordingLoader) -> Screens:
    return on_last_group(grouped_run, loader)


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
