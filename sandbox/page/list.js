/** The left side: every person and group, by school, with search and unread counts. */

import { arrange, byId, el, icon } from "./dom.js";
import { oneEach } from "./platform.js";
import { dayOf, hhmm, milliseconds, shortDate } from "./time.js";
import { language, say } from "./words.js";

const COLOURS = 6;
const folded = new Set();
const items = new Map(); // chat id → {node, shown}, kept so that 140 rows are not rebuilt for one that changed
const sections = new Map();

let state = null;
let chosen = null;
let open = () => {};

/** `onOpen(chat)` is called with the entry that was picked. */
export function startList(onOpen) {
  open = onOpen;
  byId("search").addEventListener("input", draw);
  byId("list").addEventListener("keydown", step);
  byId("search").addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      rows()[0]?.focus();
    }
  });
}

/** `openId`: the chat that is shown at the right, or null. */
export function showList(newState, openId) {
  state = { ...newState, chats: oneEach(newState.chats).map((chat) => (chat.id === openId ? { ...chat, unread: 0 } : chat)) };
  chosen = openId;
  draw();
}

/** A person's or group's colour: the same everywhere, by the name's letters. */
export function colourOf(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return sum % COLOURS;
}

/** With the platform's mark at its corner. */
export function face(chat) {
  const group = chat.kind === "group";
  return el(
    "span",
    { class: `face face-${colourOf(chat.title)}${group ? " face-group" : ""}` },
    el("span", { "aria-hidden": "true" }, group ? icon("group") : [...chat.title][0]),
    platformMark(chat.platform),
  );
}

function platformMark(platform) {
  const name = say(platform);
  return el("span", { class: `mark on-${platform}`, role: "img", "aria-label": name, title: name }, say(`${platform}Mark`));
}

function draw() {
  if (!state) return;
  const wanted = byId("search").value.trim();
  const found = state.chats.filter((chat) => matches(chat, wanted));
  const nodes = bySection(found).map(([name, chats]) => section(name, chats, wanted !== ""));
  if (nodes.length === 0) nodes.push(el("p", { class: "no-match" }, say("noMatch", { text: wanted })));
  arrange(byId("list"), nodes);
}

function matches(chat, wanted) {
  const words = `${chat.title} ${chat.subtitle ?? ""} ${chat.group ?? ""}`.toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => words.includes(word));
}

/** Groups on top, then the schools in the server's own order. */
function bySection(chats) {
  const found = new Map([[say("groups"), []]]);
  for (const chat of chats) {
    const name = chat.kind === "group" ? say("groups") : chat.group || say("others");
    if (!found.has(name)) found.set(name, []);
    found.get(name).push(chat);
  }
  return [...found].filter(([, members]) => members.length > 0);
}

function section(name, chats, searching) {
  if (!sections.has(name)) sections.set(name, newSection(name));
  const { node, unread, count, body, heading } = sections.get(name);
  const waiting = chats.reduce((sum, chat) => sum + chat.unread, 0);
  const closed = folded.has(name) && !searching;
  count.textContent = chats.length;
  unread.textContent = waiting > 999 ? "999+" : waiting;
  unread.hidden = waiting === 0;
  unread.setAttribute("aria-label", say("unread", { n: waiting }));
  heading.setAttribute("aria-expanded", String(!closed));
  body.hidden = closed;
  arrange(body, closed ? [] : chats.map(item));
  return node;
}

function newSection(name) {
  const count = el("span", { class: "section-count" });
  const unread = el("span", { class: "badge quiet" });
  const heading = el(
    "button",
    { type: "button", class: "section-heading", "aria-expanded": "true" },
    icon("fold"),
    el("span", { class: "section-name" }, name),
    count,
    unread,
  );
  heading.addEventListener("click", () => {
    if (!folded.delete(name)) folded.add(name);
    draw();
  });
  const body = el("ul", { class: "section-body" });
  return { node: el("section", { class: "section" }, el("h2", {}, heading), body), unread, count, body, heading };
}

function item(chat) {
  const today = chat.last && dayOf(milliseconds(chat.last.at)) === dayOf(milliseconds(state.now));
  const shown = JSON.stringify([chat, chat.id === chosen, today, language()]);
  const known = items.get(chat.id);
  if (known?.shown === shown) return known.node;
  const node =
    known?.node ?? el("li", {}, el("button", { type: "button", class: "person", "data-testid": `chat-${chat.id}` }));
  items.set(chat.id, { node, shown });
  fillRow(node.firstChild, chat, chat.id === chosen, today);
  return node;
}

function fillRow(button, chat, isChosen, today) {
  button.onclick = () => open(chat);
  button.classList.toggle("chosen", isChosen);
  button.classList.toggle("bare", !chat.last && !chat.unread && !chat.blocked);
  if (isChosen) button.setAttribute("aria-current", "true");
  else button.removeAttribute("aria-current");
  button.dataset.as = chat.as;
  button.replaceChildren(
    face(chat),
    el(
      "span",
      { class: "person-top" },
      el("span", { class: "person-name" }, chat.title),
      el("span", { class: "person-role" }, roleOf(chat)),
      el("span", { class: "person-time" }, chat.last ? whenOf(chat.last.at, today) : ""),
    ),
    el(
      "span",
      { class: "person-bottom" },
      el("span", { class: "person-last" }, lastWords(chat)),
      chat.blocked && el("span", { class: "tag" }, say("blockedMark")),
      chat.unread > 0 && el("span", { class: "badge", "aria-label": say("unread", { n: chat.unread }) }, chat.unread),
    ),
  );
}

/** What stands beside a name: somebody's role, or how many a group has. */
export function roleOf(chat) {
  return chat.kind === "group" ? say("members", { n: chat.members.length }) : chat.subtitle;
}

function whenOf(iso, today) {
  return today ? hhmm(milliseconds(iso)) : shortDate(milliseconds(iso));
}

function lastWords({ last }) {
  if (!last) return "";
  return `${last.mine ? say("mine") : ""}${(last.text ?? "").replaceAll("\n", " ")}`;
}

const rows = () => [...byId("list").querySelectorAll(".person")];

function step(event) {
  const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!way) return;
  const all = [...byId("list").querySelectorAll("button")];
  const at = all.indexOf(document.activeElement);
  if (at < 0) return;
  event.preventDefault();
  (all[at + way] ?? byId("search")).focus();
}
