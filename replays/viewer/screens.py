"""Which screen the window shows: the gallery, a film, or several side by side; and the ways between them."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pygame

from replays.film.facts import of_run, recordings_in, recordings_of
from replays.session import PlayContext
from replays.viewer.compare.screen import SideBySide
from replays.viewer.edit.document import Document
from replays.viewer.edit.screen import EditScreen
from replays.viewer.film.film_screen import FilmScreen
from replays.viewer.film.viewer import LEAST_SIZE
from replays.viewer.film.watching import FIRST_SIZE
from replays.viewer.gallery.loader import RecordingLoader
from replays.viewer.gallery.screen import Gallery
from replays.viewer.modes.play import start_scene
from replays.viewer.modes.scene import Scene
from replays.viewer.requests import Compare, Edit, Go, PlayScene, ScreenRequest, Watch
from replays.viewer.screen import Screen
from replays.viewer.settings import Settings
from sim.errors import UserError

_FIRST_WAIT_S = 0.25
"""How long the first frame of a gallery may wait for facts and thumbnails."""
_FIRST_FACTS, _FACTS_WAIT_S = 12, 5.0
"""The first frame waits for the facts of the first 12 recordings (the shipped ones come first), at most this long."""


class Screens:
    """The screens of one window; to the window they look like one.

    Film and gallery outlive being covered by each other, so that going back finds everything as it was.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        loader: RecordingLoader,
        tick: int | None = None,
        number: int | None = None,
        settings: Settings | None = None,
        play_context: PlayContext | None = None,
        places: Sequence[Path] = (),
    ) -> None:
        """Begins with one of `paths` by its number (at a tick, or playing from the start), or with all as a gallery.

        `places` are where `paths` were found, to look there for new ones.

        Raises:
            UserError: that recording cannot be read, or has no such tick.
        """
        self.running = True
        self.film: FilmScreen | None = None
        self.gallery: Gallery | None = None
        self._paths = list(paths)
        self._places = list(places)
        self._loader = loader
        self._settings = settings or Settings()
        self._play_context = play_context
        self._size = FIRST_SIZE
        self._beneath: list[Screen] = []
        if number is None:
            self.screen: Screen = self._the_gallery()
        else:
            self.film = FilmScreen(self._paths, loader, tick, number, settings, play_context)
            self.screen = self.film

    @property
    def size(self) -> tuple[int, int]:
        """Of the window, in pixels."""
        return self._size

    @size.setter
    def size(self, size: tuple[int, int]) -> None:
        self._size = (max(size[0], LEAST_SIZE[0]), max(size[1], LEAST_SIZE[1]))
        self.screen.size, self.screen.stale = self._size, True

    @property
    def moving(self) -> bool:
        """Whether the picture changes by itself."""
        return self.screen.moving

    @property
    def stale(self) -> bool:
        """The picture must be drawn anew."""
        return self.screen.stale

    @property
    def title(self) -> str:
        """What the window is called."""
        return self.screen.title

    @property
    def settings(self) -> Settings:
        """What is worth remembering until the next time."""
        return self.film.viewer.settings if self.film else self._settings

    def advance(self, seconds: float) -> None:
        """Lets real time pass."""
        self.screen.advance(seconds)

    def draw(self, surface: pygame.Surface) -> None:
        """Draws the present screen on a surface of the present size."""
        self.screen.draw(surface)

    def handle(self, event: pygame.Event) -> None:
        """Does what one of pygame's events asks for."""
        if event.type == pygame.QUIT:
            self.quit()
        elif event.type == pygame.VIDEORESIZE:
            self.size = (event.w, event.h)
        elif event.type == pygame.DROPFILE:
            self._try(lambda: self._open(Path(event.file)))
        else:
            self.screen.handle(event)
        request = self.screen.take_request()
        if request is not None:
            self._try(lambda: self._grant(request))
        elif not self.screen.running:
            self.screen.resume()
            self._back()

    def play(self, scene: Scene) -> None:
        """Lets the user play an episode from its start; where nothing is open yet."""
        if self.film:
            start_scene(self.film.viewer, scene)

    def begin_with(self, screen: Screen) -> None:
        """Shows a screen of another kind first; where nothing is open yet."""
        self.screen, self._beneath = screen, []
        self.size = self._size

    def quit(self) -> None:
        """Closes the window; what was played is kept."""
        self._leave_film()
        self.running = False

    def _leave_film(self) -> None:
        """Before another screen is shown: what was played is kept, and can be found."""
        if self.film is None:
            return
        self.film.viewer.leave_mode()
        self.film.resume()
        if self.gallery is not None:
            self.gallery.add(self.film.viewer.paths)

    def _try(self, action: Callable[[], None]) -> None:
        """Does something that opens files; where one cannot be read, the present screen says so."""
        try:
            action()
        except UserError as error:
            self.screen.tell(str(error))

    def _grant(self, request: ScreenRequest) -> None:
        match request:
            case Go.QUIT:
                self.quit()
            case Go.GALLERY:
                self._to_gallery_or_film()
            case Go.REFRESH:
                self._refresh()
            case Watch():
                self._watch(request)
            case Compare():
                self._show(SideBySide(request, self._size))
            case Edit(world):
                self._show(EditScreen(Document(world), self._size, self._play_context))
            case PlayScene(scene):
                self._leave_film()
                self._beneath.append(self.screen)
                self.screen = self.film = FilmScreen([], self._loader, None, 0, self.settings, self._play_context)
                self.size = self._size
                self.play(scene)

    def _show(self, screen: Screen) -> None:
        """Shows a screen above the present one; side by side and film leave nothing of their own kind beneath."""
        self._leave_film()
        if screen is not self.screen:
            kept = [*self._beneath, self.screen]
            self._beneath = [other for other in kept if type(other) is not type(screen)]
        self.screen = screen
        self.size = self._size

    def _back(self) -> None:
        """To the screen beneath this one; out, if there is none."""
        self._leave_film()
        if not self._beneath:
            self.running = False
            return
        self.screen = self._beneath.pop()
        if isinstance(self.screen, FilmScreen):
            self.film = self.screen
        self.size = self._size
        if isinstance(self.screen, Gallery):
            self._point_at_film(self.screen)

    def _the_gallery(self) -> Gallery:
        if self.gallery is None:
            self.gallery = Gallery(self._paths, self._loader, self._size)
            self._loader.wait(_FIRST_WAIT_S)
            self._loader.wait(_FACTS_WAIT_S, self._paths[:_FIRST_FACTS])
            self.gallery.arrange()
        return self.gallery

    def _to_gallery_or_film(self) -> None:
        gallery = self._the_gallery()
        self._leave_film()
        if self.screen is not gallery:
            self.screen, self._beneath = gallery, []
            self.size = self._size
            self._point_at_film(gallery)
        elif self.film is not None and self.film.path is not None:
            self._show(self.film)

    def _point_at_film(self, gallery: Gallery) -> None:
        if self.film is not None and self.film.path is not None:
            gallery.add([self.film.path])
            gallery.show(self.film.path)

    def _refresh(self) -> None:
        gallery = self._the_gallery()
        before = len(gallery.collection.paths)
        gallery.add(recordings_of(self._places))
        new = len(gallery.collection.paths) - before
        gallery.tell(f"{new} new recording{'s' * (new > 1)}." if new else "Nothing new has been recorded.")

    def _watch(self, asked: Watch) -> None:
        """Plays a recording; one that was left half way goes on from there."""
        self._leave_film()
        if self.film is None or self.film.path != asked.paths[asked.number]:
            self.film = FilmScreen(asked.paths, self._loader, None, asked.number, self.settings, self._play_context)
            self.film.viewer.to_strategy(asked.strategy)
        self._show(self.film)

    def _open(self, place: Path) -> None:
        """Opens what was dropped: a recording or a run to watch, another folder to choose from."""
        found = recordings_in(place)
        self._places.append(place)
        if self.gallery is not None:
            self.gallery.add(found)
        else:
            self._paths += [path for path in found if path not in self._paths]
        if len(found) == 1 or of_run(place):
            self._watch(Watch(found, len(found) - 1))
        else:
            if self.screen is not self.gallery:
                self._to_gallery_or_film()
            self._the_gallery().show(found[0])
