"""Playing in the window: living teams go on from a moment, and the user may be one of the agents."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pygame

from replays.events import agent_name, thing_name
from replays.format.archive import free_path
from replays.format.recording import write
from replays.session import Session
from replays.viewer.film.film import Film
from replays.viewer.film.playback import NORMAL, Playback
from replays.viewer.keys import Key
from replays.viewer.modes.keyboard_control import TURN, WALK, KeyboardController
from replays.viewer.modes.keycard import draw_keycard, make_room
from replays.viewer.modes.mode import Mode, Waiting
from replays.viewer.modes.overlays import draw_banner, draw_label, draw_you, halves, veil_future
from replays.viewer.widgets.panes import Panes, arrange
from sim.errors import UserError
from sim.rules import HIDERS, RULES, SEEKERS
from sim.state import FREE

if TYPE_CHECKING:
    from replays.viewer.film.viewer import Viewer

_LONGEST_S = 0.1
"""What a stalled window makes up for, at most: nobody can steer what has already happened."""


@dataclass(frozen=True)
class Scene:
    """What is played, and how it can be played again."""

    start: Callable[[], Session]
    """Makes a session; may take seconds, and raise UserError."""
    name: str
    """What to call it."""
    stem: str
    """What files of it are named after."""
    you: int | None
    """The agent that the user plays at first."""
    original: Film | None
    """The film it goes on from, to show beside and to go back to."""
    tick: int
    """Where that is."""
    beside: bool
    """Show the original too, at first."""
    kept_in: Path
    """Folder for what was played."""
    fog: bool
    """Show only what the player's team sees, at first."""
    pace: int | None = None
    """Index into the speeds; None is what suits who plays."""


