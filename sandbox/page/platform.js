/** On which platform each person is looked at: the one that was chosen, else the first that the server names. */

const KEPT = "platforms";
const chosen = new Map(remembered());

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) ?? [];
  } catch {
    return []; // storage may be switched off; the page works without
  }
}

export function choosePlatform(id, platform) {
  chosen.set(id, platform);
  try {
    sessionStorage.setItem(KEPT, JSON.stringify([...chosen]));
  } catch {
    // the choice then lasts as long as the page
  }
}

/** One row for each person and group; a group comes once for each member whose phone is offered. */
export function oneEach(chats) {
  const found = new Map();
  for (const chat of chats)
    if (!found.has(chat.id) || (chat.platform === chosen.get(chat.id) && found.get(chat.id).platform !== chat.platform))
      found.set(chat.id, chat);
  return [...found.values()];
}
