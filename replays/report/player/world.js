// The picture of a moment: the floor, what agents look at, and everything on it, as sim/render draws them.

const MARGIN_M = 0.22; // around the floor, for its border

/** The camera that shows a whole floor, and its border, on a square of so many pixels. */
function cameraFor(size, floor) {
  const scale = size / (floor + 2 * MARGIN_M);
  return { left: MARGIN_M * scale, bottom: size - MARGIN_M * scale, scale };
}

/** A canvas with what does not move. */
function drawGround(size, theme, facts) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const ctx = canvas.getContext("2d"), { floor, margin, rules } = facts, camera = cameraFor(size, floor);
  const bar = (colour, [x0, y0, x1, y1]) => {
    const [left, top] = toPixel(camera, x0, y1).map(Math.round), [right, low] = toPixel(camera, x1, y0).map(Math.round);
    ctx.fillStyle = css(colour);
    ctx.fillRect(left, top, right - left, low - top);
  };
  const line = (colour, a, b, width) => (
    strokeLine(ctx, colour, [toPixel(camera, ...a), toPixel(camera, ...b)], Math.max(1, width * camera.scale)));
  const around = floor + 2 * rules.wall, shadow = mix(theme.floor, theme.shade, 0.14);
  ctx.fillStyle = css(theme.wall);
  ctx.beginPath();
  ctx.roundRect(...toPixel(camera, -rules.wall, floor + rules.wall), around * camera.scale, around * camera.scale,
    rules.wall * camera.scale);
  ctx.fill();
  bar(margin ? mix(theme.floor, theme.shade, 0.22) : theme.floor, [0, 0, floor, floor]);
  bar(theme.floor, [margin, margin, floor - margin, floor - margin]);
  for (let metre = 1; metre < floor; metre++) {
    line(theme["floor-line"], [metre, 0], [metre, floor], 0.012);
    line(theme["floor-line"], [0, metre], [floor, metre], 0.012);
  }
  ctx.save();
  ctx.beginPath();
  ctx.rect(...toPixel(camera, 0, floor), floor * camera.scale, floor * camera.scale);
  ctx.clip(); // shadows fall on the floor alone
  bar(shadow, [0, floor - 0.03, floor, floor]);
  bar(shadow, [0, 0, 0.021, floor]);
  for (const [x0, y0, x1, y1] of facts.doors) {
    bar(theme.threshold, [x0, y0, x1, y1]);
    const wide = x1 - x0 > y1 - y0;
    line(theme["threshold-line"], [x0, y0], wide ? [x1, y0] : [x0, y1], 0.016);
    line(theme["threshold-line"], wide ? [x0, y1] : [x1, y0], [x1, y1], 0.016);
  }
  for (const [x0, y0, x1, y1] of facts.walls) bar(shadow, [x0 + 0.021, y0 - 0.03, x1 + 0.021, y1 - 0.03]);
  ctx.restore();
  for (const wall of facts.walls) bar(theme.wall, wall);
  for (const [x0, y0, x1, y1] of facts.walls) {
    const inset = Math.min(0.025, (x1 - x0) / 4, (y1 - y0) / 4);
    bar(theme["wall-light"], [x0 + inset, y0 + inset, x1 - inset, y1 - inset]);
  }
  facts.sites.forEach((site) => drawSite(ctx, camera, theme, site));
  for (const [x, y, radius] of facts.pillars) {
    const centre = toPixel(camera, x, y), size = radius * camera.scale;
    fillDisc(ctx, mix(theme.pillar, theme.shade, 0.4), centre, size);
    fillDisc(ctx, theme.pillar, centre, 0.97 * size);
    fillDisc(ctx, mix(theme.pillar, theme.white, 0.14), centre, 0.86 * size);
  }
  return canvas;
}

/** The corners of a target area, and its middle. */
function drawSite(ctx, camera, theme, [x0, y0, x1, y1, observed]) {
  const colour = observed ? theme.site : mix(theme.floor, theme.site, 0.45);
  const reach = 0.28 * (x1 - x0), width = Math.max(2, 0.03 * camera.scale);
  for (const [x, inX] of [[x0, reach], [x1, -reach]]) {
    for (const [y, inY] of [[y0, reach], [y1, -reach]]) {
      strokeLine(ctx, colour, [[x + inX, y], [x, y], [x, y + inY]].map((place) => toPixel(camera, ...place)), width);
    }
  }
  fillDisc(ctx, colour, toPixel(camera, (x0 + x1) / 2, (y0 + y1) / 2), 1.2 * width);
}