class Live(Mode):
    """Plays a scene."""

    def __init__(self, viewer: "Viewer", scene: Scene, session: Session) -> None:
        """Goes on at once when the user only looks on; a player starts the clock with the first step."""
        super().__init__(viewer)
        self.scene, self.session, self.pilot = scene, session, KeyboardController()
        self.beside = scene.beside
        self._kept = session.take.played
        self._path: Path | None = None
        self._before = viewer.playback.pace, viewer.stage.fog
        self.fog = scene.fog
        session.you = scene.you
        self._show()
        self._lay_fog()
        if session.cast.note and not make_room(arrange(viewer.size, 0), self.beside)[1].width:
            viewer.say(session.cast.note)  # there is no room for the card, which says so as long as it is there
        ticks = session.take.played
        pace = scene.pace
        if pace is None:
            pace = NORMAL if scene.you is None else NORMAL - 1  # a person needs time to think
        viewer.playback = Playback(ticks=ticks, time=float(ticks), playing=scene.you is None, pace=pace)

    @property
    def title(self) -> str:
        if self.session.you is None:
            return "The teams play on"
        return f"You are {agent_name(self.session.you, self.session.game.slots)}"

    @property
    def lines(self) -> list[str]:
        return [line for line in (self._advice(), self.session.cast.note) if line]

    def handle(self, event: pygame.Event) -> bool:
        if event.type == pygame.KEYUP:
            self.pilot.lift(event.key)
        elif event.type == pygame.WINDOWFOCUSLOST:
            self.pilot.let_go()
        elif event.type == pygame.KEYDOWN and (event.key in WALK or event.key in TURN):
            if event.mod & (pygame.KMOD_CTRL | pygame.KMOD_ALT | pygame.KMOD_META):
                return True
            self.pilot.press(event.key)
        return super().handle(event)

    def advance(self, seconds: float) -> None:
        playback, take = self.viewer.playback, self.session.take
        if not self.viewer.moving or playback.direction < 0:
            return
        until = playback.time + playback.speed * min(seconds, _LONGEST_S) / RULES.tick_s
        if take.over or take.played > until:
            return
        while take.played <= until and not take.over:
            you = self.session.you
            self.session.step(self.pilot.action(*self.session.looks(you)) if you is not None else (0, 0, 0))
        playback.ticks = take.played
        self._show()

    def arrange(self, panes: Panes) -> Panes:
        roomy = make_room(panes, self.beside)[0]
        return roomy._replace(world=halves(roomy.world)[1]) if self.beside else roomy

    def draw(self, surface: pygame.Surface, panes: Panes) -> None:
        roomy, card = make_room(panes, self.beside)
        arranged, playback, take = self.arrange(panes), self.viewer.playback, self.session.take
        if self.beside and self.scene.original:
            left, right = halves(roomy.world)
            self.viewer.stage.draw(surface, left, self.scene.original, playback.time)
            draw_label(surface, left, "as it was")
            draw_label(surface, right, self.scene.name)
        if self.session.you is not None and self.viewer.film:
            surface.set_clip(arranged.world)
            draw_you(surface, self.viewer.camera(arranged), self.viewer.film.recording, playback.time, self.session.you)
        surface.set_clip(None)
        veil_future(surface, arranged, take.played, take.ticks)
        if take.over and playback.time == take.ticks:
            draw_banner(surface, arranged.world, self._result())
        draw_keycard(surface, card, self.title, self.lines, self.keys)

    def leave(self) -> None:
        path = self.keep()
        self.viewer.playback.pace, self.viewer.stage.fog = self._before
        if self.scene.original:
            ticks = self.scene.original.recording.header.ticks
            self.viewer.film = self.scene.original
            self.viewer.playback = Playback(ticks=ticks, time=self.scene.tick, pace=self.viewer.playback.pace)
        elif path:
            self.viewer.open(path)
        else:
            self.viewer.film = None

    def keep(self) -> Path | None:
        """Writes what was played, if it is not kept yet, and says where; the file it is kept in, if there is one."""
        take = self.session.take
        if take.played == self._kept:
            return self._path
        kept_in = self.scene.kept_in.resolve()
        try:
            kept_in.mkdir(parents=True, exist_ok=True)
            path = free_path(kept_in, f"{self.scene.stem}-played", ".npz")
            write(take.recording(), path)
        except OSError as problem:
            self.viewer.message = f"{kept_in}: cannot be made a folder ({problem.strerror}); nothing is kept"
        except (UserError, ValueError) as error:  # of a forged world the states may become such as no file may hold
            self.viewer.message = f"nothing is kept: {error}"
        else:
            self._kept, self._path = take.played, path
            self.viewer.add(path)
            self.viewer.say(f"Kept as {path}")
        return self._path

    def go_on(self) -> None:
        """Lets time pass."""
        if not self.session.take.over:
            self.viewer.playback.playing, self.viewer.playback.direction = True, 1

    def pause(self) -> None:
        """Stops the clock, or lets it go on."""
        if self.viewer.playback.playing:
            self.viewer.playback.playing = False
        else:
            self.go_on()

    def use_hands(self) -> None:
        """Your agent grabs, or lets go."""
        if self.session.you is not None:
            self.pilot.use_hands(self.session.held(self.session.you) != FREE)
            self.go_on()

    def lock(self) -> None:
        """Your agent locks what it holds or reaches."""
        if self.session.you is not None:
            self.pilot.lock()
            self.go_on()

    def look_ahead(self) -> None:
        """Your agent looks where it walks, or only where you turn it."""
        self.pilot.look_ahead = not self.pilot.look_ahead
        self.viewer.say("You look where you walk" if self.pilot.look_ahead else "You look where you turn")

    def next_agent(self) -> None:
        """You play the next agent; after the last one you only look on."""
        choices = [*self.session.agents, None]
        self.session.you = choices[(choices.index(self.session.you) + 1) % len(choices)]
        self.pilot.let_go()
        self._lay_fog()

    def toggle_fog(self) -> None:
        """Shows only what your team sees, or everything."""
        self.fog = not self.fog
        self._lay_fog()

    def follow(self) -> None:
        """Keeps your agent in the middle, or lets it go."""
        if self.session.you is not None:
            self.viewer.stage.select(self.session.you)
            self.viewer.stage.lens.follow()

    def show_beside(self) -> None:
        """Shows the film as it was beside, or not."""
        if self.scene.original:
            self.beside = not self.beside
        else:
            self.viewer.say("There is nothing to show beside: this episode begins here")

    def again(self) -> None:
        """Starts the scene anew; what was played is kept."""
        scene = replace(self.scene, you=self.session.you, pace=self.viewer.playback.pace, fog=self.fog)
        start_scene(self.viewer, scene)

    def back(self) -> None:
        """To the film; out, if there is none."""
        self.viewer.leave_mode()
        self.viewer.running = self.viewer.film is not None or self.viewer.message is not None

    def _lay_fog(self) -> None:
        you, hiders = self.session.you, self.session.game.slots.hiders
        team = None if you is None or not self.fog else HIDERS if you < hiders else SEEKERS
        self.viewer.stage.see_as(team)

    def _show(self) -> None:
        self.viewer.film = Film(self.session.take.film(), self.scene.name)

    def _advice(self) -> str:
        """What your hands can do."""
        session = self.session
        if session.you is None:
            return "Tab: play one of them yourself."
        slots = session.game.slots
        if session.you >= slots.hiders and session.take.played < session.take.header.preparation_ticks:
            return "Preparation: seekers cannot see or move yet."
        held, near = session.held(session.you), session.within_reach(session.you)
        if held != FREE:
            return f"You hold {thing_name(held, slots)}."
        if near == FREE:
            return "Nothing to grab: see it, and get close."
        own = 1 + (HIDERS if session.you < slots.hiders else SEEKERS)
        lock = session.lock(near)
        state = "" if not lock else ", locked by your team" if lock == own else ", locked: not yours to open"
        return f"Within reach: {thing_name(near, slots)}{state}."

    def _result(self) -> str:
        film = self.viewer.film
        if film and not film.somebody_seeks:
            return f"You were paid {film.paid[-1]:.1f}. Enter plays again."
        share = film.hidden_share[-1] if film else math.nan
        if math.isnan(share):
            return "The episode is over."
        winner = "The hiders win" if share > 0.5 else "The seekers win"
        return f"{winner}: hidden {share:.0%} of the time. Enter plays again."


