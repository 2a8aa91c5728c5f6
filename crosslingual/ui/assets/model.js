// The comparison as the browser holds it. A sentence is a node: its number when the articles stand one after another.

function prepare(data) {
  const starts = [];
  const article = [];
  const index = [];
  for (const [number, { sentences }] of data.articles.entries()) {
    starts.push(article.length);
    for (const at of sentences.keys()) {
      article.push(number);
      index.push(at);
    }
  }
  const node = (at, place) => starts[at] + place;
  const name = (at) => `${data.articles[article[at]].id}:${told(at).start}`;
  const told = (at) => data.articles[article[at]].sentences[index[at]];
  const near = article.map(() => []);
  for (const [a, i, b, j, probability, score] of data.links) {
    near[node(a, i)].push({ other: node(b, j), probability, score });
    near[node(b, j)].push({ other: node(a, i), probability, score });
  }
  for (const links of near) links.sort((one, other) => other.probability - one.probability);
  const model = {
    ...data,
    article,
    index,
    near,
    pairs: pairs(data, node),
    node,
    name,
    told,
    column: article.map((at) => data.articles[at].column),
    search: article.map((_, at) => `${told(at).text}\n${told(at).translation ?? ""}`.toLowerCase()),
    bonds: data.bonds.map(([a, i, b, j, probability, correction, beside]) => ({ one: node(a, i), other: node(b, j), probability, correction, beside })),
    byName: new Map(article.map((_, at) => [name(at), at])),
    corrections: data.corrections.map((correction) => ({
      ...correction,
      one: correction.one.map(([a, i]) => node(a, i)),
      other: correction.other.map(([a, i]) => node(a, i)),
    })),
  };
  const { byHand, parted } = hands(model.corrections);
  model.doubted = data.columns.map((_, number) => article.filter((_, at) => model.column[at] === number && doubted(told(at))).length);
  model.handled = byHand;
  model.parted = parted;
  model.rowOf = (at, place) => model.home[node(at, place)];
  model.named = (wanted) => model.home[model.byName.get(wanted)];
  return model;
}

// The sentences that a person has put where they are, and the pairs that were parted by hand and not joined since.
function hands(corrections) {
  const byHand = new Set();
  const parted = new Set();
  for (const { kind, one, other } of corrections) {
    for (const at of kind === "joined" ? [...one, ...other] : one) byHand.add(at);
    for (const a of one)
      for (const b of other) {
        const pair = a < b ? `${a}-${b}` : `${b}-${a}`;
        parted[kind === "joined" ? "delete" : "add"](pair);
      }
  }
  return { byHand, parted };
}

// Cuts the bonds at a threshold, as statements_at does in Python: what still hangs together is a row.
function regroup(model, threshold) {
  const group = model.article.map((_, at) => ({ nodes: [at], probability: 1, bonds: 0, made: 0 }));
  for (const { one, other, probability, correction, beside } of model.bonds) {
    if (probability < threshold || beside) continue;
    let [kept, gone] = [group[one], group[other]];
    if (kept === gone) continue;
    if (kept.nodes.length < gone.nodes.length) [kept, gone] = [gone, kept];
    kept.probability = Math.min(probability, kept.probability, gone.probability);
    kept.bonds += gone.bonds + 1;
    kept.made += gone.made + (correction ? 1 : 0);
    for (const at of gone.nodes) group[at] = kept;
    kept.nodes.push(...gone.nodes);
  }
  // A sentence that says what another row says stands there as well, and joins nothing.
  for (const { one, other, probability, beside } of model.bonds) {
    const host = group[other];
    if (!beside || probability < threshold || host === group[one]) continue;
    host.guests ??= new Set();
    host.guests.add(one);
    host.sure = Math.min(probability, host.sure ?? 1);
  }
  const groups = new Map();
  for (const { nodes: own, guests, sure, probability, bonds, made } of new Set(group)) {
    const nodes = [...own, ...(guests ?? [])].sort((one, other) => one - other);
    const columns = new Set(nodes.map((at) => model.column[at]));
    const found = { own, nodes, bonds: bonds + (guests?.size ?? 0), made, probability: Math.min(probability, sure ?? 1) };
    const twin = groups.get(nodes.join());
    if (columns.size > 1 && !(twin?.probability >= found.probability)) groups.set(nodes.join(), found);
  }
  model.home = new Array(model.article.length);
  const statements = [...groups.values()].map((found) => row(model, found, new Set(found.nodes.map((at) => model.column[at]))));
  const placed = new Set(statements.flatMap(({ nodes }) => nodes));
  const alone = [...model.article.keys()]
    .filter((at) => !placed.has(at))
    .map((at) => row(model, { own: [at], nodes: [at], probability: 0, bonds: 0, made: 0 }, new Set([model.column[at]])));
  arrange(model, statements, alone, placed);
}

