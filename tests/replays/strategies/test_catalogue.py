"""What all strategies have in common."""

import string
from pathlib import Path

import numpy as np
import pytest

import replays.strategies
from replays.events import DOOR_KINDS, KINDS, SHUT_KINDS
from replays.strategies import catalogue
from replays.strategies.catalogue import by_name, find_all, flags, names, strategies
from replays.strategies.evidence.trace import Trace, Tracer, trace_episode
from replays.strategies.strategy import NOBODY, Disc, Strategy, first_of_each, occurrences
from sim.layout import Slots, empty_layout
from sim.state import State, empty_state, take
from sim.tools import TOOLS
from tests.replays.strategies.accuracy import scenes_of

CONTRACT = (
    "chase evade shield lock lock_war door_blocked sealed fort shelter cooperation climb over_wall seen_from_above "
    "ramp_theft ramp_denied surf surf_denied carry"
)


def test_the_names_are_those_of_the_contract_each_once():
    assert sorted(names()) == sorted(CONTRACT.split())
    for column in ("name", "title", "about", "rank", "sentence", "kind"):
        values = [getattr(strategy, column) for strategy in strategies()]
        assert len(set(values)) == len(values), column


def test_the_most_interesting_comes_first():
    ranks = [strategy.rank for strategy in strategies()]
    assert ranks == sorted(ranks)
    assert names()[0] == "surf" and names()[-1] == "chase"


def test_every_kind_is_an_event():
    for strategy in strategies():
        assert strategy.kind in KINDS
        assert strategy.ends is None or strategy.ends in KINDS
        assert strategy.own_event == (strategy.kind not in ("grab", "lock", *DOOR_KINDS, *SHUT_KINDS))


def test_an_unknown_name_is_refused():
    with pytest.raises(KeyError, match="juggle"):
        by_name("juggle")


@pytest.mark.parametrize("strategy", strategies(), ids=names())
def test_words_and_sign(strategy: Strategy):
    assert strategy.name.islower() and strategy.name.replace("_", "").isalpha()
    used = {field for _, field, _, _ in string.Formatter().parse(strategy.sentence) if field}
    assert used <= {"agent", "thing", "other"}
    assert ("other" in used) == bool(strategy.other) and strategy.other in ("", "agent", "door")
    assert strategy.title[0].isupper() and not strategy.sentence.endswith(".")
    assert strategy.tool is None or strategy.tool in TOOLS
    assert strategy.sign
    for shape in strategy.sign:
        corners = shape if not isinstance(shape, Disc) else [(shape.x - shape.radius, shape.y), (shape.x, shape.y)]
        assert len(corners) >= 2 and np.abs(np.array(corners)).max() <= 1.4
        assert np.ptp(np.array(corners), axis=0).max() > 0


@pytest.mark.parametrize("name", names())
def test_every_strategy_has_enough_scenes(name: str):
    positive, negative = scenes_of(name)
    assert len(positive) >= 20 and len(negative) >= 20
    contents = {
        b"".join(column.tobytes() for column in (*scene.layout, *scene.states)) for scene in (*positive, *negative)
    }
    assert len(contents) == len(positive) + len(negative), "each is another one"


def test_all_rows_are_in_order_and_name_who_exists():
    """Of one trace of many worlds: a scene of every strategy, and a few in which they do not occur."""
    for strategy in strategies():
        positive, negative = scenes_of(strategy.name)
        trace = together([scene.trace() for scene in (positive[0], positive[-1], negative[0])])
        for name, rows in find_all(trace).items():
            world, moment, agent, thing, other = rows.T
            assert rows.dtype == np.int64 and rows.shape[1] == 5
            assert (np.lexsort((moment, world)) == np.arange(len(rows))).all()
            assert ((world >= 0) & (world < 3) & (moment >= 0) & (moment <= trace.ticks)).all()
            assert ((agent >= NOBODY) & (agent < trace.slots.agents)).all()
            assert ((thing >= NOBODY) & (thing < trace.slots.things)).all()
            most = trace.slots.doors if by_name(name).other == "door" else trace.slots.agents
            assert ((other >= NOBODY) & (other < most)).all()
        assert flags(find_all(trace), 3)[strategy.name][:2].all()


