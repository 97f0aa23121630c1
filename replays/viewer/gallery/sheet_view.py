"""The part of the gallery's sheet that the window shows: scrolled, drawn, and searched for the tile under the mouse."""

from collections.abc import Callable
from pathlib import Path

import pygame
from pygame import Rect

from replays.viewer.gallery.layout import HEADING_HEIGHT, Heading, Sheet, Tile
from replays.viewer.gallery.toolbar import BOTTOM_HEIGHT, TOP_HEIGHT
from replays.viewer.widgets.fitting import write_fitting
from replays.viewer.widgets.scrolling import Scrolling
from replays.viewer.widgets.theme import FAINT, HUGE, NORMAL, SMALL, px, write
from sim.render.palette import INK
from sim.render.text import label


class SheetView:
    """A window on a sheet; both change as recordings are read and the window is resized."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.sheet = Sheet([], [], 0)
        self.size = size
        self.scrolling = Scrolling()

    @property
    def area(self) -> Rect:
        """The part of the window that shows tiles."""
        height = max(self.size[1] - px(TOP_HEIGHT) - px(BOTTOM_HEIGHT), 1)
        return Rect(0, px(TOP_HEIGHT), self.size[0], height)

    def show(self, sheet: Sheet) -> None:
        """Shows another sheet, as far down as before."""
        self.sheet = sheet
        self.scrolling.fit(sheet.height, self.area.height)

    def area_of(self, path: Path | None) -> Rect | None:
        """Where a recording's tile lies in the window."""
        number = self.sheet.number_of(path)
        return None if number is None else self.sheet.tiles[number].area.move(0, self._shift)

    def tile_at(self, place: tuple[int, int]) -> Tile | None:
        """The tile at a place of the window."""
        if not self.area.collidepoint(place):
            return None
        number = self.sheet.at((place[0], place[1] - self._shift))
        return None if number is None else self.sheet.tiles[number]

    def reveal(self, tile: Tile) -> None:
        """Scrolls to a tile, and to its heading if that stands right above."""
        self.scrolling.reveal(tile.area.top - px(HEADING_HEIGHT), tile.area.bottom + px(16))

    def draw(self, surface: pygame.Surface, draw_tile: Callable[[Tile, Rect], None]) -> None:
        """Draws headings, tiles and the scroll bar; `draw_tile` draws one tile in an area of the window."""
        view, top = self.area, self.scrolling.place - px(8)
        surface.set_clip(view)
        for heading in self.sheet.headings:
            if heading.area.bottom > top and heading.area.top < top + view.height:
                _draw_heading(surface, heading, heading.area.move(0, self._shift))
        for tile in self.sheet.visible(int(top), int(top + view.height)):
            draw_tile(tile, tile.area.move(0, self._shift))
        self.scrolling.draw(surface, view)
        surface.set_clip(None)

    @property
    def _shift(self) -> int:
        return px(TOP_HEIGHT) + px(8) - round(self.scrolling.place)


def _draw_heading(surface: pygame.Surface, heading: Heading, area: Rect) -> None:
    left, bottom = area.left, area.bottom - px(8)
    write_fitting(surface, heading.group.about, (left, bottom), SMALL, area.width, FAINT, "bottomleft")
    count = str(len(heading.group.paths))
    room = area.width - label(count, px(NORMAL), FAINT).get_width() - px(10)
    place = (left, bottom - px(SMALL) + px(2))  # where the line below is as high as it can be
    title = write_fitting(surface, heading.group.title, place, HUGE * 3 // 4, room, INK, "bottomleft")
    write(surface, count, (title.right + px(10), title.bottom - px(3)), NORMAL, FAINT, "bottomleft")
