"""Episodes that were played are kept as recordings."""

from pathlib import Path

from replays.format.archive import free_path
from replays.format.recording import write
from replays.live_episode import LiveEpisode
from sim.errors import UserError


class Keeper:
    """Writes an episode that is being played into a folder; `path` is its newest file, if there is one."""

    def __init__(self, episode: LiveEpisode, folder: Path, stem: str) -> None:
        """Files are named after `stem`; what was played before now is in another file already."""
        self.path: Path | None = None
        self._episode, self._folder, self._stem = episode, folder, stem
        self._kept = episode.played

    def keep(self) -> bool:
        """Writes what was played so far as a new file; returns False if it was written before.

        Raises:
            UserError: it cannot be written.
        """
        if self._episode.played == self._kept:
            return False
        self.path, self._kept = keep_episode(self._episode, self._folder, self._stem), self._episode.played
        return True


def keep_episode(episode: LiveEpisode, folder: Path, stem: str) -> Path:
    """Writes what was played so far as a new file of a folder; returns its path.

    Raises:
        UserError: it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise UserError(f"{folder}: cannot be made a folder ({problem.strerror}); nothing is kept") from problem
    path = free_path(folder, f"{stem}-played", ".npz")
    try:
        write(episode.recording(), path)
    except (UserError, ValueError, OSError) as error:  # a forged world may reach states that no file may hold
        raise UserError(f"nothing is kept: {error}") from error
    return path
