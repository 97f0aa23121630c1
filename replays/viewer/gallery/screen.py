"""The gallery: recordings as tiles under headings, from which one is watched or several side by side."""

from collections.abc import Sequence
from pathlib import Path

import pygame
from pygame import Rect

from replays.film.facts import Facts
from replays.viewer.compare.choice import MOST_BESIDE
from replays.viewer.gallery.badges import name_button
from replays.viewer.gallery.collection import Collection
from replays.viewer.gallery.layout import Sheet, Tile
from replays.viewer.gallery.loader import RecordingLoader
from replays.viewer.gallery.name_line import NameLine
from replays.viewer.gallery.selection import Selection
from replays.viewer.gallery.sheet_view import SheetView
from replays.viewer.gallery.tiles import (
    cut_texts,
    draw_chosen,
    draw_mark,
    draw_preview,
    draw_tile,
    picture_area,
)
from replays.viewer.gallery.toolbar import Chip, choice_chips, count_text, draw_bottom, draw_top, hint_text
from replays.viewer.keys import GALLERY_KEYS
from replays.viewer.requests import Compare, Watch
from replays.viewer.screen import ScreenBase
from replays.viewer.widgets.theme import FAINT, NORMAL, draw_tooltip, write
from sim.errors import UserError

_EMPTY = "No recordings yet. Train a team, or drop a file here."
_NO_GROUP = "This recording belongs to no group of episodes. N names the groups that hideseek report RUN has found."
_REGROUP_S = 0.2
"""Tiles are sorted again at most this often while recordings are being read."""


