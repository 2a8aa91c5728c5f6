// What is listed, in order: statements, then for each source what only it says, under a line that folds.

import { maybeElsewhere, readable, standing } from "./model.js";

const MANY = 60; // exclusives beyond this stay folded, by source, until asked for

export function lines(model, state, shown) {
  const rows = matching(model, state, shown).filter((row) => passes(model, state, row));
  const shared = rows.filter((row) => row.kind !== "one").sort(order(model, state));
  const alone = rows.filter((row) => row.kind === "one");
  const unfolded = state.query !== "" || state.filter === "doubted" || ((state.view === "table" || !shared.length) && alone.length <= MANY);
  const items = [...shared];
  for (const number of shown) {
    const own = alone.filter((row) => row.columns.has(number));
    if (!own.length) continue;
    const { id } = model.columns[number];
    const open = unfolded !== state.folds.has(id);
    items.push({ fold: true, key: `fold ${id}`, number, count: own.length, maybe: maybeElsewhere(own), open });
    if (open) items.push(...own);
  }
  return items;
}

// The rows that name the query and that a shown source tells.
export function matching(model, state, shown) {
  const [one, other] = compared(model, state);
  return model.rows.filter(
    (row) =>
      shown.some((number) => row.columns.has(number)) &&
      (state.readable !== "read" || readable(model, row)) &&
      (other === undefined || Math.abs(standing(row, one) - standing(row, other)) === 2) &&
      (!state.query || row.nodes.some((at) => model.search[at].includes(state.query))),
  );
}

// The two sources of which is shown only what one tells and the other does not.
export function compared(model, state) {
  const numbers = state.differ.split(",").map((id) => model.byId.get(id));
  return numbers.length === 2 && !numbers.includes(undefined) ? numbers : [];
}

const passes = (model, state, row) =>
  state.filter === "every" || state.filter === row.kind || (state.filter === "doubted" && (row.doubted || row.nodes.some((at) => state.mended.has(model.name(at)))));

export const SORTS = [
  ["", "spread over languages"],
  ["count", "told by most"],
  ["order", "order of the articles"],
];

function order(model, state) {
  const column = model.byId.get(state.sort);
  const unsure = (row) => row.probability < model.sure;
  const keys = {
    count: (row) => [!unsure(row), row.carried, row.spread],
    order: (row) => [],
    spread: (row) => [!unsure(row), row.spread, row.carried],
    column: (row) => [standing(row, column), !unsure(row), row.spread],
  };
  const by = keys[column !== undefined ? "column" : state.sort] ?? keys.spread;
  return (one, other) => {
    const [mine, theirs] = [by(one), by(other)];
    const place = mine.findIndex((key, number) => key !== theirs[number]);
    return place >= 0 ? theirs[place] - mine[place] : one.position - other.position || one.nodes[0] - other.nodes[0];
  };
}
