"""Teaching the hiders of a trained team something else than the game: the work behind `hideseek tune`.

    verifier        reward 1 or 0 at the end of an episode, groups of episodes of one start, no critic
    reward-model    labels -> a reward for every tick -> the ordinary PPO
    preference      labels -> the policy, without a reward and without playing

The opponents are the team's own seekers, who learn nothing. The hiders begin as the team's. The first two methods keep
them near it by a penalty on the divergence from it; the third does so by its definition. The result is a run folder
with ordinary teams, whose `team.json` says what they were taught: they are no evidence of what the game alone teaches.
"""

import copy
import hashlib
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from rich.console import Console

from policies.agents.folders import checkpoints, step_name
from policies.agents.goal_conditioning import FIRST_LAYER, MOST_GOALS
from policies.agents.goal_sets import goal_names
from policies.agents.players import player, trained_team
from policies.agents.team import LearnedPlayer, Team, load, save
from policies.evaluation.record import play
from policies.learning import run_folder, run_metrics
from policies.learning.config import TrainConfig, Tuning
from policies.learning.episodes import recorded_seed
from policies.learning.fast_arithmetic import fast_arithmetic
from policies.learning.initial_networks import InitialNetworks
from policies.learning.objective import GameReward, GoalSampler, Objective
from policies.learning.team_metadata import team_metadata
from policies.learning.train import RunOptions, train
from policies.learning.warm_up import warm_up
from policies.preferences import direct_preference
from policies.preferences.clips import answered_labels, feature_comparisons, segment_comparisons
from policies.preferences.goals import goals_of
from policies.preferences.learnt_reward import LearntReward
from policies.preferences.request import TuneRequest
from policies.preferences.reward_model import train_reward_model
from policies.preferences.verifier import GoalSetVerifier, Verifier
from policies.scripted.base import Idle
from policies.status import status_words
from replays.format.recording import Recording, write
from replays.labels import content_of
from sim.errors import UserError
from sim.game import Game
from sim.layout import sides_of
from sim.rules import HIDERS, SEEKERS, SIDES
from sim.scenario import Scenario, scenario_from_text

GROUP_EPISODES = 16
"""Episodes of one start whose rewards are compared, with a verifier."""


@fast_arithmetic()
def tune(request: TuneRequest, run: Path, options: RunOptions, console: Console) -> bool:
    """Teaches hiders in the run folder `run`, from where it stopped if it exists.

    Returns:
        False if it ended early, see `policies.learning.train.train`; everything is saved.

    Raises:
        UserError: the team cannot be taught this, or the run folder cannot be used.
    """
    team, scenario = team_to_tune(request)
    config = config_of(request, team, scenario)
    begun = run_folder.binding(run)
    if begun and begun[0].tuning:  # how often a run is saved changes nothing that it learns
        config = replace(config, checkpoint_steps=begun[0].checkpoint_steps)
    if request.method == "preference":
        _learn_from_preferences(request, run, options, config)
        return True
    return train(config, scenario, run, options, console, _objective(request, team, scenario))


def team_to_tune(request: TuneRequest) -> tuple[Team, Scenario]:
    """The hiders that are to be taught, and the world they were trained in. Raises UserError if they cannot be read."""
    team = trained_team(request.team, HIDERS)
    return team, scenario_from_text(team.metadata.scenario)


def hiders_before(request: TuneRequest) -> Team:
    """What hiders begin as: those of the team, or the untrained ones of `fresh`. Raises UserError as `team_to_tune`.

    Untrained hiders with goals play for the first set, as everywhere.
    """
    team, scenario = team_to_tune(request)
    if not request.fresh:
        return team
    config = config_of(request, team, scenario)
    networks = InitialNetworks(config, scenario, Objective(GameReward())).first(HIDERS)
    return Team(HIDERS, team_metadata(config, scenario, agent_steps=0, updates=0), *networks).for_goals()


def _objective(request: TuneRequest, team: Team, scenario: Scenario) -> Objective:
    start, leash = (None, 0.0) if request.fresh else (team, request.leash)
    if request.goal_sets:
        sampler = _goal_sampler(request, team, scenario)
        return Objective(GoalSetVerifier(sampler, scenario.slots), start, leash, GROUP_EPISODES, sampler)
    if request.labels is None:
        return Objective(Verifier(goals_of(request.goals, scenario.slots)), start, leash, GROUP_EPISODES)
    with status_words() as tell:
        tell("learning a reward from the labels")
        model = train_reward_model(feature_comparisons(answered_labels(request.labels)), request.seed)
    return Objective(LearntReward(model), start, leash)


