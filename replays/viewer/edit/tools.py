"""What a click on the floor does."""

from enum import Enum


class Tool(Enum):
    """The tools, each with the word on its button."""

    SELECT = "Select"
    WALL = "Wall"
    DOOR = "Door"
    BOX = "Box"
    LONG_BOX = "Long box"
    RAMP = "Ramp"
    HIDER = "Hider"
    SEEKER = "Seeker"
