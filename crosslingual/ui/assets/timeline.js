// Sources as lanes in time: of an event with its statements, of a story with its events. What is chosen stands in the address.

import { el, plural } from "./dom.js";
import { daysOf, drawLanes } from "./time_lanes.js";
import { ledger } from "./ledger.js";
import { panelOf } from "./time_panel.js";

const drawnTimes = new WeakMap();

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".timeline");
  if (drawnTimes.get(root) === data.key) return;
  drawnTimes.set(root, data.key);
  root.left?.abort();
  root.classList.add("found");
  if (data.view === "figures") root.replaceChildren(...ledger(data));
  else mountTimeline(root, data);
}

// Nothing in an address is trusted: what the event does not have is not chosen.
function chosenIn(data) {
  const params = new URLSearchParams(location.search);
  const named = (name) => params.get(name) ?? "";
  const ids = new Set(named("mark").split(","));
  return {
    statement: data.statements?.find(({ id }) => id === named("statement")) ?? null,
    marked: data.articles.flatMap(({ id }, at) => (ids.has(id) ? [at] : [])),
    day: daysOf(data.articles).includes(named("day")) ? named("day") : "",
  };
}

function mountTimeline(root, data) {
  const state = { ...chosenIn(data), shown: 0 };
  // What is chosen is a step to go back from; it takes the place of what was chosen before.
  state.choose = (change, focus) => {
    const now = new URL(location.href);
    const set = (name, value) => (value ? now.searchParams.set(name, value) : now.searchParams.delete(name));
    if (!now.searchParams.get("event") && data.params.event) set("event", data.params.event);
    if ("day" in change) set("day", change.day);
    else {
      set("statement", change.statement?.id);
      set("mark", change.marked?.map((at) => data.articles[at].id).join(","));
    }
    if (now.href !== location.href) history.pushState({}, "", now);
    Object.assign(state, chosenIn(data));
    redraw();
    root.querySelector(focus ?? ".time-panel h2")?.focus({ preventScroll: Boolean(focus) });
  };
  const redraw = () => {
    const { scrollTop } = root.querySelector(".time-list") ?? { scrollTop: state.scrolled ?? 0 };
    state.scrolled = scrollTop || state.scrolled;
    root.replaceChildren(
      summaryOf(data),
      el("div", { class: "time-body" }, drawLanes(root, data, state), panelOf(data, state)),
    );
    root.querySelector(".time-list")?.scrollTo(0, state.scrolled ?? 0);
  };
  root.left = new AbortController();
  const { signal } = root.left;
  const back = () => {
    const there = new URLSearchParams(location.search);
    if (!root.isConnected || (there.get("event") ?? data.params.event) !== data.params.event) return; // Python gives the other event
    Object.assign(state, chosenIn(data));
    redraw();
  };
  addEventListener("popstate", back, { signal });
  let width = root.clientWidth;
  const sized = new ResizeObserver(() => {
    if (root.clientWidth === width || !root.clientWidth) return;
    width = root.clientWidth;
    requestAnimationFrame(() => root.isConnected && redraw());
  });
  sized.observe(root);
  signal.addEventListener("abort", () => sized.disconnect());
  redraw();
}

function summaryOf(data) {
  const undated = data.articles.filter(({ day }) => !day);
  const timed = data.articles.filter(({ utc }) => utc !== null).length;
  const counted = [plural(data.articles.length, "article"), `${timed.toLocaleString("en")} with an hour and its zone`];
  if (data.statements) counted.push(plural(data.statements.length, "statement"));
  else counted.unshift(plural(data.events.length, "event"));
  return el(
    "div",
    { class: "time-summary" },
    el("p", { class: "quiet" }, `${counted.join(" · ")}. Days and hours are in UTC; a bar is a day without an hour.`),
    undated.length
      ? el(
          "details",
          {},
          el("summary", {}, `${plural(undated.length, "article")} without a date`),
          el("p", {}, "To give one its date: take it out (crosslingual undo), write the date into its file (a column, key or line named date) and add it again; the Add page lets you type it before you add."),
          el("ul", {}, undated.map(({ column, title, lang }) => el("li", {}, `${data.columns[column].name}: `, el("span", { lang, dir: "auto" }, title || "untitled article")))),
        )
      : "",
  );
}
