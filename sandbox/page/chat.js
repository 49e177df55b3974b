/** The right side: one chat on one person's phone, kept as the server has it. */

import { showAppMenu } from "./app_menu.js";
import { bubble, serviceLine } from "./bubble.js";
import { arrange, byId, el } from "./dom.js";
import { colourOf, face, roleOf } from "./list.js";
import { alert, failed, hideAnswers, openPhoto, toast } from "./overlay.js";
import { countBelow, focusedKey, restoreFocus, startReading, stayAtEnd, toEnd } from "./reading.js";
import { get, post, refresher } from "./server.js";
import { dateAndWeekday, dayOf, milliseconds } from "./time.js";
import { say } from "./words.js";

let current = null; // the entry of the list that is open, with `as` as chosen
let bot = { name: "" };
let drawn = new Map(); // message id → {node, shown}
let commands = [];

const IN_REACH = 2; // platforms on which the open person is to be found: only then is there something to choose

export const openChat = () => current;
export const commandsHere = () => commands;

/**
 * `change({as})` is called when somebody else of the group's members is picked, `change({platform})` for a switch, once
 * the person is known on that platform.
 */
export function startChat(change) {
  byId("as").addEventListener("change", (event) => change({ as: Number(event.target.value) }));
  for (const button of byId("platforms").children)
    button.addEventListener("click", () =>
      busy(button, async () => {
        const { platform, join } = button.dataset;
        if (join) await post("/api/join", { as: current.as, platform });
        await change({ platform });
      }),
    );
  startReading();
}

/** Show another chat, or none (null). */
export function enter(chat) {
  hideAnswers();
  current = chat;
  drawn = new Map();
  commands = [];
  byId("rows").replaceChildren();
  toEnd();
  byId("phone").hidden = chat === null;
  byId("welcome").hidden = chat !== null;
  return chat === null ? Promise.resolve() : reload();
}

/** The header, which depends on the list's state as well as on the chat. */
export function showHead(chat, { bot: newBot, chats: people, joins }) {
  current = Object.assign(current, chat, { as: current.as });
  bot = newBot;
  byId("chat-face").replaceChildren(face(chat));
  byId("chat-title").textContent = chat.kind === "group" ? chat.title : say("phoneOf", { name: chat.title });
  byId("chat-subtitle").textContent = underTitle(chat);
  showMembers((chat.members ?? []).map((member) => [member.id, nameAndDuty(member, people)]));
  const deaf = chat.platform === "wecom" && chat.kind === "group";
  byId("phone").dataset.platform = chat.platform;
  const rows = people.filter(({ id, kind }) => id === chat.id && kind === "private");
  showPlatforms(rows, joins && rows.length > 0);
  byId("blocked").hidden = !chat.blocked;
  byId("deaf").hidden = !deaf;
  byId("chat-menu-open").hidden = deaf;
  byId("composer-form").hidden = deaf || Boolean(chat.blocked);
}

/** The same person's phone on either platform, with what is unread on the other. `joins`: it can be reached anyway. */
function showPlatforms(rows, joins) {
  byId("platforms").hidden = rows.length < IN_REACH && !joins;
  for (const button of byId("platforms").children) {
    const row = rows.find(({ platform }) => platform === button.dataset.platform);
    const here = button.dataset.platform === current.platform;
    const badge = button.querySelector(".badge");
    button.dataset.join = joins && !row?.began ? "yes" : "";
    button.setAttribute("aria-pressed", String(here));
    badge.hidden = here || !row?.unread;
    badge.textContent = row?.unread ?? "";
  }
}

function underTitle(chat) {
  if (chat.kind === "group") return roleOf(chat);
  const where = chat.plain ? say("plainOf") : say("withBot", { bot: bot.name });
  return [where, roleOf(chat)].filter(Boolean).join(" · ");
}

/** In a group one chooses whose phone it is; an open list of choices is left alone while nothing in it changes. */
function showMembers(members) {
  const shown = JSON.stringify([members, current.as]);
  const select = byId("as");
  byId("as-bar").hidden = members.length === 0;
  byId("phone")
    .querySelector(".phone-head")
    .classList.toggle("joined", members.length > 0);
  if (select.dataset.shown === shown) return;
  select.dataset.shown = shown;
  select.replaceChildren(
    ...members.map(([id, name]) => el("option", { value: id, selected: id === current.as }, name)),
  );
}

/** Names recur from school to school, so a member is told by school and duty as well. */
function nameAndDuty({ id, name }, people) {
  const person = people.find((chat) => chat.id === id);
  const more = [person?.group, person?.subtitle].filter(Boolean).join(" ");
  return more ? `${name}（${more}）` : name;
}

/** Ask the server for the open chat again; harmless when asked often. */
export const reload = refresher(async () => {
  const asked = current;
  if (!asked) return;
  try {
    const answer = await get("/api/chat", { chat: asked.id, as: asked.as, platform: asked.platform });
    if (asked === current) show(answer);
  } catch (error) {
    failed(error);
  }
});

