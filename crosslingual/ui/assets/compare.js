// Mounts the page's body: figures, cards, tools and one of the two views. State lives as long as the event is shown.

const mounted = new WeakMap();
const LEAST = 30; // per cent at the slider's left end
const MOST = 99;
const AIMED = 130; // pixels from the top, where a row comes to stand that the address names

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".compare");
  const before = mounted.get(root);
  const same = before?.state.event === data.event;
  const state = same ? before.state : fresh(data);
  state.trigger = setTriggerValue;
  state.root = root;
  const switched = `${Boolean(data.marks)} ${data.voices}`; // what the switches say
  if (same && before.key === data.key && before.switched === switched) return hear(root, state, data.said);
  // What was written is kept as a draft until it is stored: a table drawn anew does not take it away.
  if (data.said?.to === state.asked && state.saving) {
    if (!data.said.wrong) state.drafts.delete(state.saving);
    state.saving = null;
  }
  if (same && before.model.reader !== data.reader) state.drafts.clear(); // they are in another language
  const model = prepare(data);
  if (same) carry(before.model, model, state);
  else aim(model, state);
  mounted.set(root, { key: data.key, switched, model, state });
  const typing = same && writing(root, before.model);
  draw(root, model, state);
  if (!same) {
    // The event that a correction was for may have gone; what was said of it is still to be heard.
    state.asked = before?.state.asked;
    state.patience = before?.state.patience;
    state.heard = before ? before.state.heard : data.said?.to;
  }
  hear(root, state, data.said);
  restore(root, model, state);
  if (typing) resume(root, model, typing);
  if (same) remember(state.sure); // another event or language has taken it out of the address
  return undefined;
}

function fresh(data) {
  return {
    event: data.event,
    sure: asked(),
    view: "table",
    filter: "every",
    text: "both",
    query: "",
    hidden: new Set(),
    open: new Set(),
    folds: new Map(),
    articles: new Map(),
    drawn: new Map(),
    drafts: new Map(),
    saving: null,
    mended: new Set(), // stays among the doubted until another filter is chosen
    chosen: null,
    joining: null,
    pending: null,
    strip: null,
  };
}

// The sentence that the address names is shown: its row is opened, and the page goes there.
function aim(model, state) {
  const wanted = new URLSearchParams(location.search).get("at");
  regroup(model, state.sure ?? model.threshold);
  const row = wanted === null ? undefined : model.named(wanted);
  if (!row) return;
  if (row.kind === "one") state.folds.set([...row.columns][0], true);
  state.open.add(row.id);
  Object.assign(state, { aim: wanted, held: { name: row.id, top: AIMED } });
}

// What was set on columns stays with their sources when the event has changed.
function carry(old, model, state) {
  const places = new Map(model.columns.map(({ id }, number) => [id, number]));
  const moved = (number) => places.get(old.columns[number].id);
  state.hidden = new Set([...state.hidden].map(moved).filter((number) => number !== undefined));
  state.folds = new Map([...state.folds].map(([number, open]) => [moved(number), open]));
  state.articles.clear();
}

function draw(root, model, state) {
  const tools = el("div", { class: "tools" });
  const view = el("div", { class: "view" });
  let sources = el("div");
  state.drawn.clear();
  handwork(root, model, state);
  state.threshold = () => state.sure ?? model.threshold;
  state.redraw = () => {
    const look = [state.text, state.query, [...state.hidden]].join("\n");
    if (look !== state.look) {
      state.drawn.clear();
      state.body = null;
    }
    state.look = look;
    drawTools(tools, model, state);
    const left = view.querySelector(".body")?.scrollLeft ?? 0;
    view.replaceChildren(state.view === "table" ? table(model, state) : parallel(model, state));
    if (left) view.querySelector(".body")?.scrollTo({ left, behavior: "instant" });
    markJoining(root, model, state);
  };
  state.recut = () => {
    regroup(model, state.threshold());
    // What an open row says of its neighbours may have changed.
    for (const [key, entry] of state.drawn) if (entry.classList.contains("open")) state.drawn.delete(key);
    const cut = cards(model, state, state.redraw);
    sources.replaceWith(cut);
    sources = cut;
    head.count();
    state.redraw();
  };
  state.choose = (id) => {
    Object.assign(state, { chosen: id, view: "parallel" });
    state.redraw();
    tools.scrollIntoView({ block: "start" });
  };
  const head = figures(model, state);
  const strip = root.querySelector(".strip") ?? el("div", { class: "strip none", role: "status", "aria-live": "polite" });
  root.replaceChildren(head.node, sources, tools, view, corrections(model, state), provenance(model), strip, tips(root));
  state.recut();
  drawStrip(root, state);
}

