// Who and what is named: the list of names, or one of them with who names it. All of it is text nodes.

const drawnNames = new WeakMap();
const KINDS_OF_NAMES = { person: "person", place: "place", organisation: "organisation" };
const DOUBT = "Doubtful: perhaps no name, or several";

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".entities");
  if (drawnNames.get(root) === data.key) return;
  drawnNames.set(root, data.key);
  root.classList.add("found");
  root.replaceChildren(...{ list: listed, one: oneName, none: back }[data.view](data));
}

const numberOf = (count) => count.toLocaleString("en");
const question = () => el("span", { class: "unsure", role: "img", title: DOUBT, "aria-label": "doubtful" }, "?");
const share = (count, of) => el("span", { class: "share", "aria-hidden": "true" }, el("i", { style: `width:${of ? (100 * count) / of : 0}%` }));

function listed(data) {
  return [
    el(
      "table",
      { class: "names", "aria-label": "Names" },
      el("thead", {}, el("tr", {}, ["Name", "Kind", "Named by", "Mentions", "Written"].map((name, at) => el("th", { scope: "col", class: CELLS[at] }, name)))),
      el("tbody", {}, data.rows.map((row) => nameRow(data, row))),
    ),
  ];
}

const CELLS = ["name", "kind", "told", "often", "forms"];

function nameRow(data, row) {
  const kind = KINDS_OF_NAMES[row.kind];
  return el(
    "tr",
    {},
    el(
      "th",
      { scope: "row", class: "name", dir: "auto" },
      within("entities", { ...data.params, entity: row.id }, row.name),
      row.doubtful ? question() : "",
      el("small", { class: "narrow" }, kind),
    ),
    el("td", { class: "kind" }, kind),
    el("td", { class: "told" }, share(row.sources, data.of), `${numberOf(row.sources)} of ${numberOf(data.of)}`),
    el("td", { class: "often" }, numberOf(row.mentions)),
    el("td", { class: "forms" }, written(row.forms)),
  );
}

const written = (forms) =>
  forms.map(({ lang, language, forms: own, more }) =>
    el("span", { class: "form" }, el("small", { title: language }, lang), " ", el("span", { lang, dir: "auto" }, own.join(", ")), more ? ` +${numberOf(more)}` : ""),
  );

const back = (data) => [el("p", { class: "back" }, within("entities", data.params, "← All names"))];

function oneName(data) {
  const heading = el("h2", { tabindex: "-1", dir: "auto" }, data.name, data.doubtful ? question() : "");
  // The link that led here goes: who reads by keyboard or ear goes on at the heading, but for who has chosen in a field.
  requestAnimationFrame(() => {
    document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
    if (!document.activeElement?.matches("input, button")) heading.focus({ preventScroll: true });
  });
  return [
    ...back(data),
    el(
      "header",
      { class: "who-is" },
      heading,
      el(
        "p",
        {},
        `${KINDS_OF_NAMES[data.kind]} · named by `,
        el("b", {}, `${numberOf(data.sources)} of ${plural(data.of, "source")}`),
        `, in ${numberOf(data.articles)} of ${plural(data.ofArticles, "article")}, ${data.mentions === 1 ? "once" : `${numberOf(data.mentions)} times`}`,
      ),
      data.doubtful ? el("p", { class: "quiet" }, `${DOUBT}; look at the sentences.`) : "",
      el("p", { class: "forms" }, written(data.forms)),
    ),
    naming(data),
    beside(data),
    el("h3", {}, "Where it is named"),
    ...data.groups.map((group) => sentencesOf(data, group)),
  ];
}

function naming(data) {
  const who = (one) => el("th", { scope: "row", class: "name", "data-country": one.country, dir: "auto" }, one.source, one.demo ? el("span", { class: "chip" }, "demo text") : "");
  return el(
    "table",
    { class: "names naming" },
    el("caption", {}, "Who names it, and who does not"),
    el("thead", {}, el("tr", {}, ["Source", "Articles", "Mentions", "As"].map((name, at) => el("th", { scope: "col", class: ["name", "told", "often", "forms"][at] }, name)))),
    el(
      "tbody",
      {},
      data.naming.map((one) =>
        el(
          "tr",
          {},
          who(one),
          el("td", { class: "told" }, share(one.articles, one.of), `${numberOf(one.articles)} of ${numberOf(one.of)}`),
          el("td", { class: "often" }, numberOf(one.mentions)),
          el("td", { class: "forms", dir: "auto" }, one.forms.join(", ")),
        ),
      ),
      data.silent.map((one) =>
        el(
          "tr",
          { class: "silent" },
          who(one),
          el("td", { class: "told" }, share(0, one.of), `0 of ${numberOf(one.of)}`),
          el("td", { class: "often" }, "0"),
          el("td", { class: "forms" }, "does not name it"),
        ),
      ),
    ),
  );
}

function beside(data) {
  if (!data.beside.length) return "";
  return el(
    "section",
    { class: "beside" },
    el("h3", {}, "Words beside it", data.besideNote ? el("small", {}, ` ${data.besideNote}`) : ""),
    data.beside.map(({ lang, language, words: own }) =>
      el("p", {}, el("small", {}, language), " ", own.map(([word, count]) => el("span", { class: "chip", lang, dir: "auto" }, `${word} ${numberOf(count)}`))),
    ),
  );
}

function sentencesOf(data, group) {
  const left = group.all - group.sentences.length;
  return el(
    "section",
    { class: "group", "data-country": group.country },
    el(
      "header",
      {},
      el("h4", { dir: "auto" }, group.source),
      group.demo ? el("span", { class: "chip" }, "demo text") : "",
      el("span", { class: "quiet" }, left ? `${numberOf(group.sentences.length)} of ${plural(group.all, "sentence")}` : plural(group.all, "sentence")),
    ),
    el("ol", {}, group.sentences.map((one) => el("li", {}, namedIn(data, group, one)))),
  );
}

function namedIn(data, group, one) {
  const title = one.title || "untitled article";
  return el(
    "article",
    { class: "trace", "data-country": group.country },
    el("header", {}, el("span", {}, `${one.date} · ${one.language}`)),
    el(
      "div",
      { class: one.translation ? "sides" : null },
      el("p", { class: "context", lang: one.lang, dir: "auto" }, one.pieces.map(([text, kind]) => (kind ? el("mark", { class: kind, title: kind === "doubtful" ? DOUBT : null }, text) : text))),
      translationBelow(data.reader, one),
    ),
    el(
      "footer",
      {},
      el("span", { class: "title", lang: one.titleLang, dir: "auto" }, one.url ? el("a", { href: one.url, target: "_blank", rel: "noopener noreferrer" }, title) : title),
      one.event ? within("compare", { event: one.event, at: `${one.at.split(":")[0]}:${one.start}` }, "Open in the comparison") : el("span", { class: "quiet" }, "in no event"),
      within("search", { like: one.at }, "Find similar"),
    ),
  );
}
