/** The faults that the page offers, and how one is told in words. */

import { say } from "./words.js";

const COMMON = [
  ["500", { kind: "500" }],
  ["502", { kind: "502" }],
  ["timeout.before", { kind: "timeout", when: "before", delay: 3 }],
  ["timeout.after", { kind: "timeout", when: "after", delay: 3 }],
  ["drop", { kind: "drop" }],
  ["slow", { kind: "slow", delay: 2 }],
  ["duplicate", { kind: "duplicate" }],
  ["silent", { kind: "silent" }],
];
export const KINDS = {
  telegram: [
    ["429", { kind: "429" }],
    ...COMMON,
    ["403", { kind: "403" }],
    ["401", { kind: "401" }],
    ["409", { kind: "409" }],
  ],
  wecom: [
    ["45009", { kind: "429" }],
    ...COMMON,
    ["48002", { kind: "403" }],
    ["42001", { kind: "401" }],
    ["60020", { kind: "errcode", errcode: 60020 }],
  ],
};
export const METHODS = {
  telegram: [
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
  ],
  wecom: [
    "message/send",
    "message/update_template_card",
    "media/upload",
    "appchat/create",
    "appchat/send",
    "webhook/send",
    "gettoken",
  ],
};
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
  const known = KINDS[fault.platform].find(([, kind]) => isOf(fault, kind));
  return known ? say(`fault.${known[0]}`) : String(fault.kind);
}

export function scopeOf(fault, chats) {
  const chat = chats.find((other) => other.id === fault.chat);
  const rate = RATES.find(([number]) => number === fault.rate);
  const times = TIMES.find(([number]) => number === fault.times);
  return [
    say(fault.platform),
    fault.method ?? say("allMethods"),
    fault.chat == null ? say("allChats") : (chat?.title ?? fault.chat),
    rate ? say(rate[1]) : fault.rate,
    fault.times == null ? null : times ? say(times[1]) : `×${fault.times}`,
  ]
    .filter((word) => word != null)
    .join(" · ");
}

export function isOf(fault, kind) {
  if (String(fault.kind) !== kind.kind) return false;
  if (kind.kind === "timeout") return (fault.when ?? "before") === kind.when;
  return kind.kind !== "errcode" || fault.errcode === kind.errcode;
}
