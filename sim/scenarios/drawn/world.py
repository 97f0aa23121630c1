"""A drawing as a scenario, as the families are; `sim.scenarios.drawn.file` reads its file."""

import dataclasses
from dataclasses import dataclass

import numpy as np

from sim.errors import UserError
from sim.layout import Layout, Slots, empty_layout
from sim.scenarios.drawn.drawing import ATTEMPTS, Drawing, in_words, placed_items, plan_of
from sim.scenarios.drawn.items import MOST_ITEMS, RoomFor
from sim.scenarios.drawn.placing import ALL_PLACED, NO_WALLS, draw_worlds
from sim.scenarios.drawn.problems import problems
from sim.scenarios.drawn.writing import to_line
from sim.scenarios.family import Family, Scenario
from sim.state import State, empty_state
from sim.tasks.kinds import HIDE_AND_SEEK


@dataclass(frozen=True)
class DrawnWorld(Drawing, Family):
    """A world that somebody drew; the shipped traps are drawn as well."""

    @property
    def task(self) -> int:
        return HIDE_AND_SEEK

    @property
    def mirrored_doors(self) -> None:
        """No mirror: its image is another world."""

    @property
    def family(self) -> str:
        """All drawn worlds are one family."""
        return "drawn"

    @property
    def option_names(self) -> tuple[str, ...]:
        """What can be changed without drawing it anew."""
        return ("ticks", "preparation_ticks", "reward")

    @property
    def with_usual_options(self) -> "DrawnWorld":
        """With the options of a file that names none."""
        usual = {field.name: field.default for field in dataclasses.fields(self) if field.name in self.option_names}
        return dataclasses.replace(self, **usual)  # type: ignore[arg-type]

    def is_akin(self, preset: Scenario) -> bool:
        """Whether options make it of a preset: they are one drawing, but for room in observations."""
        if not isinstance(preset, DrawnWorld):
            return False
        same = {"room_for": self.room_for, **self.options}
        return self.name == preset.name and self == dataclasses.replace(preset, **same)

    def short_text(self) -> str:
        """All of it in one line: nothing shorter names it where its file is not."""
        return to_line(self)

    def full_text(self) -> str:
        """All of it in one line."""
        return to_line(self)

    def place(self, seeds: np.ndarray, worlds: np.ndarray, layout: Layout, state: State) -> None:
        """Writes a fresh start into the chosen worlds; see `Scenario.place`.

        Raises:
            UserError: it has no hider or no seeker, or something in it finds no place.
        """
        self.check_sides()
        failed = draw_worlds(plan_of(self), seeds.copy(), worlds, layout, state, ATTEMPTS)
        if failed != ALL_PLACED:
            raise UserError(f"drawn world '{self.name}': {_why_not(self, failed)}")


def with_room_for(world: DrawnWorld, slots: Slots) -> DrawnWorld:
    """The world with room in observations for as many entities as a team has learned with, where it has fewer."""
    counts = {
        name: min(max(count, getattr(slots, name)), MOST_ITEMS[name]) for name, count in vars(world.room_for).items()
    }
    return dataclasses.replace(world, room_for=RoomFor(**counts))


def place(world: DrawnWorld, seed: int) -> tuple[Layout, State]:
    """One start, as a layout and a state of one world.

    Raises:
        UserError: it has no hider or no seeker, or something in it finds no place.
    """
    layout, state = empty_layout(1, world.slots), empty_state(1, world.slots)
    world.place(np.array([seed], np.uint64), np.arange(1), layout, state)
    return layout, state


def _why_not(world: Drawing, failed: int) -> str:
    """What keeps a world from being placed, in words; `failed` is what `draw_worlds` said of one start."""
    if found := problems(world):
        return found[0].text + (f", and {len(found) - 1} more" if len(found) > 1 else "")
    if failed == NO_WALLS:
        return "the walls and their doors do not fit"
    return f"{in_words(world, placed_items(world)[failed])} finds no free place"
