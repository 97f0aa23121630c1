"""Random drawn worlds for Hypothesis, and a small one to change."""

from hypothesis import strategies as st

from sim.scenario import scenario_names
from sim.scenarios.drawn.file import read
from sim.scenarios.drawn.items import Agent, Area, Box, Door, Ramp, Range, RoomFor, Wall
from sim.scenarios.drawn.world import DrawnWorld
from sim.scenarios.trap_bench import PREFIX

NAMES = [name for name in scenario_names() if not name.startswith(PREFIX) or name == "trap-three-boxes"]
"""Every scenario, but of the traps one: they share their code."""

TWO_ROOMS = """\
name = "two rooms"
question = "Do hiders shut the door?"
floor_m = 6.0
ticks = 20
preparation_ticks = 8
reward = "team"

[[walls]]
at = [3.0, 0.0]
length_m = 6.0
upright = true

    [[walls.doors]]
    at_m = [0.6, 2.4]
    width_m = 0.5

    [[walls.doors]]
    at_m = 4.5
    width_m = 0.2

[[boxes]]
at = [3.6, 0.5, 5.5, 2.5]
length_m = 0.775
angle_deg = [0.0, 90.0]
lockable = true

[[boxes]]
at = [1.5, 5.0]
length_m = [1.0, 1.65]
width_m = 0.15
angle_deg = 0.0
lockable = false
locked_by = "seekers"

[[ramps]]
at = [4.5, 4.5]
angle_deg = 45.0
lockable = true

[[agents]]
side = "seeker"
at = [0.5, 1.0, 2.5, 4.0]
angle_deg = [0.0, 360.0]

[[agents]]
side = "hider"
at = [5.5, 3.0]
angle_deg = 180.0

[room_for]
seekers = 2
doors = 3
"""


def two_rooms() -> DrawnWorld:
    return read(TWO_ROOMS)


def ranges(low: float, high: float) -> st.SearchStrategy[Range]:
    """Ranges within bounds, half of them fixed."""
    numbers = st.floats(low, high)
    both = st.tuples(numbers, numbers).map(lambda pair: Range(min(pair), max(pair)))
    return st.one_of(numbers.map(Range.fixed), both)


def areas(most: float) -> st.SearchStrategy[Area]:
    """Areas within [0, most], half of them points."""
    pairs = st.tuples(ranges(0.0, most), ranges(0.0, most)).map(lambda xy: Area(xy[0].low, xy[1].low, *_high(xy)))
    points = st.tuples(st.floats(0.0, most), st.floats(0.0, most)).map(lambda xy: Area.point(*xy))
    return st.one_of(points, pairs)


def _high(pair: tuple[Range, Range]) -> tuple[float, float]:
    return pair[0].high, pair[1].high


_ANGLES = ranges(-360.0, 360.0)
_LOCKERS = st.sampled_from(["hiders", "seekers", "nobody", None])
_DOORS = st.builds(Door, at_m=ranges(0.0, 6.0), width_m=ranges(0.05, 2.0))
_QUESTIONS = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=40).filter(str.isprintable)
_NAMES = st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=20)


@st.composite
def worlds(draw: st.DrawFn) -> DrawnWorld:
    """Any world that a file can hold, whether it has room for everything or not."""
    floor = draw(st.floats(2.0, 8.0))
    lists = {
        "walls": st.builds(
            Wall,
            at=areas(floor),
            length_m=ranges(0.0, floor),
            upright=st.booleans(),
            doors=st.lists(_DOORS, max_size=2).map(tuple),
        ),
        "boxes": st.builds(
            Box,
            at=areas(floor),
            length_m=ranges(0.05, 2.0),
            width_m=st.one_of(st.none(), ranges(0.05, 1.0)),
            angle_deg=_ANGLES,
            lockable=st.booleans(),
            locked_by=_LOCKERS,
        ),
        "ramps": st.builds(Ramp, at=areas(floor), angle_deg=_ANGLES, lockable=st.booleans(), locked_by=_LOCKERS),
        "agents": st.builds(Agent, side=st.sampled_from(["hider", "seeker"]), at=areas(floor), angle_deg=_ANGLES),
    }
    return DrawnWorld(
        name=draw(_NAMES),
        question=draw(_QUESTIONS),
        floor_m=floor,
        ticks=draw(st.integers(2, 10_000)),
        preparation_ticks=draw(st.integers(0, 1)),
        reward=draw(st.sampled_from(["team", "individual", "team_mean"])),
        room_for=draw(st.builds(RoomFor, *[st.integers(0, 3)] * 5)),
        **{kind: tuple(draw(st.lists(items, max_size=4))) for kind, items in lists.items()},
    )
