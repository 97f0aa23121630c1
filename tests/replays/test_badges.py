"""What the gallery says about where a film comes from, and in which order films stand."""

import dataclasses
import json
import os
import time
from pathlib import Path

import pygame
import pytest
from pygame import Rect

from replays.events import NOBODY, Event
from replays.film.facts import Facts, facts_from_text, facts_of, facts_to_text, of_run
from replays.film.labels import found_strategies, rate_text, team_text, trained_steps
from replays.film.origin import CHANGED, HIDERS_LEARNED, LEARNED, PLAYED, SCRIPTED, SEEKERS_LEARNED
from replays.film.units import training_text
from replays.format.metrics import Metrics
from replays.format.recording import Recording, write
from replays.viewer.gallery import loader as loader_module
from replays.viewer.gallery import tiles
from replays.viewer.gallery.badges import badge_text, cut_badge_texts
from replays.viewer.gallery.filters import BY_STRATEGY, BY_TRAINING, Filters, grouped
from replays.viewer.gallery.loader import Cache, RecordingLoader
from replays.viewer.gallery.run_rates import RunRates, rate_near
from replays.viewer.gallery.tiles import who_plays
from replays.viewer.gallery.toolbar import count_text
from replays.viewer.widgets import theme

STEP = f"hiders-{30_000_000:012}"
PLAIN = Facts("quadrant", "builder", "chaser", "Hiders win", 0.5, ("Door blocked",), 9, 10, SCRIPTED)


@pytest.mark.parametrize(
    ("origin", "hashes", "names", "outcome"),
    [
        (SCRIPTED, {"hiders": "", "seekers": ""}, ("builder", "chaser"), {}),
        (SCRIPTED, {}, ("builder", "chaser"), {}),
        (LEARNED, {"hiders": "a", "seekers": "b"}, ("quadrant-block", "quadrant-block"), {}),
        (LEARNED, {}, (STEP, STEP.replace("hiders", "seekers")), {}),
        (HIDERS_LEARNED, {"hiders": "a", "seekers": ""}, ("block", "chaser"), {}),
        (SEEKERS_LEARNED, {"hiders": "", "seekers": "b"}, ("builder", "block"), {}),
        (PLAYED, {"hiders": "a", "seekers": "b"}, ("block", "block"), {"played_by": "you"}),
        (PLAYED, {"hiders": "", "seekers": ""}, ("evader, and you", "chaser"), {}),
        (PLAYED, {"hiders": "a", "seekers": ""}, ("block", "chaser, and you"), {}),
        (CHANGED, {"hiders": "a", "seekers": "b"}, ("block", "block"), {"changed": True}),
        (CHANGED, {"hiders": "a", "seekers": ""}, ("block, and you", "chaser"), {"changed": True, "played_by": "you"}),
    ],
)
def test_the_header_says_where_a_film_comes_from(origin, hashes, names, outcome, recording: Recording):
    header = dataclasses.replace(
        recording.header,
        hashes=hashes,
        hiders=names[0],
        seekers=names[1],
        outcome={**recording.header.outcome, **outcome},
    )
    assert facts_of(dataclasses.replace(recording, header=header)).origin == origin


def test_a_film_in_which_something_was_taken_away_is_changed_whatever_its_outcome_says(recording: Recording):
    events = (Event(3, "taken away", NOBODY, 0, NOBODY), *recording.events)
    assert facts_of(dataclasses.replace(recording, events=events)).origin == CHANGED


def test_a_strategy_is_shown_at_its_longest_and_lasts_to_the_end_if_nothing_ends_it():
    kinds = [
        (2, "door blocked"),
        (5, "door open again"),
        (6, "door blocked"),
        (50, "door open again"),
        (90, "door blocked"),
    ]
    (found,) = found_strategies([Event(tick, kind, 0, 0, 0) for tick, kind in kinds], hiders=2, ticks=100)
    assert found.title == "Door blocked"
    assert found.lasted == 44 + 10 and found.tick == 14, "a little after it began for the longest time"
    assert found.began == 6


def test_what_takes_but_a_moment_comes_when_it_first_happens_and_is_shown_when_it_last_does():
    (found,) = found_strategies([Event(tick, "chase", 2, -1, 0) for tick in (30, 50, 70)], hiders=2, ticks=100)
    assert (found.title, found.began, found.tick, found.lasted) == ("Chase", 30, 70, 0)


