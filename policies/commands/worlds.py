"""Which world a command plays in: the one it is given, else the one that the teams it names were trained in."""

from sim.errors import UserError
from sim.scenario import Scenario, brief, scenario_from_text

_DEFAULT = "quadrant"


def chosen_scenario(asked: str | None, *teams: str) -> Scenario:
    """The scenario asked for; by default that of the first of the teams that was trained, else the default world.

    Raises:
        UserError: a text names no scenario.
    """
    own = [text for text in map(_trained_in, teams) if text is not None]
    return scenario_from_text(asked if asked is not None else own[0] if own else _DEFAULT)


def remark(scenario: Scenario, *teams: str) -> str:
    """A sentence about teams that were trained in another world than this one; empty if all were trained here."""
    foreign = {}
    for team in teams:
        text = _trained_in(team)
        if text is not None and _known(text) != scenario:
            foreign[team] = brief(text)
    return "; ".join(f"{team} was trained in another world, {text}" for team, text in foreign.items())


def _trained_in(team: str) -> str | None:
    """The scenario of a team that was trained; None for scripted teams, and for what is no team at all."""
    from policies.agents.players import team_folder

    try:
        folder = team_folder(team)
        from policies.agents.team import metadata_of  # needs torch, which scripted teams do without

        return metadata_of(folder).scenario
    except UserError:
        return None


def _known(text: str) -> Scenario | None:
    try:
        return scenario_from_text(text)
    except UserError:
        return None
