"""Pages with replays: whole in themselves, and harmless whoever made the recording."""

import base64
import dataclasses
import hashlib
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from replays.events import Event
from replays.format.header import clean
from replays.format.recording import Recording, read
from replays.report.page import clip_figure, clip_page, player_assets, write_page
from replays.report.theme import DARK, LIGHT
from replays.strategies.catalogue import names
from sim.errors import UserError
from sim.render.palette import FLOOR, HIDER

ROOT = Path(__file__).parents[2]
HOSTILE = (
    "</script><b>bold</b>",
    "<img src=x onerror=alert(1)>",
    "\"' onfocus=alert(1) autofocus x='",
    "</figure></main><!--",
    "${figure} $clip &amp; &lt;",
    clean("\u202eevil\u2028\u2029\x00"),
)


class Parsed(HTMLParser):
    """The tags and attributes of a page, and its text outside of scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text, self._raw = "", False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._raw = tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._raw = False

    def handle_data(self, data: str) -> None:
        self.text += "" if self._raw else data


def named(recording: Recording, hiders: str, seekers: str = "chaser", scenario: str = "quadrant") -> Recording:
    header = dataclasses.replace(recording.header, hiders=hiders, seekers=seekers, scenario=scenario)
    return dataclasses.replace(recording, header=header)


def test_teams_of_a_run_are_called_by_their_training_and_not_by_their_files(recording: Recording):
    page = clip_page(named(recording, "hiders-000002097152", "seekers-000000000000"))
    assert "0000" not in Parsed(page).text and "hiders of 2.1 M steps" in Parsed(page).text
    assert "<title>hiders of 2.1 M steps against seekers as their run began" in page


@pytest.mark.parametrize("name", HOSTILE)
def test_names_from_a_file_are_text(recording: Recording, name: str):
    plain, hostile = Parsed(clip_page(recording)), Parsed(clip_page(named(recording, name, name, name)))
    assert [tag for tag, _ in hostile.tags] == [tag for tag, _ in plain.tags]
    assert [set(attributes) for _, attributes in hostile.tags] == [set(attributes) for _, attributes in plain.tags]
    assert hostile.text.count(name) == 6  # the title "A against B, WORLD", both teams, and the world again
    assert dict(hostile.tags)["figure"]["aria-label"] == f"Replay: {name} against {name}"


def test_a_page_asks_nobody_and_runs_only_its_own_script(recording: Recording):
    page = clip_page(recording)
    tags = Parsed(page).tags
    assert [address for _, attributes in tags for key in ("src", "href") if (address := attributes.get(key))] == [
        "data:,"
    ]
    assert not re.search(r"https?://|@import|url\(", page)
    policy = next(row["content"] for tag, row in tags if row.get("http-equiv") == "Content-Security-Policy")
    assert policy and "default-src 'none'" in policy and "unsafe" not in policy
    for tag in ("script", "style"):
        (code,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not any(key.startswith("on") or key == "style" for _, attributes in tags for key in attributes)


def test_figures_share_one_player(recording: Recording):
    figure, assets = clip_figure(recording), player_assets()
    assert figure.count("<figure") == 1 and "<style" not in figure and "use strict" not in figure
    assert assets.count("<script>") == assets.count("<style>") == 1
    assert len(figure) < 16 * 1024


def test_colours_are_the_windows(recording: Recording):
    assert LIGHT["floor"] == FLOOR and LIGHT["hider"] == HIDER and LIGHT.keys() == DARK.keys()
    style = player_assets()
    assert f"--hs-floor: #{bytes(FLOOR).hex()}" in style and f"--hs-floor: #{bytes(DARK['floor']).hex()}" in style
    used = set(re.findall(r"var\(--hs-([a-z-]+)\)", style)) | set(re.findall(r"theme\.([a-z]+)", style))
    assert used - {"py"} <= LIGHT.keys()  # the comments name theme.py


def test_the_list_tells_the_events_that_matter(recording: Recording):
    events = [*recording.events, Event(20, "door blocked", 1, 0, 0)]
    text = Parsed(clip_figure(dataclasses.replace(recording, events=tuple(events)), 5)).text
    assert "Hider 1 blocks the door with box 0" in text and "2.0 s" in text
    assert "Hider 0 locks box 0" in text and "grabs" not in text
    assert "builder" in text and "Hiders win, hidden 75% of the time" in text


@pytest.mark.parametrize(
    ("name", "shows", "first", "words", "begin"),
    [
        ("fort", "Fort built", 0, "Fort built at 4.9 s", 29),
        ("fort", "Sealed in", 0, "Sealed in at 4.9 s", 29),  # hiders in a fort are
        ("fort", "Fort built", 40, "Fort built at 4.9 s", 40),
        ("fort", "Fort built", 60, "Fort built", 60),  # it stands already
        ("fort", "Surfing", 0, "Surfing", 0),
        ("fort", "typical of the group", 0, "typical of the group", 0),
        ("chase", "Chase", 0, "Chase at 4.5 s", 25),  # the first of several
        ("door-blocked", "Door blocked", 0, "Door blocked at 2.1 s", 1),
    ],
)
def test_a_clip_that_shows_a_strategy_says_when_it_comes_and_begins_a_little_before(
    name: str, shows: str, first: int, words: str, begin: int
):
    figure = clip_figure(read(ROOT / "replays" / "gallery" / f"{name}.npz"), first, shows=shows)
    assert f"· {words}</p>" in figure and f'data-begin="{begin}"' in figure


def test_a_clip_that_ends_before_a_strategy_comes_begins_with_its_first_tick():
    figure = clip_figure(read(ROOT / "replays" / "gallery" / "fort.npz"), 10, 40, shows="Fort built")
    assert "· Fort built</p>" in figure and 'data-begin="10"' in figure


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (0, None, "quadrant · Hiders win, hidden 75% of the time · Door blocked"),
        (0, 20, "quadrant · Hiders win, hidden 75% of the time · Door blocked"),
        (0, 8, "quadrant · the whole episode: Hiders win, hidden 75% of the time · Locked by hiders"),
        (8, 11, "quadrant · the whole episode: Hiders win, hidden 75% of the time"),
        (8, 20, "quadrant · the whole episode: Hiders win, hidden 75% of the time · Door blocked"),
        (11, 20, "quadrant · the whole episode: Hiders win, hidden 75% of the time · Hiders found"),
        (14, 20, "quadrant · the whole episode: Hiders win, hidden 75% of the time"),
    ],
)
def test_a_part_of_an_episode_is_said_to_show_what_happens_in_it(
    recording: Recording, first: int, last: int | None, words: str
):
    """A lock in preparation, a door that is blocked from 7 to 19, and a hider that is seen at 12."""
    door = (Event(7, "door blocked", 1, 0, 0), Event(19, "door open again", 1, 0, 0))
    events = tuple(sorted([*recording.events, *door], key=lambda event: event.tick))
    figure = clip_figure(dataclasses.replace(recording, events=events), first, last)
    assert f'<p class="summary">{words}</p>' in figure


def test_what_lasts_from_before_the_user_changed_the_world_is_not_what_a_part_shows(recording: Recording):
    door, change = Event(6, "door blocked", 1, 0, 0), Event(8, "taken away", -1, 1, -1)
    for events, shown in (((door,), True), ((door, change), False)):
        figure = clip_figure(dataclasses.replace(recording, events=events), 9, 20)
        assert ("Door blocked" in figure) == shown


def test_of_what_happens_in_one_tick_causes_are_told_first(recording: Recording):
    events = (Event(9, "lock", 0, 0, -1), Event(9, "lock war", -1, 0, -1), Event(9, "lock", 1, 0, -1))
    text = Parsed(clip_figure(dataclasses.replace(recording, events=events))).text
    told = [text.index(words) for words in ("Hider 0 locks", "1 locks", "Both teams")]
    assert told == sorted(told)


def test_a_thousand_events_make_no_endless_list(recording: Recording):
    events = (*[Event(9, "lock", 0, 0, -1)] * 1000, Event(9, "surf", 0, 0, -1))
    text = Parsed(clip_figure(dataclasses.replace(recording, events=events))).text
    assert text.count("Hider 0 ") == 80 and "surfs" in text


def test_where_nobody_seeks_no_seekers_are_shown(recording: Recording):
    header = dataclasses.replace(
        recording.header, outcome={"hidden": None, "win": None, **dict.fromkeys(names(), False)}
    )
    slots = header.slots._replace(hiders=3, seekers=0)
    header = dataclasses.replace(header, slots=slots)
    parsed = Parsed(clip_page(dataclasses.replace(recording, header=header, events=())))
    seekers = next(row for _, row in parsed.tags if row.get("class") == "team seeker")
    assert "hidden" in seekers and "against" not in parsed.text
    events = next(row for _, row in parsed.tags if row.get("class") == "events")
    assert "hidden" in events, "there are none"


@pytest.mark.parametrize(("first", "last"), [(-1, 4), (3, 21), (9, 8), (21, None)])
def test_ticks_that_do_not_exist_are_refused(recording: Recording, tmp_path: Path, first: int, last: int | None):
    with pytest.raises(UserError, match="choose from 0 to 20"):
        write_page(recording, tmp_path / "a.html", first, last)
    assert not list(tmp_path.iterdir())


def test_a_page_is_written_without_torch_and_without_a_display(tmp_path: Path):
    code = (
        "import sys, pygame\nfrom pathlib import Path\nfrom replays.format.recording import read\n"
        "from replays.report.page import write_page\n"
        f"write_page(read(Path('replays/gallery/chase.npz')), Path({str(tmp_path / 'a.html')!r}))\n"
        "print(pygame.display.get_init(), 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False False"
    assert (tmp_path / "a.html").read_text("utf-8") == clip_page(read(ROOT / "replays" / "gallery" / "chase.npz"))


def test_the_wheel_has_the_player():
    pytest.importorskip("hatchling")
    from hatchling.builders.wheel import WheelBuilder  # pyright: ignore[reportMissingImports]

    files = {Path(file.distribution_path).as_posix() for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    here = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "replays" / "report").rglob("*.*")
        if path.suffix != ".pyc"
    }
    assert here <= files and "replays/report/player/player.css" in here
