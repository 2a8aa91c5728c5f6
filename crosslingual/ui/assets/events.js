// The list of events: what it is narrowed to stands in the address; a row opens to be corrected. All of it is text nodes.

const drawnLists = new WeakMap();
const OLDEST_YEAR = "1000"; // a year that is still being typed is earlier
const WAIT = 20000; // milliseconds until a silent app is said to be silent

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".events");
  const state = drawnLists.get(root) ?? { key: "", heard: data.said?.to, asked: null, said: null };
  state.trigger = setTriggerValue;
  if (state.key === data.key) return;
  const wasOpen = state.opened;
  Object.assign(state, { key: data.key, opened: data.opened?.id, root });
  drawnLists.set(root, state);
  if (data.said && data.said.to !== state.heard) {
    state.heard = data.said.to;
    clearTimeout(state.patience);
    if (data.said.to === state.asked) state.said = data.said;
  }
  const focus = nameOf(root.getRootNode().activeElement);
  root.replaceChildren(folded(data, state, filterForm(data)), applied(data), news(data, state), told(data, state), listOf(data, state), pager(data), undoable(data, state));
  const heading = state.opened && state.opened !== wasOpen ? root.querySelector(".correct h4") : null;
  (heading ?? [...root.querySelectorAll("[name], [data-focus]")].find((node) => nameOf(node) === focus))?.focus();
}

const nameOf = (node) => (node && (node.dataset?.focus || node.getAttribute?.("name"))) || null;

// The address with some of it changed; another page of the list or an opened event is not kept.
function changed(data, changes) {
  const params = new URLSearchParams(data.params);
  for (const [name, value] of Object.entries(changes)) {
    params.delete(name);
    for (const one of [value].flat()) if (one) params.append(name, one);
  }
  return params;
}

const narrow = (data, changes) => goTo("events", changed(data, changes));

// On a phone the fields are folded.
function folded(data, state, form) {
  if (!matchMedia("(max-width: 700px)").matches) return form;
  const toggle = ({ target }) => (state.unfolded = target.open);
  return el("details", { class: "fields", open: Boolean(state.unfolded), ontoggle: toggle }, el("summary", { "data-focus": "fields" }, "Filter and sort"), form);
}

function filterForm(data) {
  const { filters } = data;
  const field = (label, input) => {
    input.id = `narrow-${input.name}`;
    return el("div", { class: "field" }, el("label", { for: input.id }, label), input);
  };
  const text = (name, placeholder) =>
    el("input", { type: "search", name, value: filters[name] || null, placeholder, maxlength: "200", autocomplete: "off", onchange: ({ target }) => narrow(data, { [name]: target.value.trim() }) });
  const day = (name) =>
    el("input", { type: "date", name, value: filters[name] || null, onchange: ({ target: { value } }) => (!value || value >= OLDEST_YEAR) && narrow(data, { [name]: value }) });
  const more = (name, every, any) =>
    el(
      "select",
      { name, onchange: ({ target }) => target.value && narrow(data, { [name]: [...filters[name], target.value] }) },
      el("option", { value: "" }, any),
      every.filter(([value]) => !filters[name].includes(value)).map(([value, caption]) => el("option", { value }, caption)),
    );
  const sorted = el(
    "select",
    { name: "sort", onchange: ({ target }) => narrow(data, { sort: target.value === data.orders[0][0] ? "" : target.value }) },
    data.orders.map(([value, caption]) => el("option", { value, selected: value === filters.sort }, caption)),
  );
  const send = (event) => {
    event.preventDefault();
    const { q, entity } = event.target.elements;
    narrow(data, { q: q.value.trim(), entity: entity.value.trim() });
  };
  return el(
    "form",
    { class: "narrowing", role: "search", "aria-label": "Narrow the list", onsubmit: send },
    field("Words in a title", text("q", "summit, 峰会 …")),
    field("Names", text("entity", "Putin, 普京, Путин …")),
    field("From", day("from")),
    field("To", day("to")),
    field("Language", more("lang", data.langs, "any")),
    field("Source", more("source", data.sources, "any")),
    field("Order", sorted),
    el("input", { type: "submit", value: "Show", class: "unseen", tabindex: "-1", "aria-hidden": "true" }),
  );
}

