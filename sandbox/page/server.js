/** The way to the sandbox's server: JSON calls, and the socket that says when to look again. */

import { say } from "./words.js";

const FIRST_WAIT = 400;
const LONGEST_WAIT = 8_000;

export function get(path, query = {}) {
  const search = new URLSearchParams(query).toString();
  return call(search ? `${path}?${search}` : path, {});
}

export function post(path, body) {
  return call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

/** Raises an Error whose message may be shown. */
async function call(path, options) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", ...options });
  } catch {
    throw new Error(say("unreachable"));
  }
  const text = await response.text();
  if (!response.ok) throw new Error(reasonIn(text) || `HTTP ${response.status}`);
  return text ? JSON.parse(text) : null;
}

function reasonIn(text) {
  try {
    const body = JSON.parse(text);
    return body.error ?? body.description;
  } catch {
    return text.slice(0, 200);
  }
}

/** Call `onEvent` for each event and `onLine(true|false)` as the connection comes and goes; reconnects for ever. */
export function listen(onEvent, onLine) {
  let wait = FIRST_WAIT;
  const connect = () => {
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/events`);
    socket.onopen = () => {
      wait = FIRST_WAIT;
      onLine(true);
    };
    socket.onmessage = (message) => onEvent(JSON.parse(message.data));
    socket.onclose = () => {
      onLine(false);
      setTimeout(connect, wait * (0.75 + Math.random() / 2));
      wait = Math.min(wait * 2, LONGEST_WAIT);
    };
  };
  connect();
}

/** A `fetch again` that may be called as often as one likes: one at a time, and once more if asked meanwhile. */
export function refresher(work, pause = 80) {
  let running = null;
  let again = false;
  const run = async () => {
    do {
      again = false;
      await work();
      if (again) await new Promise((resume) => setTimeout(resume, pause));
    } while (again);
  };
  return () => {
    again = true;
    running ??= run().finally(() => {
      running = null;
    });
    return running;
  };
}
