// The statement table: a row per statement, a column per source, a hole where a source is silent.

const MANY = 60; // exclusives beyond this stay folded, per source, until asked for

function table(model, state) {
  const shown = model.columns.map((_, number) => number).filter((number) => !state.hidden.has(number));
  const body = el("div", { class: "body", role: "rowgroup", tabindex: "-1" });
  const head = el(
    "div",
    { class: "head", role: "rowgroup" },
    el(
      "div",
      { class: "row", role: "row" },
      el("div", { class: "cov", role: "columnheader" }, "carried by"),
      shown.map((number) => columnHead(model.columns[number])),
    ),
  );
  head.addEventListener("scroll", () => (body.scrollLeft = head.scrollLeft));
  body.addEventListener("scroll", () => (head.scrollLeft = body.scrollLeft));
  const node = el(
    "div",
    { class: "table", role: "table", "aria-label": "Statements", style: `--cols:${shown.length}` },
    head,
    body,
  );
  const items = lines(model, state, shown);
  if (!items.length) body.append(el("p", { class: "nothing" }, "No statement matches. Clear the search or show more sources."));
  unroll(
    body,
    items,
    (item) => (item.fold ? fold(model, state, item) : entry(model, state, shown, item)),
    () => body.isConnected,
  );
  body.addEventListener("keydown", (event) => walk(body, event));
  return node;
}

function columnHead(column) {
  return el("div", { role: "columnheader", class: "who", "data-country": column.country, dir: "auto" }, column.name);
}

// What the table lists, in order: statements, then per source its exclusives under a foldable line.
function lines(model, state, shown) {
  const rows = matching(model, state).filter(
    (row) => state.filter === "every" || state.filter === row.kind,
  );
  const shared = rows.filter((row) => row.kind !== "one");
  const alone = rows.filter((row) => row.kind === "one");
  const items = [...shared];
  for (const number of shown) {
    const own = alone.filter((row) => row.columns.has(number));
    if (!own.length) continue;
    const open = state.folds.get(number) ?? (alone.length <= MANY || state.query !== "");
    items.push({ fold: true, number, count: own.length, open });
    if (open) items.push(...own);
  }
  return items;
}

// The rows that name the query and that a shown source carries.
function matching(model, state) {
  return model.rows.filter(
    (row) =>
      [...row.columns].some((number) => !state.hidden.has(number)) &&
      (!state.query || row.words.includes(state.query)),
  );
}

function fold(model, state, { number, count, open }) {
  const { name, country } = model.columns[number];
  const flip = () => {
    state.folds.set(number, !open);
    state.redraw();
  };
  return el(
    "div",
    { class: "fold", role: "row", "data-country": country },
    el(
      "div",
      { role: "cell" },
      el(
        "button",
        { type: "button", "aria-expanded": String(open), onclick: flip },
        el("i", { class: "twist", "aria-hidden": "true" }),
        "Only ",
        el("b", { dir: "auto" }, name),
        ` · ${plural(count, "sentence")} no other source has`,
      ),
    ),
  );
}

function entry(model, state, shown, row) {
  const node = el("div", { class: `entry ${row.kind}` });
  const line = el(
    "div",
    { class: "row", role: "row" },
    coverage(model, state, row, () => unfold(model, state, row, node)),
    shown.map((number) => cell(model, state, row, number)),
    silence(model, shown, row),
  );
  line.addEventListener("click", (event) => {
    if (event.target.closest("button, a") || String(document.getSelection())) return;
    unfold(model, state, row, node);
  });
  node.append(line);
  if (state.open.has(row.id)) unfold(model, state, row, node);
  return node;
}

function coverage(model, state, row, flip) {
  const carried = row.columns.size;
  const dots = model.columns.map((column, number) =>
    el("i", { class: row.columns.has(number) ? "on" : null, "data-country": column.country }),
  );
  const only = row.kind === "one" ? model.columns[[...row.columns][0]].name : "";
  return el(
    "div",
    { class: "cov", role: "rowheader" },
    el(
      "button",
      {
        type: "button",
        class: "opener",
        "aria-expanded": "false",
        "aria-label": `${carried} of ${row.of} sources; show originals and context`,
        onclick: flip,
      },
      el("span", { class: "n" }, el("b", {}, carried), ` of ${row.of}`),
      el("span", { class: "dots" }, dots),
      el("small", { dir: "auto" }, only ? `only ${only}` : sure(row.probability)),
    ),
  );
}

function cell(model, state, row, number) {
  const { country, name, articles } = model.columns[number];
  if (!row.columns.has(number)) {
    return el("div", { class: "hole", role: "cell" }, absent(articles));
  }
  return el(
    "div",
    { class: "cell", role: "cell", "data-country": country },
    el("div", { class: "who", dir: "auto" }, name),
    row.cells
      .filter(([article]) => model.articles[article].column === number)
      .map(([article, index]) => el("div", { class: "one" }, sentence(model, model.articles[article], index, state))),
  );
}

// Never 100 %: a calibrated probability is not a promise.
const sure = (probability) => `${Math.min(99, Math.round(100 * probability))} % sure`;
const absent = (articles) => `no match in its ${plural(articles, "article")}`;

// For narrow screens, where holes take no room of their own.
function silence(model, shown, row) {
  const silent = shown.filter((number) => !row.columns.has(number)).map((number) => model.columns[number]);
  if (!silent.length) return "";
  const names = silent.map((column) => `${column.name} (0 of ${plural(column.articles, "article")})`);
  return el("div", { class: "silent", "aria-hidden": "true" }, `silent: ${names.join(", ")}`);
}

function unfold(model, state, row, node) {
  const open = node.classList.toggle("open");
  state.open[open ? "add" : "delete"](row.id);
  node.querySelector(".opener").setAttribute("aria-expanded", String(open));
  if (!open) return node.querySelector(".detail").remove();
  const show = () => state.choose(row.id);
  return node.append(
    el(
      "div",
      { class: "detail", role: "row" },
      el(
        "div",
        { role: "cell" },
        el("div", { class: "traces" }, row.cells.map(([article, index]) => trace(model, model.articles[article], index, row))),
        el("button", { type: "button", class: "link", onclick: show }, "Show in the articles, side by side"),
      ),
    ),
  );
}

// One sentence with all that traces it: neighbours, translation, engine, score, article, date, link.
function trace(model, article, index, row) {
  const column = model.columns[article.column];
  const { text, translation, engine, score, probability } = article.sentences[index];
  const near = (at) => (article.sentences[at] ? `${article.sentences[at].text}` : "");
  const foreign = article.lang !== model.reader;
  const title = article.title || "untitled article";
  const notes = [
    `sentence ${index + 1} of ${article.sentences.length}`,
    row.kind === "one" ? "no counterpart" : `${sure(probability)}, margin ${score.toFixed(2)}`,
    translation ? engine : foreign ? "no translation" : "",
  ];
  return el(
    "article",
    { class: "trace", "data-country": column.country },
    el("header", {}, el("b", { dir: "auto" }, column.name), article.date ? el("span", {}, article.date) : ""),
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
    translation ? el("p", { class: "translated", lang: model.reader, dir: "auto" }, translation) : "",
    el("footer", {}, notes.filter(Boolean).join(" · ")),
  );
}

function walk(body, event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const stops = [...body.querySelectorAll(".opener, .fold button")];
  const at = stops.indexOf(event.target);
  if (!step || at < 0) return;
  event.preventDefault();
  stops[at + step]?.focus();
}
