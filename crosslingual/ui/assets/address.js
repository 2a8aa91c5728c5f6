// What the reader does stands in the address, so that back, forward, reload and a shared link restore it. Nothing in an
// address is trusted: words are those of a list, names those that the event has, and all of it is bounded.

const LISTS = { hidden: "hide", picked: "pick", groups: "groups", folds: "only", open: "open", why: "why" };
const WORDS = {
  view: ["view", ["matrix", "table", "parallel"]],
  filter: ["show", ["every", "all", "some", "one", "doubted"]],
  text: ["text", ["both", "reader", "original"]],
  by: ["by", ["language", "country"]],
  readable: ["can", ["all", "read"]],
};
const FREE = { query: "has", sort: "sort", differ: "differ", chosen: "lit" };
const MOST = 100; // entries of a list
const WIDE = 200; // characters
export const LEAST = 30; // per cent at the slider's left end
export const UTMOST = 99;

export function parse(search) {
  const params = new URLSearchParams(search);
  const given = (name) => (params.get(name) ?? "").slice(0, WIDE * MOST);
  const found = { sure: threshold(given("sure")) };
  for (const [field, name] of Object.entries(LISTS)) found[field] = new Set(given(name).split(",").filter(Boolean).slice(0, MOST));
  for (const [field, [name, known]] of Object.entries(WORDS)) found[field] = known.includes(given(name)) ? given(name) : known[0];
  for (const [field, name] of Object.entries(FREE)) found[field] = given(name).slice(0, WIDE);
  return found;
}

export function threshold(text) {
  const given = Number.parseFloat(text);
  return given >= LEAST / 100 && given <= UTMOST / 100 ? Math.round(100 * given) / 100 : null;
}

// The address of what is shown; what is as it comes is left out.
function address(state) {
  const now = new URL(location.href);
  const set = (name, value) => (value ? now.searchParams.set(name, value) : now.searchParams.delete(name));
  set("event", state.event);
  set("sure", state.sure === null ? "" : String(state.sure));
  for (const [field, name] of Object.entries(LISTS)) set(name, [...state[field]].slice(0, MOST).join(","));
  for (const [field, [name, known]] of Object.entries(WORDS)) set(name, state[field] === known[0] ? "" : state[field]);
  for (const [field, name] of Object.entries(FREE)) set(name, state[field]);
  return now;
}

// A new entry of the history for each thing done; what goes on, such as typing or sliding, stays in one.
export function remember(state, going = "") {
  const there = new URLSearchParams(location.search).get("event");
  if (going === "quiet" && there && there !== state.event) return; // one has gone on to another event, which is on its way
  const now = address(state);
  if (now.href === location.href) return;
  const same = going === "" ? false : going === state.going;
  state.going = going;
  if (going === "quiet" || same) history.replaceState(history.state, "", now);
  else history.pushState({}, "", now);
}
