// Boxes, ramps, locks and agents, as sim/render/bodies.py draws them. A camera is {left, bottom, scale}: y goes up.

const LIGHT = [-0.55, 0.83]; // where the light comes from
const SHADOW_M = 0.035;
const UPPER_SCALE = 1.15; // agents on the upper level are nearer to the eye
const DRIFTING = 4, FIXED = 3; // locks that no team has set

/** The page's colours, as [red, green, blue] by the names of replays/report/theme.py. */
function readTheme(element) {
  const style = getComputedStyle(element);
  const colour = (name) => {
    const digits = style.getPropertyValue(`--hs-${name}`).trim().slice(1);
    return [0, 2, 4].map((start) => parseInt(digits.slice(start, start + 2), 16));
  };
  return new Proxy({}, { get: (known, name) => known[name] ??= colour(name) });
}

/** `a` with a share of `b` in it. */
function mix(a, b, share) {
  return a.map((channel, k) => channel + (b[k] - channel) * share);
}

function css(colour, alpha = 1) {
  return `rgb(${colour.map(Math.round).join(" ")} / ${alpha})`;
}

function toPixel(camera, x, y) {
  return [camera.left + x * camera.scale, camera.bottom - y * camera.scale];
}

function polar([x, y], distance, angle) {
  return [x + distance * Math.cos(angle), y - distance * Math.sin(angle)];
}

function fillPolygon(ctx, colour, points, alpha = 1) {
  ctx.fillStyle = css(colour, alpha);
  ctx.beginPath();
  points.forEach(([x, y]) => ctx.lineTo(x, y));
  ctx.fill();
}

function fillDisc(ctx, colour, [x, y], radius, alpha = 1) {
  ctx.fillStyle = css(colour, alpha);
  ctx.beginPath();
  ctx.arc(x, y, Math.max(radius, 0), 0, 2 * Math.PI);
  ctx.fill();
}

function strokeRing(ctx, colour, [x, y], radius, width) {
  ctx.strokeStyle = css(colour);
  ctx.lineWidth = width;
  ctx.beginPath();
  ctx.arc(x, y, radius - width / 2, 0, 2 * Math.PI);
  ctx.stroke();
}

function strokeLine(ctx, colour, points, width) {
  ctx.strokeStyle = css(colour);
  ctx.lineWidth = width;
  ctx.lineCap = ctx.lineJoin = "round";
  ctx.beginPath();
  points.forEach(([x, y]) => ctx.lineTo(x, y));
  ctx.stroke();
}

/** A box or ramp with its shadow and, when it is locked, the owner's sign. */
function drawThing(ctx, camera, theme, thing) {
  const teams = [theme.hider, theme.seeker], edge = Math.min(0.055, 0.35 * Math.min(...thing.half));
  const pixels = (points) => points.map(([x, y]) => toPixel(camera, x, y));
  const outer = pixels(cornersOf(thing)), drop = SHADOW_M * camera.scale;
  const inner = thing.half.map((length) => length - edge);
  const inBody = (points) => pixels(points.map(([p, q]) => placed(thing, p, q)));
  fillPolygon(ctx, theme.shade, outer.map(([x, y]) => [x + 0.7 * drop, y + drop]), 0.16);
  drawBevel(ctx, theme, thing, outer, pixels(cornersOf({ ...thing, half: inner })));
  (thing.ramp ? drawSlope : drawLid)(ctx, camera, theme, thing, inner, inBody);
  if (thing.lock <= 0 || thing.lock >= DRIFTING) return;
  const owner = teams[thing.lock - 1] ?? theme.grey;
  strokeLine(ctx, owner, [...outer, outer[0]], Math.max(1.5, 0.022 * camera.scale));
  const badge = Math.min(Math.max(0.11 * camera.scale, 6.5), 40);
  drawPadlock(ctx, theme, toPixel(camera, thing.x, thing.y), badge, thing.lock === FIXED ? null : thing.lock - 1);
}

