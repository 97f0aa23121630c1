"""Sight and lidar once more, in Python floats, edge by edge: the oracle that `sim.sight` is compared with.

Every function takes `grow` in metres: by that much all that hides is made larger and the cone is made narrower
(or the other way round, where negative). What both a small positive and a small negative `grow` agree on does
not hang on rounding; in between lies the true answer.
"""

import math

from sim.layout import Layout, Slots
from sim.rules import RULES
from sim.state import ANGLE, State, X, Y

Point = tuple[float, float]
Polygon = list[Point]


def sees_agent(
    slots: Slots, layout: Layout, state: State, world: int, observer: int, other: int, grow: float = 0.0
) -> bool:
    """Whether one agent sees another."""
    agents, levels = state.agents[world], state.level[world]
    eye, target = _point(agents[observer]), _point(agents[other])
    if not _in_cone(eye, float(agents[observer, ANGLE]), target, grow):
        return False
    if levels[observer] != levels[other]:
        return True
    low = levels[observer] == 0 and _hidden_by_boxes(slots, layout, state, world, eye, target, None, grow)
    return not (low or _hidden_by_agents(layout, state, world, eye, target, {observer, other}, levels[other], grow))


def sees_thing(
    slots: Slots, layout: Layout, state: State, world: int, observer: int, thing: int, grow: float = 0.0
) -> bool:
    """Whether an agent sees a thing's centre."""
    eye, target = _point(state.agents[world, observer]), _point(state.things[world, thing])
    if not _in_cone(eye, float(state.agents[world, observer, ANGLE]), target, grow):
        return False
    return state.level[world, observer] != 0 or not (
        _hidden_by_boxes(slots, layout, state, world, eye, target, thing, grow)
        or _hidden_by_agents(layout, state, world, eye, target, {observer}, 0, grow)
    )


def lidar(slots: Slots, layout: Layout, state: State, world: int, observer: int, grow: float = 0.0) -> list[float]:
    """Metres to the first surface along each ray; zero inside of something, but not of a ramp."""
    eye, level = _point(state.agents[world, observer]), state.level[world, observer]
    low = [] if level else _boxes(layout, state, world, grow)
    boxes = [box for thing, box in low if not (_is_ramp(slots, thing) and _stands_in(eye, box, grow))]
    discs = _discs(layout, state, world, {observer}, level)
    side = float(layout.floor[world])
    lengths = []
    for ray in range(RULES.lidar_rays):
        angle = 2.0 * math.pi * ray / RULES.lidar_rays
        direction = math.cos(angle), math.sin(angle)
        hits = [_ray_to_border(eye, direction, side, grow), RULES.lidar_range_m]
        hits += [_ray_to_polygon(eye, direction, box) for box in boxes]
        hits += [_ray_to_disc(eye, direction, centre, RULES.agent_radius_m + grow) for centre in discs]
        lengths.append(min(hits))
    return lengths


def _point(pose) -> Point:
    return float(pose[X]), float(pose[Y])


def _in_cone(eye: Point, heading: float, target: Point, grow: float) -> bool:
    dx, dy = target[0] - eye[0], target[1] - eye[1]
    distance = math.hypot(dx, dy)
    if distance == 0.0:
        return True
    if distance <= abs(grow):
        return grow < 0.0
    off = abs(math.remainder(math.atan2(dy, dx) - heading, math.tau))
    return off <= RULES.half_cone_rad - grow / distance


def _boxes(layout: Layout, state: State, world: int, grow: float) -> list[tuple[int | None, Polygon]]:
    """Walls (None) and things (their number) as corners, counter-clockwise."""
    boxes: list[tuple[int | None, Polygon]] = []
    for wall, exists in zip(layout.walls[world].tolist(), layout.wall_exists[world], strict=True):
        if exists:
            x0, y0, x1, y1 = wall[0] - grow, wall[1] - grow, wall[2] + grow, wall[3] + grow
            boxes.append((None, [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]))
    for thing, exists in enumerate(layout.thing_exists[world]):
        if exists:
            x, y = _point(state.things[world, thing])
            angle = float(state.things[world, thing, ANGLE])
            half_x, half_y = (float(half) + grow for half in layout.thing_half[world, thing])
            cos, sin = math.cos(angle), math.sin(angle)
            signs = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
            corners = [(sx * half_x, sy * half_y) for sx, sy in signs]
            boxes.append((thing, [(x + cos * u - sin * v, y + sin * u + cos * v) for u, v in corners]))
    return boxes


