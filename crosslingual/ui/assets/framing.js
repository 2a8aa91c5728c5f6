// A table of figures, each of which opens to the sentences it rests on. It can be sorted, and copied as CSV or as a picture.
// All of it is text nodes.

const FIRST = 12; // groups of sentences shown before the rest is asked for
const shownBefore = new WeakMap();

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".framing");
  if (shownBefore.get(root) === data.key) return;
  shownBefore.set(root, data.key);
  root.replaceChildren(figures(data), tips(root));
}

function figures(data) {
  const body = el("tbody");
  const size = data.columns.length + 1;
  const lines = data.rows.map((row) => line(data, row, size));
  body.append(...lines);
  const heads = [data.corner, ...data.columns].map((name, at) => head(data, name, at, body, lines));
  return el(
    "figure",
    {},
    el("figcaption", {}, el("b", {}, data.title), data.note ? ` ${data.note}` : "", copying(data), data.marks ? legend([...KINDS.slice(0, -1), "clause", "words"]) : ""),
    el(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": data.title },
      el(
        "table",
        { class: `grid ${data.look}`, style: `--n:${data.columns.length}` },
        el("thead", {}, el("tr", {}, heads)),
        body,
      ),
    ),
  );
}

// A heading that sorts: the largest first, then the smallest, then as it was; names the other way about.
function head(data, name, at, body, lines) {
  const node = el("th", { scope: "col", dir: "auto" });
  const button = el("button", { type: "button", class: "sort", title: `Sort by ${name}` }, el("span", {}, name));
  button.addEventListener("click", () => {
    const steps = at ? ["descending", "ascending", ""] : ["ascending", "descending", ""];
    const step = steps[(steps.indexOf(node.getAttribute("aria-sort") ?? "") + 1) % steps.length];
    for (const other of node.parentElement.children) other.removeAttribute("aria-sort");
    if (step) node.setAttribute("aria-sort", step);
    for (const open of body.querySelectorAll("[aria-expanded=true]")) open.click();
    const order = lines.map((_, place) => place);
    const values = data.rows.map((row) => weight(row, at));
    const sign = step === "ascending" ? 1 : -1;
    if (step) order.sort((one, other) => sign * compared(values[one], values[other]) || one - other);
    body.append(...order.map((place) => lines[place]));
  });
  node.append(button);
  return node;
}

// What a row is sorted by: of "3 of 9" the share, else the first number, else the words.
function weight(row, at) {
  if (!at) return row.text;
  const { shade: dark, share, text } = row.cells[at - 1];
  const number = /[-\u2212]?\d[\d,]*(\.\d+)?/.exec(text)?.[0];
  const value = number ? Number(number.replaceAll(",", "").replace("\u2212", "-")) : text;
  return text.includes(" of ") ? share ?? dark ?? value : value;
}

function compared(one, other) {
  if (typeof one === "number" && typeof other === "number") return one - other;
  if (typeof one === typeof other) return one.localeCompare(other);
  return typeof one === "number" ? 1 : -1;
}

function copying(data) {
  const said = el("span", { role: "status" });
  const button = (caption, kind, content) => {
    const node = el("button", { type: "button", class: "link copy" }, caption);
    node.addEventListener("click", async () => {
      const done = await putOnClipboard(kind, content(data)).then(() => true, () => false);
      said.textContent = done ? " copied" : " this browser does not let a page copy; the report has the tables";
    });
    return node;
  };
  return el("span", { class: "copying" }, button("Copy as CSV", "text/plain", plain), " ", button("as picture", "image/png", png), said);
}

const plain = (data) => csvBlob(csvRows(data));
const png = (data) => new Promise((done, wrong) => drawTable(data).toBlob((made) => (made ? done(made) : wrong(new Error("too large"))), "image/png"));

function csvRows(data) {
  const rows = data.rows.map((row) => [row.text, ...row.cells.map(({ text, sub }) => (sub ? `${text} (${sub})` : text))]);
  return [[data.corner, ...data.columns], ...rows];
}

function line(data, row, size) {
  const node = el("tr", { "data-row": row.id });
  node.append(
    el(
      "th",
      { scope: "row" },
      el("div", { class: "label", lang: row.lang || null, dir: "auto", title: row.text.length > 90 ? row.text : null }, row.text),
      row.chip ? el("span", { class: "chip" }, row.chip) : "",
      row.sub ? el("small", { dir: "auto" }, row.sub) : "",
    ),
    ...row.cells.map((cell, number) => el("td", { class: cell.look || null, style: shade(cell) }, figure(data, row, cell, number, node, size))),
  );
  return node;
}

