"""Points and turned rectangles, against sampling."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.geometry import distance_to_rectangle, nearest_in_rectangle, way_into_rectangle

metres, halves = st.floats(-3, 3), st.floats(0.05, 1.0)


@settings(deadline=None)
@given(metres, metres, st.floats(-7, 7), halves, halves)
def test_nearest_points_and_ways_are_those_of_samples(x, y, angle, half_x, half_y):
    pose = np.array([0.4, -0.3, angle])
    grid = np.stack(np.meshgrid(np.linspace(-half_x, half_x, 81), np.linspace(-half_y, half_y, 81)), -1)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    samples = pose[:2] + grid.reshape(-1, 2) @ turn
    least = np.hypot(*(samples - (x, y)).T).min()
    near = np.array(nearest_in_rectangle(x, y, pose, half_x, half_y))
    distance = distance_to_rectangle(x, y, pose, half_x, half_y)
    assert abs(np.hypot(*(near - (x, y))) - distance) < 1e-9 and distance <= least + 1e-9 and least - distance < 0.04
    assert distance_to_rectangle(near[0], near[1], pose, half_x, half_y) < 1e-9
    way = way_into_rectangle(x, y, pose, half_x, half_y)
    length = np.hypot(pose[0] - x, pose[1] - y)
    assert -1e-9 <= way <= length + 1e-9 and way >= distance - 1e-9
    if length > 1e-6:
        for step, inside in ((-1e-6, False), (1e-6, True)):
            share = min(max((way + step) / length, 0.0), 1.0)
            at_x, at_y = x + share * (pose[0] - x), y + share * (pose[1] - y)
            if way > 1e-5:
                assert (distance_to_rectangle(at_x, at_y, pose, half_x, half_y) < 1e-9) == inside
