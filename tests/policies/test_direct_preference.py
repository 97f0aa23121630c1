"""Labels as training data: what was observed and done in a clip, and direct preference optimisation."""

import copy
from pathlib import Path

import numpy as np
import pytest
import torch

import replays
from policies.agents.action_distribution import score
from policies.agents.network_kinds import NETWORKS
from policies.agents.networks import initialise, new_actor
from policies.agents.players import player
from policies.preferences import direct_preference as module
from policies.preferences.clips import (
    Segment,
    SegmentComparison,
    answered_labels,
    feature_comparisons,
    segment_comparisons,
)
from policies.preferences.direct_preference import _log_probability, fit, learn_preferences, split
from policies.preferences.features import FEATURES, features, one_world
from replays.format.recording import read
from replays.label_writer import LabelWriter
from replays.questions import Label, Question, Statement, clip_of
from sim.errors import UserError
from sim.game import Game
from sim.rules import HIDERS
from sim.scenario import scenario_from_text
from sim.schema import observation_size
from tests.policies.bandits import seeded
from tests.policies.labelling import label, recordings
from tests.policies.training import SCENARIO

SLOTS = SCENARIO.slots
LABELS = Path(replays.__file__).parent / "rankings" / "closer.jsonl"


class Watched:
    """Random hiders that keep what they were shown."""

    name, hash, without = "random", "", ()

    def __init__(self) -> None:
        self.one, self.shown = player("random", HIDERS, SCENARIO, 0), []

    def act(self, game: Game, side: int) -> np.ndarray:
        self.shown.append(game.observation[:, : SLOTS.hiders].copy())
        return self.one.act(game, side)

    def expect(self, game: Game) -> None:
        return None

    def reset(self) -> None:
        self.one.reset()


def test_the_shipped_labels_are_of_the_world_of_quadrant_block():
    """Their recordings were made when the world had fewer options."""
    found = segment_comparisons(answered_labels(LABELS), scenario_from_text("quadrant"))
    assert len(found) == 48 and all(preferred in (0.0, 0.5, 1.0) for _, _, preferred in found)


def test_a_clip_is_what_the_hiders_saw_and_did(tmp_path: Path):
    watched = Watched()
    paths = recordings(tmp_path, SCENARIO, 4, watched)
    shown = np.stack(watched.shown)
    clips = [(paths[0], 0, 10), (paths[1], 3, 8), (paths[2], 1, 2), (paths[2], 1, 2)]
    file = label(tmp_path / "labels.jsonl", clips, ["left", "equal"])
    ((long,), (short,), preferred), ((one,), _, equal) = segment_comparisons(answered_labels(file), SCENARIO)
    assert (preferred, equal) == (1.0, 0.5) and len(one.actions) == 1
    np.testing.assert_allclose(long.observations, shown[:, 0], atol=1e-6)
    np.testing.assert_allclose(short.observations, shown[3:8, 1], atol=1e-6)
    assert np.array_equal(short.actions, read(paths[1]).actions[3:8, : SLOTS.hiders])


def test_the_features_of_a_clip_are_those_of_what_its_ticks_lead_to(tmp_path: Path):
    paths = recordings(tmp_path, SCENARIO, 2)
    file = label(tmp_path / "labels.jsonl", [(paths[0], 2, 6), (paths[1], 0, 10)] * 2, ["left", "right"])
    pairs = feature_comparisons(answered_labels(file))
    recording = read(paths[0])
    rows = features(SLOTS, one_world(recording.layout), recording.states, recording.seen)
    assert np.array_equal(pairs.left[0, :4], rows[3:7]) and pairs.left_weights.sum(1).tolist() == [4, 4]
    assert pairs.preferred.tolist() == [1.0, 0.0] and pairs.right.shape == (2, 10, len(FEATURES))


def test_labels_that_say_nothing_are_left_out(tmp_path: Path):
    paths = recordings(tmp_path, SCENARIO, 2)
    clips = [(paths[0], 0, 5), (paths[1], 0, 5)]
    file = label(tmp_path / "labels.jsonl", clips * 3, ["left", "skip", "equal"])
    assert [one.choice for one in answered_labels(file)] == ["left", "equal"]
    with pytest.raises(UserError, match="fewer than two"):
        answered_labels(label(tmp_path / "few.jsonl", clips * 2, ["left", "skip"]))


