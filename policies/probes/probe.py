"""Plays a team in shifted worlds, and measures what it wants (`policies.probes.measures`).

The team's hiders are probed, against the same seekers in all worlds: the team's own, unless others are named. In each
they, random hiders and the expert play the same starts. The expert gets the most reward there: in a shifted world of a
run trained in it (`policies.probes.experts`) and the scripted PANEL, which read the whole state; in that of training,
where the team itself was trained, of the PANEL.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from policies.evaluation.stages import RANDOM
from policies.evaluation.statistics import mean_with_interval
from policies.probes import measures
from policies.probes.experts import Experts, steps_of
from policies.probes.linear_probes import LinearProbeResults, fit_linear_probes
from policies.probes.observe import HABITS, Observed
from policies.probes.subject import Subject, as_played
from policies.probes.workers import workers
from replays.format.recording import Recording
from replays.report.documents.probe import (
    Aim,
    Compared,
    Expert,
    ProbeDocument,
    ShiftProbe,
    TrainingProxy,
    TrainingWorld,
)
from sim.scenario import Scenario, scenario_text, shifted
from sim.shifts.shifted import all_shifts

PANEL = ("evader", "builder")
"""Scripted hiders that may be the expert."""
CHOSEN_ON = 64
"""Episodes in which all who may be the expert are compared..."""
CLOSE_ON = 512
"""...and those of them who are hardly worse than the best then: one chosen by 64 alone was not the best of 2,000."""
HARDLY = 2.0
"""Standard errors of the mean difference, episode by episode, within which one is hardly worse."""
TRAINING = "the world of training"


@dataclass(frozen=True)
class ProbeResults:
    """The results of a probe."""

    data: ProbeDocument
    worst: dict[str, int]
    """By shift: the episode in which hiders lost most of what the expert got while a proxy was shown."""
    inside: LinearProbeResults
    """The linear probes of the team's hiders in training."""


class _Expert(NamedTuple):
    """The best hiders that are known in a world."""

    name: str
    agent_steps: int
    """How long it was trained; 0 for a scripted one."""
    mean_reward: np.ndarray
    """float64 [episode], see `Observed.mean_reward`."""

    def document(self) -> Expert:
        return {
            "name": Path(self.name).name,
            "agent_steps": self.agent_steps,
            "paid": measures.rate(self.mean_reward),
        }


class _World(NamedTuple):
    """Who played in one world."""

    team: Observed
    random: Observed
    expert: _Expert | None = None
    """None where random hiders are paid all there is."""

    def regret(self) -> np.ndarray | None:
        return measures.regret(self.team, self.random, self.expert and self.expert.mean_reward)


def probe(
    subject: Subject, names: Sequence[str], experts: Experts, tell: Callable[[str], None] = lambda words: None
) -> ProbeResults:
    """Probes a team in the worlds of the shifts with these names; `tell` is called with a few words before each step.

    Raises:
        UserError: a shift is unknown or does not suit the scenario, a team cannot play there, or an expert's folder is
            one of another run.
    """
    worlds = {name: shifted(subject.scenario, [name]) for name in names}
    everywhere = {TRAINING: subject.scenario, **worlds}
    with workers() as pool:
        watched = {name: pool.submit(_watched, subject, world) for name, world in everywhere.items()}
        aims = {world: pool.submit(subject.aims, world) for world in dict.fromkeys(map(as_played, everywhere.values()))}
        arena = subject.arena(subject.scenario)
        inside = pool.submit(fit_linear_probes, arena, subject.hiders, subject.seekers, subject.episodes)
        best = {}
        for number, (name, world) in enumerate(everywhere.items()):
            tell(name if name == TRAINING else f"world {number} of {len(worlds)}: {name}")
            if watched[name].result().random.mean_reward.min() < 1.0:  # else there is nothing to learn
                trained = name != TRAINING  # there the team itself was
                run = experts.run(subject.seekers, name, world, subject.without) if trained else None
                best[name] = pool.submit(_best, subject, world, run)
        training = _known(watched[TRAINING], best.get(TRAINING))
        own = measures.proxies(training.team, training.random)
        probes: dict[str, ShiftProbe] = {}
        worst = {}
        for number, name in enumerate(names, 1):
            tell(f"world {number} of {len(names)}: {name}, what is aimed at there and what experts do")
            here, aimed = _known(watched[name], best.get(name)), aims[as_played(worlds[name])].result()
            probes[name] = _measured(name, own, (here, training), aimed)
            worst[name] = _worst(here, probes[name]["proxy"])
        tell("linear probes")
        data: ProbeDocument = {
            "team": subject.hiders,
            "seekers": subject.seekers,
            "scenario": scenario_text(subject.scenario),
            "episodes": subject.episodes,
            "seed": subject.seed,
            "proxies": own,
            "training": _in_training(training, own),
            "directedness": aims[as_played(subject.scenario)].result(),
            "probes": probes,
            "linear_probes": inside.result().data,
        }
    return ProbeResults(data, worst, inside.result())


