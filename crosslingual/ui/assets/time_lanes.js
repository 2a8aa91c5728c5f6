// Lanes of sources over days or the hours of one day: a mark where an article appeared, a bar where only its day is known.

import { el, plural } from "./dom.js";
import { grouped } from "./groups.js";

const DAY = 86_400_000;
const SLIM = 700; // pixels of the page, below which names stand above their lanes
const NAMES = 190; // pixels of names
const PANEL = 400; // pixels of what stands beside the lanes
const NEAR = 24; // pixels between two marks, below which they are one
const GAP = 0.3; // a stretch of days without an article, as a part of a day
const BRIDGED = 2; // days without an article that are drawn all the same

export const daysOf = (articles) => [...new Set(articles.flatMap(({ day }) => (day ? [day] : [])))].sort();
const after = (day, count) => new Date(Date.parse(`${day}T00:00Z`) + count * DAY).toISOString().slice(0, 10);
const between = (one, other) => Math.round((Date.parse(other) - Date.parse(one)) / DAY);
const namedDay = (day, options) => new Date(`${day}T12:00Z`).toLocaleDateString("en-GB", { timeZone: "UTC", ...options });

// Where each day lies, in per cent of the lane; what has no date comes last.
function axisOf(articles, day) {
  const slots = [];
  if (day) slots.push({ day, size: 1 });
  else
    for (const next of daysOf(articles)) {
      const last = slots.at(-1)?.day;
      const missing = last ? between(last, next) - 1 : 0;
      if (missing > BRIDGED) slots.push({ gap: missing, size: GAP });
      else for (let step = 1; step <= missing; step += 1) slots.push({ day: after(last, step), size: 1 });
      slots.push({ day: next, size: 1 });
    }
  if (!day && articles.some((article) => !article.day)) slots.push({ undated: true, size: 0.6 });
  const whole = slots.reduce((sum, { size }) => sum + size, 0) || 1;
  let left = 0;
  for (const slot of slots) {
    Object.assign(slot, { left: (100 * left) / whole, width: (100 * slot.size) / whole });
    left += slot.size;
  }
  return slots;
}

function placed(slots, article) {
  const slot = slots.find((one) => (article.day ? one.day === article.day : one.undated));
  if (!slot) return null;
  if (article.utc === null) return { left: slot.left, width: slot.width, bar: true };
  const part = (article.utc - Date.parse(`${slot.day}T00:00Z`)) / DAY;
  return { left: slot.left + part * slot.width, width: 0, bar: false };
}

export function drawLanes(root, data, state) {
  const slots = axisOf(data.articles, state.day);
  const whole = root.clientWidth || innerWidth;
  const pixels = whole < SLIM ? whole - 8 : whole - NAMES - PANEL;
  const lanes = data.columns.map(() => []);
  for (const [at, article] of data.articles.entries()) {
    const place = placed(slots, article);
    if (place) lanes[article.column].push({ ...place, articles: [at] });
  }
  const firsts = firstTold(data);
  const groups = grouped({ columns: data.columns, reader: data.reader }, { by: "language", hidden: new Set() });
  const earliest = state.statement && slots.length ? lineOf(data, state, slots) : "";
  return el(
    "section",
    { class: `time-lanes${state.day ? " hours" : ""}`, "aria-label": "Sources in time" },
    headOf(data, state, slots, pixels),
    groups.map(({ name, colour, every }) =>
      el(
        "div",
        { class: "time-group", role: "group", "aria-label": name, style: `--c:${colour}` },
        el("p", { class: "time-language" }, name),
        every.map((column) =>
          el(
            "div",
            { class: "time-lane" },
            el("span", { class: "time-name", dir: "auto", title: data.columns[column].name }, data.columns[column].name, data.columns[column].demo ? el("span", { class: "chip" }, "demo") : ""),
            el("div", { class: "time-track" }, gridOf(slots), earliest && el("i", { class: "time-first", style: `left:${earliest}%` }), joined(lanes[column], pixels).map((mark) => markOf(data, state, mark, firsts))),
          ),
        ),
      ),
    ),
  );
}

// How many statements each article was first with, by itself or among others.
function firstTold(data) {
  const counts = data.articles.map(() => new Set());
  for (const { id, tellings } of data.statements ?? [])
    for (const [article, , role] of tellings) if (role === "first") counts[article].add(id);
  return counts;
}

function lineOf(data, state, slots) {
  const first = state.statement.tellings.find(([, , role]) => role === "first");
  const place = first && placed(slots, data.articles[first[0]]);
  return place && !place.bar ? place.left.toFixed(2) : "";
}

// Marks that would lie on one another are one.
function joined(marks, pixels) {
  const found = [];
  for (const mark of marks.sort((one, other) => other.bar - one.bar || one.left - other.left)) {
    const last = found.at(-1);
    const apart = last && ((mark.left - last.right) * pixels) / 100;
    if (last && last.bar === mark.bar && (mark.bar ? mark.left === last.left : apart < NEAR)) {
      last.articles.push(...mark.articles);
      last.right = mark.left;
    } else found.push({ ...mark, articles: [...mark.articles], right: mark.left });
  }
  return found;
}

