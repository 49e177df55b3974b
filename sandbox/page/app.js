/** The chat client of the sandbox: starts the parts and keeps them at what the server says. */

import { enter, openChat, redraw, reload, showHead, startChat } from "./chat.js";
import { showClock, startClock } from "./clock.js";
import { loadDraft, startComposer } from "./composer.js";
import { byId } from "./dom.js";
import { showFaults, startFaults } from "./faults.js";
import { showList, startList } from "./list.js";
import { startLightbox } from "./overlay.js";
import { choosePlatform, oneEach } from "./platform.js";
import { get, listen, refresher } from "./server.js";
import { language, say, sayAll, switchLanguage } from "./words.js";

const RESYNC = 5_000;
const PATIENCE = 1_200;

let state = null;

const refresh = refresher(async () => {
  try {
    apply(await get("/api/state"));
  } catch {
    // the line is down: `listen` says so, and asks again when it is back
  }
});

/** Take the server's word on everything but the open chat's messages. */
function apply(answer) {
  if (!answer?.chats) {
    refresh();
    return;
  }
  const first = state === null;
  state = answer;
  byId("brand").textContent = say("brand", { bot: state.bot.name });
  document.title = say("title", { bot: state.bot.name });
  showClock(state);
  if (first) route();
  else showPeople();
  showFaults(state);
}

function showPeople() {
  const here = openChat();
  const entry = here && entryOf(here.id, here.as);
  if (entry && entry.platform === here.platform) showHead(entry, state);
  showList(state, here?.id ?? null);
}

/** On the platform that is chosen for a person; of a group, that of one of its members. */
function entryOf(id, as) {
  const entry = oneEach(state.chats).find((chat) => chat.id === id);
  const same = (chat) => chat.id === id && chat.as === as && chat.platform === entry.platform;
  return state.chats.find(same) ?? entry;
}

// -- which chat is open stands in the address, so that a phone's own back button and a reload do what one expects --------

function go(target) {
  const hash = target ? `#chat=${target.id}&as=${target.as}&on=${target.platform}` : "#";
  if (target && !openChat()) history.pushState({ fromList: true }, "", hash);
  else if (!target && history.state?.fromList) {
    history.back();
    return;
  } else history.replaceState(history.state, "", hash);
  route();
}

function route() {
  const wanted = new URLSearchParams(location.hash.slice(1));
  const id = Number(wanted.get("chat"));
  if (id && wanted.get("on")) choosePlatform(id, wanted.get("on"));
  const entry = state && id ? entryOf(id, Number(wanted.get("as"))) : null;
  const as = entry && membersOf(entry).includes(Number(wanted.get("as"))) ? Number(wanted.get("as")) : entry?.as;
  const here = openChat();
  const same = here && entry && here.id === entry.id && here.as === as && here.platform === entry.platform;
  if (!same) enter(entry ? { ...entry, as } : null);
  document.body.dataset.view = entry ? "chat" : "list";
  showPeople();
  loadDraft();
  if (entry && matchMedia("(min-width: 900px) and (pointer: fine)").matches)
    byId("composer").focus({ preventScroll: true });
}

const membersOf = (entry) => [entry.as, ...(entry.members ?? []).map((member) => member.id)];

// -- words and small controls -------------------------------------------------------------------------------------------

function speak() {
  document.documentElement.lang = language() === "zh" ? "zh-CN" : "en";
  sayAll(document);
  byId("language").textContent = say("otherLanguage");
  byId("language").setAttribute("aria-label", say("otherLanguageLabel"));
  byId("language").lang = language() === "zh" ? "en" : "zh-CN";
  if (state) apply(state);
}

function toggleControls() {
  const on = document.body.classList.toggle("with-controls");
  byId("more").setAttribute("aria-expanded", String(on));
}

let lineTimer = null;

/** A line that is back at once is not worth a word; one that stays away is. */
function showLine(on) {
  if (!on) {
    lineTimer ??= setTimeout(() => {
      byId("offline").hidden = false;
    }, PATIENCE);
    return;
  }
  clearTimeout(lineTimer);
  lineTimer = null;
  byId("offline").hidden = true;
  refresh();
  reload();
}

function hear(event) {
  refresh();
  if (event.type === "chat" && event.chat === openChat()?.id) reload();
}

startList(go);
startChat(async (change) => {
  await refresh();
  go({ ...openChat(), ...change });
});
startComposer();
startClock(apply, refresh);
startFaults(apply);
startLightbox();
byId("back").addEventListener("click", () => go(null));
byId("more").addEventListener("click", toggleControls);
byId("language").addEventListener("click", () => {
  switchLanguage();
  speak();
  redraw();
});
addEventListener("popstate", route);
addEventListener("hashchange", route);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  refresh();
  reload();
});
setInterval(() => document.hidden || refresh(), RESYNC);
speak();
refresh();
listen(hear, showLine);
