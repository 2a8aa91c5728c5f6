// Articles side by side: choosing a sentence lights up its counterparts in every other column.

import { remember } from "./address.js";
import { doubted, el, sentence, within } from "./dom.js";
import { visible } from "./groups.js";
import { absent } from "./table.js";
import { doubting, hint } from "./translation.js";

export function parallel(model, state) {
  state.chosen = model.named(state.chosen)?.id ?? "";
  const shown = visible(model, state);
  const node = el("div", { class: "parallel", style: `--cols:${shown.length}`, role: "group", "aria-label": "Articles side by side" });
  const light = (row, origin) => lightUp(node, model, state, row, origin);
  node.append(...shown.map((number) => telling(model, state, number, light)));
  node.addEventListener("keydown", (event) => stroll(node, event, () => light(null)));
  if (!shown.length) node.append(el("p", { class: "nothing" }, "All sources are hidden. Show some with the buttons above."));
  if (state.chosen) requestAnimationFrame(() => light(model.named(state.chosen)));
  return node;
}

function telling(model, state, number, light) {
  const column = model.columns[number];
  const own = model.articles.map((article, at) => ({ article, at })).filter(({ article }) => article.column === number);
  const row = model.named(state.chosen);
  const holding = row?.cells.find(([at]) => model.articles[at].column === number)?.[0];
  const at = holding ?? state.articles.get(number) ?? own[0].at;
  const node = el("section", { class: "telling", "data-country": column.country, "data-column": number });
  const pick = (event) => {
    state.articles.set(number, Number(event.target.value));
    fill(Number(event.target.value));
    if (state.chosen) light(model.named(state.chosen), node);
  };
  const select = el(
    "select",
    { "aria-label": `Article of ${column.name}`, onchange: pick },
    own.map(({ article, at: value }) =>
      el("option", { value, selected: value === at }, [article.date, article.title || "untitled"].filter(Boolean).join(" · ")),
    ),
  );
  const text = el("div", { class: "text" });
  const fill = (value) => {
    select.value = value;
    node.dataset.article = value;
    text.replaceChildren(...sentences(model, state, value, light));
    text.scrollTop = 0;
  };
  node.append(
    el(
      "header",
      {},
      el("div", { class: "who", dir: "auto" }, column.name),
      own.length > 1 ? select : "",
      el("div", { class: "status", "aria-live": "polite" }),
    ),
    text,
  );
  fill(at);
  node.fill = fill;
  return node;
}

function sentences(model, state, at, light) {
  const article = model.articles[at];
  const heading = el("h3", { lang: article.lang, dir: "auto" });
  const title = article.title || "untitled article";
  heading.append(
    article.url ? el("a", { href: article.url, target: "_blank", rel: "noopener noreferrer" }, title) : title,
  );
  return [
    heading,
    el("div", { class: "dateline" }, article.date, " ", article.changed ? el("span", { class: "chip", title: article.changed }, "changed after publication") : ""),
    ...article.sentences.map(({ paragraph }, index) => {
      const row = model.rowOf(at, index);
      return el(
        "div",
        {
          class: `s ${row.kind}${paragraph ? " para" : ""}`,
          role: "button",
          tabindex: "0",
          "aria-pressed": "false",
          "data-row": row.id,
          [doubted(article.sentences[index]) ? "data-tip" : "title"]: hint(model, article.sentences[index], row),
          onclick: (event) => String(document.getSelection()) || light(row, event.currentTarget),
        },
        sentence(model, article, index, state),
        doubted(article.sentences[index]) && state.text !== "original" ? el("i", { class: "doubt", role: "img", "aria-label": doubting(article.sentences[index]) }, "doubted") : "",
        within("search", { like: `${article.id}:${index}` }, "Find similar"),
      );
    }),
  ];
}

// Lights the row's sentences; every other column scrolls its own to the height of the one chosen.
function lightUp(node, model, state, row, origin) {
  state.chosen = row && !(origin?.classList.contains("lit") && state.chosen === row.id) ? row.id : "";
  remember(state);
  const home = origin?.closest(".telling");
  for (const column of node.querySelectorAll(".telling")) {
    const number = Number(column.dataset.column);
    const mine = state.chosen ? row.cells.filter(([at]) => model.articles[at].column === number) : [];
    const here = mine.some(([at]) => at === Number(column.dataset.article));
    if (mine.length && !here && column !== home) column.fill(mine[0][0]);
    for (const one of column.querySelectorAll(".s")) {
      const lit = state.chosen !== "" && one.dataset.row === state.chosen;
      one.classList.toggle("lit", lit);
      one.setAttribute("aria-pressed", String(lit));
    }
    const silent = state.chosen !== "" && !mine.length;
    column.classList.toggle("mute", silent);
    column.querySelector(".status").textContent = silent
      ? absent(model.columns[number].articles)
      : mine.length
        ? mine.length === 1 ? "says it" : `in ${mine.length} sentences`
        : "";
    const first = column.querySelector(".lit");
    if (first && column !== home) bring(first, column.querySelector(".text"), home ? origin : null);
  }
}

function bring(one, text, origin) {
  const frame = text.getBoundingClientRect();
  const wanted = origin ? origin.getBoundingClientRect().top : frame.top + frame.height / 3;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  text.scrollBy({ top: one.getBoundingClientRect().top - wanted, behavior: calm ? "instant" : "smooth" });
}

function stroll(node, event, clear) {
  const at = event.target;
  if (event.key === "Escape") return clear();
  if (!at.classList?.contains("s")) return undefined;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    return at.click();
  }
  const own = [...at.parentElement.querySelectorAll(".s")];
  const columns = [...node.querySelectorAll(".telling")];
  const place = columns.indexOf(at.closest(".telling"));
  const beside = (step) => {
    const column = columns[place + step];
    return column?.querySelector(`.s[data-row="${at.dataset.row}"]`) ?? column?.querySelector(".s");
  };
  const next = {
    ArrowDown: () => own[own.indexOf(at) + 1],
    ArrowUp: () => own[own.indexOf(at) - 1],
    ArrowRight: () => beside(1),
    ArrowLeft: () => beside(-1),
  }[event.key]?.();
  if (!next) return undefined;
  event.preventDefault();
  return next.focus();
}
