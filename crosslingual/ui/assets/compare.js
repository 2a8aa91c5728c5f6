// Mounts the page's body: tools, sources and one of the three views. What the reader does stands in the address.

import { about } from "./about.js";
import { parse, remember } from "./address.js";
import { el } from "./dom.js";
import { corrections, drawStrip, handwork, hear, markJoining, restore } from "./corrections.js";
import { scrollerOf } from "./list.js";
import { matrix } from "./matrix.js";
import { prepare, regroup } from "./model.js";
import { parallel } from "./parallel.js";
import { table, textColumns, TEXTS } from "./table.js";
import { chips, drawTools, figures, slider } from "./tools.js";
import { resume, tips, writing } from "./translation.js";

const mounted = new WeakMap();
const SEEN_FROM = 240; // pixels from the top, where rows begin below the head of the table
const AIMED = 130; // pixels from the top, where a row comes to stand that the address names

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".compare");
  const before = mounted.get(root);
  const same = before?.state.event === data.event;
  const state = same ? before.state : fresh(data);
  state.trigger = setTriggerValue;
  state.root = root;
  const switched = `${Boolean(data.marks)} ${data.voices}`; // what the switches say
  if (same && before.key === data.key && before.switched === switched) {
    remember(state, "quiet");
    return hear(root, state, data.said);
  }
  // What was written is kept as a draft until it is stored: a table drawn anew does not take it away.
  if (data.said?.to === state.asked && state.saving) {
    if (!data.said.wrong) state.drafts.delete(state.saving);
    state.saving = null;
  }
  if (same && before.model.reader !== data.reader) state.drafts.clear(); // they are in another language
  const model = prepare(data);
  state.heights = new Map();
  if (same) state.articles.clear();
  else aim(model, state);
  mounted.set(root, { key: data.key, switched, model, state });
  const typing = same && writing(root, before.model);
  draw(root, model, state);
  if (!same) {
    // The event that a correction was for may have gone; what was said of it is still to be heard.
    state.asked = before?.state.asked;
    state.patience = before?.state.patience;
    state.heard = before ? before.state.heard : data.said?.to;
  }
  hear(root, state, data.said);
  restore(root, model, state);
  if (typing) resume(root, model, typing);
  remember(state, "quiet"); // another event or language has taken it out of the address
  return undefined;
}

function fresh(data) {
  return {
    event: data.event,
    ...parse(location.search),
    articles: new Map(),
    drawn: new Map(),
    drafts: new Map(),
    saving: null,
    mended: new Set(), // stays among the doubted until another filter is chosen
    half: null, // one of two sources to be held against each other is chosen
    joining: null,
    pending: null,
    strip: null,
  };
}

// The sentence that the address names is shown: its row is opened, and the page goes there.
function aim(model, state) {
  const wanted = new URLSearchParams(location.search).get("at");
  regroup(model, state.sure ?? model.threshold);
  const row = wanted === null ? undefined : model.named(wanted);
  const first = row ?? [...state.open].map(model.named).find(Boolean);
  if (first?.kind === "one") unfoldSource(model, state, first);
  if (!row) return;
  state.open.add(row.id);
  state.why.add(row.id);
  Object.assign(state, { aim: wanted, held: { name: row.id, top: AIMED } });
}

function unfoldSource(model, state, row) {
  if (state.view === "matrix") state.folds.add(model.columns[[...row.columns][0]].id);
}

function draw(root, model, state) {
  const tools = el("div", { class: "tools" });
  const view = el("div", { class: "view" });
  let sources = el("div");
  const sure = slider(model, state);
  state.drawn.clear();
  handwork(root, model, state);
  state.threshold = () => state.sure ?? model.threshold;
  state.figures = () => el("div", { class: "figures" }, figures(model, state));
  state.redraw = () => {
    const look = [state.view, state.text, state.query, [...state.hidden], [...state.picked], state.by].join("\n");
    if (look !== state.look) {
      state.drawn.clear();
      state.body = null;
    }
    state.look = look;
    state.width = root.getBoundingClientRect().width || innerWidth; // read once, before anything is changed
    root.querySelector(".about")?.remove();
    drawTools(tools, model, state, sure);
    const strip = chips(model, state);
    sources.replaceWith(strip);
    sources = strip;
    const focus = keepFocus(root);
    const left = view.querySelector(".body")?.scrollLeft ?? 0;
    state.list = state.fill = null;
    const scroller = scrollerOf(root.getRootNode().host ?? root);
    const { scrollTop } = scroller;
    view.style.minHeight = `${view.offsetHeight}px`; // the page does not jump while it is drawn anew
    const views = { matrix, table, parallel };
    view.replaceChildren(state.view === "matrix" ? "" : state.figures(), views[state.view](model, state));
    if (left) view.querySelector(".body")?.scrollTo({ left, behavior: "instant" });
    state.fill?.();
    view.style.minHeight = "";
    scroller.scrollTop = scrollTop;
    state.list?.render();
    focus();
    markJoining(root, model, state);
  };
  state.recut = (going) => {
    regroup(model, state.threshold());
    // What an open row says of its neighbours may have changed.
    for (const [key, entry] of state.drawn) if (entry.classList.contains("open")) state.drawn.delete(key);
    state.redraw();
    if (going) remember(state, going);
  };
  // What the reader does: it changes what is shown, and the address.
  state.go = (change, going) => {
    Object.assign(state, change);
    state.redraw();
    remember(state, going);
  };
  state.flip = (field, value) => {
    const next = new Set(state[field]);
    if (!next.delete(value)) next.add(value);
    state.go({ [field]: next });
  };
  state.unfold = (row) => {
    const open = row.own.some((at) => state.open.has(model.name(at)));
    for (const at of row.own) for (const field of ["open", "why"]) state[field].delete(model.name(at));
    if (!open) state.open.add(row.id);
    anew(state, row, ".opener");
  };
  state.explain = (row) => {
    if (!state.why.delete(row.id)) state.why.add(row.id);
    anew(state, row, ".evidence");
  };
  state.pickText = (id) => {
    const picked = new Set(state.picked.size ? state.picked : textColumns(model, state).map((number) => model.columns[number].id));
    if (!picked.delete(id)) {
      if (picked.size >= TEXTS) picked.delete([...picked][0]);
      picked.add(id);
    }
    state.go({ picked, view: "table" });
  };
  state.exclusives = (number) => {
    const { id } = model.columns[number];
    state.go({ folds: new Set([id]), view: "matrix", filter: "every", query: "" });
    state.list.bring(`fold ${id}`, AIMED)?.querySelector("button").focus({ preventScroll: true });
  };
  state.about = (number, opener) => about(model, state, number, opener);
  state.choose = (id) => {
    state.go({ chosen: id, view: "parallel" });
    tools.scrollIntoView({ block: "start" });
  };
  const strip = root.querySelector(".strip") ?? el("div", { class: "strip none", role: "status", "aria-live": "polite" });
  root.replaceChildren(tools, sources, view, corrections(model, state), provenance(model), strip, tips(root));
  listen(root, model, state);
  state.recut();
  drawStrip(root, state);
}

