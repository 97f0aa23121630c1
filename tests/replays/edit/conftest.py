"""An editor with a small world."""

from pathlib import Path

import pytest

from replays.session import NamedTeams, PlayContext
from replays.viewer.edit.document import Document
from replays.viewer.edit.new_world import small_world
from replays.viewer.edit.screen import EditScreen
from tests.replays.acting import statues
from tests.replays.edit.drawing import Trained, load


@pytest.fixture
def context(tmp_path: Path) -> PlayContext:
    named = NamedTeams((("statues", "nobody"), ("stones",)), load, Trained, lambda *_: None)
    return PlayContext(statues, tmp_path / "played", named)


@pytest.fixture
def screen(context: PlayContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    shown = EditScreen(Document(small_world()), (1120, 800), context)
    yield shown
    shown.document.close()