// What the list is narrowed to, each to be taken away.
function applied(data) {
  const { filters } = data;
  const called = (every, value) => every.find(([one]) => one === value)?.[1] ?? value;
  const without = (name, value) => ({ [name]: [filters[name]].flat().filter((one) => one !== value) });
  const chips = [
    ...(filters.q ? [[`title: ${filters.q}`, { q: "" }]] : []),
    ...(filters.entity ? [[`names ${filters.entity}`, { entity: "" }]] : []),
    ...(filters.from ? [[`from ${filters.from}`, { from: "" }]] : []),
    ...(filters.to ? [[`to ${filters.to}`, { to: "" }]] : []),
    ...filters.lang.map((value) => [called(data.langs, value), without("lang", value)]),
    ...filters.source.map((value) => [called(data.sources, value), without("source", value)]),
    ...(filters.new ? [["with new articles", { new: "" }]] : []),
  ];
  if (!chips.length) return "";
  const chip = ([caption, change]) => el("button", { type: "button", class: "applied", dir: "auto", title: "Take this filter away", onclick: () => narrow(data, change) }, caption, el("span", { "aria-hidden": "true" }, " ✕"));
  return el("p", { class: "chosen-filters" }, chips.map(chip), chips.length > 1 ? within("events", filters.sort === data.orders[0][0] ? {} : { sort: filters.sort }, "Clear all") : "");
}

function news(data, state) {
  const seen = el("button", { type: "button", class: "link", "data-focus": "seen", onclick: () => ask(state, { action: "seen" }) }, "Mark all as seen");
  const only = data.filters.new ? "" : within("events", changed(data, { new: "1" }), "Only these");
  return el(
    "div",
    { class: "standing" },
    el("p", { class: "counted", role: "status" }, data.problem || counted(data)),
    el("p", { class: data.grown ? "news" : "quiet" }, data.news, data.grown ? [" ", only, " ", data.canWrite ? seen : ""] : ""),
  );
}

function counted(data) {
  if (!data.found) return data.all ? "No event is so. Take a filter away." : "";
  const part = data.pages > 1 ? `${data.first.toLocaleString("en")}–${data.last.toLocaleString("en")} of ` : "";
  return `${part}${plural(data.found, "event")}${data.found < data.all ? ` of ${data.all.toLocaleString("en")}` : ""}`;
}

function told(data, state) {
  const lines = [];
  if (data.lost) lines.push(el("p", { class: "told wrong", role: "alert" }, "The opened event is not listed: it has fewer than two articles now, or is not in this library."));
  if (state.said) {
    const { text, undo, wrong } = state.said;
    const back = () => ask(state, { action: "undo", id: undo });
    lines.push(el("p", { class: `told${wrong ? " wrong" : ""}`, role: wrong ? "alert" : "status", dir: "auto" }, text, undo ? el("button", { type: "button", class: "act", "data-focus": "undo", onclick: back }, "Undo") : ""));
  }
  return el("div", {}, lines);
}

const listOf = (data, state) => el("ol", { class: "event-list", start: data.first || 1 }, data.rows.map((row) => el("li", { class: row.id === state.opened ? "opened" : null }, eventRow(data, state, row))));

function eventRow(data, state, row) {
  const open = row.id === state.opened;
  const page = data.page > 1 ? { page: String(data.page) } : {};
  const toggle = within("events", changed(data, open ? page : { ...page, open: row.id }), open ? "Close" : "Correct");
  toggle.setAttribute("aria-expanded", String(open));
  toggle.setAttribute("aria-label", `${open ? "Close" : "Correct"}: ${row.title || "untitled event"}`);
  toggle.dataset.focus = `correct ${row.id}`;
  const title = within("compare", { event: row.id }, row.title || "Untitled event");
  title.dir = "auto";
  title.lang = row.lang;
  return [
    el(
      "article",
      { class: "event", "aria-label": row.title || "Untitled event" },
      el("div", { class: "what" }, el("h3", {}, title, row.language ? el("small", { class: "chip" }, row.language) : ""), row.growth ? el("p", { class: "growth", dir: "auto" }, row.growth) : ""),
      el("p", { class: "days" }, row.days || "without a date"),
      el("p", { class: "sources" }, plural(row.sources, "source")),
      el("p", { class: "langs", title: plural(row.articles, "article") }, row.langs.map(([name, count]) => el("span", {}, name, " ", el("b", {}, count.toLocaleString("en")))), row.more ? el("span", {}, `+ ${plural(row.more, "language")}`) : ""),
      el("p", { class: "ways" }, within("timeline", { event: row.id }, "Timeline"), within("entities", { event: row.id }, "Entities"), data.canWrite ? toggle : ""),
    ),
    open && data.canWrite ? correcting(data, state, row) : "",
  ];
}

