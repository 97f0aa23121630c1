"""What the window says where a run has nothing earlier or later to show."""

from pathlib import Path

from replays.film.facts import run_folder_of, siblings
from replays.film.units import rough_time
from replays.viewer.training.run import WatchedRun


def outside_training_text(path: Path) -> str:
    """Why a recording that is not one of a run's own has no place on the time line of training."""
    folder = run_folder_of(path)
    if folder is None:
        return "This recording does not belong to a run; open a run's folder to go through its training."
    return f"This recording belongs to a group of episodes; open {folder.name} to go through its training."


def end_of_training_text(path: Path, steps: int) -> str:
    """Why nothing earlier (negative `steps`) or later than a run's own recording can be shown yet."""
    count = len(siblings(path))
    if count > 1 and steps < 0:
        return "This is the run's first recording."
    words = "This is the run's newest recording" if count > 1 else "This run has one recording so far"
    run = WatchedRun(path.parent.parent)
    while run.look():
        pass
    if not run.is_training:
        return f"{words}, and nothing trains it now."
    left = run.seconds_to_next()
    return f"{words}; training goes on." if left is None else f"{words}; the next comes in about {rough_time(left)}."
