/** Instants as the district's wall clock shows them: the zone is the one the server writes its times in. */

import { language } from "./words.js";

const MINUTE = 60_000;
const WEEKDAYS = {
  zh: ["周日", "周一", "周二", "周三", "周四", "周五", "周六"],
  en: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
};
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

let offset = 8 * 60 * MINUTE;

/** Show every time from now on in the zone of this ISO text (its +08:00). */
export function useZoneOf(iso) {
  const found = /([+-])(\d\d):?(\d\d)$/.exec(iso);
  if (found) offset = (found[1] === "-" ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3])) * MINUTE;
}

export const milliseconds = (iso) => Date.parse(iso);

const wall = (ms) => new Date(ms + offset);
const two = (number) => String(number).padStart(2, "0");

export const hhmm = (ms) => `${two(wall(ms).getUTCHours())}:${two(wall(ms).getUTCMinutes())}`;
export const hhmmss = (ms) => `${hhmm(ms)}:${two(wall(ms).getUTCSeconds())}`;

/** Equal for two instants of one day. */
export const dayOf = (ms) => Math.floor((ms + offset) / (24 * 60 * MINUTE));

export function dateAndWeekday(ms) {
  const { month, day, weekday } = parts(ms);
  return language() === "zh" ? `${month}月${day}日（${weekday}）` : `${weekday} ${day} ${MONTHS[month - 1]}`;
}

export function shortDate(ms) {
  const { month, day } = parts(ms);
  return language() === "zh" ? `${month}月${day}日` : `${day} ${MONTHS[month - 1]}`;
}

function parts(ms) {
  const date = wall(ms);
  return { month: date.getUTCMonth() + 1, day: date.getUTCDate(), weekday: WEEKDAYS[language()][date.getUTCDay()] };
}

/** "815", "8:15", "０８：１５" → "08:15"; null for what is no time of day. */
export function readTimeOfDay(typed) {
  const digits = typed.normalize("NFKC").replace(/[\s.:点时]/g, "");
  if (!/^\d{1,4}$/.test(digits)) return null;
  const full = digits.length <= 2 ? `${digits.padStart(2, "0")}00` : digits.padStart(4, "0");
  const [hour, minute] = [full.slice(0, 2), full.slice(2)];
  return Number(hour) < 24 && Number(minute) < 60 ? `${hour}:${minute}` : null;
}
