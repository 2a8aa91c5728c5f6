// Who takes from whom, as a picture that is drawn elsewhere: an image, so that nothing in it is run.

const drawnPictures = new WeakMap();

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".citations");
  if (drawnPictures.get(root) === data.key) return;
  drawnPictures.set(root, data.key);
  root.replaceChildren(
    el(
      "figure",
      {},
      el(
        "figcaption",
        {},
        el("b", {}, "Left takes from right."),
        ` The thicker a line, the more sentences or copies; a pale one is doubtful, a name in italics is not in this library. Up to ${data.most} outlets a side.`,
      ),
      el("ul", { class: "kinds" }, [["cites", "cites"], ["copies", "copies"], ["translates", "copies in translation"]].map(([kind, caption]) => el("li", { class: kind }, caption))),
      el("img", { class: "broad", src: picture(data.wide), alt: data.alt }),
      el("img", { class: "slim", src: picture(data.narrow), alt: data.alt }),
    ),
  );
}

const picture = (svg) => `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
