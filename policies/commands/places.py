"""Folders in which commands look for files and put them."""

from pathlib import Path

import platformdirs

RUNS = Path("runs")
"""Runs of training, in the current folder."""
RECORDED = RUNS / "recorded"
"""Episodes that `hideseek record` keeps, unless another folder is named."""
GALLERY = Path(__file__).parents[2] / "replays" / "gallery"
"""Recordings that come with the package."""


def played_folder() -> Path:
    """The user's own folder for episodes that a person played or changed."""
    return platformdirs.user_data_path("hideseek", appauthor=False) / "played"


def gallery_places() -> list[Path]:
    """What the gallery shows when no folder is named."""
    return [GALLERY, RUNS, RECORDED, played_folder()]
