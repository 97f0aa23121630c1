"""The same game as a competent pymunk user writes it: one `pymunk.Space`, and Python for everything else.

Only `hideseek bench` uses it, to compare the compiled game with it. pymunk answers lines of sight and rays in
`policies.bench.baseline.sight` (`Space.segment_query_first`), numpy does in `numpy_sight`. It follows `sim.rules` and
gives the observations of `sim.observe`; tests compare them. It plays worlds without ramps only: it has no upper level.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from policies.bench.baseline.bodies import Agent, Thing
from policies.bench.baseline.observe import Observer
from policies.bench.baseline.physics import Physics
from policies.bench.baseline.sight import Sight
from sim.layout import Layout, empty_layout
from sim.rules import GRAB, HIDERS, LOCK, RELEASE, RULES, SEEKERS
from sim.scenario import Scenario
from sim.state import State, empty_state


class BaselineWorld:
    """One world of a scenario.

    After `reset`, `build` and `tick`, `observation` holds a float32 row for each agent, `reward` a number, and
    `global_state` is the critic's float32 row. Things fill their slots from the first on.
    """

    def __init__(self, scenario: Scenario, sight: type[Sight] = Sight):
        self.scenario = scenario
        self._sight_kind = sight
        self._layout = empty_layout(1, scenario.slots)
        self._state = empty_state(1, scenario.slots)

    def reset(self, seed: int) -> None:
        """Starts the episode that `Game.reset` starts with this seed."""
        self.scenario.place(np.array([seed], np.uint64), np.array([0]), self._layout, self._state)
        self.build(self._layout, self._state)

    def build(self, layout: Layout, state: State) -> None:
        """Starts from the first world of a Layout and of a State in which nothing is held or locked."""
        self.ticks = int(state.tick[0])
        self.physics = Physics(layout, state, self.scenario.slots)
        self.agents, self.things = self.physics.agents, self.physics.things
        self.sight = self._sight_kind(self.physics, self.scenario.slots)
        self._observer = Observer(self.scenario, layout, self.physics, self.sight)
        self.reward = [0.0] * len(self.agents)
        self._observe()

    def tick(self, actions: Sequence[Sequence[int]]) -> None:
        """Plays one tick; `actions` holds (move, turn, hands) for each agent."""
        preparing = self._preparing
        if preparing:
            still = (0, 0, 0)
            actions = [still if a.team == SEEKERS else chosen for a, chosen in zip(self.agents, actions, strict=True)]
        self._use_hands([hands for _, _, hands in actions])
        self.physics.move(actions)
        self.ticks += 1
        self._observe()
        paid = 0.0 if preparing else (1.0 if self.sight.hidden else -1.0)
        self.reward = [paid if agent.team == HIDERS else -paid for agent in self.agents]

    @property
    def _preparing(self) -> bool:
        return self.ticks < self.scenario.preparation_ticks

    def _observe(self) -> None:
        self.sight.look(self._preparing)
        rows = [self._observer.observation(agent, self.ticks) for agent in self.agents]
        self.observation = [np.array(row, np.float32) for row in rows]
        self.global_state = np.array(self._observer.global_state(self.ticks), np.float32)

    def _use_hands(self, hands: list[int]) -> None:
        """All releases, then all locks, then all grabs."""
        for agent, hand in zip(self.agents, hands, strict=True):
            if hand == RELEASE:
                self.physics.let_go(agent)
        wanted: dict[Thing, set[int]] = {}
        for agent, hand in zip(self.agents, hands, strict=True):
            thing = (agent.held or self._nearest(agent)) if hand == LOCK else None
            if thing is not None:
                wanted.setdefault(thing, set()).add(agent.team)
        for thing, teams in wanted.items():
            if len(teams) == 1 and thing.lock is None:
                self._lock(thing, teams.pop())
        for agent, hand in zip(self.agents, hands, strict=True):
            thing = self._nearest(agent) if hand == GRAB and agent.held is None else None
            if thing is not None and thing.lock in (None, agent.team):
                thing.lock = None
                self.physics.grab(agent, thing)

    def _nearest(self, agent: Agent) -> Thing | None:
        """The nearest thing that the agent sees and reaches."""
        best, best_gap = None, RULES.reach_m
        for thing in self.things:
            if self.sight.things[agent.index][thing.index]:
                x, y = thing.body.world_to_local(agent.body.position)
                out_x, out_y = max(abs(x) - thing.half[0], 0.0), max(abs(y) - thing.half[1], 0.0)
                gap = math.hypot(out_x, out_y) - RULES.agent_radius_m
                if gap < best_gap or (best is None and gap == best_gap):
                    best, best_gap = thing, gap
        return best

    def _lock(self, thing: Thing, team: int) -> None:
        thing.lock = team
        for agent in self.agents:
            if agent.held is thing:
                self.physics.let_go(agent)
