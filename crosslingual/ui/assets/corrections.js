// Corrections by hand: asking Python for one, saying what came of it, joining mode, and the list of all.

import { sourceOf } from "./detail.js";
import { el } from "./dom.js";
import { scrollerOf } from "./list.js";
import { spoken } from "./model.js";

const PATIENCE = 20000; // milliseconds until a silent app is said to be silent
const SEEN = 8000; // milliseconds after which a word that asks for nothing goes

export function handwork(root, model, state) {
  state.send = (action, one, other, row) => {
    if (state.pending) return;
    const named = (nodes) => nodes.map((at) => [model.articles[model.article[at]].id, model.told(at).start]);
    ask(root, state, row, { action, one: named(one), other: named(other), event: model.event, seen: model.key });
  };
  state.undo = (id) => {
    if (!state.pending) ask(root, state, null, { action: "undo", id, event: model.event, seen: model.key });
  };
  state.translate = (at, text, row) => {
    if (state.pending) return;
    const wish = { action: "translate", one: [[model.articles[model.article[at]].id, model.told(at).start]], text };
    ask(root, state, row, { ...wish, reader: model.reader, event: model.event, seen: model.key });
    state.mended.add(model.name(at));
    Object.assign(state, { saving: model.name(at), held: state.held && { ...state.held, at: model.name(at) } });
  };
  state.restore = (one, row, at) => {
    if (state.pending) return;
    ask(root, state, row, { action: "restore", one, reader: model.reader, event: model.event, seen: model.key });
    if (state.held) state.held.at = model.name(at);
  };
  const escape = (event) => event.key === "Escape" && state.leave();
  state.join = (row) => {
    document.addEventListener("keydown", escape);
    state.joining = row.id;
    state.strip = { kind: "join", text: spoken(model, row.nodes[0])[0] };
    drawStrip(root, state);
    markJoining(root, model, state);
  };
  state.pick = (row) => {
    const from = model.named(state.joining);
    if (!from || from.id === row.id) return;
    state.leave();
    state.send("join", from.nodes, row.nodes, from);
  };
  state.leave = () => {
    document.removeEventListener("keydown", escape);
    state.joining = null;
    if (state.strip?.kind === "join") state.strip = null;
    drawStrip(root, state);
    markJoining(root, model, state);
  };
}

function ask(root, state, row, wish) {
  state.saving = null;
  state.pending = state.asked = `${Date.now()}.${Math.random()}`;
  state.held = row ? hold(root, state, row) : null;
  state.strip = { kind: "wait", text: "Saving, and putting the table together anew…" };
  drawStrip(root, state);
  clearTimeout(state.patience);
  state.patience = setTimeout(() => {
    state.pending = null;
    state.strip = { kind: "wrong", text: "No answer from the app yet. If it was stopped, start it and reload this page; what was saved is kept." };
    drawStrip(root, state);
  }, PATIENCE);
  state.trigger("correction", { ...wish, number: state.pending });
}

// What Python said is shown once, whether or not the table has changed.
export function hear(root, state, said) {
  if (!said || said.to === state.heard) return;
  state.heard = said.to;
  if (said.to !== state.asked) return; // said to this page before it was loaded anew
  clearTimeout(state.patience);
  state.pending = null;
  if (said.wrong) state.held = null; // nothing was drawn anew that the page would have to go back to
  state.strip = { kind: said.wrong ? "wrong" : "done", text: said.text, undo: said.undo, restore: said.restore };
  drawStrip(root, state);
  if (!said.wrong && !said.undo && !said.restore) setTimeout(() => state.strip?.text === said.text && dismiss(root, state), SEEN);
}

function dismiss(root, state) {
  state.strip = null;
  drawStrip(root, state);
}