/** A place in a body's own axes, in the world's. */
function placed({ x, y, angle }, p, q) {
  const cos = Math.cos(angle), sin = Math.sin(angle);
  return [x + p * cos - q * sin, y + p * sin + q * cos];
}

function drawBevel(ctx, theme, thing, outer, inner) {
  const colour = thing.ramp ? theme.ramp : theme.box;
  fillPolygon(ctx, mix(colour, theme.shade, 0.35), outer);
  for (let side = 0; side < 4; side++) {
    const after = (side + 1) % 4, normal = thing.angle + (side + 1) * Math.PI / 2;
    const light = Math.cos(normal) * LIGHT[0] + Math.sin(normal) * LIGHT[1];
    const shade = light > 0 ? mix(colour, theme.white, 0.45 * light) : mix(colour, theme.shade, -0.42 * light);
    fillPolygon(ctx, shade, [outer[side], outer[after], inner[after], inner[side]]);
  }
}

/** A wooden lid of planks that run along the shorter side. */
function drawLid(ctx, camera, theme, thing, [a, b], inBody) {
  fillPolygon(ctx, mix(theme.box, theme.white, 0.14), inBody([[a, b], [-a, b], [-a, -b], [a, -b]]));
  const [long, short] = a >= b ? [a, b] : [b, a];
  const planks = Math.max(3, Math.round(2 * Math.max(...thing.half) / 0.25));
  for (let k = 1; k < planks; k++) {
    const along = long * (2 * k / planks - 1);
    const ends = [[along, -short], [along, short]].map(([p, q]) => (a >= b ? [p, q] : [q, p]));
    strokeLine(ctx, mix(theme.box, theme.shade, 0.13), inBody(ends), Math.max(0.8, 0.01 * camera.scale));
  }
}

/** A slope that grows lighter uphill, with arrows up, between two cheeks and the high back. */
function drawSlope(ctx, camera, theme, thing, [a, b], inBody) {
  const [low, high] = inBody([[-a, 0], [a, 0]]);
  const slope = ctx.createLinearGradient(...low, ...high);
  slope.addColorStop(0, css(mix(theme.ramp, theme.shade, 0.3)));
  slope.addColorStop(1, css(mix(theme.ramp, theme.white, 0.6)));
  const start = -thing.half[0];
  fillPolygon(ctx, theme.ramp, inBody([[start, -b], [a, -b], [a, b], [start, b]]));
  ctx.fillStyle = slope;
  ctx.fill();
  const wing = 0.45 * b, depth = 0.16 * a;
  for (const middle of [-0.5, 0, 0.5]) {
    const tip = middle * a + depth / 2;
    const arrow = inBody([[tip - depth, -wing], [tip, 0], [tip - depth, wing]]);
    strokeLine(ctx, mix(theme.ramp, theme.shade, 0.55), arrow, Math.max(1.2, 0.025 * camera.scale));
  }
  const [p, q] = thing.half;
  strokeLine(ctx, mix(theme.ramp, theme.shade, 0.6), inBody([[p, q], [p, -q]]), Math.max(1.5, 0.035 * camera.scale));
}

/** The arm of an agent to the nearest point of what it holds, or to its middle if the agent stands on it. */
function drawHold(ctx, camera, theme, agent, thing) {
  const own = inside(thing, agent);
  const outside = own.some((distance, axis) => Math.abs(distance) > thing.half[axis]);
  const limits = thing.half.map((length) => Math.max(length - 0.04, 0));
  const grip = outside ? own.map((at, axis) => Math.min(Math.max(at, -limits[axis]), limits[axis])) : [0, 0];
  const arm = [toPixel(camera, agent.x, agent.y), toPixel(camera, ...placed(thing, ...grip))];
  const colour = agent.team === HIDERS ? theme.hider : theme.seeker, width = Math.max(2.5, 0.06 * camera.scale);
  for (const [shade, line, disc] of [[mix(colour, theme.shade, 0.45), 1, 1], [colour, 0.55, 0.72]]) {
    strokeLine(ctx, shade, arm, line * width);
    fillDisc(ctx, shade, arm[1], disc * width);
  }
}

