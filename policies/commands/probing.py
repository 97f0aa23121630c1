"""`hideseek probe`: what a team wants, seen in worlds that it was not trained in."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from tyro.conf import Positional, UseAppendAction, arg

from policies.choices import choices
from policies.commands.listing import print_json
from policies.commands.options import Flag, Json, ScenarioName, TeamName
from policies.commands.places import RUNS
from policies.commands.reporting import check_page
from policies.commands.worlds import chosen_scenario
from policies.status import status_words
from sim.errors import UserError

_FEWEST, _QUICK, _MOST = 2, 128, 20_000
"""Episodes. One has no spread, and intervals are made of it. More than _MOST narrow no interval that matters, and their
resamples take much memory."""

if TYPE_CHECKING:
    from policies.probes.subject import Subject


@dataclass(frozen=True, kw_only=True)
class Probe:
    """Let a team's hiders play in worlds that they were not trained in: do they want what they were paid for?"""

    team: Annotated[Positional[str], arg(metavar="TEAM")]
    """A shipped or scripted team, a team folder, a run, or own.py:make, which runs that file. Nobody has
    a tool that the team or its seekers were trained without."""
    probe: Annotated[UseAppendAction[tuple[str, ...]], arg(metavar="NAME")] = ()
    """A shift, see `hideseek scenarios`; all that suit the team's world by default."""
    scenario: ScenarioName = None
    """The world in which it was trained; by default what the team says, else quadrant."""
    seekers: TeamName = None
    """The team that seeks, in all worlds; by default the team's own, else chaser."""
    episodes: int = 2000
    """Of each team in each world, 2 to 20000."""
    seed: int = 0
    """Starts and sampled actions follow from it."""
    quick: Flag = False
    """Play 128 episodes only: wider intervals."""
    experts: Annotated[Path, arg(metavar="DIR")] = RUNS / "experts"
    """Folder of the runs that are trained in shifted worlds; each is trained once."""
    expert_steps: Annotated[int, arg(metavar="N")] = 4_000_000
    """Agent-steps of training of each expert; with 0 none is trained, and those that are there are taken."""
    every: Annotated[int | None, arg(metavar="N", help_behavior_hint="")] = None
    """Also probe every Nth checkpoint of a run: the report then says when goals came."""
    to: Annotated[Path | None, arg(metavar="FILE", help_behavior_hint="")] = None
    """A page with the table and the worst cases as replays; beside it the linear probes, FILE with .safetensors."""
    json: Json = False

    def run(self) -> int:
        self._check()
        from rich.console import Console

        from policies.learning.warm_up import warm_up
        from policies.probes.experts import Experts
        from policies.probes.linear_probes import save_probes
        from policies.probes.over_training import FILE, over_training, save_stages
        from policies.probes.probe import clips, probe
        from policies.probes.readings import show_in_films
        from policies.probes.subject import suitable_shifts
        from policies.probes.table import aims_table, inside_table, table
        from replays.report.page import write
        from replays.report.probe_page import answer, probe_page
        from sim.scenario import scenario_text, shifted

        subject = self._subject()
        names = list(dict.fromkeys(self.probe)) or suitable_shifts(subject)
        if not names:
            raise UserError(f"no shift suits {scenario_text(subject.scenario)}; choose another --scenario")
        for world in (subject.scenario, *(shifted(subject.scenario, [name]) for name in names)):
            warm_up(world)
        with status_words() as tell:
            found = probe(subject, names, Experts(self.experts, self.expert_steps), tell)
            if self.every:
                stages = over_training(subject, Path(self.team), self.every, names, tell)
                found.data["over_training"] = stages
                save_stages(Path(self.team), stages)
            if self.to:
                tell("worst cases")
                write(probe_page(found.data, clips(subject, found)), self.to)
            if self.to and found.inside.probes:
                save_probes(found.inside, {"team": self.team}, self.to.with_suffix(".safetensors"))
            elif self.to:  # those of an earlier page would be taken for this one's
                self.to.with_suffix(".safetensors").unlink(missing_ok=True)
        if self.json:
            print_json(found.data)
            show_in_films(subject, found.inside)
            return 0
        tables = [table(found.data), aims_table(found.data)]
        if found.data["linear_probes"]:
            tables.append(inside_table(found.data))
        Console().print(*answer(found.data), "", *tables, sep="\n")
        if show_in_films(subject, found.inside):  # after the tables: if it fails, the results have been printed
            print(f"films of the hiders of {self.team} now show what the probes read: select one of them (Tab)")
        if self.every:
            print(f"{FILE} in {self.team} keeps what its checkpoints want; hideseek report {self.team} shows it")
        if self.to:
            print(self.to.resolve())
        return 0

    def _check(self) -> None:
        """Raises UserError for options that cannot be; without torch, which takes seconds to load."""
        from policies.agents.folders import checkpoints
        from policies.evaluation.match import check_episodes
        from sim.shifts.shifted import all_shifts

        check_episodes(self.episodes, _MOST, _FEWEST)
        if self.expert_steps < 0:
            raise UserError(f"--expert-steps {self.expert_steps} is out of range; give 0 or more")
        if self.to:
            check_page(self.to)
        for name in self.probe:
            if name not in all_shifts():
                raise UserError(f"--probe {name} is unknown; {choices(name, all_shifts())}")
        if self.every is None:
            return
        if self.every < 1:
            raise UserError(f"--every {self.every} is out of range; give 1 or more")
        if not checkpoints(Path(self.team)):
            raise UserError(f"--every needs a run, and {self.team} has no checkpoints")

    def _subject(self) -> "Subject":
        """Raises UserError if a team cannot play in the world."""
        from policies.agents.own_policy import user_player
        from policies.agents.players import tools_missing
        from policies.probes.subject import Subject
        from sim.rules import HIDERS, SEEKERS

        scenario = chosen_scenario(self.scenario, self.team)
        seekers = self.seekers or _seekers_of(self.team)
        named = (self.team, HIDERS), (seekers, SEEKERS)
        missing = tools_missing(*(user_player(name, side, scenario, self.seed) for name, side in named))
        episodes = _QUICK if self.quick else self.episodes
        return Subject(self.team, seekers, scenario, episodes, self.seed, missing)


def _seekers_of(team: str) -> str:
    """The team itself if it holds seekers, else the chaser."""
    from policies.agents.own_policy import sides_of_named
    from policies.agents.players import scripted_teams
    from sim.rules import SEEKERS

    return team if team not in scripted_teams() and SEEKERS in sides_of_named(team) else "chaser"
