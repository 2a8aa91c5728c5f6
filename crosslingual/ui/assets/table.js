// Text columns side by side: a row a statement, a column each of up to six sources, a hole where one is silent.

import { el, percent, plural, sentence, unroll, word, words } from "./dom.js";
import { detail } from "./detail.js";
import { grouped, visible } from "./groups.js";
import { lines } from "./lines.js";
import { pieces } from "./marks.js";
import { remember } from "./address.js";
import { mark } from "./translation.js";

export const TEXTS = 6; // columns that can be read side by side

// Those chosen, else the first of each group in turn.
export function textColumns(model, state) {
  const shown = visible(model, state);
  const picked = shown.filter((number) => state.picked.has(model.columns[number].id));
  if (picked.length || shown.length <= TEXTS) return (picked.length ? picked : shown).slice(0, TEXTS);
  const turns = grouped(model, state).flatMap((group) => group.shown.map((number, turn) => ({ number, turn })));
  const first = new Set(turns.sort((one, other) => one.turn - other.turn).slice(0, TEXTS).map(({ number }) => number));
  return shown.filter((number) => first.has(number));
}

export function table(model, state) {
  const shown = textColumns(model, state);
  const body = el("div", { class: "body", role: "rowgroup", tabindex: "-1" });
  const head = el(
    "div",
    { class: "head", role: "rowgroup" },
    el(
      "div",
      { class: "row", role: "row" },
      el("div", { class: "cov", role: "columnheader" }, "told by"),
      shown.map((number) => columnHead(model.columns[number])),
    ),
  );
  head.addEventListener("scroll", () => (body.scrollLeft = head.scrollLeft));
  body.addEventListener("scroll", () => (head.scrollLeft = body.scrollLeft));
  const node = el(
    "div",
    { class: "table", role: "table", "aria-label": "Statements", style: `--cols:${shown.length}` },
    head,
    body,
  );
  const items = lines(model, state, shown);
  if (!items.length) body.append(el("p", { class: "nothing" }, "No statement matches. Clear the search or show more sources."));
  unroll(
    body,
    items,
    (item) => (item.fold ? foldLine(model, state, item) : drawn(model, state, shown, item)),
    () => body.isConnected,
    far(model, state, items),
  );
  state.body = body;
  body.addEventListener("keydown", (event) => walkText(body, event));
  return node;
}

// As far as the table was drawn, and to the row that is to stay in its place.
function far(model, state, items) {
  const held = state.held && model.named(state.held.name);
  return Math.max(state.body ? state.body.children.length : 0, items.indexOf(held) + 20);
}

// A row that has not changed is not made anew.
function drawn(model, state, shown, row) {
  if (!state.drawn.has(row.key)) state.drawn.set(row.key, textEntry(model, state, shown, row));
  return state.drawn.get(row.key);
}

function columnHead(column) {
  return el("div", { role: "columnheader", class: "who", "data-country": column.country, dir: "auto" }, column.name);
}

function foldLine(model, state, { number, count, maybe, open }) {
  const { name, country, id } = model.columns[number];
  const flip = () => state.flip("folds", id);
  return el(
    "div",
    { class: "fold", role: "row", "data-country": country },
    el(
      "div",
      { role: "cell" },
      el(
        "button",
        { type: "button", "aria-expanded": String(open), onclick: flip },
        el("i", { class: "twist", "aria-hidden": "true" }),
        "Only ",
        el("b", { dir: "auto" }, name),
        ` · ${plural(count, "sentence")} found in no other source${maybe}`,
      ),
    ),
  );
}

function textEntry(model, state, shown, row) {
  const node = el("div", { class: `entry ${row.kind}`, "data-row": row.id });
  const flip = () => (state.joining ? state.pick(row) : unfoldText(model, state, row, node, true));
  const line = el(
    "div",
    { class: "row", role: "row" },
    coverage(model, row, flip),
    shown.map((number) => textCell(model, state, row, number)),
    silence(model, shown, row),
  );
  line.addEventListener("click", (event) => {
    if (event.target.closest("button, a") || String(document.getSelection())) return;
    flip();
  });
  node.append(line);
  if (row.own.some((at) => state.open.has(model.name(at)))) unfoldText(model, state, row, node);
  return node;
}

