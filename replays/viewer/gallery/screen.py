"""The gallery: recordings as tiles under headings, from which one is watched or several side by side."""

from collections.abc import Sequence
from pathlib import Path

import pygame
from pygame import Rect

from replays.viewer.gallery import filters
from replays.viewer.gallery.filters import ARRANGEMENTS, NAMES, Filters
from replays.viewer.gallery.layout import HEADING_HEIGHT, Heading, Sheet, lay_out
from replays.viewer.gallery.loader import RecordingLoader
from replays.viewer.gallery.metadata import Facts
from replays.viewer.gallery.tiles import Preview, draw_chosen, draw_mark, draw_preview, draw_tile, picture_area
from replays.viewer.gallery.toolbar import BOTTOM_HEIGHT, TOP_HEIGHT, Chip, chips, draw_bottom, draw_top
from replays.viewer.keys import GALLERY_KEYS, key_for
from replays.viewer.requests import Compare, ScreenBase, Watch
from replays.viewer.widgets.help_page import draw_help
from replays.viewer.widgets.pages import draw_message
from replays.viewer.widgets.scrolling import Scrolling
from replays.viewer.widgets.theme import FAINT, HUGE, NORMAL, SMALL, px, write
from sim.render.palette import INK, PAPER

MOST_BESIDE = 4
"""Most recordings side by side."""
_HELP_TAIL = "A click plays, the right button marks; drop recordings, runs or folders on the window to add them."
_REGROUP_S = 0.2
"""How often at most tiles are put in order anew while recordings are being read."""


