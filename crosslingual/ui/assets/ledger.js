// The ledger of figures: a figure a row, with its values, who gave them and when; a row opens its sentences.

import { csvBlob, putOnClipboard } from "./copy.js";
import { el, plural, within } from "./dom.js";

const LEDGER_DOUBT = "Doubtful: what it counts or its value could not be told";

export function ledger(data) {
  if (!data.groups.length) return [el("p", { class: "nothing" }, data.empty)];
  return [
    copyLedger(data),
    el(
      "table",
      { class: "names ledger", "aria-label": "Figures" },
      el("thead", {}, el("tr", {}, ["Of what", "Values", "Revised", "Sources"].map((name, at) => el("th", { scope: "col", class: LEDGER_CELLS[at] }, name)))),
      data.groups.map((group) => figureRows(data, group)),
    ),
  ];
}

// A line for each mention of what the table shows.
function copyLedger(data) {
  const said = el("span", { role: "status" });
  const lines = data.groups.flatMap((group) =>
    group.mentions.map((one) => [group.what, one.value, one.doubt, one.source, one.according, one.when, one.revision ? "revised" : "", one.conflict ? "in conflict" : "", one.pieces.map(([text]) => text).join("")]),
  );
  const copy = async () => {
    const done = await putOnClipboard("text/plain", csvBlob([["of what", "value", "doubt", "source", "according to", "published", "revision", "conflict", "sentence"], ...lines])).then(() => true, () => false);
    said.textContent = done ? " copied" : " this browser does not let a page copy; take the CSV";
  };
  return el("p", { class: "ledger-copy" }, el("button", { type: "button", class: "link", onclick: copy }, "Copy as CSV what is shown"), said);
}

const LEDGER_CELLS = ["what", "values", "revised", "told"];

function figureRows(data, group) {
  const detail = el("tr", { class: "ledger-detail", hidden: true }, el("td", { colspan: "4" }));
  const opener = el(
    "button",
    {
      type: "button",
      class: "link",
      "aria-expanded": "false",
      onclick: () => {
        const open = detail.toggleAttribute("hidden");
        opener.setAttribute("aria-expanded", String(!open));
        if (!open && !detail.firstChild.firstChild) detail.firstChild.append(mentionsOf(data, group));
      },
    },
    el("i", { class: "twist", "aria-hidden": "true" }),
    group.what,
  );
  return el(
    "tbody",
    { class: group.conflicts.length ? "conflicting" : null },
    el(
      "tr",
      {},
      el("th", { scope: "row", class: "what", dir: "auto" }, opener),
      el("td", { class: "values" }, group.values.map(([value, times]) => el("span", { class: "chip", dir: "auto" }, value, times > 1 ? el("small", {}, ` × ${times}`) : ""))),
      el("td", { class: "revised" }, group.revised ? el("span", { title: group.doubt || null }, group.revised) : "", group.conflicts.length ? el("p", { class: "wrong" }, el("b", {}, "Conflict: "), group.conflicts.join("; ")) : "", group.doubt ? el("p", { class: "quiet" }, `Doubtful: ${group.doubt}`) : ""),
      el("td", { class: "told" }, plural(group.sources, "source")),
    ),
    detail,
  );
}

function mentionsOf(data, group) {
  return el(
    "ol",
    { class: "time-told" },
    group.mentions.map((one) =>
      el(
        "li",
        {},
        el(
          "article",
          { class: "trace", "data-country": one.country },
          el("header", {}, el("span", {}, el("b", { dir: "auto" }, one.source), ` · ${one.when}`), el("span", {}, one.revision ? el("span", { class: "chip" }, "revised") : "", one.conflict ? el("span", { class: "chip" }, "in conflict") : "")),
          el("p", {}, el("b", { dir: "auto" }, one.value), one.doubt ? el("span", { class: "unsure", role: "img", title: `${LEDGER_DOUBT}: ${one.doubt}`, "aria-label": `doubtful: ${one.doubt}` }, "?") : "", one.according ? el("span", { class: "quiet" }, " according to ", el("span", { lang: one.lang, dir: "auto" }, one.according)) : ""),
          el("p", { class: "context", lang: one.lang, dir: "auto" }, one.pieces.map(([text, marked]) => (marked ? el("mark", {}, text) : text))),
          one.translation ? el("p", { class: "translated", lang: data.reader, dir: "auto" }, one.translation) : one.gist?.length ? el("p", { class: "quiet" }, `Not translated. It has: ${one.gist.join(" · ")}`) : "",
          el("footer", {}, within("compare", { event: data.event, at: one.at }, "Open in the comparison")),
        ),
      ),
    ),
  );
}
