"""Where the headings and tiles of a gallery lie on a sheet as high as it needs to be, and who is whose neighbour."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pygame import Rect

from replays.viewer.gallery.filters import Group
from replays.viewer.widgets.theme import px

PAD = 24
GAP = 16
HEADING_HEIGHT = 62
"""Sizes here are those of the plain design, before `px`."""
_LEAST_TILE, _LEAST_TILE_OF_LOW_VIEW = 208, 176
_CAPTION_HEIGHT = 84
"""Below a tile's picture, for its words."""


class Heading(NamedTuple):
    """A group's title and where it stands."""

    area: Rect
    group: Group


class Tile(NamedTuple):
    """A recording and where it lies."""

    area: Rect
    path: Path
    group: str
    """The title of its heading."""


class Sheet(NamedTuple):
    """Everything in place, in pixels from the upper left corner of the whole sheet."""

    headings: list[Heading]
    tiles: list[Tile]
    height: int

    def at(self, place: tuple[int, int]) -> int | None:
        """The number of the tile at a place."""
        return next((number for number, tile in enumerate(self.tiles) if tile.area.collidepoint(place)), None)

    def number_of(self, path: Path | None) -> int | None:
        """The number of a recording's tile, if it is shown."""
        return next((number for number, tile in enumerate(self.tiles) if tile.path == path), None)

    def visible(self, top: int, bottom: int) -> list[Tile]:
        """The tiles that lie at least partly between two heights."""
        return [tile for tile in self.tiles if tile.area.bottom > top and tile.area.top < bottom]

    def below(self, number: int, rows: int) -> int:
        """The tile `rows` rows below (or, if negative, above) another, or the nearest one."""
        here = self.tiles[number].area
        tops = sorted({tile.area.top for tile in self.tiles})
        row = min(max(tops.index(here.top) + rows, 0), len(tops) - 1)
        if tops[row] == here.top:
            return number
        inside = [place for place, tile in enumerate(self.tiles) if tile.area.top == tops[row]]
        return min(inside, key=lambda place: abs(self.tiles[place].area.left - here.left))


def lay_out(groups: Sequence[Group], view: tuple[int, int]) -> Sheet:
    """The sheet for a view of that width and height; tiles are as wide as fills the rows.

    Groups stand side by side as long as all their tiles fit in one row. In a low view tiles are narrower, so that a
    whole one can be seen.
    """
    pad, gap, heading, words = px(PAD), px(GAP), px(HEADING_HEIGHT), px(_CAPTION_HEIGHT)
    room = max(view[0] - 2 * pad, px(120))
    columns, most = (max((room + gap) // (px(least) + gap), 1) for least in (_LEAST_TILE, _LEAST_TILE_OF_LOW_VIEW))
    while columns < most and heading + (room + gap) // columns - gap + words > view[1]:
        columns += 1
    side = (room + gap) // columns - gap
    headings, tiles, top, bottom, used = [], [], 0, 0, 0
    for group in groups:
        if used + len(group.paths) > columns:
            top, used = bottom, 0
            _widen(headings, pad + room)
        wide = min(len(group.paths), columns) * (side + gap) - gap
        headings.append(Heading(Rect(pad + used * (side + gap), top, wide, heading), group))
        for number, path in enumerate(group.paths):
            row, column = divmod(used + number, columns)
            area = Rect(pad + column * (side + gap), top + heading + row * (side + words + gap), side, side + words)
            tiles.append(Tile(area, path, group.title))
            bottom = area.bottom + gap
        used += len(group.paths)
    _widen(headings, pad + room)
    return Sheet(headings, tiles, bottom + pad)


def _widen(headings: list[Heading], right: int) -> None:
    """The last heading so far ends its row: what is empty beside it is its own."""
    if headings:
        headings[-1].area.width = right - headings[-1].area.left
