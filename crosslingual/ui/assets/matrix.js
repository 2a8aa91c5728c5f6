// The matrix: a row a statement in the reader's language, a cell a source. No words in holes.

import { detail } from "./detail.js";
import { el, percent, plural, prose, words } from "./dom.js";
import { isNarrow, layout, visible } from "./groups.js";
import { compared, lines, SORTS } from "./lines.js";
import { virtual } from "./list.js";
import { readable, spoken, standing } from "./model.js";
import { gloss, sentencesOnly, tellers } from "./tellers.js";

const COUNTED = 104; // pixels of the column that counts
const GROUP = 66; // of a collapsed group
const ROOM = 420; // that statements should have, and must have
const LEAST_ROOM = 300;
const NARROWEST = 22; // of a source
const WIDEST = 34;
const NAME_LINE = 11.5; // of a line of a name, turned
const [NAME, LONGEST_NAME] = [112, 190]; // of a line's length
const LETTER = 6.4;
const MARK = 16; // pixels that a mark is high
const HAN = /^[\u2e80-\u9fff\uac00-\ud7af\s·]+$/; // written upright from top to bottom
const SAID = ["not found", "perhaps", "told"];

export function matrix(model, state) {
  const body = el("div", { class: "body", role: "rowgroup", tabindex: "-1" });
  const node = el("div", { class: "matrix", role: "table", "aria-label": "Statements and who tells them" });
  const { width } = state;
  const narrow = isNarrow(state);
  const groups = layout(model, state, narrow);
  const columns = groups.flatMap((group) => (group.open ? group.shown.map((number) => ({ group, number })) : [{ group }]));
  const sources = columns.filter(({ number }) => number !== undefined).length;
  const rest = width - COUNTED - GROUP * (columns.length - sources);
  const each = Math.max(NARROWEST, Math.min(WIDEST, Math.floor((rest - ROOM) / Math.max(sources, 1))));
  const wide = !narrow && rest - each * sources < LEAST_ROOM;
  const track = columns.map(({ number }) => (narrow ? `minmax(0, ${number === undefined && sources ? 2 : 1}fr)` : number === undefined ? `${GROUP}px` : `${each}px`)).join(" ");
  node.classList.toggle("narrow", narrow);
  node.classList.toggle("wide", wide);
  node.classList.toggle("parts", sources > 0);
  node.style.setProperty("--track", narrow ? `86px ${track}` : `${wide ? `${LEAST_ROOM}px` : `minmax(${LEAST_ROOM}px, 1fr)`} ${COUNTED}px ${track}`);
  nameRoom(node, columns.flatMap(({ number }) => (number === undefined ? [] : [model.columns[number].name])), each);
  for (const column of columns) column.edge = column.number === undefined || column.number === column.group.shown[0];
  const items = lines(model, state, visible(model, state));
  node.setAttribute("aria-rowcount", items.length + 2);
  node.setAttribute("aria-colcount", columns.length + 2);
  node.append(head(model, state, groups, columns, narrow), items.length ? unshared(model, state) : "", body);
  const shape = { columns, narrow, each };
  state.list = virtual(body, (item) => (item.fold ? fold(model, state, item) : entry(model, state, shape, item)), () => (narrow ? 74 : 37), heights(state, width));
  if (!items.length) body.append(el("p", { class: "nothing" }, "No statement matches. Clear the search or the filter, or show more sources."));
  body.addEventListener("keydown", (event) => walk(state.list, event));
  body.addEventListener("mouseover", (event) => addTip(model, state.list, event));
  state.fill = () => state.list.set(items);
  return node;
}

// How wide and long a name may be, that is turned: as many lines as the column has room for, longer where all need it.
function nameRoom(node, names, each) {
  const lines = Math.max(1, Math.round(each / NAME_LINE));
  const longest = Math.max(0, ...names.map((one) => one.length)) * LETTER;
  node.style.setProperty("--name-width", `${lines * NAME_LINE}px`);
  node.style.setProperty("--name-length", `${Math.min(LONGEST_NAME, Math.max(NAME, Math.ceil(longest / lines) + 24))}px`);
}

