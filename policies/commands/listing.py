"""The verbs of the `hideseek` command that tell what there is: scenarios, teams; see `policies.commands.learner`."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from tyro.conf import Positional, arg

from policies.commands.learner import print_json

if TYPE_CHECKING:
    from sim.scenario import Scenario


@dataclass(frozen=True)
class Scenarios:
    """List the worlds, or tell of one what goes on there and what its options mean."""

    name: Annotated[Positional[str | None], arg(metavar="SCENARIO", help_behavior_hint="")] = None
    """A world, with options or without."""
    json: bool = False
    """Print JSON and nothing else."""

    def run(self) -> int:
        from sim.scenario import (
            changes_of,
            meanings_of,
            options_of,
            scenario_from_text,
            scenario_names,
            story_of,
        )

        found = {name: scenario_from_text(name) for name in ([self.name] if self.name else scenario_names())}
        if self.json:
            print_json(
                [
                    {"name": name, "options": options_of(one), "meanings": meanings_of(one), "about": story_of(one)}
                    for name, one in found.items()
                ]
            )
        elif self.name:
            _tell(found[self.name])
        else:
            width = max(map(len, found))
            for name, one in found.items():
                about, _, _ = story_of(one).partition("\n")
                print(f"{name:{width}}  {changes_of(one) or about}")
            print("\n`hideseek scenarios quadrant` says what its options mean, --scenario quadrant:boxes=2 sets them")
        return 0


@dataclass(frozen=True)
class Teams:
    """List the teams that can be named; team folders and runs can be given by their path."""

    json: bool = False
    """Print JSON and nothing else."""

    def run(self) -> int:
        from policies.agents.players import scripted_teams, shipped_teams

        found = [{"name": name, "kind": "scripted", "about": about} for name, about in scripted_teams().items()]
        found += [
            {"name": name, "kind": "shipped", "about": f"Trained in {world}"} for name, world in shipped_teams().items()
        ]
        if self.json:
            print_json(found)
            return 0
        width = max(len(team["name"]) for team in found)
        for team in found:
            print(f"{team['name']:{width}}  {team['kind']:8}  {team['about']}")
        return 0


def _tell(scenario: "Scenario") -> None:
    """A world's story, and its options each with what it means."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from sim.scenario import in_text, meanings_of, options_of, story_of

    meanings = meanings_of(scenario)
    table = Table("option", "value", "meaning", box=None, pad_edge=False, header_style="bold")
    for name, value in options_of(scenario).items():
        table.add_row(name, in_text(value), escape(meanings[name]))
    print(f"{story_of(scenario)}\n")
    Console().print(table)
