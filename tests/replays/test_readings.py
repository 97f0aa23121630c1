"""What linear probes read, in the panel of a hider: from a file of its team's hash, and with numpy alone."""

import dataclasses
from pathlib import Path
from types import ModuleType

import numpy as np
import pygame
import pytest

from replays.film import film as film_module
from replays.film.film import Film
from replays.format.header import WITH_PERSON
from replays.format.recording import Recording
from replays.readings import Layer, ProbeScore, Readings, keep, readings_of
from replays.viewer.film import agent_panel, probe_section
from replays.viewer.film.expected_curve import plot_area
from replays.viewer.film.probe_section import draw_probe_section, probe_section_height, readings_at, trust_text
from replays.viewer.film.viewer import Viewer
from replays.viewer.widgets import theme
from sim.schema import observation_size
from tests.replays.acting import draw_frames, picture, press

HASH = "0123456789abcdef" * 4
SIZE = 3


def some_readings(size: int, door: float = 2.0) -> Readings:
    """One hidden layer that keeps the first two numbers; the probes say box 1, the door, within 0.5 s."""
    scores = {
        "box": ProbeScore((0, 1, 2), ("none", "box 0", "box 1"), 0.8, 0.85, False),
        "door": ProbeScore((0, 1), ("none", "door 0"), 0.9, 0.7, True),
        "soon": ProbeScore((0, 1), ("never", "within 0.5 s"), 0.6, 0.6, False),
    }
    # In Fortran order, as products of a transposed matrix come out.
    layer = Layer(np.asfortranarray(np.eye(2, size, dtype=np.float32)), np.zeros(2, np.float32))
    bias = {"box": [0.0, 0.0, 3.0], "door": [0.0, door], "soon": [0.0, 1.0]}
    probes = {name: Layer(np.zeros((len(one), 2), np.float32), np.array(one, np.float32)) for name, one in bias.items()}
    return Readings("quadrant", scores, np.zeros(size, np.float32), np.ones(size, np.float32), (layer,), probes)


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data" / "hideseek" / "probes" / f"{HASH}.npz"


@pytest.fixture(autouse=True)
def known_world(monkeypatch: pytest.MonkeyPatch) -> None:
    """The episode made by hand is of no scenario, so what agents were shown is estimated: here that counts as known."""
    real = film_module.shown_at
    monkeypatch.setattr(film_module, "shown_at", lambda *args: dataclasses.replace(real(*args), estimated=False))


@pytest.fixture
def film(recording: Recording) -> Film:
    keep(some_readings(observation_size(recording.header.slots)), HASH)
    header = dataclasses.replace(recording.header, hashes={"hiders": HASH, "seekers": ""})
    return Film(dataclasses.replace(recording, header=header), "film")


def test_a_kept_file_reads_as_before_and_a_new_one_is_read_anew(own_data: Path):
    readings = some_readings(SIZE)
    assert readings_of(HASH) is None
    keep(readings, HASH)
    found = readings_of(HASH)
    assert found is not None and found.scores == readings.scores and found.world == "quadrant"
    likely = found.read(np.array([9.0, -1.0, 0.0], np.float32))
    assert likely is not None and likely["door"] == pytest.approx([0.119, 0.881], abs=1e-3)
    assert found.read(np.zeros(SIZE + 1, np.float32)) is None
    keep(some_readings(SIZE, door=-2.0), HASH)
    newer = readings_of(HASH)
    assert newer is not None and newer.probes["door"].bias[1] == -2.0
    own_data.write_bytes(own_data.read_bytes()[:-40])
    assert readings_of(HASH) is None, "damaged"
    assert readings_of("") is None and readings_of("../" * 21 + "a") is None


