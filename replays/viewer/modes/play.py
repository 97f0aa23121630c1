"""Playing in the window: living teams go on from a moment, and the user may be one of the agents."""

from dataclasses import replace

import pygame
from pygame import Rect

from replays.film.event_markers import LEGEND
from replays.film.film import Film
from replays.film.playback import NORMAL, Playback
from replays.session import Session
from replays.viewer.keys import Key, key_for
from replays.viewer.modes.keep import Keeper
from replays.viewer.modes.keyboard_control import TURN, WALK, KeyboardController
from replays.viewer.modes.keycard import draw_keycard, make_room
from replays.viewer.modes.mode import Mode, ModeHost, Waiting
from replays.viewer.modes.overlays import draw_banner, draw_label, draw_you, halves, veil_future
from replays.viewer.modes.play_text import advice, how_it_ended, outcome_text
from replays.viewer.modes.scene import Scene
from replays.viewer.widgets.panes import Panes
from replays.wording import agent_name
from sim.errors import UserError
from sim.layout import Slots, side_of
from sim.rules import GRAB, HIDERS, LOCK, RULES


class Live(Mode):
    """Plays a scene."""

    help_tail = "Esc goes back to the film; what was played is kept, unless a new game was left in its preparation."
    legend = LEGEND
    longest_s = 0.1
    """A stalled window does not make up for more: a person cannot steer what has already happened."""

    def __init__(self, viewer: ModeHost, scene: Scene, session: Session) -> None:
        """Goes on at once when the user only looks on; a player starts the clock with the first key."""
        super().__init__(viewer)
        self.scene, self.session, self.controller = scene, session, KeyboardController()
        self.beside = scene.beside
        self.fog = scene.fog
        self._first = session.episode.played
        self._keeper = Keeper(session.episode, scene.kept_in.resolve(), scene.stem)
        self._before = viewer.playback.pace, viewer.world_view.fog
        session.human = scene.human
        self._show()
        pace = scene.pace
        if pace is None:
            pace = NORMAL if scene.human is None else NORMAL - 1  # a person needs time to think
        ticks = session.episode.played
        viewer.playback = Playback(ticks=ticks, time=float(ticks), playing=scene.human is None, pace=pace)

    @property
    def waiting(self) -> bool:
        """The clock waits for the player's first key."""
        begun = self.session.episode.played > self._first
        return self.session.human is not None and not self.viewer.playback.playing and not begun

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

    def advance(self, seconds: float) -> None:
        playback, episode = self.viewer.playback, self.session.episode
        if not self.viewer.moving or playback.direction < 0:
            return
        until = playback.time + playback.speed * seconds / RULES.tick_s
        if episode.over or episode.played > until:
            return
        while episode.played <= until and not episode.over:
            human = self.session.human
            action = (0, 0, 0) if human is None else self.controller.action(*self.session.heading_of(human))
            self.session.step(action)
        playback.ticks = episode.played
        self._show()
        if episode.over:
            self._count_round()

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

    def leave(self) -> None:
        if self._worth_keeping:
            self.keep()
        elif not (self.waiting or self._keeper.path):
            self.viewer.say("Not kept: the game was left in its preparation")
        self.viewer.playback.pace, self.viewer.world_view.fog = self._before
        if self.scene.original:
            ticks = self.scene.original.recording.header.ticks
            self.viewer.film = self.scene.original
            self.viewer.playback = Playback(ticks=ticks, time=self.scene.tick, pace=self.viewer.playback.pace)
        elif self._keeper.path:
            self.viewer.open(self._keeper.path)
        else:
            self.viewer.film = None

    def keep(self) -> None:
        """Writes what was played, if it is not kept yet, and says where."""
        try:
            is_new = self._keeper.keep()
        except UserError as error:
            self.viewer.message = str(error)
            return
        if is_new and self._keeper.path:
            self.viewer.add(self._keeper.path)
            kept = self._keeper.path
            self.viewer.say(f"Kept as {kept.name} in {kept.parent}; the gallery shows it")

    def go_on(self) -> None:
        """Lets time pass."""
        if not self.session.episode.over:
            self.viewer.playback.playing, self.viewer.playback.direction = True, 1

    def pause(self) -> None:
        """Stops the clock, or lets it go on."""
        if self.viewer.playback.playing:
            self.viewer.playback.playing = False
        else:
            self.go_on()

    def use_hands(self, what: int) -> None:
        """Your agent grabs (or lets go, if it holds something) or locks in the next tick."""
        if self.session.human is not None:
            self.controller.hands = what
            self.go_on()

    def look_ahead(self) -> None:
        """Your agent looks where it walks, or only where you turn it."""
        self.controller.look_ahead = not self.controller.look_ahead
        self.viewer.say("You look where you walk" if self.controller.look_ahead else "You look where you turn")

    def next_agent(self) -> None:
        """You play the next agent; after the last one you only look on."""
        choices = [*self.session.agents, None]
        self.session.human = choices[(choices.index(self.session.human) + 1) % len(choices)]
        self.controller.let_go()
        self._show()

    def toggle_fog(self) -> None:
        """Shows only what your team sees, or everything."""
        self.fog = not self.fog
        self._show()

    def follow(self) -> None:
        """Keeps your agent in the middle, or lets it go."""
        if self.session.human is not None:
            self.viewer.world_view.select(self.session.human)
            self.viewer.world_view.viewport.follow()

    def show_beside(self) -> None:
        """Shows the film as it was beside, or not."""
        if self.scene.original:
            self.beside = not self.beside
        else:
            self.viewer.say("There is nothing to show beside: this episode begins here")

    def again(self) -> None:
        """Starts the scene anew; what was played is kept. A game that waits begins."""
        if self.waiting and not self.scene.original:
            self.go_on()
            return
        scene = replace(self.scene, human=self.session.human, pace=self.viewer.playback.pace, fog=self.fog)
        start_scene(self.viewer, scene)

    def back(self) -> None:
        """To the film; out, if there is none."""
        self.viewer.leave_mode()
        self.viewer.running = self.viewer.film is not None or self.viewer.message is not None

    @property
    def _worth_keeping(self) -> bool:
        """Whether something was played: of a new game, more than its preparation."""
        episode = self.session.episode
        return self.scene.original is not None or episode.played > episode.header.preparation_ticks

    @property
    def _team_in_fog(self) -> int | None:
        """The team whose view is shown; None shows everything, as at the end of the episode."""
        human = self.session.human
        if human is None or not self.fog or self.session.episode.over:
            return None
        return side_of(human, self._slots)

    @property
    def _slots(self) -> Slots:
        return self.session.game.slots

    def _places(self, panes: Panes) -> tuple[Panes, Rect | None, Rect]:
        """The viewer's panes, where the film as it was lies if it is shown beside, and the key card's place."""
        roomy, card = make_room(panes, self.beside)
        if not self.beside:
            return roomy, None, card
        left, right = halves(roomy.world)
        return roomy._replace(world=right), left, card

    def _show(self) -> None:
        team = self._team_in_fog
        self.viewer.world_view.see_as(team)
        self.viewer.film = Film(self.session.episode.film(), self.scene.name, team)

    def _count_round(self) -> None:
        film, human, score = self.viewer.film, self.session.human, self.scene.score
        if film and score and human is not None and film.has_seekers:
            score.add(film, hider=side_of(human, self._slots) == HIDERS)


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
