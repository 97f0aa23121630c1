"""Every tile says honestly where the behaviour in it comes from."""

import dataclasses
import json
from pathlib import Path

import pytest

from replays.format.recording import Recording
from replays.viewer.gallery.metadata import (
    CHANGED,
    LEARNED,
    PLAYED,
    SCRIPTED,
    facts_from_text,
    facts_of,
    facts_to_text,
    rate_in_run,
)

BOTH, HIDERS_ALONE = {"hiders": "a", "seekers": "b"}, {"hiders": "a", "seekers": ""}


def labelled(recording: Recording, hashes: dict[str, str], **outcome: object) -> str:
    header = dataclasses.replace(recording.header, hashes=hashes, outcome={**recording.header.outcome, **outcome})
    return facts_of(dataclasses.replace(recording, header=header)).origin


@pytest.mark.parametrize(
    ("hashes", "outcome", "origin"),
    [
        ({}, {}, SCRIPTED),
        ({"hiders": "", "seekers": ""}, {}, SCRIPTED),
        (BOTH, {}, LEARNED),
        (HIDERS_ALONE, {}, "learned hiders"),
        ({"hiders": "", "seekers": "b"}, {}, "learned seekers"),
        (BOTH, {"played_by": "you"}, PLAYED),
        (BOTH, {"played_by": "you", "changed": True}, CHANGED),
    ],
)
def test_where_behaviour_comes_from(episode: Recording, hashes: dict, outcome: dict, origin: str):
    assert labelled(episode, hashes, **outcome) == origin


def test_older_recordings_of_a_person_are_known_by_their_names(episode: Recording):
    header = dataclasses.replace(episode.header, hiders="evader, and you")
    assert facts_of(dataclasses.replace(episode, header=header)).origin == PLAYED


def test_facts_survive_being_kept_and_nonsense_does_not(episode: Recording):
    facts = facts_of(episode)
    assert facts_from_text(facts_to_text(facts)) == facts
    for text in ("[" * 100_000, "[]", "{}", "null", json.dumps([1] * 10)):
        with pytest.raises(ValueError):
            facts_from_text(text)


def test_the_rate_in_a_run_is_that_of_its_time(episode: Recording, tmp_path: Path):
    facts = facts_of(episode)._replace(strategies=("Door blocked",))
    film = tmp_path / "run" / "replays" / "000000000500.npz"
    assert rate_in_run(film, facts) == ""
    film.parent.mkdir(parents=True)
    lines = [{"agent_steps": 100 * k, "soft_end": 0.02 if k <= 5 else 0.9} for k in range(1, 20)]
    (tmp_path / "run" / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert rate_in_run(film, facts) == "sealed in 2% of its run's episodes"
    assert rate_in_run(film, facts._replace(strategies=("Chase",))) == ""
    assert rate_in_run(tmp_path / "elsewhere.npz", facts) == ""
