/** @file Breaks text into lines for a terminal. */

/**
 * Breaks `text` between words so that lines stay within `width` columns, each begun with `indent` blanks and those that
 * its paragraph begins with. Line breaks in the text are kept; a word longer than the line (a path) is never broken.
 */
export function wrapText(text: string, { width = 80, indent = 0 } = {}): string {
  return text
    .split("\n")
    .flatMap((paragraph) => {
      const words = paragraph.trimStart();
      const margin = " ".repeat(indent + paragraph.length - words.length);
      return wrapParagraph(words, width - margin.length).map((line) => (line === "" ? "" : margin + line));
    })
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