def start_scene(viewer: "Viewer", scene: Scene) -> None:
    """Gets a scene ready aside, then plays it; a scene that cannot be played leaves a message."""

    def play(session: Session) -> None:
        viewer.enter(Live(viewer, scene, session))

    viewer.enter(Waiting(viewer, "Waking the teams up ...", scene.start, play))


LIVE_KEYS: tuple[Key, ...] = (
    Key("Arrows, WASD", tuple(WALK), "walk; number pad too", lambda live: live.go_on()),
    Key("Q, E", tuple(TURN), "turn left, turn right", lambda live: live.go_on()),
    Key("Space", (pygame.K_SPACE,), "grab, or let go", lambda live: live.use_hands()),
    Key("F", (pygame.K_f,), "lock", lambda live: live.lock()),
    Key("P", (pygame.K_p,), "pause, or go on", lambda live: live.pause()),
    Key("Tab", (pygame.K_TAB,), "play another, or none", lambda live: live.next_agent()),
    Key("V", (pygame.K_v,), "look where you walk", lambda live: live.look_ahead()),
    Key(
        "+",
        (pygame.K_PLUS, pygame.K_EQUALS, pygame.K_KP_PLUS),
        "faster",
        lambda live: live.viewer.playback.change_pace(1),
    ),
    Key("-", (pygame.K_MINUS, pygame.K_KP_MINUS), "slower", lambda live: live.viewer.playback.change_pace(-1)),
    Key("B", (pygame.K_b,), "as it was, beside", lambda live: live.show_beside()),
    Key("C", (pygame.K_c,), "what agents see", lambda live: live.viewer.toggle_cones()),
    Key("O", (pygame.K_o,), "only what your team sees", lambda live: live.toggle_fog()),
    Key("Z", (pygame.K_z,), "follow your agent", lambda live: live.follow()),
    Key(".", (pygame.K_PERIOD,), "zoom in", lambda live: live.viewer.zoom(1)),
    Key(",", (pygame.K_COMMA,), "zoom out", lambda live: live.viewer.zoom(-1)),
    Key("0", (pygame.K_0,), "the whole floor", lambda live: live.viewer.stage.lens.show_all()),
    Key("Enter", (pygame.K_RETURN, pygame.K_KP_ENTER), "play it again", lambda live: live.again()),
    Key("J", (pygame.K_j,), "keep it as a recording", lambda live: live.keep()),
    Key("F1, H", (pygame.K_F1, pygame.K_h), "all keys", lambda live: live.viewer.toggle_help()),
    Key("Esc", (pygame.K_ESCAPE,), "back; all is kept", lambda live: live.back()),
)
Live.keys = LIVE_KEYS