def test_the_layers_are_those_of_a_network(monkeypatch: pytest.MonkeyPatch):
    """Normalised and clipped at 5, a layer, a ReLU, the probe."""
    readings = dataclasses.replace(
        some_readings(SIZE),
        mean=np.array([1.0, 0.0, 0.0], np.float32),
        spread=np.array([2.0, 1.0, 1.0], np.float32),
        probes={"door": Layer(np.array([[0, 0], [1, 10]], np.float32), np.zeros(2, np.float32))},
    )
    likely = readings.read(np.array([3.0, -4.0, 0.0], np.float32))
    assert likely is not None and likely["door"][1] == pytest.approx(1 / (1 + np.exp(-1.0)))
    likely = readings.read(np.array([99.0, 0.0, 0.0], np.float32))
    assert likely is not None and likely["door"][1] == pytest.approx(1 / (1 + np.exp(-5.0)))


def test_what_is_read_has_words_and_only_of_what_is_still_to_come(film: Film, recording: Recording):
    box, door, soon = readings_at(film, 1, 0)
    assert (box.answer, door.answer, soon.answer) == ("box 1", "the door", "within 0.5 s")
    assert box.sure == pytest.approx(0.909, abs=1e-3) and box.f1 == 0.8
    assert readings_at(film, 4, 0)[0].unasked == "it holds a thing"
    assert not readings_at(film, 4, 1)[0].unasked
    assert not readings_at(film, 1, 2), "a seeker"
    assert not readings_at(film, recording.header.ticks, 0), "the end"
    text = trust_text(some_readings(SIZE))
    assert "only for: blocks next" in text and "held-out" in text
    worse = {name: dataclasses.replace(score, better=False) for name, score in some_readings(SIZE).scores.items()}
    assert "no better than" in trust_text(dataclasses.replace(some_readings(SIZE), scores=worse))


@pytest.mark.parametrize("name", ["box", "door"])
def test_probes_of_things_that_are_not_there_are_not_shown(recording: Recording, name: str):
    known = some_readings(observation_size(recording.header.slots))
    far = dataclasses.replace(known.scores[name], labels=(*known.scores[name].labels[:-1], 99))
    keep(dataclasses.replace(known, scores={**known.scores, name: far}), HASH)
    header = dataclasses.replace(recording.header, hashes={"hiders": HASH, "seekers": ""})
    assert readings_at(Film(dataclasses.replace(recording, header=header), "film"), 0, 0) == []


def written(monkeypatch: pytest.MonkeyPatch, module: ModuleType) -> list[str]:
    """The texts that a module of the window writes from now on."""
    texts: list[str] = []
    for name in ("write", "write_fitting"):
        monkeypatch.setattr(module, name, lambda surface, text, *_, **__: texts.append(text))
    return texts


def test_what_probes_read_has_all_its_rows_or_the_panel_says_where_they_are(
    film: Film, monkeypatch: pytest.MonkeyPatch
):
    texts = written(monkeypatch, probe_section)
    for height in range(20, 400, 15):
        texts.clear()
        agent_panel.draw_agent_panel(pygame.Surface((238, 400)), pygame.Rect(0, 0, 238, height), film, 0, 1.0)
        rows = [text for text in texts if text in ("Moves next", "Blocks next", "How soon")]
        assert len(rows) == (3 if "Linear probes read" in texts else 0)
        assert rows or not texts or texts == ["A taller window shows its probes"]
        assert rows or height < 230


def test_while_a_door_is_blocked_no_probe_is_asked_for_doors(path: Path, monkeypatch: pytest.MonkeyPatch):
    from replays.format.recording import read

    recording = read(path)
    keep(some_readings(observation_size(recording.header.slots)), HASH)
    header = dataclasses.replace(recording.header, hashes={"hiders": HASH, "seekers": ""})
    film = Film(dataclasses.replace(recording, header=header), "")
    assert [row.unasked for row in readings_at(film, 3, 1)] == ["", "", ""]
    assert [row.unasked for row in readings_at(film, 8, 1)] == ["", "a door is blocked"]
    texts = written(monkeypatch, probe_section)
    probe_section.draw_probe_section(pygame.Surface((236, 300)), pygame.Rect(0, 0, 236, 300), film, 8, 1)
    assert "not asked" in texts and "Not asked while a door is blocked." in " ".join(texts)