def _is_ramp(slots: Slots, thing: int | None) -> bool:
    return thing is not None and thing >= slots.boxes


def _stands_in(point: Point, ramp: Polygon, grow: float) -> bool:
    """Whether a point is in a ramp; what was grown as something that hides is made smaller for this, and vice versa."""
    return all(_cross(a, b, point) >= 2.0 * grow * math.dist(a, b) for a, b in _edges(ramp))


def _discs(layout: Layout, state: State, world: int, but: set[int], level: int) -> list[Point]:
    exists = layout.agent_exists[world] & (state.level[world] == level)
    return [_point(pose) for agent, pose in enumerate(state.agents[world]) if exists[agent] and agent not in but]


def _hidden_by_boxes(slots, layout, state, world, eye: Point, target: Point, but: int | None, grow: float) -> bool:
    return any(
        _touches_polygon(eye, target, box)
        for thing, box in _boxes(layout, state, world, grow)
        if (thing is None or thing != but)
        and not (_is_ramp(slots, thing) and (_stands_in(eye, box, grow) or _stands_in(target, box, grow)))
    )


def _hidden_by_agents(layout, state, world, eye: Point, target: Point, but: set[int], level: int, grow: float) -> bool:
    radius = RULES.agent_radius_m + grow
    return any(_distance_to_segment(c, eye, target) <= radius for c in _discs(layout, state, world, but, level))


def _cross(a: Point, b: Point, c: Point) -> float:
    """Twice the area of the triangle a, b, c; positive if it turns left."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _edges(polygon: Polygon) -> list[tuple[Point, Point]]:
    return list(zip(polygon, polygon[1:] + polygon[:1], strict=True))


def _inside(point: Point, polygon: Polygon) -> bool:
    return all(_cross(a, b, point) >= 0.0 for a, b in _edges(polygon))


def _touches_polygon(start: Point, end: Point, polygon: Polygon) -> bool:
    """Whether a segment touches a convex polygon: an end lies in it, or it crosses an edge."""
    if _inside(start, polygon) or _inside(end, polygon):
        return True
    return any(
        _cross(start, end, a) * _cross(start, end, b) <= 0.0 and _cross(a, b, start) * _cross(a, b, end) <= 0.0
        for a, b in _edges(polygon)
    )


def _distance_to_segment(point: Point, start: Point, end: Point) -> float:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy)
    if length == 0.0:
        return math.dist(point, start)
    ahead_x, ahead_y = dx / length, dy / length
    along = (point[0] - start[0]) * ahead_x + (point[1] - start[1]) * ahead_y
    if along <= 0.0:
        return math.dist(point, start)
    if along >= length:
        return math.dist(point, end)
    return abs((point[0] - start[0]) * ahead_y - (point[1] - start[1]) * ahead_x)


def _ray_to_polygon(eye: Point, direction: Point, polygon: Polygon) -> float:
    if _inside(eye, polygon):
        return 0.0
    nearest = math.inf
    for (ax, ay), (bx, by) in _edges(polygon):
        slant = direction[0] * (by - ay) - direction[1] * (bx - ax)
        if slant != 0.0:  # an edge along the ray is reached through its neighbours
            reach = ((ax - eye[0]) * (by - ay) - (ay - eye[1]) * (bx - ax)) / slant
            share = ((ax - eye[0]) * direction[1] - (ay - eye[1]) * direction[0]) / slant
            if reach >= 0.0 and 0.0 <= share <= 1.0:
                nearest = min(nearest, reach)
    return nearest


def _ray_to_disc(eye: Point, direction: Point, centre: Point, radius: float) -> float:
    if math.dist(eye, centre) <= radius:
        return 0.0
    to_x, to_y = centre[0] - eye[0], centre[1] - eye[1]
    along = to_x * direction[0] + to_y * direction[1]
    beside = abs(to_x * direction[1] - to_y * direction[0])
    return along - math.sqrt(radius**2 - beside**2) if along > 0.0 and beside <= radius else math.inf


def _ray_to_border(eye: Point, direction: Point, side: float, grow: float) -> float:
    low, high = grow, side - grow
    if not (low < eye[0] < high and low < eye[1] < high):
        return 0.0
    reaches = [
        ((high if step > 0.0 else low) - at) / step for at, step in zip(eye, direction, strict=True) if step != 0.0
    ]
    return min(reaches)
