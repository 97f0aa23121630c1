"""The films in replays/gallery, as a newcomer meets them."""

from pathlib import Path

import numpy as np
import pytest

from policies.agents.players import SHIPPED
from replays.format.recording import read
from replays.live_episode import scenario_of

FILMS = sorted((Path(__file__).parents[2] / "replays" / "gallery").glob("*.npz"))


@pytest.mark.parametrize("path", FILMS, ids=lambda path: path.stem)
def test_a_shipped_film_can_be_played_on_and_tells_what_trained_teams_expect(path: Path):
    recording = read(path)
    assert scenario_of(recording).slots == recording.header.slots
    shipped = {folder.name for folder in SHIPPED.iterdir()}
    for agent, name in ((0, recording.header.hiders), (recording.header.slots.hiders, recording.header.seekers)):
        expected = recording.expected_by(agent)
        assert expected is not None and np.ptp(expected) > 0 if name in shipped else True


def test_there_is_a_film_of_every_kind():
    assert {"door-blocked", "chase", "evade", "over-wall", "shelter", "fort"} <= {path.stem for path in FILMS}
