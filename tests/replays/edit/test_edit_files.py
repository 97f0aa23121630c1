"""Drawn worlds are saved, opened and kept; nothing is lost."""

import dataclasses
from pathlib import Path

import pygame
import pytest

from replays.viewer.edit.dialog import FileDialog
from replays.viewer.edit.document import last_document, open_document
from replays.viewer.edit.files import save
from replays.viewer.edit.new_world import first_world, small_world
from replays.viewer.edit.screen import EditScreen
from replays.viewer.widgets import theme
from sim.scenarios.drawn.writing import text
from tests.replays.acting import press
from tests.replays.edit.drawing import CTRL, SIZES, draw, settle, write


def test_save_as_asks_for_a_name_and_names_the_world_after_it(screen: EditScreen, tmp_path: Path):
    press(screen, pygame.K_s, mod=CTRL)
    assert screen.dialog is not None and screen.dialog.text == "my-world.toml"
    write(screen, "trap one")
    draw(screen)
    press(screen, pygame.K_RETURN)
    path = tmp_path / "trap one.toml"
    assert screen.dialog is None and screen.document.is_saved and open_document(path).world == screen.world
    assert screen.world.name == "trap one" and path.read_text() == text(screen.world)


def test_a_note_fades_after_five_seconds(screen: EditScreen):
    screen.say("Saved")
    screen.advance(4.9)
    assert screen.note == "Saved"
    screen.advance(0.2)
    assert not screen.note


def test_the_name_that_is_offered_is_selected_and_can_be_changed_in_place(screen: EditScreen):
    press(screen, pygame.K_s, mod=CTRL)
    dialog = screen.dialog
    assert dialog is not None
    press(screen, pygame.K_HOME)
    write(screen, "its-")
    assert dialog.text == "its-my-world.toml"
    press(screen, pygame.K_a, mod=CTRL)
    write(screen, "o")
    write(screen, "ther")
    assert dialog.text == "other"
    for key in (pygame.K_BACKSPACE, pygame.K_DELETE):
        press(screen, pygame.K_a, mod=CTRL)
        press(screen, key)
        assert dialog.text == "" and not dialog.selected
        write(screen, "more")


def test_the_new_name_is_no_step_and_comes_only_with_the_file(screen: EditScreen, tmp_path: Path):
    before, old = screen.world, screen.world.name
    press(screen, pygame.K_PAGEUP)
    drawn = screen.world
    press(screen, pygame.K_s, mod=CTRL)
    write(screen, "nowhere/trap")
    press(screen, pygame.K_RETURN)
    assert "nowhere" in screen.note and screen.world == drawn and screen.world.name == old
    press(screen, pygame.K_a, mod=CTRL)
    write(screen, "trap")
    press(screen, pygame.K_RETURN)
    assert screen.world.name == "trap" and screen.document.is_saved
    press(screen, pygame.K_z, mod=CTRL)
    assert dataclasses.replace(screen.world, name=old) == before and screen.world.name == "trap"
    press(screen, pygame.K_y, mod=CTRL)
    assert screen.document.is_saved, "the file has this version"


def test_saving_says_that_a_world_cannot_be_played_yet(screen: EditScreen):
    screen.change(dataclasses.replace(screen.world, agents=()))
    settle(screen)
    press(screen, pygame.K_s, mod=CTRL)
    press(screen, pygame.K_RETURN)
    assert screen.note.startswith("Saved as my-world.toml. It cannot be played yet: ")


def test_another_file_is_written_over_only_if_it_is_asked_twice(screen: EditScreen, tmp_path: Path):
    other = tmp_path / "my-world.toml"
    press(screen, pygame.K_s, mod=CTRL)
    save(first_world(), other)
    press(screen, pygame.K_RETURN)
    assert not screen.message and "is there already" in screen.note
    assert open_document(other).world == first_world() and screen.dialog is not None
    press(screen, pygame.K_RETURN)
    assert screen.dialog is None and open_document(other).world == screen.world


def test_open_offers_the_worlds_that_lie_there(screen: EditScreen, tmp_path: Path):
    save(first_world(), tmp_path / "maze.toml")
    save(small_world(), tmp_path / "plain.toml")
    press(screen, pygame.K_o, mod=CTRL)
    write(screen, "maz")
    draw(screen)
    press(screen, pygame.K_RETURN)
    assert screen.world == first_world() and screen.document.path == Path("maze.toml")
    press(screen, pygame.K_o, mod=CTRL)
    press(screen, pygame.K_DOWN)
    press(screen, pygame.K_RETURN)
    assert screen.dialog is None
    press(screen, pygame.K_o, mod=CTRL)
    write(screen, "missing")
    press(screen, pygame.K_RETURN)
    assert not screen.message and "missing.toml" in screen.note, "a box over the dialog would hide its choices"
    screen.advance(60.0)
    assert "missing.toml" in screen.note, "it stays until it is answered"
    press(screen, pygame.K_ESCAPE)
    assert screen.dialog is None and not screen.note


def test_leaving_without_saving_warns_once_and_keeps_everything(screen: EditScreen):
    press(screen, pygame.K_PAGEUP)
    assert screen.title.startswith("*")
    press(screen, pygame.K_ESCAPE)
    assert screen.running and screen.message and "not saved" in screen.message
    press(screen, pygame.K_ESCAPE)
    press(screen, pygame.K_ESCAPE)
    assert not screen.running
    screen.document.close()
    again = last_document()
    assert again is not None and again.world == screen.world and again.was_kept and not again.is_saved
    screen.document = again
    screen.show_document()
    assert "here again" in screen.note and "Ctrl+Z" not in screen.note, "there is no version before it"


@pytest.mark.parametrize(("width", "height", "scale"), SIZES)
def test_a_note_of_a_dialog_stands_between_its_text_and_its_choices(
    screen: EditScreen, monkeypatch: pytest.MonkeyPatch, width: int, height: int, scale: float
):
    monkeypatch.setattr(theme, "_scale", scale)
    dialog = FileDialog("Open a world", "", [Path(f"{number}.toml") for number in range(20)])
    window = pygame.Rect(0, 0, width, height)
    without = dialog._rows(window)[0].top - dialog._sheet(window).top
    dialog.note = "Training reads the world from its file: save it first, then T trains"
    rows = dialog._rows(window)
    assert rows[0].top - dialog._sheet(window).top >= without + theme.px(theme.SMALL)
    assert window.contains(dialog._sheet(window)) and dialog._sheet(window).contains(rows[-1])
