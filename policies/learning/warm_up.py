"""Compiles what a command will need before its clock starts, in two processes: one compiles on one core only.

Both go through the same parts, from opposite ends; who meets a kernel that the other one is compiling waits for it, see
`sim.kernel_cache`. Once all is kept on disk, a marker file says so, and nothing is started.
"""

import gc
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress

import numpy as np

from policies.scripted.players import STAND_INS
from replays.strategies.evidence.carried import follow, nothing_carried
from replays.strategies.evidence.doors import blocking, nothing_blocked
from replays.strategies.evidence.ramp_access import ramps_in_reach
from replays.strategies.evidence.seals import seals, soft_seals
from replays.strategies.evidence.sightings import sight_again
from sim import kernel_cache, tick
from sim.game import Game
from sim.hands import nearest_reachable
from sim.layout import empty_layout
from sim.physics.stepping import trial_context
from sim.rules import HIDERS, RULES, SEEKERS
from sim.scenario import Scenario, family_of, full_text, scenario_from_text
from sim.schema import global_state_size, observation_size
from sim.state import empty_state
from sim.tasks.kinds import HIDE_AND_SEEK

WORLD, WINDOW = "world", "window"
"""What can be compiled ahead: what playing and judging episodes takes, and what the window and playing in it takes."""


def warm_up(scenario: Scenario, what: str = WORLD) -> None:
    """Compiles WORLD or WINDOW for a scenario; returns at once if it was done before."""
    # What is compiled depends on the family of the scenario and on its task, not on its numbers. The name under which
    # the helper knows this module is not __name__ there.
    marker = kernel_cache.marker("policies.learning.warm_up", f"{what}-{family_of(scenario)}-{scenario.task}")
    if marker and marker.exists():
        return
    kernel_cache.announce_waiting = False  # it is our own process that we would wait for
    helper = _helper(scenario, what) if marker else None
    try:
        _go_through(PARTS[what], scenario)
    except BaseException:
        if helper:
            helper.kill()  # who is interrupted leaves no process behind
        raise
    finally:
        if helper:
            helper.wait()
        kernel_cache.announce_waiting = True
    if marker:
        with suppress(OSError):  # a full disk: the next process looks for itself
            marker.touch()


def _go_through(parts: Sequence[Callable[[Scenario], None]], scenario: Scenario) -> None:
    collects = gc.isenabled()
    gc.disable()  # a compiler's many small objects live as long as it does
    try:
        for part in parts:
            part(scenario)
    finally:
        if collects:
            gc.enable()


def _helper(scenario: Scenario, what: str) -> subprocess.Popen[bytes] | None:
    """A process that goes through the parts from the other end; None where none can be started."""
    command = [sys.executable, "-m", "policies.learning.warm_up", full_text(scenario), what]
    try:
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except OSError:
        return None


def _see(scenario: Scenario) -> None:
    context = trial_context(None if scenario.task == HIDE_AND_SEEK else scenario.task)
    slots = context.slots
    observation = np.zeros((1, slots.agents, observation_size(slots)), np.float32)
    global_state = np.zeros((1, global_state_size(slots)), np.float32)
    tick.show_worlds(context, observation, global_state, np.arange(1), True)


def _see_again(_: Scenario) -> None:
    context = trial_context()
    sight_again(context.slots, context.layout, context.state)


def _find_blocked_doors(_: Scenario) -> None:
    context = trial_context()
    layout, state, carried = context.layout, context.state, nothing_carried(context.state)
    follow(carried, layout, state, state, context.slots)
    blocking(layout, state, state, carried, np.ones(1, bool), nothing_blocked(layout))


def _find_seals(_: Scenario) -> None:
    context = trial_context()
    layout, state = context.layout, context.state
    seals(layout, state, state, nothing_carried(state), context.slots)
    soft_seals(layout, state, state, nothing_carried(state), context.slots)
    ramps_in_reach(context.slots, layout, state)


def _place(scenario: Scenario) -> None:
    layout, state = empty_layout(1, scenario.slots), empty_state(1, scenario.slots)
    scenario.place(np.zeros(1, np.uint64), np.arange(1), layout, state)


def _move(scenario: Scenario) -> None:
    game = Game(scenario, 1)  # which tries compiled physics out, as in hide-and-seek
    if scenario.task != HIDE_AND_SEEK:
        game.reset(np.zeros(1, np.uint64))


def _show(_: Scenario) -> None:
    """What is drawn of a film."""
    from replays.viewer.warm_up import compile_for_window

    compile_for_window()


def _take_over(_: Scenario) -> None:
    """What a person can take hold of who plays an agent."""
    context = trial_context()
    nearest_reachable(RULES, context.layout, context.state, context.seen, 0, 0)


def _hide(scenario: Scenario) -> None:
    """Who plays hiders that nobody has named."""
    warm_up_player(STAND_INS[HIDERS], scenario)


def _seek(scenario: Scenario) -> None:
    """Who plays seekers that nobody has named."""
    warm_up_player(STAND_INS[SEEKERS], scenario)


PARTS: dict[str, tuple[Callable[[Scenario], None], ...]] = {
    WORLD: (_see, _see_again, _find_blocked_doors, _place, _find_seals, _move),
    WINDOW: (_show, _take_over, _hide, _seek),
}
"""What is compiled, in an order in which two processes that begin at either end finish at about the same time."""


def warm_up_player(name: str, scenario: Scenario) -> None:
    """Compiles a scripted player by letting it act once, as hiders.

    Raises:
        UserError: there is no such player.
    """
    from policies.agents.players import player

    game = Game(scenario, 1)
    game.reset(np.zeros(1, np.uint64))
    player(name, HIDERS, scenario, seed=0).act(game, HIDERS)


if __name__ == "__main__":
    _go_through(PARTS[sys.argv[2]][::-1], scenario_from_text(sys.argv[1]))