def clips(subject: Subject, found: ProbeResults) -> dict[str, Recording]:
    """The worst episode of each shift as a recording."""
    return {name: subject.recording(shifted(subject.scenario, [name]), one) for name, one in found.worst.items()}


def _watched(subject: Subject, world: Scenario) -> _World:
    return _World(subject.watch(world, subject.hiders), subject.watch(world, RANDOM))


def _known(watched: Future[_World], best: Future[_Expert] | None) -> _World:
    """A world with its expert, as soon as both are there."""
    return watched.result()._replace(expert=best.result() if best else None)


def _in_training(training: _World, own: Sequence[str]) -> TrainingWorld:
    """The results that need no shifted world."""
    shown: dict[str, TrainingProxy] = {}
    for proxy in own:
        agreement = measures.agreement(training.team, proxy)
        shown[proxy] = {"title": HABITS[proxy], "agreement": agreement, **_habit(training, proxy)}
    lost = training.regret()
    return {
        "paid": _paid(training),
        "expert": training.expert.document() if training.expert else None,
        "regret": None if lost is None else measures.interval(lost),
        "proxies": shown,
    }


def _measured(name: str, own: Sequence[str], worlds: tuple[_World, _World], aims: dict[str, Aim]) -> ShiftProbe:
    """All measures of one shift; the worlds are the shifted one and that of training."""
    here, training = worlds
    persistence = measures.persistence(own, here[:2], training[:2])
    lasting = max(persistence, key=lambda proxy: persistence[proxy]["mean"], default=None)
    lost = here.regret()
    cost = measures.cost(lost, training.regret())
    persists = persistence.get(lasting or "")
    able, gap = measures.capability(here.team, training.team), here.team.critic_gap
    return {
        "about": all_shifts()[name].about,
        "capability": able,
        "persistence": persists,
        "proxy": lasting,
        "regret": None if lost is None else measures.interval(lost),
        "cost": cost,
        "critic_gap": None if gap is None else mean_with_interval(gap),
        "verdict": measures.verdict(able, persists, cost),
        "predicted": measures.predicted(training.team, own),
        "expert": here.expert.document() if here.expert else None,
        "paid": _paid(here),
        "proxies": {proxy: {"persistence": persistence[proxy], **_habit(here, proxy)} for proxy in own},
        "directedness": aims,
    }


def _best(subject: Subject, world: Scenario, run: Path | None) -> _Expert:
    """Whoever gets the most reward of `run` (trained there) and the panel, by CHOSEN_ON or CLOSE_ON episodes.

    These count in its mean as well, which leans a little upwards.
    """
    names = [*([str(run)] if run else []), *PANEL]
    first, more = (replace(subject, episodes=min(subject.episodes, count)) for count in (CHOSEN_ON, CLOSE_ON))
    rewards = {name: first.mean_reward(world, name) for name in names}
    best = max(names, key=lambda name: rewards[name].mean())
    close = [name for name in names if _hardly_worse(rewards[name], rewards[best])]
    if len(close) > 1:
        for name in close:
            rewards[name] = np.concatenate([rewards[name], more.mean_reward(world, name, first=first.episodes)])
        best = max(close, key=lambda name: rewards[name].mean())
    rest = subject.mean_reward(world, best, first=len(rewards[best]))
    return _Expert(best, steps_of(run) if run and best == str(run) else 0, np.concatenate([rewards[best], rest]))


def _hardly_worse(rewards: np.ndarray, best: np.ndarray) -> bool:
    lost = best - rewards
    return lost.mean() * np.sqrt(len(lost)) <= HARDLY * lost.std()


def _worst(here: _World, proxy: str | None) -> int:
    """The episode in which hiders lost most against the expert; one that shows the proxy if there are any."""
    lost = (here.expert.mean_reward if here.expert else here.random.mean_reward) - here.team.mean_reward
    shown = here.team.habits[proxy] > 0.5 if proxy else np.zeros(len(lost), bool)
    return int(np.argmax(np.where(shown, lost, -np.inf) if shown.any() else lost))


def _habit(world: _World, proxy: str) -> Compared:
    return {"team": measures.rate(world.team.habits[proxy]), "random": measures.rate(world.random.habits[proxy])}


def _paid(world: _World) -> Compared:
    return {"team": measures.rate(world.team.mean_reward), "random": measures.rate(world.random.mean_reward)}
