// What stands above the statements: view, filter, search, threshold, and the sources in groups.

import { LEAST, UTMOST } from "./address.js";
import { choice, el, percent, plural, words } from "./dom.js";
import { grouped, isNarrow, visible } from "./groups.js";
import { matching } from "./lines.js";
import { legend } from "./marks.js";
import { maybeElsewhere } from "./model.js";
import { TEXTS, textColumns } from "./table.js";

// The figures that follow the threshold.
export function figures(model, state) {
  const statements = model.rows.filter(({ kind }) => kind !== "one");
  const everyone = statements.filter(({ kind }) => kind === "all").length;
  const alone = model.rows.filter(({ kind }) => kind === "one");
  const doubts = model.doubted.reduce((sum, one) => sum + one, 0);
  const show = () => {
    state.go({ view: state.view === "parallel" ? "matrix" : state.view, filter: "doubted" });
    state.root.querySelector("input[value=doubted]")?.focus();
  };
  return el(
    "p",
    { class: "counts" },
    `${plural(statements.length, "shared statement")}, ${everyone.toLocaleString("en")} told by all` +
      ` · ${plural(alone.length, "sentence")} in one source only${maybeElsewhere(alone)}`,
    ...(doubts ? [" · ", el("button", { type: "button", class: "link", onclick: show }, plural(doubts, "doubted translation"))] : []),
  );
}

export function slider(model, state) {
  const said = el("output", { for: "sure" });
  const input = el("input", { type: "range", id: "sure", min: LEAST, max: UTMOST, step: 1, "aria-label": "How sure a match must be" });
  const reset = el("button", { type: "button", class: "link", title: "Back to the default" }, "reset");
  let waiting = false;
  const move = (sure) => {
    state.sure = sure;
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      state.recut("sure");
    });
  };
  input.addEventListener("input", () => move(Number(input.value) / 100));
  input.addEventListener("dblclick", () => move(null));
  reset.addEventListener("click", () => {
    move(null);
    input.focus();
  });
  const node = el("div", { class: "sure", role: "group", "aria-label": "Threshold" }, el("label", { for: "sure" }, "How sure"), input, said, reset);
  const show = () => {
    const threshold = state.threshold();
    if (Number(input.value) !== percent(threshold) || state.sure === null) input.value = percent(threshold);
    input.style.setProperty("--at", `${(100 * (input.value - LEAST)) / (UTMOST - LEAST)}%`);
    said.textContent = `${words(model, threshold)} or more`;
    input.setAttribute("aria-valuetext", said.textContent);
    reset.hidden = state.sure === null;
  };
  return { node, show };
}

export function drawTools(tools, model, state, sure) {
  const rows = matching(model, state, visible(model, state));
  const count = (kind) => rows.filter((row) => row.kind === kind).length;
  const set = (name) => (value) => {
    state.go({ [name]: value });
    tools.querySelector(`input[value="${value}"]`)?.focus();
  };
  const kinds = [
    ["every", "All", rows.length],
    ["all", "By all", count("all")],
    ["some", "By some", count("some")],
    ["one", "By one", count("one")],
  ];
  if (model.doubted.some(Boolean) || state.mended.size) kinds.push(["doubted", "Doubted", rows.filter((row) => row.doubted).length]);
  else if (state.filter === "doubted" && !state.mended.size) state.filter = "every";
  const search = tools.querySelector(".search") ?? searchBox(state);
  const box = search.querySelector("input");
  const typing = search.contains(search.getRootNode().activeElement);
  if (!typing && box.value.trim().toLowerCase() !== state.query) box.value = state.query;
  const foreign = model.articles.some((article) => article.lang !== model.reader);
  const texts = [
    ["both", "Both"],
    ["reader", model.readerName],
    ["original", "Original"],
  ];
  const views = [
    ["matrix", "Matrix"],
    ["table", "Texts"],
    ["parallel", "Articles"],
  ];
  const narrow = (kind) => {
    state.mended.clear();
    set("filter")(kind);
  };
  const filter = choice("filter", "Which statements", kinds, state.filter, narrow);
  const listed = state.view !== "parallel";
  sure.show();
  // The box stays where it is while someone types in it, and the slider while someone moves it.
  if (tools.contains(sure.node) && (typing || sure.node.contains(tools.getRootNode().activeElement))) {
    tools.querySelector(".choice[aria-label='Which statements']")?.replaceWith(filter);
    return;
  }
  const choosing = [...(listed ? [filter, search] : []), sure.node];
  const parts = [
    choice("view", "View", views, state.view, set("view")),
    ...(isNarrow(state) ? [folded(tools, state, choosing)] : choosing),
    listed ? "" : el("span", { class: "hint" }, "Choose a sentence: its counterparts light up. Grey: it stands alone."),
    foreign && state.view !== "matrix" ? choice("text", "Language of the text", texts, state.text, set("text")) : "",
    model.pairs && listed ? legend() : "",
  ].filter(Boolean);
  tools.replaceChildren(...parts);
}

