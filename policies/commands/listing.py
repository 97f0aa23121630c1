"""`hideseek scenarios`, `teams`, `presets` and `keys`: what there is, and what it means."""

import json
import typing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from tyro.conf import Positional, arg

from policies.commands.options import Json
from policies.commands.terminal import hanging, paragraphs
from sim.errors import UserError

if TYPE_CHECKING:
    from sim.scenario import Scenario

_ABOUT_OPTIONS = "`hideseek scenarios quadrant` says what its options mean, --scenario quadrant:boxes=2 sets them"
_ABOUT_SHIFTS = "Shifts, of worlds of hide-and-seek: --shift no-seekers, or quadrant+no-seekers as a scenario"
_ABOUT_TEAMS = "A run, a team folder or path/to/own.py:make can be given too; the last one runs your file's code"


@dataclass(frozen=True)
class Scenarios:
    """List the worlds, or tell of one what goes on there and what its options mean."""

    name: Annotated[Positional[str | None], arg(metavar="[SCENARIO]", help_behavior_hint="")] = None
    """A world, with options or without, or the file of a drawn one."""
    save: Annotated[Path | None, arg(metavar="FILE.toml", help_behavior_hint="")] = None
    """Write the world as a drawing to change: all of a drawn world, one start of any other."""
    picture: Annotated[Path | None, arg(metavar="FILE.png", help_behavior_hint="")] = None
    """Draw one start of every world, or of every shift of the one that is named."""
    seed: int = 0
    """The start that --save writes and --picture draws."""
    json: Json = False

    def run(self) -> int:
        from sim.scenario import (
            changes_of,
            meanings_of,
            options_of,
            scenario_from_user,
            scenario_names,
            story_of,
        )
        from sim.shifts.shifted import all_shifts

        names = scenario_names() if self.name is None else [self.name]
        found = {name: scenario_from_user(name) for name in names}
        if self.save is not None:
            _save(found, self.save, self.seed)
        if self.picture is not None:
            _draw(found, self.picture, self.seed)
        if self.save or self.picture:
            return 0
        if self.json:
            print_json(
                [
                    {"name": name, "options": options_of(one), "meanings": meanings_of(one), "about": story_of(one)}
                    for name, one in found.items()
                ]
            )
        elif self.name is not None:
            _tell(found[self.name])
        else:
            width = max(map(len, found))
            for name, one in found.items():
                about, _, _ = story_of(one).partition("\n")
                print(hanging(f"{name:{width}}  {changes_of(one) or about}", width + 2))
            print(f"\n{hanging(_ABOUT_OPTIONS, 0)}\n\n{hanging(_ABOUT_SHIFTS, 0)}")
            for name, shift in all_shifts().items():
                print(hanging(f"{name:{width}}  {shift.about}", width + 2))
        return 0


def _save(found: "dict[str, Scenario]", path: Path, seed: int) -> None:
    """Writes the one world that was named as a drawing; a file that exists stays."""
    from policies.agents.players import check_seed
    from replays.format.archive import replacing
    from sim.scenarios.drawn.file import name_of
    from sim.scenarios.drawn.from_start import drawing
    from sim.scenarios.drawn.writing import text

    if len(found) != 1:
        raise UserError("--save writes one world; name it, see `hideseek scenarios`")
    if path.suffix != ".toml":
        raise UserError(f"{path} does not end in .toml, as drawn worlds do; choose another --save")
    if path.exists():
        raise UserError(f"{path} exists; choose another --save")
    check_seed(seed)
    (scenario,) = found.values()
    world = drawing(scenario, name_of(path), seed)
    with replacing(path) as file:
        file.write(text(world).encode())
    print(f"{path}: {world.story.splitlines()[-1]}")


def _draw(found: "dict[str, Scenario]", path: Path, seed: int) -> None:
    """Draws every world, or every shift of the only one."""
    import pygame

    from policies.agents.players import check_seed
    from replays.format.archive import replacing
    from sim.render.sheet import draw_sheet

    if path.suffix != ".png":
        raise UserError(f"{path} does not end in .png; choose another --picture")
    check_seed(seed)
    worlds = _shifts_of(*found.values()) if len(found) == 1 else found
    if not worlds:
        raise UserError(f"no shift suits {next(iter(found))}; name another world for --picture, or none for all")
    with replacing(path) as file:
        pygame.image.save(draw_sheet(worlds, seed), file, "sheet.png")
    print(path)


