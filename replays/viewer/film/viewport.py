"""What part of the floor the window shows: the whole, or a piece that is zoomed, moved, or led by an agent."""

from dataclasses import dataclass

from pygame import Rect

from sim.render.canvas import Camera, Point, fit

MOST_ZOOM = 8.0
STEP = 1.25
"""One step of zooming."""
FOLLOWING_ZOOM = 2.2
"""Zoom at which following begins, if the whole floor was shown."""


@dataclass
class Viewport:
    """How the floor is shown; lengths in metres."""

    zoom: float = 1.0
    """How many times larger than when the whole floor is shown."""
    middle: Point | None = None
    """The place in the middle of the picture; None is the floor's own middle."""
    following: bool = False
    """The selected agent stays in the middle."""
    _before: "tuple[float, Point | None]" = (1.0, None)
    """Zoom and middle when following began."""

    def camera(self, area: Rect, floor_m: float, led_by: Point | None = None) -> Camera:
        """Where the world lies on an area whose corner is the origin; `led_by` is where the followed agent is."""
        if self.following and led_by is not None:
            self.middle = led_by
        exact = self._exact(area, floor_m)
        if self.middle is None:
            return exact
        # Whole pixels: what is drawn straight onto them then keeps its shape while the floor glides by.
        return exact._replace(left=round(exact.left), bottom=round(exact.bottom))

    def zoom_by(self, factor: float, at: Point, area: Rect, floor_m: float) -> None:
        """Zooms so that what lies at a pixel of the area stays there; back at the whole floor, that is centred."""
        x, y = self._exact(area, floor_m).place(*at)
        self.zoom = min(max(self.zoom * factor, 1.0), MOST_ZOOM)
        if self.zoom == 1.0:
            self.show_all()
            return
        scale = self._whole(area, floor_m).scale * self.zoom
        self._centre(x + (area.width / 2 - at[0]) / scale, y - (area.height / 2 - at[1]) / scale, floor_m)

    def pan(self, columns: float, rows: float, area: Rect, floor_m: float) -> None:
        """Moves the picture by `columns` and `rows` pixels, and ends following."""
        self.following = False
        x, y = self._exact(area, floor_m).place(area.width / 2 - columns, area.height / 2 - rows)
        self._centre(x, y, floor_m)

    def follow(self) -> None:
        """Begins to follow, or stops and shows what was shown before, unless the user has zoomed meanwhile."""
        self.following = not self.following
        if self.following:
            self._before = self.zoom, self.middle
            self.zoom = max(self.zoom, FOLLOWING_ZOOM)
        elif self.zoom == max(self._before[0], FOLLOWING_ZOOM):
            self.zoom, self.middle = self._before

    def show_all(self) -> None:
        """Shows the whole floor."""
        self.zoom, self.middle, self.following = 1.0, None, False

    def _exact(self, area: Rect, floor_m: float) -> Camera:
        """The camera before it is put on whole pixels."""
        whole = self._whole(area, floor_m)
        if self.middle is None:
            return whole
        scale = whole.scale * self.zoom
        left, bottom = area.width / 2 - self.middle[0] * scale, area.height / 2 + self.middle[1] * scale
        return Camera(left, bottom, scale)

    @staticmethod
    def _whole(area: Rect, floor_m: float) -> Camera:
        return fit(Rect(0, 0, *area.size), floor_m)

    def _centre(self, x: float, y: float, floor_m: float) -> None:
        self.middle = (min(max(x, 0.0), floor_m), min(max(y, 0.0), floor_m))
