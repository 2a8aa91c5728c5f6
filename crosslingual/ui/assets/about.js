// What is known of a source, and what can be done with it: called up at its name.

import { el, plural } from "./dom.js";
import { grouped } from "./groups.js";

export function about(model, state, number, opener) {
  const root = opener.getRootNode();
  state.root.querySelector(".about")?.remove();
  const column = model.columns[number];
  const share = column.sentences ? Math.round((100 * model.shared[number]) / column.sentences) : 0;
  const facts = [column.countryName || "Country not known", column.languages || column.toldInName, column.owner].filter(Boolean);
  const picked = state.picked.has(column.id);
  const mates = grouped(model, state).find(({ every }) => every.includes(number));
  const panel = el("div", { class: "about", role: "dialog", "aria-label": column.name, style: `--c:${mates.colour}` });
  const close = () => {
    panel.remove();
    root.querySelector(`[data-source="${CSS.escape(column.id)}"]`)?.focus();
  };
  const act = (caption, change) =>
    el(
      "button",
      {
        type: "button",
        class: "act",
        onclick: () => {
          panel.remove();
          change();
          root.querySelector(`[data-source="${CSS.escape(column.id)}"]`)?.focus();
        },
      },
      caption,
    );
  panel.append(
    el("header", {}, el("b", { dir: "auto" }, column.name), el("button", { type: "button", class: "close", "aria-label": "Close", onclick: close }, "×")),
    column.native || column.demo
      ? el("p", { class: "known" }, column.native ? el("span", { class: "native", lang: column.lang, dir: "auto" }, column.native) : "", column.demo ? el("span", { class: "chip" }, "demo text") : "")
      : "",
    el("p", { class: "facts" }, facts.join(" · ")),
    el("p", { class: "counts" }, `${plural(column.articles, "article")}, ${plural(column.sentences, "sentence")}`, el("br"), el("b", {}, `${share}\u202f%`), " shared · ", el("b", {}, `${100 - share}\u202f%`), " only here"),
    model.doubted[number] ? el("p", { class: "doubt" }, plural(model.doubted[number], "doubted translation")) : "",
    el(
      "div",
      { class: "acts" },
      act(state.sort === column.id ? "Sort as it came" : "Sort by this source", () => state.go({ sort: state.sort === column.id ? "" : column.id })),
      act("Hide this source", () => state.flip("hidden", column.id)),
      act(picked ? "Take out of the text columns" : "Put into the text columns", () => state.pickText(column.id)),
      act("What only it says", () => state.exclusives(number)),
    ),
  );
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  });
  panel.addEventListener("focusout", ({ relatedTarget }) => relatedTarget && !panel.contains(relatedTarget) && panel.remove());
  state.root.append(panel);
  const at = opener.getBoundingClientRect();
  const own = panel.getBoundingClientRect();
  panel.style.left = `${Math.max(8, Math.min(at.left, innerWidth - own.width - 8))}px`;
  panel.style.top = `${Math.max(64, Math.min(at.bottom + 4, innerHeight - own.height - 8))}px`;
  panel.querySelector(".act").focus({ preventScroll: true });
}