def test_a_door_stays_blocked_while_another_opens_and_two_at_once_count_once():
    events = [
        Event(10, "door blocked", 0, 0, 0),
        Event(20, "door blocked", 1, 1, 1),
        Event(30, "door open again", 1, 1, 1),
        Event(80, "door blocked", 1, 1, 1),
        Event(90, "door open again", 0, 0, 0),
    ]
    (found,) = found_strategies(events, hiders=2, ticks=120)
    assert (found.tick, found.lasted) == (18, 110)


@pytest.mark.parametrize(("lasted", "titles"), [(9, []), (10, ["Fort built", "Seal broken"])])
def test_what_does_not_last_a_second_names_no_recording(lasted: int, titles: list[str]):
    events = [Event(62, "fort built", NOBODY, 0, NOBODY), Event(62 + lasted, "seal broken", NOBODY, 0, NOBODY)]
    assert [found.title for found in found_strategies(events, hiders=2, ticks=180)] == titles


@pytest.mark.parametrize(("hidden", "shown"), [(0.25, 0.25), (1.0, 1.0), (1.5, None), (-0.1, None), ("much", None)])
def test_a_share_of_time_hidden_is_believed_from_0_to_1(hidden, shown, recording: Recording):
    header = dataclasses.replace(recording.header, outcome={"hidden": hidden})
    assert facts_of(dataclasses.replace(recording, header=header)).hidden == shown


def test_a_recording_that_was_replaced_by_one_as_long_is_read_again(run: Path, tmp_path: Path):
    path, cache = of_run(run)[0], Cache(tmp_path / "cache")
    cache.keep(path, PLAIN, bytes(3 * 240 * 240))
    assert cache.facts(path) == PLAIN
    os.utime(path, ns=(1, 1))
    assert cache.facts(path) is None


def test_of_too_many_thumbnails_the_longest_unseen_are_forgotten(
    run: Path, loader: RecordingLoader, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("replays.viewer.gallery.loader.MOST_PICTURES", 2)
    paths = of_run(run)[:3]
    for path in paths:
        loader.picture(path)
        loader.wait(100)
    assert [path in loader._pictures for path in paths] == [False, True, True]


def test_a_badge_says_how_long_a_team_was_trained_where_that_is_known():
    path, in_run = Path("film.npz"), Path("evening/replays/000002000000.npz")
    assert badge_text(path, PLAIN) == "scripted"
    assert badge_text(path, PLAIN._replace(origin=LEARNED)) == "learned"
    assert badge_text(path, PLAIN._replace(origin=LEARNED, hiders=STEP)) == "learned, 30 M steps"
    assert badge_text(path, PLAIN._replace(origin=SEEKERS_LEARNED, seekers=STEP)) == "seekers learned, 30 M steps"
    assert badge_text(in_run, PLAIN._replace(origin=LEARNED)) == "learned, 2 M steps"
    assert badge_text(in_run, PLAIN._replace(origin=CHANGED)) == "changed by you"
    assert badge_text(in_run.with_name("000000000000.npz"), PLAIN._replace(origin=LEARNED)) == "before training"


@pytest.mark.parametrize(
    ("config", "begun"),
    [
        ({"start": "quadrant-block"}, "from quadrant-block"),
        ({"seekers": "quadrant-block", "tuning": {"team": "quadrant-block", "fresh": False}}, "from quadrant-block"),
        (
            {"seekers": "quadrant-block", "tuning": {"team": "quadrant-block", "fresh": True}},
            "seekers of quadrant-block",
        ),
        ({"start": "", "seekers": "runs/first"}, "seekers of runs/first"),
        ({"start": 3, "tuning": "much"}, ""),
        ({}, ""),
    ],
)
def test_a_run_that_began_with_trained_teams_is_not_called_untrained(
    config: dict, begun: str, run: Path, loader: RecordingLoader
):
    (run / "config.json").write_text(json.dumps(config))
    path = of_run(run)[0]
    first = path.rename(path.with_name("000000000000.npz"))
    loader.add([first])
    loader.wait(100, [first])
    facts = loader.facts(first)
    assert isinstance(facts, Facts) and facts.begun == begun
    facts = facts._replace(origin=LEARNED)
    assert badge_text(first, facts) == ("as it began" if begun else "before training")
    assert who_plays(first, facts) == f"{run.name}, as it began, {begun}" if begun else f"{run.name}, before training"
    (group,) = grouped({first: facts}, Filters(), BY_TRAINING)
    assert group.title == ("Trained on from other teams" if begun else "Up to 1 M steps")
    assert training_text(0, begun) == ("as it began" if begun else "before training")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hiders-000000000000", "hiders as their run began"),
        ("hiders-000001200000", "hiders of 1.2 M steps"),
        ("hiders-000001200000, and you", "hiders of 1.2 M steps, and you"),
        ("hiders-000001200000:goal=sealed,apart, and you", "hiders of 1.2 M steps, goal sealed and apart, and you"),
        ("runs/told:goal=sealed", "runs/told, goal sealed"),
        ("chaser", "chaser"),
    ],
)
def test_a_team_is_called_by_its_training_and_by_its_goal(name: str, text: str):
    assert team_text(name, "hiders") == text
    trained = int(name[7:19]) if name.startswith("hiders") else None
    assert trained_steps(name.removesuffix(", and you")) == trained


