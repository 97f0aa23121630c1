"""Clips side by side, looping in step, and a question about them; each answer is kept at once."""

from functools import lru_cache

import pygame

from replays.film.film import Film
from replays.film.playback import Playback
from replays.questions import Choice, Clip, Label, Question, recording_of
from replays.viewer.rank.keys import HELP_TAIL, RANK_KEYS, words_of
from replays.viewer.rank.layout import Parts, buttons_in, parts_of
from replays.viewer.rank.ranking import Ranking
from replays.viewer.rank.view import (
    PANE_HEADER,
    Pane,
    Shown,
    draw_buttons,
    draw_header,
    draw_pane,
    draw_time,
    draw_tip,
    shared_focus,
)
from replays.viewer.screen import ScreenBase
from replays.viewer.widgets.pages import draw_message
from replays.viewer.widgets.theme import px
from sim.errors import UserError

_HOLD_TICKS = 4
"""How long the clips rest on their last tick before they begin again."""
_LEAST_LOOK_S = 0.4
"""An answer that comes sooner was meant for the pair before, or a key that bounced: it does not count."""

_END = "All {kind} are answered. Page up goes through the answers; another --seed brings new ones."
_VOTES: dict[Choice, Choice] = {"left": "yes", "right": "no", "equal": "unsure", "skip": "unsure"}
"""What the keys say to a statement."""


