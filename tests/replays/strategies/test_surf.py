"""Surf: an agent on the upper level rides for a metre on a thing that it holds."""

import numpy as np
import pytest

from replays.strategies.surf import spans
from tests.replays.strategies.scenes import BAR, HIDER, MATE, PARTNER, RAMP, SEEKER, Scene, cases, found


def rides(label: str, metres: float, agent=SEEKER, angle=0.0, thing=0, since=6, ticks=10, half=None) -> Scene:
    """An agent stands on a thing and rides so far."""
    way = metres * np.array([np.cos(angle), np.sin(angle)])
    start, goal = np.array([2.0, 2.5]), np.array([2.0, 2.5]) + way
    scene = Scene(label, 24).people(((0.4, 0.4), (5.6, 0.4)), ((0.4, 5.6), (5.6, 5.6)))
    scene.thing(thing, (since, *start, 0.0), (since + ticks, *goal, 0.0), half=half)
    scene.agent(agent, (since, *start), (since + ticks, *goal))
    return scene.upstairs(agent, 3).hold(agent, thing, since)


POSITIVE = [
    *[
        rides(f"agent {agent}, {metres} m at {angle}", metres, agent, angle)
        for agent in (HIDER, SEEKER)
        for metres in (1.02, 1.5, 2.4)
        for angle in (0.0, 0.8, 1.5)
    ],
    *[rides(f"in {ticks} ticks", 1.6, ticks=ticks) for ticks in (5, 17)],
    rides("on an elongated box", 1.5, half=BAR),
    rides("on a ramp", 1.5, thing=RAMP),
    rides("the other way, and back", 1.2).thing(0, (6, 2.0, 2.5, 0.0), (12, 3.2, 2.5, 0.0), (18, 2.0, 2.5, 0.0)),
    rides("during preparation", 1.5, MATE, since=3, ticks=7),
    rides("others hold it too", 1.5).hold(HIDER, 0, 6),
    rides("dragged by others while it clings to it", 1.5).hold(PARTNER, 0, 6),
]

NEGATIVE = [
    *[
        rides(f"agent {agent}, only {metres} m", metres, agent, angle)
        for agent in (HIDER, SEEKER)
        for metres in (0.5, 0.9, 0.97)
        for angle in (0.0, 0.8)
    ],
    *[rides(f"drags it on the floor, agent {agent}", 1.6, agent).on_floor(agent) for agent in (HIDER, SEEKER)],
    *[rides(f"lets go after {ticks} ticks", 1.6).release(SEEKER, [6 + ticks]) for ticks in (4, 5, 6)],
    rides("stands on a box that others drag", 1.6).release(SEEKER, range(25)).hold(HIDER, 0, 6),
    rides("stands on a box that slides", 1.6).release(SEEKER, range(25)),
    rides("to and fro, never a metre away", 0.8)
    .thing(0, (6, 2.0, 2.5, 0.0), (10, 2.8, 2.5, 0.0), (14, 2.0, 2.5, 0.0), (18, 2.8, 2.5, 0.0)),
    rides("comes down halfway", 1.6).on_floor(SEEKER, 11),
    rides("goes up halfway", 1.6).on_floor(SEEKER, 0, 11),
    rides("another thing moves", 1.6).release(SEEKER, range(25)).thing(1, (4.0, 4.0, 0.0)).hold(SEEKER, 1, 6),
    rides("holds it and stands", 0.0),
    rides("the ramp stands near", 0.0).thing(RAMP, (3.0, 2.5, 0.0)),
    rides("two short rides on two boxes", 0.7, ticks=6).bring(1, (4.0, 4.0, 0.0), (4.7, 4.0, 0.0), SEEKER, 14, 20),
]  # fmt: skip


@pytest.mark.parametrize(("scene", "symmetry"), cases(POSITIVE))
def test_it_is_found(scene: Scene, symmetry: int):
    assert found("surf", scene, symmetry)


@pytest.mark.parametrize(("scene", "symmetry"), cases(NEGATIVE))
def test_it_is_not_invented(scene: Scene, symmetry: int):
    assert not found("surf", scene, symmetry)


def test_it_is_dated_from_where_the_agent_took_hold():
    assert found("surf", rides("alone", 1.5, MATE)) == [[6, MATE, 0, -1]]


def test_people_see_it_from_when_the_thing_moves_until_the_agent_lets_go():
    ride = rides("waits first", 1.5).hold(SEEKER, 0, 3).upstairs(SEEKER, 2).release(SEEKER, [18])
    ((moment, agent, thing, _),) = found("surf", ride)
    assert (moment, agent, thing) == (3, SEEKER, 0), "the thing moves after 6"
    assert spans(ride.states) == {(3, agent, thing): (7, 18)}
