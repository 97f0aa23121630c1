"""An episode that is being played, and what keys do to it: living teams go on, and one agent may be the user's."""

from replays.film.film import Film
from replays.film.playback import NORMAL, Playback
from replays.session import Session
from replays.viewer.modes.keep import Keeper
from replays.viewer.modes.keyboard_control import KeyboardController
from replays.viewer.modes.mode import Mode, ModeHost
from replays.viewer.modes.scene import Scene
from sim.errors import UserError
from sim.layout import Slots, side_of
from sim.rules import HIDERS, RULES


class Playing(Mode):
    """`scene` is what is played, `session` the game with its teams, `controller` turns held keys into actions."""

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

    def _show(self) -> None:
        team = self._team_in_fog
        self.viewer.world_view.see_as(team)
        self.viewer.film = Film(self.session.episode.film(), self.scene.name, team)

    def _count_round(self) -> None:
        film, human, score = self.viewer.film, self.session.human, self.scene.score
        if film and score and human is not None and film.has_seekers:
            score.add(film, hider=side_of(human, self._slots) == HIDERS)
