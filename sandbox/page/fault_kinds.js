/** The faults that the page offers, and how one is told in words. */

import { say } from "./words.js";

export const KINDS = [
  ["429", { kind: "429" }],
  ["500", { kind: "500" }],
  ["502", { kind: "502" }],
  ["timeout.before", { kind: "timeout", when: "before", delay: 3 }],
  ["timeout.after", { kind: "timeout", when: "after", delay: 3 }],
  ["drop", { kind: "drop" }],
  ["slow", { kind: "slow", delay: 2 }],
  ["duplicate", { kind: "duplicate" }],
  ["silent", { kind: "silent" }],
  ["403", { kind: "403" }],
  ["401", { kind: "401" }],
  ["409", { kind: "409" }],
];
export const METHODS = [
  "sendMessage",
  "editMessageText",
  "editMessageReplyMarkup",
  "answerCallbackQuery",
  "sendPhoto",
  "editMessageMedia",
  "editMessageCaption",
  "sendDocument",
  "deleteMessage",
  "getUpdates",
];
export const RATES = [
  [1, "everyCall"],
  [0.5, "halfOfCalls"],
  [0.1, "tenthOfCalls"],
];
export const TIMES = [
  ["", "untilOff"],
  [1, "once"],
  [3, "thrice"],
];

export function nameOf(fault) {
  const known = KINDS.find(([, kind]) => isOf(fault, kind));
  return known ? say(`fault.${known[0]}`) : String(fault.kind);
}

export function scopeOf(fault, chats) {
  const chat = chats.find((other) => other.id === fault.chat);
  const rate = RATES.find(([number]) => number === fault.rate);
  const times = TIMES.find(([number]) => number === fault.times);
  return [
    fault.method ?? say("allMethods"),
    fault.chat == null ? say("allChats") : (chat?.title ?? fault.chat),
    rate ? say(rate[1]) : fault.rate,
    fault.times == null ? null : times ? say(times[1]) : `×${fault.times}`,
  ]
    .filter((word) => word != null)
    .join(" · ");
}

export function isOf(fault, kind) {
  return String(fault.kind) === kind.kind && (kind.kind !== "timeout" || (fault.when ?? "before") === kind.when);
}
