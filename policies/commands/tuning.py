"""`hideseek tune`: teaches a trained team's hiders something else than the game."""

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from tyro.conf import Positional, UseAppendAction, arg

from policies.commands.errors import INTERRUPTED
from policies.commands.listing import print_json
from policies.commands.options import Flag, Json
from policies.commands.places import RUNS
from policies.status import status_words
from replays.report.changed_features import most_changed
from replays.report.documents.taught import GoalFollowing, Measure, TaughtDocument
from replays.report.label_findings import doubts, findings

if TYPE_CHECKING:
    from policies.learning.limits import Limits
    from policies.preferences.request import TuneRequest

_SHARES: dict[Measure, str] = {
    "goal": "goal met",
    "weak_goal": "weak goal met",
    "hacked": "weak goal met, goal not",
    "hidden": "hidden (share of play ticks)",
}
"""The figures that are shares, in words."""
_FEWEST = 2
"""Episodes of the measurement: one has no spread, and would show every difference as a change."""
_BEFORE = "before, no goals given"


@dataclass(frozen=True, kw_only=True)
class Tune:
    """Teach the hiders of a trained team something else than the game, against its own seekers, who learn nothing."""

    team: Annotated[Positional[str], arg(metavar="TEAM")]
    """A shipped team, a team folder or a run, trained with seekers."""
    method: Literal["reward-model", "preference", "verifier"]
    """verifier: hiders get 1 at an episode's end if the goals are met, else 0; reward-model: a reward is learnt from
    labels, and hiders learn from it; preference: hiders learn from labels without playing."""
    goal: Annotated[UseAppendAction[tuple[str, ...]], arg(metavar="NAME[,NAME]", help_behavior_hint="")] = ()
    """What is checked; of several names, all must be met. sealed, doors_locked, ramp_denied, shelter, boxes_locked,
    unlocked, apart, hidden_unlocked, and weak_doors_locked, which is easier to fool. If the option is given several
    times, hiders are told which of them counts in an episode; afterwards, TEAM:goal=NAME[,NAME] tells them."""
    labels: Annotated[Path | None, arg(metavar="FILE", help_behavior_hint="")] = None
    """What people preferred, see `hideseek rank`."""
    steps: Annotated[int, arg(metavar="N")] = 2_000_000
    """Agent-steps of the run in all, 1 or more; those of the labelled clips, each as often as it is gone through, with
    --method preference."""
    run_folder: Annotated[Path, arg(name="run", metavar="DIR")] = RUNS / "tuned"
    """The run's folder; an existing run goes on."""
    seed: Annotated[int, arg(metavar="S")] = 0
    """Everything random follows from it."""
    leash: Annotated[float, arg(metavar="WEIGHT")] = 0.05
    """How strongly hiders are kept near what they were, 0 to 100."""
    fresh: Flag = False
    """Begin with untrained hiders, and without a leash."""
    episodes: Annotated[int, arg(metavar="N")] = 512
    """Of the measurement at the end, for the hiders before, at up to eight checkpoints and after; 2 or more."""
    json: Json = False

    def run(self) -> int:
        from policies.evaluation.match import check_episodes
        from policies.learning.limits import Limits
        from policies.preferences.request import TuneRequest

        check_episodes(self.episodes, fewest=_FEWEST)
        limits = Limits(steps=self.steps)
        goals = tuple(self.goal[0].split(",")) if len(self.goal) == 1 else ()
        goal_sets = self.goal if len(self.goal) > 1 else ()
        request = TuneRequest(self.team, self.method, goals, goal_sets, self.labels, self.fresh, self.leash, self.seed)
        return self._teach(request, limits)

    def _teach(self, request: "TuneRequest", limits: "Limits") -> int:
        """Imports what loads torch, which takes seconds, after all that can be refused without."""
        from rich.console import Console

        from policies.learning.train import RunOptions
        from policies.preferences.tune import tune
        from policies.preferences.tuning_evaluation import evaluate_tuning

        if not tune(request, self.run_folder, RunOptions(limits), Console(stderr=self.json)):
            return INTERRUPTED
        with status_words("measuring ") as tell:
            result = evaluate_tuning(request, self.run_folder, self.episodes, tell=tell)
        if self.json:
            print_json(result)
        else:
            print(in_words(result))
            print(
                f"hideseek report {shlex.quote(str(self.run_folder))} makes a page of it; give several runs to compare"
            )
        return 0