def _shifts_of(scenario: "Scenario") -> "dict[str, Scenario]":
    """A world with each shift; one that does not suit it is shown in the first world of its family that it suits."""
    from contextlib import suppress

    from sim.scenario import scenario_from_text, scenario_names, shifted, unshifted
    from sim.shifts.shifted import all_shifts

    world = unshifted(scenario)
    kin = [one for one in map(scenario_from_text, scenario_names()) if world.is_akin(one)]
    found: dict[str, Scenario] = {}
    for name in all_shifts():
        for one in (scenario, *kin):
            with suppress(UserError):
                found.setdefault(name, shifted(one, [name]))
    return found


@dataclass(frozen=True)
class Teams:
    """List the teams that can be named; team folders and runs can be given by their path."""

    json: Json = False

    def run(self) -> int:
        from policies.agents.players import scripted_teams, shipped_goals, shipped_teams

        found = [{"name": name, "kind": "scripted", "about": about} for name, about in scripted_teams().items()]
        for name, world in shipped_teams().items():
            goals = shipped_goals(name)
            goal_text = f"; {name}:goal={goals[0]} gives it a goal, one of {', '.join(goals)}" if goals else ""
            found.append({"name": name, "kind": "shipped", "about": f"Trained in {world}{goal_text}"})
        if self.json:
            print_json(found)
            return 0
        width = max(len(team["name"]) for team in found)
        for team in found:
            print(hanging(f"{team['name']:{width}}  {team['kind']:8}  {team['about']}", width + 12))
        print(f"\n{hanging(_ABOUT_TEAMS, 0)}")
        return 0


def _tell(scenario: "Scenario") -> None:
    """A world's story, and its options each with what it means."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from sim.scenario import meanings_of, options_of
    from sim.scenarios.family import in_text

    meanings = meanings_of(scenario)
    table = Table("option", "value", "meaning", box=None, pad_edge=False, header_style="bold")
    for name, value in options_of(scenario).items():
        table.add_row(name, in_text(value), escape(" ".join(filter(None, (meanings[name], _choices(scenario, name))))))
    print(f"{paragraphs(_story(scenario))}\n")
    Console().print(table)


def _choices(scenario: "Scenario", option: str) -> str:
    """The values of an option that takes one of a few words."""
    from sim.scenario import unshifted

    kind = typing.get_type_hints(type(unshifted(scenario)))[option]
    return f"One of {', '.join(typing.get_args(kind))}." if typing.get_origin(kind) is Literal else ""


def _story(scenario: "Scenario") -> str:
    """What goes on in a world; a drawn one that asks nothing is said to be drawn."""
    from sim.scenario import story_of, unshifted
    from sim.scenarios.drawn.world import DrawnWorld

    story, base = story_of(scenario), unshifted(scenario)
    if isinstance(base, DrawnWorld) and not base.question:
        return story.replace(base.name, f"{base.name}, a drawn world; its file has no question", 1)
    return story


@dataclass(frozen=True)
class Presets:
    """Explain the learner's numbers, which `train --set NAME=VALUE` changes, and what each preset gives them."""

    json: Json = False

    def run(self) -> int:
        from policies.learning.config import PRESETS, SETTABLE, TrainConfig, setting_text
        from sim.fields import field_docs

        docs = field_docs(TrainConfig)
        values = {name: {field: getattr(preset, field) for field in SETTABLE} for name, preset in PRESETS.items()}
        if self.json:
            print_json([{"name": field, "about": docs[field], **_of_all(values, field)} for field in SETTABLE])
            return 0
        first, *others = PRESETS
        for field in SETTABLE:
            shown = {name: setting_text(value) for name, value in _of_all(values, field).items()}
            differing = [f"{name} {shown[name]}" for name in others if shown[name] != shown[first]]
            also = f" ({', '.join(differing)})" if differing else ""
            print(hanging(f"{field}={shown[first]}{also}", 4))
            print(hanging(f"    {docs[field]}", 4, most=80))
        return 0


def _of_all(values: dict[str, dict[str, object]], field: str) -> dict[str, object]:
    return {name: fields[field] for name, fields in values.items()}


@dataclass(frozen=True)
class Keys:
    """List the keys of the window; F1 shows those of the screen you are on."""

    def run(self) -> int:
        from replays.viewer.key_tables import KEY_TABLES

        for number, (title, keys) in enumerate(KEY_TABLES.items()):
            print(f"{chr(10) if number else ''}{title}")
            width = max(len(key.name) for key in keys)
            for key in keys:
                print(hanging(f"    {key.name:<{width}}  {key.help}", width + 6))
        return 0


def print_json(value: object) -> None:
    """For the next program."""
    print(json.dumps(value, indent=2))