def together(traces: list[Trace]) -> Trace:
    """One trace of several worlds of the same slots, cut to the shortest one that still has its preparation."""
    ticks = min(trace.ticks for trace in traces)
    layout = type(traces[0].layout)(*map(np.concatenate, zip(*(trace.layout for trace in traces), strict=True)))
    tracer = Tracer(traces[0].slots, layout, ticks, traces[0].preparation_ticks)
    for moment in range(ticks + 1):
        columns = zip(*(trace.state(moment) for trace in traces), strict=True)
        tracer.note(State(*map(np.concatenate, columns)), np.concatenate([trace.seen[moment] for trace in traces]))
    return tracer.trace()


NOTHING = Slots(hiders=2, seekers=0, boxes=0, ramps=0, walls=0, doors=0)


@pytest.mark.parametrize("moments", [1, 2, 30])
@pytest.mark.parametrize("preparation", [0, 5])
@pytest.mark.parametrize("worlds", [0, 1, 3])
@pytest.mark.parametrize(
    "slots",
    [
        NOTHING,
        NOTHING._replace(seekers=1),
        NOTHING._replace(boxes=2, walls=1, doors=1),
        NOTHING._replace(seekers=2, boxes=2, walls=1, doors=1),
        NOTHING._replace(seekers=2, ramps=1),
        NOTHING._replace(seekers=2, boxes=1, ramps=1),
        NOTHING._replace(hiders=1, seekers=1, boxes=1, ramps=2, walls=1, doors=1),
    ],
    ids=["hiders alone", "no things", "no seekers", "no ramps", "no boxes", "no walls", "all"],
)
def test_worlds_that_lack_something(slots: Slots, worlds: int, preparation: int, moments: int):
    layout, state = empty_layout(worlds, slots), empty_state(worlds, slots)
    layout.floor[:] = 6.0
    layout.agent_exists[:], layout.thing_exists[:], layout.thing_half[:] = True, True, 0.3
    state.agents[..., 0], state.agents[..., 1] = np.arange(slots.agents) + 0.5, 1.0
    state.things[..., 0], state.things[..., 1] = np.arange(slots.things) + 0.5, 3.0
    tracer = Tracer(slots, layout, 29, preparation, every_seal=True)
    for _ in range(moments):
        tracer.note(state, np.zeros((worlds, slots.agents, slots.agents), bool))
    found = find_all(tracer.trace())
    assert set(found) == set(names())
    assert not any(len(rows) for rows in found.values())


def test_a_trace_of_nothing_is_refused():
    with pytest.raises(ValueError, match="nothing"):
        Tracer(NOTHING, empty_layout(1, NOTHING), 5, 0).trace()


def test_occurrences_are_put_in_order_and_the_first_of_each_is_kept():
    rows = occurrences(np.array([1, 0, 0, 1]), np.array([5, 7, 3, 2]), np.array([2, 1, 1, 2]), thing=4)
    assert rows.tolist() == [[0, 3, 1, 4, -1], [0, 7, 1, 4, -1], [1, 2, 2, 4, -1], [1, 5, 2, 4, -1]]
    assert first_of_each(rows, 2).tolist() == [[0, 3, 1, 4, -1], [1, 2, 2, 4, -1]]
    assert len(first_of_each(rows, 1, 2)) == 4
    assert occurrences(np.zeros(0, int), 3).shape == (0, 5)


NEW = """
from replays.strategies.strategy import Strategy, occurrences

STRATEGY = Strategy(
    name="wait", title="Waiting", about="nothing happens", rank=1000, find=lambda trace: occurrences([0], 0),
    sentence="{agent} waits", kind="wait", sign=(((-1.0, -1.0), (1.0, -1.0), (0.0, 1.0)),),
)
"""


def test_a_new_file_is_a_new_strategy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "wait.py").write_text(NEW)
    (tmp_path / "helper.py").write_text("x = 1")
    monkeypatch.setattr(replays.strategies, "__path__", [*replays.strategies.__path__, str(tmp_path)])
    for search in (catalogue.strategies, catalogue.names):
        search.cache_clear()
        monkeypatch.setattr(catalogue, search.__name__, search)
    try:
        assert names()[-1] == "wait" and len(names()) == len(CONTRACT.split()) + 1
        layout, state = empty_layout(1, NOTHING), empty_state(1, NOTHING)
        layout.floor[:] = 6.0
        trace = trace_episode(NOTHING, layout, take(state, np.array([0, 0])), np.zeros((2, 2, 2), bool), 0)
        assert flags(find_all(trace), 1)["wait"].tolist() == [True]
    finally:
        for search in (catalogue.strategies, catalogue.names):
            search.cache_clear()
