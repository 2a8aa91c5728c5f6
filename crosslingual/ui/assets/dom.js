// Building blocks. All outside text becomes text nodes or attribute values, never markup.

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

export const plural = (count, one, many = `${one}s`) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

// Never 100 %: a calibrated probability is not a promise. Rounded as in report/words.py, whose words these are.
export const percent = (probability) => Math.max(1, Math.min(99, Math.floor(100 * probability + 0.5)));
export const word = (model, probability) => model.words.find(([least]) => percent(probability) >= least)[1];
export const words = (model, probability) => `${word(model, probability)} · ${percent(probability)}\u202f%`;

// Below a sentence: what it is in the reader's language, who made that and what is doubted of it.
export function translationBelow(reader, one) {
  if (!one.translation) return one.lang === reader ? "" : el("p", { class: "by" }, "not translated yet");
  return el(
    "div",
    {},
    el("p", { class: "translated", lang: reader, dir: "auto" }, one.translation),
    el("p", { class: "by" }, `translated: ${one.made}`, one.doubts ? el("span", { class: "doubt" }, `doubted: ${one.doubts}`) : ""),
  );
}

// A text in its own language, with what the reader searches for marked, and what differs where it comes in ``parts``.
export function prose(kind, text, lang, query, parts, tag = "div") {
  const node = el(tag, { class: kind, lang: lang || null, dir: "auto" });
  for (const part of parts ?? [{ text }])
    node.append(...(part.kind ? [el("mark", { class: `d ${part.kind}`, "data-tip": part.about }, ...sought(part.text, query))] : sought(part.text, query)));
  return node;
}

function sought(text, query) {
  const folded = text.toLowerCase();
  if (!query || folded.length !== text.length) return [text];
  const found = [];
  let from = 0;
  for (let at = folded.indexOf(query); at >= 0; at = folded.indexOf(query, from)) {
    found.push(text.slice(from, at), el("mark", {}, text.slice(at, at + query.length)));
    from = at + query.length;
  }
  return [...found, text.slice(from)];
}

const LONG = 1200; // characters

// The address of a page of the app, read in the same language.
function addressOf(page, params) {
  const address = new URLSearchParams(params);
  const read = new URLSearchParams(location.search).get("read");
  if (read) address.set("read", read);
  // The page that comes first has no name in the address.
  return `./${page === "compare" ? "" : page}?${address}`;
}

// Goes there without loading the app anew, as if one had gone there and come back to it.
export function goTo(page, params) {
  const href = addressOf(page, params);
  if (new URL(href, location.href).href === location.href) return;
  history.pushState({}, "", href);
  dispatchEvent(new PopStateEvent("popstate"));
}

// A link to a page of the app. A new tab is the browser's own.
export function within(page, params, caption) {
  const follow = (event) => {
    event.stopPropagation();
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    goTo(page, params);
  };
  return el("a", { class: "link", href: addressOf(page, params), onclick: follow }, caption);
}

// A sentence as the reader wants it: translation, original, or both, the original then small. ``parts`` mark what of the
// original differs: it is shown then.
export function sentence(model, article, index, { text, query }, parts = null) {
  const { text: original, translation } = article.sentences[index];
  if (text === "original" || !translation) return [prose("said", original, article.lang, query, parts)];
  // A runaway translation does not push the rest off the page; the open row has all of it.
  const translated = prose(translation.length > LONG ? "said long" : "said", translation, model.reader, query);
  if (text === "reader" && !parts) return [translated];
  return [translated, prose(parts ? "orig marked" : "orig", original, article.lang, query, parts)];
}

export const doubted = (told) => Boolean(told.doubts?.length);

// One choice of several: a row of radio buttons that look like one control.
export function choice(name, label, options, chosen, pick) {
  return el(
    "div",
    { class: "choice", role: "radiogroup", "aria-label": label },
    options.map(([value, caption, count]) =>
      el(
        "label",
        { class: count === 0 ? "none" : null },
        el("input", { type: "radio", name, value, checked: value === chosen, onchange: () => pick(value) }),
        el("span", {}, caption, count === undefined ? "" : el("b", {}, count.toLocaleString("en"))),
      ),
    ),
  );
}

// Appends nodes in slices while the browser has time, so that thousands of rows never block the page; ``first`` at once.
export function unroll(container, items, make, alive, first) {
  let next = 0;
  const slice = (count) => {
    const end = Math.min(items.length, next + count);
    const fragment = document.createDocumentFragment();
    for (; next < end; next += 1) fragment.append(make(items[next]));
    container.append(fragment);
  };
  slice(Math.max(40, first));
  const later = () => {
    if (!alive()) return;
    slice(60);
    if (next < items.length) setTimeout(later, 16);
  };
  if (next < items.length) setTimeout(later, 60);
}
