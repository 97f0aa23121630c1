"""The player in a real browser: people play, drag, step and ask, and nothing goes wrong meanwhile."""

import base64
import dataclasses
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from replays.format.recording import Recording, read
from replays.interpolation import moment
from replays.report.page import clip_figure, player_assets, write_page
from sim.render.draw import Options, render_array
from sim.render.palette import FLOOR, PAPER
from sim.render.snapshot import Snapshot
from tests.replays.browser import CHROMIUM, Browser

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")]

GALLERY = Path(__file__).parents[2] / "replays" / "gallery"
PLAYING = "document.querySelector('.hideseek-clip').classList.contains('playing')"
TIME = "Number(document.querySelector('.time').value)"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = Browser(tmp_path_factory.mktemp("chromium"))
    yield browser
    browser.close()


@pytest.fixture
def page(browser: Browser, recording: Recording, tmp_path: Path) -> Iterator[Browser]:
    """The small episode; whatever a test does must leave no message and no request."""
    write_page(recording, tmp_path / "clip.html")
    browser.open(tmp_path / "clip.html")
    yield browser
    assert browser.problems == []
    assert browser.requests == [(tmp_path / "clip.html").as_uri()]


def pixels(browser: Browser, path: Path) -> np.ndarray:
    """int [row, column, 3]: the page as it is shown."""
    browser.screenshot(path)
    with Image.open(io.BytesIO(path.read_bytes())) as shot:
        return np.asarray(shot.convert("RGB")).astype(int)


def has(shot: np.ndarray, colour: tuple[int, int, int]) -> bool:
    return bool((np.abs(shot - colour).max(axis=2) <= 2).sum() > 20)


def words(browser: Browser) -> str:
    return browser.value("document.querySelector('.words').textContent")


def test_it_plays_to_the_end_and_begins_again(page: Browser, tmp_path: Path):
    page.value("document.querySelector('select').selectedIndex = 0")  # slow, so that the end is far
    before = pixels(page, tmp_path / "a.png")
    page.click(".start")
    page.wait(f"{TIME} > 1")
    assert page.value("document.querySelector('.play').getAttribute('aria-label')") == "Pause"
    assert (pixels(page, tmp_path / "b.png") != before).any(axis=2).sum() > 500
    page.press(" ")
    assert not page.value(PLAYING)
    page.value("document.querySelector('select').selectedIndex = 5")
    page.press(" ")
    page.wait(f"{TIME} == 20 && !{PLAYING}")
    page.value("document.querySelector('select').selectedIndex = 0")
    page.click(".play")
    assert page.value(PLAYING) and page.value(TIME) < 10


def test_it_begins_before_the_strategy_that_it_shows(browser: Browser, tmp_path: Path):
    figure = clip_figure(read(GALLERY / "fort.npz"), 10, shows="Fort built")
    (tmp_path / "fort.html").write_text(player_assets() + figure)
    browser.open(tmp_path / "fort.html")
    assert browser.value(TIME) == 29 - 10 and browser.value("document.querySelector('.start').offsetWidth") > 0
    browser.value("document.querySelector('.hideseek-clip').focus()")
    browser.press("Home")
    assert browser.value(TIME) == 0 and browser.value("document.querySelector('.start').offsetWidth") == 0


def test_the_time_line_is_dragged(page: Browser):
    page.mouse("mousePressed", *page.place(".time", (0.3, 0.5)))
    first = page.value(TIME)
    page.mouse("mouseMoved", *page.place(".time", (0.5, 0.5)), down=True)
    page.mouse("mouseMoved", *page.place(".time", (0.8, 0.5)), down=True)
    page.mouse("mouseReleased", *page.place(".time", (0.8, 0.5)))
    assert 5 < first < 7 and 15.5 < page.value(TIME) < 17


def test_keys_step_leap_play_and_change_the_speed(page: Browser):
    page.value("document.querySelector('.hideseek-clip').focus()")
    for key, time in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", 20), ("Home", 0)):
        page.press(key)
        assert page.value(TIME) == time
    page.press("ArrowUp")
    page.press("ArrowUp")
    assert page.value("document.querySelector('select').value") == "4"
    for _ in range(4):
        page.press("ArrowDown")
    page.press(" ")
    page.wait(f"{TIME} > 0")
    page.press(" ")
    paused = page.value(TIME)
    page.value("new Promise(done => setTimeout(done, 100))")
    assert page.value(TIME) == paused < 20


