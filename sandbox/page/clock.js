/** The strip's clock and the controls of practice time. */

import { byId } from "./dom.js";
import { failed, notice } from "./overlay.js";
import { post } from "./server.js";
import { dateAndWeekday, dayOf, hhmm, hhmmss, milliseconds, readTimeOfDay, shortDate, useZoneOf } from "./time.js";
import { say } from "./words.js";

const BEAT = 200;

let base = null; // {now, next, speed, at}: the server's last word on time, and when by our own counter it came
let apply = () => {};
let refresh = () => {};

/** `onState(state)` takes a state that a control answered with; `onDue()` is called when the next event should have come. */
export function startClock(onState, onDue) {
  apply = onState;
  refresh = onDue;
  byId("clock-next").addEventListener("click", () => control(byId("clock-next"), { action: "next" }));
  for (const button of byId("speeds").children) {
    button.addEventListener("click", () => control(button, { action: "speed", speed: Number(button.dataset.speed) }));
  }
  byId("jump").addEventListener("submit", (event) => {
    event.preventDefault();
    jump();
  });
  setInterval(tick, BEAT);
}

export function showClock(state) {
  useZoneOf(state.now);
  base = {
    now: milliseconds(state.now),
    next: state.next && milliseconds(state.next),
    speed: state.speed,
    at: performance.now(),
  };
  for (const id of ["clock-next", "speeds", "jump"]) byId(id).hidden = !state.controls;
  for (const button of byId("speeds").children) {
    button.setAttribute("aria-pressed", String(Number(button.dataset.speed) === state.speed));
  }
  showNext();
  tick();
}

function showNext() {
  const button = byId("clock-next");
  button.disabled = base.next === null;
  button.replaceChildren(part("next-word", say("next")), " ", part("next-at", nextTime()));
  button.title =
    base.next === null ? say("nextNone") : say("nextAt", { at: `${dateAndWeekday(base.next)} ${hhmm(base.next)}` });
}

function nextTime() {
  if (base.next === null) return "–";
  const sameDay = dayOf(base.next) === dayOf(base.now);
  return sameDay ? hhmm(base.next) : `${shortDate(base.next)} ${hhmm(base.next)}`;
}

/** Between two words of the server the clock runs on by itself, but never past an event that has not happened yet. */
function tick() {
  if (!base || document.hidden) return;
  const guessed = base.now + (performance.now() - base.at) * base.speed;
  const held = base.next !== null && base.speed > 0 && guessed > base.next;
  const shown = held ? Math.max(base.next, base.now) : guessed;
  byId("clock").replaceChildren(part("clock-date", dateAndWeekday(shown)), " ", part("clock-time", hhmmss(shown)));
  if (held) askSoon();
}

function part(name, text) {
  const node = document.createElement("span");
  node.className = name;
  node.textContent = text;
  return node;
}

let asked = 0;

function askSoon() {
  if (performance.now() - asked < 1_000) return;
  asked = performance.now();
  refresh();
}

async function control(button, order) {
  button.setAttribute("aria-busy", "true");
  try {
    apply(await post("/api/clock", order));
  } catch (error) {
    failed(error);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

async function jump() {
  const input = byId("jump-to");
  const to = readTimeOfDay(input.value);
  input.setAttribute("aria-invalid", String(to === null));
  if (to === null) {
    notice(say("jumpBad"));
    input.focus();
    return;
  }
  input.value = to;
  await control(byId("jump").querySelector("button"), { action: "jump", to });
}