/** Draw everything anew, as after a change of language. */
export function redraw() {
  drawn = new Map();
  return reload();
}

function show(answer) {
  commands = answer.commands;
  showAppMenu(answer.menu ?? [], pressMenu);
  const messages = answer.messages.filter((message) => !message.deleted);
  const before = drawn;
  const focus = focusedKey();
  drawn = new Map(messages.length > 0 ? [] : [["nothing yet", {}]]); // so that the first message counts as news
  const nodes = messages.length > 0 ? withDays(messages, before) : [emptyChat()];
  arrange(byId("rows"), nodes);
  restoreFocus(focus);
  if (before.size > 0) tellNews(messages, before);
  stayAtEnd();
}

function tellNews(messages, before) {
  const theirs = messages.filter((message) => !message.mine);
  const added = theirs.filter((message) => !before.has(message.id));
  const changed = theirs.filter(
    (message) => before.has(message.id) && contentOf(before.get(message.id).message) !== contentOf(message),
  );
  countBelow(added.length);
  const lines = [
    ...changed.map((message) => spoken("changedMessage", message)),
    ...added.map((message) => spoken("newMessage", message)),
  ];
  if (lines.length > 0) byId("live").textContent = lines.slice(-3).join("\n");
}

const spoken = (key, message) => say(key, { from: message.sender || bot.name, text: message.text ?? "" });

function withDays(messages, before) {
  const nodes = [];
  let previous = null;
  for (const message of messages) {
    if (!previous || dayOf(milliseconds(message.date)) !== dayOf(milliseconds(previous.date))) {
      nodes.push(day(message, before));
      previous = null;
    }
    nodes.push(row(message, previous, before));
    previous = message;
  }
  return nodes;
}

function day(message, before) {
  const text = dateAndWeekday(milliseconds(message.date));
  const id = `day ${dayOf(milliseconds(message.date))}`;
  const known = before.get(id) ?? {
    node: el("div", { class: "day", role: "separator" }, el("span", {}, text)),
    shown: id,
  };
  drawn.set(id, known);
  return known.node;
}

function row(message, previous, before) {
  const look = lookOf(message, previous);
  const shown = JSON.stringify([message, look]);
  const known = before.get(message.id);
  const node = known?.shown === shown ? known.node : make(message, look);
  if (known && known.node !== node && contentOf(known.message) !== contentOf(message)) node.classList.add("changed");
  else if (!known && before.size > 0) node.classList.add("arrived");
  drawn.set(message.id, { node, shown, message });
  return node;
}

const contentOf = (message) => JSON.stringify([message.text, message.photo, message.keyboard, message.card]);

function lookOf(message, previous) {
  const follows =
    previous !== null && !previous.service && previous.mine === message.mine && previous.sender === message.sender;
  const named = current.kind === "group" && !message.mine && !follows;
  const marked = current.platform === "wecom";
  return { sender: named ? message.sender : null, colour: colourOf(String(message.sender)), follows, marked };
}

function make(message, look) {
  return message.service ? serviceLine(message) : bubble(message, look, act);
}

function emptyChat() {
  if (current.kind === "group") return el("div", { class: "service" }, el("span", {}, say("emptyGroup")));
  if (current.platform === "wecom") return el("div", { class: "service" }, el("span", {}, say("emptyApp")));
  const start = el(
    "button",
    { type: "button", class: "wide", "data-testid": "start", onclick: () => act.command("/start") },
    say("start"),
  );
  return el("div", { class: "start" }, el("h3", {}, bot.name), el("p", {}, say("startNote")), start);
}

const act = {
  photo: openPhoto,
  command: (text) => write(text).catch(failed),
  tap: (message, button, node) =>
    busy(node, async () => {
      const here = current;
      const { answer } = await thumb("/api/tap", { message: message.id, data: button.data });
      if (here === current && answer?.text) (answer.alert ? (text) => alert(bot.name, text) : toast)(answer.text);
    }),
  submit: (message, chosen, node) => busy(node, () => thumb("/api/submit", { message: message.id, chosen })),
};

/** What the open phone's owner does there; raises when the server refused. */
function thumb(path, body) {
  return post(path, { platform: current.platform, as: current.as, chat: current.id, ...body });
}

async function busy(node, work) {
  node.setAttribute("aria-busy", "true");
  try {
    await work();
  } catch (error) {
    failed(error);
  } finally {
    node.removeAttribute("aria-busy");
  }
}

/** Raises when the server refused. */
export async function write(text) {
  await thumb("/api/write", { text });
  toEnd();
}

export const sendKind = (kind) => thumb("/api/send", { kind }).then(toEnd, failed);

/** A switch of the phone: `block` on Telegram, `plain` on WeCom. */
export const turn = (what, on) => thumb(`/api/${what}`, { on }).catch(failed);

const pressMenu = (key) => thumb("/api/menu", { key }).then(toEnd, failed);