@pytest.mark.parametrize("tick", [3, 8])
def test_no_answer_of_a_probe_is_cut_in_the_panel(path: Path, monkeypatch: pytest.MonkeyPatch, tick: int):
    from replays.format.recording import read

    recording = read(path)
    keep(some_readings(observation_size(recording.header.slots)), HASH)
    header = dataclasses.replace(recording.header, hashes={"hiders": HASH, "seekers": ""})
    cut: list[str] = []
    monkeypatch.setattr(theme, "shorten", lambda text, *_: cut.append(text) or text)
    film, place = Film(dataclasses.replace(recording, header=header), ""), pygame.Rect(0, 0, 236, 300)
    assert draw_probe_section(pygame.Surface((236, 300)), place, film, tick, 1) and cut == []


def test_nothing_is_read_of_a_person_or_for_one(film: Film):
    assert film.readings is not None
    assert dataclasses.replace(film, witness=0).readings is None
    header = dataclasses.replace(film.recording.header, hiders="builder" + WITH_PERSON)
    assert Film(dataclasses.replace(film.recording, header=header), "").readings is None


def test_the_panel_shows_it_and_a_frame_observes_no_more_than_without(viewer: Viewer, film: Film, calls):
    press(viewer, pygame.K_TAB)
    without = picture(viewer)
    viewer.film = film
    shown = picture(viewer)
    side = viewer.panes.side
    assert (shown[side.left : side.right] != without[side.left : side.right]).any()
    surface = pygame.Surface((300, 300))
    whole = draw_probe_section(surface, pygame.Rect(0, 0, 300, 300), film, 1, 0)
    assert 80 < whole == probe_section_height(film, 1, 0, 300)
    assert 0 < draw_probe_section(surface, pygame.Rect(0, 0, 300, whole - 1), film, 1, 0) < whole
    assert draw_probe_section(surface, pygame.Rect(0, 7, 300, 300), film, 1, 2) == 7
    calls.clear()
    draw_frames(viewer, 30)
    assert calls["shown_at"] == 1 and calls["look"] == 0


@pytest.mark.parametrize("agent", [0, 2], ids=["with probes", "without"])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_map_of_an_agent_keeps_its_place_or_the_panel_says_where_it_is(
    film: Film, monkeypatch: pytest.MonkeyPatch, agent: int, scale: float
):
    """However much there is to say, in a panel of any height; what probes read comes before it."""
    maps: list[pygame.Rect] = []
    words: list[str] = []
    monkeypatch.setattr(agent_panel, "_draw_picture", lambda surface, area, *_: maps.append(area))
    monkeypatch.setattr(agent_panel, "write", lambda surface, text, *_, **__: words.append(text))
    theme.set_scale(scale)
    surface = pygame.Surface((500, 1500))
    low = [height for height in range(30, 700, 10) if not _has_map(surface, film, agent, height, maps, words)]
    assert low and max(low) < (260 if agent == 2 else 400)


def _has_map(
    surface: pygame.Surface, film: Film, agent: int, height: int, maps: list[pygame.Rect], words: list[str]
) -> bool:
    """Whether a panel shows the map; it must not lie over the curve, and is spoken of if it is not there."""
    maps.clear()
    words.clear()
    area = pygame.Rect(0, 0, theme.px(238), theme.px(height))
    agent_panel.draw_agent_panel(surface, area, film, agent, 1.0)
    for shown in maps:
        assert shown.width >= theme.px(64) and area.contains(shown)
        assert not shown.colliderect(plot_area(area))
    assert bool(maps) != any("taller window" in text for text in words)
    return bool(maps)