const shade = ({ shade: value }) => (value === null ? null : `background: rgb(0 114 178 / ${Math.round(45 * value)}%)`);

function figure(data, row, cell, number, node, size) {
  const inside = [
    cell.share === null ? "" : el("span", { class: "track", "aria-hidden": "true" }, el("i", { style: `width:${Math.round(100 * cell.share)}%` })),
    el("span", { class: "value", lang: cell.lang || null, dir: cell.lang ? "auto" : null }, cell.text),
    cell.sub ? el("small", { dir: "auto" }, cell.sub) : "",
  ];
  if (!cell.groups.length) return el("div", { class: "plain" }, inside);
  const button = el("button", { type: "button", class: "figure", "aria-expanded": "false", "aria-label": `${row.text.slice(0, 80)}, ${data.columns[number]}: ${cell.text} ${cell.sub}; show the sentences` }, inside);
  button.addEventListener("click", () => {
    const before = node.nextElementSibling?.classList.contains("evidence") ? node.nextElementSibling : null;
    const again = button.getAttribute("aria-expanded") === "true";
    before?.remove();
    for (const other of node.querySelectorAll("[aria-expanded=true]")) other.setAttribute("aria-expanded", "false");
    if (again) return;
    button.setAttribute("aria-expanded", "true");
    node.after(el("tr", { class: "evidence" }, el("td", { colspan: size }, el("div", { class: "inner" }, opened(data, row, cell, number, button)))));
  });
  return button;
}

function opened(data, row, cell, number, button) {
  const list = el("div", { class: "groups" });
  const groups = cell.groups.map((at) => data.groups[at]);
  let next = 0;
  const more = el("button", { type: "button", class: "act" });
  const show = (count) => {
    for (const end = Math.min(next + count, groups.length); next < end; next += 1) list.append(group(data, groups[next]));
    more.hidden = next >= groups.length;
    more.textContent = `Show ${(groups.length - next).toLocaleString("en")} more`;
  };
  more.addEventListener("click", () => show(groups.length));
  show(FIRST);
  return [
    el(
      "header",
      {},
      el("b", { dir: "auto" }, row.text.length > 90 ? `${row.text.slice(0, 88)} …` : row.text),
      ` · ${data.columns[number]}: ${cell.text}`,
      el("button", { type: "button", class: "link", onclick: () => (button.click(), button.focus()) }, "Close"),
    ),
    list,
    more,
  ];
}

function group(data, { title, note, items, beside }) {
  const list = el("div", { class: beside ? "sides" : "cards" });
  const rest = el("button", { type: "button", class: "act small" }, `Show all ${items.length.toLocaleString("en")}`);
  const shown = items.length > FIRST + 2 ? FIRST : items.length;
  list.append(...items.slice(0, shown).map((item) => card(data, item)));
  rest.hidden = shown === items.length;
  rest.addEventListener("click", () => {
    list.append(...items.slice(shown).map((item) => card(data, item)));
    rest.hidden = true;
  });
  return el(
    "section",
    {},
    title ? el("h4", { dir: "auto" }, title) : "",
    note.map((text) => el("p", { class: "quiet", dir: "auto" }, text)),
    list,
    rest,
  );
}

// A sentence with its source, date, link, original, and translation with who made it.
function card(data, { at, note, parts }) {
  const told = data.sentences[at];
  const article = data.articles[told.article];
  const text = (parts ?? [{ text: told.text }]).map(({ text: piece, kind }) => (kind ? el("mark", { class: `d ${kind}`, "data-tip": CAPTIONS[kind] ?? kind }, piece) : piece));
  const title = article.title || "untitled";
  return el(
    "article",
    { class: "trace", "data-country": article.country },
    el("header", {}, el("b", { dir: "auto" }, article.source), el("span", {}, [article.language, article.date].filter(Boolean).join(" · "))),
    el(
      "p",
      { class: "from", lang: article.lang, dir: "auto" },
      article.url ? el("a", { href: article.url, target: "_blank", rel: "noopener noreferrer" }, title) : title,
    ),
    el("p", { class: "said", lang: article.lang, dir: "auto" }, text),
    told.translation
      ? [
          el("p", { class: "translated", lang: data.reader, dir: "auto" }, told.translation),
          el("p", { class: "by" }, `translated: ${told.made}`, told.doubts ? el("span", { class: "doubt" }, told.doubts) : ""),
        ]
      : article.lang === data.reader ? "" : el("p", { class: "by" }, "not translated yet"),
    el(
      "footer",
      {},
      note ? el("span", { dir: "auto" }, note) : "",
      within("search", { like: `${told.article}:${at.slice(at.lastIndexOf("-") + 1)}` }, "Find similar"),
    ),
  );
}
