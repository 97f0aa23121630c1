// A player for every figure in the page. Each has its own clock, and hears the keyboard while it has the focus.

const LONGEST_FRAME_S = 0.25; // a page that was hidden does not jump to the end
const NEAR_PIXELS = 14;
const BESIDE_PIXELS = 880; // in a wider figure the list of events stands beside the floor
const MOST_HINTS = 4; // events that a tooltip names
const TOO_OLD = "This browser is too old to play this replay (it needs Chrome 103, Firefox 113 or Safari 16.4).";

class Player {
  constructor(figure, episode) {
    this.figure = figure;
    this.episode = episode;
    this.time = 0;
    this.playing = false;
    this.before = null;
    this.pointed = null; // the agent or thing under the pointer: a function of the moment
    this.find = (selector) => figure.querySelector(selector);
    this.find(".screen").hidden = false;
    this.find(".events").open = figure.clientWidth > BESIDE_PIXELS;
    this.slider = this.find(".time");
    this.slider.max = episode.last;
    this.speed = this.find("select");
    this.listed = [...figure.querySelectorAll(".events button")];
    this.#listen();
    this.recolour();
    new ResizeObserver(() => this.draw()).observe(this.find(".stage"));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.recolour());
  }

  #listen() {
    const click = (selector, action) => this.find(selector).addEventListener("click", action);
    click(".play", () => this.toggle());
    click(".start", () => this.toggle());
    click(".restart", () => this.restart());
    click(".back", () => this.step(-1));
    click(".forward", () => this.step(1));
    this.slider.addEventListener("input", () => this.seek(Number(this.slider.value)));
    this.figure.addEventListener("keydown", (event) => this.#press(event));
    for (const button of this.listed) {
      button.addEventListener("click", () => this.goTo(button.dataset.tick - this.episode.facts.first));
    }
    const world = this.find(".world"), track = this.find(".track");
    world.addEventListener("pointermove", (event) => this.#point(event));
    world.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && this.#pointAt(null));
    world.addEventListener("click", (event) => this.#clickWorld(event));
    track.addEventListener("pointermove", (event) => this.#hint(event));
    track.addEventListener("pointerleave", () => { this.find(".timeline .tip").hidden = true; });
    track.addEventListener("click", (event) => {
      const hit = this.#signAt(event);
      if (hit) this.goTo(hit.tick - this.episode.facts.first);
      else this.seek(xToTime(this.episode, track.clientWidth, event.offsetX));
    });
  }

  #press(event) {
    const { target, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || target === this.speed) return;
    if (key === " " && target.matches("button, summary")) return; // they have their own use for it
    const leap = event.shiftKey ? 10 : 1;
    const actions = {
      " ": () => this.toggle(),
      "ArrowLeft": () => this.step(-leap),
      "ArrowRight": () => this.step(leap),
      "ArrowUp": () => this.changeSpeed(1),
      "ArrowDown": () => this.changeSpeed(-1),
      "Home": () => this.goTo(0),
      "End": () => this.goTo(this.episode.last),
    };
    if (!actions[key]) return;
    event.preventDefault();
    actions[key]();
  }

  toggle() {
    if (this.playing) {
      this.pause();
      return;
    }
    if (this.time >= this.episode.last) this.time = 0;
    this.playing = true;
    this.before = null;
    this.#show();
    requestAnimationFrame((now) => this.#frame(now));
  }

  pause() {
    this.playing = false;
    this.#show();
  }

  restart() {
    this.time = 0;
    if (this.playing) this.#show();
    else this.toggle();
  }

  /** Pauses at a whole tick, so many ticks from here. */
  step(ticks) {
    this.goTo((ticks > 0 ? Math.floor(this.time) : Math.ceil(this.time)) + ticks);
  }

  goTo(tick) {
    this.playing = false;
    this.seek(tick);
  }

  seek(time) {
    this.time = Math.min(Math.max(time, 0), this.episode.last);
    this.#show();
  }

  changeSpeed(steps) {
    this.speed.selectedIndex = Math.min(Math.max(this.speed.selectedIndex + steps, 0), this.speed.length - 1);
  }

  #frame(now) {
    if (!this.playing) return;
    const seconds = Math.min((now - (this.before ?? now)) / 1000, LONGEST_FRAME_S);
    this.before = now;
    this.time += Number(this.speed.value) * seconds / this.episode.facts.rules.tick;
    if (this.time >= this.episode.last) {
      this.time = this.episode.last;
      this.playing = false;
    }
    this.#show();
    requestAnimationFrame((later) => this.#frame(later));
  }

  /** Shows the present time everywhere. */
  #show() {
    const { episode, time, playing } = this, { first, rules, preparation } = episode.facts;
    const tick = Math.floor(time), caption = episode.caption(tick), seconds = (first + time) * rules.tick;
    const end = (first + episode.last) * rules.tick;
    this.figure.classList.toggle("playing", playing);
    this.figure.classList.toggle("begun", playing || time > 0);
    this.find(".play").setAttribute("aria-label", playing ? "Pause" : "Play");
    this.slider.value = time;
    this.slider.setAttribute("aria-valuetext", `${seconds.toFixed(1)} s of ${end.toFixed(1)} s. ${caption.text}`);
    this.find(".clock").textContent = `${seconds.toFixed(1)} / ${end.toFixed(1)} s`;
    this.find(".caption").setAttribute("aria-live", playing ? "off" : "polite");
    this.find(".clock").title = first + tick < preparation ? "Preparation: the seekers are blind" : "";
    this.#mark(first + tick);
    this.draw();
  }

  /** Marks the latest event in the list, which scrolls to it. */
  #mark(tick) {
    const latest = this.listed.findLast((button) => button.dataset.tick <= tick) ?? null;
    if (latest === this.marked) return;
    this.marked?.removeAttribute("aria-current");
    this.marked = latest;
    latest?.setAttribute("aria-current", "true");
    const list = this.find(".events ol");
    if (latest) list.scrollTop = latest.offsetTop - list.clientHeight / 2;
  }

  recolour() {
    this.theme = readTheme(this.figure);
    this.ground = this.captioned = null;
    this.figure.querySelectorAll(".portrait").forEach((canvas, team) => {
      const agent = { x: 0, y: 0, angle: -Math.PI / 2, team };
      const ctx = sized(canvas, 34, 34);
      drawAgent(ctx, { left: 17, bottom: 17, scale: 10 }, this.theme, agent, 1);
    });
    this.#show();
  }

  draw() {
    const { episode, theme, time } = this, world = this.find(".world"), size = world.clientWidth;
    if (!size) return;
    const ctx = sized(world, size, size), pixels = world.width;
    if (this.ground?.width !== pixels) this.ground = drawGround(pixels, theme, episode.facts);
    const moment = episode.at(time);
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    drawWorld(ctx, pixels, theme, this.ground, episode, moment);
    const track = this.find(".track"), width = track.parentElement.clientWidth;
    drawTimeline(sized(track, width, timelineHeight(episode)), width, theme, episode, time);
    this.#drawCaption(episode.caption(moment.tick), size);
    this.#drawTip(moment, size);
  }

  /** The caption with its sign; its last parts are left out where there is no room for them. */
  #drawCaption(caption, size) {
    if (this.captioned?.[0] === caption && this.captioned[1] === size) return;
    this.captioned = [caption, size];
    const area = this.find(".caption"), words = this.find(".words"), sign = this.find(".sign");
    sign.hidden = !caption.kind;
    const parts = caption.text.split(" · ");
    words.textContent = caption.text;
    while (parts.length > 1 && area.scrollHeight > area.clientHeight) {
      parts.pop();
      words.textContent = parts.join(" · ");
    }
    if (!caption.kind) return;
    const ctx = sized(sign, 20, 20);
    ctx.clearRect(0, 0, 20, 20);
    drawSign(ctx, this.theme, caption, [10, 10], 7);
  }

  #at(event) {
    const moment = this.episode.at(this.time), camera = this.#camera();
    const place = { x: (event.offsetX - camera.left) / camera.scale, y: (camera.bottom - event.offsetY) / camera.scale };
    const near = Math.max(1.3 * this.episode.facts.rules.radius, NEAR_PIXELS / camera.scale);
    const away = (agent) => Math.hypot(agent.x - place.x, agent.y - place.y);
    const number = moment.agents.reduce((best, agent, k) => (
      away(agent) <= near && (best < 0 || away(agent) < away(moment.agents[best])) ? k : best), -1);
    if (number >= 0) return (now) => now.agents[number];
    const thing = moment.things.findIndex((body) => contains(body, place));
    return thing >= 0 ? (now) => now.things[thing] : null;
  }

  #camera() {
    return cameraFor(this.find(".world").clientWidth, this.episode.facts.floor);
  }

  #point(event) {
    if (event.pointerType === "mouse") this.#pointAt(this.#at(event));
  }

  #pointAt(pointed) {
    this.pointed = pointed;
    this.#drawTip(this.episode.at(this.time), this.find(".world").clientWidth);
  }

  /** A finger on an agent or a thing asks about it; elsewhere, and with a mouse, a click plays or pauses. */
  #clickWorld(event) {
    const touched = event.pointerType === "touch" ? this.#at(event) : null;
    if (touched || (event.pointerType === "touch" && this.pointed)) this.#pointAt(touched);
    else this.toggle();
  }

  #drawTip(moment, size) {
    const tip = this.find(".stage .tip"), body = this.pointed?.(moment);
    tip.hidden = !body;
    if (!body) return;
    tip.textContent = describe(moment, body);
    const [x, y] = toPixel(this.#camera(), body.x, body.y), above = 1.6 * this.episode.facts.rules.radius;
    const half = tip.offsetWidth / 2, top = y - above * this.#camera().scale - tip.offsetHeight;
    tip.style.left = `${Math.min(Math.max(x, half), size - half)}px`;
    tip.style.top = `${top < 0 ? y + above * this.#camera().scale : top}px`;
  }

  #signAt(event) {
    return event.offsetY < TRACK.signs ? eventAt(this.episode, this.find(".track").clientWidth, event.offsetX) : null;
  }

  /** Says what the sign or the ribbon under the pointer stands for. */
  #hint(event) {
    const { facts, last } = this.episode, hit = this.#signAt(event), tip = this.find(".timeline .tip");
    const width = this.find(".track").clientWidth, row = ribbonAt(event.offsetY);
    const lines = [];
    if (hit) {
      const same = facts.events.filter((other) => other.tick === hit.tick).map((other) => other.text);
      lines.push(`${(hit.tick * facts.rules.tick).toFixed(1)} s`, ...same.slice(0, MOST_HINTS));
    } else if (this.episode.seenSpans[row]) {
      const time = Math.min(xToTime(this.episode, width, event.offsetX), last - 0.01);
      const seen = this.episode.seenSpans[row].some(([first, end]) => first <= time && time < end);
      lines.push(`${facts.agents[row].name} is ${seen ? "seen" : "hidden"}`);
    }
    tip.hidden = !lines.length;
    tip.textContent = lines.join("\n");
    const half = tip.offsetWidth / 2;
    tip.style.left = `${Math.min(Math.max(event.offsetX, half), width - half)}px`;
  }
}

/** The drawing context of a canvas of so many CSS pixels, sharp on this screen. */
function sized(canvas, width, height) {
  const ratio = devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.height = `${height}px`;
  }
  const ctx = canvas.getContext("2d");
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  return ctx;
}

/** An agent or a thing in words. */
function describe(moment, body) {
  const name = body.name[0].toUpperCase() + body.name.slice(1);
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

async function start(figure) {
  const problem = figure.querySelector(".problem span");
  if (!("DecompressionStream" in window && "roundRect" in CanvasRenderingContext2D.prototype)) {
    problem.textContent = TOO_OLD;
    return;
  }
  try {
    new Player(figure, await unpack(figure.querySelector(".clip").textContent.trim()));
  } catch (error) {
    problem.textContent = "This replay cannot be shown: its data is damaged.";
    throw error;
  }
}

const startAll = () => document.querySelectorAll(".hideseek-clip").forEach(start);
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", startAll);
else startAll();
