// One card per source: who it is, what it brought, and whether its column is shown.

function cards(model, state, redraw) {
  const total = model.columns.length;
  const perRow = total <= 8 ? total : Math.ceil(total / Math.ceil(total / 7));
  return el(
    "div",
    { class: "cards", style: `--n:${Math.max(perRow, 3)}`, role: "group", "aria-label": "Sources" },
    model.columns.map((column, number) => card(model, column, number, state, redraw)),
  );
}

function card(model, column, number, state, redraw) {
  const share = column.sentences ? Math.round((100 * model.shared[number]) / column.sentences) : 0;
  const toggle = (event) => {
    state.hidden[event.target.checked ? "delete" : "add"](number);
    event.target.closest(".card").classList.toggle("off", !event.target.checked);
    redraw();
  };
  const facts = [column.countryName || "country and owner not known", column.languages, column.owner].filter(Boolean);
  return el(
    "section",
    { class: `card${state.hidden.has(number) ? " off" : ""}`, "data-country": column.country },
    el(
      "label",
      { class: "name", title: `Show or hide the column of ${column.name}` },
      el("b", { dir: "auto" }, column.name),
      el("input", {
        type: "checkbox",
        checked: !state.hidden.has(number),
        onchange: toggle,
        "aria-label": `Show ${column.name}`,
      }),
    ),
    el(
      "div",
      { class: "known" },
      column.native ? el("span", { class: "native", lang: column.lang, dir: "auto" }, column.native) : "",
      column.demo ? el("span", { class: "chip" }, "demo text") : "",
    ),
    el("div", { class: "facts" }, facts.join(" · ")),
    el(
      "div",
      { class: "bar", role: "img", "aria-label": `${share} % shared, ${100 - share} % only here` },
      el("i", { style: `width:${share}%` }),
      el("i", { style: `width:${100 - share}%` }),
    ),
    el(
      "div",
      { class: "counts" },
      `${plural(column.articles, "article")}, ${plural(column.sentences, "sentence")}`,
      el("br"),
      el("b", {}, `${share} %`),
      " shared · ",
      el("b", {}, `${100 - share} %`),
      " only here",
      model.doubted[number] ? [el("br"), el("span", { class: "doubt" }, plural(model.doubted[number], "doubted translation"))] : "",
    ),
  );
}