def test_labels_of_another_world_are_refused(tmp_path: Path):
    paths = recordings(tmp_path, SCENARIO, 2)
    clips = [(paths[0], 0, 5), (paths[1], 0, 5)] * 2
    labels = answered_labels(label(tmp_path / "labels.jsonl", clips, ["left", "right"]))
    with pytest.raises(UserError, match=r"0\.npz shows .* and the team plays"):
        segment_comparisons(labels, scenario_from_text("quadrant:ticks=10,preparation_ticks=4,boxes=2"))


def made_pairs(count: int, ticks: int = 4) -> list[SegmentComparison]:
    """In every pair the hiders of the left clip moved by 4, those of the right one by 2."""
    random, found = np.random.default_rng(0), []
    for _ in range(count):
        clips = []
        for move in (4, 2):
            seen = random.normal(size=(ticks, SLOTS.hiders, observation_size(SLOTS))).astype(np.float32)
            actions = random.integers(0, (9, 3, 4), (ticks, SLOTS.hiders, 3)).astype(np.int8)
            actions[..., 0] = move
            clips.append(Segment(seen, actions, np.ones(SLOTS.hiders, bool)))
        found.append(SegmentComparison((clips[0],), (clips[1],), 1.0))
    return found


@pytest.mark.parametrize("network", NETWORKS)
def test_what_was_preferred_becomes_likelier(network: str):
    actor = new_actor(network, SLOTS, (16, 16))
    initialise(actor, 0.01, seeded())
    reference = copy.deepcopy(actor)
    pairs = made_pairs(20)
    assert learn_preferences(actor, reference, pairs, 6000, 0) >= 6000
    seen = torch.from_numpy(pairs[0][0][0].observations)
    chances = []
    for one in (reference, actor):
        logits = one.forward_sequence(
            one.prepare(seen).unsqueeze(1), torch.ones(len(seen), 1, dtype=torch.bool)
        ).squeeze(1)
        chances.append(
            [score(logits, torch.tensor([move, 0, 0]).expand(*seen.shape[:2], 3))[0].mean().item() for move in (4, 2)]
        )
    assert chances[1][0] > chances[0][0] and chances[1][1] < chances[0][1]
    assert fit(actor, reference, made_pairs(10)).accuracy == 1.0


