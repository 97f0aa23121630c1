"""Options that several commands have in common."""

from typing import Annotated, TypeAlias

from tyro.conf import UseAppendAction, arg

from sim.tools import TOOLS, Tool

Tools: TypeAlias = Annotated[UseAppendAction[tuple[Tool, ...]], arg(metavar="|".join(TOOLS))]
"""Tools to take away; the option may be repeated."""

Shifts: TypeAlias = Annotated[UseAppendAction[tuple[str, ...]], arg(metavar="NAME")]
"""Shifts of the world; the option may be repeated."""

ScenarioName: TypeAlias = Annotated[str | None, arg(metavar="S", help_behavior_hint="")]
TeamName: TypeAlias = Annotated[str | None, arg(metavar="TEAM", help_behavior_hint="")]
Flag: TypeAlias = Annotated[bool, arg(help_behavior_hint="")]
Json: TypeAlias = Annotated[bool, arg(help="Print JSON and nothing else.", help_behavior_hint="")]
