/**
 * @file Whether a row teaches the model to stop. A model whose end token is never trained answers without end, and the
 * loss curve does not show it.
 */
import { shellQuote } from "../config/shell-quote.js";
import { DataError } from "../errors.js";
import { countSupervised, type EncodedRow, IGNORE_INDEX } from "./encoded-row.js";
import type { Tokenizer } from "./tokenizer.js";

export interface EndOfTurn {
  /** Whether the last thing that the row teaches, white space aside, is a token that ends generation. */
  isTrained(row: EncodedRow): boolean;
  /** The last token that the row teaches, white space aside; null where it teaches none. */
  lastTrained(row: EncodedRow): number | null;
}

/** Templates put white space behind the end token, most often one line feed. */
const BLANK_TEXTS = ["\n", "\n\n", " ", "\r\n"];

/** Prepares the check for a tokenizer. */
export async function endOfTurnOf(tokenizer: Tokenizer): Promise<EndOfTurn> {
  const stopIds = new Set(tokenizer.stopTokenIds);
  const encoded = await tokenizer.encodeBatch(BLANK_TEXTS, { addSpecialTokens: false });
  const blankIds = new Set(encoded.flat().filter((id) => !stopIds.has(id)));
  const lastTrained = ({ labels }: EncodedRow): number | null => {
    if (countSupervised(labels) === 0) return null;
    for (let position = labels.length - 1; position > 0; position--) {
      const id = labels[position]!;
      if (id !== IGNORE_INDEX && !blankIds.has(id)) return id;
    }
    return null;
  };
  return {
    lastTrained,
    isTrained(row) {
      const last = lastTrained(row);
      return last !== null && stopIds.has(last);
    },
  };
}

/** What templates write around turns, where it has not become a token. */
const TURN_MARK = /<\|[^<>|\s]{1,40}\|>|<(?:start|end)_of_turn>/g;

/** How to make tokens of the marks in a row; null where it ends with none that is ordinary text. */
async function remedyForMarks(tokenizer: Tokenizer, { inputIds }: EncodedRow): Promise<string | null> {
  const text = await tokenizer.decode([...inputIds]);
  const marks = [...new Set(text.match(TURN_MARK))].filter((mark) => !tokenizer.controlTokens.includes(mark));
  const last = marks.find((mark) => text.trimEnd().endsWith(mark));
  if (last === undefined) return null;
  const options = [
    ...marks.map((mark) => `--add_special_tokens ${shellQuote(mark)}`),
    `--eos_token ${shellQuote(last)}`,
  ];
  return `${JSON.stringify(last)}, with which the chat template ends a turn, is no token of this tokenizer; add its marks: ${options.join(" ")}`;
}

/** The error for a file none of whose rows trains a token that ends generation; see {@link endTokenProblem}. */
export async function endTokenError(
  path: string,
  tokenizer: Tokenizer,
  example: EncodedRow,
): Promise<DataError> {
  return new DataError("END_TOKEN_UNTRAINED", await endTokenProblem(path, tokenizer, example));
}

/**
 * What is wrong with a file none of whose rows trains a token that ends generation, and the way to mend it.
 * @param example a row that should
 */
export async function endTokenProblem(
  path: string,
  tokenizer: Tokenizer,
  example: EncodedRow,
): Promise<string> {
  const last = (await endOfTurnOf(tokenizer)).lastTrained(example);
  const lastText = last === null ? "" : await tokenizer.decode([last]);
  const stops = await Promise.all(tokenizer.stopTokenIds.map((id) => tokenizer.decode([id])));
  const stopTexts =
    stops.length > 0 ? stops.map((text) => JSON.stringify(text)).join(" or ") : "no token at all";
  const remedy = tokenizer.controlTokens.includes(lastText)
    ? `add ${last} to eos_token_id in generation_config.json, or set eos_token in tokenizer_config.json to ${JSON.stringify(lastText)}`
    : ((await remedyForMarks(tokenizer, example)) ??
      "use a chat template (chat_template_path) that writes the end token behind the assistant's text and, if it marks " +
        "that text, inside {% generation %}; for rows of text, list eos_token among the added_tokens of tokenizer.json");
  return (
    `no row of ${path} teaches the model to stop: generation ends at ${stopTexts}, but the last token learned in row ` +
    `${example.id} is ${JSON.stringify(lastText)} (id ${last}); ${remedy}`
  );
}
