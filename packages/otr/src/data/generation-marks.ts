/**
 * @file The `{% generation %}` blocks by which a chat template says which text the assistant wrote.
 *
 * The template engine deletes these tags, so they are turned into two printed marks before the template is parsed,
 * and the marks are taken out of the text again.
 */
import { DataError } from "../errors.js";

const GENERATION_TAG = /\{%(-?)\s*(end)?generation\s*(-?)%\}/g;

/** The template variables that hold the marks. */
const START_VARIABLE = "__assistant_start";
const END_VARIABLE = "__assistant_end";

/** Two characters that occur neither in the template nor in what it renders. */
export interface GenerationMarks {
  readonly start: string;
  readonly end: string;
}

/** A text whose marks were taken out. Positions are in UTF-16 units of the text. */
export interface UnmarkedText {
  readonly text: string;
  readonly spans: readonly (readonly [number, number])[];
}

/** The template with its generation tags printing marks; null where it has none. */
export function exposeGenerationTags(source: string): string | null {
  let found = false;
  const exposed = source.replace(
    GENERATION_TAG,
    (_, stripBefore: string, end: string | undefined, stripAfter: string) => {
      found = true;
      const variable = end ? END_VARIABLE : START_VARIABLE;
      // A block and not a bare expression: white space around blocks is trimmed by other rules.
      return `{%${stripBefore} if true %}{{ ${variable} }}{% endif ${stripAfter}%}`;
    },
  );
  return found ? exposed : null;
}

/** The variables that an exposed template needs; without marks it prints none. */
export function markVariables(marks: GenerationMarks | null): Readonly<Record<string, string>> {
  return { [START_VARIABLE]: marks?.start ?? "", [END_VARIABLE]: marks?.end ?? "" };
}

/**
 * Chooses marks among Unicode's noncharacters U+FDD1 to U+FDEF, which no interchanged text should hold.
 * @param texts everything that could reach the rendered text
 * @throws DataError `CHAT_TEMPLATE_FAILED` where a text uses them all up
 */
export function chooseMarks(texts: readonly string[]): GenerationMarks {
  const free: string[] = [];
  for (let code = 0xfdd1; code <= 0xfdef && free.length < 2; code++) {
    const mark = String.fromCharCode(code);
    if (!texts.some((text) => text.includes(mark))) free.push(mark);
  }
  const [start, end] = free;
  if (start !== undefined && end !== undefined) return { start, end };
  throw new DataError(
    "CHAT_TEMPLATE_FAILED",
    "the conversation uses up Unicode's noncharacters U+FDD1 to U+FDEF; remove them from its text",
  );
}

/** Takes the marks out of a rendered text and returns where they were. Blocks inside blocks count as one. */
export function takeMarks(rendered: string, marks: GenerationMarks): UnmarkedText {
  const spans: [number, number][] = [];
  let text = "";
  let depth = 0;
  let closedTooOften = false;
  let start = 0;
  for (const piece of splitKeeping(rendered, marks)) {
    if (piece === marks.start) {
      if (depth === 0) start = text.length;
      depth += 1;
    } else if (piece === marks.end) {
      depth -= 1;
      closedTooOften ||= depth < 0;
      if (depth === 0) spans.push([start, text.length]);
    } else {
      text += piece;
    }
  }
  if (depth !== 0 || closedTooOften) {
    throw new DataError(
      "CHAT_TEMPLATE_INVALID",
      "the chat template opens {% generation %} and {% endgeneration %} unequally often; close each block it opens",
    );
  }
  return { text, spans };
}

function splitKeeping(rendered: string, marks: GenerationMarks): string[] {
  return rendered.split(new RegExp(`([${marks.start}${marks.end}])`));
}
