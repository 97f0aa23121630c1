"""A person draws a world with mouse and keys; every key does something."""

import pygame
import pytest

from replays.viewer.edit.edits import add, new_box
from replays.viewer.edit.keys import EDIT_KEYS, TOOL_KEYS
from replays.viewer.edit.new_world import small_world
from replays.viewer.edit.screen import EditScreen
from replays.viewer.edit.tools import Tool
from replays.viewer.widgets import theme
from sim.scenarios.drawn.items import Agent, Area, Item, Range
from sim.scenarios.drawn.world import DrawnWorld
from tests.replays.acting import lift, mouse, press
from tests.replays.edit.drawing import CTRL, SHIFT, SIZES, click, drag, draw, pixel, settle


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