def test_captions_events_and_signs_say_what_happens(page: Browser):
    assert words(page) == "The hiders prepare; seekers wake up in 0.8 s"
    page.value("document.querySelector('.events').open = true")
    page.click(".events button")
    assert page.value(TIME) == 6 and words(page) == "Hider 0 locks box 0"
    width = page.value("document.querySelector('.track').clientWidth")
    page.click(".track", ((8 + 12 / 20 * (width - 16)) / width, 0.2))
    assert page.value(TIME) == 12 and words(page) == "Seeker 0 spots hider 1"
    assert page.value("document.querySelector('.timeline .tip').innerText").startswith("1.2 s\nSeeker 0 spots hider 1")


def at(x: float, y: float) -> tuple[float, float]:
    """The share of the floor's picture at a place in metres."""
    return (x + 0.22) / 6.44, 1 - (y + 0.22) / 6.44


def tip(browser: Browser) -> str:
    return browser.value("(tip => tip.hidden ? '' : tip.innerText)(document.querySelector('.stage .tip'))")


def test_what_is_pointed_at_is_named(page: Browser):
    page.value("document.querySelector('.hideseek-clip').focus()")
    for _ in range(4):
        page.press("ArrowRight")
    page.mouse("mouseMoved", *page.place(".world", at(1.4, 1.0)))
    assert tip(page) == "Hider 0\nholds box 0\nsees no opponent"
    page.mouse("mouseMoved", *page.place(".world", at(5.0, 5.0)))
    assert tip(page) == "Seeker 0\nholds nothing\nis blind during preparation"
    page.press("End")
    page.mouse("mouseMoved", *page.place(".world", at(1.8, 1.3)))
    assert tip(page) == "Box 0\nlocked by the hiders"
    page.mouse("mouseMoved", *page.place(".world", at(5.5, 1.0)))
    assert tip(page) == ""


def test_dark_is_dark_and_narrow_is_not_cut_off(page: Browser, tmp_path: Path):
    light = pixels(page, tmp_path / "a.png").mean()
    page.open(tmp_path / "clip.html", 360, 700, dark=True)
    dark = pixels(page, tmp_path / "b.png")
    assert dark.mean() < 80 < 180 < light and not has(dark, FLOOR)
    for selector in (".world", ".controls", ".timeline", "select", "figcaption"):
        right = page.value(f"document.querySelector('{selector}').getBoundingClientRect().right")
        assert 0 < right <= 360, selector


def test_players_on_one_page_are_independent(browser: Browser, recording: Recording, tmp_path: Path):
    figures = clip_figure(recording) + clip_figure(read(GALLERY / "over-wall.npz"))
    (tmp_path / "two.html").write_text(f"<!DOCTYPE html><meta charset=utf-8>{player_assets()}{figures}", "utf-8")
    browser.open(tmp_path / "two.html", 900, 2400)
    times = "[...document.querySelectorAll('.time')].map(time => Number(time.value))"
    browser.value("document.querySelectorAll('.hideseek-clip')[1].focus()")
    browser.press("ArrowRight")
    assert browser.value(times) == [0, 1]
    browser.value("document.querySelectorAll('.hideseek-clip')[0].focus()")
    browser.press("End")
    assert browser.value(times) == [20, 1] and browser.problems == []


def test_what_is_scrolled_away_keeps_no_picture_until_it_comes_back(
    browser: Browser, recording: Recording, tmp_path: Path
):
    figures = "<div style='height: 3000px'></div>".join([clip_figure(recording)] * 2)
    (tmp_path / "two.html").write_text(f"<!DOCTYPE html><meta charset=utf-8>{player_assets()}{figures}", "utf-8")
    browser.open(tmp_path / "two.html", 900, 900)
    drawn = "[...document.querySelectorAll('.world')].map(canvas => canvas.width > 0).join()"
    browser.wait(f"{drawn} == 'true,false'")
    height = browser.value("document.body.scrollHeight")
    browser.value("scrollTo(0, 99999)")
    browser.wait(f"{drawn} == 'false,true'")
    assert browser.value("document.body.scrollHeight") == height and browser.problems == []


