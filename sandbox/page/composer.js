/** The box one types in: drafts that are never lost, commands, and the other things one can send. */

import { commandsHere, openChat, sendKind, turn, write } from "./chat.js";
import { byId, el, icon } from "./dom.js";
import { failed, menu, notice } from "./overlay.js";
import { say } from "./words.js";

const KINDS = {
  telegram: [
    ["photo", "photo"],
    ["sticker", "smile"],
    ["voice", "voice"],
    ["forward", "forward"],
  ],
  wecom: [
    ["photo", "photo"],
    ["voice", "voice"],
    ["file", "file"],
  ],
};
const drafts = new Map();

const keyOf = (chat) => `draft ${chat.platform} ${chat.id}:${chat.as}`;

export function startComposer() {
  const box = byId("composer");
  box.addEventListener("input", changed);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && suggesting) commandMenu.close();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault(); // keyCode 229: Enter that ends the choice of a Chinese word, in browsers that no longer say isComposing
    send();
  });
  byId("composer-form").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  byId("unblock").addEventListener("click", () => turn("block", false));
  startMenus();
}

/** Call before another chat is shown and after. */
export function loadDraft() {
  const chat = openChat();
  byId("composer").value = chat ? draftOf(keyOf(chat)) : "";
  fit();
}

function draftOf(key) {
  try {
    return drafts.get(key) ?? sessionStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

function keepDraft(key, text) {
  drafts.set(key, text);
  try {
    if (text) sessionStorage.setItem(key, text);
    else sessionStorage.removeItem(key);
  } catch {
    // kept in memory at least
  }
}

function changed() {
  keepDraft(keyOf(openChat()), byId("composer").value);
  fit();
  suggest();
}

function fit() {
  const box = byId("composer");
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight + 2, 148)}px`;
  byId("send").disabled = box.value.trim() === "";
}

let sending = false;

/** The text leaves the box only when the server has it, and what was typed meanwhile stays. */
async function send() {
  const box = byId("composer");
  const text = box.value;
  if (sending || text.trim() === "") return;
  const key = keyOf(openChat());
  sending = true;
  byId("send").setAttribute("aria-busy", "true");
  try {
    await write(text.trim());
    const typed = draftOf(key);
    keepDraft(key, typed.startsWith(text) ? typed.slice(text.length) : typed);
    if (openChat() && keyOf(openChat()) === key) loadDraft();
  } catch (error) {
    notice(say("notSent", { reason: error.message }));
  } finally {
    sending = false;
    byId("send").removeAttribute("aria-busy");
  }
}

// -- menus --------------------------------------------------------------------------------------------------------------

let commandMenu = null;
let suggesting = false;

function startMenus() {
  commandMenu = menu(byId("commands-open"), byId("commands"), (close) => commandEntries(commandsHere(), close));
  menu(byId("attach-open"), byId("attach"), (close) =>
    KINDS[openChat().platform].map(([kind, drawing]) =>
      entry(drawing, kind, () => {
        close();
        sendKind(kind);
      }),
    ),
  );
  menu(byId("chat-menu-open"), byId("chat-menu"), (close) => {
    const { platform, blocked, plain } = openChat();
    const [what, on] = platform === "wecom" ? ["plain", plain] : ["block", blocked];
    return [
      entry(what, on ? `un${what}` : what, () => {
        close();
        turn(what, !on);
      }),
    ];
  });
}

function entry(drawing, word, onclick) {
  return el(
    "button",
    { type: "button", class: "entry", "data-testid": `menu-${word}`, onclick },
    icon(drawing),
    el("span", {}, say(word)),
  );
}

function commandEntries(commands, close) {
  if (commands.length === 0) return [el("p", { class: "menu-note" }, say("noCommands"))];
  return commands.map(({ command, description }) => {
    const pick = async () => {
      close();
      if (suggesting) clearTyped();
      byId("composer").focus();
      await write(`/${command}`).catch(failed);
    };
    return el(
      "button",
      { type: "button", class: "entry command", "data-testid": `command-${command}`, onclick: pick },
      el("b", {}, `/${command}`),
      el("span", {}, description),
    );
  });
}

function clearTyped() {
  byId("composer").value = "";
  changed();
}

/** While one types "/re", the commands that begin so; the text box keeps the focus. */
function suggest() {
  const typed = /^\/(\w*)$/.exec(byId("composer").value);
  const fitting = typed ? commandsHere().filter(({ command }) => command.startsWith(typed[1].toLowerCase())) : [];
  if (fitting.length > 0) {
    byId("commands").replaceChildren(...commandEntries(fitting, commandMenu.close));
    byId("commands").hidden = false;
  } else if (suggesting) commandMenu.close();
  suggesting = fitting.length > 0;
}
