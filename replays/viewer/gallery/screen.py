"""The gallery's screen: recordings as tiles under headings, from which one is watched or several side by side."""

import pygame
from pygame import Rect

from replays.film.facts import Facts
from replays.viewer.gallery.badges import name_button
from replays.viewer.gallery.browsing import Browsing
from replays.viewer.gallery.layout import Tile
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
from replays.viewer.widgets.theme import FAINT, NORMAL, draw_tooltip, write

_EMPTY = "No recordings yet. Train a team, or drop a file here."


class Gallery(Browsing):
    """Draws what is shown, and takes keys and the mouse."""

    title = "Recordings - hideseek"
    keys = GALLERY_KEYS
    help_tail = "A click plays, the right button marks; drop recordings, runs or folders on the window to add them."

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
            self.keep_name(self.name_line)
        elif key == pygame.K_ESCAPE:
            self.name_line = None
        else:
            self.name_line.handle(event)

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
