"""A person draws a world with mouse and keys; every key does something, and nothing is lost."""

import dataclasses
import time
from pathlib import Path

import numpy as np
import pygame
import pytest

from replays.format import recording
from replays.session import NamedTeams, PlayContext, TeamPair
from replays.viewer.edit.dialog import FileDialog
from replays.viewer.edit.document import Document, last_document, open_document
from replays.viewer.edit.edits import add, new_box
from replays.viewer.edit.files import save
from replays.viewer.edit.game_room import GameRoom
from replays.viewer.edit.keys import EDIT_KEYS, TOOL_KEYS
from replays.viewer.edit.new_world import first_world, small_world
from replays.viewer.edit.screen import EditScreen
from replays.viewer.edit.tools import Tool
from replays.viewer.gallery.loader import RecordingLoader
from replays.viewer.modes.play import Live
from replays.viewer.screens import Screens
from replays.viewer.widgets import theme
from sim.errors import UserError
from sim.game import Game
from sim.scenario import Scenario
from sim.scenarios.drawn.file import text
from sim.scenarios.drawn.items import Agent, Area, Item, Range
from sim.scenarios.drawn.world import DrawnWorld
from tests.replays.acting import Statues, lift, mouse, press, quiet_episode, statues, wait

CTRL, SHIFT = pygame.KMOD_CTRL, pygame.KMOD_SHIFT
SIZES = [(640, 480, 1.0), (800, 600, 1.0), (1280, 800, 1.0), (1920, 1080, 1.0), (1920, 1080, 2.0), (1280, 960, 2.0)]


class Crowd(Statues):
    """Statues in many worlds."""

    def act(self, game: Game) -> np.ndarray:
        return np.zeros((game.worlds, game.slots.agents, 3), np.int8)


def load(hiders: str, seekers: str, scenario: Scenario, seed: int) -> tuple[TeamPair, Scenario]:
    if hiders == "nobody":
        raise UserError("nobody is no team")
    return Crowd(), scenario


class Trained:
    """A training that ends when it is stopped."""

    def __init__(self, path: Path) -> None:
        self.folder, self.running = path.with_suffix(".run"), True

    def stop(self) -> None:
        self.running = False


@pytest.fixture
def context(tmp_path: Path) -> PlayContext:
    named = NamedTeams((("statues", "nobody"), ("stones",)), load, Trained, lambda *_: None)
    return PlayContext(statues, tmp_path / "played", named)


