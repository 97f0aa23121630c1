"""Parts of the editor that need no window: keys, counts, where everything lies, and a document of a new file."""

from pathlib import Path

import pygame

from replays.viewer.edit.document import document_for, open_document
from replays.viewer.edit.games import Count, cells
from replays.viewer.edit.keys import EDIT_KEYS
from replays.viewer.edit.layout import parts_of
from replays.viewer.edit.new_world import first_world
from replays.viewer.widgets import theme
from tests.replays.edit.drawing import CTRL, SHIFT, SIZES


def test_two_keys_never_share_a_chord():
    chords = [(number, bool(key.chord & CTRL), bool(key.chord & SHIFT)) for key in EDIT_KEYS for number in key.keys]
    assert len(chords) == len(set(chords))


def test_counts_in_words_leave_out_what_never_happened():
    count = Count(24, 12.0, {"door_blocked": 6, "chase": 0})
    assert count.words == ["24 starts: hidden 50%", "door blocked 25%"]


def test_twelve_cells_are_equal_squares_inside_the_area():
    area = pygame.Rect(10, 20, 500, 610)
    found = cells(area, 12)
    assert len({cell.size for cell in found}) == 1 and all(area.contains(cell) for cell in found)
    assert all(cell.collidelist(found[:k]) < 0 for k, cell in enumerate(found))


def test_a_new_file_begins_with_a_room_and_is_not_saved_yet(tmp_path: Path):
    document = document_for(first_world(), tmp_path / "trap.toml")
    assert not document.is_saved and document.world.name == "trap" and document.name == "trap.toml"
    document.save(tmp_path / "trap.toml")
    document.close()
    assert open_document(tmp_path / "trap.toml").is_saved


def test_parts_lie_inside_the_window_and_beside_each_other():
    for width, height, scale in SIZES:
        theme.set_scale(scale)
        window = pygame.Rect(0, 0, width, height)
        for playing in (False, True):
            parts = parts_of((width, height), playing)
            areas = [button.area for button in (*parts.actions, *parts.tools, *parts.teams)]
            areas += [area for area in (parts.floor, parts.panel, parts.games, parts.status, parts.hint) if area.width]
            assert all(window.contains(area) for area in areas), (width, height, scale, playing)
            assert all(area.collidelist(areas[:k]) < 0 for k, area in enumerate(areas)), (width, height, scale)
            assert min(parts.floor.size) >= 120 * scale
