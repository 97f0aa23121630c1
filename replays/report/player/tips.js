// Tooltips: what lies under the pointer on the floor, and what the signs and ribbons of the time line stand for.

const NEAR_PIXELS = 14;
const MOST_HINTS = 4; // events that a tooltip names

/** The tooltip of the floor; it follows the agent or thing that it is about. */
class FloorTip {
  #body = null; // what it is about: a function of the moment

  constructor(player, canvas, tip) {
    Object.assign(this, { player, canvas, tip });
    canvas.addEventListener("pointermove", (event) => event.pointerType === "mouse" && this.#follow(this.#under(event)));
    canvas.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && this.#follow(null));
  }

  /** A finger on an agent or a thing asks about it, and anywhere else ends that; returns whether it did either. */
  touch(event) {
    if (event.pointerType !== "touch") return false;
    const body = this.#under(event), used = Boolean(body || this.#body);
    this.#follow(body);
    return used;
  }

  show(moment) {
    const { tip, canvas } = this, body = this.#body?.(moment);
    tip.hidden = !body;
    if (!body) return;
    tip.textContent = describe(moment, body);
    const camera = this.#camera(), [x, y] = toPixel(camera, body.x, body.y);
    const away = 1.6 * this.player.episode.facts.rules.radius * camera.scale, top = y - away - tip.offsetHeight;
    tip.style.left = `${centred(x, tip, canvas)}px`;
    tip.style.top = `${top < 0 ? y + away : top}px`;
  }

  #follow(body) {
    this.#body = body;
    this.show(this.player.episode.at(this.player.time));
  }

  #camera() {
    return cameraFor(this.canvas.clientWidth, this.player.episode.facts.floor);
  }

  /** The agent near the pointer, or else the thing under it, as a function of the moment; or null. */
  #under(event) {
    const { episode, time } = this.player, moment = episode.at(time), camera = this.#camera();
    const place = { x: (event.offsetX - camera.left) / camera.scale, y: (camera.bottom - event.offsetY) / camera.scale };
    const away = moment.agents.map((agent) => Math.hypot(agent.x - place.x, agent.y - place.y));
    const nearest = away.indexOf(Math.min(...away));
    if (away[nearest] <= Math.max(1.3 * episode.facts.rules.radius, NEAR_PIXELS / camera.scale)) {
      return (now) => now.agents[nearest];
    }
    const thing = moment.things.findIndex((body) => contains(body, place));
    return thing >= 0 ? (now) => now.things[thing] : null;
  }
}

/** Shows the tooltip of a time line while the pointer is on a sign or a ribbon. */
function tellSigns(episode, track, tip) {
  track.addEventListener("pointerleave", () => { tip.hidden = true; });
  track.addEventListener("pointermove", (event) => {
    const lines = linesAt(episode, track, event);
    tip.hidden = !lines.length;
    tip.textContent = lines.join("\n");
    tip.style.left = `${centred(event.offsetX, tip, track)}px`;
  });
}

function linesAt(episode, track, event) {
  const { facts, last, seenSpans } = episode, hit = signAt(episode, track, event), row = ribbonAt(event.offsetY);
  if (hit) {
    const same = facts.events.filter((other) => other.tick === hit.tick).map((other) => other.text);
    return [`${(hit.tick * facts.rules.tick).toFixed(1)} s`, ...same.slice(0, MOST_HINTS)];
  }
  if (!seenSpans[row]) return [];
  const tick = Math.min(Math.floor(xToTime(episode, track.clientWidth, event.offsetX)), last - 1);
  const seen = seenSpans[row].some(([first, end]) => first <= tick && tick < end);
  return [`${capitalised(facts.agents[row].name)} is ${seen ? "seen" : "hidden"}`];
}

/** Where the middle of a tooltip goes, so that it stays within a canvas. */
function centred(x, tip, canvas) {
  const half = tip.offsetWidth / 2;
  return Math.min(Math.max(x, half), canvas.clientWidth - half);
}

/** An agent or a thing in words. */
function describe(moment, body) {
  const name = capitalised(body.name);
  if (body.half) {
    const locks = ["not locked", "locked by the hiders", "locked by the seekers"];
    return `${name}\n${locks[body.lock] ?? "cannot be moved"}`;
  }
  const held = body.held < 0 ? "holds nothing" : `holds ${moment.things[body.held].name}`;
  const others = (from, to) => moment.sees.filter((pair) => moment.agents[pair[from]] === body)
    .map((pair) => moment.agents[pair[to]].name).join(", ");
  const sees = body.asleep ? "is blind during preparation" : `sees ${others(0, 1) || "no opponent"}`;
  const seen = others(1, 0);
  return [name, held, ...(body.upper ? ["is on the upper level"] : []), sees, ...(seen ? [`seen by ${seen}`] : [])]
    .join("\n");
}

function capitalised(text) {
  return text[0].toUpperCase() + text.slice(1);
}