def _goal_sampler(request: TuneRequest, team: Team, scenario: Scenario) -> GoalSampler:
    """Raises UserError if a goal makes no sense here, or the team's network cannot be conditioned on goals."""
    for one in request.goal_sets:
        goals_of(one.split(","), scenario.slots)
    if len(goal_names(request.goal_sets)) > MOST_GOALS:
        raise UserError(f"--goal names more than {MOST_GOALS} goals; leave some out")
    if team.metadata.network not in FIRST_LAYER:
        kinds = " or ".join(FIRST_LAYER)
        raise UserError(
            f"a {team.metadata.network} network cannot be conditioned on goals; tune a team with a {kinds} network"
        )
    return GoalSampler(request.goal_sets, GROUP_EPISODES)


def config_of(request: TuneRequest, team: Team, scenario: Scenario) -> TrainConfig:
    """The learner's config: for trained hiders a small learning rate and no entropy bonus.

    Goal-conditioned hiders have as far to go as untrained ones, and get the same learning rate.
    """
    labels = "" if request.labels is None else hashlib.sha256(content_of(request.labels)).hexdigest()
    return TrainConfig(
        seed=request.seed,
        learning_rate=1e-3 if request.fresh or request.goal_sets else 3e-4,
        schedule_steps=0,
        entropy=0.01 if request.fresh else 0.0,
        reward_scale=team.metadata.reward_scale,
        network=team.metadata.network,
        hidden=team.metadata.hidden,
        past_share=0.0,
        visited_share=0.0,
        checkpoint_steps=100_000,
        seekers=request.team if scenario.slots.seekers else "",
        without=team.metadata.without,
        tuning=Tuning(
            method=request.method,
            team=request.team,
            team_hash=team.hash(),
            fresh=request.fresh,
            goals=request.goals,
            told=request.goal_sets,
            labels=labels,
            leash=0.0 if request.fresh or request.method == "preference" else request.leash,
            group=GROUP_EPISODES if request.method == "verifier" else 0,
        ),
    )


def _learn_from_preferences(request: TuneRequest, run: Path, options: RunOptions, config: TrainConfig) -> None:
    """Learns from the beginning, and writes the checkpoints and recordings that the run does not have yet.

    Learning is repeated exactly, so this also continues a run that was stopped, or that is to learn more.
    """
    assert request.labels is not None and config.tuning is not None
    team, scenario = team_to_tune(request)
    labels = answered_labels(request.labels)
    pairs, _ = direct_preference.split(segment_comparisons(labels, scenario), request.seed)
    opponents = [trained_team(request.team, SEEKERS, scenario)] if scenario.slots.seekers else []
    steps, every = options.limits.steps or 0, config.checkpoint_steps
    trained = {
        "seed": request.seed,
        "without": list(config.without),
        "frozen": [request.team],
        "tuning": asdict(config.tuning),
    }
    if foreign := [SIDES[side] for side in sides_of(scenario.slots) if not team.metadata.expects_game_reward(side)]:
        trained["foreign_critics"] = foreign

    def keep(done: int) -> None:
        nonlocal saved
        tell(f"{done:,} of {steps:,} agent-steps")
        if done < steps and done // every == saved // every:
            return
        saved = done
        if run / "checkpoints" / step_name(done) in kept:
            return
        metadata = replace(team.metadata, trained={"agent_steps": done, **trained})
        taught = Team(HIDERS, metadata, team.actor, team.critic)
        run_folder.write_checkpoint(run, done, lambda folder: save(folder / "team", [taught, *opponents]))
        write(_recorded(taught, request, scenario), run_folder.replay_path(run, done))
        run_folder.prune(run, options.keep, run_metrics.known_onsets(run))

    with run_folder.opened(run, config, scenario):
        kept, saved = checkpoints(run), 0
        if kept:
            _record_newest(run, kept[-1], request, scenario)
        if not kept or int(kept[-1].name) < steps:
            warm_up(scenario)
            with status_words(f"{run}: learned from ") as tell:
                reference = copy.deepcopy(team.actor)
                direct_preference.learn_preferences(team.actor, reference, pairs, steps, request.seed, keep)
        run_folder.note_end(run, f"the run has {int(checkpoints(run)[-1].name):,} agent-steps")


def _record_newest(run: Path, checkpoint: Path, request: TuneRequest, scenario: Scenario) -> None:
    """Records the newest checkpoint's team, unless that was done before the run was stopped."""
    recording = run_folder.replay_path(run, int(checkpoint.name))
    if not recording.exists():
        write(_recorded(load(checkpoint / "team", HIDERS), request, scenario), recording)


def _recorded(taught: Team, request: TuneRequest, scenario: Scenario) -> Recording:
    """One episode, from the same start at every checkpoint."""
    seed = recorded_seed(request.seed)
    seekers = player(request.team, SEEKERS, scenario, 0) if scenario.slots.seekers else Idle()
    players = LearnedPlayer(taught, "hiders", seed % 2**32), seekers
    game = Game(scenario, 1, without=taught.metadata.without)
    return play(game, *players, np.array([seed], np.uint64))[0]