class Gallery(ScreenBase):
    """A screen; `marked` is what is to be shown side by side."""

    title = "Recordings - hideseek"
    keys = GALLERY_KEYS
    help_tail = "A click plays, the right button marks; drop recordings, runs or folders on the window to add them."

    def __init__(self, paths: Sequence[Path], loader: RecordingLoader, size: tuple[int, int]) -> None:
        super().__init__()
        self.collection = Collection(loader)
        self.marked: list[Path] = []
        self.name_line: NameLine | None = None
        """While the user writes a name."""
        self._view = SheetView(size)
        self.selection = Selection(self._view, self.collection.strategy_of)
        self._version, self._since = -1, 0.0
        self.add(paths)

    @property
    def size(self) -> tuple[int, int]:
        """Of the window, in pixels."""
        return self._view.size

    @size.setter
    def size(self, size: tuple[int, int]) -> None:
        self._view.size = size
        self.arrange()

    @property
    def moving(self) -> bool:
        """Whether the picture changes by itself."""
        return self._view.scrolling.moving or self.selection.preview.moving or self.collection.missing > 0

    @property
    def chosen(self) -> Path | None:
        """The recording that the keys mean."""
        return self.selection.path

    @property
    def sheet(self) -> Sheet:
        """Where everything lies before it is scrolled."""
        return self._view.sheet

    def add(self, paths: Sequence[Path]) -> None:
        """Shows more recordings."""
        self.collection.add(paths)
        self.arrange()

    def show(self, path: Path) -> None:
        """Chooses a recording and scrolls to it, or does so as soon as something is known of it."""
        self.selection.take(path)
        self.arrange()
        self.selection.reveal()

    def area_of(self, path: Path) -> Rect | None:
        """Where a recording's tile lies in the window."""
        return self._view.area_of(path)

    def watch(self) -> None:
        """Plays the chosen recording, or those that are marked side by side."""
        if len(self.marked) > 1:
            self.request = Compare(list(self.marked), list(self.marked))
        elif self.chosen is not None:
            known = self.collection.facts(self.chosen)
            if isinstance(known, str):
                self.message = known
            else:
                shown = [
                    tile.path for tile in self.sheet.tiles if not isinstance(self.collection.facts(tile.path), str)
                ]
                self.request = Watch(shown, shown.index(self.chosen), self.collection.strategy_of(self.chosen))

    def mark(self) -> None:
        """Marks the chosen recording for showing side by side, or takes its mark away."""
        if self.chosen in self.marked:
            self.marked.remove(self.chosen)
        elif len(self.marked) == MOST_BESIDE:
            self.message = f"{MOST_BESIDE} recordings fit side by side; take a mark away first."
        elif self.chosen is not None and self.collection.readable(self.chosen):
            self.marked.append(self.chosen)

    def name_group(self) -> None:
        """Lets the user write a name for the group of episodes that the chosen recording belongs to."""
        group = self.collection.group_of(self.chosen)
        if self.chosen is None or group is None:
            self.message = _NO_GROUP
        else:
            self.name_line, self.help = NameLine(self.chosen, group), False
            self.selection.reveal()

    def rearrange(self) -> None:
        """Groups by the next sort of heading."""
        self.collection.rearrange()
        self._begin_anew()

    def filter(self, name: str) -> None:
        """Turns one of the filters on to its next choice that shows something beside the other filters."""
        self.collection.filter(name)
        self._begin_anew()

    def show_all(self) -> None:
        """Puts all filters away."""
        self.collection.show_all()
        self._begin_anew()

    def step_back(self) -> bool:
        """Takes marks away, else filters."""
        if self.marked:
            self.marked.clear()
        elif self.collection.filters.any:
            self.show_all()
        else:
            return False
        return True

    def handle(self, event: pygame.Event) -> None:
        """Does what one of pygame's events asks for; as long as a name is written, all of them are for its line."""
        if self.name_line is None:
            super().handle(event)
            return
        self.stale = True
        key = event.key if event.type == pygame.KEYDOWN else None
        if self.put_message_away(event):
            self.name_line.ignore_letter()
        elif key in (pygame.K_RETURN, pygame.K_KP_ENTER):
            self._keep_name(self.name_line)
        elif key == pygame.K_ESCAPE:
            self.name_line = None
        else:
            self.name_line.handle(event)

    def _keep_name(self, line: NameLine) -> None:
        """Names the group and sorts the tiles anew; where the name cannot be kept, the line stays."""
        try:
            self.collection.name_group(line.recording.parent, line.text)
        except UserError as error:
            self.tell(str(error))
            return
        self.name_line = None
        self.show(line.recording)

    def advance(self, seconds: float) -> None:
        """Lets real time pass."""
        if self.name_line is not None:
            self.name_line.advance()
        self._since += seconds
        if self.collection.version != self._version:
            self.stale = True
            if self._since > _REGROUP_S or not self.collection.missing:
                self.arrange()
        moved, played = self._view.scrolling.advance(seconds), self.selection.preview.advance(seconds)
        self.stale |= moved or played

    def message_area(self, surface: pygame.Surface) -> Rect:
        """The part of the window that shows tiles."""
        return self._view.area

    def draw_content(self, surface: pygame.Surface) -> None:
        """Draws tiles, and the bars above and below them."""
        view = self._view.area
        self._view.draw(surface, lambda tile, area: self._draw_tile(surface, tile, area))
        if not self.sheet.tiles and not self.collection.missing:
            nothing = "Nothing passes these filters; 0 shows all."
            write(surface, nothing if self.collection.filters.any else _EMPTY, view.center, NORMAL, FAINT, "center")
        missing = self.collection.missing
        draw_top(
            surface, self._chips(), count_text(len(self.sheet.tiles), len(self.collection.paths), missing), self.pointer
        )
        if self.name_line is not None:
            self.name_line.draw(surface)
            return
        draw_bottom(surface, hint_text(len(self.marked), self.collection.group_of(self.chosen) is not None))
        self._draw_tip(surface)

    def _draw_tile(self, surface: pygame.Surface, tile: Tile, area: Rect) -> None:
        path, known = tile.path, self.collection.facts(tile.path)
        draw_tile(surface, area, path, known, self.collection.picture(path))
        preview = self.selection.preview.picture(path, picture_area(area).width)
        if preview is not None:
            draw_preview(surface, area, preview, path, known)
        if path == self.chosen:
            draw_chosen(surface, area)
        if path in self.marked:
            draw_mark(surface, area, self.marked.index(path) + 1)

    def _draw_tip(self, surface: pygame.Surface) -> None:
        """Says all that is cut on the tile under the mouse."""
        tile = self._view.tile_at(self.pointer) if self.pointer else None
        area = self._view.area_of(tile.path) if tile else None
        cut = cut_texts(area, tile.path, self.collection.facts(tile.path)) if tile and area else []
        if area and cut:
            draw_tooltip(surface, cut, (area.centerx, picture_area(area).bottom))

    def _begin_anew(self) -> None:
        """Shows the sheet from its top, the first recording chosen."""
        self.selection.touched = False
        self.arrange()

    def arrange(self) -> None:
        """Puts everything in its place; what is chosen stays where it is on the screen."""
        self._version, self._since = self.collection.version, 0.0
        self.selection.lay_out(self.collection.grouped(), complete=not self.collection.missing)
        self.stale = True

    def move_mouse(self, before: tuple[int, int] | None, place: tuple[int, int]) -> bool:
        """Chooses the tile under the mouse, or drags the bar."""
        if self._view.scrolling.drag(place[1]):
            return True
        tile = self._view.tile_at(place)
        if tile is not None and self.selection.take(tile.path):
            return True
        over_chips = any(at is not None and at[1] < self._view.area.top for at in (before, place))
        return over_chips or (before is not None and self._view.tile_at(before) != tile)

    def press(self, place: tuple[int, int]) -> None:
        """Presses a chip, takes hold of the bar, or plays a tile."""
        for chip in self._chips():
            if chip.area.collidepoint(place):
                self.press_key(chip.key)
                return
        if self._view.scrolling.press(place, self._view.area) or not self._press_tile(place):
            return
        if self._on_name_button(place):
            self.name_group()
        else:
            self.marked.clear()
            self.watch()

    def press_right(self, place: tuple[int, int]) -> None:
        """Marks a tile."""
        if self._press_tile(place):
            self.mark()

    def release(self, place: tuple[int, int]) -> None:
        """Lets go of the bar."""
        self._view.scrolling.release()

    def turn_wheel(self, notches: int) -> None:
        """Scrolls."""
        self.selection.touched = True
        self._view.scrolling.wheel(notches)

    def _press_tile(self, place: tuple[int, int]) -> bool:
        """Chooses the tile at a place; returns whether there is one."""
        tile = self._view.tile_at(place)
        if tile is not None:
            self.selection.take(tile.path)
        return tile is not None

    def _on_name_button(self, place: tuple[int, int]) -> bool:
        """Whether a place on the chosen tile is on the button that names its group."""
        area = self.area_of(self.chosen) if self.chosen else None
        known = self.collection.facts(self.chosen) if self.chosen else None
        in_group = isinstance(known, Facts) and known.group is not None
        return area is not None and in_group and name_button(picture_area(area)).collidepoint(place)

    def _chips(self) -> list[Chip]:
        return choice_chips(self.size[0], self.collection.filters, self.collection.arrangement)
