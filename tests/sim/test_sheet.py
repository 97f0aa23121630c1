"""One picture of many worlds, each under its name."""

from pathlib import Path

import numpy as np
import pygame
import pytest

from policies.cli import main
from sim.render.draw import pixels
from sim.render.palette import INK, PAPER
from sim.render.sheet import _LINE, _SIDE, draw_sheet
from sim.render.text import label
from sim.scenario import scenario_from_text, scenario_names
from sim.shifts.shifted import all_shifts


def test_a_named_world_is_drawn_with_every_shift_also_those_that_only_its_kin_can_have(tmp_path: Path):
    assert main(["scenarios", "quadrant", "--picture", str(tmp_path / "shifts.png"), "--seed", "3"]) == 0
    sheet = pixels(pygame.image.load(tmp_path / "shifts.png"))
    height, width = sheet.shape[0] // 3, sheet.shape[1] // 6
    places = [sheet[row * height :, column * width :][:height, :width] for row in range(3) for column in range(6)]
    drawn = [place for place in places if (place != PAPER).any()]
    assert len(drawn) == len(all_shifts()) == 17
    shifts = dict(zip(all_shifts(), drawn, strict=True))
    for name in ("door-locked", "no-seekers", "seeker-inside", "two-doors", "one-ramp", "swapped-looks"):
        assert (shifts[name][_LINE:] != shifts["no-lock"][_LINE:]).any(), name
    assert (shifts["long"][3 * _LINE :] == shifts["no-lock"][3 * _LINE :]).all(), "its start is the same"


def test_another_seed_draws_another_start():
    worlds = {"quadrant": scenario_from_text("quadrant")}
    one, again, other = (pixels(draw_sheet(worlds, seed)) for seed in (1, 1, 2))
    assert (one == again).all() and (one != other).any()


@pytest.mark.parametrize("name", [*scenario_names(), *all_shifts()])
def test_a_name_fits_above_its_world(name: str):
    assert label(name, _LINE, INK).width <= _SIDE


def test_every_world_is_drawn(tmp_path: Path):
    assert main(["scenarios", "--picture", str(tmp_path / "worlds.png")]) == 0
    sheet = pygame.image.load(tmp_path / "worlds.png")
    assert np.prod(sheet.get_size()) >= len(scenario_names()) * _SIDE * _SIDE
