"""Who takes part in a tournament: the stages of runs, and single teams, all of one world; and own policies."""

from collections.abc import Sequence
from pathlib import Path

from policies.agents.folders import checkpoints
from policies.agents.own_policy import sides_of_named
from policies.agents.players import is_own, scripted_teams, team_folder
from policies.agents.team import metadata_of
from policies.evaluation.stages import RANDOM
from policies.evaluation.tournament import Entry
from policies.learning.run_folder import trained, worlds_so_far
from replays.format.header import GOAL_MARK
from sim.errors import UserError
from sim.scenario import Scenario, scenario_from_text

World = tuple[Scenario, tuple[str, ...]]
"""A scenario, and the tools that it is played without."""


def world_of(names: Sequence[str]) -> World:
    """The world in which runs and trained teams learned; own policies play in any.

    Raises:
        UserError: there is none, they learned in several, or one cannot be read or has no checkpoint yet.
    """
    found = {_world(name) for name in names if not is_own(name)}
    if not found:
        raise UserError("name a run: a folder that hideseek train made; a tournament takes trained teams, too")
    if len(found) > 1:
        raise UserError("these were trained in different worlds; give runs and teams of one world")
    return found.pop()


def entrants(names: Sequence[str], every: int) -> tuple[list[Entry], list[Entry]]:
    """Hiders and seekers: the random team, then the named ones in order, every `every`-th checkpoint of a run.

    Raises:
        UserError: a name is no run and no team.
    """
    sides: tuple[list[Entry], list[Entry]] = ([Entry(RANDOM, RANDOM)], [Entry(RANDOM, RANDOM)])
    known = distinct(names)
    for name in known:
        if _is_run(name):
            stages = _stages(Path(name), known, every)
            for side in sides:
                side.extend(stages)
        else:
            for side in sides_of_named(name):
                sides[side].append(Entry(name, name))
    return sides


def distinct(names: Sequence[str]) -> list[str]:
    """The names without those of a run or team that was named before, however it is written.

    Raises:
        UserError: a name is no run and no team.
    """
    known: dict[tuple[Path, str], str] = {}
    for name in names:
        known.setdefault(_identity(name), name)
    return list(known.values())


def _identity(name: str) -> tuple[Path, str]:
    """The same for two names of one run, or of one team with the same goals."""
    if is_own(name) or name in scripted_teams():
        return Path(name).resolve(), ""
    _, _, goals = name.partition(GOAL_MARK)
    return (Path(name) if _is_run(name) else team_folder(name)).resolve(), goals


def _stages(run: Path, names: Sequence[str], every: int) -> list[Entry]:
    """The stages of a run that take part; named by its folder, or by its whole path if another's is named the same."""
    twins = [name for name in names if _is_run(name) and Path(name).resolve().name == run.resolve().name]
    shown = run.resolve().name if len(twins) == 1 else str(run)
    kept = checkpoints(run)
    chosen = dict.fromkeys([*kept[::every], kept[-1]])
    return [Entry(f"{shown} {int(at.name):,}", str(at / "team"), str(run), int(at.name)) for at in chosen]


def _world(name: str) -> World:
    if _is_run(name):
        config, scenario = trained(Path(name))
        return worlds_so_far(Path(name), config, scenario)[-1][1], config.without
    metadata = metadata_of(team_folder(name))
    return scenario_from_text(metadata.scenario), metadata.without


def _is_run(name: str) -> bool:
    return bool(name) and (Path(name) / "config.json").is_file()
