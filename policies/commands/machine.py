"""`hideseek bench` and `warm`: about this machine."""

import time
from dataclasses import dataclass
from typing import Annotated, Literal

from tyro.conf import UseAppendAction, arg

from policies.commands.options import Json


@dataclass(frozen=True)
class Bench:
    """Measure how fast this machine plays, learns and draws."""

    only: Literal["all", "world", "learner", "viewer", "growth", "sealed"] = "all"
    """One part instead of world, learner and viewer. growth: a tick's time by numbers of worlds, agents, boxes and
    threads; sealed: minutes until half of the episodes end sealed and locked (give 1200 seconds or more)."""
    seconds: float = 60.0
    """How long to measure in all; each part takes as long as its smallest sample at least."""
    json: Json = False

    def run(self) -> int:
        from policies.bench.run import bench

        bench(None if self.only == "all" else self.only, self.seconds, self.json)
        return 0


@dataclass(frozen=True)
class Warm:
    """Compile ahead what the other commands would compile at their first start on this machine."""

    scenario: Annotated[UseAppendAction[tuple[str, ...]], arg(metavar="S")] = ()
    """Worlds to be ready for, quadrant by default; worlds of one family share their code."""
    players: Annotated[UseAppendAction[tuple[str, ...]], arg(metavar="NAME")] = ()
    """Scripted teams to be ready for beside evader and chaser, see `hideseek teams`."""

    def run(self) -> int:
        from policies.agents.players import player
        from policies.learning.warm_up import WINDOW, warm_up, warm_up_player
        from sim.rules import HIDERS
        from sim.scenario import scenario_from_user

        scenarios = [scenario_from_user(text) for text in self.scenario or ("quadrant",)]
        for name in self.players:
            player(name, HIDERS, scenarios[0], seed=0)  # an unknown one is refused before anything is compiled
        for text, scenario in zip(self.scenario or ("quadrant",), scenarios, strict=True):
            _timed(text, lambda scenario=scenario: warm_up(scenario))
        _timed("the window", lambda: warm_up(scenarios[0], WINDOW))
        for name in self.players:
            _timed(name, lambda name=name: warm_up_player(name, scenarios[0]))
        return 0


def _timed(what: str, work) -> None:
    begun = time.perf_counter()
    work()
    print(f"{what}: ready after {time.perf_counter() - begun:.1f} s", flush=True)
