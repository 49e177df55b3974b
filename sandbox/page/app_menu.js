/** The app's own menu below a WeCom chat: at most three buttons, each of them perhaps a menu. */

import { byId, el, icon } from "./dom.js";
import { menu } from "./overlay.js";

let shown = "";
let press = () => {};

/** `onPress(key)` is called when one of its buttons is pressed. */
export function showAppMenu(rows, onPress) {
  press = onPress;
  const wanted = JSON.stringify(rows);
  if (wanted === shown) return;
  shown = wanted;
  byId("app-menu").hidden = rows.length === 0;
  byId("app-menu").replaceChildren(...rows.map((row) => (row.below.length > 0 ? opener(row) : leaf(row, "app-menu-key"))));
}

function opener(row) {
  const button = el(
    "button",
    { type: "button", class: "app-menu-key", "aria-haspopup": "true", "aria-expanded": "false" },
    icon("list"),
    el("span", {}, row.text),
  );
  const box = el("div", { class: "menu menu-up", hidden: true });
  const anchor = el("div", { class: "menu-anchor" }, button, box);
  menu(button, box, (close) => row.below.map((one) => leaf(one, "entry", close)));
  return anchor;
}

function leaf(row, look, close = () => {}) {
  if (row.url) return el("a", { class: look, href: row.url, target: "_blank", rel: "noopener noreferrer" }, row.text);
  const onclick = () => {
    close();
    press(row.key);
  };
  const attributes = { type: "button", class: look, "data-testid": `app-menu-${row.key}`, onclick };
  return el("button", attributes, el("span", {}, row.text));
}
