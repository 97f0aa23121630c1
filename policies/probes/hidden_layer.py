"""Records the last hidden layer of a team's actor while it plays, and can push its activations."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
import torch

from policies.agents.team import LearnedPlayer
from policies.evaluation.stages import Arena, Played, play_episodes
from sim.game import Game
from sim.layout import side_agents
from sim.rng import episode_seeds
from sim.rules import HIDERS, SEEKERS


class RecordedLayer(NamedTuple):
    """Episodes with the hiders' observations and their actor's activations."""

    played: Played
    observations: np.ndarray
    """float32 [tick, world, hider, number]: raw."""
    activations: np.ndarray
    """float32 [tick, world, hider, unit]: of the last hidden layer."""


class _ObservationRecorder:
    """A learned player whose hiders' observations are recorded."""

    def __init__(self, player: LearnedPlayer) -> None:
        self.name, self.hash, self.without = player.name, player.hash, player.without
        self.observations: list[np.ndarray] = []
        self._player = player

    def reset(self) -> None:
        self._player.reset()

    def expect(self, game: Game) -> np.ndarray | None:
        return self._player.expect(game)

    def act(self, game: Game, side: int) -> np.ndarray:
        self.observations.append(game.observation[:, side_agents(game.slots, side)].copy())
        return self._player.act(game, side)


@contextmanager
def _recorded(player: LearnedPlayer, push: np.ndarray | None) -> Iterator[list[np.ndarray]]:
    """Records the inputs of the actor's last layer, and adds `push` (float32 [unit]) to them."""
    noted: list[np.ndarray] = []
    added = None if push is None else torch.from_numpy(push.astype(np.float32)).to(player.team.device)

    def tap(layer: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...] | None:
        noted.append(inputs[0].cpu().numpy().copy())
        return None if added is None else (inputs[0] + added,)

    handle = player.team.actor.body[-1].register_forward_pre_hook(tap)
    try:
        yield noted
    finally:
        handle.remove()


def record_layer(
    arena: Arena, hiders: str, seekers: str, episodes: int, push: np.ndarray | None = None
) -> RecordedLayer | None:
    """Plays episodes while `push` (float [unit]) is added to the layer; None for hiders that have no such layer.

    Episodes begin alike, and players draw the same random numbers, whatever the push.
    """
    player = arena.team(hiders, HIDERS)
    if not isinstance(player, LearnedPlayer):
        return None
    recorder = _ObservationRecorder(player)
    seeds = episode_seeds(arena.seed, 0, episodes)
    with _recorded(player, push) as noted:
        played = play_episodes(arena, (recorder, arena.team(seekers, SEEKERS)), (hiders, seekers), seeds)
    if not noted:
        return None  # an actor on entity tables with a single layer does not call it as a module
    observations = np.stack(recorder.observations)
    return RecordedLayer(played, observations, np.stack(noted).reshape(*observations.shape[:3], -1))