// Why there are no statements, where there is nothing but what single sources tell.
function unshared(model, state) {
  if (model.rows.some(({ kind }) => kind !== "one")) return "";
  const sure = words(model, state.threshold());
  const advice = state.threshold() > model.perhaps ? ` Move the slider “How sure”${isNarrow(state) ? " (under “Filter and search”)" : ""} to the left to see what may be.` : "";
  return el("p", { class: "unshared", role: "note" }, `No two of these sources say the same thing, as far as can be told (${sure} or more). What each says is listed below.${advice}`);
}

// Kept as long as the width is: rows that were measured once need not be again.
function heights(state, width) {
  if (state.heights.width !== width) state.heights = Object.assign(new Map(), { width });
  return state.heights;
}

function head(model, state, groups, columns, narrow) {
  const group = ({ key, name, colour, open, shown }) =>
    el(
      "div",
      { class: "group", role: "columnheader", style: `--c:${colour}; grid-column: span ${open ? shown.length : 1}` },
      el(
        "button",
        { type: "button", "aria-expanded": String(open), "aria-label": `${name}, ${plural(shown.length, "source")}: ${open ? "show as one column" : "show each"}`, "data-tip": `${name}: ${plural(shown.length, "source")}`, onclick: () => state.flip("groups", key) },
        open && shown.length < 2 ? key.slice(0, 3).toUpperCase() : name, // one column has no room for more
      ),
    );
  return el(
    "div",
    { class: "head", role: "rowgroup" },
    el(
      "div",
      { class: "line", role: "row", "aria-rowindex": 1 },
      el("div", { class: "statement", role: "columnheader" }, controls(model, state, narrow)),
      el("div", { class: "n", role: "columnheader" }, "Told by"),
      groups.map((one) => group(one)),
    ),
    el(
      "div",
      { class: "line names", role: "row", "aria-rowindex": 2 },
      columns.map(({ group: { colour, shown }, number, edge }) =>
        number === undefined
          ? el("div", { class: "name edge", role: "columnheader", style: `--c:${colour}` }, el("span", { class: "of" }, String(shown.length)))
          : name(model, state, number, colour, edge),
      ),
    ),
  );
}

function name(model, state, number, colour, edge) {
  const column = model.columns[number];
  const sorted = state.sort === column.id;
  return el(
    "div",
    { class: `name${edge ? " edge" : ""}${sorted ? " sorted" : ""}`, role: "columnheader", "aria-sort": sorted ? "descending" : null, style: `--c:${colour}` },
    el(
      "button",
      { type: "button", class: "source", "data-source": column.id, "aria-haspopup": "dialog", "data-tip": known(model, number), onclick: ({ currentTarget }) => state.about(number, currentTarget) },
      el("span", { dir: "auto", class: HAN.test(column.name) ? "upright" : null }, column.name),
    ),
  );
}

export function known(model, number) {
  const column = model.columns[number];
  const facts = [column.native, column.countryName || "country not known", column.languages || column.toldInName, column.owner, column.demo ? "demo text" : ""];
  return `${[column.name, ...facts].filter(Boolean).join(" · ")} · ${plural(column.articles, "article")}, ${sentencesOnly(model, number)} only here`;
}

