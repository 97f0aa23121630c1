"""`hideseek edit`: the window in which worlds are drawn."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from tyro.conf import Positional, arg

from policies.commands.places import played_folder
from policies.commands.window import has_screen
from sim.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable

    from replays.viewer.edit.document import Document

_ENDING = ".toml"


@dataclass(frozen=True)
class Edit:
    """Draw a world in a window, and let teams play in it at once."""

    what: Annotated[Positional[str], arg(metavar="[SCENARIO|FILE.toml]", help_behavior_hint="")] = ""
    """A drawn world, or a file to write; or a scenario, one start of which is drawn. By default the last world that was
    not saved, else a small room."""
    seed: int = 0
    """The start of a scenario that is drawn."""
    scale: Annotated[float | None, arg(metavar="X", help_behavior_hint="")] = None
    """Size of letters and buttons, 0.5 to 4, such as 2 for a dense screen; remembered."""

    def run(self) -> int:
        from policies.agents.players import check_seed
        from policies.window.playing import play_context
        from replays.viewer.app import edit
        from replays.viewer.settings import settings_in_use

        check_seed(self.seed)
        settings_in_use(self.scale)  # a size nobody could read is refused where no window opens, too
        begin = beginning(self.what, self.seed)
        if not has_screen():
            raise UserError("there is no screen to draw on; hideseek scenarios NAME --save FILE.toml writes a world")
        edit(begin(), play_context(played_folder()), self.scale)
        return 0


def beginning(what: str, seed: int) -> "Callable[[], Document]":
    """Makes what is to be edited; placing the start of a scenario may take a while.

    Raises:
        UserError: the file cannot be read, or the scenario is unknown; when called, that it cannot be drawn.
    """
    from replays.viewer.edit.document import Document, document_for, last_document, open_document
    from replays.viewer.edit.new_world import first_world
    from sim.scenario import scenario_from_user
    from sim.scenarios.drawn.file import name_of
    from sim.scenarios.drawn.from_start import drawing

    path = Path(what)
    if not what:
        return lambda: last_document() or Document(first_world())
    if path.suffix == _ENDING and path.is_file():
        document = open_document(path)
        return lambda: document
    if path.suffix == _ENDING and not path.exists() and path.parent.is_dir():
        return lambda: document_for(first_world(), path)
    scenario = scenario_from_user(what)
    return lambda: Document(drawing(scenario, name_of(Path(what.partition(":")[0])), seed))
