"""The smallest task that PPO can learn, and what a learner makes of it."""

import torch

from policies.agents.action_distribution import sample, score
from policies.agents.critic import Critic
from policies.agents.networks import Actor, MlpActor, initialise
from policies.learning.config import TrainConfig
from policies.learning.ppo import Learner
from policies.learning.samples import Samples

CPU = torch.device("cpu")
SMALL = TrainConfig(worlds=8, minibatch=64, hidden=(32,), learning_rate=3e-3)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def bandit(actor: Actor, seed: int) -> Samples:
    """One-tick episodes in which move 4 with a lock pays, whatever is seen."""
    inputs = torch.randn(1, 128, 2, 6, generator=seeded(seed))
    with torch.no_grad():
        logits = actor(inputs)
        actions = sample(logits, seeded(seed + 1))
        rewards = ((actions[..., 0] == 4) & (actions[..., 2] == 3)).float() * 20
    global_state = torch.randn(1, 128, 5, generator=seeded(seed + 2))
    return Samples(inputs, actions, score(logits, actions)[0], rewards, global_state, torch.zeros(2, 6).double())


def bandit_learner(config: TrainConfig = SMALL) -> Learner:
    actor, critic = MlpActor(6, config.hidden), Critic(5, 2, config.hidden)
    initialise(actor, 0.01, seeded())
    initialise(critic, 1.0, seeded(1))
    learner = Learner(actor, critic, config, None, CPU)
    learner.actor_generator.manual_seed(1)
    learner.critic_generator.manual_seed(2)
    return learner
