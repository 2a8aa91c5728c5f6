// Puts into the address what it should say. It does so once, when it is mounted: the reader may have gone on later.

const replaced = new WeakSet();

export default function ({ data: { name, value }, parentElement }) {
  if (replaced.has(parentElement)) return;
  replaced.add(parentElement);
  const now = new URL(location.href);
  now.searchParams.set(name, value);
  history.replaceState(history.state, "", now);
}