@pytest.fixture
def screen(context: PlayContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    shown = EditScreen(Document(small_world()), (1120, 800), context)
    yield shown
    shown.document.close()


def pixel(screen: EditScreen, x: float, y: float) -> tuple[int, int]:
    column, row = screen.camera.point(x, y)
    return round(column), round(row)


def drag(screen: EditScreen, first: tuple[float, float], last: tuple[float, float]) -> None:
    """The left button goes down at a place on the floor and up at another one."""
    mouse(screen, pygame.MOUSEMOTION, pixel(screen, *first))
    mouse(screen, pygame.MOUSEBUTTONDOWN, pixel(screen, *first))
    mouse(screen, pygame.MOUSEMOTION, pixel(screen, *last))
    draw(screen)
    mouse(screen, pygame.MOUSEBUTTONUP, pixel(screen, *last))


def click(screen: EditScreen, x: float, y: float) -> None:
    drag(screen, (x, y), (x, y))


def draw(screen: EditScreen | Screens) -> pygame.Surface:
    surface = pygame.Surface(screen.size)
    screen.draw(surface)
    return surface


def settle(screen: EditScreen) -> None:
    """Until problems are found and games are loaded."""
    until = time.monotonic() + 300
    while screen.problems.found is None or (screen.room and screen.room.is_loading):
        assert time.monotonic() < until
        screen.advance(0.01)
        time.sleep(0.005)


def write(screen: EditScreen, letters: str) -> None:
    screen.advance(0.01)
    screen.handle(pygame.Event(pygame.TEXTINPUT, text=letters))


def test_a_world_is_drawn_with_the_mouse(screen: EditScreen):
    press(screen, pygame.K_2)
    drag(screen, (3.02, 0.0), (3.1, 4.04))
    press(screen, pygame.K_3)
    click(screen, 3.02, 2.0)
    press(screen, pygame.K_4)
    click(screen, 4.0, 1.0)
    press(screen, pygame.K_5)
    drag(screen, (1.0, 4.5), (2.5, 5.0))
    press(screen, pygame.K_6)
    click(screen, 5.0, 5.0)
    press(screen, pygame.K_7)
    click(screen, 5.5, 1.0)
    press(screen, pygame.K_8)
    click(screen, 0.5, 0.5)
    world = screen.world
    assert world.walls[0].upright and world.walls[0].length_m == Range.fixed(4.0) and world.walls[0].at.x0 == 3.0
    assert world.walls[0].doors[0].at_m == Range.fixed(2.0)
    assert [box.length_m.low for box in world.boxes] == [0.775, 1.5] and world.boxes[1].width_m == Range.fixed(0.5)
    assert [agent.side for agent in world.agents] == ["hider", "seeker", "hider", "seeker"]
    assert world.ramps[0].at == Area.point(5.0, 5.0)
    for _ in range(7):
        press(screen, pygame.K_z, mod=CTRL)
    assert screen.world == small_world()


def test_what_was_just_put_down_can_be_dragged_with_the_same_tool(screen: EditScreen):
    press(screen, pygame.K_7)
    click(screen, 2.0, 5.0)
    drag(screen, (2.0, 5.0), (3.0, 4.5))
    assert len(screen.world.agents) == 3 and screen.world.agents[2].at == Area.point(3.0, 4.5)


def test_select_move_turn_and_resize(screen: EditScreen):
    world, box = add(small_world(), "boxes", new_box(3.0, 5.0, 0.5, 0.5))
    screen.change(world)
    drag(screen, (3.0, 5.0), (2.1, 4.1))
    assert screen.selected == (box,) and screen.world.boxes[0].at == Area.point(2.0, 4.0)
    drag(screen, (2.25, 4.25), (2.77, 4.52))
    assert screen.world.boxes[0].length_m == Range.fixed(1.0) and screen.world.boxes[0].width_m == Range.fixed(0.75)
    press(screen, pygame.K_r)
    press(screen, pygame.K_r, mod=SHIFT)
    press(screen, pygame.K_r)
    assert screen.world.boxes[0].angle_deg == Range.fixed(15.0)
    press(screen, pygame.K_LEFT)
    press(screen, pygame.K_RIGHT, mod=SHIFT)
    assert screen.world.boxes[0].length_m == Range.fixed(1.25)
    press(screen, pygame.K_DELETE)
    assert screen.world.boxes == () and screen.selected == ()


def test_alt_leaves_the_grid_and_shift_selects_more(screen: EditScreen):
    press(screen, pygame.K_LALT)
    drag(screen, (4.5, 3.0), (4.13, 3.07))
    assert screen.world.agents[0].at.x0 == pytest.approx(4.13, abs=0.011)
    lift(screen, pygame.K_LALT)
    press(screen, pygame.K_LSHIFT)
    click(screen, 1.5, 3.0)
    assert set(screen.selected) == {Item("agents", 0), Item("agents", 1)}
    lift(screen, pygame.K_LSHIFT)
    click(screen, 3.0, 0.5)
    assert screen.selected == ()
    drag(screen, (0.5, 1.0), (5.5, 5.5))
    assert len(screen.selected) == 2, "a rectangle selects what is in it"


def test_every_tool_and_action_has_a_button_that_does_what_its_key_does(screen: EditScreen):
    numbers = {id(button.key) for button in screen.buttons}
    assert {id(key) for key in TOOL_KEYS} <= numbers and len(numbers) == len(screen.buttons)
    for button, tool in zip(screen.parts.tools, Tool, strict=True):
        mouse(screen, pygame.MOUSEBUTTONDOWN, button.area.center)
        mouse(screen, pygame.MOUSEBUTTONUP, button.area.center)
        assert screen.tool is tool


def visible(screen: EditScreen) -> tuple[object, ...]:
    """What a person can see that a key may change."""
    room = (screen.room.count, screen.room.teams) if screen.room else ()
    said = (screen.note, screen.message, screen.help, screen.dialog is None, screen.request, screen.running)
    return (screen.document, screen.world, screen.selected, screen.tool, screen.step, screen.camera, room, *said)


@pytest.mark.parametrize("key", EDIT_KEYS, ids=lambda key: key.name)
def test_every_key_does_something_or_says_why_not(screen: EditScreen, key):
    settle(screen)
    for selected in ((), (Item("agents", 0),)):
        for number in key.keys:
            screen.choose(Tool.WALL if number == pygame.K_1 else Tool.SELECT)
            screen.select(selected)
            screen.say("")
            screen.zoom(1)
            before = visible(screen)
            press(screen, number, mod=key.chord)
            draw(screen)
            assert visible(screen) != before
            screen.dialog, screen.message, screen.help, screen.request, screen.running = None, "", False, None, True


def test_save_as_asks_for_a_name_and_names_the_world_after_it(screen: EditScreen, tmp_path: Path):
    press(screen, pygame.K_s, mod=CTRL)
    assert screen.dialog is not None and screen.dialog.text == "my-world.toml"
    for _ in "my-world.toml":
        press(screen, pygame.K_BACKSPACE)
    write(screen, "trap one")
    draw(screen)
    press(screen, pygame.K_RETURN)
    path = tmp_path / "trap one.toml"
    assert screen.dialog is None and screen.document.is_saved and open_document(path).world == screen.world
    assert screen.world.name == "trap one" and path.read_text() == text(screen.world)


def test_another_file_is_written_over_only_if_it_is_asked_twice(screen: EditScreen, tmp_path: Path):
    other = tmp_path / "my-world.toml"
    press(screen, pygame.K_s, mod=CTRL)
    save(first_world(), other)
    press(screen, pygame.K_RETURN)
    assert screen.message and "is there already" in screen.message
    press(screen, pygame.K_SPACE)
    assert open_document(other).world == first_world() and screen.dialog is not None
    press(screen, pygame.K_RETURN)
    assert screen.dialog is None and open_document(other).world == screen.world


def test_open_offers_the_worlds_that_lie_there(screen: EditScreen, tmp_path: Path):
    save(first_world(), tmp_path / "maze.toml")
    save(small_world(), tmp_path / "plain.toml")
    press(screen, pygame.K_o, mod=CTRL)
    write(screen, "maz")
    draw(screen)
    press(screen, pygame.K_RETURN)
    assert screen.world == first_world() and screen.document.path == Path("maze.toml")
    press(screen, pygame.K_o, mod=CTRL)
    press(screen, pygame.K_DOWN)
    press(screen, pygame.K_RETURN)
    assert screen.dialog is None
    press(screen, pygame.K_o, mod=CTRL)
    write(screen, "missing")
    press(screen, pygame.K_RETURN)
    assert screen.message and "missing.toml" in screen.message


def test_leaving_without_saving_warns_once_and_keeps_everything(screen: EditScreen):
    press(screen, pygame.K_PAGEUP)
    assert screen.title.startswith("*")
    press(screen, pygame.K_ESCAPE)
    assert screen.running and screen.message and "not saved" in screen.message
    press(screen, pygame.K_ESCAPE)
    press(screen, pygame.K_ESCAPE)
    assert not screen.running
    screen.document.close()
    again = last_document()
    assert again is not None and again.world == screen.world and again.was_kept and not again.is_saved


def test_esc_leaves_tool_then_selection_then_the_screen(screen: EditScreen):
    press(screen, pygame.K_7)
    click(screen, 2.0, 5.0)
    press(screen, pygame.K_ESCAPE)
    assert screen.tool is Tool.SELECT and screen.selected
    press(screen, pygame.K_ESCAPE)
    assert not screen.selected and screen.running


def test_what_is_impossible_is_said_where_it_is_and_cannot_be_played(screen: EditScreen):
    screen.change(add(small_world(), "boxes", new_box(4.5, 3.0, 0.5, 0.5))[0])
    settle(screen)
    assert screen.problems.found and set(screen.problems.found[0].items) == {Item("boxes", 0), Item("agents", 0)}
    before = pygame.surfarray.array3d(draw(screen))
    press(screen, pygame.K_p)
    assert screen.room and not screen.room.playing and "cannot be played" in screen.note
    press(screen, pygame.K_z, mod=CTRL)
    settle(screen)
    assert screen.problems.found == []
    marks = (before == (196, 28, 60)).all(axis=2)
    assert marks[slice(*sorted((pixel(screen, 4.0, 3.0)[0], pixel(screen, 5.0, 3.0)[0])))].any()


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


def test_twelve_starts_play_together_and_are_counted(screen: EditScreen):
    screen.change(DrawnWorld("short", ticks=10, preparation_ticks=4, agents=small_world().agents))
    settle(screen)
    press(screen, pygame.K_o)
    settle(screen)
    assert screen.room and screen.room.games
    for _ in range(200):
        screen.advance(1 / 30)
        time.sleep(0.002)
    assert "12 starts" in screen.room.games.words[0] and "starts: hidden" in screen.room.games.words[1]
    draw(screen)


def test_training_saves_first_and_asks_for_a_file(screen: EditScreen, tmp_path: Path):
    settle(screen)
    press(screen, pygame.K_t)
    assert screen.dialog is not None and "save it first" in screen.note
    press(screen, pygame.K_RETURN)
    press(screen, pygame.K_PAGEUP)
    settle(screen)
    press(screen, pygame.K_t)
    assert "Saved as" in screen.note and "my-world.run" in screen.note and screen.document.is_saved
    press(screen, pygame.K_t)
    assert "stops" in screen.note
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


def test_no_text_is_cut(screen: EditScreen, monkeypatch: pytest.MonkeyPatch):
    cut: list[str] = []
    real = theme.shorten
    monkeypatch.setattr(theme, "shorten", lambda text, *more: (cut.append(text), real(text, *more))[1])
    screen.change(add(small_world(), "boxes", new_box(4.5, 3.0, 0.5, 0.5))[0], [Item("boxes", 0)])
    settle(screen)
    for width, height, scale in SIZES:
        theme.set_scale(scale)
        screen.size = (width, height)
        draw(screen)
        screen.begin_save_as()
        draw(screen)
        screen.dialog = None
    assert cut == []


def test_agents_of_one_area_are_drawn_and_edited_as_they_stand(screen: EditScreen):
    agent = Agent("hider", Area(1.0, 1.0, 2.0, 2.0))
    screen.change(DrawnWorld("two", agents=(agent, agent, *small_world().agents)))
    draw(screen)
    click(screen, 1.5, 1.5)
    assert screen.selected == (Item("agents", 1),), "the upper one"


@pytest.mark.parametrize("tool", TOOL_KEYS[1:], ids=lambda tool: tool.name)
def test_a_click_outside_the_floor_puts_nothing_there_and_says_so(screen: EditScreen, tool):
    screen.size, before = (1600, 600), screen.world
    tool.action(screen)
    click(screen, -0.5, 3.0)
    assert screen.world is before and screen.note.startswith("That is outside the floor")
    click(screen, screen.world.floor_m + 0.5, 3.0)
    assert screen.world is before


def test_a_larger_floor_is_one_step_of_the_history(screen: EditScreen):
    before = screen.world
    screen.change_floor(1)
    screen.undo()
    assert screen.world == before and not screen.document.history.can_undo


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
    assert screen.room.games
    process.running = True
    press(screen, pygame.K_o)
    press(screen, pygame.K_s)
    process.running = False
    screen.advance(0.1)
    assert not screen.room.is_loading and not screen.room.playing, "nothing is played that was given up"


@pytest.mark.parametrize(("width", "height", "scale"), SIZES)
def test_a_note_of_a_dialog_stands_between_its_text_and_its_choices(
    screen: EditScreen, monkeypatch: pytest.MonkeyPatch, width: int, height: int, scale: float
):
    monkeypatch.setattr(theme, "_scale", scale)
    dialog = FileDialog("Open a world", "", [Path(f"{number}.toml") for number in range(20)])
    window = pygame.Rect(0, 0, width, height)
    without = dialog._rows(window)[0].top - dialog._sheet(window).top
    dialog.note = "Training reads the world from its file: save it first, then T trains"
    rows = dialog._rows(window)
    assert rows[0].top - dialog._sheet(window).top >= without + theme.px(theme.SMALL)
    assert window.contains(dialog._sheet(window)) and dialog._sheet(window).contains(rows[-1])
