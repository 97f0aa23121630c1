"""`hideseek edit`: the window in which worlds are drawn."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from tyro.conf import Positional, arg

from policies.commands.places import played_folder
from policies.commands.window import has_screen
from sim.errors import UserError

if TYPE_CHECKING:
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
        from policies.playing import play_context
        from replays.viewer.app import edit
        from replays.viewer.settings import settings_in_use

        check_seed(self.seed)
        settings_in_use(self.scale)  # a size nobody could read is refused where no window opens, too
        document = document_of(self.what, self.seed)
        if not has_screen():
            document.close()
            raise UserError("there is no screen to draw on; hideseek scenarios NAME --save FILE.toml writes a world")
        edit(document, play_context(played_folder()), self.scale)
        return 0


def document_of(what: str, seed: int) -> "Document":
    """What is to be edited.

    Raises:
        UserError: the file cannot be read, the scenario is unknown, or it cannot be drawn.
    """
    from replays.viewer.edit.document import Document, document_for, last_document, open_document
    from replays.viewer.edit.new_world import first_world
    from sim.scenario import scenario_from_user
    from sim.scenarios.drawn.from_start import drawing

    path = Path(what)
    if not what:
        return last_document() or Document(first_world())
    if path.suffix == _ENDING and path.is_file():
        return open_document(path)
    if path.suffix == _ENDING and not path.exists() and path.parent.is_dir():
        return document_for(first_world(), path)
    return Document(drawing(scenario_from_user(what), what.partition(":")[0], seed))
