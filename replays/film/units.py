"""Numbers of training as people write them."""

from collections.abc import Sequence


def short_steps(agent_steps: float) -> str:
    """A number of agent-steps in as few letters as possible, such as "1.2 M"."""
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if agent_steps >= size:
            return f"{agent_steps / size:.3g} {unit}"
    return f"{agent_steps:.0f}"


def short_time(seconds: float) -> str:
    """A time in as few letters as possible, such as "40 s", "12 min" or "3 h 20"."""
    if seconds < 99.5:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60:02}"


def rough_time(seconds: float) -> str:
    """A time that is only guessed, to five seconds."""
    return short_time(max(round(seconds / 5) * 5, 5))


def first_stage_text(begun: str = "") -> str:
    """What a run's first stage is called; `begun` says which trained teams it began with, if any (`begun_from`)."""
    return "as it began" if begun else "before training"


def training_text(agent_steps: int, begun: str = "") -> str:
    """How long teams had been trained, such as "after 1.2 M agent-steps"."""
    return f"after {short_steps(agent_steps)} agent-steps" if agent_steps else first_stage_text(begun)


def stages_text(agent_steps: Sequence[int]) -> str:
    """Several stages of a run, such as "24 stages, 0 to 6 M steps"."""
    return f"{len(agent_steps)} stages, {short_steps(min(agent_steps))} to {short_steps(max(agent_steps))} steps"