// An entry of the matrix drawn anew, with the focus where it was.
function anew(state, row, focused) {
  const top = state.list.nodeOf(row.key)?.getBoundingClientRect().top;
  state.list.forget([row.key]);
  state.list.render();
  if (top !== undefined) state.list.bring(row.key, top);
  state.list.nodeOf(row.key)?.querySelector(focused)?.focus({ preventScroll: true });
  remember(state);
}

// Where the focus is, by what outlives a view that is drawn anew; gives what puts it there again.
function keepFocus(root) {
  const active = root.getRootNode().activeElement;
  if (!active || !root.contains(active)) return () => {};
  const source = active.dataset.source;
  const row = active.closest("[data-key]")?.dataset.key;
  const label = active.getAttribute("aria-label");
  const place = active.className || active.tagName;
  return () => {
    if (root.contains(active)) return;
    const home = row ? root.querySelector(`[data-key="${CSS.escape(row)}"]`) : root;
    const like = [...(home ?? root).querySelectorAll("button, select, input")];
    const found = source ? like.find((one) => one.dataset.source === source) : like.find((one) => one.getAttribute("aria-label") === label && (one.className || one.tagName) === place);
    found?.focus({ preventScroll: true });
  };
}

// Back and forward, scrolling, and another width.
function listen(root, model, state) {
  root.left?.abort();
  const left = new AbortController();
  root.left = left;
  const { signal } = left;
  const back = () => {
    const there = new URLSearchParams(location.search).get("event");
    if (!root.isConnected || there !== state.event) return; // Python gives the other event
    Object.assign(state, parse(location.search), { going: "", half: null });
    state.recut();
    const row = [...state.open].map(model.named).find(Boolean);
    const { top, bottom } = (row && state.list?.nodeOf(row.key))?.getBoundingClientRect() ?? { top: -1, bottom: -1 };
    if (row && (bottom < SEEN_FROM || top > innerHeight)) state.list?.bring(row.key, SEEN_FROM);
  };
  const scrolled = () => (root.isConnected ? state.list?.soon() : left.abort());
  addEventListener("popstate", back, { signal });
  document.addEventListener("scroll", scrolled, { signal, capture: true, passive: true });
  root.addEventListener("scroll", scrolled, { signal, capture: true, passive: true });
  document.addEventListener("pointerdown", (event) => event.composedPath().some((one) => one.classList?.contains("about")) || root.querySelector(".about")?.remove(), { signal });
  let width = root.clientWidth;
  const sized = new ResizeObserver(() => {
    if (root.clientWidth === width || !root.clientWidth) return state.list?.soon();
    width = root.clientWidth;
    return requestAnimationFrame(() => root.isConnected && state.view === "matrix" && state.redraw());
  });
  sized.observe(root);
  signal.addEventListener("abort", () => sized.disconnect());
}

function provenance(model) {
  const kind = ({ engine, hand }) => (hand ? "a reader" : engine);
  const engines = new Map();
  for (const told of model.articles.flatMap((article) => article.sentences))
    if (told.engine) engines.set(kind(told), (engines.get(kind(told)) ?? 0) + 1);
  const made = [...engines].map(([engine, count]) => `${engine} (${count.toLocaleString("en")})`).join(", ");
  return el(
    "p",
    { class: "provenance" },
    `Matched in the originals, without translation, by ${model.encoder}. A statement is as sure as the least sure link that holds it together. `,
    model.caution ? `${model.caution} ` : "",
    made ? `${model.readerName} text by ${made}.` : "",
  );
}
