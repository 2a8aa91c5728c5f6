// Sources in groups: by the language they tell the event in, or by country; the reader's language first.

const COLOURS = {
  en: "#2c7a59", zh: "#b3372f", ru: "#2f5fb3", de: "#80610f", fr: "#7b4397", uk: "#9c5800", ja: "#a8325f", es: "#0b7285", ar: "#55651b", it: "#4a6b8a",
  CN: "#b3372f", RU: "#2f5fb3", GB: "#2c7a59", US: "#0b7285", DE: "#80610f", FR: "#7b4397", UA: "#9c5800", JP: "#a8325f", QA: "#7a2e4d",
};
const OTHERS = ["#4a5568", "#8a3d6b", "#35605a", "#6b4f1d", "#45518f", "#7d3c22"];
const PHONE = 700; // pixels
export const WHOLE = 25; // sources up to which no group is collapsed

export function grouped(model, state) {
  const found = new Map();
  const own = (column) => (column.toldIn === model.reader ? 0 : 1);
  const order = [...model.columns.keys()].sort((one, other) => own(model.columns[one]) - own(model.columns[other]) || one - other);
  for (const number of order) {
    const column = model.columns[number];
    const [key, name] =
      state.by === "country" ? [column.country || "-", column.countryName || "Country not known"] : [column.toldIn || "-", column.toldInName || "Other"];
    const group = found.get(key) ?? { key, name, every: [], shown: [] };
    group.every.push(number);
    if (!state.hidden.has(column.id)) group.shown.push(number);
    found.set(key, group);
  }
  return [...found.values()].map((group, place) => ({ ...group, colour: COLOURS[group.key] ?? OTHERS[place % OTHERS.length] }));
}

// The numbers of the sources that are shown, in their order on the screen.
export const visible = (model, state) => grouped(model, state).flatMap(({ shown }) => shown);

// What stands in the columns of the matrix: sources, or a whole group where it is collapsed.
export function layout(model, state, narrow) {
  const groups = grouped(model, state).filter(({ shown }) => shown.length);
  const whole = !narrow && groups.reduce((sum, { shown }) => sum + shown.length, 0) <= WHOLE;
  return groups.map((group) => ({ ...group, open: whole !== state.groups.has(group.key) }));
}

// Whether it is a phone's screen, on which groups are collapsed and the statement stands on top.
export const isNarrow = ({ width }) => width < PHONE;
