// Beside the lanes: who led, the statements in time; or a statement with who told it when; or what stands at a mark.

import { el, plural, within } from "./dom.js";

const AT_ONCE = 60; // statements of the list
const LEADS = 8; // sources of the table that are shown at first

export function panelOf(data, state) {
  const parts = state.statement ? oneStatement(data, state) : state.marked.length ? markedArticles(data, state) : data.events ? eventList(data) : overview(data, state);
  return el("aside", { class: "time-panel", "aria-label": "Details" }, parts);
}

const backTo = (state, focus) => el("p", { class: "back" }, el("button", { type: "button", class: "link", onclick: () => state.choose({}, focus) }, "← All"));
const headed = (text, props = {}) => el("h2", { tabindex: "-1", dir: "auto", ...props }, text);
const titleOf = (article) => article.title || "untitled article";

// The sentence of a statement that stands for it: in the reader's language, translated into it, or the first told.
function standsFor(data, tellings) {
  const found = tellings.map(([article, index]) => ({ told: data.sentences[`${article}:${index}`], lang: data.articles[article].lang }));
  const one = found.find(({ lang }) => lang === data.reader) ?? found.find(({ told }) => told.translation) ?? found[0];
  return one.told.translation && one.lang !== data.reader ? { text: one.told.translation, lang: data.reader } : { text: one.told.text, lang: one.lang };
}

function overview(data, state) {
  if (!data.statements.length) return [headed("Nothing told by two"), el("p", { class: "quiet" }, "No two sources were found to say the same, so who was first cannot be told. Compare shows what is less sure when its slider “How sure” is moved to the left. The lanes show when each article appeared.")];
  const rows = data.leads.filter((lead) => lead.slice(1).some(Boolean)).sort((one, other) => other[1] - one[1] || other[2] - one[2]);
  const left = data.statements.length - Math.max(state.shown, AT_ONCE);
  return [
    headed("Who was first"),
    el(
      "table",
      { class: "time-leads" },
      el("thead", {}, el("tr", {}, ["Source", "First", "Tied", "Later", "No date"].map((name) => el("th", { scope: "col", title: name === "Tied" ? "Among the first of several whose order is not known" : null }, name)))),
      el("tbody", {}, rows.slice(0, state.allLeads ? rows.length : LEADS).map(([column, ...counts]) => el("tr", {}, el("th", { scope: "row", dir: "auto", "data-country": data.columns[column].country }, data.columns[column].name), counts.map((count) => el("td", {}, count ? count.toLocaleString("en") : "–"))))),
    ),
    rows.length > LEADS && !state.allLeads ? el("button", { type: "button", class: "link", onclick: () => { state.allLeads = true; state.choose({}, ".time-list button"); } }, `Show ${plural(rows.length - LEADS, "more source")}`) : "",
    data.leads.some((lead) => lead[1]) ? "" : el("p", { class: "quiet" }, "No article of these has a time that says which was first: of one day, all are tied."),
    el("h3", {}, "Statements, in the order they were first told"),
    el("ol", { class: "time-list" }, data.statements.slice(0, Math.max(state.shown, AT_ONCE)).map((line) => el("li", {}, statementButton(data, state, line)))),
    left > 0 ? el("button", { type: "button", class: "link", onclick: () => { state.shown = Infinity; state.choose({}, `.time-list li:nth-child(${AT_ONCE + 1}) button`); } }, `Show ${plural(left, "more statement")}`) : "",
  ];
}

function statementButton(data, state, { id, tellings }) {
  const { text, lang } = standsFor(data, tellings);
  const [article, , role] = tellings[0];
  const n = new Set(tellings.map(([at]) => data.articles[at].column)).size;
  const tied = new Set(tellings.filter(([, , one]) => one === "tied").map(([at]) => data.articles[at].column)).size;
  const who = role === "first" ? `${data.columns[data.articles[article].column].name} first` : role === "tied" ? `${tied} tied` : "no date";
  return el(
    "button",
    { type: "button", class: "time-choice", "data-id": id, onclick: () => state.choose({ statement: { id } }) },
    el("span", { class: "quiet" }, `${who} · ${data.articles[article].when} · ${plural(n, "source")}`),
    el("span", { lang, dir: "auto" }, text),
  );
}

