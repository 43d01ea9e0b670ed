/** Boxes whose contents are joined: all of a text, or the last one with those that belong to it. */
export type BoxesWanted = "all" | "last";

/**
 * The contents of the `\boxed{...}` and `\fbox{...}` of a text, joined by commas; the text itself where there are none.
 * Follows math-verify's `extract_boxed_content`: a box belongs to the one behind it if fewer than 10 characters lie between
 * them, or fewer than 70 with "and", "or", a comma or a semicolon among them and another content. A box without an end
 * reaches to the end of the text.
 */
export function boxedContent(text: string, wanted: BoxesWanted): string {
  const found: string[] = [];
  let end = text.length;
  let following: number | null = null;
  for (;;) {
    const boxed = text.lastIndexOf("\\boxed", end - 1);
    const framed = text.lastIndexOf("\\fbox", end - 1);
    const start = end === 0 ? -1 : Math.max(boxed, framed);
    if (start < 0) break;
    let open = start + (boxed > framed ? 6 : 5);
    while (open < end && /\s/.test(text[open]!)) open++;
    if (open >= end) break;
    const close = text[open] === "{" ? closingBrace(text, open, end) : -1;
    if (close < 0) {
      if (found.length === 0) found.push(text.slice(open));
      break;
    }
    const content = text.slice(open + 1, close).trim();
    if (
      wanted === "last" &&
      following !== null &&
      !belongs(text.slice(close + 1, following), content, found.at(-1)!)
    )
      break;
    if (found.at(-1) !== content) found.push(content);
    following = start;
    end = start;
  }
  return found.length === 0 ? text : found.reverse().join(",");
}

function closingBrace(text: string, open: number, end: number): number {
  let depth = 0;
  for (let index = open; index < end; index++) {
    if (text[index] === "{") depth++;
    else if (text[index] === "}" && --depth === 0) return index;
  }
  return -1;
}

function belongs(between: string, content: string, next: string): boolean {
  if (between.length < 10) return true;
  return content !== next && between.length < 70 && /\b(and|or)\b|,|;/.test(between);
}
