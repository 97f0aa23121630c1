"""The world of the live training screen, whose episode is played again and again: no moment is drawn twice."""

import pygame
from pygame import Rect

from replays.film.film import Film
from replays.film.focus import camera_on
from replays.interpolation import moment
from sim.render.draw import Options, draw
from sim.render.palette import PAPER
from sim.render.snapshot import Snapshot

_MOST_BYTES = 128 * 2**20
_BYTES_A_PIXEL = 4


class WorldPictures:
    """Pictures of one recording's ticks in one size, kept as far as the memory for them reaches."""

    def __init__(self) -> None:
        self._film: Film | None = None
        self._kept: dict[int, pygame.Surface] = {}

    def draw(self, surface: pygame.Surface, area: Rect, film: Film, tick: int) -> None:
        """Fills `area` with the world at a tick."""
        if self._film is not film or any(picture.get_size() != area.size for picture in self._kept.values()):
            self._film, self._kept = film, {}
        picture = self._kept.get(tick)
        if picture is None:
            picture = _picture(area.size, film, tick)
            if (len(self._kept) + 1) * area.width * area.height * _BYTES_A_PIXEL <= _MOST_BYTES:
                self._kept[tick] = picture
        surface.blit(picture, area)


def _picture(size: tuple[int, int], film: Film, tick: int) -> pygame.Surface:
    picture = pygame.Surface(size, depth=8 * _BYTES_A_PIXEL)
    picture.fill(PAPER)
    recording = film.recording
    now = moment(recording, tick)
    options = Options(preparation=now.preparation, camera=camera_on(size, film.focus))
    world = Snapshot(recording.header.slots, recording.layout, now.state, now.seen)
    draw(picture, picture.get_rect(), world, options)
    return picture
