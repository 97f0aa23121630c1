"""Playing in the window: how an episode that is being played is shown, and which keys it has."""

from dataclasses import replace

import pygame
from pygame import Rect

from replays.film.event_markers import LEGEND
from replays.session import Session
from replays.viewer.keys import Key, key_for
from replays.viewer.modes.keyboard_control import TURN, WALK
from replays.viewer.modes.keycard import draw_keycard, make_room
from replays.viewer.modes.mode import ModeHost, Waiting
from replays.viewer.modes.overlays import draw_banner, draw_label, draw_you, halves, veil_future
from replays.viewer.modes.play_text import advice, how_it_ended, outcome_text
from replays.viewer.modes.playing import Playing
from replays.viewer.modes.scene import Scene
from replays.viewer.widgets.panes import Panes
from replays.wording import agent_name
from sim.layout import side_of
from sim.rules import GRAB, LOCK


class Live(Playing):
    """Shows what is played, beside the film as it was if that is wanted, and takes the keys."""

    help_tail = "Esc goes back to the film; what was played is kept, unless a new game was left in its preparation."
    legend = LEGEND

    @property
    def title(self) -> str:
        if self.session.human is None:
            return "The teams play on"
        return f"You are {agent_name(self.session.human, self._slots)}"

    @property
    def lines(self) -> list[str]:
        score = self.scene.score.text if self.scene.score else ""
        return [line for line in (advice(self.session), self.session.teams.note, score) if line]

    @property
    def result(self) -> list[str]:
        """How the episode ended, how the film did from which it goes on, and the score of the rounds."""
        film, original, score = self.viewer.film, self.scene.original, self.scene.score
        ended = [how_it_ended(film)] if film else []
        if original and (before := outcome_text(original)):
            ended.append(f"as it was: {before}")
        return [*ended, score.text] if score and score.rounds else ended

    def handle(self, event: pygame.Event) -> bool:
        if event.type == pygame.KEYUP:
            self.controller.lift(event.key)
        elif event.type == pygame.WINDOWFOCUSLOST:
            self.controller.let_go()
        elif event.type == pygame.KEYDOWN and (event.key in WALK or event.key in TURN):
            if event.mod & (pygame.KMOD_CTRL | pygame.KMOD_ALT | pygame.KMOD_META):
                return True
            self.controller.press(event.key)
        elif event.type == pygame.KEYDOWN and self.waiting and key_for(self.keys, event.key, event.mod) is None:
            self.go_on()
        return super().handle(event)

    @property
    def hint(self) -> str:
        return " ".join([self.session.teams.note, super().hint]).strip()

    def arrange(self, panes: Panes) -> Panes:
        return self._places(panes)[0]

    def card_area(self, panes: Panes) -> Rect:
        return self._places(panes)[2]

    def draw(self, surface: pygame.Surface, panes: Panes) -> None:
        arranged, original_area, card = self._places(panes)
        playback, episode = self.viewer.playback, self.session.episode
        if original_area and self.scene.original:
            self.viewer.world_view.draw(surface, original_area, self.scene.original, playback.time)
            draw_label(surface, original_area, "as it was")
            draw_label(surface, arranged.world, self.scene.name)
        you = self._draw_you(surface, arranged)
        veil_future(surface, arranged, episode.played, episode.ticks)
        if episode.over and playback.time == episode.played:
            draw_banner(surface, arranged.world, [*self.result, "Enter plays again"], you)
        elif self.waiting:
            draw_banner(surface, arranged.world, [*filter(None, ("Press a key to begin", self.scene.task))], you)
        draw_keycard(surface, card, self.title, self.lines, self.keys)

    def _draw_you(self, surface: pygame.Surface, panes: Panes) -> Rect | None:
        """Marks the agent that is played; returns what that covers."""
        film, human = self.viewer.film, self.session.human
        if human is None or film is None:
            return None
        pose = film.moment(self.viewer.playback.time).state.agents[0, human]
        surface.set_clip(panes.world)
        area = draw_you(surface, panes.world, self.viewer.camera(panes), pose, side_of(human, self._slots))
        surface.set_clip(None)
        return area

    def again(self) -> None:
        """Starts the scene anew; what was played is kept. A game that waits begins."""
        if self.waiting and not self.scene.original:
            self.go_on()
            return
        scene = replace(self.scene, human=self.session.human, pace=self.viewer.playback.pace, fog=self.fog)
        start_scene(self.viewer, scene)

    def _places(self, panes: Panes) -> tuple[Panes, Rect | None, Rect]:
        """The viewer's panes, where the film as it was lies if it is shown beside, and the key card's place."""
        roomy, card = make_room(panes, self.beside)
        if not self.beside:
            return roomy, None, card
        left, right = halves(roomy.world)
        return roomy._replace(world=right), left, card


def start_scene(viewer: ModeHost, scene: Scene) -> None:
    """Loads the teams in another thread, then plays a scene; one that cannot be played leaves a message."""

    def play(session: Session) -> None:
        viewer.enter(Live(viewer, scene, session))

    waiting = Waiting(viewer, "Loading the teams ...", scene.start, play)
    viewer.enter(waiting)
    if scene.first:
        waiting.show(scene.first, scene.tick)


LIVE_KEYS: tuple[Key, ...] = (
    Key("Arrows, WASD", tuple(WALK), "walk; number pad too", lambda live: live.go_on()),
    Key("Q, E", tuple(TURN), "turn left, turn right", lambda live: live.go_on()),
    Key("Space", (pygame.K_SPACE,), "grab, or let go", lambda live: live.use_hands(GRAB)),
    Key("F", (pygame.K_f,), "lock", lambda live: live.use_hands(LOCK)),
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
    Key("0", (pygame.K_0,), "the whole floor", lambda live: live.viewer.world_view.viewport.show_all()),
    Key("Enter", (pygame.K_RETURN, pygame.K_KP_ENTER), "play it again", lambda live: live.again()),
    Key("J", (pygame.K_j,), "keep it as a recording", lambda live: live.keep()),
    Key("F1, H", (pygame.K_F1, pygame.K_h), "all keys", lambda live: live.viewer.toggle_help()),
    Key("Esc", (pygame.K_ESCAPE,), "back; it is kept", lambda live: live.back()),
)
Live.keys = LIVE_KEYS