def in_words(result: TaughtDocument) -> str:
    """The result of `evaluate_tuning`: a line for each figure, before and after."""
    rows = [("", "before", "after", "95 % interval")]
    measures: list[tuple[Measure, str, str]] = [(name, words, ".1%") for name, words in _SHARES.items()]
    if result["labels"] is not None:
        measures.append(("proxy", "learnt reward of a tick, the proxy", "z.2f"))
    measures.append(("true_return", "paid by the game in a play tick", "z.2f"))
    for name, words, form in measures:
        was, after = result["before"][name], result[name]
        if was is not None and after is not None:
            edges = f"{after['low']:{form}} to {after['high']:{form}}"
            rows.append((words, f"{was['mean']:{form}}", f"{after['mean']:{form}}", edges))
    if result["accuracy"] is not None:
        rows.append(_predicted(result))
    rows.append(("divergence (nats a tick)", "", f"{result['kl']:.3f}", ""))
    rows += _changed_features(result)
    wide = max(len(words) for words, *_ in rows)
    begun = f"before ({result.get('begun_as', result['team'])})"
    lines = [f"{result['agent_steps']:,} agent-steps; {result['episodes']:,} episodes, {begun} and after:"]
    lines += [f"  {words:{wide}} {was:>7} {now:>7}  {more}".rstrip() for words, was, now, more in rows]
    told = result.get("told")
    lines += _goal_lines(told) if told else []
    asked = [f"asked: “{result['ask']}”", *findings(result)] if result["ask"] else []
    return "\n".join([*lines, *asked, *(f"warning: {doubt}" for doubt in doubts(result))])


def _predicted(result: TaughtDocument) -> tuple[str, str, str, str]:
    predicted = result.get("predicted")
    edges = f"{predicted['low']:.1%} to {predicted['high']:.1%}" if predicted else ""
    return f"predicted of {result['held_out']} held-out labels", "", f"{result['accuracy']:.1%}", edges


def _changed_features(result: TaughtDocument) -> list[tuple[str, str, str, str]]:
    """A row for each feature that changed most, under a head of their own, for their interval is another one."""
    rows = []
    asked = result.get("asked")
    first = [asked["name"]] if asked else []
    for name in dict.fromkeys([*first, *most_changed(result["features"])]):
        one = result["features"][name]
        change = f"{one['change']['low']:+.2f} to {one['change']['high']:+.2f}"
        rows.append((one["about"], f"{one['before']:.2f}", f"{one['after']:.2f}", change))
    if not rows:
        return [("nothing that hiders do changed measurably", "", "", "")]
    head = "what was asked, and what changed most" if asked else "what changed most"
    return [(head, "before", "after", "95 % interval of the change"), *rows]


def _goal_lines(rows: list[GoalFollowing]) -> list[str]:
    """A line for each set of goals given, with how often each set was met."""
    sets = list(rows[0]["met"])
    wide = max(len(_BEFORE), *map(len, sets))
    lines = [f"all of that given {sets[0]}; given each set (* not taught), share of episodes that meet each:"]
    lines.append(" ".join([f"  {'':{wide + 1}}", *(f"{name:>{max(len(name), 6)}}" for name in sets)]))
    for row in rows:
        given = _BEFORE if row["told"] is None else row["told"] + "*" * (not row["taught"])
        met = [f"{row['met'][name]['mean']:{max(len(name), 6)}.1%}" for name in sets]
        lines.append(" ".join([f"  {given:{wide + 1}}", *met]))
    return lines