// The figures that follow the threshold, and the slider that moves it.
function figures(model, state) {
  const counts = el("p", { class: "counts" });
  const said = el("output", { for: "sure" });
  const doubts = model.doubted.reduce((sum, one) => sum + one, 0);
  const show = () => {
    Object.assign(state, { view: "table", filter: "doubted" });
    state.redraw();
    state.root.querySelector("input[value=doubted]")?.focus();
  };
  const slider = el("input", { type: "range", id: "sure", min: LEAST, max: MOST, step: 1, "aria-label": "How sure a match must be" });
  const reset = el("button", { type: "button", class: "link", title: "Back to the default" }, "reset");
  let waiting = false;
  const move = (sure) => {
    state.sure = sure;
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      remember(state.sure);
      state.recut();
    });
  };
  slider.addEventListener("input", () => move(Number(slider.value) / 100));
  slider.addEventListener("dblclick", () => move(null));
  reset.addEventListener("click", () => {
    move(null);
    slider.focus();
  });
  const count = () => {
    const statements = model.rows.filter(({ kind }) => kind !== "one");
    const everyone = statements.filter(({ kind }) => kind === "all").length;
    counts.replaceChildren(
      `${plural(statements.length, "shared statement")}, ${everyone.toLocaleString("en")} carried by all` +
        ` · ${plural(model.rows.length - statements.length, "sentence")} in one source only`,
      ...(doubts ? [" · ", el("button", { type: "button", class: "link", onclick: show }, plural(doubts, "doubted translation"))] : []),
    );
    const threshold = state.threshold();
    if (Number(slider.value) !== percent(threshold) || state.sure === null) slider.value = percent(threshold);
    slider.style.setProperty("--at", `${(100 * (slider.value - LEAST)) / (MOST - LEAST)}%`);
    said.textContent = `${words(model, threshold)} or more`;
    slider.setAttribute("aria-valuetext", said.textContent);
    reset.hidden = state.sure === null;
  };
  const node = el(
    "div",
    { class: "figures" },
    counts,
    el("div", { class: "sure", role: "group", "aria-label": "Threshold" }, el("label", { for: "sure" }, "How sure:"), said, reset, slider),
  );
  return { node, count };
}

// The threshold in the address, so that a view can be shared.
function asked() {
  const given = Number.parseFloat(new URLSearchParams(location.search).get("sure") ?? "");
  return given >= LEAST / 100 && given <= MOST / 100 ? given : null;
}

function remember(sure) {
  const address = new URL(location.href);
  if (sure === null) address.searchParams.delete("sure");
  else address.searchParams.set("sure", sure);
  history.replaceState(history.state, "", address);
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
  if (model.doubted.some(Boolean) || state.mended.size) kinds.push(["doubted", "Doubted", rows.filter((row) => row.doubted).length]);
  else if (state.filter === "doubted" && !state.mended.size) state.filter = "every";
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
  const narrow = (kind) => {
    state.mended.clear();
    set("filter")(kind);
  };
  const filter = choice("filter", "Which statements", kinds, state.filter, narrow);
  const parts = [
    choice("view", "View", views, state.view, set("view")),
    state.view === "table" ? filter : "",
    state.view === "table" ? search : el("span", { class: "hint" }, "Choose a sentence: its counterparts light up. Grey: no other source has it."),
    model.pairs && state.view === "table" ? legend() : "",
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
    el("input", { type: "search", placeholder: "contains…", "aria-label": "Statements that contain", maxlength: "200", value: state.query || null, oninput: type }),
  );
}

function provenance(model) {
  const kind = ({ engine, hand }) => (hand ? "a reader" : engine);
  const engines = new Map();
  for (const told of model.articles.flatMap((article) => article.sentences))
    if (told.engine) engines.set(kind(told), (engines.get(kind(told)) ?? 0) + 1);
  const made = [...engines].map(([engine, count]) => `${engine} (${count.toLocaleString("en")})`).join(", ");
  return el(
    "p",
    { class: "provenance" },
    `Matched in the originals, without translation, by ${model.encoder}. A statement is as sure as the weakest tie that holds it together. `,
    model.caution ? `${model.caution} ` : "",
    made ? `${model.readerName} text by ${made}.` : "",
  );
}
