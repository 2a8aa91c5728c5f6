// What the sentences of a row do not say alike, marked inside the cells; each kind has its own line, not only its colour.

import { el } from "./dom.js";

const KINDS = ["number", "date", "name", "negation", "attribution", "hedge", "words"];
const PLAIN = new Set(["words", "clause"]);
const CAPTIONS = { words: "words without counterpart" };

// Of each node the pairs it was held against another in, with the spans on its side.
export function pairs(data, node) {
  if (!data.marks) return null;
  const found = new Map();
  const add = (at, other, spans) => found.set(at, [...(found.get(at) ?? []), { other, spans }]);
  for (const [a, i, b, j, spans] of data.marks) {
    const side = (number) => spans.filter(([on]) => on === number).map(([, start, end, kind, about]) => ({ start, end, kind, about }));
    add(node(a, i), node(b, j), side(0));
    add(node(b, j), node(a, i), side(1));
  }
  return found;
}

// A sentence cut into pieces: {text, kind, about}. A named difference is marked where it holds against half or more of the
// row's other sentences, words without counterpart where none of them has one: what is told by most is no news.
export function pieces(model, row, at) {
  const held = model.pairs?.get(at)?.filter(({ other }) => row.nodes.includes(other)) ?? [];
  if (!held.some(({ spans }) => spans.length)) return null;
  const { text } = model.told(at);
  const spans = held.flatMap(({ other, spans: own }) => own.map((span) => ({ ...span, other })));
  const ends = [...new Set([0, text.length, ...spans.flatMap(({ start, end }) => [start, end])])].sort((one, other) => one - other);
  return ends.slice(0, -1).map((start, number) => {
    const end = ends[number + 1];
    const over = spans.filter((span) => span.start <= start && end <= span.end);
    const against = (wanted) => new Set(over.filter(wanted).map(({ other }) => other)).size;
    const named = over.find(({ kind }) => !PLAIN.has(kind) && 2 * against((span) => span.kind === kind) >= held.length);
    const alone = against(() => true) === held.length;
    const kind = named ? named.kind : alone && over.length ? "words" : "";
    return { text: text.slice(start, end), kind, about: named ? contrast(model, over) : "in no other sentence of the row" };
  });
}

function contrast(model, over) {
  const said = over
    .filter(({ kind }) => !PLAIN.has(kind))
    .map(({ kind, about, other }) => `${kind}: ${about} (${model.columns[model.column[other]].name})`);
  return [...new Set(said)].slice(0, 6).join("; ");
}

export function legend(kinds = KINDS) {
  return el(
    "div",
    { class: "legend", role: "note", "aria-label": "What the marks mean" },
    kinds.map((kind) => el("mark", { class: `d ${kind}` }, CAPTIONS[kind] ?? kind)),
  );
}
