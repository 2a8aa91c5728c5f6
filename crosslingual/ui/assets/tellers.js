// An open row of the matrix: who tells it, by language, a line each with what differs; then the evidence, where asked for.

import { detail } from "./detail.js";
import { el, percent, plural, prose, words } from "./dom.js";
import { grouped } from "./groups.js";
import { pieces } from "./marks.js";

const NAMED = 4; // of what one tells and others do not
const SOME = 12; // sources named of those that do not tell it

export function tellers(model, state, row) {
  const lines = new Map();
  for (const at of row.nodes) lines.set(model.column[at], [...(lines.get(model.column[at]) ?? []), { at }]);
  for (const [number, { at, probability }] of row.perhaps) lines.set(number, [{ at, probability }]);
  const groups = grouped(model, state);
  const silent = groups.flatMap(({ every }) => every).filter((number) => !lines.has(number));
  const why = state.why.has(row.id);
  const told = (number) => (row.columns.has(number) ? 0 : 1);
  return el(
    "div",
    { class: "tellers" },
    groups.map(({ name, colour, every }) => {
      const own = every.filter((number) => lines.has(number)).sort((one, other) => told(one) - told(other));
      return own.length
        ? el(
            "section",
            { style: `--c:${colour}` },
            el("h4", {}, name),
            el("ul", {}, own.flatMap((number) => lines.get(number).map((line) => teller(model, state, row, number, line)))),
          )
        : "";
    }),
    silent.length
      ? el("p", { class: "quiet" }, `Not found in: ${silent.slice(0, SOME).map((number) => model.columns[number].name).join(", ")}${silent.length > SOME ? ` and ${silent.length - SOME} more` : ""}.`)
      : "",
    row.kind === "one" ? "" : el("p", { class: "quiet" }, row.made ? `Put together ${model.byHand}.` : `That these say the same is ${words(model, row.probability)}.`),
    el("button", { type: "button", class: "act evidence", "aria-expanded": String(why), onclick: () => state.explain(row) }, why ? "Hide the evidence" : "Evidence and corrections"),
    why ? detail(model, state, row) : "",
  );
}

function teller(model, state, row, number, { at, probability }) {
  const { text, translation, gist, lang } = model.told(at);
  const marked = pieces(model, row, at);
  const differs = marked || probability !== undefined ? [] : contrasts(model, row, at);
  const line = el(
    "li",
    { class: probability === undefined ? null : "maybe" },
    el("b", { dir: "auto" }, model.columns[number].name),
    el(
      "div",
      { class: "telling" },
      probability === undefined ? "" : el("small", { class: "perhaps" }, `perhaps · ${percent(probability)}\u202f%`),
      prose("said", translation && !marked ? translation : text, translation && !marked ? model.reader : lang, state.query, marked),
      !translation && gist?.length ? el("small", { class: "gist" }, `(${gist.join(", ")})`) : "",
      differs.length ? el("small", { class: "differs" }, differs.join(" · ")) : "",
    ),
  );
  line.addEventListener("click", () => String(document.getSelection()) || state.why.has(row.id) || state.explain(row));
  return line;
}

// What one sentence names and half or more of the others do not, and what only it leaves out.
function contrasts(model, row, at) {
  if (row.nodes.length < 2) return [];
  const others = row.nodes.filter((other) => other !== at).map((other) => new Set(model.told(other).anchors.map(([key]) => key)));
  const mine = model.told(at).anchors.filter(([, , weak]) => !weak);
  const keys = new Set(mine.map(([key]) => key));
  const counted = (key) => others.filter((one) => one.has(key)).length;
  const adds = mine.filter(([key]) => counted(key) === 0).map(([, text]) => text);
  const texts = new Map(row.nodes.flatMap((other) => model.told(other).anchors.filter(([, , weak]) => !weak)).map(([key, text]) => [key, text]));
  const lacks = [...texts].filter(([key]) => !keys.has(key) && others.length > 1 && counted(key) === others.length).map(([, text]) => text);
  const named = (list) => [...new Set(list)].slice(0, NAMED).join(", ");
  return [adds.length ? `only here: ${named(adds)}` : "", lacks.length ? `without: ${named(lacks)}` : ""].filter(Boolean);
}

export const gloss = (model, at) => {
  const { text, translation } = model.told(at);
  return translation ?? text;
};

export const sentencesOnly = (model, number) => plural(model.columns[number].sentences - model.shared[number], "sentence");