/** A plate with a cheese, of which so much is left. */
function drawFood(ctx, camera, theme, { x, y, left }) {
  const centre = toPixel(camera, x, y), radius = 0.16 * camera.scale, cheese = 0.75 * radius * Math.sqrt(left);
  fillDisc(ctx, mix(theme.floor, theme.shade, 0.25), centre, radius);
  fillDisc(ctx, theme.white, centre, 0.9 * radius);
  if (left <= 0) return;
  fillDisc(ctx, mix(theme.food, theme.shade, 0.35), centre, cheese);
  fillDisc(ctx, theme.food, centre, 0.88 * cheese);
  for (const [angle, away, size] of [[0.4, 0.45, 0.2], [2.3, 0.5, 0.16], [4.2, 0.4, 0.22]]) {
    const hole = [centre[0] + away * cheese * Math.cos(angle), centre[1] + away * cheese * Math.sin(angle)];
    fillDisc(ctx, mix(theme.food, theme.shade, 0.2), hole, size * cheese);
  }
}

/** Draws a moment over the ground of its episode. */
function drawWorld(ctx, size, theme, ground, episode, moment) {
  const camera = cameraFor(size, episode.facts.floor), { agents, things, food, sees } = moment;
  ctx.clearRect(0, 0, size, size);
  ctx.drawImage(ground, 0, 0);
  food.forEach((plate) => drawFood(ctx, camera, theme, plate));
  for (const agent of agents) {
    if (!agent.asleep) drawCone(ctx, camera, theme, agent, outline(episode, moment, agent));
  }
  for (const [observer, other] of sees) {
    drawSightLine(ctx, camera, theme, agents[observer], agents[other], episode.facts.rules.radius);
  }
  things.forEach((thing) => drawThing(ctx, camera, theme, thing));
  for (const agent of agents) {
    if (agent.held >= 0) drawHold(ctx, camera, theme, agent, things[agent.held]);
  }
  const seen = new Set(sees.map(([, other]) => agents[other]));
  for (const agent of [...agents].sort((a, b) => a.upper - b.upper)) {
    drawAgent(ctx, camera, theme, agent, episode.facts.rules.radius, seen.has(agent));
  }
}

function drawCone(ctx, camera, theme, agent, places) {
  const colour = agent.team === HIDERS ? theme.hider : theme.seeker;
  const points = places.map(([x, y]) => toPixel(camera, x, y));
  fillPolygon(ctx, colour, points, 0.11);
  strokeLine(ctx, mix(theme.floor, colour, 0.3), [...points, points[0]], 0.8); // as thin as the window's line
}

/** A line from an observer to an opponent that it sees: whole with an arrow head for seekers, dotted for hiders. */
function drawSightLine(ctx, camera, theme, observer, other, radiusM) {
  const a = toPixel(camera, observer.x, observer.y), b = toPixel(camera, other.x, other.y);
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]), skin = radiusM * camera.scale;
  if (length < 2.5 * skin) return;
  const [x, y] = [(b[0] - a[0]) / length, (b[1] - a[1]) / length], shift = 0.25 * skin;
  const along = ([p, q], distance) => [p + distance * x - shift * y, q + distance * y + shift * x];
  const start = along(a, 1.1 * skin), end = along(b, -1.6 * skin), width = Math.max(1, 0.014 * camera.scale);
  if (observer.team === SEEKERS) {
    const colour = mix(theme.floor, theme.seeker, 0.75), size = 0.45 * skin;
    strokeLine(ctx, colour, [start, end], 1.4 * width);
    const wings = [-1, 1].map((side) => (
      [end[0] - size * x - side * 0.5 * size * y, end[1] - size * y + side * 0.5 * size * x]));
    fillPolygon(ctx, colour, [end, ...wings]);
  } else {
    ctx.setLineDash([0, 6 * width]);
    strokeLine(ctx, mix(theme.floor, theme.hider, 0.75), [start, end], 2 * width);
    ctx.setLineDash([]);
  }
}