function arrange(model, statements, alone, placed) {
  statements.sort(
    (one, other) =>
      (one.probability < model.sure) - (other.probability < model.sure) ||
      other.carried - one.carried ||
      one.position - other.position ||
      one.nodes[0] - other.nodes[0],
  );
  model.rows = [...statements, ...alone];
  model.shared = model.columns.map(() => 0);
  for (const at of placed) model.shared[model.column[at]] += 1;
}

function row(model, { own, nodes, probability, bonds, made }, columns) {
  own.sort((one, other) => one - other);
  // Copies of one text count once.
  const carried = new Set(nodes.map((at) => model.voices[model.article[at]])).size;
  const of = new Set(model.voices).size;
  const sizes = nodes.map((at) => model.index[at] / model.articles[model.article[at]].sentences.length);
  const found = {
    id: model.name(own[0]),
    own, // those that stand in no other row but as guests
    nodes,
    cells: nodes.map((at) => [model.article[at], model.index[at]]),
    columns,
    carried,
    of,
    probability,
    kind: columns.size < 2 ? "one" : carried === of ? "all" : "some",
    position: sizes.reduce((sum, size) => sum + size, 0) / nodes.length,
    made: bonds > 0 && made === bonds, // every bond of it by hand: there is no probability to speak of
    hand: nodes.some((at) => model.handled.has(at)),
    doubted: nodes.some((at) => doubted(model.told(at))),
    key: `${nodes.join(",")}|${probability}|${made}`,
  };
  found.perhaps = may(model, found);
  for (const at of nodes) model.home[at] ??= found;
  for (const at of own) model.home[at] = found;
  return found;
}

// Of each source that does not carry a row, the sentence that may say it all the same, as may_say does in Python.
function may(model, { nodes, columns, kind }) {
  const found = new Map();
  if (kind === "one") return found;
  for (const at of nodes)
    for (const { other, probability } of model.near[at]) {
      if (probability < model.perhaps) break;
      const column = model.column[other];
      if (columns.has(column) || probability <= (found.get(column)?.probability ?? 0)) continue;
      if (!model.parted.has(at < other ? `${at}-${other}` : `${other}-${at}`)) found.set(column, { at: other, probability });
    }
  return found;
}

// The links of a sentence: the best within its row, to another source if there is one, and those that lost.
function evidence(model, row, at) {
  const inside = model.near[at].filter(({ other }) => row.nodes.includes(other));
  const best = inside.find(({ other }) => model.column[other] !== model.column[at]) ?? inside[0] ?? null;
  const lost = model.near[at].filter(({ other }) => !row.nodes.includes(other));
  return { best, lost };
}

// Why a neighbour is not in the row.
function fate(model, at, other) {
  if (model.parted.has(at < other ? `${at}-${other}` : `${other}-${at}`)) return "parted by hand";
  return model.home[other].kind === "one" ? "stands alone" : "chosen by another row";
}

// Numbers, dates, countries and names that two or more articles of the row have, as each writes them.
function common(model, row) {
  const found = new Map();
  for (const at of row.nodes)
    for (const [key, text, weak] of model.told(at).anchors) {
      const one = found.get(key) ?? { key, texts: new Set(), articles: new Set(), columns: new Set(), strong: false };
      one.texts.add(text);
      one.articles.add(model.article[at]);
      one.columns.add(model.column[at]);
      one.strong ||= !weak;
      found.set(key, one);
    }
  const shared = [...found.values()].filter(({ articles, strong }) => articles.size > 1 && strong);
  const texts = shared.map((one) => [...one.texts].sort().join(" · "));
  return shared.filter((_, number) => texts.indexOf(texts[number]) === number);
}
