// A player for every figure in the page. Each has its own clock, and hears the keyboard while it has the focus.

const LONGEST_FRAME_S = 0.25; // a page that was hidden does not jump to the end
const TOO_OLD = "This browser is too old to play this replay (it needs Chrome 99, Firefox 113 or Safari 16.4).";

class Player {
  constructor(figure, episode) {
    this.figure = figure;
    this.episode = episode;
    this.begin = figure.dataset.begin - episode.facts.first; // a little before what the clip is to show
    this.time = this.begin;
    this.playing = false;
    this.before = null;
    this.visible = true;
    this.find = (selector) => figure.querySelector(selector);
    const screen = this.find(".screen"), events = this.find(".events");
    screen.hidden = false;
    events.open = events.offsetTop < screen.offsetTop + screen.offsetHeight; // beside the floor, not below it
    this.slider = this.find(".time");
    this.slider.max = episode.last;
    this.speed = this.find("select");
    this.listed = [...figure.querySelectorAll(".events button")];
    this.floorTip = new FloorTip(this, this.find(".world"), this.find(".stage .tip"));
    tellSigns(episode, this.find(".track"), this.find(".timeline .tip"));
    this.#listen();
    this.recolour();
    new ResizeObserver(() => this.draw()).observe(this.find(".stage"));
    new IntersectionObserver((entries) => this.#appear(entries.at(-1).isIntersecting), { rootMargin: "300px" })
      .observe(this.find(".stage"));
    addEventListener("beforeprint", () => this.#appear(true));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.recolour());
  }

  #listen() {
    const click = (selector, action) => this.find(selector).addEventListener("click", (event) => {
      action();
      if (event.detail) this.figure.focus({ preventScroll: true }); // after the mouse, space is for playing again
    });
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
    const track = this.find(".track");
    track.addEventListener("click", (event) => {
      const hit = signAt(this.episode, track, event);
      if (hit) this.goTo(hit.tick - this.episode.facts.first);
      else this.seek(xToTime(this.episode, track.clientWidth, event.offsetX));
    });
    this.find(".world").addEventListener("click", (event) => this.floorTip.touch(event) || this.toggle());
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
    this.#next();
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
    this.#next();
  }

  /** Asks for the next frame; never for two of them, however fast it is paused and played. */
  #next() {
    cancelAnimationFrame(this.waiting);
    this.waiting = requestAnimationFrame((now) => this.#frame(now));
  }

  /** Shows the present time everywhere. */
  #show() {
    const { episode, time, playing } = this, { first, rules, preparation } = episode.facts;
    const tick = Math.floor(time), caption = episode.caption(tick), seconds = (first + time) * rules.tick;
    const end = (first + episode.last) * rules.tick;
    this.figure.classList.toggle("playing", playing);
    this.figure.classList.toggle("begun", playing || time !== this.begin);
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

  /** Draws nothing while it is scrolled away, and keeps no pictures: a report may hold many players. */
  #appear(visible) {
    this.visible = visible;
    if (visible) {
      this.draw();
    } else {
      this.ground = null;
      this.find(".world").width = 0;
    }
  }

  draw() {
    const { episode, theme, time } = this, world = this.find(".world"), size = world.clientWidth;
    if (!size || !this.visible) return;
    const ctx = sized(world, size, size), pixels = world.width;
    if (this.ground?.width !== pixels) this.ground = drawGround(pixels, theme, episode.facts);
    const moment = episode.at(time);
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    drawWorld(ctx, pixels, theme, this.ground, episode, moment);
    const track = this.find(".track"), width = track.parentElement.clientWidth;
    drawTimeline(sized(track, width, timelineHeight(episode)), width, theme, episode, time);
    this.#drawCaption(episode.caption(moment.tick), size);
    this.floorTip.show(moment);
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
