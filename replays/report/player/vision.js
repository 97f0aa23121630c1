// The part of the floor that an agent sees, as in sim/render/vision.py. Who sees whom is in the clip, not found here.

const AROUND = 1e-5; // radians: rays pass this close on either side of every corner

/** The outline of what an agent sees, in metres: the agent first, then counter-clockwise. */
function outline(episode, moment, agent) {
  const { floor, rules } = episode.facts;
  const low = [...episode.bars, ...moment.things];
  const hiding = agent.upper ? [] : low.filter((body) => !(body.ramp && contains(body, agent)));
  const corners = [[0, 0], [floor, 0], [0, floor], [floor, floor], ...low.flatMap(cornersOf)];
  const angles = Array.from({ length: 9 }, (_, k) => rules.cone * (k / 4 - 1));
  for (const [x, y] of corners) {
    const toward = wrapped(Math.atan2(y - agent.y, x - agent.x) - agent.angle);
    for (const angle of [toward - AROUND, toward, toward + AROUND]) {
      if (Math.abs(angle) <= rules.cone) angles.push(angle);
    }
  }
  const ends = angles.sort((a, b) => a - b).map((angle) => {
    const dx = Math.cos(agent.angle + angle), dy = Math.sin(agent.angle + angle);
    const length = Math.min(toBorder(agent, dx, dy, floor), ...hiding.map((body) => toBody(agent, dx, dy, body)));
    return [agent.x + length * dx, agent.y + length * dy];
  });
  return [[agent.x, agent.y], ...ends];
}

function cornersOf({ x, y, angle, half: [a, b] }) {
  const cos = Math.cos(angle), sin = Math.sin(angle);
  return [[a, b], [-a, b], [-a, -b], [a, -b]].map(([p, q]) => [x + p * cos - q * sin, y + p * sin + q * cos]);
}

/** A place in a body's own axes. */
function inside(body, place) {
  const dx = place.x - body.x, dy = place.y - body.y, cos = Math.cos(body.angle), sin = Math.sin(body.angle);
  return [cos * dx + sin * dy, cos * dy - sin * dx];
}

function contains(body, place) {
  return inside(body, place).every((distance, axis) => Math.abs(distance) <= body.half[axis]);
}

function toBorder({ x, y }, dx, dy, floor) {
  const toX = dx ? ((dx > 0 ? floor : 0) - x) / dx : Infinity, toY = dy ? ((dy > 0 ? floor : 0) - y) / dy : Infinity;
  return Math.max(Math.min(toX, toY), 0);
}

/** How far it is along a ray to a body; Infinity if the ray misses it. */
function toBody(origin, dx, dy, body) {
  const at = inside(body, origin), along = inside({ x: 0, y: 0, angle: body.angle }, { x: dx, y: dy });
  let near = 0, far = Infinity;
  for (const axis of [0, 1]) {
    const slope = along[axis] || 1e-200;
    const one = (-body.half[axis] - at[axis]) / slope, other = (body.half[axis] - at[axis]) / slope;
    near = Math.max(near, Math.min(one, other));
    far = Math.min(far, Math.max(one, other));
  }
  return far >= near ? near : Infinity;
}
