/** A WeCom card: title, words and facts; what is ticked or picked and handed in; its buttons, one below the other. */

import { el, icon } from "./dom.js";

/** `act` holds what the card can set off: tap(message, button, node), submit(message, chosen, node). */
export function cardOf(message, act) {
  const { title, description, sub, facts, questions, buttons, submit, menu } = message.card;
  return el(
    "form",
    { class: "card", "data-testid": "card", onsubmit: (event) => handIn(event, message, act) },
    el("h3", { class: "card-title" }, title),
    description && el("p", { class: "card-description" }, description),
    sub && el("p", { class: "card-sub" }, sub),
    facts.length > 0 && el("dl", { class: "card-facts" }, facts.map(fact)),
    questions.map((question, nth) => asked(question, `${message.id}-${nth}`)),
    submit && el("button", { type: "submit", class: "key card-submit", "data-testid": "submit" }, submit.text),
    buttons.map((button) => key(message, button, act)),
    menu.length > 0 && el("div", { class: "card-menu" }, menu.map((button) => key(message, button, act))),
  );
}

function fact({ name, value }) {
  return [el("dt", {}, name), el("dd", {}, value)];
}

function asked(question, name) {
  if (question.kind === "list") return list(question);
  const type = question.kind === "many" ? "checkbox" : "radio";
  return el(
    "fieldset",
    { class: "card-options" },
    question.options.map(({ id, text }) =>
      el(
        "label",
        { "data-testid": "option" },
        el("input", { type, name, value: id, checked: question.chosen.includes(id) }),
        el("span", {}, text),
      ),
    ),
  );
}

function list({ title, options, chosen }) {
  return el(
    "label",
    { class: "card-list" },
    el("span", {}, title),
    el(
      "select",
      { "data-testid": "select" },
      options.map(({ id, text }) => el("option", { value: id, selected: chosen.includes(id) }, text)),
    ),
  );
}

function handIn(event, message, act) {
  event.preventDefault();
  const picked = [...event.target.querySelectorAll("input:checked, select")].map(({ value }) => value);
  act.submit(message, picked, event.target.querySelector(".card-submit"));
}

/** One that is neither pressed nor followed is what became of the buttons. */
function key(message, button, act) {
  if (!button.data && !button.url)
    return el("p", { class: "key card-done", "data-testid": "done" }, icon("done"), el("span", {}, button.text));
  if (!button.data)
    return el("a", { class: "key", href: button.url, target: "_blank", rel: "noopener noreferrer" }, button.text);
  const node = el(
    "button",
    { type: "button", class: `key style-${button.style ?? 1}`, "data-testid": "btn", "data-data": button.data },
    el("span", {}, button.text),
  );
  node.addEventListener("click", () => act.tap(message, button, node));
  return node;
}