function headOf(data, state, slots, pixels) {
  const hours = state.day ? (pixels < 500 ? [0, 6, 12, 18] : [0, 3, 6, 9, 12, 15, 18, 21]) : [];
  const label = (slot) => {
    const wide = (slot.width * pixels) / 100;
    if (slot.gap) return el("span", { title: `${plural(slot.gap, "day")} without an article` }, "…");
    if (slot.undated) return el("span", {}, wide > 52 ? "no date" : "?");
    const options = wide > 62 ? { weekday: "short", day: "numeric", month: "short" } : wide > 42 ? { day: "numeric", month: "short" } : { day: "numeric" };
    return el("button", { type: "button", class: "link", title: namedDay(slot.day, { day: "numeric", month: "long", year: "numeric" }), "aria-label": `The hours of ${namedDay(slot.day, { day: "numeric", month: "long", year: "numeric" })}`, onclick: () => state.choose({ day: slot.day }, ".time-whole") }, namedDay(slot.day, options));
  };
  return el(
    "div",
    { class: "time-head" },
    data.events && !state.day ? eventsOf(data, slots) : "",
    el("div", { class: "time-lane" }, el("span", { class: "time-name" }, state.day ? el("button", { type: "button", class: "link time-whole", onclick: () => state.choose({ day: "" }, ".time-head button") }, "← All days") : ""), el("div", { class: "time-track" }, state.day ? [el("b", {}, namedDay(state.day, { day: "numeric", month: "long", year: "numeric" })), hours.map((hour) => el("span", { class: "time-hour", style: `left:${(100 * hour) / 24}%` }, `${hour}:00`))] : slots.map((slot) => el("span", { class: "time-day", style: `left:${slot.left.toFixed(2)}%;width:${slot.width.toFixed(2)}%` }, label(slot))))),
  );
}

// The events of a story, each over the days of its articles; without a bar where none has a date.
function eventsOf(data, slots) {
  return data.events.map((event, at) => {
    const days = daysOf(data.articles.filter((article) => article.event === at));
    const own = slots.filter(({ day }) => day && day >= days[0] && day <= days.at(-1));
    const left = own[0]?.left ?? 0;
    const right = own.length ? own.at(-1).left + own.at(-1).width : 100;
    const bar = own.length ? el("i", { style: `left:${left.toFixed(2)}%;width:${(right - left).toFixed(2)}%` }) : "";
    const side = left > 50 ? `right:${(100 - right).toFixed(2)}%;text-align:right` : `left:${left.toFixed(2)}%`;
    return el(
      "div",
      { class: "time-lane time-event" },
      el("span", { class: "time-name" }, `${at + 1}. ${event.dates}`),
      el("div", { class: "time-track" }, bar, el("span", { style: side, dir: "auto", title: event.title }, event.title)),
    );
  });
}

const gridOf = (slots) => slots.map((slot) => el("i", { class: slot.gap ? "time-gap" : "time-cell", style: `left:${slot.left.toFixed(2)}%;width:${slot.width.toFixed(2)}%` }));

function markOf(data, state, mark, firsts) {
  const told = state.statement && mark.articles.flatMap((at) => state.statement.tellings.filter(([article]) => article === at));
  const count = new Set(mark.articles.flatMap((at) => [...firsts[at]])).size;
  const role = told?.length ? (told.some(([, , one]) => one === "first") ? "first" : told.some(([, , one]) => one === "tied") ? "tied" : "later") : "";
  const chosen = state.marked.some((at) => mark.articles.includes(at));
  const one = data.articles[mark.articles[0]];
  const what = mark.articles.length > 1 ? plural(mark.articles.length, "article") : one.title || "untitled article";
  const said = [data.columns[one.column].name, one.when, what, state.statement ? { first: "first with this statement", tied: "among the first with this statement", later: "told it later", "": "does not tell this statement" }[role] : data.statements ? `first with ${plural(count, "statement")}` : `event ${one.event + 1}`].join(", ");
  const sign = state.statement ? { first: "1", tied: "=", later: "", "": "" }[role] : data.events ? String(one.event + 1) : count || "";
  return el(
    "button",
    {
      type: "button",
      class: ["time-mark", mark.bar ? "bar" : "", state.statement ? role || "other" : count || data.events ? "leads" : "", mark.articles.length > 1 ? "several" : "", chosen ? "chosen" : ""].filter(Boolean).join(" "),
      style: `left:${mark.left.toFixed(2)}%${mark.bar ? `;width:calc(${mark.width.toFixed(2)}% - 4px)` : ""}`,
      title: said,
      "aria-label": said,
      "aria-pressed": String(chosen),
      onclick: () => state.choose({ marked: mark.articles }),
    },
    el("span", { "aria-hidden": "true" }, sign),
  );
}
