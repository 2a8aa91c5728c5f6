// Counts over the library: lines of a concordance, tables of words, what a source leaves out. All of it is text nodes.

const drawnCounts = new WeakMap();

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".corpus");
  if (drawnCounts.get(root) === data.key) return;
  drawnCounts.set(root, data.key);
  root.classList.add("found");
  root.replaceChildren(...{ lines: concordance, words: tables, silence: oneSilence }[data.show](data));
}

function concordance(data) {
  const beside = data.lines.some((line) => line.beside.length || line.translation);
  return [
    el("ol", { class: "kwic", "aria-label": "Concordance" }, data.lines.map((line) => el("li", {}, kwicLine(line)))),
    beside ? "" : el("p", { class: "quiet" }, "Beside a line stands what another source says of it, once its event was opened on the Compare page."),
    el(
      "table",
      { class: "names counts" },
      el("caption", {}, "By source"),
      heads(["Source", "Hits", "Sentences", "Articles", "Share of articles (95 %)"], [2]),
      el(
        "tbody",
        {},
        data.sources.map((one) =>
          el(
            "tr",
            { class: one.hits ? null : "silent" },
            el("th", { scope: "row", class: "name", "data-country": one.country, dir: "auto" }, one.name),
            el("td", {}, one.hits.toLocaleString("en")),
            el("td", { class: "wide" }, one.sentences.toLocaleString("en")),
            el("td", {}, `${one.articles.toLocaleString("en")} of ${one.of_articles.toLocaleString("en")}`),
            el("td", {}, `${Math.round(100 * one.share)} % (${Math.round(100 * one.share_low)}–${Math.round(100 * one.share_high)})`),
          ),
        ),
      ),
    ),
  ].filter(Boolean);
}

function kwicLine(line) {
  const [other] = line.beside;
  return el(
    "article",
    { "data-country": line.country },
    el(
      "header",
      {},
      el("b", { dir: "auto" }, line.name),
      el("span", {}, [line.date, line.language].filter(Boolean).join(" · ")),
      line.event ? within("compare", { event: line.event, at: line.at }, "Open in the comparison") : within("search", { like: line.like }, "Find similar"),
    ),
    el(
      "p",
      { class: "kwic-text", lang: line.lang, dir: "auto" },
      el("span", { class: "left" }, line.left),
      el("span", { class: "node" }, " ", el("mark", { class: line.cut ? "cut" : null, title: line.cut ? "part of a longer word" : null }, line.keyword), " "),
      el("span", { class: "right" }, line.right),
    ),
    other
      ? el("p", { class: "beside" }, el("b", { "data-country": other.country, dir: "auto" }, other.name), " ", el("span", { lang: other.lang, dir: "auto" }, other.text))
      : line.translation
        ? el("p", { class: "beside" }, el("b", {}, "translated"), " ", el("span", { dir: "auto" }, line.translation))
        : "",
  );
}

const heads = (names, wide) =>
  el("thead", {}, el("tr", {}, names.map((name, at) => el("th", { scope: "col", class: at === 0 ? "name" : wide.includes(at) ? "wide" : null }, name))));

function tables(data) {
  return data.groups.map((group) =>
    group.rows.length === 0 ? el("p", { class: "quiet" }, group.caption) : el(
      "table",
      { class: "names counts" },
      el("caption", {}, group.caption),
      heads(data.heads, data.wide),
      el(
        "tbody",
        {},
        group.rows.map(([name, link, ...figures]) =>
          el(
            "tr",
            {},
            el("th", { scope: "row", class: "name", lang: group.lang || null, dir: "auto" }, link ? within("corpus", link, name) : name),
            figures.map((figure, at) => el("td", { class: data.wide.includes(at + 1) ? "wide" : null }, figure)),
          ),
        ),
      ),
    ),
  );
}

function oneSilence(data) {
  const heading = el("h2", { tabindex: "-1", dir: "auto" }, `${data.name}, ${data.month}`);
  requestAnimationFrame(() => {
    document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
    if (!document.activeElement?.matches("input, button")) heading.focus({ preventScroll: true });
  });
  return [
    el("p", { class: "back" }, within("corpus", data.back, "← All sources and months")),
    el("header", { class: "who-is", "data-country": data.country }, heading, el("p", {}, silenceCounts(data))),
    ...data.events.map((event) => silentEvent(data, event)),
  ];
}

function silenceCounts({ events }) {
  const told = events.filter((event) => event.told);
  const left = told.flatMap((event) => event.statements).filter((one) => !one.perhaps).length;
  const share = `tells ${told.length.toLocaleString("en")} of ${plural(events.length, "event")}`;
  return told.some((event) => event.compared) ? `${share}; ${plural(left, "statement")} of others not found in it` : share;
}

function silentEvent(data, event) {
  const state = !event.told ? "does not tell it" : !event.compared ? "tells it; not compared yet" : event.statements.length ? "leaves out" : "leaves nothing out that two others tell";
  return el(
    "section",
    { class: "group" },
    el("header", {}, el("h3", { dir: "auto" }, within("compare", { event: event.event }, event.title)), el("span", { class: "quiet" }, [event.date, state].filter(Boolean).join(" · "))),
    el(
      "ol",
      {},
      event.statements.map((one) =>
        el(
          "li",
          {},
          el(
            "article",
            { class: "trace", "data-country": one.first.country },
            el("header", {}, el("span", { dir: "auto" }, `told by ${one.sources.join(", ")}`), one.perhaps ? el("span", { class: "chip" }, "it tells it perhaps") : ""),
            el("p", { class: "context", lang: one.first.lang, dir: "auto" }, one.first.text),
            one.first.translation ? el("p", { class: "translated", dir: "auto" }, one.first.translation) : "",
            el("footer", {}, within("compare", { event: event.event, at: one.at }, "Open in the comparison")),
          ),
        ),
      ),
    ),
  );
}
