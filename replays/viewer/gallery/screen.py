"""The gallery: recordings as tiles under headings, from which one is watched or several side by side."""

from collections.abc import Sequence
from pathlib import Path

import pygame
from pygame import Rect

from replays.viewer.gallery import filters
from replays.viewer.gallery.filters import ARRANGEMENTS, Filters
from replays.viewer.gallery.layout import Sheet, Tile, lay_out
from replays.viewer.gallery.loader import RecordingLoader
from replays.viewer.gallery.metadata import Facts
from replays.viewer.gallery.sheet_view import SheetView
from replays.viewer.gallery.tiles import Preview, draw_chosen, draw_mark, draw_preview, draw_tile, picture_area
from replays.viewer.gallery.toolbar import Chip, choice_chips, count_text, draw_bottom, draw_top, hint_text
from replays.viewer.keys import GALLERY_KEYS, key_for
from replays.viewer.requests import Compare, ScreenBase, Watch
from replays.viewer.widgets.help_page import draw_help
from replays.viewer.widgets.pages import draw_message
from replays.viewer.widgets.theme import FAINT, NORMAL, write
from sim.render.palette import PAPER

MOST_BESIDE = 4
"""Most recordings side by side."""
_HELP_TAIL = "A click plays, the right button marks; drop recordings, runs or folders on the window to add them."
_EMPTY = "No recordings yet. Train a team, or drop a file here."
_REGROUP_S = 0.2
"""Tiles are sorted again at most this often while recordings are being read."""