def test_the_loss_compares_log_probability_ratios_and_takes_one_label_in_ten_as_given_at_random(
    monkeypatch: pytest.MonkeyPatch,
):
    steps: list[tuple[torch.Tensor, torch.Tensor]] = []
    real = module.binary_cross_entropy_with_logits

    def noted(gap: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
        steps.append((gap.detach(), wanted))
        return real(gap, wanted)

    monkeypatch.setattr(module, "binary_cross_entropy_with_logits", noted)
    actor, reference = new_actor("mlp", SLOTS, (16,)), new_actor("mlp", SLOTS, (16,))
    initialise(actor, 1.0, seeded(1))
    initialise(reference, 1.0, seeded(2))
    pairs = [pair._replace(preferred=answer) for pair, answer in zip(made_pairs(3), (1.0, 0.5, 0.0), strict=True)]
    with torch.no_grad():
        left, right = (_log_probability(actor, pairs, k) - _log_probability(reference, pairs, k) for k in (0, 1))
    learn_preferences(actor, reference, pairs, 1, 0)
    ((gap, wanted),) = steps
    torch.testing.assert_close(gap.sort().values, (module.BETA * (left - right)).sort().values)
    assert sorted(wanted.tolist()) == pytest.approx([0.05, 0.5, 0.95])


def test_a_short_clip_counts_its_own_ticks_alone():
    """Zeros after its end change nothing."""
    actor = new_actor("mlp", SLOTS, (16,))
    initialise(actor, 1.0, seeded(1))
    reference = new_actor("mlp", SLOTS, (16,))
    initialise(reference, 1.0, seeded(2))
    short, long = made_pairs(1, 2)[0], made_pairs(1, 6)[0]
    both = _log_probability(actor, [short, long], 0)
    alone = torch.cat([_log_probability(actor, [pair], 0) for pair in (short, long)])
    torch.testing.assert_close(both, alone)


def test_what_nobody_did_counts_for_nothing():
    """Clips that differ only in the actions of a hider that does not exist are as likely as each other."""
    actor = new_actor("mlp", SLOTS, (16,))
    initialise(actor, 1.0, seeded(1))
    ((clip,), *_) = made_pairs(1)[0]
    other = clip.actions.copy()
    other[:, 1] = (other[:, 1] + 1) % (9, 3, 4)
    for exist, same in (((True, False), True), ((True, True), False)):
        sides = [(clip._replace(actions=actions, exist=np.array(exist)),) for actions in (clip.actions, other)]
        left, right = (_log_probability(actor, [SegmentComparison(sides[0], sides[1], 1.0)], side) for side in (0, 1))
        assert torch.equal(left, right) == same


def test_a_clip_says_which_hiders_exist(tmp_path: Path):
    world = scenario_from_text("rooms:ticks=10,preparation_ticks=4")
    paths = recordings(tmp_path, world, 12)
    clips = [(path, 0, 4) for path in paths]
    found = segment_comparisons(answered_labels(label(tmp_path / "labels.jsonl", clips, ["left"] * 6)), world)
    segments = [side[0] for left, right, _ in found for side in (left, right)]
    wanted = [read(path).layout.agent_exists[0, : world.slots.hiders] for path in paths]
    assert np.array_equal([one.exist for one in segments], wanted) and not np.all(wanted)


def test_a_fifth_is_held_out():
    learnt, held = split(made_pairs(20, 1), 0)
    assert (len(learnt), len(held)) == (16, 4) and not {id(pair) for pair in learnt} & {id(pair) for pair in held}


def test_a_group_is_as_likely_as_the_mean_of_its_clips():
    actor = new_actor("mlp", SLOTS, (16,))
    initialise(actor, 1.0, seeded(1))
    ((short,), (other,), _), ((long,), *_) = made_pairs(1, 2)[0], made_pairs(1, 6)[0]
    alone = _log_probability(actor, [SegmentComparison((clip,), (other,), 1.0) for clip in (short, long)], 0)
    group = _log_probability(actor, [SegmentComparison((short, long), (other,), 1.0)], 0)
    torch.testing.assert_close(group, alone.mean(0, keepdim=True))


def voted(folder: Path, choices: list[str]) -> list[Label]:
    """Votes on the same two clips."""
    writer = LabelWriter(folder / "votes.jsonl")
    clips = tuple(clip_of(path, 2, 6) for path in recordings(folder, SCENARIO, 2))
    statement = Statement("Hiders stay near each other", "mates_apart", -1)
    for choice in choices:
        writer.add("Which?", Question(clips, statement=statement), choice, 1.0)  # pyright: ignore[reportArgumentType]
    writer.close()
    return answered_labels(writer.path)


def test_a_vote_compares_its_clips_with_what_fits_the_statement_less(tmp_path: Path):
    pairs = feature_comparisons(voted(tmp_path, ["yes", "no", "unsure"]))
    column = list(FEATURES).index("mates_apart")
    assert pairs.vote.all() and pairs.preferred.tolist() == [1.0, 0.0]
    assert np.unique(pairs.left_weights).tolist() == np.unique(pairs.right_weights).tolist() == [0.5]
    changed = pairs.right - pairs.left
    np.testing.assert_allclose(changed[..., column], pairs.left[0, :, column].std(), rtol=1e-5)
    assert not np.delete(changed, column, axis=2).any()


def test_direct_preference_learns_nothing_from_votes(tmp_path: Path):
    with pytest.raises(UserError, match="learns nothing from votes"):
        segment_comparisons(voted(tmp_path, ["yes", "no"]), SCENARIO)


def test_a_vote_on_an_unknown_feature_is_refused(tmp_path: Path):
    voted(tmp_path, ["yes", "no"])
    path = tmp_path / "votes.jsonl"
    path.write_text(path.read_text().replace('"mates_apart"', '"colour"'))
    with pytest.raises(UserError, match="line 1: feature 'colour' is unknown"):
        answered_labels(path)
