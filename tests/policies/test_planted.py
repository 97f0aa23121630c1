"""A behaviour that nobody planned, planted by the test: is it noticed without a name?"""

from pathlib import Path

import numpy as np
import pytest

from policies.cli import main
from policies.evaluation.novelty import new_groups
from policies.evaluation.stages import Arena, Stage, stages_of
from sim.game import Game
from sim.scenario import scenario_from_text
from sim.state import X, Y

CORNER = np.array([0.4, 0.4])
"""A corner of the floor, away from the room: nothing in the game leads there."""
NEAR_M = 1.5
STEPS = 3_000_000


def gathering(stage: Stage, episode: int) -> bool:
    """Whether hiders end an episode together, near a corner, far from the door."""
    numbers = {name: values[episode] for name, values in stage.behaviour.items()}
    return bool(numbers["hider_to_corner_end"] < NEAR_M and numbers["hider_to_door_end"] > NEAR_M)


@pytest.mark.slow
def test_hiders_that_are_also_paid_for_gathering_are_among_the_first_unknown_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    play = Game.tick

    def tick_and_pay(game: Game, actions: np.ndarray) -> None:
        play(game, actions)
        hiders = slice(0, game.slots.hiders)
        away = np.linalg.norm(game.state.agents[:, hiders][..., [X, Y]] - CORNER, axis=-1)
        game.reward[:, hiders] += (2.0 * (1.0 - away.mean(axis=1, keepdims=True) / 6.0)).astype(np.float32)

    with monkeypatch.context() as patched:
        patched.setattr(Game, "tick", tick_and_pay)
        words = ["train", "laptop", "--steps", str(STEPS), "--set", "checkpoint_steps=250000"]
        assert main([*words, "--run", str(tmp_path / "run")]) == 0
    stages = stages_of(tmp_path / "run", Arena(scenario_from_text("quadrant")), episodes=64)
    unknown = [group for group in new_groups(stages) if not group.explained_by][:3]
    found = [[gathering(stages[number], episode) for number, episode in group.typical] for group in unknown]
    assert any(np.mean(group) >= 0.6 for group in found), found
