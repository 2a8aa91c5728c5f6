// The comparison as the browser holds it. A sentence is a node: its number when the articles stand one after another.
// What says the same is worked out in Python (rows.py) for every threshold; here the rows of one of them are taken.

import { doubted, percent } from "./dom.js";
import { pairs } from "./marks.js";

export function prepare(data) {
  const starts = [];
  const article = [];
  const index = [];
  for (const [number, { sentences }] of data.articles.entries()) {
    starts.push(article.length);
    for (const at of sentences.keys()) {
      article.push(number);
      index.push(at);
    }
  }
  const node = (at, place) => starts[at] + place;
  const told = (at) => data.articles[article[at]].sentences[index[at]];
  const name = (at) => `${data.articles[article[at]].id}:${told(at).start}`;
  const near = article.map(() => []);
  for (const [a, i, b, j, probability, score] of data.links) {
    near[node(a, i)].push({ other: node(b, j), probability, score });
    near[node(b, j)].push({ other: node(a, i), probability, score });
  }
  for (const links of near) links.sort((one, other) => other.probability - one.probability);
  const model = {
    ...data,
    article,
    index,
    near,
    node,
    name,
    told,
    pairs: pairs(data, node),
    column: article.map((at) => data.articles[at].column),
    search: article.map((_, at) => `${told(at).text}\n${told(at).translation ?? ""}`.toLowerCase()),
    byName: new Map(article.map((_, at) => [name(at), at])),
    byId: new Map(data.columns.map(({ id }, number) => [id, number])),
    corrections: data.corrections.map((correction) => ({
      ...correction,
      one: correction.one.map(([a, i]) => node(a, i)),
      other: correction.other.map(([a, i]) => node(a, i)),
    })),
    handled: new Set(data.handled),
    parted: new Set(data.parted.map(([one, other]) => pairKey(one, other))),
  };
  model.every = data.rows.map((given, number) => row(model, given, number));
  model.alone = article.map((_, at) => row(model, { own: [at], nodes: [at], perhaps: perhapsElsewhere(model, at), probability: 0, carried: 1, says: at, spread: 1, position: index[at] / data.articles[article[at]].sentences.length }, `one${at}`));
  model.doubted = data.columns.map((_, number) => article.filter((_, at) => model.column[at] === number && doubted(told(at))).length);
  model.rowOf = (at, place) => model.home[node(at, place)];
  model.named = (wanted) => model.home[model.byName.get(wanted)];
  return model;
}

// In each other source the sentence that is likeliest to say what ``at`` does, as rows have it: source, sentence, how likely.
function perhapsElsewhere(model, at) {
  const best = new Map();
  for (const { other, probability } of model.near[at]) {
    const column = model.column[other];
    if (probability < model.perhaps || column === model.column[at] || best.has(column)) continue;
    if (!model.parted.has(pairKey(at, other))) best.set(column, [column, other, probability]);
  }
  return [...best.values()];
}

const pairKey = (one, other) => (one < other ? `${one}-${other}` : `${other}-${one}`);

// The rows at a threshold; a sentence that is in none of them is an exclusive.
export function regroup(model, threshold) {
  const per_cent = percent(threshold);
  const statements = model.every.filter(({ least, most }) => least <= per_cent && per_cent <= most);
  model.home = new Array(model.article.length);
  for (const found of statements) for (const at of found.nodes) model.home[at] ??= found;
  for (const found of statements) for (const at of found.own) model.home[at] = found;
  const alone = model.alone.filter((_, at) => model.home[at] === undefined);
  model.shared = model.columns.map(() => 0);
  for (const [at, home] of model.home.entries()) if (home) model.shared[model.column[at]] += 1;
  for (const found of alone) model.home[found.says] = found;
  model.rows = [...statements, ...alone];
}

function row(model, given, key) {
  const columns = new Set(given.nodes.map((at) => model.column[at]));
  return {
    ...given,
    key: String(key),
    id: model.name(given.own[0]),
    cells: given.nodes.map((at) => [model.article[at], model.index[at]]),
    columns,
    of: model.of,
    kind: columns.size < 2 ? "one" : given.carried === model.of ? "all" : "some",
    hand: given.nodes.some((at) => model.handled.has(at)),
    doubted: given.nodes.some((at) => doubted(model.told(at))),
    perhaps: new Map(given.perhaps.map(([column, at, probability]) => [column, { at, probability }])),
  };
}

// Of a source in a row: 2 it tells it, 1 perhaps, 0 not found.
export const standing = (row, number) => (row.columns.has(number) ? 2 : row.perhaps.has(number) ? 1 : 0);

// Of sentences that stand alone, how many another source perhaps says.
export function maybeElsewhere(rows) {
  const many = rows.filter(({ perhaps }) => perhaps.size).length;
  return many ? `, ${many.toLocaleString("en")} of them perhaps in others` : "";
}

// A sentence for the reader: its translation where there is one, and the language of that.
export function spoken(model, at) {
  const { text, translation, lang } = model.told(at);
  return translation ? [translation, model.reader] : [text, lang];
}

export const readable = (model, row) => spoken(model, row.says)[1] === model.reader;

// The links of a sentence: the best within its row, to another source if there is one, and those that lost.
export function evidence(model, row, at) {
  const inside = model.near[at].filter(({ other }) => row.nodes.includes(other));
  const best = inside.find(({ other }) => model.column[other] !== model.column[at]) ?? inside[0] ?? null;
  const lost = model.near[at].filter(({ other }) => !row.nodes.includes(other));
  return { best, lost };
}

// Why a neighbour is not in the row.
export function fate(model, at, other) {
  if (model.parted.has(pairKey(at, other))) return "parted by hand";
  return model.home[other].kind === "one" ? "stands alone" : "chosen by another row";
}

// Numbers, dates, countries and names that two or more articles of the row have, as each writes them.
export function common(model, row) {
  const found = new Map();
  for (const at of row.nodes)
    for (const [key, text, weak] of model.told(at).anchors) {
      const one = found.get(key) ?? { key, texts: new Set(), articles: new Set(), columns: new Set(), strong: false };
      one.texts.add(text);
      one.articles.add(model.article[at]);
      one.columns.add(model.column[at]);
      one.strong ||= !weak;
      found.set(key, one);
    }
  const shared = [...found.values()].filter(({ articles, strong }) => articles.size > 1 && strong);
  const texts = shared.map((one) => [...one.texts].sort().join(" · "));
  return shared.filter((_, number) => texts.indexOf(texts[number]) === number);
}
