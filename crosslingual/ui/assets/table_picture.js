// A table of figures as a picture, for where a text has room for no table: title, headings, figures, their shades.

const PADDING = 8; // pixels, as all here
const FIRST_WIDTH = 260;
const [COLUMN, WIDEST_COLUMN] = [72, 170];
const LINE_HEIGHT = 17;
const CELL_LINES = 4;
const PICTURED = 150; // rows; more are told in a line
const FONT = '13px "Source Sans", "Noto Sans", system-ui, sans-serif';

export function drawTable(data) {
  const node = document.createElement("canvas");
  const pen = node.getContext("2d");
  pen.font = FONT;
  const rows = data.rows.slice(0, PICTURED);
  const texts = rows.map((row) => [row.text, ...row.cells.map(({ text, sub }) => (sub ? `${text} (${sub})` : text))]);
  const widths = [data.corner, ...data.columns].map((head, at) => {
    if (!at) return FIRST_WIDTH;
    const needed = Math.max(...[head, ...texts.map((row) => row[at])].map((text) => pen.measureText(text).width));
    return Math.min(WIDEST_COLUMN, Math.max(COLUMN, needed)) + 2 * PADDING;
  });
  const cut = (cells) => cells.map((text, at) => broken(pen, text, widths[at] - 2 * PADDING));
  const lines = [cut([data.corner, ...data.columns]), ...texts.map(cut)];
  const heights = lines.map((cells) => LINE_HEIGHT * Math.max(...cells.map(({ length }) => length)) + PADDING);
  const width = widths.reduce((sum, one) => sum + one, 0);
  const above = broken(pen, [data.title, data.note].filter(Boolean).join(" "), width - 2 * PADDING);
  const rest = data.rows.length > PICTURED ? 1 : 0;
  const head = LINE_HEIGHT * above.length + 2 * PADDING;
  const height = head + heights.reduce((sum, one) => sum + one, 0) + rest * (LINE_HEIGHT + PADDING);
  node.width = 2 * width;
  node.height = 2 * height;
  pen.scale(2, 2);
  pen.font = FONT;
  pen.textBaseline = "top";
  const write = (some, left, top) => some.forEach((text, at) => pen.fillText(text, left + PADDING, top + PADDING / 2 + at * LINE_HEIGHT));
  const fill = (colour, ...box) => {
    pen.fillStyle = colour;
    pen.fillRect(...box);
    pen.fillStyle = "#1b1f27";
  };
  fill("#fff", 0, 0, width, height);
  write(above, 0, PADDING / 2);
  let top = head;
  for (const [number, cells] of lines.entries()) {
    let left = 0;
    for (const [at, some] of cells.entries()) {
      const dark = number && at ? rows[number - 1].cells[at - 1].shade : null;
      if (dark !== null) fill(`rgb(0 114 178 / ${Math.round(45 * dark)}%)`, left, top, widths[at], heights[number]);
      write(some, left, top);
      left += widths[at];
    }
    top += heights[number];
    fill(number ? "#dfe3e9" : "#596373", 0, top - 1, width, 1);
  }
  if (rest) write([`${(data.rows.length - PICTURED).toLocaleString("en")} more rows`], 0, top);
  return node;
}

// A text in lines of a width, the last of which says that there is more; a word that is too long is broken.
function broken(pen, text, width) {
  const words = text.slice(0, 600).split(/\s+/).flatMap((word) => (pen.measureText(word).width > width ? word.match(/.{1,10}/gsu) : [word]));
  const lines = [""];
  for (const word of words) {
    const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
    if (pen.measureText(longer).width <= width || !lines.at(-1)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.length > CELL_LINES ? [...lines.slice(0, CELL_LINES - 1), `${lines[CELL_LINES - 1]} …`] : lines;
}
