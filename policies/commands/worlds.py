"""Which world a command plays in: the one it is given, else the one that the teams it names were trained in."""

import dataclasses
from collections.abc import Collection
from typing import TYPE_CHECKING

from policies.agents.network_kinds import ANY_SLOTS
from sim.errors import UserError
from sim.scenario import Scenario, brief, scenario_from_text, scenario_from_user, scenario_text, unshifted
from sim.shifts.shifted import Shifted

if TYPE_CHECKING:
    from policies.agents.team_files import TeamMetadata

_DEFAULT = "quadrant"


def chosen_scenario(asked: str | None, *teams: str) -> Scenario:
    """The scenario asked for; by default that of the first of the teams that was trained, else the default world.

    Raises:
        UserError: a text names no scenario.
    """
    if asked is not None:
        return fitted(scenario_from_user(asked), *teams)
    own = [found.scenario for found in map(_metadata, teams) if found is not None]
    return scenario_from_text(own[0] if own else _DEFAULT)


def fitted(scenario: Scenario, *teams: str | None) -> Scenario:
    """A drawn world with room for as many entities as the teams have learned with; other worlds as they are.

    A team whose network takes any number of entities needs no room.
    """
    from sim.scenarios.drawn.world import DrawnWorld, with_room_for  # loads the compiler

    world = unshifted(scenario)
    if not isinstance(world, DrawnWorld):
        return scenario
    for found in filter(None, map(_metadata, filter(None, teams))):
        if found.network not in ANY_SLOTS:
            world = with_room_for(world, found.slots)
    return dataclasses.replace(scenario, base=world) if isinstance(scenario, Shifted) else world


def check_sought(scenario: Scenario) -> None:
    """Raises UserError if nobody seeks in a scenario: how long hiders stay hidden says nothing there."""
    if not scenario.slots.seekers:
        raise UserError(f"nobody seeks in {scenario_text(scenario)}; hideseek evaluate measures what is done there")


def remark(scenario: Scenario, without: Collection[str], *teams: str) -> str:
    """A sentence about teams that were trained in another world than this one, or not without the same tools.

    Empty if there are none.
    """
    from policies.learning.run_options import tools_words

    foreign = []
    for team in teams:
        if (found := _metadata(team)) is None:
            continue
        told = [f"in another world, {brief(found.scenario)}"] if _known(found.scenario) != scenario else []
        told += [tools_words(found.without)] if set(found.without) != set(without) else []
        foreign += [f"{team} was trained {', '.join(told)}"] if told else []
    return "; ".join(foreign)


def _metadata(team: str) -> "TeamMetadata | None":
    """What a team that was trained says of itself; None for scripted teams, and for what is no team at all."""
    from policies.agents.players import team_folder

    try:
        folder = team_folder(team)
        from policies.agents.team import metadata_of  # needs torch, which scripted teams do without

        return metadata_of(folder)
    except UserError:
        return None


def _known(text: str) -> Scenario | None:
    try:
        return scenario_from_text(text)
    except UserError:
        return None
