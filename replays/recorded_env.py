"""Records what one's own PettingZoo loop plays; `hideseek watch FOLDER` shows it.

from replays.recorded_env import RecordedEnv

env = RecordedEnv(parallel_env("quadrant"), Path("runs/mine"), hiders="mine", seekers="mine")
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from pettingzoo.utils.wrappers import BaseParallelWrapper

from replays.annotate import with_strategies
from replays.format.recording import Recorder, write
from sim.checks import whole_number
from sim.hide_seek_env import HideSeekEnv


class RecordedEnv(BaseParallelWrapper):
    """A parallel environment of ours that writes every episode played to its end as a recording.

    Wrap it first, other wrappers around it. `recordings` are the files written. What agents choose in preparation
    although it has no effect is recorded as standing still. A copied or pickled one goes on with its episode.
    """

    def __init__(
        self, env: HideSeekEnv, folder: Path | str, hiders: str = "hiders", seekers: str = "seekers", every: int = 1
    ) -> None:
        """Keeps every `every`-th episode in `folder`; `hiders` and `seekers` are the names to show.

        Raises:
            TypeError: `env` is no environment of `sim.env.parallel_env`.
            ValueError: `every` is no whole number of 1 or more.
        """
        if not isinstance(env, HideSeekEnv):
            raise TypeError(f"RecordedEnv wraps what sim.env.parallel_env makes, not {type(env).__name__}")
        super().__init__(env)
        self.recordings: list[Path] = []
        self._game_env, self._folder, self._names = env, Path(folder), (hiders, seekers)
        self._every, self._episodes = whole_number("every", every), 0
        self._recorder: Recorder | None = None

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        """Starts an episode; one that was left before its end is not kept."""
        started = self._game_env.reset(seed, options)
        chosen, self._episodes = self._episodes % self._every == 0, self._episodes + 1
        hiders, seekers = self._names
        known = {"seed": self._game_env.episode_seed or 0, "hiders": hiders, "seekers": seekers, "hashes": {}}
        self._recorder = Recorder(self._game_env.game, **known) if chosen else None
        return started

    def step(self, actions: dict[str, Any]) -> Any:
        """Plays one tick. Raises UserError if the recording of an episode that ends cannot be written."""
        playing = bool(self._game_env.agents)
        stepped = self._game_env.step(actions)
        if self._recorder is not None and playing:
            self._recorder.add(self._game_env.game, self._game_env.game.actions)
            if not self._game_env.agents:
                self._keep(self._recorder)
        return stepped

    def _keep(self, recorder: Recorder) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        stem, number = "-".join(self._names).replace("/", "-"), len(self.recordings)
        while (path := self._folder / f"{stem}-{number:06d}.npz").exists():
            number += 1
        recording = with_strategies(recorder.finish())
        outcome = {**recording.header.outcome, "recorded_by": "your own loop"}
        write(replace(recording, header=replace(recording.header, outcome=outcome)), path)
        self.recordings.append(path)
        self._recorder = None