export function drawStrip(root, state) {
  const strip = root.querySelector(".strip");
  root.classList.toggle("pending", Boolean(state.pending));
  const { kind, text, undo, restore } = state.strip ?? {};
  strip.className = `strip ${kind ?? "none"}`;
  if (!kind) return strip.replaceChildren();
  const button = (label, onclick) => el("button", { type: "button", class: "act", onclick }, label);
  return strip.replaceChildren(
    kind === "join"
      ? el("span", {}, el("b", {}, "Choose the row that says the same as "), el("q", { dir: "auto" }, clip(text, 90)))
      : el("span", {}, text),
    ...(kind === "join" ? [button("Cancel", state.leave)] : []),
    ...(undo ? [button("Undo", () => state.undo(undo))] : []),
    ...(restore ? [button("Undo", () => state.restore(restore))] : []),
    ...(kind === "done" || kind === "wrong" ? [el("button", { type: "button", class: "close", "aria-label": "Close", onclick: () => dismiss(root, state) }, "×")] : []),
  );
}

export function markJoining(root, model, state) {
  root.classList.toggle("joining", Boolean(state.joining));
  const own = state.joining ? model.named(state.joining)?.id : null;
  for (const entry of root.querySelectorAll(".entry")) entry.classList.toggle("chosen", entry.dataset.row === own);
}

// The corrections of this event, each with what it says, when, and the way back.
export function corrections(model, state) {
  const { corrections: made } = model;
  if (!made.length) return el("section", { class: "corrections none" });
  return el(
    "section",
    { class: "corrections", "aria-label": "Corrections" },
    el("h3", {}, el("i", { class: "hand", "aria-hidden": "true" }), `Corrections (${made.length})`),
    el("p", { class: "quiet" }, "Kept in the library; they hold when articles are added or aligned anew."),
    el("ul", {}, made.map((one) => correction(model, state, one)).reverse()),
  );
}

function correction(model, state, { id, kind, made, one, other }) {
  const verbs = { rejected: ["Taken out:", "does not belong with"], split: ["Parted:", "stands apart from"], joined: ["Joined:", "says the same as"] };
  const [verb, link] = verbs[kind] ?? [kind, ""];
  return el(
    "li",
    {},
    el("b", {}, verb),
    el("div", { class: "what" }, quoted(model, one), el("span", { class: "quiet" }, ` ${link} `), quoted(model, other)),
    el("time", { datetime: made }, moment(made)),
    el("button", { type: "button", class: "act small", onclick: () => state.undo(id) }, "Undo"),
  );
}

function quoted(model, nodes) {
  if (!nodes.length) return el("span", { class: "quiet" }, "a sentence that is no longer in this event");
  const [first, ...more] = nodes;
  const [text, lang] = spoken(model, first);
  return el(
    "span",
    {},
    el("q", { lang, dir: "auto" }, clip(text, 80)),
    " (",
    sourceOf(model, first),
    more.length ? `, and ${more.length} more)` : ")",
  );
}

const clip = (text, most) => ([...text].length > most ? `${[...text].slice(0, most).join("").trimEnd()}…` : text);

function moment(made) {
  const time = new Date(made);
  return Number.isNaN(time.getTime())
    ? made
    : time.toLocaleString("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
}

// Where a row stands on the screen, so that after a redraw it stands there again.
function hold(root, state, row) {
  const entry = [...root.querySelectorAll(".entry")].find(({ dataset }) => dataset.row === row.id);
  return entry ? { name: row.id, top: entry.getBoundingClientRect().top } : null;
}

export function restore(root, model, state) {
  const { name, top, at } = state.held ?? {};
  state.held = null;
  const row = name ? model.named(name) : undefined;
  if (!row) return;
  const seek = () => [...root.querySelectorAll(".entry")].find(({ dataset }) => dataset.row === row.id);
  const entry = state.list ? state.list.bring(row.key, top) : seek();
  if (!entry) return;
  scrollerOf(root.getRootNode().host ?? root).scrollTop += entry.getBoundingClientRect().top - top;
  const edit = at && entry.querySelector(`.trace[data-at="${model.byName.get(at)}"] .edit`);
  (edit || entry.querySelector(".opener")).focus({ preventScroll: true });
}
