// Clips: how they are unpacked, and where everything is at any time. replays/report/clip.py describes the format.

/** The facts and the table (an Int16Array for each column) of a clip in base64. */
async function unpack(base64) {
  const packed = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const inflated = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(inflated).arrayBuffer());
  const length = new DataView(bytes.buffer).getUint32(0, true);
  const facts = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  return new Episode(facts, columnsOf(bytes.subarray(4 + length), facts.moments));
}

function columnsOf(planes, moments) {
  const columns = [];
  for (let start = 0; start < planes.length; start += 2 * moments) {
    const column = new Int16Array(moments);
    let sum = 0;
    for (let k = 0; k < moments; k++) {
      sum += planes[start + k] + 256 * planes[start + moments + k];
      column[k] = sum; // wraps at 16 bits
    }
    columns.push(column);
  }
  return columns;
}

/** A clip that is unpacked. Times are ticks from its first moment. */
class Episode {
  constructor(facts, columns) {
    this.facts = facts;
    this.last = facts.moments - 1;
    this.preparation = Math.min(Math.max(facts.preparation - facts.first, 0), this.last);
    this.bars = facts.walls.map(([x0, y0, x1, y1]) => (
      { x: (x0 + x1) / 2, y: (y0 + y1) / 2, angle: 0, half: [(x1 - x0) / 2, (y1 - y0) / 2] }));
    let used = 0;
    const take = (count) => columns.slice(used, used += count);
    this.poses = take(3 * (facts.agents.length + facts.things.length));
    this.held = take(facts.agents.length);
    this.level = take(facts.agents.length);
    this.lock = take(facts.things.length);
    this.bites = take(facts.food.length);
    this.sight = take(facts.pairs.length);
    const hiders = facts.agents.filter(({ team }) => team === HIDERS);
    this.seenSpans = facts.pairs.length ? hiders.map((_, hider) => this.#spansOf(hider)) : []; // nobody may seek
  }

  /** Everything at a time: poses are interpolated, the rest is that of the last whole tick. */
  at(time) {
    const { agents, things, preparation, first, pairs, food, rules } = this.facts;
    const tick = Math.min(Math.max(Math.floor(time), 0), this.last), share = time - tick;
    const asleep = tick + first < preparation;
    return {
      tick,
      agents: agents.map(({ name, team }, k) => ({
        name, team, ...this.pose(k, tick, share), held: this.held[k][tick], upper: this.level[k][tick] > 0,
        asleep: asleep && team === SEEKERS,
      })),
      things: things.map(({ name, ramp, half }, k) => (
        { name, ramp, half, ...this.pose(agents.length + k, tick, share), lock: this.lock[k][tick] })),
      food: food.map(([x, y], k) => ({ x, y, left: this.bites[k][tick] / rules.bites })),
      sees: pairs.filter((_, k) => this.sight[k][tick]),
    };
  }

  /** Where a body is; it turns the shorter way round, and what was put elsewhere waits for the next tick. */
  pose(body, tick, share) {
    const [unit, angleUnit] = this.facts.units;
    const [xs, ys, angles] = this.poses.slice(3 * body, 3 * body + 3);
    const at = (k) => ({ x: xs[k] * unit, y: ys[k] * unit, angle: angles[k] * angleUnit });
    const now = at(tick);
    if (share <= 0 || tick >= this.last) return now;
    const next = at(tick + 1), dx = next.x - now.x, dy = next.y - now.y;
    if (Math.hypot(dx, dy) > this.facts.rules.jump) return now;
    const turn = wrapped(next.angle - now.angle);
    return { x: now.x + share * dx, y: now.y + share * dy, angle: now.angle + share * turn };
  }

  /** The first tick and the first tick after of every time in which a hider was seen. */
  #spansOf(hider) {
    const columns = this.sight.filter((_, k) => this.facts.pairs[k][1] === hider);
    const spans = [];
    for (let tick = 0; tick < this.last; tick++) {
      if (!columns.some((column) => column[tick])) continue;
      if (spans.length && spans.at(-1)[1] === tick) spans.at(-1)[1] = tick + 1;
      else spans.push([tick, tick + 1]);
    }
    return spans;
  }

  caption(tick) {
    return this.facts.captions.findLast((caption) => caption.tick <= tick + this.facts.first);
  }
}

const HIDERS = 0, SEEKERS = 1;

/** The same angle from -pi to pi. */
function wrapped(angle) {
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}
