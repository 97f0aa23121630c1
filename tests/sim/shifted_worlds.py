"""Shifted worlds for tests: games of them, and starts without a game."""

from typing import NamedTuple

import numpy as np

from sim.game import Game
from sim.layout import Layout, empty_layout
from sim.rng import episode_seeds
from sim.scenario import scenario_from_text
from sim.state import State, empty_state


class Starts(NamedTuple):
    """Worlds as they are placed, without a game to play them in."""

    layout: Layout
    state: State


def placed(text: str, worlds: int = 24) -> Starts:
    scenario = scenario_from_text(text)
    starts = Starts(empty_layout(worlds, scenario.slots), empty_state(worlds, scenario.slots))
    scenario.place(episode_seeds(0, 0, worlds), np.arange(worlds), starts.layout, starts.state)
    return starts


def random_play(game: Game, ticks: int, seed: int = 0) -> list[bytes]:
    random, records = np.random.default_rng(seed), []
    for _ in range(ticks):
        game.tick(random.integers(0, [9, 3, 4], (game.worlds, game.slots.agents, 3)))
        records.append(b"".join(a.tobytes() for a in (game.observation, game.global_state, game.reward)))
    return records