function correcting(data, state, row) {
  const { articles, others } = data.opened;
  const name = el("input", { type: "text", name: "title", value: row.title || null, maxlength: "300", dir: "auto", "aria-label": "Title of the event" });
  const target = (label) => el("select", { "aria-label": label }, el("option", { value: "" }, "Choose an event"), others.map(([id, caption]) => el("option", { value: id }, caption)));
  const into = target("Event to merge with");
  const onto = target("Event to move the article to");
  const act = (caption, onclick, props = {}) => el("button", { type: "button", class: "act", onclick, ...props }, caption);
  const boxes = articles.map((one) => el("input", { type: "checkbox", value: one.id, onchange: () => able() }));
  const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);
  const send = (request) => ask(state, { ...request, event: row.id });
  const merge = act("Merge", () => into.value && send({ action: "merge", other: into.value }));
  const split = act("Put into an event of their own", () => send({ action: "split", articles: chosen() }));
  const move = act("Move", () => send({ action: "move", other: onto.value, articles: chosen() }));
  const able = () => {
    merge.disabled = !into.value;
    split.disabled = !chosen().length || chosen().length === row.articles;
    move.disabled = chosen().length !== 1 || !onto.value;
  };
  into.addEventListener("change", able);
  onto.addEventListener("change", able);
  able();
  return el(
    "section",
    { class: "correct", "aria-label": "Correct this event" },
    el("h4", { tabindex: "-1" }, "Correct this event"),
    el("p", { class: "quiet" }, "Each correction can be undone, and is heeded by what is added later. The id of the event: ", el("code", {}, row.id)),
    el("p", { class: "line" }, el("span", {}, "Title"), name, act("Rename", () => send({ action: "rename", title: name.value })), row.renamed ? act("Take an article’s title again", () => send({ action: "rename", title: "" })) : ""),
    others.length ? el("p", { class: "line" }, el("span", {}, "The same as"), into, merge) : "",
    el(
      "fieldset",
      {},
      el("legend", {}, articles.length < row.articles ? `The first ${articles.length} of ${plural(row.articles, "article")}` : plural(row.articles, "article")),
      el("ul", {}, articles.map((one, at) => el("li", {}, el("label", {}, boxes[at], el("span", {}, el("b", { dir: "auto" }, one.source), ` ${[one.day, one.language].filter(Boolean).join(" · ")} `, one.new ? el("span", { class: "chip new" }, "new") : "", " ", el("span", { lang: one.lang, dir: "auto" }, one.title || "untitled article")))))),
      el("p", { class: "line" }, el("span", {}, "Those chosen"), split, ...(others.length ? [el("span", {}, "or one to"), onto, move] : [])),
    ),
  );
}

function ask(state, request) {
  state.asked = `${Date.now()}.${Math.random()}`;
  state.trigger("correction", { ...request, number: state.asked });
  clearTimeout(state.patience);
  state.patience = setTimeout(() => {
    const line = el("p", { class: "told wrong", role: "alert" }, "No answer from the app yet. If it was stopped, start it and reload this page; what was saved is kept.");
    state.root.querySelector(".standing")?.after(line);
  }, WAIT);
}

function pager(data) {
  if (data.pages < 2) return "";
  const to = (page, caption) => (page >= 1 && page <= data.pages ? within("events", changed(data, { page: page > 1 ? String(page) : "" }), caption) : el("span", { class: "quiet" }, caption));
  return el("nav", { class: "pager", "aria-label": "Pages of the list" }, to(data.page - 1, "← Previous"), el("span", {}, `Page ${data.page.toLocaleString("en")} of ${data.pages.toLocaleString("en")}`), to(data.page + 1, "Next →"));
}

function undoable(data, state) {
  if (!data.undoable.length || !data.canWrite) return "";
  const line = ({ id, text, day }) => el("li", {}, el("span", { dir: "auto" }, text), " ", el("small", {}, `${day} UTC`), el("button", { type: "button", class: "act", "aria-label": `Undo: ${text}`, onclick: () => ask(state, { action: "undo", id }) }, "Undo"));
  return el("details", { class: "made" }, el("summary", {}, `Corrections of events by hand (${data.undoable.length})`), el("ul", {}, data.undoable.map(line)));
}
