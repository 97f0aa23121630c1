"""Teams play and train in a world that is being drawn."""

import dataclasses
import time
from pathlib import Path

import pygame
import pytest
from pygame import Rect

from replays.format import recording
from replays.session import PlayContext
from replays.viewer.edit import game_room
from replays.viewer.edit.document import open_document
from replays.viewer.edit.game_room import GameRoom
from replays.viewer.edit.games import ManyGames
from replays.viewer.edit.layout import parts_of
from replays.viewer.edit.new_world import small_world
from replays.viewer.edit.screen import EditScreen
from replays.viewer.gallery.loader import RecordingLoader
from replays.viewer.modes.play import Live
from replays.viewer.screens import Screens
from sim.scenario import scenario_from_text
from sim.scenarios.drawn.problems import Problem
from sim.scenarios.drawn.world import DrawnWorld
from tests.replays.acting import press, quiet_episode, wait
from tests.replays.edit.drawing import Crowd, click, draw, settle


def test_teams_play_beside_the_editor_and_a_changed_world_is_played_at_once(screen: EditScreen):
    settle(screen)
    press(screen, pygame.K_p)
    settle(screen)
    assert screen.room and screen.room.games and screen.moving
    for _ in range(30):
        screen.advance(1 / 30)
    draw(screen)
    first = screen.room.games
    assert "1.0 s" in first.words[1]
    press(screen, pygame.K_4)
    click(screen, 3.0, 5.0)
    settle(screen)
    for _ in range(30):
        screen.advance(1 / 30)
    settle(screen)
    assert screen.room.games is not first, "with the box"
    press(screen, pygame.K_k)
    settle(screen)
    assert screen.room.error == "nobody is no team"
    draw(screen)
    press(screen, pygame.K_s)
    assert not screen.room.playing and not screen.moving


def test_a_changed_world_is_played_only_once_nothing_in_it_is_known_to_be_impossible(
    screen: EditScreen, monkeypatch: pytest.MonkeyPatch
):
    settle(screen)
    told: list[bool] = []
    assert screen.room
    monkeypatch.setattr(screen.room, "advance", lambda seconds, possible: told.append(possible))
    screen.let_time_pass(0.0)
    for found in (None, screen.problems.found, [Problem((), "no room for box 0")]):
        monkeypatch.setattr(screen.problems, "found", found)
        screen.let_time_pass(0.0)
    assert told == [True, False, True, False]


def test_episodes_that_are_being_counted_keep_their_walls_when_the_next_begin():
    games = ManyGames(scenario_from_text("quadrant"), Crowd(), 0, 6)
    trace = games._tracer.trace()
    walls, exist = trace.layout.walls.copy(), trace.layout.agent_exists.copy()
    games.restart()
    assert (games._game.layout.walls != walls).any(), "other starts have other walls"
    assert (trace.layout.walls == walls).all() and (trace.layout.agent_exists == exist).all()


def test_twelve_starts_play_together_and_are_counted(screen: EditScreen):
    screen.change(DrawnWorld("short", ticks=10, preparation_ticks=4, agents=small_world().agents))
    settle(screen)
    press(screen, pygame.K_o)
    settle(screen)
    assert screen.room and screen.room.games
    until = time.monotonic() + 60
    while "starts: hidden" not in screen.room.games.words[1]:
        assert time.monotonic() < until
        screen.advance(1 / 30)
        time.sleep(0.002)
    assert "12 starts" in screen.room.games.words[0]
    draw(screen)


@pytest.mark.parametrize("height", [30, 45, 66, 200])
def test_what_has_no_room_under_a_game_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch, height: int):
    said: list[tuple[str, Rect]] = []
    write = game_room.write_fitting
    monkeypatch.setattr(game_room, "write_fitting", lambda *m: said.append((m[1], write(*m))) or said[-1][1])
    area, words = Rect(0, 0, 500, height), ["It began", "a line", "and words " * 30 + "end"]
    game_room._draw_words(pygame.Surface((500, 240)), area, words)
    assert all(area.inflate(4, 12).contains(place) for _, place in said)
    assert said[-1][0].endswith("end") == (height == 200)
    assert len(said) < 3 or said[-1][0].endswith(("end", "..."))


