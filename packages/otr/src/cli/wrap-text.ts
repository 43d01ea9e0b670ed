/** @file Breaks text into lines for a terminal. */

/**
 * Breaks `text` between words so that lines stay within `width` columns, each begun with `indent` blanks. Line
 * breaks in the text are kept; a word longer than the line (a path) is never broken.
 */
export function wrapText(text: string, { width = 80, indent = 0 } = {}): string {
  const margin = " ".repeat(indent);
  return text
    .split("\n")
    .flatMap((paragraph) => wrapParagraph(paragraph, width - indent))
    .map((line) => (line === "" ? "" : margin + line))
    .join("\n");
}

function wrapParagraph(paragraph: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of paragraph.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
