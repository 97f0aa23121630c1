"""What the gallery shows of its recordings, and everything that a key can do to it."""

from collections.abc import Sequence
from pathlib import Path

from pygame import Rect

from replays.viewer.compare.choice import MOST_BESIDE
from replays.viewer.gallery.collection import Collection
from replays.viewer.gallery.layout import Sheet
from replays.viewer.gallery.loader import RecordingLoader
from replays.viewer.gallery.name_line import NameLine
from replays.viewer.gallery.selection import Selection
from replays.viewer.gallery.sheet_view import SheetView
from replays.viewer.requests import Compare, Watch
from replays.viewer.screen import ScreenBase
from sim.errors import UserError

_NO_GROUP = "This recording belongs to no group of episodes. N names the groups that hideseek report RUN has found."
_REGROUP_S = 0.2
"""Tiles are sorted again at most this often while recordings are being read."""


class Browsing(ScreenBase):
    """`collection` has the recordings, `selection` the one that keys mean; `marked` are to be shown side by side."""

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

    def arrange(self) -> None:
        """Puts everything in its place; what is chosen stays where it is on the screen."""
        self._version, self._since = self.collection.version, 0.0
        self.selection.lay_out(self.collection.grouped(), complete=not self.collection.missing)
        self.stale = True

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

    def keep_name(self, line: NameLine) -> None:
        """Names the group and sorts the tiles anew; where the name cannot be kept, the line stays."""
        try:
            self.collection.name_group(line.recording.parent, line.text)
        except UserError as error:
            self.tell(str(error))
            return
        self.name_line = None
        self.show(line.recording)

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

    def _begin_anew(self) -> None:
        """Shows the sheet from its top, the first recording chosen."""
        self.selection.touched = False
        self.arrange()
