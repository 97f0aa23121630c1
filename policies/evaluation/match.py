"""Two players against each other for many episodes, in batches of worlds that start and end together.

Episode i of a seed starts the same whoever plays, in whatever batch it lies, so two matches with one seed are
paired episode by episode. What a player samples comes from its own stream and depends on the batches too.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, fields

import numpy as np

from policies.agents.players import Player, check_seed
from replays.strategies.sealed import follow, nothing_carried, seals
from sim.errors import UserError
from sim.game import Game
from sim.rng import episode_seeds
from sim.rules import HIDERS, SEEKERS
from sim.scenario import Scenario
from sim.state import HIDERS_LOCK, take

NEVER = -1

MOST_EPISODES = 10**9


@dataclass(frozen=True)
class Episodes:
    """What came of N episodes, in order."""

    seed: np.ndarray
    """uint64 [episode]: what `Game.reset` was given."""
    hidden: np.ndarray
    """float64 [episode]: share of play ticks in which no hider was seen."""
    first_lock: np.ndarray
    """int32 [episode]: the tick in which hiders locked a thing for the first time, NEVER if they did not."""
    soft_prep: np.ndarray
    """bool [episode]: softly sealed at the end of preparation; see `replays.strategies.sealed`."""
    robust_prep: np.ndarray
    """bool [episode]: robustly, then."""
    soft_end: np.ndarray
    """bool [episode]: softly, at the end of the episode."""
    robust_end: np.ndarray
    """bool [episode]: robustly, then."""
    fort_prep: np.ndarray
    """bool [episode]: sealed in a fort at the end of preparation; see `replays.strategies.forts`."""
    fort_end: np.ndarray
    """bool [episode]: in a fort at the end of the episode."""
    paid: np.ndarray
    """float64 [episode]: what a hider was paid in all, the mean over hiders."""
    done: np.ndarray
    """bool [episode]: its task was done; never in hide-and-seek."""


def play(
    scenario: Scenario,
    hiders: Player,
    seekers: Player,
    episodes: int,
    seed: int,
    without: Collection[str] = (),
    worlds: int = 256,
    threads: int = 1,
    on_batch: Callable[[int], None] | None = None,
) -> Episodes:
    """Plays episodes 0..episodes-1 of a seed.

    Args:
        scenario: the world.
        hiders: plays the hiders.
        seekers: plays the seekers.
        episodes: how many.
        seed: of the starts.
        without: tools taken away, see `sim.game.TOOLS`.
        worlds: at most so many episodes side by side.
        threads: threads that simulate; the result does not depend on it.
        on_batch: told the number of episodes done, after every batch.

    Raises:
        UserError: too few or too many episodes, a seed out of range, or an unknown tool.
    """
    check_seed(seed)
    check_episodes(episodes)
    batches = -(-episodes // worlds)
    game = Game(scenario, -(-episodes // batches), threads, without)
    found = []
    for batch in range(batches):
        found.append(_play_batch(game, hiders, seekers, episode_seeds(seed, batch * game.worlds, game.worlds)))
        if on_batch:
            on_batch(min((batch + 1) * game.worlds, episodes))
    columns = {field.name: [getattr(part, field.name) for part in found] for field in fields(Episodes)}
    return Episodes(**{name: np.concatenate(parts)[:episodes] for name, parts in columns.items()})


def check_episodes(episodes: int, most: int = MOST_EPISODES) -> None:
    """Raises UserError if there are too few or too many episodes."""
    if not 1 <= episodes <= most:
        raise UserError(f"--episodes {episodes} is out of range; give 1 to {most}")


def begin(game: Game, hiders: Player, seekers: Player, seeds: np.ndarray) -> None:
    """Starts an episode in every world; the players forget the last one."""
    game.reset(seeds)
    hiders.reset()
    seekers.reset()


def choose(game: Game, hiders: Player, seekers: Player) -> np.ndarray:
    """int8 [world, agent, 3]: what everybody does next."""
    return np.concatenate([hiders.act(game, HIDERS), seekers.act(game, SEEKERS)], axis=1)


def expect(game: Game, hiders: Player, seekers: Player) -> np.ndarray | None:
    """float32 [world, side]: what each side expects, NaN where it does not know; None if neither does."""
    known = [hiders.expect(game), seekers.expect(game)]
    if all(values is None for values in known):
        return None
    unknown = np.full(game.worlds, np.nan, np.float32)
    return np.stack([unknown if values is None else values for values in known], axis=1)


def _play_batch(game: Game, hiders: Player, seekers: Player, seeds: np.ndarray) -> Episodes:
    """One episode in every world of a game."""
    begin(game, hiders, seekers, seeds)
    ticks, preparation = game.scenario.ticks, game.scenario.preparation_ticks
    start = before = take(game.state, slice(None))
    carried = nothing_carried(start)
    first_lock = np.full(game.worlds, NEVER, np.int32)
    hidden_ticks = np.zeros(game.worlds)
    paid, present = np.zeros(game.worlds), game.layout.agent_exists[:, : game.slots.hiders].sum(axis=1)
    at_preparation_end = seals(game.layout, start, start, carried, game.slots)
    for tick in range(ticks):
        game.tick(choose(game, hiders, seekers))
        after = take(game.state, slice(None))
        follow(carried, game.layout, before, after, game.slots)
        before = after
        locked = (after.lock == HIDERS_LOCK).any(axis=1)
        first_lock[locked & (first_lock == NEVER)] = tick
        paid += game.reward[:, : game.slots.hiders].sum(axis=1) / present
        if tick >= preparation:
            hidden_ticks += game.hidden
        if tick + 1 == preparation:
            at_preparation_end = seals(game.layout, start, after, carried, game.slots)
    at_end = seals(game.layout, start, before, carried, game.slots)
    return Episodes(
        seed=seeds,
        hidden=hidden_ticks / (ticks - preparation),
        first_lock=first_lock,
        soft_prep=at_preparation_end.soft,
        robust_prep=at_preparation_end.robust,
        soft_end=at_end.soft,
        robust_end=at_end.robust,
        fort_prep=at_preparation_end.fort,
        fort_end=at_end.fort,
        paid=paid,
        done=game.terminated.copy(),
    )
