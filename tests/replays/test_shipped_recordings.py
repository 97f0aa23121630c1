"""The films in replays/gallery, as a newcomer meets them."""

from pathlib import Path

import numpy as np
import pytest

import replays
from policies.agents.players import SHIPPED
from policies.agents.team import metadata_of, slot_mismatch
from replays.film.facts import facts_of
from replays.format.recording import read
from replays.labels import read as read_labels
from replays.live_episode import scenario_of
from replays.questions import recording_of

REPLAYS = Path(replays.__file__).parent
FILMS = sorted((REPLAYS / "gallery").glob("*.npz"))


@pytest.mark.parametrize("path", FILMS, ids=lambda path: path.stem)
def test_a_shipped_film_can_be_played_on_and_tells_what_trained_teams_expect(path: Path):
    recording = read(path)
    assert scenario_of(recording).slots == recording.header.slots
    slots = recording.header.slots
    for agent, name in ((0, recording.header.hiders), (slots.hiders, recording.header.seekers)):
        if not (SHIPPED / name).is_dir():
            continue
        expected, known = recording.expected_by(agent), slot_mismatch(metadata_of(SHIPPED / name).slots, slots) is None
        # A team may play in larger worlds than its critic can judge.
        assert known == (expected is not None) and (expected is None or np.ptp(expected) > 0)


def test_there_is_a_film_of_every_kind():
    assert {"door-blocked", "chase", "evade", "over-wall", "shelter", "fort"} <= {path.stem for path in FILMS}


@pytest.mark.parametrize(("film", "title"), [("over-wall", "Over the wall"), ("seen-from-above", "Seen from above")])
def test_a_film_of_an_agent_on_a_ramp_is_shown_under_what_it_is_named_for(film: str, title: str):
    """Who comes over a wall has mostly looked over it before."""
    assert facts_of(read(REPLAYS / "gallery" / f"{film}.npz")).strategies[0] == title


def test_the_shipped_labels_are_whole_and_say_what_they_ask():
    """One pair in eight is a repeat; the person chose the clip in which the hiders are nearer to each other."""
    labels = read_labels(REPLAYS / "rankings" / "closer.jsonl")
    assert len(labels) == 48 and {label.ask for label in labels} == {"Which hiders stay closer together?"}
    right = []
    for label in labels:
        gaps = []
        for clip in label.question.clips:
            agents = recording_of(clip).states.agents[clip.first : clip.until + 1]
            gaps.append(np.linalg.norm(agents[:, 0, :2] - agents[:, 1, :2], axis=1).mean())
        if label.choice != "equal":
            right.append(label.choice == ("left" if gaps[0] < gaps[1] else "right"))
    assert len(right) == 36 and np.mean(right) > 0.95
