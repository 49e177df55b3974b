/** The drawer of faults: what the platform shall do wrong, for whom, and how often. */

import { openChat } from "./chat.js";
import { byId, el, icon } from "./dom.js";
import { KINDS, METHODS, RATES, TIMES, isOf, nameOf, scopeOf } from "./fault_kinds.js";
import { failed } from "./overlay.js";
import { post } from "./server.js";
import { say } from "./words.js";

const scope = { platform: "telegram", method: "", chat: "", rate: 1, times: "" };
let state = null;
let onState = () => {};

/** `apply(state)` takes the state that the server answered with, if it did. */
export function startFaults(apply) {
  onState = apply;
  byId("faults-open").addEventListener("click", () => toggle(byId("faults").hidden));
  byId("faults").addEventListener("keydown", (event) => event.key === "Escape" && toggle(false));
}

export function showFaults(newState) {
  state = newState;
  const on = state.faults.length;
  byId("fault-count").textContent = on;
  byId("fault-count").hidden = on === 0;
  byId("fault-dot").hidden = on === 0;
  if (!byId("faults").hidden) draw();
}

function toggle(on) {
  byId("faults").hidden = !on;
  byId("faults-open").setAttribute("aria-expanded", String(on));
  document.body.classList.toggle("with-faults", on);
  if (on) {
    onPlatform(openChat()?.platform ?? scope.platform);
    draw();
  }
  (on ? byId("faults-close") : byId("faults-open")).focus();
}

/** Faults are a platform's own; what was chosen of another does not fit it. */
function onPlatform(platform) {
  if (platform === scope.platform) return;
  Object.assign(scope, { platform, method: "", chat: "" });
}

function draw() {
  const drawer = byId("faults");
  const focused = drawer.contains(document.activeElement) ? document.activeElement.id : null;
  const scrolled = drawer.scrollTop;
  drawer.replaceChildren(
    head(),
    el("p", { class: "faults-intro" }, say("faultsIntro")),
    present(),
    scopeForm(),
    switches(),
  );
  drawer.scrollTop = scrolled;
  if (focused) byId(focused)?.focus({ preventScroll: true });
}

function head() {
  const close = el(
    "button",
    {
      type: "button",
      class: "round",
      id: "faults-close",
      "data-testid": "faults-close",
      "aria-label": say("close"),
      onclick: () => toggle(false),
    },
    icon("close"),
  );
  return el("div", { class: "faults-head" }, el("h2", { id: "faults-title" }, say("faultsTitle")), close);
}

function present() {
  if (state.faults.length === 0) return el("p", { class: "faults-none" }, say("faultsNone"));
  const clear = el(
    "button",
    { type: "button", class: "wide", id: "faults-clear", "data-testid": "faults-clear", onclick: () => change([]) },
    say("faultsClear"),
  );
  return el(
    "div",
    { class: "faults-on" },
    el("h3", {}, say("faultsOn")),
    el("ul", {}, state.faults.map(presentFault)),
    clear,
  );
}

function presentFault(fault, n) {
  const stop = el(
    "button",
    {
      type: "button",
      class: "control",
      id: `fault-stop-${n}`,
      "data-testid": "fault-stop",
      onclick: () => change(state.faults.filter((other) => other !== fault)),
    },
    say("faultOff"),
  );
  return el("li", {}, el("span", {}, el("b", {}, nameOf(fault)), el("small", {}, scopeOf(fault, state.chats))), stop);
}

function scopeForm() {
  const here = openChat();
  const chats = [["", say("allChats")]];
  if (here?.platform === scope.platform) chats.push([here.id, say("thisChat", { name: here.title })]);
  if (!chats.some(([value]) => String(value) === String(scope.chat))) scope.chat = "";
  return el(
    "fieldset",
    { class: "faults-scope" },
    el("legend", {}, say("faultsScope")),
    choice("platform", "faultPlatform", Object.keys(KINDS).map((name) => [name, say(name)]), (value) => {
      onPlatform(value);
      draw();
    }),
    choice("method", "faultMethod", [["", say("allMethods")], ...METHODS[scope.platform].map((name) => [name, name])]),
    choice("chat", "faultChat", chats),
    choice(
      "rate",
      "faultRate",
      RATES.map(([value, word]) => [value, say(word)]),
    ),
    choice(
      "times",
      "faultTimes",
      TIMES.map(([value, word]) => [value, say(word)]),
    ),
  );
}

function choice(name, label, options, onPick = (value) => (scope[name] = value)) {
  const select = el(
    "select",
    {
      id: `fault-${name}`,
      "data-testid": `fault-${name}`,
      onchange: (event) => onPick(event.target.value),
    },
    options.map(([value, text]) => el("option", { value, selected: String(value) === String(scope[name]) }, text)),
  );
  return el("label", {}, el("span", {}, say(label)), select);
}

function switches() {
  return el(
    "ul",
    { class: "switches" },
    KINDS[scope.platform].map(([name, kind]) => {
      const same = (fault) => fault.platform === scope.platform && isOf(fault, kind);
      const on = state.faults.some(same);
      const toggleFault = () => (on ? change(state.faults.filter((fault) => !same(fault))) : add(scoped(kind)));
      return el(
        "li",
        {},
        el(
          "button",
          {
            type: "button",
            class: "switch",
            role: "switch",
            id: `switch-${name}`,
            "data-testid": `fault-${name}`,
            "aria-checked": String(on),
            onclick: toggleFault,
          },
          el(
            "span",
            { class: "switch-words" },
            el("b", {}, say(`fault.${name}`)),
            el("small", {}, say(`fault.${name}.note`)),
          ),
          el("span", { class: "switch-knob", "aria-hidden": "true" }),
        ),
      );
    }),
  );
}

function scoped(kind) {
  const fault = { ...kind, rate: Number(scope.rate) };
  if (scope.method) fault.method = scope.method;
  if (scope.chat !== "") fault.chat = Number(scope.chat);
  if (scope.times !== "") fault.times = Number(scope.times);
  return fault;
}

const put = (platform, fault) => post("/api/faults", { action: "add", platform, fault });

const add = (fault) => attempt(() => put(scope.platform, fault));

/** The server can add one or clear all; so what is to stay is put back. */
async function change(staying) {
  await attempt(async () => {
    let answer = await post("/api/faults", { action: "clear" });
    for (const { platform, ...fault } of staying) answer = await put(platform, fault);
    return answer;
  });
}

async function attempt(work) {
  try {
    onState(await work());
  } catch (error) {
    failed(error);
  }
}