def test_long_names_are_written_whole_and_in_letters_that_can_be_read(monkeypatch: pytest.MonkeyPatch):
    said: list[tuple[str, int]] = []
    monkeypatch.setattr(tiles, "write", lambda *m, **_: said.append((m[1], m[3])) or Rect(0, 0, 1, 1))
    area, path = Rect(0, 0, 208, 292), Path("film.npz")
    facts = PLAIN._replace(origin=LEARNED, hiders="quadrant-block-closer", seekers="quadrant-block")
    tiles.draw_tile(pygame.Surface((208, 292)), area, path, facts, None)
    lines = [text for text, height in said if height >= theme.SMALL]
    assert "quadrant-block-closer against quadrant-block" in " ".join(lines)
    assert not tiles.cut_texts(area, path, facts)
    assert tiles.cut_texts(area, path, facts._replace(hiders="quadrant-block-closer" * 3)), "the tooltip says it"


def test_a_rate_that_is_cut_is_told_whole():
    facts = PLAIN._replace(rate=0.02)
    assert cut_badge_texts(Rect(0, 0, 40, 40), Path("film.npz"), facts) == ["scripted", "in 2% of its episodes"]
    assert cut_badge_texts(Rect(0, 0, 400, 400), Path("film.npz"), facts) == []


def test_in_a_group_learned_films_come_first_and_then_the_best():
    """A longer blockade before a shorter one, then more hidden before less, then longer trained, then by name."""
    expected = {
        "longest": PLAIN._replace(origin=LEARNED, lasted=40, hidden=0.1),
        "hid-well": PLAIN._replace(origin=SEEKERS_LEARNED, lasted=30, hidden=0.9),
        "hid-badly": PLAIN._replace(origin=LEARNED, lasted=30, hidden=0.2, hiders=STEP),
        "trained": PLAIN._replace(origin=LEARNED, lasted=30, hidden=None, hiders=STEP),
        "unknown-hid": PLAIN._replace(origin=LEARNED, lasted=30, hidden=None),
        "scripted-a": PLAIN._replace(lasted=60, hidden=1.0),
        "scripted-b": PLAIN._replace(lasted=60, hidden=1.0),
        "played": PLAIN._replace(origin=PLAYED, lasted=60, hidden=1.0),
        "changed": PLAIN._replace(origin=CHANGED, lasted=60, hidden=1.0),
    }
    known = {Path(f"{name}.npz"): facts for name, facts in expected.items()}
    for order in (known, dict(reversed(known.items()))):
        (group,) = grouped(order, Filters(), BY_STRATEGY)
        assert [path.stem for path in group.paths] == list(expected)


def test_grouped_by_training_what_nobody_learned_stands_last_under_its_own_name():
    known = {
        Path("changed.npz"): PLAIN._replace(origin=CHANGED, hiders=STEP),
        Path("broken.npz"): "broken.npz: damaged",
        Path("played.npz"): PLAIN._replace(origin=PLAYED),
        Path("scripted.npz"): PLAIN,
        Path("learned.npz"): PLAIN._replace(origin=LEARNED),
        Path("late.npz"): PLAIN._replace(origin=LEARNED, hiders=STEP),
        Path("evening/replays/000002000000.npz"): PLAIN._replace(origin=LEARNED),
    }
    titles = [group.title for group in grouped(known, Filters(), BY_TRAINING)]
    assert titles == [
        *("1 to 3 M steps", "30 to 100 M steps", "Learned, training time unknown"),
        *("Scripted", "Played by you", "Changed by you", "Cannot be read"),
    ]


