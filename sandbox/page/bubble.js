/** One message as a phone shows it: bubble, picture, document, text, time, and the keyboard under it. */

import { cardOf } from "./card.js";
import { el, icon } from "./dom.js";
import { richText } from "./richtext.js";
import { hhmm, milliseconds } from "./time.js";
import { say } from "./words.js";

/**
 * `look` says what the surroundings ask for: `sender` (shown above the text in groups), `follows` (same sender as above),
 * `marked` (what cannot be passed on says so).
 * `act` holds what the message can set off: tap(message, button, node), submit(message, chosen, node), photo(url, alt),
 * command(text).
 */
export function bubble(message, look, act) {
  const side = message.mine ? "mine" : "theirs";
  return el(
    "div",
    {
      class: `message ${side}${look.follows ? " follows" : ""}`,
      "data-testid": `msg-${message.id}`,
      "data-message": message.id,
    },
    el(
      "div",
      { class: `bubble${message.photo ? " with-photo" : ""}` },
      look.sender && el("div", { class: `sender face-${look.colour}` }, look.sender),
      message.protected && look.marked && el("div", { class: "secret", "data-testid": "secret" }, icon("lock"), say("secret")),
      message.photo && photo(message, act),
      message.document && documentCard(message.document),
      message.card ? underCard(message, act) : words(message, act),
    ),
    !message.card && message.keyboard?.length > 0 && keyboard(message, act),
  );
}

function underCard(message, act) {
  return [cardOf(message, act), el("div", { class: "text bare" }, meta(message))];
}

/** What happened in the chat rather than was said: joined, left, became a supergroup. */
export function serviceLine(message) {
  return el("div", { class: "service", "data-testid": `msg-${message.id}` }, el("span", {}, message.text));
}

function words(message, act) {
  const text = message.text ?? "";
  return el(
    "div",
    { class: text ? "text" : "text bare" },
    richText(text, message.entities, act.command),
    meta(message),
  );
}

/** A card tells nobody that it was another before. */
function meta(message) {
  const edited = message.edited && !message.card && `${say("edited")} `;
  return el("span", { class: "meta" }, message.silent && silent(), edited, timeOf(message));
}

function timeOf(message) {
  return el("time", { datetime: message.date }, hhmm(milliseconds(message.date)));
}

function silent() {
  return el("span", { class: "silent", title: say("silent"), role: "img", "aria-label": say("silent") }, icon("mute"));
}

function photo(message, act) {
  const alt = firstLine(message.text) || say("sharedPhoto");
  return el(
    "button",
    {
      type: "button",
      class: "photo",
      "data-testid": "photo",
      "aria-label": say("openPhoto"),
      onclick: () => act.photo(message.photo, alt),
    },
    el("img", { src: message.photo, alt }),
  );
}

function documentCard({ name, url }) {
  return el(
    "a",
    { class: "document", href: url, download: name, "data-testid": "document" },
    el("span", { class: "document-face" }, icon("file")),
    el("span", { class: "document-name" }, el("b", {}, name), el("small", {}, `${extension(name)}${say("file")}`)),
  );
}

function keyboard(message, act) {
  return el(
    "div",
    { class: "keyboard" },
    message.keyboard.map((row) =>
      el(
        "div",
        { class: "keys" },
        row.map((button) => key(message, button, act)),
      ),
    ),
  );
}

function key(message, button, act) {
  const node = el(
    "button",
    { type: "button", class: "key", "data-testid": "btn", "data-data": button.data, title: button.text },
    el("span", {}, button.text),
  );
  node.addEventListener("click", () => act.tap(message, button, node));
  return node;
}

const firstLine = (text) => (text ?? "").split("\n", 1)[0];

function extension(name) {
  const end = /\.(\w{1,5})$/.exec(name);
  return end ? `${end[1].toUpperCase()} ` : "";
}