function coverage(model, row, flip) {
  const { carried } = row;
  const dots = model.columns.map((column, number) =>
    el("i", { class: row.columns.has(number) ? "on" : row.perhaps.has(number) ? "maybe" : null, "data-country": column.country }),
  );
  const only = row.kind === "one" ? model.columns[[...row.columns][0]].name : "";
  return el(
    "div",
    { class: "cov", role: "rowheader" },
    el(
      "button",
      {
        type: "button",
        class: "opener",
        "aria-expanded": "false",
        "aria-label": `${carried}${row.perhaps.size ? ` and perhaps ${row.perhaps.size} more` : ""} of ${row.of} sources${only ? "" : `, ${row.made ? model.byHand : words(model, row.probability)}`}; show originals and why`,
        onclick: flip,
      },
      el("span", { class: "n" }, el("b", {}, carried), row.perhaps.size ? ` + ${row.perhaps.size}? of ${row.of}` : ` of ${row.of}`),
      el("span", { class: "dots" }, dots),
      el("small", { dir: "auto" }, only ? `only ${only}` : row.made ? "" : odds(model, row.probability)),
      row.hand ? el("small", { class: "byhand" }, el("i", { class: "hand", "aria-hidden": "true" }), model.byHand) : "",
    ),
  );
}

function textCell(model, state, row, number) {
  const { country, name, articles } = model.columns[number];
  if (row.perhaps.has(number)) return maybe(model, state, row, number);
  if (!row.columns.has(number)) {
    return el("div", { class: "hole", role: "cell" }, absent(articles));
  }
  return el(
    "div",
    { class: "cell", role: "cell", "data-country": country },
    el("div", { class: "who", dir: "auto" }, name),
    row.cells
      .filter(([article]) => model.articles[article].column === number)
      .map(([article, index]) =>
        el(
          "div",
          { class: "one" },
          sentence(model, model.articles[article], index, state, pieces(model, row, model.node(article, index))),
          mark(model, model.articles[article], index, state),
          model.handled.has(model.node(article, index)) ? el("i", { class: "hand", title: model.byHand, role: "img", "aria-label": model.byHand }) : "",
        ),
      ),
  );
}

// A source that may say it after all, with the sentence that is meant.
function maybe(model, state, row, number) {
  const { country, name } = model.columns[number];
  const { at, probability } = row.perhaps.get(number);
  return el(
    "div",
    { class: "cell maybe", role: "cell", "data-country": country },
    el("div", { class: "who", dir: "auto" }, name),
    el("small", { class: "perhaps" }, `perhaps · ${percent(probability)}\u202f%`),
    el("div", { class: "one" }, sentence(model, model.articles[model.article[at]], model.index[at], state)),
  );
}

// In words and number; the dot between them is not shown where they stand on two lines.
const odds = (model, probability) => [
  el("span", {}, word(model, probability)),
  el("span", { class: "dot" }, " · "),
  el("span", {}, `${percent(probability)}\u202f%`),
];
export const absent = (articles) => `not found in its ${plural(articles, "article")}`;

// For narrow screens, where holes take no room of their own.
function silence(model, shown, row) {
  const silent = shown.filter((number) => !row.columns.has(number) && !row.perhaps.has(number)).map((number) => model.columns[number]);
  if (!silent.length) return "";
  const names = silent.map((column) => `${column.name} (0 of ${plural(column.articles, "article")})`);
  return el("div", { class: "silent", "aria-hidden": "true" }, `not found: ${names.join(", ")}`);
}

function unfoldText(model, state, row, node, asked = false) {
  const open = node.classList.toggle("open");
  if (open) state.open.add(row.id);
  else for (const at of row.own) state.open.delete(model.name(at));
  node.querySelector(".opener").setAttribute("aria-expanded", String(open));
  if (open) node.append(detail(model, state, row, true));
  else node.querySelector(".detail").remove();
  if (asked) remember(state);
}

function walkText(body, event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const stops = [...body.querySelectorAll(".opener, .fold button")];
  const at = stops.indexOf(event.target);
  if (!step || at < 0) return;
  event.preventDefault();
  stops[at + step]?.focus();
}
