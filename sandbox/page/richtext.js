/** A message's text with its entities, as Telegram counts them (UTF-16 units, which are also JavaScript's), as nodes. */

import { el } from "./dom.js";
import { say } from "./words.js";

const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};
const WEB = /^https?:\/\//i;

/** `onCommand(text)` is called when a /command in the text is tapped. */
export function richText(text, entities, onCommand) {
  const whole = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return nodes(text, 0, text.length, whole, onCommand);
}

/** Entities nest or stand apart, never overlap otherwise: so each takes the ones within it along. */
function nodes(text, from, to, entities, onCommand) {
  const made = [];
  let at = from;
  for (let n = 0; n < entities.length;) {
    const outer = entities[n];
    const end = Math.min(outer.offset + outer.length, to);
    const inner = [];
    for (n += 1; n < entities.length && entities[n].offset < end; n += 1) inner.push(entities[n]);
    if (outer.offset < at || end <= outer.offset) continue;
    made.push(text.slice(at, outer.offset));
    made.push(wrap(outer, text.slice(outer.offset, end), nodes(text, outer.offset, end, inner, onCommand), onCommand));
    at = end;
  }
  made.push(text.slice(at, to));
  return made.filter((node) => node !== "");
}

function wrap(entity, text, children, onCommand) {
  if (TAGS[entity.type]) return el(TAGS[entity.type], {}, children);
  switch (entity.type) {
    case "spoiler":
      return spoiler(children);
    case "bot_command":
      return el("button", { type: "button", class: "inline-link", onclick: () => onCommand(text) }, children);
    case "text_link":
      return link(entity.url, children);
    case "url":
      return link(WEB.test(text) ? text : `https://${text}`, children);
    case "phone_number":
      return el("a", { href: `tel:${text.replace(/[^\d+]/g, "")}` }, children);
    case "mention":
    case "text_mention":
    case "hashtag":
      return el("span", { class: "mention" }, children);
    default:
      return el("span", {}, children);
  }
}

function link(url, children) {
  if (!WEB.test(url ?? "")) return el("span", {}, children);
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, children);
}

function spoiler(children) {
  const hidden = el("span", { class: "spoiler-text", "aria-hidden": "true" }, children);
  const asButton = { role: "button", tabindex: "0", "aria-label": say("spoiler") };
  const cover = el("span", { class: "spoiler", "data-testid": "spoiler", ...asButton }, hidden);
  const reveal = () => {
    cover.classList.add("shown");
    for (const name of Object.keys(asButton)) cover.removeAttribute(name);
    hidden.removeAttribute("aria-hidden");
  };
  cover.addEventListener("click", reveal, { once: true });
  cover.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      reveal();
    }
  });
  return cover;
}
