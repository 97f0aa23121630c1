"""Looks for what is impossible in a world, in another thread: placing everything many times takes a while."""

from concurrent.futures import Future, ThreadPoolExecutor

from sim.scenarios.drawn.problems import Problem, problems
from sim.scenarios.drawn.world import DrawnWorld


class ProblemFinder:
    """`found` is what is impossible in the world shown last; None while it is looked for."""

    def __init__(self) -> None:
        self.found: list[Problem] | None = None
        self.last: list[Problem] = []
        """What was found before, to be shown until there is something newer."""
        self._worker = ThreadPoolExecutor(1, "hideseek-problems")
        self._looking: Future[list[Problem]] | None = None
        self._world: DrawnWorld | None = None

    def show(self, world: DrawnWorld) -> None:
        """Looks at a world, if it is another one."""
        if world == self._world:
            return
        self._world, self.found = world, None
        if self._looking:
            self._looking.cancel()
        self._looking = self._worker.submit(problems, world)

    def advance(self) -> bool:
        """Takes what was found; returns whether there is something new."""
        if self._looking is None or not self._looking.done():
            return False
        looking, self._looking = self._looking, None
        self.found = self.last = looking.result()
        return True