@pytest.mark.parametrize("name", ["</script><script>document.title='broken'</script>", "<img src=x onerror=alert(1)>"])
def test_a_hostile_name_is_shown_and_does_nothing(browser: Browser, recording: Recording, tmp_path: Path, name: str):
    header = dataclasses.replace(recording.header, hiders=name, seekers=name, scenario=name)
    write_page(dataclasses.replace(recording, header=header), tmp_path / "clip.html")
    browser.open(tmp_path / "clip.html")
    assert browser.value("document.querySelector('.team bdi').textContent") == name
    assert browser.value("document.title") == f"{name} against {name}, {name}"
    assert browser.value("document.querySelectorAll('img, b').length") == 0
    assert browser.problems == [] and len(browser.requests) == 1


def test_damaged_data_is_said_to_be(browser: Browser, recording: Recording, tmp_path: Path):
    figure = clip_figure(recording)
    start = figure.index('class="clip">') + 200
    damaged = figure[:start] + "AAAAAAAA" + figure[start + 8 :]
    (tmp_path / "clip.html").write_text(f"<!DOCTYPE html><meta charset=utf-8>{player_assets()}{damaged}", "utf-8")
    browser.open(tmp_path / "clip.html")
    assert "damaged" in browser.value("document.querySelector('.problem').innerText")
    assert "Hider 0 locks box 0" in browser.value("document.querySelector('.events').textContent")


def test_an_old_browser_is_told_and_reads_the_list(browser: Browser, recording: Recording, tmp_path: Path):
    write_page(recording, tmp_path / "clip.html")
    old = browser.call("Page.addScriptToEvaluateOnNewDocument", source="delete window.DecompressionStream")
    browser.open(tmp_path / "clip.html")
    browser.call("Page.removeScriptToEvaluateOnNewDocument", **old)
    assert "too old" in browser.value("document.querySelector('.problem').innerText")
    assert "Hider 0 locks box 0" in browser.value("document.querySelector('.events').innerText")
    assert browser.problems == []


def floor(browser: Browser) -> Image.Image:
    """The picture of the floor on the page's paper."""
    shown = browser.value("document.querySelector('.world').toDataURL()").partition(",")[2]
    with Image.open(io.BytesIO(base64.b64decode(shown))) as picture:
        paper = Image.new("RGBA", picture.size, (*PAPER, 255))
        return Image.alpha_composite(paper, picture.convert("RGBA")).convert("RGB")


def coarse(picture: Image.Image) -> np.ndarray:
    """int [row, column, 3]: the picture without its letters and edges."""
    return np.asarray(picture.reduce(8)).astype(int)


@pytest.mark.parametrize("path", sorted(GALLERY.glob("*.npz")), ids=lambda path: path.stem)
def test_every_shipped_film_looks_like_the_windows(browser: Browser, tmp_path: Path, path: Path):
    """Cones of vision included, which the player works out for itself.

    Letters and edges may differ a little: four long locked boxes make 0.75 % of the squares, a cone more.
    """
    recording = read(path)
    header = recording.header
    write_page(recording, tmp_path / "clip.html")
    browser.open(tmp_path / "clip.html")
    for time in np.linspace(0.0, header.ticks, 12):
        time = round(2 * time) / 2
        browser.value(
            f"(slider => {{ slider.value = {time}; slider.dispatchEvent(new Event('input')); }})"
            "(document.querySelector('.time'))"
        )
        shown, now = floor(browser), moment(recording, time)
        snapshot = Snapshot(header.slots, recording.layout, now.state, now.seen)
        drawn = Image.fromarray(render_array(snapshot, shown.size, Options(preparation=now.preparation)))
        differs = np.abs(coarse(shown) - coarse(drawn)).max(axis=2) > 15
        assert differs.mean() < 0.01, time
    assert browser.problems == []
