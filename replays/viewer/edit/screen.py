"""The editor's screen: a floor to draw a world on, what is impossible in it, and teams that play in it at once."""

import pygame
from pygame import Rect

from replays.session import PlayContext
from replays.viewer.edit.document import Document
from replays.viewer.edit.editing import Editing
from replays.viewer.edit.hit import Place, item_at
from replays.viewer.edit.keys import BY_ACTION
from replays.viewer.edit.layout import Parts, parts_of
from replays.viewer.edit.panel import Facts, draw_panel, panel_buttons, words_about
from replays.viewer.edit.pointer import Pointer
from replays.viewer.edit.shapes import exists
from replays.viewer.edit.toolbar import draw_actions, draw_teams, draw_tools
from replays.viewer.edit.tools import Tool
from replays.viewer.edit.view import FloorPicture, draw_band, draw_handles, draw_problems, draw_selected
from replays.viewer.film.viewport import STEP
from replays.viewer.widgets.controls import Button
from replays.viewer.widgets.fitting import first_parts, write_fitting
from replays.viewer.widgets.pages import draw_toast
from replays.viewer.widgets.theme import FAINT, SMALL, draw_tooltip, px
from sim.render.canvas import Camera
from sim.scenarios.drawn.drawing import in_words
from sim.scenarios.drawn.world import DrawnWorld

_NEAR = 10
"""Pixels of the plain design: what is nearer to the mouse is meant."""
_HINTS = {
    Tool.SELECT: "Click to select, drag to move · Shift selects more · the wheel zooms",
    Tool.WALL: "Drag to draw a wall, to the right or upwards",
    Tool.DOOR: "Click on a wall to open a door in it",
    Tool.BOX: "Click to put a box there, or drag its size",
    Tool.LONG_BOX: "Click to put an elongated box there, or drag its size",
    Tool.RAMP: "Click to put a ramp there; R turns it",
    Tool.HIDER: "Click to put a hider there; A lets it begin anywhere in an area",
    Tool.SEEKER: "Click to put a seeker there; A lets it begin anywhere in an area",
}
_SHIFTS, _ALTS = (pygame.K_LSHIFT, pygame.K_RSHIFT), (pygame.K_LALT, pygame.K_RALT)
_ON_SELECTION = {"Copy", "Delete", "Turn", "Area"}


