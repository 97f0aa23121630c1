"""Two players against each other for many episodes, in batches of worlds that start and end together.

Episode i of a seed starts the same whoever plays, in whatever batch it lies, so two matches with one seed are
paired episode by episode. What a player samples comes from its own stream and depends on the batches too.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, fields

import numpy as np

from policies.agents.one_thread import one_thread
from policies.agents.players import Player, check_seed, tools_missing
from replays.strategies.catalogue import find_all, flags, seal_flags
from replays.strategies.evidence.trace import Trace, Tracer
from sim.errors import UserError
from sim.game import Game
from sim.rng import episode_seeds
from sim.rules import HIDERS, SEEKERS
from sim.scenario import Scenario
from sim.state import HIDERS_LOCK

NEVER = -1

MOST_EPISODES = 10**9


@dataclass(frozen=True)
class MatchOptions:
    """How a match is played."""

    episodes: int = 2000
    seed: int = 0
    """Of the starts."""
    without: Collection[str] = ()
    """Tools taken away besides those that a player was trained without, see `sim.tools.TOOLS`."""
    worlds: int = 256
    """At most this many episodes are played side by side."""
    threads: int = 1
    """Threads that simulate; the result does not depend on it."""


@dataclass(frozen=True)
class Episodes:
    """What came of N episodes, in order."""

    seed: np.ndarray
    """uint64 [episode]: what `Game.reset` was given."""
    hidden: np.ndarray
    """float64 [episode]: fraction of play ticks in which no hider was seen."""
    first_lock: np.ndarray
    """int32 [episode]: the tick in which hiders locked a thing for the first time, NEVER if they did not."""
    soft_prep: np.ndarray
    """bool [episode]: softly sealed at the end of preparation; see `replays.strategies.evidence.seals`."""
    robust_prep: np.ndarray
    """bool [episode]: robustly, then."""
    soft_end: np.ndarray
    """bool [episode]: softly, at the end of the episode."""
    robust_end: np.ndarray
    """bool [episode]: robustly, then."""
    joint_end: np.ndarray
    """bool [episode]: likewise, and the seal rests on two or more things that hiders moved and locked."""
    fort_prep: np.ndarray
    """bool [episode]: sealed in a fort at the end of preparation; see `replays.strategies.evidence.forts`."""
    fort_end: np.ndarray
    """bool [episode]: in a fort at the end of the episode."""
    total_reward: np.ndarray
    """float64 [episode]: sum of a hider's rewards, mean over hiders."""
    done: np.ndarray
    """bool [episode]: its task was done at its end; never where it cannot be, see `sim.tasks.done`."""
    strategies: dict[str, np.ndarray]
    """bool [episode] by name: it shows the strategy, see `replays.strategies`."""


def play(
    scenario: Scenario,
    hiders: Player,
    seekers: Player,
    options: MatchOptions,
    on_batch: Callable[[int], None] = lambda done: None,
) -> Episodes:
    """Plays episodes 0 to N - 1 of a seed; `on_batch` gets the number of episodes done, after every batch.

    Raises:
        UserError: too few or too many episodes, a seed out of range, or an unknown tool.
    """
    check_seed(options.seed)
    check_episodes(options.episodes)
    episodes = options.episodes
    batches = -(-episodes // options.worlds)
    without = {*options.without, *tools_missing(hiders, seekers)}
    game = Game(scenario, -(-episodes // batches), options.threads, without)
    found = []
    for batch in range(batches):
        seeds = episode_seeds(options.seed, batch * game.worlds, game.worlds)
        found.append(_play_batch(game, hiders, seekers, seeds))
        on_batch(min((batch + 1) * game.worlds, episodes))
    return _joined(found, episodes)


def _joined(parts: list[Episodes], episodes: int) -> Episodes:
    """The first `episodes` episodes of all parts."""
    columns = {field.name: [getattr(part, field.name) for part in parts] for field in fields(Episodes)}
    strategies = columns.pop("strategies")
    joined = {name: np.concatenate(column)[:episodes] for name, column in columns.items()}
    shown = {name: np.concatenate([part[name] for part in strategies])[:episodes] for name in strategies[0]}
    return Episodes(**joined, strategies=shown)


def check_episodes(episodes: int, most: int = MOST_EPISODES, fewest: int = 1) -> None:
    """Raises UserError if there are too few or too many episodes."""
    if not fewest <= episodes <= most:
        raise UserError(f"--episodes {episodes} is out of range; give {fewest} to {most}")


def begin(game: Game, hiders: Player, seekers: Player, seeds: np.ndarray) -> None:
    """Starts an episode in every world; the players forget the last one."""
    game.reset(seeds)
    hiders.reset()
    seekers.reset()


def choose(game: Game, hiders: Player, seekers: Player) -> np.ndarray:
    """int8 [world, agent, 3]: what everybody does next."""
    with one_thread():
        return np.concatenate([hiders.act(game, HIDERS), seekers.act(game, SEEKERS)], axis=1)


def expect(game: Game, hiders: Player, seekers: Player) -> np.ndarray | None:
    """float32 [world, side]: what each side expects, NaN where it does not know; None if neither does."""
    with one_thread():
        known = [hiders.expect(game), seekers.expect(game)]
    if all(values is None for values in known):
        return None
    unknown = np.full(game.worlds, np.nan, np.float32)
    return np.stack([unknown if values is None else values for values in known], axis=1)


def play_ticks(game: Game, hiders: Player, seekers: Player, ticks: int) -> Iterator[np.ndarray]:
    """Plays `ticks` ticks in all worlds of a game; yields after each all agents' actions, int8 [world, agent, 3]."""
    for _ in range(ticks):
        actions = choose(game, hiders, seekers)
        game.tick(actions)
        yield actions


def _play_batch(game: Game, hiders: Player, seekers: Player, seeds: np.ndarray) -> Episodes:
    """One episode in every world of a game."""
    begin(game, hiders, seekers, seeds)
    tracer = Tracer.of(game)
    total_reward, present = np.zeros(game.worlds), game.layout.agent_exists[:, : game.slots.hiders].sum(axis=1)
    for _ in play_ticks(game, hiders, seekers, game.scenario.ticks):
        tracer.note(game.state, game.seen.agents)
        total_reward += game.reward[:, : game.slots.hiders].sum(axis=1) / present
    trace = tracer.trace()
    return Episodes(
        seed=seeds,
        hidden=hidden_fraction(trace),
        first_lock=_first_lock(trace),
        **seal_flags(trace),
        joint_end=_joint_end(trace),
        total_reward=total_reward,
        done=game.task_done,
        strategies=flags(find_all(trace), game.worlds),
    )


def _joint_end(trace: Trace) -> np.ndarray:
    """bool [world]: see `Episodes`. Two locked things of which either would do count too; what is not locked never."""
    bearing = trace.seals.bearing[-1] & (trace.states.lock[-1] == HIDERS_LOCK)
    return trace.seals.robust[-1] & (bearing.sum(axis=-1) > 1)


def hidden_fraction(trace: Trace) -> np.ndarray:
    """float64 [world]: fraction of play ticks in which no hider is seen."""
    hiders = trace.slots.hiders
    return 1.0 - trace.seen[trace.preparation_ticks + 1 :, :, hiders:, :hiders].any(axis=(2, 3)).mean(axis=0)


def _first_lock(trace: Trace) -> np.ndarray:
    """int32 [world]: the tick in which hiders first locked a thing, NEVER if they did not."""
    locked = (trace.states.lock[1:] == HIDERS_LOCK).any(axis=2)
    return np.where(locked.any(axis=0), locked.argmax(axis=0), NEVER).astype(np.int32)