class Gallery(ScreenBase):
    """A screen; `chosen` is the recording that the keys mean, `marked` what is to be shown side by side."""

    title = "Recordings - hideseek"

    def __init__(self, paths: Sequence[Path], loader: RecordingLoader, size: tuple[int, int]) -> None:
        super().__init__()
        self.paths: list[Path] = []
        self.filters, self.arrangement = Filters(), ARRANGEMENTS[0]
        self.chosen: Path | None = None
        self.marked: list[Path] = []
        self.preview = Preview()
        self._loader = loader
        self._view = SheetView(size)
        self._touched = False
        self._mouse: tuple[int, int] | None = None
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
        return self._view.scrolling.moving or self.preview.moving or self._loader.missing > 0

    @property
    def sheet(self) -> Sheet:
        """Where everything lies before it is scrolled."""
        return self._view.sheet

    def add(self, paths: Sequence[Path]) -> None:
        """Shows more recordings."""
        self.paths = list(dict.fromkeys([*self.paths, *paths]))
        self._loader.add(self.paths)
        self.arrange()

    def show(self, path: Path) -> None:
        """Chooses a recording and scrolls to it, or does so as soon as something is known of it."""
        self._touched, self.chosen = True, path
        self.arrange()
        self._choose(self.sheet.number_of(path))

    def area_of(self, path: Path) -> Rect | None:
        """Where a recording's tile lies in the window."""
        return self._view.area_of(path)

    def to_tile(self, steps: int) -> None:
        """Chooses the next or previous tile."""
        number = self.sheet.number_of(self.chosen)
        last = len(self.sheet.tiles) - 1
        self._choose(0 if number is None else min(max(number + steps, 0), last))

    def to_row(self, rows: int) -> None:
        """Chooses the tile so many rows further down."""
        number = self.sheet.number_of(self.chosen)
        self._choose(0 if number is None else self.sheet.below(number, rows))

    def to_page(self, pages: int) -> None:
        """Goes up or down by as many rows as the window shows."""
        row = self.sheet.tiles[0].area.height if self.sheet.tiles else 1
        self.to_row(pages * max(self._view.area.height // row, 1))

    def to_end(self, direction: int) -> None:
        """Chooses the first or the last tile."""
        self._choose(0 if direction < 0 else len(self.sheet.tiles) - 1)

    def watch(self) -> None:
        """Plays the chosen recording, or those that are marked side by side."""
        if len(self.marked) > 1:
            self.request = Compare(list(self.marked))
        elif self.chosen is not None:
            known = self._loader.facts(self.chosen)
            if isinstance(known, str):
                self.message = known
            else:
                shown = [tile.path for tile in self.sheet.tiles if not isinstance(self._loader.facts(tile.path), str)]
                self.request = Watch(shown, shown.index(self.chosen))

    def mark(self) -> None:
        """Marks the chosen recording for showing side by side, or takes its mark away."""
        if self.chosen in self.marked:
            self.marked.remove(self.chosen)
        elif len(self.marked) == MOST_BESIDE:
            self.message = f"{MOST_BESIDE} recordings fit side by side; take a mark away first."
        elif self.chosen is not None and isinstance(self._loader.facts(self.chosen), Facts):
            self.marked.append(self.chosen)

    def rearrange(self) -> None:
        """Groups by the next sort of heading."""
        place = ARRANGEMENTS.index(self.arrangement)
        self.arrangement = ARRANGEMENTS[(place + 1) % len(ARRANGEMENTS)]
        self._begin_anew()

    def filter(self, name: str) -> None:
        """Turns one of the filters on to its next choice."""
        self.filters = self.filters.with_next(name, filters.choices(self._known().values())[name])
        self._begin_anew()

    def show_all(self) -> None:
        """Puts all filters away."""
        self.filters = Filters()
        self._begin_anew()

    def back(self) -> None:
        """Leaves the help page, else takes marks away, else filters, else leaves."""
        if self.help:
            self.help = False
        elif self.marked:
            self.marked.clear()
        elif self.filters.any:
            self.show_all()
        else:
            self.running = False

    def advance(self, seconds: float) -> None:
        """Lets real time pass."""
        self._since += seconds
        if self._loader.version != self._version:
            self.stale = True
            if self._since > _REGROUP_S or not self._loader.missing:
                self.arrange()
        moved, played = self._view.scrolling.advance(seconds), self.preview.advance(seconds)
        self.stale |= moved or played

    def handle(self, event: pygame.Event) -> None:
        """Does what one of pygame's events asks for."""
        if event.type == pygame.MOUSEMOTION:
            self._move_mouse(event.pos)
            return
        if self.put_message_away(event):
            pass
        elif event.type == pygame.KEYDOWN:
            self._do(event.key, event.mod)
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button in (1, 3):
            self._press(event.pos, to_mark=event.button == 3)
        elif event.type == pygame.MOUSEBUTTONUP and event.button == 1:
            self._view.scrolling.release()
        elif event.type == pygame.MOUSEWHEEL and event.y:
            self._touched = True
            self._view.scrolling.wheel(event.y)
        elif event.type == pygame.WINDOWLEAVE:
            self._mouse = None
        elif event.type != pygame.WINDOWEXPOSED:
            return
        self.stale = True

    def draw(self, surface: pygame.Surface) -> None:
        """Draws everything on a surface of the present size."""
        surface.fill(PAPER)
        view = self._view.area
        self._view.draw(surface, lambda tile, area: self._draw_tile(surface, tile, area))
        if not self.sheet.tiles and not self._loader.missing:
            nothing = "Nothing passes these filters; 0 shows all."
            write(surface, nothing if self.filters.any else _EMPTY, view.center, NORMAL, FAINT, "center")
        missing = self._loader.missing
        draw_top(surface, self._chips(), count_text(len(self.sheet.tiles), len(self.paths), missing), self._mouse)
        draw_bottom(surface, hint_text(len(self.marked)))
        if self.message:
            draw_message(surface, view, self.message)
        if self.help:
            draw_help(surface, GALLERY_KEYS, _HELP_TAIL)
        self.stale = False

    def _draw_tile(self, surface: pygame.Surface, tile: Tile, area: Rect) -> None:
        path, known = tile.path, self._loader.facts(tile.path)
        draw_tile(surface, area, path, known, self._loader.picture(path))
        preview = self.preview.picture(path, picture_area(area).width)
        if preview is not None:
            draw_preview(surface, area, preview, path, known)
        if path == self.chosen:
            draw_chosen(surface, area)
        if path in self.marked:
            draw_mark(surface, area, self.marked.index(path) + 1)

    def _known(self) -> dict[Path, filters.Known]:
        found = ((path, self._loader.facts(path)) for path in self.paths)
        return {path: known for path, known in found if known is not None}

    def _do(self, number: int, held: int = 0) -> None:
        key = key_for(GALLERY_KEYS, number, held)
        if key:
            key.action(self)

    def _begin_anew(self) -> None:
        """Shows the sheet from its top, the first recording chosen."""
        self._touched = False
        self.arrange()

    def arrange(self) -> None:
        """Puts everything in its place; what is chosen stays where it is on the screen."""
        before = self.area_of(self.chosen) if self.chosen and self._touched else None
        self._version, self._since = self._loader.version, 0.0
        groups = filters.grouped(self._known(), self.filters, self.arrangement)
        self._view.show(lay_out(groups, self.size[0]))
        after = self.area_of(self.chosen) if self.chosen else None
        if not self._touched or (after is None and not self._loader.missing):
            self.chosen = self.sheet.tiles[0].path if self.sheet.tiles else None
            self._view.scrolling.jump(0)
        elif before is not None and after is not None:
            self._view.scrolling.jump(self._view.scrolling.place + after.top - before.top)
        elif after is not None:
            self._choose(self.sheet.number_of(self.chosen))
        self.preview.choose(self.chosen if self._touched else None)
        self.stale = True

    def _choose(self, number: int | None) -> None:
        """Chooses a tile by its number and brings it into view, its heading too if it stands right above."""
        if number is None or not 0 <= number < len(self.sheet.tiles):
            return
        self._touched = True
        tile = self.sheet.tiles[number]
        self.chosen = tile.path
        self.preview.choose(tile.path)
        self._view.reveal(tile)

    def _move_mouse(self, place: tuple[int, int]) -> None:
        if self._view.scrolling.drag(place[1]):
            self.stale = True
            return
        before, self._mouse = self._mouse, place
        tile = self._view.tile_at(place)
        if tile is not None and tile.path != self.chosen:
            self._touched = True
            self.chosen = tile.path
            self.preview.choose(self.chosen)
            self.stale = True
        if any(at and at[1] < self._view.area.top for at in (before, place)):
            self.stale = True

    def _press(self, place: tuple[int, int], to_mark: bool) -> None:
        if self.help:
            self.help = False
            return
        for chip in self._chips():
            if chip.area.collidepoint(place):
                self._do(chip.key)
                return
        if self._view.scrolling.press(place, self._view.area):
            return
        tile = self._view.tile_at(place)
        if tile is not None:
            self.chosen, self._touched = tile.path, True
            if to_mark:
                self.mark()
            else:
                self.marked.clear()
                self.watch()

    def _chips(self) -> list[Chip]:
        return choice_chips(self.size[0], self.filters, self.arrangement)