// On a phone they are folded, but not while they leave something out.
function folded(tools, state, nodes) {
  const before = tools.querySelector(".more");
  const open = before ? before.open : Boolean(state.query || state.filter !== "every" || state.sure !== null);
  return el("details", { class: "more", open }, el("summary", {}, "Filter and search"), ...nodes);
}

function searchBox(state) {
  let timer;
  const type = ({ target: { value } }) => {
    clearTimeout(timer);
    timer = setTimeout(() => state.go({ query: value.trim().toLowerCase() }, "query"), 120);
  };
  return el(
    "div",
    { class: "search" },
    el("input", { type: "search", placeholder: "contains…", "aria-label": "Statements that contain", maxlength: "200", value: state.query || null, oninput: type }),
  );
}

// The sources in groups: on, off, only these; for the text columns each source by itself.
export function chips(model, state) {
  const groups = grouped(model, state);
  const by = [
    ["language", "Language"],
    ["country", "Country"],
  ];
  const ids = (numbers) => numbers.map((number) => model.columns[number].id);
  const hide = (numbers, gone) => {
    const hidden = new Set(state.hidden);
    for (const id of ids(numbers)) hidden[gone ? "add" : "delete"](id);
    state.go({ hidden });
  };
  const only = (group) => state.go({ hidden: new Set(ids(groups.flatMap(({ key, every }) => (key === group.key ? [] : every)))) });
  const chip = (group) => {
    const { name, colour, every, shown } = group;
    const part = shown.length && shown.length < every.length ? `${shown.length} of ${every.length}` : every.length;
    return el(
      "span",
      { class: `chips-one${shown.length ? "" : " off"}`, style: `--c:${colour}` },
      el("button", { type: "button", "aria-pressed": String(shown.length > 0), title: shown.length ? "Hide these sources" : "Show these sources", onclick: () => hide(every, shown.length > 0) }, el("i", { "aria-hidden": "true" }), name, " ", el("b", {}, part)),
      groups.length > 1 ? el("button", { type: "button", class: "only", "aria-label": `Only ${name}`, onclick: () => only(group) }, "only") : "",
    );
  };
  const everyone = () => state.go({ hidden: new Set() });
  return el(
    "div",
    { class: "chips", role: "group", "aria-label": "Sources" },
    choice("by", "Group the sources by", by, state.by, (value) => state.go({ by: value, groups: new Set() })),
    groups.map(chip),
    state.hidden.size ? el("button", { type: "button", class: "link", onclick: everyone }, `Show all ${model.columns.length} sources`) : "",
    state.view === "table" && visible(model, state).length > TEXTS ? columnsToRead(model, state) : "",
  );
}

function columnsToRead(model, state) {
  const chosen = new Set(textColumns(model, state));
  return el(
    "div",
    { class: "reading", role: "group", "aria-label": `Text columns, ${TEXTS} at most` },
    el("span", {}, "Text of "),
    visible(model, state).map((number) =>
      el("button", { type: "button", "data-source": model.columns[number].id, "aria-pressed": String(chosen.has(number)), dir: "auto", onclick: () => state.pickText(model.columns[number].id) }, model.columns[number].name),
    ),
  );
}