class Gallery(ScreenBase):
    """A screen; `chosen` is the recording that the keys mean, `marked` what is to be shown side by side."""

    title = "Recordings - hideseek"

    def __init__(self, paths: Sequence[Path], shelf: RecordingLoader, size: tuple[int, int]) -> None:
        super().__init__()
        self.paths: list[Path] = []
        self.filters, self.arrangement = Filters(), ARRANGEMENTS[0]
        self.chosen: Path | None = None
        self.marked: list[Path] = []
        self.preview = Preview()
        self._shelf = shelf
        self._scrolling = Scrolling()
        self._touched = False
        self._mouse: tuple[int, int] | None = None
        self._size = size
        self._sheet = Sheet([], [], 0)
        self._version, self._since = -1, 0.0
        self.add(paths)

    @property
    def size(self) -> tuple[int, int]:
        """Of the window, in pixels."""
        return self._size

    @size.setter
    def size(self, size: tuple[int, int]) -> None:
        self._size = size
        self.arrange()

    @property
    def moving(self) -> bool:
        """Whether the picture changes by itself."""
        return self._scrolling.moving or self.preview.moving or self._shelf.missing > 0

    @property
    def sheet(self) -> Sheet:
        """Where everything lies before it is scrolled."""
        return self._sheet

    def add(self, paths: Sequence[Path]) -> None:
        """Shows more recordings."""
        self.paths = list(dict.fromkeys([*self.paths, *paths]))
        self._shelf.add(self.paths)
        self.arrange()

    def show(self, path: Path) -> None:
        """Chooses a recording and scrolls to it, or does so as soon as something is known of it."""
        self._touched, self.chosen = True, path
        self.arrange()
        self._choose(self._sheet.number_of(path))

    def area_of(self, path: Path) -> Rect | None:
        """Where a recording's tile lies in the window."""
        number = self._sheet.number_of(path)
        return None if number is None else self._sheet.tiles[number].area.move(0, self._shift)

    def to_tile(self, steps: int) -> None:
        """Chooses the next or previous tile."""
        number = self._sheet.number_of(self.chosen)
        last = len(self._sheet.tiles) - 1
        self._choose(0 if number is None else min(max(number + steps, 0), last))

    def to_row(self, rows: int) -> None:
        """Chooses the tile so many rows further down."""
        number = self._sheet.number_of(self.chosen)
        self._choose(0 if number is None else self._sheet.below(number, rows))

    def to_page(self, pages: int) -> None:
        """Goes up or down by as many rows as the window shows."""
        row = self._sheet.tiles[0].area.height if self._sheet.tiles else 1
        self.to_row(pages * max(self._view.height // row, 1))

    def to_end(self, direction: int) -> None:
        """Chooses the first or the last tile."""
        self._choose(0 if direction < 0 else len(self._sheet.tiles) - 1)

    def watch(self) -> None:
        """Plays the chosen recording, or those that are marked side by side."""
        if len(self.marked) > 1:
            self.request = Compare(list(self.marked))
        elif self.chosen is not None:
            known = self._shelf.facts(self.chosen)
            if isinstance(known, str):
                self.message = known
            else:
                shown = [tile.path for tile in self._sheet.tiles if not isinstance(self._shelf.facts(tile.path), str)]
                self.request = Watch(shown, shown.index(self.chosen))

    def mark(self) -> None:
        """Marks the chosen recording for showing side by side, or takes its mark away."""
        if self.chosen in self.marked:
            self.marked.remove(self.chosen)
        elif len(self.marked) == MOST_BESIDE:
            self.message = f"{MOST_BESIDE} recordings fit side by side; take a mark away first."
        elif self.chosen is not None and isinstance(self._shelf.facts(self.chosen), Facts):
            self.marked.append(self.chosen)

    def rearrange(self) -> None:
        """Groups by the next sort of heading."""
        place = ARRANGEMENTS.index(self.arrangement)
        self.arrangement = ARRANGEMENTS[(place + 1) % len(ARRANGEMENTS)]
        self._begin_anew()

    def filter(self, name: str) -> None:
        """Turns one of the filters on to its next choice."""
        self.filters = self.filters.turned(name, filters.choices(self._known().values())[name])
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
        if self._shelf.version != self._version:
            self.stale = True
            if self._since > _REGROUP_S or not self._shelf.missing:
                self.arrange()
        moved, played = self._scrolling.advance(seconds), self.preview.advance(seconds)
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
            self._scrolling.release()
        elif event.type == pygame.MOUSEWHEEL and event.y:
            self._touched = True
            self._scrolling.wheel(event.y)
        elif event.type == pygame.WINDOWLEAVE:
            self._mouse = None
        elif event.type != pygame.WINDOWEXPOSED:
            return
        self.stale = True

    def draw(self, surface: pygame.Surface) -> None:
        """Draws everything on a surface of the present size."""
        surface.fill(PAPER)
        view = self._view
        top = self._scrolling.place - px(8)
        surface.set_clip(view)
        for heading in self._sheet.headings:
            if heading.area.bottom > top and heading.area.top < top + view.height:
                _draw_heading(surface, heading, heading.area.move(0, self._shift))
        for tile in self._sheet.visible(int(top), int(top + view.height)):
            area, path = tile.area.move(0, self._shift), tile.path
            draw_tile(surface, area, path, self._shelf.facts(path), self._shelf.picture(path))
            preview = self.preview.picture(path, picture_area(area).width)
            if preview is not None:
                draw_preview(surface, area, preview)
            if path == self.chosen:
                draw_chosen(surface, area)
            if path in self.marked:
                draw_mark(surface, area, self.marked.index(path) + 1)
        self._scrolling.draw(surface, view)
        surface.set_clip(None)
        if not self._sheet.tiles and not self._shelf.missing:
            told = "Nothing passes these filters; 0 shows all." if self.filters.any else "There are no recordings here."
            write(surface, told, view.center, NORMAL, FAINT, "center")
        draw_top(surface, self._chips(), self._told(), self._mouse)
        draw_bottom(surface, self._hint())
        if self.message:
            draw_message(surface, view, self.message)
        if self.help:
            draw_help(surface, GALLERY_KEYS, _HELP_TAIL)
        self.stale = False

    @property
    def _view(self) -> Rect:
        """The part of the window that shows tiles."""
        height = max(self._size[1] - px(TOP_HEIGHT) - px(BOTTOM_HEIGHT), 1)
        return Rect(0, px(TOP_HEIGHT), self._size[0], height)

    @property
    def _shift(self) -> int:
        return px(TOP_HEIGHT) + px(8) - round(self._scrolling.place)

    def _known(self) -> dict[Path, filters.Known]:
        found = ((path, self._shelf.facts(path)) for path in self.paths)
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
        self._version, self._since = self._shelf.version, 0.0
        groups = filters.grouped(self._known(), self.filters, self.arrangement)
        self._sheet = lay_out(groups, self._size[0])
        self._scrolling.fit(self._sheet.height, self._view.height)
        after = self.area_of(self.chosen) if self.chosen else None
        if not self._touched or (after is None and not self._shelf.missing):
            self.chosen = self._sheet.tiles[0].path if self._sheet.tiles else None
            self._scrolling.jump(0)
        elif before is not None and after is not None:
            self._scrolling.jump(self._scrolling.place + after.top - before.top)
        elif after is not None:
            self._choose(self._sheet.number_of(self.chosen))
        self.preview.choose(self.chosen if self._touched else None)
        self.stale = True

    def _choose(self, number: int | None) -> None:
        """Chooses a tile by its number and brings it into view, its heading too if it stands right above."""
        if number is None or not 0 <= number < len(self._sheet.tiles):
            return
        self._touched = True
        tile = self._sheet.tiles[number]
        self.chosen = tile.path
        self.preview.choose(tile.path)
        self._scrolling.reveal(tile.area.top - px(HEADING_HEIGHT), tile.area.bottom + px(16))

    def _move_mouse(self, place: tuple[int, int]) -> None:
        if self._scrolling.drag(place[1]):
            self.stale = True
            return
        before, self._mouse = self._mouse, place
        number = self._tile_at(place)
        if number is not None and self._sheet.tiles[number].path != self.chosen:
            self._touched = True
            self.chosen = self._sheet.tiles[number].path
            self.preview.choose(self.chosen)
            self.stale = True
        if any(at and at[1] < self._view.top for at in (before, place)):
            self.stale = True

    def _tile_at(self, place: tuple[int, int]) -> int | None:
        if not self._view.collidepoint(place):
            return None
        return self._sheet.at((place[0], place[1] - self._shift))

    def _press(self, place: tuple[int, int], to_mark: bool) -> None:
        if self.help:
            self.help = False
            return
        for chip in self._chips():
            if chip.area.collidepoint(place):
                self._do(chip.key)
                return
        if self._scrolling.press(place, self._view):
            return
        number = self._tile_at(place)
        if number is not None:
            self.chosen, self._touched = self._sheet.tiles[number].path, True
            if to_mark:
                self.mark()
            else:
                self.marked.clear()
                self.watch()

    def _chips(self) -> list[Chip]:
        texts = [(pygame.K_a, "A", f"by {self.arrangement}", False)]
        for number, name in enumerate(NAMES, start=1):
            asked = getattr(self.filters, name)
            texts.append((pygame.K_0 + number, str(number), asked or f"any {name}", asked is not None))
        if self.filters.any:
            texts.append((pygame.K_0, "0", "show all", False))
        return chips(self._size[0], texts)

    def _told(self) -> str:
        shown, there = len(self._sheet.tiles), len(self.paths)
        if self._shelf.missing:
            return f"reading {there - self._shelf.missing} of {there}"
        return f"{there} recordings" if shown == there else f"{shown} of {there} recordings"

    def _hint(self) -> str:
        if len(self.marked) > 1:
            return f"Enter shows the {len(self.marked)} marked side by side  ·  Esc takes the marks away"
        if self.marked:
            return "One marked: mark another with S or the right mouse button, to see them side by side"
        return "Enter or a click plays  ·  S marks for side by side  ·  drop files or folders here  ·  F1 all keys"


def _draw_heading(surface: pygame.Surface, heading: Heading, area: Rect) -> None:
    about = write(
        surface, heading.group.about, (area.left, area.bottom - px(8)), SMALL, FAINT, "bottomleft", area.width
    )
    title = write(surface, heading.group.title, about.topleft, HUGE * 3 // 4, INK, "bottomleft", area.width)
    count, left = str(len(heading.group.paths)), title.right + px(10)
    write(surface, count, (left, title.bottom - px(3)), NORMAL, FAINT, "bottomleft", max(area.right - left, 0))
