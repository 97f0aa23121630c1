"""Does a memory count? The table for `LOG.md`: `python -m policies.evaluation.memory_probe [TEAM ...]`.

The original's test (Baker et al. 2019): the agent watches `object_counting` with its weights frozen, and a linear
classifier is trained on what it remembers at the end of an episode, long after most boxes have vanished, to tell how
many have gone to the left. What an untrained network of the same shape remembers is the baseline.
"""

import sys
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from policies.agents.networks import Actor, initialise, new_actor
from policies.agents.players import team_folder
from policies.agents.team import load
from policies.commands.errors import in_one_line
from policies.evaluation.statistics import proportion
from replays.report.documents.common import Interval
from sim.errors import UserError
from sim.game import Game
from sim.rng import episode_seeds
from sim.rules import HIDERS
from sim.scenario import Scenario, scenario_from_text
from sim.tasks.counting import vanished

EPISODES = 4_000
_WORLDS = 500
_HELD_OUT = 0.25
"""Share of the episodes that the classifier is judged on and not trained on."""
_STEPS, _RATE, _DECAY = 2_000, 0.01, 1e-4
_HIDDEN = (128, 128)


class Memories(NamedTuple):
    """What was remembered at the end of N episodes, and what should be known then."""

    memory: Tensor
    """float32 [episode, memory]"""
    left: Tensor
    """int64 [episode]: boxes that vanished on the left."""


@torch.no_grad()
def watch(actor: Actor, scenario: Scenario, episodes: int, seed: int) -> Memories:
    """Lets an actor watch episodes 0..episodes-1 of a seed.

    Raises:
        UserError: the actor has no memory.
    """
    if not actor.memory_size:
        raise UserError("only a network that remembers can be asked what it has seen; train one with network=recurrent")
    kept, labels = [], []
    for first in range(0, episodes, _WORLDS):
        game = Game(scenario, min(_WORLDS, episodes - first))
        game.reset(episode_seeds(seed, first, game.worlds))
        memory = torch.zeros((game.worlds, actor.memory_size))
        idle = np.zeros((game.worlds, game.slots.agents, 3), np.int8)
        for _ in range(scenario.ticks):
            memory = actor.step(actor.prepare(torch.from_numpy(game.observation[:, 0].copy())), memory)[1]
            game.tick(idle)
        kept.append(memory)
        labels.append(torch.from_numpy(vanished(game.layout, game.state)[:, 0]))
    return Memories(torch.cat(kept), torch.cat(labels))


def accuracy(seen: Memories) -> Interval:
    """Of a linear classifier on held-out episodes, as `policies.evaluation.statistics.proportion`."""
    split = int(len(seen.left) * (1 - _HELD_OUT))
    spread, mean = torch.std_mean(seen.memory[:split], 0)
    inputs = (seen.memory - mean) / (spread + 1e-6)
    torch.manual_seed(0)
    classifier = nn.Linear(inputs.shape[1], int(seen.left.max()) + 1)
    optimiser = torch.optim.Adam(classifier.parameters(), lr=_RATE, weight_decay=_DECAY)
    for _ in range(_STEPS):
        optimiser.zero_grad()
        nn.functional.cross_entropy(classifier(inputs[:split]), seen.left[:split]).backward()
        optimiser.step()
    with torch.inference_mode():
        guessed = classifier(inputs[split:]).argmax(-1)
    return proportion((guessed == seen.left[split:]).numpy())


def untrained(scenario: Scenario, seed: int) -> Actor:
    """A recurrent actor as training begins with it."""
    actor = new_actor("recurrent", scenario.slots, _HIDDEN)
    initialise(actor, 0.01, torch.Generator().manual_seed(seed))
    return actor


def main() -> int:
    scenario = scenario_from_text("object_counting")
    actors = {"untrained": untrained(scenario, 0)}
    actors |= {name: load(team_folder(name), HIDERS, scenario).actor for name in sys.argv[1:]}
    print("| memory | episodes held out | accuracy | 95 % interval |\n|---|---|---|---|")
    for name, actor in actors.items():
        seen = watch(actor, scenario, EPISODES, 0)
        found, count = accuracy(seen), int(EPISODES * _HELD_OUT)
        print(f"| {name} | {count:,} | {found['mean']:.1%} | {found['low']:.1%} to {found['high']:.1%} |", flush=True)
    often = proportion((seen.left == seen.left.mode().values).numpy())
    print(f"| none: always the likeliest number | {EPISODES:,} | {often['mean']:.1%} | |")
    return 0


if __name__ == "__main__":
    sys.exit(in_one_line(main))
