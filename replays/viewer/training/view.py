"""What the live training screen writes and draws around the world: header, newest values, caption, curves and marks."""

from pathlib import Path

import pygame
from pygame import Rect

from replays.film.caption import caption
from replays.film.film import Film
from replays.film.units import rough_time, short_steps, short_time, training_text
from replays.viewer.training.run import WatchedRun
from replays.viewer.training.stage import Stage
from replays.viewer.widgets.fitting import write_fitting
from replays.viewer.widgets.plot import Plot, draw_dot, draw_legend
from replays.viewer.widgets.theme import FAINT, LARGE, NORMAL, SMALL, px, wrap, write
from sim.render.palette import HIDER, INK, PAPER, mix
from sim.render.text import label

_ROW, _LEAST_ROW, _FOOT_ROW, _GAP = 23, 17, 20, 12


def waiting_words(run: WatchedRun) -> str:
    """What is said while there is no recording to play."""
    if run.recordings:
        return "Training; the first recording is being read."
    if not run.is_training:
        return "This run has no recording yet, and nothing trains it now. hideseek train goes on with it."
    left = run.seconds_to_next()
    if left is None:
        return "Training is starting; on a new machine its kernels are compiled first, which takes a minute or two."
    return f"Training; the first recording comes in about {rough_time(left)}."


def draw_header(surface: pygame.Surface, area: Rect, run: WatchedRun) -> None:
    """Which run this is, and how far it has come in agent-steps and minutes, and how fast."""
    facts = [f"{short_steps(run.agent_steps)} agent-steps", short_time(run.seconds)] if run.agent_steps else []
    if run.is_training and run.speed:
        facts.append(f"{short_steps(float(f'{run.speed:.2g}'))} a second")
    facts_area = write(surface, "  ·  ".join(facts), area.midright, NORMAL, INK, "midright", area.width)
    ended = f"Trained: {run.ended}" if run.ended else "Trained"
    state, colour = ("Training", HIDER) if run.is_training else (ended, INK)
    room = max(facts_area.left - area.left - px(16), 0)
    title = write_fitting(surface, state, area.midleft, LARGE, room, colour, "midleft")
    where = "  ·  ".join(filter(None, (run.folder.name, run.scenario)))
    left = title.right + px(10)
    if facts_area.left - left > px(80):
        write(surface, where, (left, area.centery + px(1)), NORMAL, FAINT, "midleft", facts_area.left - left - px(16))


def draw_panel(surface: pygame.Surface, area: Rect, run: WatchedRun, stage: Stage) -> None:
    """Which recording plays, every curve's value at an earlier stage or now, and what can be done."""
    left, top, curves = area.left, area.top + px(10), run.curves
    shown = run.stage_of(stage.path) if stage.path and stage.chosen else None
    if stage.path is not None:
        which = "An earlier stage" if stage.chosen else "The newest teams"
        write_fitting(surface, ", ".join(filter(None, (which, run.begun))), (left, top), SMALL, area.width, FAINT)
        trained = training_text(run.stage_of(stage.path), run.begun)
        write(surface, trained, (left, top + px(18)), LARGE, INK, width=area.width)
        top += px(54)
        now = "Values now" if run.is_training else "Values at the end"
        write(surface, now if shown is None else "Values at this stage", (left, top), SMALL, FAINT)
        top += px(_FOOT_ROW)
    legend = Rect(left, top, area.width, max(area.bottom - top, 0))
    foot = _foot(run, stage, area.width) if stage.path else []
    row = _row_height(legend.height - len(foot) * px(_FOOT_ROW), len(curves.lines))
    draw_legend(surface, legend, curves.lines, row, curves.values_at(shown))
    top += len(curves.lines) * row + px(_GAP)
    for line in foot:
        if top + px(_FOOT_ROW) > area.bottom:
            return
        write(surface, line, (left, top), SMALL, FAINT)
        top += px(_FOOT_ROW)


def draw_caption(surface: pygame.Surface, area: Rect, film: Film, tick: int) -> None:
    """What happens now, under a bar that fills up as the episode passes."""
    words, _ = caption(film, tick)
    fits = label(words, px(NORMAL), INK).get_width() <= area.width
    write(surface, words, area.center, NORMAL if fits else SMALL, INK, "center", area.width)
    done = round(area.width * tick / max(film.recording.header.ticks, 1))
    pygame.draw.rect(surface, mix(PAPER, INK, 0.35), Rect(area.left, area.top, done, px(2)))


def draw_plot(surface: pygame.Surface, plot: Plot, run: WatchedRun, shown: Path | None) -> None:
    """The curves, and a disc on the axis for each recording; the one that plays is large."""
    plot.draw(surface)
    if not run.curves.last:
        place = (plot.track.centerx, plot.track.centery - px(14))
        write(surface, "The curves begin with the first update.", place, SMALL, FAINT, "center")
    for path in run.recordings:
        place = (plot.x_of(run.stage_of(path)), plot.track.bottom - 1)
        if path == shown:
            draw_dot(surface, place, 6.5, INK)
        else:
            draw_dot(surface, place, 3.5, mix(PAPER, INK, 0.55))


def _row_height(room: int, rows: int) -> int:
    """Of the values: lower where there are so many that what follows them would have no room."""
    return min(max((room - px(_GAP)) // max(rows, 1), px(_LEAST_ROW)), px(_ROW))


def _foot(run: WatchedRun, stage: Stage, width: int) -> list[str]:
    left = run.seconds_to_next()
    lines = [] if left is None else [f"Next recording in {short_time(left)}"]
    back = "Esc follows training again" if run.is_training else "Esc goes back to the newest teams"
    way = back if stage.chosen else "Click the curves: earlier stages"
    for words in (way, "Enter opens the film; F1 shows all keys"):
        lines += wrap(words, SMALL, width)
    return lines