function oneStatement(data, state) {
  const { id, tellings } = state.statement;
  const { text, lang } = standsFor(data, tellings);
  return [
    backTo(state, `[data-id="${CSS.escape(id)}"]`),
    headed(text, { lang, class: "time-title" }),
    el("ol", { class: "time-told" }, tellings.map((telling) => el("li", {}, tellingCard(data, telling)))),
  ];
}

function tellingCard(data, [at, index, role, delay, before]) {
  const article = data.articles[at];
  const column = data.columns[article.column];
  return el(
    "article",
    { class: "trace", "data-country": column.country },
    el("header", {}, el("b", { dir: "auto" }, column.name), el("span", {}, article.when)),
    el("p", { class: `time-role ${role}` }, before < 0 ? delay : `${delay}, after ${data.columns[before].name}`),
    ...sentenceParts(data, at, index),
    el("footer", {}, compareLink(data, at, index)),
  );
}

function sentenceParts(data, at, index) {
  const { text, translation, gist, by, doubts } = data.sentences[`${at}:${index}`];
  const { lang } = data.articles[at];
  return [
    el("p", { class: "context", lang, dir: "auto" }, text),
    translation
      ? el("p", { class: "translated", lang: data.reader, dir: "auto" }, translation, " ", el("small", { class: "quiet" }, by), doubts ? el("small", { class: "doubt" }, ` doubted: ${doubts.join("; ")}`) : "")
      : gist?.length
        ? el("p", { class: "quiet" }, `Not translated. It has: ${gist.join(" · ")}`)
        : "",
  ];
}

const compareLink = (data, at, index) => within("compare", { event: data.event, at: `${data.articles[at].id}:${data.sentences[`${at}:${index}`].start}` }, "Open in the comparison");

function markedArticles(data, state) {
  return [
    backTo(state, ".time-mark"),
    headed(plural(state.marked.length, "article")),
    ...state.marked.map((at) => {
      const article = data.articles[at];
      const column = data.columns[article.column];
      const own = (data.statements ?? []).flatMap((line) => line.tellings.filter(([one]) => one === at).map((telling) => [line, telling]));
      const event = data.events?.[article.event];
      return el(
        "article",
        { class: "trace", "data-country": column.country },
        el("header", {}, el("b", { dir: "auto" }, column.name), el("span", {}, article.when)),
        el("p", { class: "title", lang: article.lang, dir: "auto" }, article.url ? el("a", { href: article.url, target: "_blank", rel: "noopener noreferrer" }, titleOf(article)) : titleOf(article)),
        event
          ? el("footer", {}, el("span", { class: "quiet", dir: "auto" }, `${article.event + 1}. ${event.title}`), within("timeline", { event: event.id }, "Timeline of this event"), within("compare", { event: event.id, at: `${article.id}:0` }, "Open in the comparison"))
          : el("ol", { class: "time-told" }, own.map(([line, telling]) => el("li", {}, el("p", { class: `time-role ${telling[2]}` }, telling[4] < 0 ? telling[3] : `${telling[3]}, after ${data.columns[telling[4]].name}`), ...sentenceParts(data, at, telling[1]), el("p", { class: "time-links" }, el("button", { type: "button", class: "link", onclick: () => state.choose({ statement: { id: line.id } }) }, `Who else: ${plural(new Set(line.tellings.map(([one]) => data.articles[one].column)).size, "source")}`), compareLink(data, at, telling[1]))))),
        data.statements && !own.length ? el("p", { class: "quiet" }, "No sentence of it stands in a statement of two sources.") : "",
      );
    }),
  ];
}

function eventList(data) {
  return [
    headed("The events of this story"),
    el(
      "ol",
      { class: "time-told" },
      data.events.map((event, at) =>
        el("li", {}, el("article", { class: "trace" }, el("header", {}, el("b", {}, `${at + 1}. ${event.dates}`), el("span", {}, plural(event.sources, "source"))), el("p", { class: "title", dir: "auto" }, event.title), el("footer", {}, within("timeline", { event: event.id }, "Timeline of this event"), within("compare", { event: event.id }, "Open in the comparison")))),
      ),
    ),
  ];
}