// What stands in the corner above the statements.
function controls(model, state, narrow) {
  const pick = (field) => ({ target: { value } }) => state.go({ [field]: value });
  const option = (chosen) => ([value, caption]) => el("option", { value, selected: value === chosen }, caption);
  const names = model.columns.map(({ id, name: caption }) => [id, caption]);
  const byColumn = names.filter(([id]) => id === state.sort).map(([id, caption]) => [id, `told by ${caption}`]);
  const [one, other] = compared(model, state);
  const pair = [one, other].map((number) => model.columns[number]?.id ?? "");
  const half = state.half ?? pair;
  const differ = (place) => ({ target: { value } }) => {
    const next = half.map((id, at) => (at === place ? value : id));
    state.half = next.every(Boolean) || !next.some(Boolean) ? null : next;
    state.go({ differ: next.every(Boolean) && next[0] !== next[1] ? next.join() : "" });
  };
  const choose = (place) =>
    el("select", { "aria-label": place ? "and this source differ" : "Only where this source", onchange: differ(place) }, [["", "any"], ...names].map(option(half[place])));
  const foreign = model.articles.some(({ lang }) => lang !== model.reader);
  const narrowed = state.sort || state.differ || state.readable === "read";
  const fold = narrow ? (node) => el("details", { open: Boolean(narrowed) }, el("summary", {}, "Sort and narrow down"), node) : (node) => node;
  return [
    state.figures(),
    fold(el(
      "div",
      { class: "controls" },
      el("label", {}, "Sort by ", el("select", { class: "sort", onchange: pick("sort") }, [...SORTS, ...byColumn].map(option(state.sort)))),
      foreign ? el("label", {}, el("input", { type: "checkbox", class: "can", checked: state.readable === "read", onchange: ({ target }) => state.go({ readable: target.checked ? "read" : "all" }) }), "only what I can read") : "",
      el("span", { class: "differ" }, "Only where ", choose(0), " and ", choose(1), " differ"),
    )),
    el("div", { class: "key" }, [2, 1, 0].map((how) => el("span", {}, dot(how), how === 1 ? `perhaps (thin: under ${100 * FAINT}\u202f%)` : SAID[how]))),
  ];
}

const FAINT = 0.3; // a ring is thin below
const standingClass = (how, odds = 1) => ["no", odds < FAINT ? "maybe faint" : "maybe", "on"][how];
const dot = (how) => el("i", { class: standingClass(how), "aria-hidden": "true" });

function entry(model, state, shape, row) {
  const node = el("div", { class: `entry ${row.kind}`, "data-row": row.id, "data-key": row.key, role: "presentation" });
  const open = row.own.some((at) => state.open.has(model.name(at)));
  const flip = () => (state.joining ? state.pick(row) : state.unfold(row));
  const line = el(
    "div",
    { class: "line", role: "row" },
    statement(model, state, row, open, flip),
    el("div", { class: "n", role: "cell" }, el("b", {}, row.carried), row.perhaps.size ? ` + ${row.perhaps.size}? of ${row.of}` : ` of ${row.of}`),
    shape.columns.map((column) => cell(model, row, column)),
    shape.narrow ? "" : drawMarks(row, shape),
  );
  line.addEventListener("click", (event) => {
    if (event.target.closest("button, a") || String(document.getSelection())) return;
    flip();
  });
  node.append(line);
  if (open) {
    node.classList.add("open");
    node.append(el("div", { class: "opened", role: "row" }, el("div", { role: "cell" }, row.kind === "one" && !row.perhaps.size ? detail(model, state, row) : tellers(model, state, row))));
  }
  return node;
}

function statement(model, state, row, open, flip) {
  const at = row.says;
  const [text, lang] = spoken(model, at);
  const told = model.told(at);
  const column = model.columns[model.column[at]];
  const read = readable(model, row);
  const clue = read ? [] : (told.gist ?? []);
  const sure = row.kind === "one" ? `${row.perhaps.size ? "surely only" : "only"} ${column.name}` : row.made ? model.byHand : words(model, row.probability);
  return el(
    "div",
    { class: "statement", role: "rowheader" },
    el(
      "button",
      { type: "button", class: "opener", "aria-expanded": String(open), onclick: flip },
      el(
        "span",
        { class: "says" },
        read ? "" : el("span", { class: "chip" }, `${lang}${row.kind === "one" ? "" : `, no ${model.readerName} source tells it`}`),
        clue.length ? el("span", { class: "gist" }, `${clue.join(", ")} `) : "",
        prose("said", text, lang, state.query, null, "span"),
        " ", // outside of the name, which is not broken: the last word of the text would go to its line with it
        el("small", { class: "whose", dir: "auto", "data-tip": `${told.translation ? "Translated from" : "In the words of"} ${column.name} · ${sure}` }, `${column.name}${told.translation ? ", translated" : ""}`),
        row.hand ? el("i", { class: "hand", role: "img", "aria-label": model.byHand }) : "",
      ),
    ),
  );
}

