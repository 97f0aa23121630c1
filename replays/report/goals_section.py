"""The goals of a run over its training: what `hideseek probe RUN --every` found at its checkpoints."""

from collections.abc import Sequence
from html import escape

from replays.report.charts import steps_text
from replays.report.documents.run import GoalsStage
from replays.report.probe_page import GOALS
from replays.report.tables import table


def goals_section(stages: Sequence[GoalsStage]) -> str:
    """A table with a column for each checkpoint; nothing without any."""
    if not stages:
        return ""
    rows = []
    for world, proxies in stages[-1]["shown"].items():
        if not proxies:
            continue
        most = max(proxies, key=proxies.__getitem__)
        cells = [f"{stage['shown'].get(world, {}).get(most, 0.0):.2f}" for stage in stages]
        rows.append([escape(f"{most.replace('_', ' ')}, {world}"), *cells])
    for goal, title in GOALS.items():
        rows.append([f"aimed at: {title.lower()} (nats)", *(f"{stage['aims'][goal]:.1f}" for stage in stages)])
    words = (
        "Checkpoints in the world of training and in worlds that they never met. Of each world the habit that persists "
        "most at the end: 1 is as much of it, above random hiders, as the last checkpoint shows in training. Below, "
        "how many nats of an episode's actions are aimed at a goal in training."
    )
    head = ("after agent-steps", *(steps_text(stage["agent_steps"]) for stage in stages))
    return f"<p class='faint'>{words}</p>{table(head, rows)}"
