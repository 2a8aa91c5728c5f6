// Who translated a sentence, what is doubted of it, and correcting it in place.

import { trace } from "./detail.js";
import { doubted, el } from "./dom.js";

const LONGEST = 10000; // characters of a translation, as in answers.py

// Below a sentence in a cell: its engine, its doubts, or why there is no translation.
export function mark(model, article, index, state) {
  const told = article.sentences[index];
  if (state.text === "original" || article.lang === model.reader) return "";
  if (told.translation === null) return el("div", { class: "by none" }, lacking(model, article));
  return el(
    "div",
    { class: "by", title: told.by },
    told.hand ? el("i", { class: "hand", "aria-hidden": "true" }) : "",
    el("span", {}, told.engine),
    doubted(told) ? el("button", { type: "button", class: "doubt", "data-tip": doubting(told), "aria-label": doubting(told) }, "doubted") : "",
  );
}

function lacking(model, article) {
  const none = model.lacking?.[article.lang];
  if (!none) return "not translated yet";
  const tip = `No translator from ${none.name} into ${none.into} is installed. Get one below the table, or run: ${none.get}`;
  return el("button", { type: "button", class: "how", "data-tip": tip, "aria-label": tip }, `no translator for ${none.name}`);
}

export const doubting = (told) => `Translation doubted: ${told.doubts.join("; ")}.`;

// In the articles side by side there is room for a mark only; what it means shows on hover and focus.
export function hint(model, told, row) {
  const carried = row.kind === "one" ? (row.perhaps.size ? "others perhaps say it" : "found in no other source") : `told by ${row.carried} of ${row.of}`;
  return [carried, told.by, doubted(told) ? doubting(told) : ""].filter(Boolean).join(" · ");
}

// In an open row: the translation with all that is known of it, or the form to write another.
export function translated(model, state, at, row) {
  const article = model.articles[model.article[at]];
  const told = model.told(at);
  if (article.lang === model.reader) return "";
  if (state.drafts.has(model.name(at))) return form(model, state, at, row);
  const edit = () => {
    state.drafts.set(model.name(at), told.translation ?? "");
    again(model, state, at, row)?.querySelector("textarea").focus();
  };
  const none = model.lacking?.[article.lang];
  return el(
    "div",
    { class: "rendering" },
    told.translation === null ? "" : el("p", { class: "translated", lang: model.reader, dir: "auto" }, told.translation),
    doubted(told) ? el("p", { class: "doubts" }, el("i", { class: "doubt", "aria-hidden": "true" }, "doubted"), ` ${told.doubts.join("; ")}`) : "",
    told.translation === null && none
      ? el("p", { class: "quiet" }, `No translator from ${none.name} into ${none.into} is installed. To get one: `, el("code", {}, none.get), ...(none.model ? [", or ", el("code", {}, none.model)] : []), ".")
      : "",
    el(
      "p",
      { class: "by" },
      told.hand ? el("i", { class: "hand", "aria-hidden": "true" }) : "",
      el("span", {}, told.by ?? "no translation yet"),
      el("button", { type: "button", class: "link edit", onclick: edit }, told.translation === null ? "Translate it yourself" : "Correct"),
      told.hand ? el("button", { type: "button", class: "link back", onclick: () => state.restore([[article.id, told.start]], row, at) }, "Take back") : "",
    ),
  );
}

function form(model, state, at, row) {
  const name = model.name(at);
  const label = `Your translation into ${model.readerName}`;
  const area = el("textarea", { maxlength: LONGEST, rows: 3, lang: model.reader, dir: "auto", "aria-label": label, spellcheck: "true" });
  area.value = state.drafts.get(name);
  const save = el("button", { type: "button", class: "act save" }, "Save");
  const fit = () => {
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight + 2, 360)}px`;
    save.disabled = !area.value.trim();
  };
  const leave = () => {
    state.drafts.delete(name);
    again(model, state, at, row)?.querySelector(".edit").focus();
  };
  const send = () => area.value.trim() && state.translate(at, area.value, row);
  save.addEventListener("click", send);
  area.addEventListener("input", () => {
    state.drafts.set(name, area.value);
    fit();
  });
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send();
    else if (event.key === "Escape") leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  requestAnimationFrame(fit);
  return el(
    "div",
    { class: "rendering writing" },
    el("p", { class: "label" }, label),
    area,
    el(
      "p",
      { class: "acts" },
      save,
      el("button", { type: "button", class: "act cancel", onclick: leave }, "Cancel"),
      el("span", { class: "quiet" }, "Ctrl + Enter saves, Escape cancels. It is used wherever this sentence stands."),
    ),
  );
}

// Where someone is writing, so that a table drawn anew does not interrupt them.
export function writing(root, model) {
  const area = root.getRootNode().activeElement;
  if (area?.tagName !== "TEXTAREA" || !root.contains(area)) return null;
  return { name: model.name(Number(area.closest(".trace").dataset.at)), span: [area.selectionStart, area.selectionEnd] };
}

export function resume(root, model, { name, span }) {
  const area = root.querySelector(`.trace[data-at="${model.byName.get(name)}"] textarea`);
  area?.focus({ preventScroll: true });
  area?.setSelectionRange(...span);
}

// The sentence's card drawn anew, in the place of the one that is there.
function again(model, state, at, row) {
  const old = state.root.querySelector(`.trace[data-at="${at}"]`);
  if (!old) return null;
  const ticked = old.querySelector(".tick");
  const made = trace(model, state, row, at, ticked ? old.tick : null);
  if (ticked) made.querySelector(".tick").checked = ticked.checked;
  old.replaceWith(made);
  return made;
}

// One bubble for all that has something to say on hover and focus; a title would not show to the keyboard.
export function tips(root) {
  const bubble = el("div", { class: "tip", role: "tooltip", hidden: true });
  let told = null;
  let waved = null; // what Escape has silenced, until it is focused anew
  const focused = () => {
    const at = root.getRootNode().activeElement?.closest?.("[data-tip]");
    return at === waved ? null : at;
  };
  const place = () => {
    if (!told?.isConnected) return hide();
    const at = told.getBoundingClientRect();
    const own = bubble.getBoundingClientRect();
    const over = at.bottom + own.height + 10 > innerHeight;
    bubble.style.left = `${Math.max(8, Math.min(at.left, innerWidth - own.width - 8))}px`;
    bubble.style.top = `${over ? at.top - own.height - 6 : at.bottom + 6}px`;
    return undefined;
  };
  // A page that moves under a mouse at rest must not take away what the keyboard has called up.
  const show = ({ type, target }) => {
    if (type === "focusin") waved = null;
    told = target.closest?.("[data-tip]") ?? focused();
    if (!told) return hide();
    bubble.textContent = told.dataset.tip;
    bubble.hidden = false;
    return place();
  };
  const hide = () => {
    told = null;
    bubble.hidden = true;
  };
  if (!root.tip) {
    for (const kind of ["mouseover", "focusin", "click"]) root.addEventListener(kind, (event) => root.tip.show(event));
    for (const kind of ["mouseleave", "focusout"]) root.addEventListener(kind, () => root.tip.hide());
    root.addEventListener("keydown", (event) => event.key === "Escape" && root.tip.wave());
    // Focus may have to scroll to where it goes: the bubble goes with it.
    document.addEventListener("scroll", () => root.tip.place(), { capture: true, passive: true });
  }
  const wave = () => {
    waved = root.getRootNode().activeElement?.closest?.("[data-tip]");
    hide();
  };
  root.tip = { show, hide, wave, place };
  return bubble;
}
