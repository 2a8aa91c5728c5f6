// What was found, in groups. All of it is text nodes.

const drawnBefore = new WeakMap();

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".found");
  if (drawnBefore.get(root) === data.key) return;
  drawnBefore.set(root, data.key);
  root.replaceChildren(...data.groups.map((group) => section(data, group)));
}

function section(data, { title, sub, country, demo, hits }) {
  return el(
    "section",
    { class: "group", "data-country": country },
    title
      ? el("header", {}, el("h3", { dir: "auto" }, title), demo ? el("span", { class: "chip" }, "demo text") : "", el("span", { class: "quiet", dir: "auto" }, sub))
      : "",
    el("ol", {}, hits.map((place) => el("li", {}, hit(data, data.hits[place])))),
  );
}

function hit(data, one) {
  const [article] = one.at.split(":");
  const title = one.title || "untitled article";
  return el(
    "article",
    { class: "trace", "data-country": one.country },
    el(
      "header",
      {},
      el("div", {}, data.named ? el("b", { dir: "auto" }, one.source) : "", data.named && one.demo ? el("span", { class: "chip" }, "demo text") : "", el("span", {}, [one.date, one.language, data.named ? one.countryName : ""].filter(Boolean).join(" · ")), one.changed ? el("span", { class: "chip", title: one.changed }, "changed after publication") : ""),
      how(data, one),
    ),
    el("div", { class: one.translation ? "sides" : null }, said(data, one)),
    el(
      "footer",
      {},
      el(
        "span",
        { class: "title", lang: one.titleLang, dir: "auto" },
        one.url ? el("a", { href: one.url, target: "_blank", rel: "noopener noreferrer" }, title) : title,
      ),
      one.event ? within("compare", { event: one.event, at: `${article}:${one.start}` }, "Open in the comparison") : el("span", { class: "quiet", title: "No other article of the library is on the same happening" }, "in no event"),
      within("search", { like: one.at }, "Find similar"),
    ),
  );
}

// By what it was found, and how sure it is that it says the same. A few words say little that could be said again.
function how(data, one) {
  const sure = words(data, one.probability);
  return el(
    "div",
    { class: "how" },
    one.new ? el("span", { class: "chip new" }, "new") : "",
    one.ways.map((way) => el("span", { class: "chip", title: `${WAYS[way]}. That it says the same is ${sure}.` }, way)),
    data.short && !one.ways.includes("meaning") ? "" : el("span", { class: "odds", title: "Probability of saying the same as the query" }, sure),
  );
}

// The sentence between its neighbours, and its translation.
function said(data, one) {
  return [
    el(
      "p",
      { class: "context", lang: one.lang, dir: "auto" },
      one.before ? el("span", {}, one.before, " ") : "",
      el("strong", {}, one.pieces.map(([text, sought]) => (sought ? el("mark", {}, text) : text))),
      one.after ? el("span", {}, " ", one.after) : "",
    ),
    translationBelow(data.reader, one),
  ];
}

const WAYS = {
  meaning: "Found by its meaning",
  word: "Has words of the query, in some form",
  name: "Has the name, as another form or script writes it",
  near: "Comes near in meaning",
  phrase: "Has the exact phrase",
};
