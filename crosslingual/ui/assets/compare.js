// Mounts the page's body: cards, tools and one of the two views. State lives as long as the event is shown.

const mounted = new WeakMap();

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".compare");
  const key = data.key;
  if (mounted.get(root) === key) return;
  mounted.set(root, key);
  const model = prepare(data);
  const state = {
    view: "table",
    filter: "every",
    text: "both",
    query: "",
    hidden: new Set(),
    open: new Set(),
    folds: new Map(),
    articles: new Map(),
    chosen: null,
  };
  const tools = el("div", { class: "tools" });
  const view = el("div", { class: "view" });
  state.redraw = () => {
    drawTools(tools, model, state);
    view.replaceChildren(state.view === "table" ? table(model, state) : parallel(model, state));
  };
  state.choose = (id) => {
    Object.assign(state, { chosen: id, view: "parallel" });
    state.redraw();
    tools.scrollIntoView({ block: "start" });
  };
  root.replaceChildren(cards(model, state, state.redraw), tools, view, provenance(model));
  state.redraw();
}

// Gives each statement and exclusive one shape, its words for the search, and the way back from a sentence.
function prepare(data) {
  const back = new Map();
  const row = (id, cells, of, probability) => {
    const columns = new Set(cells.map(([article]) => data.articles[article].column));
    const kind = columns.size < 2 ? "one" : columns.size === of ? "all" : "some";
    const said = cells.map(([article, index]) => data.articles[article].sentences[index]);
    const words = said.map(({ text, translation }) => `${text}\n${translation ?? ""}`).join("\n").toLowerCase();
    const made = { id, cells, of, probability, columns, kind, words };
    for (const [article, index] of cells) back.set(`${article}:${index}`, made);
    return made;
  };
  const of = data.columns.length;
  const rows = [
    ...data.statements.map((statement) => row(statement.id, statement.cells, statement.of, statement.probability)),
    ...data.exclusives.map((cell) => row(cell.join("."), [cell], of, 0)),
  ];
  return { ...data, rows, rowOf: (article, index) => back.get(`${article}:${index}`) };
}

function drawTools(tools, model, state) {
  const rows = matching(model, state);
  const count = (kind) => rows.filter((row) => row.kind === kind).length;
  const set = (name) => (value) => {
    state[name] = value;
    state.redraw();
    tools.querySelector(`input[value="${value}"]`)?.focus();
  };
  const kinds = [
    ["every", "All", rows.length],
    ["all", "Carried by all", count("all")],
    ["some", "By some", count("some")],
    ["one", "By one", count("one")],
  ];
  const search = tools.querySelector(".search") ?? searchBox(state);
  const foreign = model.articles.some((article) => article.lang !== model.reader);
  const texts = [
    ["both", "Both"],
    ["reader", model.readerName],
    ["original", "Original"],
  ];
  const views = [
    ["table", "Statements"],
    ["parallel", "Side by side"],
  ];
  const everyone = () => {
    state.hidden.clear();
    for (const box of tools.parentElement.querySelectorAll(".card input")) box.checked = true;
    for (const off of tools.parentElement.querySelectorAll(".card.off")) off.classList.remove("off");
    state.redraw();
  };
  const filter = choice("filter", "Which statements", kinds, state.filter, set("filter"));
  const parts = [
    choice("view", "View", views, state.view, set("view")),
    state.view === "table" ? filter : "",
    state.view === "table" ? search : el("span", { class: "hint" }, "Choose a sentence: its counterparts light up. Grey: no other source has it."),
    state.hidden.size
      ? el("button", { type: "button", class: "link", onclick: everyone }, `Show all ${model.columns.length} sources`)
      : "",
    foreign ? choice("text", "Language of the text", texts, state.text, set("text")) : "",
  ].filter(Boolean);
  const typing = search.contains(search.getRootNode().activeElement);
  if (typing) {
    // The box stays where it is while someone types in it.
    tools.querySelector(".choice[aria-label='Which statements']").replaceWith(filter);
    return;
  }
  tools.replaceChildren(...parts);
}

function searchBox(state) {
  let timer;
  const type = ({ target: { value } }) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      state.query = value.trim().toLowerCase();
      state.redraw();
    }, 120);
  };
  return el(
    "div",
    { class: "search" },
    el("input", { type: "search", placeholder: "contains…", "aria-label": "Statements that contain", maxlength: "200", oninput: type }),
  );
}

function provenance(model) {
  const engines = new Map();
  for (const { engine } of model.articles.flatMap((article) => article.sentences))
    if (engine) engines.set(engine, (engines.get(engine) ?? 0) + 1);
  const made = [...engines].map(([engine, count]) => `${engine} (${count.toLocaleString("en")})`).join(", ");
  return el(
    "p",
    { class: "provenance" },
    `Matched in the originals, without translation, by ${model.encoder}. “Sure” is the probability of the weakest link of a statement. `,
    made ? `${model.readerName} text by ${made}.` : "",
  );
}
