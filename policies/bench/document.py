"""What `hideseek bench --json` prints: a `BenchDocument`. A tick is that of one world, all of its agents included."""

from typing import Required, TypedDict


class WorldSpeed(TypedDict):
    """How fast the world runs, on one thread where nothing else is said; medians over rounds."""

    tick_us: float
    """Microseconds of a tick, resets spread over the ticks."""
    plain_us: float | None
    """Of the same game on plain pymunk; None where there are ramps, which it does not play."""
    plain_numpy_us: float | None
    """Likewise with rays in numpy."""
    chipmunk_us: float | None
    """Of Chipmunk's own stepping of the same worlds; None where pymunk is stepped the slow way."""
    reset_share: float
    """Of our time, 0 to 1."""
    threads: dict[str, float]
    """Ticks a second, by number of threads."""
    env_steps_per_s: float
    """Of the PettingZoo environment, all agents together."""
    rounds: int
    """How many the medians are of."""


class LearnerSpeed(TypedDict):
    """Whole updates, rollouts included. An agent-step is one agent in one tick, frozen seekers included."""

    agent_steps_per_s: float
    sb3_agent_steps_per_s: float | None
    """Of Stable-Baselines3; None where it is not installed."""
    shares: dict[str, float]
    """Of the time, 0 to 1: simulate, infer, judge, learn and other."""
    updates: int
    """How many were timed."""


class FrameTimes(TypedDict):
    """Milliseconds that a frame takes, without the wait for the screen: median and 99th percentile."""

    frame_ms_p50: float
    frame_ms_p99: float


class GalleryTimes(FrameTimes):
    """Of scrolling through 500 recordings while their thumbnails are being made."""

    frame_ms_p99_known: float
    """When all thumbnails are known."""


class EditorTimes(FrameTimes):
    """The time that passed, and the processor time of the thread that draws: on a busy machine the second says more."""

    cpu_ms_p50: float
    cpu_ms_p99: float


class EditorSpeed(TypedDict):
    """The editor with a full world."""

    drag: EditorTimes
    """A box is dragged about."""
    strip: EditorTimes
    """Twelve starts are played by scripted teams."""


class ViewerSpeed(TypedDict):
    """A viewer that watches 240 ticks of three against three with nine boxes."""

    first_frame_ms: float
    """From the start of a fresh process to its first frame, median."""
    seek_ms_p99: float
    """A jump to any tick until it is drawn."""
    seek_growth_mib: float
    """Memory after all jumps beyond that after a tenth of their time; 0 where the system does not tell."""
    seek_growth_jumps: int
    """How many jumps."""
    panes: dict[str, FrameTimes]
    """Of drawing while playing, by number of recordings side by side."""
    gallery: GalleryTimes
    editor: EditorSpeed


class Race(TypedDict):
    """A learner that learnt until half of the episodes ended sealed and locked, or its time was over."""

    minutes: float | None
    """Until then; None if it did not come to that."""
    trained_minutes: float
    """Until it ended."""
    processor_minutes: float
    """Likewise, of all threads."""
    agent_steps: int
    """When it ended."""
    robust_end: float
    """Share of episodes that ended so at last, 0 to 1."""
    best: float
    """The largest share found."""


class Races(TypedDict):
    """Two learners in the same worlds."""

    ours: Race
    sb3: Race | None
    """Stable-Baselines3's PPO; None where it is not installed."""


class BenchDocument(TypedDict, total=False):
    """The parts that were measured."""

    machine: Required[dict[str, str | int | None]]
    """Processor, cores, system, python, and the version of each package that the numbers depend on."""
    world: dict[str, WorldSpeed]
    """By scenario."""
    learner: LearnerSpeed
    viewer: ViewerSpeed
    growth: dict[str, dict[str, float]]
    """Microseconds of a tick, by what grows (worlds, agents, boxes, threads) and its number."""
    sealed: Races
