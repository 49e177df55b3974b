/** Where one is in a chat: at its end or further up, and on which button. New messages and edits leave one there. */

import { byId } from "./dom.js";

const NEAR_END = 80;

let atEnd = true;
let below = 0; // messages that came while one was reading further up
let lastTop = 0;

export function startReading() {
  byId("log").addEventListener("scroll", noteScroll, { passive: true });
  byId("to-end").addEventListener("click", toEnd);
  const keep = new ResizeObserver(stayAtEnd);
  keep.observe(byId("rows"));
  keep.observe(byId("log"));
}

export function toEnd() {
  atEnd = true;
  below = 0;
  lastTop = 0;
  showToEnd();
  stayAtEnd();
}

export function stayAtEnd() {
  if (atEnd) byId("log").scrollTop = byId("log").scrollHeight;
}

export function countBelow(added) {
  if (!atEnd) below += added;
  showToEnd();
}

/** Only somebody who scrolls up leaves the end; a picture that arrives late, and makes the rows grow, does not. */
function noteScroll() {
  const log = byId("log");
  if (log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END) {
    atEnd = true;
    below = 0;
  } else if (log.scrollTop < lastTop) atEnd = false;
  lastTop = log.scrollTop;
  showToEnd();
}

function showToEnd() {
  byId("to-end").hidden = atEnd;
  byId("to-end-count").hidden = below === 0;
  byId("to-end-count").textContent = below;
}

/** An edit replaces the bubble whose button was just pressed; who uses the keyboard must not land at the page's top. */
export function focusedKey() {
  const focused = document.activeElement;
  const message = focused?.closest?.("[data-message]");
  if (!message) return null;
  return { id: message.dataset.message, data: focused.dataset.data, place: buttonsOf(message).indexOf(focused) };
}

const buttonsOf = (node) => [...node.querySelectorAll("button, a, [tabindex]")];

export function restoreFocus(focus) {
  if (!focus || document.activeElement !== document.body) return;
  const message = byId("rows").querySelector(`[data-message="${CSS.escape(focus.id)}"]`);
  const buttons = message ? buttonsOf(message) : [];
  const same = buttons.find((button) => focus.data !== undefined && button.dataset.data === focus.data);
  (same ?? buttons[Math.min(focus.place, buttons.length - 1)] ?? byId("log")).focus({ preventScroll: true });
}
