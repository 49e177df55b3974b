/** What lies over the rest: toast, alert, full-screen photo, small menus, and the line for what went wrong. */

import { byId } from "./dom.js";
import { say } from "./words.js";

const timers = new Map();

function showFor(node, text, duration) {
  node.textContent = text;
  node.hidden = false;
  clearTimeout(timers.get(node));
  timers.set(
    node,
    setTimeout(() => {
      node.hidden = true;
    }, duration),
  );
}

/** A short answer to a tap; stays long enough to be read. */
export const toast = (text) => showFor(byId("toast"), text, 3_500 + 70 * text.length);

/** Something the page could not do. */
export const notice = (text) => showFor(byId("notice"), text, 8_000);

/** An answer that waits for its OK. */
export function alert(from, text) {
  byId("alert-from").textContent = from;
  byId("alert-text").textContent = text;
  const dialog = byId("alert");
  if (!dialog.open) dialog.showModal();
}

/** Whatever belonged to the chat that is being left. */
export function hideAnswers() {
  byId("toast").hidden = true;
  byId("notice").hidden = true;
  if (byId("alert").open) byId("alert").close();
}

export function openPhoto(url, alt) {
  const image = byId("lightbox-image");
  image.src = url;
  image.alt = alt;
  byId("lightbox").classList.remove("zoomed");
  byId("lightbox").showModal();
  byId("lightbox-close").focus();
}

/** Full screen first; a tap or the button shows every pixel at the place that was tapped, another goes back. */
export function startLightbox() {
  const dialog = byId("lightbox");
  const view = byId("lightbox-view");
  const image = byId("lightbox-image");
  const zoom = (event) => {
    const box = image.getBoundingClientRect();
    const across = event ? (event.clientX - box.left) / box.width : 0.5;
    const down = event ? (event.clientY - box.top) / box.height : 0;
    dialog.classList.toggle("zoomed");
    view.scrollTo(image.clientWidth * across - view.clientWidth / 2, image.clientHeight * down - view.clientHeight / 2);
  };
  byId("lightbox-close").addEventListener("click", () => dialog.close());
  byId("lightbox-zoom").addEventListener("click", () => zoom(null));
  image.addEventListener("click", zoom);
  view.addEventListener("click", (event) => event.target === view && dialog.close());
}

/** A button that opens the menu beside it; `fill(menu)` makes its entries each time it opens. */
export function menu(opener, box, fill) {
  const close = () => {
    box.hidden = true;
    opener.setAttribute("aria-expanded", "false");
  };
  const open = () => {
    box.replaceChildren(...fill(close));
    box.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    box.querySelector("button, select")?.focus();
  };
  opener.addEventListener("click", () => (box.hidden ? open() : close()));
  document.addEventListener("pointerdown", (event) => {
    if (!box.hidden && !opener.parentElement.contains(event.target)) close();
  });
  opener.parentElement.addEventListener("keydown", (event) => menuKey(event, box, opener, close));
  return { open, close };
}

function menuKey(event, box, opener, close) {
  if (box.hidden) return;
  const entries = [...box.querySelectorAll("button")];
  const at = entries.indexOf(document.activeElement);
  if (event.key === "Escape") {
    close();
    opener.focus();
  } else if (event.key === "ArrowDown") entries[(at + 1) % entries.length]?.focus();
  else if (event.key === "ArrowUp") entries.at(at - 1)?.focus();
  else if (event.key !== "Tab") return;
  else {
    close();
    return;
  }
  event.preventDefault();
}

export const failed = (error) => notice(say("failed", { reason: error.message }));
