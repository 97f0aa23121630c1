"""What if: things are taken away or unlocked at one moment, and then the episode goes on from there."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pygame

from replays.film.film import Film
from replays.live_episode import Changes, changed, world_at
from replays.session import PlayContext
from replays.viewer.keys import Key
from replays.viewer.modes.mode import Mode, ModeHost
from replays.viewer.modes.play import start_scene
from replays.viewer.modes.scene import scene_from
from replays.viewer.widgets.panes import Panes
from replays.viewer.widgets.theme import FAINT, px
from replays.wording import thing_name
from sim.geometry import distance_to_rectangle
from sim.render.canvas import Point, Stamp
from sim.render.palette import INK, WHITE
from sim.state import X, Y

_BADGE = 13


class WhatIf(Mode):
    """Changes the world at one moment."""

    def __init__(self, viewer: ModeHost, film: Film, path: Path, tick: int, play_context: PlayContext) -> None:
        super().__init__(viewer)
        self.film, self.path, self.tick, self.play_context = film, path, tick, play_context
        layout, _ = world_at(film.recording, tick, Changes())
        self.things: list[int] = np.flatnonzero(layout.thing_exists[0]).tolist()
        self.chosen = self.things[0] if self.things else -1
        self.changes = Changes()
        viewer.playback.seek(tick)
        viewer.playback.playing = False

    @property
    def title(self) -> str:
        return "What if ..."

    @property
    def lines(self) -> list[str]:
        slots = self.film.recording.header.slots
        if not self.things:
            return ["There is nothing here to take away."]
        changes_text = self.changes.in_words(slots) or "nothing is changed yet"
        return [f"Chosen: {thing_name(self.chosen, slots)}.", f"Here at tick {self.tick}: {changes_text}."]

    def handle(self, event: pygame.Event) -> bool:
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            thing = self._thing_at(event.pos)
            if thing is not None:
                self.chosen = thing
            return thing is not None
        if event.type == pygame.KEYDOWN and pygame.K_0 <= event.key <= pygame.K_9:
            self._choose(event.key - pygame.K_0)
            return True
        return super().handle(event)

    def draw(self, surface: pygame.Surface, panes: Panes) -> None:
        super().draw(surface, panes)
        slots = self.film.recording.header.slots
        for thing in self.things:
            centre = self._place(thing)
            gone, chosen = thing in self.changes.removed, thing == self.chosen
            radius = px(_BADGE + 3 * chosen)
            stamp = Stamp(surface, [centre], radius + px(3))
            stamp.disc(WHITE, centre, radius + px(2))
            stamp.disc(FAINT if gone else INK, centre, radius)
            name = str(thing) if thing < slots.boxes else f"R{thing - slots.boxes}"
            stamp.text(name, WHITE, centre, 1.3 * radius)
            if gone:
                reach = 0.7 * radius
                ends = (centre[0] - reach, centre[1] + reach), (centre[0] + reach, centre[1] - reach)
                stamp.line(WHITE, *ends, px(25) / 10)
            stamp.lay()

    def advance(self, seconds: float) -> None:
        """Time stands still, whatever the mouse does to it."""
        self.viewer.playback.playing = False
        self.viewer.playback.seek(self.tick)

    def leave(self) -> None:
        self.viewer.film = self.film

    def next_thing(self) -> None:
        """Chooses the next thing."""
        if self.things:
            self.chosen = self.things[(self.things.index(self.chosen) + 1) % len(self.things)]

    def remove(self) -> None:
        """Takes the chosen thing away, or puts it back."""
        if self.things:
            self._change(Changes(self.changes.removed ^ {self.chosen}, self.changes.unlocked))

    def unlock(self) -> None:
        """Opens the lock of the chosen thing, or shuts it again."""
        if not self.things:
            return
        if self.film.recording.states.lock[self.tick, self.chosen] == 0:
            name = thing_name(self.chosen, self.film.recording.header.slots)
            self.viewer.say(f"{name.capitalize()} is not locked at this moment")
            return
        self._change(Changes(self.changes.removed, self.changes.unlocked ^ {self.chosen}))

    def go(self) -> None:
        """Lets it go on, beside the film as it was."""
        changes_text = self.changes.in_words(self.film.recording.header.slots) or "nothing changed"
        scene = scene_from(self.film, self.path, self.tick, self.play_context, self.changes)
        start_scene(self.viewer, replace(scene, name=f"what if: {changes_text}", beside=True, first=self.viewer.film))

    def _choose(self, thing: int) -> None:
        if thing in self.things:
            self.chosen = thing

    def _change(self, changes: Changes) -> None:
        self.changes = changes
        self.viewer.film = Film(changed(self.film.recording, self.tick, changes), self.film.name)

    def _place(self, thing: int) -> Point:
        """The pixel in the middle of a thing, where it is or was."""
        pose = self.film.recording.states.things[self.tick, thing]
        return self.viewer.camera(self.viewer.panes).point(pose[X], pose[Y])

    def _thing_at(self, place: tuple[int, int]) -> int | None:
        camera, recording = self.viewer.camera(self.viewer.panes), self.film.recording
        x, y = camera.place(*place)
        for thing in self.things:
            half = recording.layout.thing_half[0, thing]
            if distance_to_rectangle(x, y, recording.states.things[self.tick, thing], half[0], half[1]) <= 0:
                return thing
        return None


WHAT_IF_KEYS: tuple[Key, ...] = (
    Key("Tab, 0-9, click", (pygame.K_TAB,), "choose a thing", lambda mode: mode.next_thing()),
    Key(
        "R, Delete",
        (pygame.K_r, pygame.K_DELETE, pygame.K_BACKSPACE),
        "take it away, put it back",
        lambda mode: mode.remove(),
    ),
    Key("U", (pygame.K_u,), "unlock it, lock it again", lambda mode: mode.unlock()),
    Key("Enter, W", (pygame.K_RETURN, pygame.K_KP_ENTER, pygame.K_w), "let it go on", lambda mode: mode.go()),
    Key("C", (pygame.K_c,), "what agents see", lambda mode: mode.viewer.toggle_cones()),
    Key("F1, H", (pygame.K_F1, pygame.K_h), "all keys", lambda mode: mode.viewer.toggle_help()),
    Key("Esc", (pygame.K_ESCAPE,), "back to the film", lambda mode: mode.viewer.leave_mode()),
)
WhatIf.keys = WHAT_IF_KEYS
