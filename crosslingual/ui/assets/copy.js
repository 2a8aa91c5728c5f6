// What is taken away by the clipboard: tables as CSV, pictures.

// What is copied may be on its way still: a browser takes it only while it knows of the click.
export const putOnClipboard = async (kind, content) => navigator.clipboard.write([new ClipboardItem({ [kind]: content })]);

// As RFC 4180 has it; what a spreadsheet would take for a formula gets a ' before it.
export function csvBlob(rows) {
  const cell = (text) => `"${(/^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  return new Blob([rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("")], { type: "text/plain" });
}
