"""A config holds what a learner can work with, and says what is wrong with the rest."""

from dataclasses import replace
from typing import Any

import pytest

from policies.commands.listing import Presets
from policies.learning.config import PRESETS, TrainConfig, changed
from sim.errors import UserError

SMALL = TrainConfig(worlds=8)


def test_a_config_out_of_range_names_the_field():
    wrong: dict[str, Any] = {"worlds": 0, "gamma": 1.5, "hidden": (128, 0), "clip": float("nan")}
    for name, value in wrong.items():
        with pytest.raises(UserError, match=name):
            replace(TrainConfig(), **{name: value})
    for layers in (0, 9):
        with pytest.raises(UserError, match="hidden"):
            replace(TrainConfig(), hidden=(8,) * layers)


def test_a_config_of_wrong_types_names_the_field():
    wrong: dict[str, Any] = {
        "worlds": 4.5,
        "epochs": True,
        "minibatch": "64",
        "gamma": None,
        "clip": (0.2,),
        "hidden": (1.5,),
        "seed": [0],
        "without": ("spade",),
        "then": ((640, 7),),
    }
    for name, value in wrong.items():
        with pytest.raises(UserError, match=name):
            replace(TrainConfig(), **{name: value})
    assert replace(TrainConfig(), gamma=1, without=("lock", "pushing")).gamma == 1


def test_settings_change_the_fields_they_name():
    config = changed(SMALL, ["entropy=0.02", "worlds=9", "hidden=8,4", "network=pooled"])
    assert config == replace(SMALL, entropy=0.02, worlds=9, hidden=(8, 4), network="pooled")


@pytest.mark.parametrize(
    ("setting", "complaint"),
    [("entropie=1", "'entropie' is unknown; did you mean entropy.* choose from worlds"),
     ("entropy", "give a value, such as entropy=0"), ("hidden", "give a value, such as hidden=128,128$"),
     ("seed=1", "'seed' is unknown; choose from worlds"),
     ("worlds=2.5", "not a whole number, such as 8"), ("hidden=a", "commas between, such as"),
     ("entropy=nan", "entropy"), ("network=rnn", "choose from")],
)  # fmt: skip
def test_a_bad_setting_is_one_clear_line(setting: str, complaint: str):
    with pytest.raises(UserError, match=complaint):
        changed(SMALL, [setting])


def test_every_value_that_presets_prints_can_be_set(capsys: pytest.CaptureFixture[str]):
    assert Presets().run() == 0
    printed = [line.partition(" (")[0] for line in capsys.readouterr().out.splitlines() if not line.startswith(" ")]
    assert "hidden=128,128" in printed and changed(SMALL, printed) == PRESETS["laptop"]
