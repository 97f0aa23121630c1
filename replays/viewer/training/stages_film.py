"""Training as a short film: the same start played by the untrained teams, by those half-way, and by the last."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pygame
from PIL import Image
from pygame import Rect

from replays.annotate import searched
from replays.film.facts import agent_steps_of, begun_of, facts_of
from replays.film.focus import Focus, camera_on, focus_of
from replays.film.units import training_text
from replays.format.recording import Recording, read
from replays.interpolation import moment
from replays.video import Pictures, write_film
from sim.errors import UserError
from sim.render.draw import Options, draw, pixels
from sim.render.palette import INK, PAPER, mix
from sim.render.snapshot import Snapshot
from sim.render.text import label
from sim.rules import RULES

_OVERSIZE = 2
"""Pictures are drawn this many times too large and shrunk, which smooths them."""
_SIDE, _GAP, _TOP, _FOOT = 300, 10, 50, 26
"""Pixels of the finished film: a world, between worlds, for captions, for the clock."""
_PICTURES_A_TICK = 1
_LAST_TICKS = 8
"""How long the last moment stands."""


class Stage(NamedTuple):
    """One of the worlds of the film."""

    recording: Recording
    title: str
    about: str


def write_stages(recordings: Sequence[Path], path: Path) -> None:
    """Writes a .gif (or .mp4) of three stages of a run, side by side; of fewer if it has no more.

    Args:
        recordings: those of one run, earliest first; what cannot be read is left out.
        path: what to write.

    Raises:
        UserError: none of them can be read, or nothing can be written.
    """
    found = [_stage(recording, step_path) for step_path in three_of(recordings) if (recording := _read(step_path))]
    if not found:
        raise UserError(f"{path}: no recording of this run can be shown; train it for longer")
    write_film(path, _pictures(found), _PICTURES_A_TICK)


def three_of(recordings: Sequence[Path]) -> list[Path]:
    """The first recording of a run, the one nearest to half of its training, and the last; each once."""
    if not recordings:
        return []
    steps = {path: agent_steps_of(path) or 0 for path in recordings}
    half = steps[recordings[-1]] / 2
    middle = min(recordings, key=lambda path: abs(steps[path] - half))
    return list(dict.fromkeys([recordings[0], middle, recordings[-1]]))


def _read(path: Path) -> Recording | None:
    try:
        return searched(read(path))
    except UserError:
        return None


def _stage(recording: Recording, path: Path) -> Stage:
    steps, facts = agent_steps_of(path) or 0, facts_of(recording)
    about = facts.strategies[0] + ("" if facts.hidden is None else f", {facts.hidden:.0%} hidden")
    return Stage(recording, training_text(steps, begun_of(path)), about)


def _pictures(stages: Sequence[Stage]) -> Pictures:
    ticks = max(stage.recording.header.ticks for stage in stages)
    focus = _around([focus_of(stage.recording) for stage in stages])
    count = (ticks + _LAST_TICKS) * _PICTURES_A_TICK + 1
    return Pictures(count, lambda number: _picture(stages, focus, min(number / _PICTURES_A_TICK, ticks), ticks))


def _around(found: Sequence[Focus]) -> Focus:
    """One square around several, so that all worlds are shown alike."""
    left, bottom = min(one.left for one in found), min(one.bottom for one in found)
    right, top = max(one.left + one.side for one in found), max(one.bottom + one.side for one in found)
    return Focus(left, bottom, max(right - left, top - bottom), max(one.whole for one in found))


def _picture(stages: Sequence[Stage], focus: Focus, time: float, ticks: int) -> Image.Image:
    size = (len(stages) * (_SIDE + _GAP) + _GAP, _TOP + _SIDE + _FOOT)
    surface = pygame.Surface((size[0] * _OVERSIZE, size[1] * _OVERSIZE), depth=32)
    surface.fill(PAPER)
    for number, stage in enumerate(stages):
        left = _GAP + number * (_SIDE + _GAP)
        _write(surface, stage.title, (left, 6), 22, INK)
        _write(surface, stage.about, (left, 29), 16, mix(PAPER, INK, 0.55))
        _draw_world(surface, Rect(left, _TOP, _SIDE, _SIDE), stage.recording, focus, time)
    phase = "preparation" if time < stages[0].recording.header.preparation_ticks else "seeking"
    _write(surface, f"{phase}  {time * RULES.tick_s:.1f} s", (_GAP, _TOP + _SIDE + 5), 16, INK)
    left, full = 140, size[0] - 140 - _GAP
    for width, shade in ((full, 0.14), (full * time / ticks, 0.6)):
        bar = Rect(left * _OVERSIZE, (size[1] - 14) * _OVERSIZE, round(width * _OVERSIZE), 4 * _OVERSIZE)
        pygame.draw.rect(surface, mix(PAPER, INK, shade), bar, border_radius=2 * _OVERSIZE)
    return Image.fromarray(pixels(surface)).reduce(_OVERSIZE)


def _draw_world(surface: pygame.Surface, area: Rect, recording: Recording, focus: Focus, time: float) -> None:
    area = Rect(*(length * _OVERSIZE for length in area))
    now, header = moment(recording, time), recording.header
    options = Options(preparation=now.preparation, camera=camera_on(area.size, focus))
    draw(surface, area, Snapshot(header.slots, recording.layout, now.state, now.seen), options)


def _write(
    surface: pygame.Surface, text: str, place: tuple[int, int], height: int, colour: tuple[int, int, int]
) -> None:
    surface.blit(label(text, height * _OVERSIZE, colour), (place[0] * _OVERSIZE, place[1] * _OVERSIZE))
