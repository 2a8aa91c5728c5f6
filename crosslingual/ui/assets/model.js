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
    bonds: data.bonds.map(([a, i, b, j, probability, correction]) => ({ one: node(a, i), other: node(b, j), probability, correction })),
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
  for (const { one, other, probability, correction } of model.bonds) {
    if (probability < threshold) continue;
    let [kept, gone] = [group[one], group[other]];
    if (kept === gone) continue;
    if (kept.nodes.length < gone.nodes.length) [kept, gone] = [gone, kept];
    kept.probability = Math.min(probability, kept.probability, gone.probability);
    kept.bonds += gone.bonds + 1;
    kept.made += gone.made + (correction ? 1 : 0);
    for (const at of gone.nodes) group[at] = kept;
    kept.nodes.push(...gone.nodes);
  }
  const statements = [];
  const alone = [];
  model.home = new Array(model.article.length);
  for (const found of new Set(group)) {
    const columns = new Set(found.nodes.map((at) => model.column[at]));
    if (columns.size > 1) statements.push(row(model, found, columns));
    else for (const at of found.nodes) alone.push(row(model, { nodes: [at], probability: 0, bonds: 0, made: 0 }, columns));
  }
  statements.sort(
    (one, other) =>
      (one.probability < model.sure) - (other.probability < model.sure) ||
      other.carried - one.carried ||
      one.position - other.position ||
      one.nodes[0] - other.nodes[0],
  );
  alone.sort((one, other) => one.nodes[0] - other.nodes[0]);
  model.rows = [...statements, ...alone];
  model.shared = model.columns.map(() => 0);
  for (const { nodes } of statements) for (const at of nodes) model.shared[model.column[at]] += 1;
}

function row(model, { nodes, probability, bonds, made }, columns) {
  nodes.sort((one, other) => one - other);
  // Copies of one text count once.
  const carried = new Set(nodes.map((at) => model.voices[model.article[at]])).size;
  const of = new Set(model.voices).size;
  const sizes = nodes.map((at) => model.index[at] / model.articles[model.article[at]].sentences.length);
  const found = {
    id: model.name(nodes[0]),
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
  for (const at of nodes) model.home[at] = found;
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