class RankScreen(ScreenBase):
    """A screen; `question` is what is asked (None when all is labelled), `reviewed` the label that is looked at."""

    keys = RANK_KEYS
    help_tail = HELP_TAIL
    title = "Ranking - hideseek"

    def __init__(self, ranking: Ranking, size: tuple[int, int]) -> None:
        super().__init__()
        self.ranking = ranking
        self.size = size
        self.question: Question | None = None
        self.reviewed: Label | None = None
        self.playback = Playback(ticks=1)
        self.seconds = 0.0
        """How long the clips have been looked at."""
        self.shown = Shown()
        self._note = ""
        self._progress: list[str] = []
        self._films: list[Film] = []
        self._ask_next()

    @property
    def moving(self) -> bool:
        """Whether the picture changes by itself."""
        return self.playback.playing and bool(self._films) and not self.help and not self.message

    @property
    def parts(self) -> Parts:
        """Where everything lies."""
        return parts_of(self.size, px(PANE_HEADER), 1 if self.shown_question and self.shown_question.statement else 2)

    @property
    def shown_question(self) -> Question | None:
        """What is looked at: the question of a label, or what is asked."""
        return self.reviewed.question if self.reviewed else self.question

    def answer(self, choice: Choice) -> None:
        """Keeps an answer: a new label, or another answer for the one that is looked at."""
        if not self._films or self.seconds < _LEAST_LOOK_S:
            return
        if self.shown_question and self.shown_question.statement:
            choice = _VOTES[choice]
        try:
            if self.reviewed:
                place = self.ranking.labels.index(self.reviewed)
                self.ranking.change(self.reviewed, choice, self.seconds)
                self.reviewed = self.ranking.labels[place]
                self._note, self._progress = f"changed to {choice}", self._count()
            elif self.question:
                self.ranking.answer(self.question, choice, self.seconds)
                self._note = f"kept: {choice}"
                self._ask_next()
        except UserError as error:
            self.tell(str(error))

    def undo(self) -> None:
        """Takes the last answer or change back."""
        try:
            undone = self.ranking.undo()
        except UserError as error:
            self.tell(str(error))
            return
        self._note = f"taken back: {undone.choice}" if undone else "there is no answer to take back"
        if undone:
            self._ask_next()

    def review(self, steps: int) -> None:
        """Goes to an earlier or later label; after the last one to what is asked next."""
        labels = self.ranking.labels
        place = labels.index(self.reviewed) if self.reviewed else len(labels)
        place = max(place + steps, 0)
        if place >= len(labels):
            if self.reviewed:
                self._ask_next()
            return
        self.reviewed, self._note = labels[place], ""
        self._show()

    def switch(self) -> None:
        """Asks about groups instead of pairs, then votes, then pairs again."""
        before = self.ranking.kind
        self.ranking.switch()
        kind = self.ranking.kind
        self._note = f"there are only {kind} here" if kind == before else f"{kind} from now on"
        self._ask_next()

    def from_start(self) -> None:
        """Plays all clips from their first tick."""
        self.playback.seek(0)
        self.playback.playing = True

    def toggle(self, what: str) -> None:
        """Shows or hides cones, sight lines or trails."""
        self.shown = self.shown._replace(**{what: not getattr(self.shown, what)})

    def step_back(self) -> bool:
        """Leaves the review."""
        if self.reviewed is None:
            return False
        self._note = ""
        self._ask_next()
        return True

    def advance(self, seconds: float) -> None:
        """Lets real time pass; while the help page or a message covers the clips, it does not count."""
        if not self._films or self.help or self.message:
            return
        self.seconds += seconds
        if self.playback.playing:
            self.playback.advance(seconds)
            self.stale = True

    def press(self, place: tuple[int, int]) -> None:
        """Does what a button does, or chooses a clip."""
        for button in buttons_in(self.parts.buttons):
            if button.area.collidepoint(place):
                button.key.action(self)
                return
        if len(self.parts.panes) == 2:
            for side, area in zip(("left", "right"), self.parts.panes, strict=True):
                if area.collidepoint(place):
                    self.answer(side)

    def move_mouse(self, before: tuple[int, int] | None, place: tuple[int, int]) -> bool:
        """Follows the mouse over clips and buttons."""
        return True

    def draw_content(self, surface: pygame.Surface) -> None:
        """Draws what is asked, the clips, their time and the buttons."""
        parts, at = self.parts, None if self.help else self.pointer
        question = self.shown_question
        statement = question.statement if question else None
        ask = f"{statement.text}. More of that?" if statement else self.ranking.ask
        draw_header(surface, parts.header, ask, self._words)
        if self._films and question:
            self._draw_clips(surface, question, at)
        else:
            draw_message(surface, parts.panes[0].unionall(parts.panes), _END.format(kind=self.ranking.kind), foot="")
        row = buttons_in(parts.buttons)
        kind = question.kind if question else self.ranking.kind
        words = words_of(kind, self.ranking.next_kind)
        draw_buttons(surface, row, words, self.reviewed.choice if self.reviewed else None, at)
        if at:
            draw_tip(surface, row, at)

    @property
    def _words(self) -> str:
        """What was just done, how far the labelling is, and how steady; the first parts are the most important ones."""
        parts = [self._note, *self._progress] if self._note else self._progress
        return " · ".join([*parts, f"plays at {self.playback.speed_text()}"])

    def _count(self) -> list[str]:
        """The progress, the time per label and the agreement with oneself in words."""
        ranking = self.ranking
        count, agreement = len(ranking.labels), ranking.agreement
        parts = [f"{count} label{'s' * (count != 1)}, {ranking.left_count} {ranking.kind} left"]
        if self.reviewed:
            place = ranking.labels.index(self.reviewed) + 1
            parts = [f"answer {place} of {count}: {self.reviewed.choice}", "another answer changes it"]
        elif not count:
            parts = ["answer with the arrow keys or a click", *parts]
        if ranking.chosen and not self.reviewed:
            parts.append("your answers leave this open")
        if ranking.seconds is not None:
            parts.append(f"{ranking.seconds:.1f} s for a label")
        if agreement.repeats:
            parts.append(f"the same answer in {agreement.same} of {agreement.repeats} repeats")
        return parts

    def _ask_next(self) -> None:
        """Shows what is asked next."""
        self.reviewed, self.question = None, self.ranking.next()
        self._show()

    def _show(self) -> None:
        """Shows the clips of what is asked or looked at, from their start."""
        self.seconds, self._films, self._progress, self.stale = 0.0, [], self._count(), True
        if (question := self.shown_question) is None:
            return
        try:
            self._films = [_film(clip) for clip in question.clips]
        except UserError as error:
            self.tell(str(error))
            return
        ticks = max(clip.ticks for clip in question.clips) + _HOLD_TICKS
        self.playback = Playback(ticks, playing=True, pace=self.playback.pace, loop=(0, ticks))

    def _draw_clips(self, surface: pygame.Surface, question: Question, at: tuple[int, int] | None) -> None:
        parts, choice = self.parts, self.reviewed.choice if self.reviewed else None
        focus, ticks = shared_focus(self._films), self.playback.ticks - _HOLD_TICKS
        names = (f"Examples. {self.ranking.ask}",) if question.statement else ("Left", "Right")
        films = tuple(self._films[: len(question.left)]), tuple(self._films[len(question.left) :])
        for name, area, clips, shown in zip(names, parts.panes, (question.left, question.right), films, strict=False):
            warm = len(names) == 2 and at is not None and area.collidepoint(at)
            pane = Pane(area, name, clips, shown, name.lower() == choice, warm)
            draw_pane(surface, pane, self.playback.time, focus, self.shown)
        draw_time(surface, parts.bar, min(self.playback.time / ticks, 1.0))


@lru_cache(maxsize=32)
def _film(clip: Clip) -> Film:
    return Film(recording_of(clip), clip.path.name)
