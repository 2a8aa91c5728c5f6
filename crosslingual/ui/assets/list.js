// A long list of which only what can be seen is drawn; rows may be of any height, which is measured once they are.

const BEYOND = 400; // pixels drawn above and below the screen
const KEPT = 150; // rows up to which what has the focus is kept though it is out of sight

export function virtual(body, make, likely, heights = new Map()) {
  const nodes = new Map();
  const [above, below] = [document.createElement("div"), document.createElement("div")];
  let items = [];
  let waiting = 0;
  let drawn = ""; // the range, so that a frame in which nothing changes costs nothing
  for (const space of [above, below]) space.setAttribute("aria-hidden", "true");
  body.append(above, below);

  const height = ({ key }) => heights.get(key) ?? likely();
  const range = () => {
    const own = frame(body);
    const start = body.getBoundingClientRect().top;
    const [from, to] = [own.top - start - BEYOND, own.bottom - start + BEYOND];
    let [first, last, at] = [items.length, -1, 0];
    for (const [number, item] of items.entries()) {
      const end = at + height(item);
      if (end >= from && at <= to) [first, last] = [Math.min(first, number), number];
      at = end;
    }
    if (last < 0) [first, last] = [0, Math.min(items.length - 1, 20)];
    const focused = [...nodes].find(([, node]) => node.contains(body.getRootNode().activeElement))?.[0];
    const held = focused === undefined ? -1 : items.findIndex(({ key }) => key === focused);
    if (held >= 0 && held < first && first - held < KEPT) first = held;
    if (held > last && held - last < KEPT) last = held;
    return [first, last];
  };
  const fill = () => {
    const [first, last] = range();
    const now = `${first} ${last}`;
    if (now === drawn) return false;
    drawn = now;
    const made = [];
    const wanted = items.slice(first, last + 1);
    const keys = new Set(wanted.map(({ key }) => key));
    for (const [key, node] of nodes)
      if (!keys.has(key)) {
        node.remove();
        nodes.delete(key);
      }
    let before = above;
    for (const [number, item] of wanted.entries()) {
      if (!nodes.has(item.key)) {
        nodes.set(item.key, make(item));
        made.push(item);
      }
      const node = nodes.get(item.key);
      const row = node.matches("[role=row]") ? node : node.querySelector("[role=row]");
      row.setAttribute("aria-rowindex", first + number + 3); // the head has two
      if (before.nextSibling !== node) before.after(node);
      before = node;
    }
    let moved = false;
    for (const item of made) {
      const real = nodes.get(item.key).getBoundingClientRect().height;
      if (real && Math.abs(real - height(item)) > 0.5) moved = true;
      if (real) heights.set(item.key, real);
    }
    const sum = (some) => some.reduce((total, item) => total + height(item), 0);
    above.style.height = `${sum(items.slice(0, first))}px`;
    below.style.height = `${sum(items.slice(last + 1))}px`;
    return moved;
  };
  const render = () => {
    waiting = 0;
    if (body.isConnected && fill()) {
      drawn = "";
      fill();
    }
  };
  const list = {
    set(next) {
      items = next;
      drawn = "";
      render();
    },
    render,
    // Rows that look otherwise now are made anew.
    forget(keys) {
      drawn = "";
      for (const key of keys) {
        nodes.get(key)?.remove();
        nodes.delete(key);
        heights.delete(key);
      }
    },
    soon() {
      waiting ||= requestAnimationFrame(render);
    },
    nodeOf: (key) => nodes.get(key),
    itemOf: (wanted) => items.find(({ key }) => key === wanted),
    // Scrolls until an item stands at ``top`` on the screen, and draws it.
    bring(key, top) {
      const place = items.findIndex((item) => item.key === key);
      if (place < 0) return null;
      const scroller = scrollerOf(body);
      for (let tries = 0; tries < 4; tries += 1) {
        const node = nodes.get(key);
        const start = items.slice(0, place).reduce((total, item) => total + height(item), 0);
        const now = node ? node.getBoundingClientRect().top : body.getBoundingClientRect().top + start;
        if (node && Math.abs(now - top) < 1) break;
        scroller.scrollTop += now - top;
        render();
      }
      return nodes.get(key) ?? null;
    },
    step(key, by) {
      const place = items.findIndex((item) => item.key === key) + by;
      return items[place]?.key ?? null;
    },
  };
  return list;
}

// What of the screen the list can be seen in.
function frame(body) {
  const scroller = scrollerOf(body);
  if (scroller === document.scrollingElement) return { top: 0, bottom: innerHeight };
  const { top, bottom } = scroller.getBoundingClientRect();
  return { top: Math.max(0, top), bottom: Math.min(innerHeight, bottom) };
}

export function scrollerOf(node) {
  let at = node;
  while (at) {
    if (at instanceof Element && at.scrollHeight > at.clientHeight && /auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
    at = at.parentNode ?? at.host;
  }
  return document.scrollingElement;
}
