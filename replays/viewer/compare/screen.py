"""Two to four recordings side by side on one clock."""

from pathlib import Path

import pygame
from pygame import Rect

from replays.annotate import searched
from replays.film.event_markers import LEGEND
from replays.film.facts import Facts, begun_of, facts_of, neighbour, siblings
from replays.film.film import Film, no_event_text
from replays.film.playback import Playback
from replays.format.recording import read
from replays.viewer.compare.choice import MOST_BESIDE, spread
from replays.viewer.compare.pane import HEADER_HEIGHT, Title, draw_events, draw_header, draw_world, title_height
from replays.viewer.compare.timeline import draw_rows, rows_height, time_under, track_of
from replays.viewer.keys import SIDE_KEYS
from replays.viewer.requests import Compare, Watch
from replays.viewer.screen import ScreenBase
from replays.viewer.training.ends import end_of_training_text, outside_training_text
from replays.viewer.widgets.fitting import first_parts, write_fitting
from replays.viewer.widgets.theme import FAINT, SMALL, px
from sim.errors import UserError
from sim.render.draw import Options

_GAP = 12
_HINT_HEIGHT = 28
_NEARLY = 0.8


class SideBySide(ScreenBase):
    """A screen; `chosen` is the number of the pane that the keys for one recording mean."""

    title = "Side by side - hideseek"
    keys = SIDE_KEYS
    help_tail = "A click chooses a recording; drag the time lines to seek in all of them; turn the wheel to step."
    legend = LEGEND

    def __init__(self, asked: Compare, size: tuple[int, int]) -> None:
        """Plays the recordings that are asked for.

        Raises:
            UserError: one of them cannot be read.
        """
        super().__init__()
        self.paths = list(asked.paths)
        self.choices = list(asked.choices)
        self.films = [_film(path) for path in self.paths]
        self.facts = [_facts(*of) for of in zip(self.paths, self.films, strict=True)]
        self.playback = Playback(ticks=self._longest, playing=True)
        self.playback.seek(asked.time)
        self.chosen = len(self.paths) - 1
        self.cones, self.sight_lines = True, True
        self.size = size
        self._scrubbing = False

    @property
    def moving(self) -> bool:
        """Whether the picture changes by itself."""
        return self.playback.playing and not self._scrubbing

    @property
    def bottom(self) -> Rect:
        """Where the clock and the rows of all recordings lie."""
        height = rows_height(len(self.films)) + px(_HINT_HEIGHT)
        return Rect(0, max(self.size[1] - height, 0), self.size[0], height)

    @property
    def panes(self) -> list[Rect]:
        """Where each recording lies, its header included, in the fewest columns in which pictures are nearly as
        large as they can be: four stand two by two, with room for their titles.
        """
        count = len(self.films)
        sides = {columns: min(self._pane(columns)) for columns in range(1, count + 1)}
        columns = next(columns for columns, side in sides.items() if side >= _NEARLY * max(sides.values()))
        rows = -(-count // columns)
        across, down = self._pane(columns)
        gap, high = px(_GAP), max(min(across, down), 1) + px(HEADER_HEIGHT)
        top = max((self.bottom.top - rows * (high + gap)) // 2, 0)
        return [
            Rect(gap + k % columns * (across + gap), top + k // columns * (high + gap), max(across, 1), high)
            for k in range(count)
        ]

    def to_event(self, direction: int, every: bool = False) -> None:
        """Pauses at the next or previous event of any of the recordings, as in one of them."""
        found = [film.next_event(self.playback.time, direction, every) for film in self.films]
        ticks = [tick for tick in found if tick is not None]
        if ticks:
            self.playback.playing = False
            self.playback.seek(min(ticks) if direction > 0 else max(ticks))
        else:
            self.message = no_event_text(direction, every)

    def to_play_phase(self) -> None:
        """Goes to the end of the chosen recording's preparation."""
        self.playback.seek(self.films[self.chosen].recording.header.preparation_ticks)

    def to_pane(self, steps: int) -> None:
        """Chooses another pane."""
        self.chosen = (self.chosen + steps) % len(self.films)

    def to_stage(self, steps: int) -> None:
        """Puts an earlier or later recording of the same run into the chosen pane; the clock goes on."""
        path = self.paths[self.chosen]
        family = siblings(path)
        if not family:
            self.message = outside_training_text(path)
            return
        other = neighbour(family, path, steps)
        if other is None:
            self.message = end_of_training_text(path, steps)
            return
        try:
            film = _film(other)
        except UserError as error:
            self.message = str(error)
            return
        self.paths[self.chosen], self.films[self.chosen] = other, film
        self.facts[self.chosen] = _facts(other, film)
        self.playback.ticks = self._longest
        self.playback.seek(self.playback.time)

    def watch(self) -> None:
        """Plays the chosen recording alone."""
        self.request = Watch(list(self.paths), self.chosen)

    def toggle_cones(self) -> None:
        """Shows or hides what agents see."""
        self.cones = not self.cones

    def toggle_sight_lines(self) -> None:
        """Shows or hides lines of who sees whom."""
        self.sight_lines = not self.sight_lines

    def compare_more(self) -> None:
        """Shows four recordings, or goes back where there are no more."""
        if len(self.films) < min(MOST_BESIDE, len(self.choices)):
            choices = list(dict.fromkeys([*self.choices, *self.paths]))  # a run may have recorded more meanwhile
            self.request = Compare(spread(choices, self.paths), choices, self.playback.time)
        else:
            self.running = False

    def advance(self, seconds: float) -> None:
        """Lets real time pass."""
        if self.moving:
            self.playback.advance(seconds)
            self.stale = True

    def draw_content(self, surface: pygame.Surface) -> None:
        """Draws the panes, the rows of time and a hint."""
        time = self.playback.time
        panes = self.panes
        titles = [Title(number, *of) for number, of in enumerate(zip(self.paths, self.facts, strict=True))]
        height = title_height(titles, panes[0])
        for title, pane, film in zip(titles, panes, self.films, strict=True):
            draw_world(surface, pane, film, time, Options(cones=self.cones, sight_lines=self.sight_lines))
            draw_header(surface, pane, title, height, title.number == self.chosen)
            draw_events(surface, pane, film, time)
        draw_rows(surface, self.bottom, self.films, self.playback.time, self.chosen)
        hint = f"{self.playback.speed_text()} · F1 all keys · Space plays · Tab or a click chooses · "
        hint += "A and D go through its training · Enter shows it alone"
        left, middle = track_of(self.bottom).left, self.bottom.bottom - px(_HINT_HEIGHT) // 2
        room = self.size[0] - left - px(_GAP)
        write_fitting(surface, first_parts(hint, SMALL, room), (left, middle), SMALL, room, FAINT, "midleft")

    @property
    def _longest(self) -> int:
        return max(film.recording.header.ticks for film in self.films)

    def _pane(self, columns: int) -> tuple[int, int]:
        """Width and height of a picture if they stand in `columns` columns."""
        rows = -(-len(self.films) // columns)
        gap = px(_GAP)
        return (self.size[0] - gap) // columns - gap, (self.bottom.top - gap) // rows - gap - px(HEADER_HEIGHT)

    def press(self, place: tuple[int, int]) -> None:
        """Seeks on the rows of time, or chooses a pane."""
        if self.bottom.collidepoint(place):
            self._scrubbing = True
            self._scrub(place)
        else:
            for number, pane in enumerate(self.panes):
                if pane.collidepoint(place):
                    self.chosen = number

    def release(self, place: tuple[int, int]) -> None:
        """Lets go of the time."""
        self._scrubbing = False

    def move_mouse(self, before: tuple[int, int] | None, place: tuple[int, int]) -> bool:
        """Drags the time."""
        if self._scrubbing:
            self._scrub(place)
        return self._scrubbing

    def turn_wheel(self, notches: int) -> None:
        """Goes through the ticks."""
        self.playback.step(-notches)

    def _scrub(self, place: tuple[int, int]) -> None:
        self.playback.seek(time_under(self.bottom, self.playback.ticks, place[0]))


def _facts(path: Path, film: Film) -> Facts:
    return facts_of(film.recording)._replace(begun=begun_of(path))


def _film(path: Path) -> Film:
    return Film(searched(read(path)), path.name)