function cell(model, row, { group, number, edge }) {
  if (number === undefined) {
    const count = (how) => group.shown.filter((one) => standing(row, one) === how).length;
    const [told, maybe] = [count(2), count(1)];
    const said = `${group.name} ${told} of ${group.shown.length}${maybe ? `, perhaps ${maybe} more` : ""}`;
    return el(
      "div",
      { class: "c edge sum", role: "cell", style: `--c:${group.colour}; --share:${Math.round((100 * told) / group.shown.length)}%`, "aria-label": said, "data-tip": said },
      told ? el("b", {}, told) : maybe ? "" : el("i", { class: "no", "aria-hidden": "true" }),
      maybe ? el("small", {}, `${told ? "+" : ""}${maybe}?`) : "",
    );
  }
  const node = el("div", { role: "cell" });
  const how = standing(row, number);
  node.className = `c ${standingClass(how, row.perhaps.get(number)?.probability)}${edge ? " edge" : ""}`;
  node.style.setProperty("--c", group.colour);
  node.setAttribute("aria-label", `${model.columns[number].name}: ${SAID[how]}`);
  node.dataset.number = number;
  return node;
}

// What a cell shows when it is pointed at: made then, as few of thousands are.
function addTip(model, list, { target }) {
  const number = Number(target.dataset?.number);
  const row = target.classList?.contains("c") && !target.dataset.tip && list.itemOf(target.closest("[data-key]")?.dataset.key);
  if (!row || Number.isNaN(number)) return;
  const perhaps = row.perhaps.get(number);
  const at = standing(row, number) === 2 ? row.nodes.find((one) => model.column[one] === number) : perhaps?.at;
  const odds = standing(row, number) === 1 ? ` · ${percent(perhaps.probability)}\u202f%` : "";
  target.dataset.tip = `${target.getAttribute("aria-label")}${odds}${at === undefined ? "" : `. ${gloss(model, at).slice(0, 300)}`}`;
}

// The marks of a row as one picture: a browser paints it many times faster than a mark for each cell.
function drawMarks(row, { columns, each }) {
  const node = el("canvas", { "aria-hidden": "true" });
  const lefts = columns.map(({ number }) => (number === undefined ? GROUP : each)).reduce((found, width) => [...found, found.at(-1) + width], [0]);
  const dense = devicePixelRatio || 1;
  node.width = dense * lefts.at(-1);
  node.height = dense * MARK;
  node.style.width = `${lefts.at(-1)}px`;
  const pen = node.getContext("2d");
  pen.scale(dense, dense);
  for (const [place, { group, number, edge }] of columns.entries()) {
    if (number === undefined) continue;
    const middle = lefts[place] + (each + Number(edge)) / 2;
    const how = standing(row, number);
    const faint = how === 1 && row.perhaps.get(number).probability < FAINT;
    pen.fillStyle = pen.strokeStyle = how ? group.colour : "#c3cad4";
    pen.lineWidth = faint ? 1 : 2;
    pen.beginPath();
    if (how) pen.arc(middle, MARK / 2, how === 2 ? 5.5 : faint ? 4 : 4.5, 0, 2 * Math.PI);
    else pen.rect(middle - 3, MARK / 2 - 1, 6, 2);
    if (how === 1) pen.stroke();
    else pen.fill();
  }
  return node;
}

function fold(model, state, { number, count, maybe, open, key }) {
  const { name: who, id } = model.columns[number];
  return el(
    "div",
    { class: "fold", role: "row", "data-key": key },
    el(
      "div",
      { role: "cell" },
      el("button", { type: "button", "aria-expanded": String(open), onclick: () => state.flip("folds", id) }, el("i", { class: "twist", "aria-hidden": "true" }), "Only ", el("b", { dir: "auto" }, who), ` · ${plural(count, "sentence")} found in no other source${maybe}`),
    ),
  );
}

// Arrows go from row to row, also to those that are not drawn yet.
function walk(list, event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const from = event.target.closest?.(".opener, .fold button")?.closest("[data-key]");
  if (!step || !from) return;
  const to = list.nodeOf(list.step(from.dataset.key, step) ?? "");
  if (!to) return;
  event.preventDefault();
  to.querySelector(".opener, button").focus();
  list.render();
}