class EditScreen(Editing):
    """A screen."""

    def __init__(self, document: Document, size: tuple[int, int], play_context: PlayContext | None = None) -> None:
        """`play_context` has teams to play with; without them worlds can only be drawn."""
        super().__init__(document, play_context)
        self.size = size
        self.pointer_on_floor = Pointer()
        self._picture = FloorPicture()
        self._held: set[int] = set()
        """Which of Shift and Alt are down."""

    @property
    def moving(self) -> bool:
        """Whether the picture changes by itself."""
        return bool(self.room and self.room.playing)

    @property
    def title(self) -> str:
        """What the window is called."""
        return f"{'' if self.document.is_saved else '*'}{self.world.name} - hideseek"

    @property
    def parts(self) -> Parts:
        """Where everything lies."""
        return parts_of(self.size, self.moving)

    @property
    def buttons(self) -> list[Button]:
        """All buttons."""
        parts = self.parts
        return [*parts.actions, *parts.tools, *parts.teams, *panel_buttons(parts.panel, self.room is not None)]

    @property
    def camera(self) -> Camera:
        """Where the world lies in the window."""
        floor = self.parts.floor
        inside = self.viewport.camera(floor, self.world.floor_m)
        return inside._replace(left=inside.left + floor.left, bottom=inside.bottom + floor.top)

    def zoom(self, steps: int, place: tuple[int, int] | None = None) -> None:
        """Zooms in or out, around a place in the window or the middle of the floor."""
        floor = self.parts.floor
        x, y = place or floor.center
        self.viewport.zoom_by(STEP**steps, (x - floor.left, y - floor.top), floor, self.world.floor_m)

    def handle(self, event: pygame.Event) -> None:
        """Does what one of pygame's events asks for; while a file is asked for, all of them are for that."""
        if event.type in (pygame.KEYDOWN, pygame.KEYUP) and event.key in (*_SHIFTS, *_ALTS):
            (self._held.add if event.type == pygame.KEYDOWN else self._held.discard)(event.key)
            return
        if event.type == pygame.WINDOWFOCUSLOST:
            self._held.clear()
        if self.dialog and not self.message and event.type not in (pygame.MOUSEMOTION, pygame.MOUSEBUTTONDOWN):
            self.handle_dialog(self.dialog, event)
        else:
            super().handle(event)

    def advance(self, seconds: float) -> None:
        """Lets real time pass."""
        self.let_time_pass(seconds)

    def close(self) -> None:
        """Lets go of what is dragged, else as every screen."""
        if self.pointer_on_floor.holds:
            self.pointer_on_floor.let_go()
        else:
            super().close()

    def press(self, place: tuple[int, int]) -> None:
        """Presses a button, or begins to draw, to drag or to select."""
        if self.dialog:
            if self.dialog.press(place, Rect(0, 0, *self.size)):
                dialog = self.dialog
                self.attempt(lambda: self.answer(dialog))
            return
        key = next((button.key for button in self.buttons if button.area.collidepoint(place)), None)
        if key:
            key.action(self)
        elif self.parts.floor.collidepoint(place):
            adding = not self._held.isdisjoint(_SHIFTS)
            chosen = self.pointer_on_floor.press(
                self.world, self.selected, self.tool, self.place_of(place), self.near_m, adding
            )
            self.select(chosen)

    def move_mouse(self, before: tuple[int, int] | None, place: tuple[int, int]) -> bool:
        """Draws or drags, if a button is held."""
        if self.pointer_on_floor.holds:
            self.attempt(lambda: self.pointer_on_floor.drag(self.place_of(place), self._step, self.near_m))
        return True

    def release(self, place: tuple[int, int]) -> None:
        """What was drawn or dragged becomes a step of the history."""

        def finish() -> None:
            result = self.pointer_on_floor.release(self.place_of(place), self._step, self.near_m)
            if result:
                self.change(result.world, result.selected)
                if result.words:
                    self.say(result.words)

        self.attempt(finish)

    def turn_wheel(self, notches: int) -> None:
        """Zooms around the mouse."""
        if self.pointer and self.parts.floor.collidepoint(self.pointer):
            self.zoom(notches, self.pointer)

    def place_of(self, pixel: tuple[int, int]) -> Place:
        """The place on the floor under a pixel of the window."""
        return self.camera.place(*pixel)

    @property
    def near_m(self) -> float:
        """How near to the mouse things must be, in metres."""
        return px(_NEAR) / self.camera.scale

    def message_area(self, surface: pygame.Surface) -> Rect:
        """The floor and what is beside it."""
        return self.parts.stage

    def draw_content(self, surface: pygame.Surface) -> None:
        """Draws everything but message and help page."""
        parts, at = self.parts, None if self.help or self.dialog else self.pointer
        world = self.pointer_on_floor.preview or self.world
        self._draw_floor(surface, parts.floor, world)
        if self.room and parts.games.width:
            self.room.draw(surface, parts.games, parts.status)
            draw_teams(surface, parts.teams, self.room.seats, at)
        else:
            draw_panel(surface, parts.panel, self._facts(world), at)
        draw_tools(surface, parts.tools, self.tool, at)
        draw_actions(surface, parts.actions, self._on, self._off, at)
        hint = first_parts(self._hint(world), SMALL, parts.hint.width)
        write_fitting(surface, hint, parts.hint.midleft, SMALL, parts.hint.width, FAINT, "midleft")
        if self.note and not self.dialog:
            draw_toast(surface, parts.stage, self.note)
        if self.dialog:
            self.dialog.note = self.note
            self.dialog.draw(surface)
        elif at:
            self._draw_tip(surface, at)

    def _draw_floor(self, surface: pygame.Surface, area: Rect, world: DrawnWorld) -> None:
        camera, pointer = self.viewport.camera(area, world.floor_m), self.pointer_on_floor
        drawn = tuple(item for item in self.selected if exists(world, item))
        self._picture.draw(surface, area, camera, world, drawn, self.step)
        floor = surface.subsurface(area.clip(surface.get_rect()))
        draw_selected(floor, camera, world, drawn)
        if not pointer.holds:
            shown = [one for one in self.problems.last if all(exists(world, item) for item in one.items)]
            draw_problems(floor, camera, world, shown)
        if len(drawn) == 1:
            draw_handles(floor, camera, world, drawn[0], pointer.press_at.handle if pointer.press_at else None)
        if pointer.band and self.tool is Tool.SELECT:
            draw_band(floor, camera, pointer.band)

    def _draw_tip(self, surface: pygame.Surface, at: tuple[int, int]) -> None:
        """Says what the button under the mouse does, or what lies there."""
        for button in self.buttons:
            if button.area.collidepoint(at):
                lines = [button.key.help.capitalize(), f"Key: {button.key.name}"]
                below = button.area.top < px(90)
                place = (button.area.centerx, button.area.bottom + px(52) if below else button.area.top - px(4))
                draw_tooltip(surface, lines, place)
                return
        if self.tool is Tool.SELECT and not self.pointer_on_floor.holds and self.parts.floor.collidepoint(at):
            item = item_at(self.world, self.place_of(at), 0.6 * self.near_m)
            if item and item not in self.selected:
                wrong = [one.text for one in self.problems.last if item in one.items]
                lines = [in_words(self.world, item).capitalize(), *words_about(self.world, item), *wrong]
                draw_tooltip(surface, lines, (at[0], at[1] - px(12)))

    def _facts(self, world: DrawnWorld) -> Facts:
        file = f"{self.document.name}{'' if self.document.is_saved else ', not saved'}"
        teams = self.room.seats if self.room else ("", "")
        selected = [item for item in self.selected if exists(world, item)]
        return Facts(world, selected, self.problems.found, teams, file)

    def _hint(self, world: DrawnWorld) -> str:
        if self.parts.panel.width or self.tool is not Tool.SELECT:
            return _HINTS[self.tool]
        if len(self.selected) == 1 and exists(world, self.selected[0]):
            return " · ".join([in_words(world, self.selected[0]).capitalize(), *words_about(world, self.selected[0])])
        found = self.problems.found
        return found[0].text.capitalize() if found else _HINTS[self.tool]

    @property
    def _step(self) -> float:
        """Of the grid; Alt leaves it."""
        return self.step if self._held.isdisjoint(_ALTS) else 0.0

    @property
    def _on(self) -> set[str]:
        playing = {1: "Play", 12: "12 starts"}.get(self.room.count if self.room else 0)
        training = self._training is not None and self._training.running
        words = (playing, "Grid" if self.step else None, "Train" if training else None)
        return {word for word in words if word in BY_ACTION}

    @property
    def _off(self) -> set[str]:
        """The buttons that can do nothing now."""
        history = self.document.history
        off = set() if self.selected else set(_ON_SELECTION)
        off |= set() if history.can_undo else {"Undo"}
        off |= set() if history.can_redo else {"Redo"}
        off |= {"Save"} if self.document.is_saved and self.document.path else set()
        return off | (set() if self.room else {"Play", "12 starts", "Take over", "Train"})
