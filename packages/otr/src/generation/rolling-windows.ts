/** @file A long text as pairs of context and continuation that fit into a model's context. */
import { DataError } from "../errors.js";

/** Tokens to score, and the tokens that they are read after. */
export interface ContinuationPair {
  /** What the model reads first: at least one token. */
  readonly context: Int32Array;
  /** What is scored: at least one token. */
  readonly continuation: Int32Array;
}

/**
 * Cuts a text into pairs whose continuations, end to end, are the text: each token is scored once, after as many tokens as
 * lm-evaluation-harness gives it (`make_disjoint_window` of `get_rolling_token_windows` with a context of 1). The first
 * window is read after `prefixToken` alone, each further one after the last token of the one before; the last reaches back
 * as far as it needs to be whole.
 *
 * @param maxLength tokens that the model reads at most: its context
 * @throws {DataError} `TEXT_EMPTY`
 */
export function rollingWindows(
  tokens: Int32Array,
  prefixToken: number,
  maxLength: number,
): ContinuationPair[] {
  if (tokens.length === 0)
    throw new DataError("TEXT_EMPTY", "the text has no tokens, so there is nothing to score");
  const first = tokens.slice(0, maxLength);
  const windows: ContinuationPair[] = [{ context: Int32Array.of(prefixToken), continuation: first }];
  for (let scored = first.length; scored < tokens.length; ) {
    const end = Math.min(tokens.length, scored + maxLength);
    windows.push({
      context: tokens.slice(end - maxLength - 1, scored),
      continuation: tokens.slice(scored, end),
    });
    scored = end;
  }
  return windows;
}
