"""Climb: an agent gets onto the upper level by a ramp."""

import pytest

from tests.replays.strategies.scenes import (
    HIDER,
    MATE,
    OTHER_RAMP,
    PARTNER,
    RAMP,
    SEEKER,
    UP,
    Scene,
    cases,
    found,
)


def field(label: str) -> Scene:
    """A ramp in the middle whose low edge is at x 2.55 and whose high half begins at x 3.0; a box at its right."""
    return (
        Scene(label)
        .thing(RAMP, (3.0, 3.0, 0.0))
        .thing(0, (3.9, 3.0, 0.0))
        .people(((1.0, 1.0), (5.0, 1.0)), ((1.0, 5.0), (5.0, 5.0)))
    )


def climbs(label: str, agent: int, at=8, takes=6, end=None) -> Scene:
    """An agent walks in at the low edge, and is lifted as it passes the middle."""
    lifted = at + takes // 2 + 1
    scene = field(label).agent(agent, (at, 2.4, 3.0), (at + takes, 3.4, 3.0))
    return scene.upstairs(agent, lifted, end)


POSITIVE = [
    *[
        climbs(f"agent {agent} at {at} in {takes} ticks", agent, at, takes)
        for agent in (HIDER, MATE, SEEKER, PARTNER)
        for at, takes in ((1, 4), (6, 6), (8, 8))
    ],
    *[climbs(f"agent {agent} comes down again", agent, 6, 4, 14) for agent in (HIDER, SEEKER)],
    climbs("locked by hiders", SEEKER).lock(RAMP, 2),
    climbs("held by a hider", SEEKER).hold(HIDER, RAMP, 2),
    climbs("two climb", SEEKER, 6).agent(HIDER, (9, 2.4, 3.0), (15, 3.4, 3.0)).upstairs(HIDER, 13),
    climbs("another ramp lies elsewhere", SEEKER).thing(OTHER_RAMP, (5.0, 2.0, UP)),
    field("up, down and up again").agent(SEEKER, (4, 2.4, 3.0), (8, 3.4, 3.0), (12, 2.4, 3.0), (16, 3.4, 3.0))
    .upstairs(SEEKER, 7, 10).upstairs(SEEKER, 15),
    climbs("during preparation", HIDER, 0, 4),
]  # fmt: skip

NEGATIVE = [
    *[field(f"agent {agent} stands before it").agent(agent, (2.3, 3.0)) for agent in (HIDER, SEEKER)],
    *[
        field(f"agent {agent} goes in to x = {x} and back").agent(agent, (6, 2.3, 3.0), (9, x, 3.0), (12, 2.3, 3.0))
        for agent in (HIDER, SEEKER)
        for x in (2.6, 2.75, 2.95)
    ],
    *[field(f"agent {agent} carries it").hold(agent, RAMP, 6, 14) for agent in (HIDER, PARTNER)],
    *[
        field(f"agent {agent} passes by, {aside} m aside").agent(agent, (6, 1.5, 3.0 + aside), (16, 4.5, 3.0 + aside))
        for agent in (HIDER, SEEKER)
        for aside in (0.46, -0.6)
    ],
    *[
        field(f"agent {agent} is upstairs from the start, and comes down").agent(agent, (4, 3.9, 3.0), (8, 5.0, 3.0))
        .upstairs(agent, 0, 8)
        for agent in (HIDER, SEEKER)
    ],
    field("upstairs all the time").agent(SEEKER, (4, 3.9, 3.0), (8, 3.3, 3.0)).upstairs(SEEKER, 0),
    field("hiders lock it").hold(HIDER, RAMP, 3, 6).lock(RAMP, 6),
    field("the ramp is pushed under nobody").bring(RAMP, (2.0, 3.0, 0.0), (3.0, 3.0, 0.0), MATE),
    field("all stand"),
    field("waits in it while another is upstairs").agent(HIDER, (3.2, 3.0)).upstairs(HIDER, 0)
    .agent(SEEKER, (2.8, 3.0)),
]  # fmt: skip


@pytest.mark.parametrize(("scene", "symmetry"), cases(POSITIVE))
def test_it_is_found(scene: Scene, symmetry: int):
    assert found("climb", scene, symmetry)


@pytest.mark.parametrize(("scene", "symmetry"), cases(NEGATIVE))
def test_it_is_not_invented(scene: Scene, symmetry: int):
    assert not found("climb", scene, symmetry)


def test_the_agent_and_its_ramp_are_named():
    scene = climbs("alone", SEEKER, 6, 6).thing(OTHER_RAMP, (2.0, 3.0, 0.0))
    assert found("climb", scene) == [[10, SEEKER, RAMP, -1]]