@pytest.mark.parametrize("size", [(1120, 760), (800, 600)])
def test_why_others_play_is_said_whole_under_a_game(monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]):
    said: list[str] = []
    write = game_room.write_fitting
    monkeypatch.setattr(game_room, "write_fitting", lambda *m: said.append(m[1]) or write(*m))
    why = "was trained with boxes=1 and this scenario has boxes=2"
    note = f"builder hides: quadrant-block {why}. chaser seeks: quadrant-chase {why}."
    area = parts_of(size, playing=True).status
    game_room._draw_words(pygame.Surface(size), area, ["Hider 1 grabs box 0", "0.9 s of 6.4 s", note])
    assert " ".join(said[2:]) == note


def test_training_saves_first_and_asks_for_a_file(screen: EditScreen, tmp_path: Path):
    settle(screen)
    press(screen, pygame.K_t)
    assert screen.dialog is not None and "save it first" in screen.note
    press(screen, pygame.K_RETURN)
    press(screen, pygame.K_PAGEUP)
    settle(screen)
    press(screen, pygame.K_t)
    assert "Saved as" in screen.note and "my-world.run" in screen.note and screen.document.is_saved
    assert "Train" in screen._on
    press(screen, pygame.K_t)
    assert "stops" in screen.note and "Train" not in screen._on
    press(screen, pygame.K_t)
    assert "until T stops" in screen.note, "it can begin again"
    assert open_document(tmp_path / "my-world.toml").world == screen.world


def test_from_a_film_to_its_world_to_playing_in_it_and_back(
    loader: RecordingLoader, tmp_path: Path, context: PlayContext
):
    path = tmp_path / "quiet.npz"
    recording.write(quiet_episode(), path)
    screens = Screens([path], loader, 5, 0, None, context)
    screens.size = (1120, 800)
    film = screens.screen
    press(screens, pygame.K_u)
    editor = screens.screen
    assert isinstance(editor, EditScreen) and len(editor.world.agents) == 4
    settle(editor)
    press(screens, pygame.K_x)
    assert screens.film is not None and screens.screen is screens.film
    wait(screens.film.viewer)
    assert isinstance(screens.film.viewer.mode, Live)
    press(screens, pygame.K_ESCAPE)
    assert screens.screen is editor
    press(screens, pygame.K_ESCAPE)
    assert type(screens.screen) is type(film)
    editor.document.close()


def test_what_is_not_compiled_is_waited_for_in_words_and_then_played(context: PlayContext, screen: EditScreen):
    class Process:
        running = True

    process, asked = Process(), []
    assert context.named is not None
    named = dataclasses.replace(context.named, begin_compiling=lambda *words: asked.append(words) or process)
    screen.room = GameRoom(named)
    settle(screen)
    press(screen, pygame.K_p)
    screen.advance(2.0)
    assert screen.room.is_loading and screen.room.games is None and asked == [("statues", "stones", screen.world)]
    draw(screen)
    screen.change_ticks(1)
    while screen.problems.found is None:
        screen.advance(0.01)
    screen.advance(0.6)
    press(screen, pygame.K_s)
    press(screen, pygame.K_p)
    assert len(asked) == 1, "the process that runs is waited for, whatever is drawn meanwhile"
    process.running = False
    settle(screen)
    assert screen.room.games and asked[1:] == [("statues", "stones", screen.world)], "and then for what there is now"
    press(screen, pygame.K_p)
    assert len(asked) == 2, "the same again needs nothing"
    press(screen, pygame.K_s)
    press(screen, pygame.K_k)
    process.running = True
    press(screen, pygame.K_o)
    press(screen, pygame.K_s)
    process.running = False
    screen.advance(0.1)
    assert not screen.room.is_loading and not screen.room.playing, "nothing is played that was given up"
