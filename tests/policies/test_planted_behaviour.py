"""A behaviour that nobody planned, planted by the test: is it noticed without a name?"""

from pathlib import Path

import numpy as np
import pytest

from policies.cli import main
from policies.evaluation.novelty import new_groups
from policies.evaluation.stages import Arena, RunStages, Stage
from sim.game import Game
from sim.scenario import scenario_from_text
from sim.state import X, Y

CORNER = np.array([5.7, 0.3])
"""The floor's corner, which is in the room: nothing in the game makes both hiders stand there without a box."""
NEAR_M = 0.8
STEPS = 2_000_000


def gathering(stage: Stage, episode: int) -> bool:
    """Whether hiders end an episode together in a corner."""
    return bool(max(stage.behaviour[name][episode] for name in ("hider_to_corner_end", "hiders_apart_end")) < NEAR_M)


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
        words = ["train", "laptop", "--steps", str(STEPS), "--set", "checkpoint_steps=200000"]
        assert main([*words, "--run", str(tmp_path / "run")]) == 0
    stages = RunStages(tmp_path / "run", Arena(scenario_from_text("quadrant")), episodes=64).look_at_all()
    unknown = [group for group in new_groups(stages) if not group["explained_by"]][:3]
    found = [[gathering(stages[number], episode) for number, episode in group["typical"]] for group in unknown]
    assert any(np.mean(group) >= 0.6 for group in found), found
