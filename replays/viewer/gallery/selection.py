"""The recording of the gallery that the keys mean: chosen by keys or mouse, and kept in its place on the screen."""

from collections.abc import Callable, Sequence
from pathlib import Path

from replays.viewer.gallery.filters import Group, card_of
from replays.viewer.gallery.layout import lay_out
from replays.viewer.gallery.sheet_view import SheetView
from replays.viewer.gallery.tiles import Preview


class Selection:
    """What is chosen among the tiles of a view, and its preview."""

    def __init__(self, view: SheetView, strategy_of: Callable[[Path], str]) -> None:
        """`strategy_of` gives the title of the strategy that a recording is shown for."""
        self.path: Path | None = None
        """The first recording until the user touches something, whatever comes to be known."""
        self.touched = False
        """Whether the user has chosen something, or scrolled."""
        self.preview = Preview(strategy_of)
        """Of what the user has chosen."""
        self._view = view

    def to_tile(self, steps: int) -> None:
        """Chooses the next or previous tile; the first one if none is chosen."""
        number = self._number
        self._choose(0 if number is None else number + steps)

    def to_row(self, rows: int) -> None:
        """Chooses the tile `rows` rows further down."""
        number = self._number
        self._choose(0 if number is None else self._view.sheet.below(number, rows))

    def to_page(self, pages: int) -> None:
        """Goes up or down by as many rows as the window shows."""
        tiles = self._view.sheet.tiles
        row = tiles[0].area.height if tiles else 1
        self.to_row(pages * max(self._view.area.height // row, 1))

    def to_end(self, direction: int) -> None:
        """Chooses the first or the last tile."""
        self._choose(0 if direction < 0 else len(self._view.sheet.tiles))

    def take(self, path: Path) -> bool:
        """Chooses a recording where it is; returns whether that changes anything."""
        if path == self.path and self.touched:
            return False
        self.touched, self.path = True, path
        self.preview.choose(path)
        return True

    def reveal(self) -> None:
        """Brings what is chosen into view, if it is shown."""
        number = self._number
        if number is not None:
            self._choose(number)

    def lay_out(self, groups: Sequence[Group], complete: bool) -> None:
        """Puts all tiles in their place; what is chosen stays where it is on the screen.

        As long as recordings are still being read, they are not complete, and what is chosen may be among the missing.
        """
        view = self._view
        before = view.area_of(self.path) if self.touched else None
        view.show(lay_out(groups, view.area.size))
        if self.path and complete:
            self.path = card_of(self.path, groups)
        after = view.area_of(self.path)
        if not self.touched or (after is None and complete):
            self.path = view.sheet.tiles[0].path if view.sheet.tiles else None
            view.scrolling.jump(0)
        elif before is not None and after is not None:
            view.scrolling.shift(after.top - before.top)
        else:
            self.reveal()
        self.preview.choose(self.path if self.touched else None)

    @property
    def _number(self) -> int | None:
        return self._view.sheet.number_of(self.path)

    def _choose(self, number: int) -> None:
        """Chooses the tile nearest to a number and brings it into view, its heading too if it stands right above."""
        tiles = self._view.sheet.tiles
        if tiles:
            tile = tiles[min(max(number, 0), len(tiles) - 1)]
            self.take(tile.path)
            self._view.reveal(tile)