def test_a_rate_is_the_mean_of_the_updates_around_a_recording(run: Path):
    lines = [json.dumps({"agent_steps": 100_000 * k, "soft_end": 0.01 * k, "fort_end": 0.5}) for k in range(1, 51)]
    deep = "[" * 100_000
    (run / "metrics.jsonl").write_text(
        "\n".join([deep, *lines[:20], "no json", '{"agent_steps": 5', *lines[20:], deep])
    )
    rates = RunRates()
    first, *_, last = of_run(run)
    assert rates.rate(first, "Door blocked") == pytest.approx(0.10)
    assert rates.rate(last, "Sealed in") == pytest.approx(0.46), "the last nine"
    assert rates.rate(last, "Fort built") == pytest.approx(0.5)
    assert rates.rate(last, "Chase") is None, "older runs did not count chases"
    assert rates.rate(run / "film.npz", "Door blocked") is None, "it is not the run's own"


def append_updates(run: Path, first: int, last: int, rate: float) -> None:
    """Lines of metrics, one for each thousand agent-steps, all with the same rate of blocked doors."""
    with open(run / "metrics.jsonl", "a") as file:
        for k in range(first, last):
            file.write(json.dumps({"agent_steps": 1000 * k, "door_blocked": rate}) + "\n")


def test_rates_follow_a_run_that_goes_on(tmp_path: Path):
    (tmp_path / "replays").mkdir()
    early, late = (tmp_path / "replays" / f"{steps:012}.npz" for steps in (10_000, 395_000))
    rates = RunRates()
    append_updates(tmp_path, 1, 15, 0.0)
    assert rates.rate(early, "Door blocked") == 0.0 and not rates.is_settled(early)
    append_updates(tmp_path, 15, 400, 1.0)
    assert rates.rate(late, "Door blocked") == 1.0 == RunRates().rate(late, "Door blocked")
    assert rates.rate(early, "Door blocked") == 0.0 and rates.is_settled(early)
    assert not rates.is_settled(late) and rates.is_settled(tmp_path / "film.npz")


def test_the_gallery_shows_the_rates_of_a_run_that_goes_on(
    run: Path, loader: RecordingLoader, recording: Recording, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(loader_module, "_RATES_S", 0.02)
    blocked = tuple(sorted([*recording.events, Event(4, "door blocked", 1, 0, 0)], key=lambda event: event.tick))
    path = of_run(run)[-1]
    write(dataclasses.replace(recording, events=blocked), path)
    (run / "metrics.jsonl").write_text("")
    append_updates(run, 4990, 4999, 0.0)
    loader.add([path])
    loader.wait(100, [path])
    facts, version = loader.facts(path), loader.version
    assert isinstance(facts, Facts) and facts.rate == 0.0
    append_updates(run, 4999, 5020, 0.5)
    for _ in range(500):
        if loader.version != version:
            break
        time.sleep(0.02)
    facts = loader.facts(path)
    assert isinstance(facts, Facts) and facts.rate == pytest.approx(1 / 3), "the nearest nine"


def test_rates_that_are_no_shares_are_not_believed():
    metrics = Metrics(["soft_end"])
    for steps, value in ((1, 7.0), (2, 0.25), (3, None)):
        metrics.add(json.dumps({"agent_steps": steps, "soft_end": value}).encode())
    assert rate_near(metrics, "soft_end", 2) == 0.25
    assert rate_near(Metrics(["soft_end"]), "soft_end", 2) is None
    assert rate_text(0.02) == "in 2% of its episodes"
    assert rate_text(0.004) == "in under 1% of its episodes"
    assert rate_text(0.0) == "in 0% of its episodes"


def test_the_loader_finds_the_rate_of_a_run_each_time(run: Path, loader: RecordingLoader, recording: Recording):
    path = of_run(run)[-1]
    blocked = tuple(sorted([*recording.events, Event(4, "door blocked", 1, 0, 0)], key=lambda event: event.tick))
    write(dataclasses.replace(recording, events=blocked), path)
    (run / "metrics.jsonl").write_text('{"agent_steps": 5000000, "soft_end": 0.125}\n')
    loader.add([path])
    loader.wait(100, [path])
    facts = loader.facts(path)
    assert isinstance(facts, Facts) and facts.strategies[0] == "Door blocked" and facts.rate == 0.125


def test_facts_that_are_damaged_nested_or_of_another_kind_are_refused():
    assert facts_from_text(facts_to_text(PLAIN)) == PLAIN
    for text in ("", "null", "{}", "[" * 100_000, facts_to_text(PLAIN._replace(origin="dreamt")), "[1, 2]"):
        with pytest.raises(ValueError):
            facts_from_text(text)


def test_one_recording_is_no_recordings():
    assert count_text(1, 1, 0) == "1 recording" and count_text(2, 2, 0) == "2 recordings"
    assert count_text(1, 3, 0) == "1 of 3 recordings" and count_text(0, 3, 2) == "reading 1 of 3"
