"""Labelling in the window: each answer is kept, can be taken back and changed, and repeats measure steadiness."""

import dataclasses
import itertools
from pathlib import Path

import numpy as np
import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replays.format.recording import Recording, write
from replays.label_writer import LabelWriter
from replays.labels import _MIRRORED, read
from replays.questions import Choice, Clip, Question, Statement, clip_of, pair
from replays.viewer.film.viewer import LEAST_SIZE
from replays.viewer.rank.layout import buttons_in, cells_of, parts_of
from replays.viewer.rank.ranking import Ranking
from replays.viewer.rank.screen import RankScreen
from replays.viewer.widgets import theme
from tests.replays.acting import mouse, picture, press

ASK = "Which hiders hide better together?"
NEAR = Statement("Hiders stay near each other", "mates_apart", -1)
SIZES = [(640, 480), (800, 600), (1280, 800), (1920, 1080), (360, 320)]


@pytest.fixture
def pairs(recording: Recording, tmp_path: Path) -> list[Question]:
    """Twenty pairs of clips of two recordings."""
    clips = []
    for number in range(2):
        header = dataclasses.replace(recording.header, seed=number)
        write(dataclasses.replace(recording, header=header), tmp_path / f"{number}.npz")
        clips.append(clip_of(tmp_path / f"{number}.npz", 0, 10))
    parts = [[clip._replace(first=k % 10, until=11 + k // 10) for clip in clips] for k in range(20)]
    return [pair(left, right) for left, right in parts]


@pytest.fixture
def questions(pairs: list[Question]) -> list[Question]:
    """Pairs, groups of four of their clips, and a vote on a statement."""
    lefts, rights = ([one.clips[side] for one in pairs] for side in (0, 1))
    groups = [Question(tuple(lefts[k : k + 4]), tuple(rights[k : k + 4])) for k in range(10)]
    return [*pairs, *groups, Question(tuple(lefts[:4]), statement=NEAR)]


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    return tmp_path / "labels.jsonl"


@pytest.fixture
def screen(pairs: list[Question], labels: Path) -> RankScreen:
    return RankScreen(Ranking(ASK, pairs, LabelWriter(labels)), (1120, 800))


def look(screen: RankScreen, seconds: float = 1.0) -> None:
    for _ in range(round(seconds * 50)):
        screen.advance(0.02)


def answer(screen: RankScreen, *keys: int) -> None:
    for key in keys:
        look(screen)
        press(screen, key)


def choices(labels: Path) -> list[str]:
    return [label.choice for label in read(labels)]


def test_every_answer_is_in_the_file_at_once(screen: RankScreen, labels: Path, pairs: list[Question]):
    answer(screen, pygame.K_LEFT)
    assert choices(labels) == ["left"]
    answer(screen, pygame.K_RIGHT, pygame.K_DOWN, pygame.K_s)
    assert choices(labels) == ["left", "right", "equal", "skip"]
    assert [label.question for label in read(labels)] == pairs[:4]
    assert {label.ask for label in read(labels)} == {ASK}


def test_the_time_of_a_label_is_the_time_its_clips_could_be_seen(screen: RankScreen, labels: Path):
    look(screen, 2.0)
    press(screen, pygame.K_F1)
    look(screen, 5.0)
    press(screen, pygame.K_F1)
    look(screen, 1.0)
    press(screen, pygame.K_LEFT)
    answer(screen, pygame.K_LEFT)
    assert [label.seconds for label in read(labels)] == pytest.approx([3.0, 1.0])


def test_a_key_that_bounces_answers_once(screen: RankScreen, labels: Path):
    answer(screen, pygame.K_LEFT)
    press(screen, pygame.K_LEFT, pygame.K_LEFT)
    assert choices(labels) == ["left"]


def test_both_clips_loop_in_step(screen: RankScreen):
    times = []
    for _ in range(300):
        screen.advance(0.02)
        times.append(screen.playback.time)
    assert max(times) > 10 and (np.diff(times) < 0).sum() >= 2
    screen.from_start()
    start = picture(screen)
    look(screen, 0.8)
    middle = picture(screen)
    for pane in screen.parts.panes:
        inside = (slice(pane.left, pane.right), slice(pane.top + 30, pane.bottom))
        assert (start[inside] != middle[inside]).any()


def test_undo_takes_answers_back_and_asks_their_pairs_again(screen: RankScreen, labels: Path):
    answer(screen, pygame.K_LEFT, pygame.K_RIGHT)
    asked = screen.question
    answer(screen, pygame.K_DOWN, pygame.K_u)
    assert choices(labels) == ["left", "right"] and screen.question == asked
    answer(screen, pygame.K_u, pygame.K_u, pygame.K_u)
    assert choices(labels) == [] and screen.running


def test_an_earlier_answer_can_be_changed_and_the_change_undone(screen: RankScreen, labels: Path):
    answer(screen, pygame.K_LEFT, pygame.K_LEFT, pygame.K_LEFT, pygame.K_b, pygame.K_b, pygame.K_RIGHT)
    assert choices(labels) == ["left", "right", "left"]
    answer(screen, pygame.K_DOWN)
    assert choices(labels) == ["left", "equal", "left"]
    assert screen.reviewed and screen.reviewed.choice == "equal"
    answer(screen, pygame.K_u)
    assert choices(labels) == ["left", "right", "left"]
    answer(screen, pygame.K_u, pygame.K_u)
    assert choices(labels) == ["left", "left"], "first the change, then the last answer"


def test_a_review_ends_at_new_pairs(screen: RankScreen, labels: Path):
    answer(screen, pygame.K_LEFT, pygame.K_RIGHT)
    asked = screen.question
    press(screen, *[pygame.K_PAGEUP] * 5)
    assert screen.reviewed == read(labels)[0]
    press(screen, pygame.K_PAGEDOWN)
    assert screen.reviewed == read(labels)[1]
    press(screen, pygame.K_PAGEDOWN)
    assert screen.reviewed is None and screen.question == asked
    press(screen, pygame.K_PAGEUP, pygame.K_ESCAPE)
    assert screen.reviewed is None and screen.question == asked and screen.running
    press(screen, pygame.K_ESCAPE)
    assert not screen.running


def test_the_same_command_goes_on_where_it_was_left(screen: RankScreen, labels: Path, pairs: list[Question]):
    answer(screen, *[pygame.K_LEFT] * 9)
    asked = screen.question
    screen.ranking.close()
    again = RankScreen(Ranking(ASK, pairs, LabelWriter(labels)), (1120, 800))
    assert again.question == asked
    answer(again, pygame.K_u)
    assert len(read(labels)) == 8


def test_every_eighth_pair_comes_again_with_its_sides_swapped(screen: RankScreen, labels: Path):
    answer(screen, *[pygame.K_LEFT] * 7)
    first = read(labels)[0]
    assert screen.question == first.question.swapped()
    answer(screen, pygame.K_RIGHT)
    assert screen.ranking.agreement == (1, 1)
    answer(screen, *[pygame.K_LEFT] * 8)
    assert screen.ranking.agreement == (1, 2), "the second pair: left, and left again where it was right"


@given(answers=st.lists(st.sampled_from(["left", "right", "equal", "skip"]), max_size=30))
@settings(max_examples=50, deadline=None)
def test_all_pairs_are_asked_and_an_unmoved_person_agrees_with_itself(tmp_path_factory, answers: list):
    """Who always answers by the clips, not by their side, agrees; skipped pairs are neither repeated nor counted."""
    folder = tmp_path_factory.mktemp("labels")
    (folder / "a.npz").write_bytes(b"a")
    clips = [Clip(folder / "a.npz", clip_of(folder / "a.npz", 0, 1).sha256, k, k + 20) for k in range(8)]
    pairs = [pair(one, other) for one, other in itertools.pairwise(clips)]
    wanted = {one.key: choice for one, choice in zip(pairs, answers, strict=False)}
    ranking, asked = Ranking(ASK, pairs, LabelWriter(folder / "labels.jsonl")), []
    while (question := ranking.next()) is not None and len(asked) < 30:
        asked.append(question.key)
        choice: Choice = wanted.get(asked[-1], "left")
        if question.left[0].first > question.right[0].first:
            choice = _MIRRORED.get(choice, choice)
        ranking.answer(question, choice, 1.0)
    assert set(asked) == {one.key for one in pairs} and ranking.left_count == 0
    repeated = [pair for pair in asked if asked.count(pair) > 1]
    assert len(repeated) <= 2 and all(wanted.get(pair) != "skip" for pair in repeated)
    assert ranking.agreement == (len(repeated) // 2, len(repeated) // 2)
    ranking.close()


def test_when_all_is_labelled_the_window_says_so(pairs: list[Question], labels: Path):
    screen = RankScreen(Ranking(ASK, pairs[:2], LabelWriter(labels)), (1120, 800))
    answer(screen, pygame.K_LEFT, pygame.K_LEFT, pygame.K_LEFT, pygame.K_RIGHT)
    assert choices(labels) == ["left", "left"] and screen.question is None
    picture(screen)
    answer(screen, pygame.K_b)
    picture(screen)
    assert screen.reviewed == read(labels)[1]


def test_what_cannot_be_kept_or_shown_is_said(screen: RankScreen, labels: Path, pairs: list[Question]):
    labels.write_text("something else")
    answer(screen, pygame.K_LEFT)
    assert screen.message and "changed by another program" in screen.message
    assert labels.read_text() == "something else" and screen.question == pairs[0]
    press(screen, pygame.K_SPACE)
    (clip := pairs[0].left[0]).path.unlink()
    gone = RankScreen(
        Ranking(
            ASK,
            [pair(clip._replace(sha256="0" * 64), clip._replace(sha256="0" * 64))],
            LabelWriter(labels.with_name("other.jsonl")),
        ),
        (1120, 800),
    )
    assert gone.message and "cannot be opened" in gone.message
    picture(gone)
    answer(gone, pygame.K_LEFT)
    assert not read(labels.with_name("other.jsonl"))


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_click_on_a_clip_chooses_it_and_buttons_do_what_their_keys_do(screen: RankScreen, labels: Path, side: str):
    look(screen)
    pane = screen.parts.panes[side == "right"]
    mouse(screen, pygame.MOUSEBUTTONDOWN, pane.center)
    assert choices(labels) == [side]
    for button in buttons_in(screen.parts.buttons):
        if button.key.name.startswith(("Down", "U,")):
            look(screen)
            mouse(screen, pygame.MOUSEBUTTONDOWN, button.area.center)
    assert choices(labels) == [side], "equal, and undone"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("sides", [1, 2])
def test_parts_lie_within_the_window_and_not_over_each_other(size: tuple[int, int], scale: float, sides: int):
    theme.set_scale(scale)
    parts = parts_of(size, theme.px(28), sides)
    if size < LEAST_SIZE:
        return
    shown = [parts.header, *parts.panes, parts.bar, *(button.area for button in buttons_in(parts.buttons))]
    assert all(pygame.Rect(0, 0, *size).contains(part) for part in shown)
    assert all(not one.colliderect(other) for k, one in enumerate(shown) for other in shown[k + 1 :])


@pytest.mark.parametrize("size", SIZES)
def test_it_is_drawn_at_any_size_with_and_without_the_mouse(screen: RankScreen, size: tuple[int, int]):
    screen.size = size
    screen.playback.playing = False
    plain = picture(screen)
    place = buttons_in(screen.parts.buttons)[0].area.center
    mouse(screen, pygame.MOUSEMOTION, place)
    assert (picture(screen) != plain).any()
    for key in (pygame.K_t, pygame.K_c, pygame.K_l, pygame.K_F1):
        before = picture(screen)
        look(screen, 0.5)
        press(screen, key)
        assert screen.stale and before is not None
        picture(screen)


def test_pairs_that_labels_leave_open_come_first(pairs: list[Question], labels: Path):
    """Whatever chooses is asked about pairs without a label, and its pair is shown with a word about why."""
    seen: list[tuple[int, int]] = []

    def last(given, left):
        seen.append((len(given), len(left)))
        return left[-1] if len(given) >= 2 else None

    screen = RankScreen(Ranking(ASK, pairs, LabelWriter(labels), last), (1120, 800))
    answer(screen, pygame.K_LEFT)
    assert "leave this open" not in screen._words
    answer(screen, pygame.K_LEFT)
    assert screen.question == pairs[-1] and "leave this open" in screen._words
    answer(screen, pygame.K_LEFT, pygame.K_LEFT)
    assert [label.question for label in read(labels)] == [*pairs[:2], *pairs[:-3:-1]]
    assert seen[-1] == (4, len(pairs) - 4)
    asked = screen.question
    answer(screen, pygame.K_LEFT, pygame.K_u)
    assert screen.question == asked


def test_groups_are_asked_answered_repeated_and_gone_on_with(questions: list[Question], labels: Path):
    groups = [one for one in questions if one.kind == "groups"]
    screen = RankScreen(Ranking(ASK, questions, LabelWriter(labels)), (1120, 800))
    answer(screen, pygame.K_LEFT, pygame.K_g)
    assert screen.question == groups[0] and len(screen._films) == 8 and "10 groups left" in screen._words
    answer(screen, *[pygame.K_RIGHT] * 7)
    assert [label.question for label in read(labels)] == [questions[0], *groups[:7]]
    assert screen.question == groups[0].swapped(), "the eighth group is the first again"
    screen.ranking.close()
    again = RankScreen(Ranking(ASK, questions, LabelWriter(labels)), (1120, 800))
    assert again.question == screen.question, "it goes on with groups"
    answer(again, pygame.K_LEFT)
    assert again.ranking.agreement == (1, 1)
    answer(again, pygame.K_g, pygame.K_g)
    assert again.question == questions[1]


def test_a_vote_says_yes_no_or_unsure(questions: list[Question], labels: Path):
    screen = RankScreen(Ranking(ASK, questions, LabelWriter(labels)), (1120, 800))
    told_by = {pygame.K_LEFT: "yes", pygame.K_RIGHT: "no", pygame.K_DOWN: "unsure", pygame.K_s: "unsure"}
    for key, choice in told_by.items():
        press(screen, *[pygame.K_g] * (2 if screen.ranking.kind == "pairs" else 0))
        assert screen.question == questions[-1] and len(screen.parts.panes) == 1
        look(screen)
        mouse(screen, pygame.MOUSEBUTTONDOWN, screen.parts.panes[0].center)
        answer(screen, key)
        assert choices(labels) == [choice] and screen.question is None
        assert picture(screen).any()
        answer(screen, pygame.K_b)
        assert screen.reviewed and screen.shown_question == questions[-1]
        answer(screen, pygame.K_RIGHT, pygame.K_u, pygame.K_u)
        assert choices(labels) == []


def test_an_undo_goes_back_to_the_kind_of_what_was_answered(questions: list[Question], labels: Path):
    screen = RankScreen(Ranking(ASK, questions, LabelWriter(labels)), (1120, 800))
    answer(screen, pygame.K_g, pygame.K_LEFT, pygame.K_g, pygame.K_g, pygame.K_u)
    assert screen.ranking.kind == "groups" and screen.question == questions[20] and choices(labels) == []


def test_without_groups_the_key_says_so(screen: RankScreen):
    press(screen, pygame.K_g)
    assert screen.ranking.kind == "pairs" and "there are only pairs" in screen._words


@pytest.mark.parametrize("size", SIZES)
def test_groups_and_votes_are_drawn_whole_at_any_size(questions: list[Question], labels: Path, size: tuple[int, int]):
    screen = RankScreen(Ranking(ASK, questions, LabelWriter(labels)), size)
    for kind in ("groups", "votes"):
        press(screen, pygame.K_g)
        shown = picture(screen)
        for pane in screen.parts.panes:
            cells = cells_of(pygame.Rect(pane.left, pane.top + 28, pane.width, pane.height - 28), 4)
            assert all(pane.contains(cell) for cell in cells) and len({cell.topleft for cell in cells}) == 4, kind
            assert all(len(np.unique(shown[cell.left : cell.right, cell.top : cell.bottom])) > 5 for cell in cells)
        screen.advance(0.5)
        assert (picture(screen) != shown).any()
