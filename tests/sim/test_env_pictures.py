"""What the environment draws: pictures, and windows that open, close and open again."""

import subprocess
import sys

import numpy as np
import pytest

from sim.env import HideSeekEnv, parallel_env
from sim.hide_seek_env import PICTURE_SIZE
from tests.sim.environments import actions_of


def test_pictures():
    environment = parallel_env(render_mode="rgb_array")
    environment.reset(seed=0)
    picture = environment.render()
    assert picture is not None
    assert (picture.shape, picture.dtype) == ((*PICTURE_SIZE[::-1], 3), np.uint8)
    assert len(np.unique(picture)) > 10
    environment.close()
    environment.close()


@pytest.mark.filterwarnings("ignore:.*render.*:UserWarning")
def test_render_without_a_mode_gives_nothing():
    environment = parallel_env()
    environment.reset(seed=0)
    assert environment.render() is None


def test_a_window_follows_the_game_and_closes_twice():
    environment = parallel_env(render_mode="human")
    environment.reset(seed=0)
    environment.step(actions_of(environment, np.random.default_rng(0)))
    assert environment.render() is None
    environment.close()
    environment.close()


def test_pygame_stays_out_until_something_is_drawn():
    program = (
        "import sys; from sim.env import parallel_env; e = parallel_env(); e.reset(seed=0);"
        "e.step({a: e.action_space(a).sample() for a in e.agents}); assert 'pygame' not in sys.modules;"
        "f = parallel_env(render_mode='rgb_array'); f.reset(seed=0); f.render();"
        "import pygame; assert not pygame.display.get_init(); assert not pygame.mixer.get_init()"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def in_window(environment: HideSeekEnv) -> np.ndarray:
    """What its window shows: uint8 [height, width, 3]."""
    import pygame

    window = environment._window
    assert window is not None and window._window is not None
    return pygame.surfarray.array3d(window._window.get_surface()).swapaxes(0, 1)


def pictured(seed: int, ticks: int = 0) -> np.ndarray:
    """The same game without a window, after some ticks of the same play."""
    environment = parallel_env(render_mode="rgb_array")
    environment.reset(seed=seed)
    for tick in range(ticks):
        environment.step(actions_of(environment, np.random.default_rng(tick)))
    picture = environment.render()
    assert picture is not None
    return picture


def test_two_windows_are_two_windows():
    """Each shows its own game, and goes on to do so when the other closes and opens again."""
    first, second = parallel_env(render_mode="human"), parallel_env(render_mode="human")
    for seed, environment in enumerate((first, second)):
        environment.reset(seed=seed)
    assert np.array_equal(in_window(first), pictured(0)) and np.array_equal(in_window(second), pictured(1))
    first.close()
    assert first._window is None and np.array_equal(in_window(second), pictured(1))
    second.step(actions_of(second, np.random.default_rng(0)))
    assert np.array_equal(in_window(second), pictured(1, 1)) and not np.array_equal(pictured(1, 1), pictured(1))
    first.reset(seed=2)
    assert np.array_equal(in_window(first), pictured(2)) and np.array_equal(in_window(second), pictured(1, 1))
    second.close()
    assert second._window is None and np.array_equal(in_window(first), pictured(2))
    first.close()


def test_a_window_opens_again_after_pygame_has_quit():
    import pygame

    environment = parallel_env(render_mode="human")
    environment.reset(seed=0)
    pygame.quit()
    environment.render()
    assert pygame.display.get_init()
    environment.close()


def test_all_windows_open_again_after_pygame_has_quit():
    import pygame

    environments = [parallel_env(render_mode="human") for _ in range(3)]
    for seed, environment in enumerate(environments):
        environment.reset(seed=seed)
    pygame.quit()
    environments[0].render()
    environments[1].close()  # without having been opened again
    environments[2].render()
    assert np.array_equal(in_window(environments[0]), pictured(0))
    assert np.array_equal(in_window(environments[2]), pictured(2))
    for environment in environments:
        environment.close()


def test_a_window_that_its_user_closes_stays_closed_and_the_other_open():
    import pygame

    from sim.render.window import Window

    picture = np.zeros((50, 60, 3), np.uint8)
    first, second = Window("first", (60, 50), 1000), Window("second", (60, 50), 1000)
    pygame.event.post(pygame.Event(pygame.WINDOWCLOSE, window=first._window))
    for window in (second, first, second, first):
        window.show(picture)
    assert first._window is None and second._window is not None
    second.close()