/** An agent with its shadow, ears, eyes and number; one that an opponent sees has a ring. */
function drawAgent(ctx, camera, theme, agent, radiusM, seen = false) {
  const radius = radiusM * camera.scale * (agent.upper ? UPPER_SCALE : 1), centre = toPixel(camera, agent.x, agent.y);
  const [own, other] = agent.team === HIDERS ? [theme.hider, theme.seeker] : [theme.seeker, theme.hider];
  const dark = mix(own, theme.shade, 0.45), drop = radius * (agent.upper ? 0.62 : 0.22);
  fillDisc(ctx, theme.shade, [centre[0] + 0.7 * drop, centre[1] + drop], radius, 0.18);
  if (seen) strokeRing(ctx, other, centre, 1.45 * radius, Math.max(1.5, 0.13 * radius));
  drawEars(ctx, centre, radius, agent.angle, agent.team, dark, mix(own, theme.white, 0.45));
  fillDisc(ctx, dark, centre, radius);
  fillDisc(ctx, own, centre, radius - Math.max(1, 0.09 * radius));
  fillDisc(ctx, mix(own, theme.white, 0.16), [centre[0] - 0.16 * radius, centre[1] - 0.2 * radius], 0.6 * radius);
  for (const side of [-1, 1]) {
    const eye = polar(centre, 0.6 * radius, agent.angle + side * 0.6);
    if (agent.asleep) {
      const lid = [-1, 1].map((end) => polar(eye, 0.2 * radius * end, agent.angle + Math.PI / 2));
      strokeLine(ctx, mix(own, theme.shade, 0.75), lid, Math.max(1, 0.11 * radius));
    } else {
      fillDisc(ctx, theme.white, eye, 0.27 * radius);
      fillDisc(ctx, theme.shade, polar(eye, 0.08 * radius, agent.angle), 0.15 * radius);
    }
  }
  if (radius <= 9 || !agent.name) return;
  ctx.fillStyle = css(theme.white);
  ctx.font = `${0.9 * radius}px system-ui, sans-serif`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillText(agent.name.split(" ").at(-1), ...polar(centre, 0.4 * radius, agent.angle + Math.PI));
}

/** Round ears for hiders, pointed ones for seekers. */
function drawEars(ctx, centre, radius, heading, team, dark, light) {
  for (const side of [-1, 1]) {
    if (team === HIDERS) {
      const ear = polar(centre, 0.93 * radius, heading + side * 1.75);
      fillDisc(ctx, dark, ear, 0.4 * radius);
      fillDisc(ctx, light, ear, 0.24 * radius);
    } else {
      const ear = [[1.4, 1.45], [0.93, 0.95], [0.93, 1.95]]
        .map(([away, angle]) => polar(centre, away * radius, heading + side * angle));
      const [x, y] = polar(centre, radius, heading + side * 1.45);
      fillPolygon(ctx, dark, ear);
      fillPolygon(ctx, light, ear.map(([p, q]) => [(x + p) / 2, (y + q) / 2]));
    }
  }
}

/** A badge with a padlock in the colour and with the ears of the owner; grey and without ears if it has none. */
function drawPadlock(ctx, theme, centre, radius, team) {
  const colour = [theme.hider, theme.seeker][team] ?? theme.grey, [x, y] = centre;
  if (team !== null) {
    drawEars(ctx, centre, radius, Math.PI / 2, team, theme.white, theme.white);
    drawEars(ctx, centre, 0.9 * radius, Math.PI / 2, team, colour, colour);
  }
  fillDisc(ctx, theme.white, centre, radius);
  fillDisc(ctx, colour, centre, 0.88 * radius);
  strokeRing(ctx, theme.white, [x, y - 0.1 * radius], 0.36 * radius, 0.13 * radius);
  const wide = 0.46 * radius, high = 0.55 * radius, top = y - 0.08 * radius;
  fillPolygon(ctx, theme.white, [[x - wide, top], [x + wide, top], [x + wide, top + high], [x - wide, top + high]]);
  fillDisc(ctx, colour, [x, top + 0.45 * high], 0.13 * radius);
}
