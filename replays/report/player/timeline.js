// The time line: signs of events, preparation, the time passed, and a ribbon for each hider, as in the window.

const THUMB = 16; // pixels; as wide as the slider's thumb in player.css
const TRACK = { signs: 22, bar: 12, gap: 6, ribbon: 8 };
const HOLLOW = new Set(["release", "unlock", "lost", "seal broken", "door open again"]);

/** Pixels: where a time lies on a time line of a width. */
function timeToX(episode, width, time) {
  return THUMB / 2 + (width - THUMB) * (episode.last ? time / episode.last : 0);
}

function xToTime(episode, width, x) {
  return Math.min(Math.max((x - THUMB / 2) / Math.max(width - THUMB, 1), 0), 1) * episode.last;
}

function timelineHeight(episode) {
  return TRACK.signs + TRACK.bar + TRACK.gap + episode.seenSpans.length * TRACK.ribbon;
}

/** The number of the ribbon at a pixel row; other rows give a number that no ribbon has. */
function ribbonAt(y) {
  return Math.floor((y - TRACK.signs - TRACK.bar - TRACK.gap) / TRACK.ribbon);
}

function drawTimeline(ctx, width, theme, episode, time) {
  const { facts } = episode, x = (tick) => timeToX(episode, width, tick), top = TRACK.signs;
  ctx.clearRect(0, 0, width, timelineHeight(episode));
  ctx.fillStyle = css(theme.line);
  ctx.beginPath();
  ctx.roundRect(x(0), top, x(episode.last) - x(0), TRACK.bar, 4);
  ctx.fill();
  ctx.save();
  ctx.clip();
  drawPreparation(ctx, theme, x(0), x(episode.preparation), top);
  ctx.restore();
  ctx.fillStyle = css(mix(theme.ink, theme.paper, 0.45));
  ctx.fillRect(x(0), top + TRACK.bar / 2 - 2, x(time) - x(0), 4);
  episode.seenSpans.forEach((spans, row) => {
    const middle = top + TRACK.bar + TRACK.gap + (row + 0.5) * TRACK.ribbon;
    ctx.fillStyle = css(mix(theme.paper, theme.hider, 0.45));
    ctx.fillRect(x(0), middle - 1, x(episode.last) - x(0), 2);
    ctx.fillStyle = css(theme.seeker);
    for (const [first, end] of spans) {
      ctx.fillRect(x(first), middle - 3, Math.max(x(end) - x(first), 2), 6);
    }
  });
  const places = new Map(); // of signs that would cover each other only one
  for (const event of facts.events) places.set(`${Math.round(x(event.tick - facts.first) / 3)} ${event.kind}`, event);
  for (const event of places.values()) {
    const tick = event.tick - facts.first;
    drawSign(ctx, theme, event, [x(tick), TRACK.signs / 2], 6, tick <= time);
  }
}

function drawPreparation(ctx, theme, left, right, top) {
  if (right <= left) return;
  ctx.fillStyle = css(theme.threshold);
  ctx.fillRect(left, top, right - left, TRACK.bar);
  ctx.beginPath();
  ctx.rect(left, top, right - left, TRACK.bar);
  ctx.clip();
  for (let x = left - TRACK.bar; x < right; x += 8) {
    strokeLine(ctx, theme["threshold-line"], [[x, top + TRACK.bar], [x + TRACK.bar, top]], 1);
  }
}

/** The sign of an event (or a caption) around a place, pale if it is still to come. */
function drawSign(ctx, theme, { kind, team }, place, radius, passed = true) {
  const full = team === null ? theme.ink : [theme.hider, theme.seeker][team];
  drawShape(ctx, kind, place, radius, passed ? full : mix(theme.paper, full, 0.5));
  if (HOLLOW.has(kind)) drawShape(ctx, kind, place, 0.57 * radius, theme.paper);
}

function drawShape(ctx, kind, [x, y], r, colour) {
  const at = (points) => fillPolygon(ctx, colour, points.map(([p, q]) => [x + p * r, y + q * r]));
  const bar = (p, q, a, b) => at([[p - a, q - b], [p + a, q - b], [p + a, q + b], [p - a, q + b]]);
  const disc = (p, q, size) => fillDisc(ctx, colour, [x + p * r, y + q * r], size * r);
  const roof = () => at([[0, -1], [1, 1], [-1, 1]]);
  const door = () => { disc(0, -0.45, 0.9); bar(0, 0.45, 0.9, 0.9); };
  const cross = () => [-1, 1].forEach((side) => (
    strokeLine(ctx, colour, [[x - 0.75 * r, y - side * 0.75 * r], [x + 0.75 * r, y + side * 0.75 * r]], 0.45 * r)));
  const shapes = {
    "grab": () => disc(0, 0, 0.75),
    "lock": () => bar(0, 0, 0.8, 0.8),
    "room sealed": roof,
    "fort built": () => { [-0.75, 0, 0.75].forEach((p) => bar(p, -0.5, 0.25, 0.5)); bar(0, 0.45, 1, 0.55); },
    "door blocked": door,
    "climb": () => at([[-1, 0.7], [1, 0.7], [1, -1]]),
    "over wall": () => { at([[0, -1], [1, 0.1], [-1, 0.1]]); bar(0, 0.5, 0.35, 0.5); },
    "surf": () => { disc(0, -0.35, 0.6); bar(0, 0.65, 1, 0.25); },
    "spotted": () => at([[0, -1], [1, 0], [0, 1], [-1, 0]]),
    "taken away": cross,
  };
  const like = { "release": "grab", "unlock": "lock", "lost": "spotted", "seal broken": "room sealed",
    "door open again": "door blocked", "lock opened": "taken away" };
  (shapes[like[kind] ?? kind] ?? shapes.spotted)();
}

/** The event whose sign lies at the pointer, if one is near. */
function signAt(episode, track, { offsetX, offsetY }) {
  if (offsetY >= TRACK.signs) return null;
  const away = episode.facts.events.map((event) => (
    Math.abs(timeToX(episode, track.clientWidth, event.tick - episode.facts.first) - offsetX)));
  const nearest = away.reduce((best, distance, k) => (distance < away[best] ? k : best), 0);
  return away[nearest] <= 7 ? episode.facts.events[nearest] : null;
}
