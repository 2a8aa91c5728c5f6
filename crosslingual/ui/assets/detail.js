// An open row: its sentences in their articles, why they belong together, and what a person can do about it.

import { el, prose, within, words } from "./dom.js";
import { common, evidence, fate, spoken } from "./model.js";
import { translated } from "./translation.js";

const SHOWN = 3; // neighbours that lost, of each sentence

// In a table it is a row of its own; in an open row it is a part of that.
export function detail(model, state, row, alone = false) {
  const ticks = new Set();
  const split = el(
    "button",
    { type: "button", class: "act split", disabled: true, onclick: () => state.send("split", [...ticks], row.nodes.filter((at) => !ticks.has(at)), row) },
    "Put the ticked into a row of their own",
  );
  const tick = (at, on) => {
    ticks[on ? "add" : "delete"](at);
    split.disabled = ticks.size === 0 || ticks.size === row.nodes.length;
  };
  const several = row.nodes.length > 1;
  return el(
    "div",
    { class: "detail", role: alone ? "row" : null },
    el(
      "div",
      { role: alone ? "cell" : null },
      why(model, state, row),
      el("div", { class: "traces" }, row.nodes.map((at) => trace(model, state, row, at, several && row.nodes.length > 2 ? tick : null))),
      el(
        "div",
        { class: "acts", role: "group", "aria-label": "Correct this row" },
        row.nodes.length > 2 ? split : "",
        el("button", { type: "button", class: "act", onclick: () => state.join(row) }, "Join with another row…"),
        el("button", { type: "button", class: "link", onclick: () => state.choose(row.id) }, "Show in the articles, side by side"),
      ),
    ),
  );
}

function why(model, state, row) {
  const alone = row.kind === "one";
  const limit = words(model, state.threshold());
  const said = alone
    ? model.near[row.nodes[0]].length
      ? `The nearest sentences of other articles stand below. None is tied to it at ${limit} or more.`
      : "No sentence of another article comes near it."
    : row.made
      ? "A person has put them together."
      : `Its weakest tie is ${words(model, row.probability)}. The link of each sentence and the neighbours that lost stand below.`;
  const shared = alone ? [] : common(model, row);
  return el(
    "section",
    { class: "why" },
    el("h4", {}, alone ? "Why it stands alone" : "Why these belong together"),
    el("p", {}, said),
    alone
      ? ""
      : shared.length
        ? el(
            "ul",
            { class: "shared", "aria-label": "Numbers and names they share" },
            el("li", { class: "label" }, "They share"),
            shared.map(({ texts, columns }) =>
              el(
                "li",
                { class: "chip", title: `in ${columns.size} of ${model.columns.length} sources` },
                [...texts].flatMap((text, number) => [number ? el("i", {}, "·") : "", el("span", { dir: "auto" }, text)]),
              ),
            ),
          )
        : el("p", { class: "quiet" }, "They share no number, date or name that can be told apart in every language."),
  );
}

// One sentence with all that traces it: neighbours, translation, engine, article, date, link, evidence.
export function trace(model, state, row, at, tick) {
  const article = model.articles[model.article[at]];
  const index = model.index[at];
  const column = model.columns[article.column];
  const { text } = article.sentences[index];
  const near = (place) => article.sentences[place]?.text ?? "";
  const title = article.title || "untitled article";
  const box = tick
    ? el("input", { type: "checkbox", class: "tick", "aria-label": `Tick the sentence of ${column.name}`, onchange: (event) => tick(at, event.target.checked) })
    : "";
  const reject = () => state.send("reject", [at], row.nodes.filter((other) => other !== at), row);
  const node = el(
    "article",
    { class: `trace${state.drafts.has(model.name(at)) ? " wide" : ""}${state.aim === model.name(at) ? " aimed" : ""}`, "data-country": column.country, "data-at": at },
    el("header", {}, el("label", {}, box, el("b", { dir: "auto" }, column.name)), article.date || article.changed ? el("span", {}, article.date, " ", article.changed ? el("span", { class: "chip", title: article.changed }, "changed after publication") : "") : ""),
    el(
      "div",
      { class: "title", lang: article.lang, dir: "auto" },
      article.url
        ? el("a", { href: article.url, target: "_blank", rel: "noopener noreferrer" }, title)
        : title,
    ),
    el(
      "p",
      { class: "context", lang: article.lang, dir: "auto" },
      near(index - 1) ? el("span", {}, near(index - 1), " ") : "",
      el("strong", {}, text),
      near(index + 1) ? el("span", {}, " ", near(index + 1)) : "",
    ),
    translated(model, state, at, row),
    links(model, state, row, at),
    el(
      "footer",
      {},
      el("span", {}, `sentence ${index + 1} of ${article.sentences.length}`),
      within("search", { like: `${article.id}:${index}` }, "Find similar"),
      row.nodes.length > 1 ? el("button", { type: "button", class: "act small reject", onclick: reject }, "Does not belong here") : "",
    ),
  );
  node.tick = tick;
  return node;
}

function links(model, state, row, at) {
  const { best, lost } = evidence(model, row, at);
  const inRow = best
    ? el(
        "p",
        { class: "best" },
        "Best link here: ",
        sourceOf(model, best.other),
        ` · ${words(model, best.probability)}, margin ${best.score.toFixed(2)}`,
      )
    : row.kind === "one"
      ? ""
      : el("p", { class: "best" }, model.handled.has(at) ? `Best link here: ${model.byHand}` : "Tied by what the others say; none of its own best links is here.");
  if (!lost.length) return el("div", { class: "links" }, inRow);
  const list = el(
    "ul",
    { class: "lost", "aria-label": row.kind === "one" ? "Nearest in other articles" : "Neighbours that lost" },
    lost.slice(0, SHOWN).map((link) => loser(model, state, row, at, link)),
  );
  return el("div", { class: "links" }, inRow, el("p", { class: "label" }, row.kind === "one" ? "Nearest in other articles" : "Neighbours that lost"), list);
}

function loser(model, state, row, at, { other, probability, score }) {
  const join = () => state.send("join", row.nodes, model.home[other].nodes, row);
  const [text, lang] = spoken(model, other);
  return el(
    "li",
    {},
    el(
      "div",
      { class: "odds", title: `margin ${score.toFixed(2)}` },
      sourceOf(model, other),
      ` · ${words(model, probability)} · ${fate(model, at, other)}`,
      el("button", { type: "button", class: "link", title: "Join its row with this one", onclick: join }, "join"),
    ),
    prose("said", text, lang, ""),
  );
}

export const sourceOf = (model, at) => {
  const { name, country } = model.columns[model.column[at]];
  return el("b", { dir: "auto", "data-country": country }, name);
};
