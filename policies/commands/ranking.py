"""`hideseek rank`: a person says which of two clips is better, again and again."""

import shlex
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from tyro.conf import Positional, arg

from policies.commands.options import ScenarioName
from policies.commands.window import has_screen
from sim.errors import UserError

if TYPE_CHECKING:
    from replays.questions import Question


@dataclass(frozen=True, kw_only=True)
class Rank:
    """Compare clips, two by two or in groups, and keep every answer at once: labels that a team can be taught by.

    A team, or a run's newest, first plays itself from a few starts, several times each; its recordings are kept in a
    folder beside the labels. The same command goes on with the labels.
    """

    what: Annotated[Positional[str], arg(metavar="RUN|TEAM|FOLDER")]
    """A run, a team folder or a shipped team; or a folder of recordings."""
    labels: Annotated[Path, arg(metavar="FILE")]
    """The file of labels, one JSON line each; only ever appended to."""
    ask: Annotated[str | None, arg(metavar="TEXT", help_behavior_hint="")] = None
    """The question, such as "Which hiders hide better together?"; a file of labels has one and keeps it."""
    scenario: ScenarioName = None
    """The world that a team plays in; by default its own."""
    seed: int = 0
    """Starts, sampled actions and sides follow from it; another one brings new pairs."""
    scale: Annotated[float | None, arg(metavar="X", help_behavior_hint="")] = None
    """Size of letters and buttons, 0.5 to 4; remembered."""

    def run(self) -> int:
        from policies.agents.players import check_seed
        from policies.preferences.query_selection import DisagreementOrder
        from replays.clip_pairs import clip_pairs
        from replays.label_writer import LabelWriter
        from replays.questions import pair
        from replays.viewer.app import NoWindow, rank
        from replays.viewer.rank.ranking import Ranking
        from replays.viewer.settings import settings_in_use

        check_seed(self.seed)
        settings_in_use(self.scale)
        if not self.labels.resolve().parent.is_dir():
            raise UserError(f"--labels {self.labels}: there is no folder {self.labels.resolve().parent}")
        ask = self._question()
        if not has_screen():
            raise UserError("there is no screen to show clips on; label where there is one")
        pairs = [pair(found.left, found.right) for found in clip_pairs(self._recordings(), self.seed)]
        questions = [*pairs, *_groups_and_votes(pairs, self.seed)]
        ranking = Ranking(ask, questions, LabelWriter(self.labels), DisagreementOrder(questions, self.seed))
        try:
            rank(ranking, self.scale)
        except NoWindow as problem:
            raise UserError(f"no window opens here ({problem.__cause__}); label where there is a screen") from None
        except KeyboardInterrupt as stopped:
            if ranking.labels:
                stopped.args = (f"{self.labels} keeps every answer",)
            raise
        finally:
            ranking.close()
        same, repeats = ranking.agreement
        again = f", the same answer in {same} of {repeats} repeats" if repeats else ""
        count = len(ranking.labels)
        print(f"{self.labels}: {count} label{'s' * (count != 1)}{again}; {ranking.left_count} {ranking.kind} left")
        team = shlex.quote(self.what) if self._is_team() else "TEAM"
        lesson = f"hideseek tune {team} --method reward-model --labels {shlex.quote(str(self.labels))}"
        print(f"{lesson} teaches hiders by them")
        return 0

    def _question(self) -> str:
        """What is asked: that of the labels, if there are any. Raises UserError if it is another or missing."""
        from replays.label_lines import clean_question
        from replays.labels import read

        asked = None if self.ask is None else clean_question(self.ask)
        labels = read(self.labels) if self.labels.exists() else []
        if labels and asked not in (None, labels[0].ask):
            raise UserError(f"{self.labels} answers '{labels[0].ask}'; choose another --labels for another --ask")
        if labels:
            return labels[0].ask
        if asked is None:
            raise UserError('--ask is missing; give a question such as --ask "Which hiders hide better together?"')
        return asked

    def _is_team(self) -> bool:
        """Whether it is a team's or a run's name, and no mere folder of recordings."""
        from policies.agents.folders import checkpoints
        from policies.agents.players import shipped_teams

        place = Path(self.what)
        return self.what in shipped_teams() or (place / "team.json").is_file() or bool(checkpoints(place))

    def _recordings(self) -> list[Path]:
        """Those of a folder, or those of a team, which it plays now."""
        from policies.agents.players import player
        from policies.commands.worlds import chosen_scenario
        from policies.evaluation.samplings import record_samplings
        from policies.learning.warm_up import warm_up
        from replays.film.facts import recordings_in
        from sim.rules import HIDERS

        if not self._is_team() and Path(self.what).is_dir():
            return recordings_in(Path(self.what))
        scenario = chosen_scenario(self.scenario, self.what)
        folder = self.labels.with_name(f"{self.labels.stem}-clips")
        player(self.what, HIDERS, scenario, self.seed)  # who cannot play here is refused before anything is compiled
        warm_up(scenario)
        return record_samplings(self.what, scenario, self.seed, folder, lambda words: print(words, file=sys.stderr))


def _groups_and_votes(pairs: list["Question"], seed: int) -> list["Question"]:
    """Groups and votes; none without scikit-learn."""
    with suppress(ModuleNotFoundError):
        from policies.preferences.groups_and_votes import groups_and_votes

        return groups_and_votes(pairs, seed)
    return []
