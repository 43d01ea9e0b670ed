/** @file How probable given continuations are. */
import { setImmediate } from "node:timers/promises";
import { noGrad, scope } from "@one-token/torch";
import { DataError } from "../errors.js";
import type { CausalLM } from "../models/causal-lm.js";
import { packRows } from "../models/packed-rows.js";
import { type ContinuationPair, rollingWindows } from "./rolling-windows.js";
import { scoreTokens } from "./score-tokens.js";

/** What a model says of one continuation. */
export interface ContinuationScore {
  /** The natural logarithm of its probability: the sum over its tokens, each after all before it. */
  readonly logProbability: number;
  /** Whether each of its tokens is the most probable one: whether greedy decoding would write it. */
  readonly isGreedy: boolean;
}

/** How {@link scoreContinuations} computes; results do not depend on it (but for rounding). */
export interface ScoringOptions {
  /** Tokens computed together at most, but one text at least; default 4,096. */
  readonly maxBatchTokens?: number;
  /** Called after each batch with how many pairs are done. */
  readonly onProgress?: (scored: number) => void;
}

/** A pair as the model reads it: everything but the last token. */
interface Scored {
  readonly index: number;
  readonly inputIds: Int32Array;
  readonly continuation: Int32Array;
}

/**
 * Scores each continuation after its context, in the pairs' order. Where both together are longer than the model's
 * context, the beginning of the context is left out, as lm-evaluation-harness does. Log-probabilities are computed in
 * float32 (float64 for float64 weights) whatever the dtype of the model.
 *
 * @throws {DataError} `CONTEXT_EMPTY`, `CONTINUATION_EMPTY`, `CONTINUATION_TOO_LONG`, `TOKEN_UNKNOWN`
 */
export async function scoreContinuations(
  model: CausalLM,
  pairs: readonly ContinuationPair[],
  { maxBatchTokens = 4096, onProgress }: ScoringOptions = {},
): Promise<ContinuationScore[]> {
  const texts = pairs.map((pair, index) => scoredText(model, pair, index, pairs.length));
  // The longest first, so that a lack of memory shows at once.
  texts.sort((a, b) => b.inputIds.length - a.inputIds.length);
  const scores = new Array<ContinuationScore>(pairs.length);
  for (let start = 0; start < texts.length; ) {
    let [end, tokens] = [start, 0];
    do tokens += texts[end++]!.inputIds.length;
    while (end < texts.length && tokens + texts[end]!.inputIds.length <= maxBatchTokens);
    const batch = texts.slice(start, end);
    for (const [row, score] of scoreBatch(model, batch).entries()) scores[batch[row]!.index] = score;
    start = end;
    onProgress?.(start);
    await setImmediate(); // timers and input get a turn once a batch
  }
  return scores;
}

/**
 * The natural logarithm of the probability of each text, as perplexity is computed from: texts that are longer than the
 * model's context are scored in {@link rollingWindows}.
 *
 * @param prefixToken what the first token is read after: the begin-of-text token, or an end token where there is none
 * @throws {DataError} `TEXT_EMPTY`, `TOKEN_UNKNOWN`
 */
export async function scoreTexts(
  model: CausalLM,
  texts: readonly Int32Array[],
  prefixToken: number,
  options: ScoringOptions = {},
): Promise<number[]> {
  const windows = texts.map((text) => rollingWindows(text, prefixToken, model.spec.maxPositionEmbeddings));
  const scores = await scoreContinuations(model, windows.flat(), options);
  let next = 0;
  return windows.map((own) => {
    const sum = scores.slice(next, next + own.length).reduce((total, each) => total + each.logProbability, 0);
    next += own.length;
    return sum;
  });
}

/** Scores one batch, in its order. */
function scoreBatch(model: CausalLM, batch: readonly Scored[]): ContinuationScore[] {
  return scope(() =>
    noGrad(() => {
      const packed = packRows(batch, model.device);
      const places: number[] = [];
      const targets: number[] = [];
      let end = 0;
      for (const [row, length] of packed.lengths.entries()) {
        end += length;
        const { continuation } = batch[packed.order[row]!]!;
        for (const [offset, target] of continuation.entries()) {
          places.push(end - continuation.length + offset);
          targets.push(target);
        }
      }
      const { logProbabilities, isLargest } = scoreTokens(model, model.forward(packed), places, targets);
      const scores = new Array<ContinuationScore>(batch.length);
      let next = 0;
      for (const index of packed.order) {
        const { length } = batch[index]!.continuation;
        const own = logProbabilities.slice(next, next + length);
        scores[index] = {
          logProbability: own.reduce((sum, each) => sum + each, 0),
          isGreedy: isLargest.slice(next, next + length).every(Boolean),
        };
        next += length;
      }
      return scores;
    }),
  );
}

/** @throws {DataError} for a pair that cannot be scored */
function scoredText(
  model: CausalLM,
  { context, continuation }: ContinuationPair,
  index: number,
  count: number,
): Scored {
  const name = `pair ${index + 1} of ${count}`;
  const longest = model.spec.maxPositionEmbeddings;
  if (context.length === 0) {
    throw new DataError(
      "CONTEXT_EMPTY",
      `${name} has no context, so nothing says how probable its first token is; give at least a begin-of-text token`,
    );
  }
  if (continuation.length === 0) {
    throw new DataError("CONTINUATION_EMPTY", `${name} has no continuation, so there is nothing to score`);
  }
  if (continuation.length > longest) {
    throw new DataError(
      "CONTINUATION_TOO_LONG",
      `${name} has a continuation of ${continuation.length} tokens, but the model's context holds ${longest}; shorten it, or ` +
        "score it in windows (rollingWindows)",
    );
  }
  const text = new Int32Array(context.length + continuation.length);
  text.set(context);
  text.set(continuation, context.length);
  const unknown = text.find((id) => id < 0 || id >= model.vocabSize);
  if (unknown !== undefined) {
    throw new DataError(
      "TOKEN_UNKNOWN",
      `${name} holds the token id ${unknown}, but the model's vocabulary has ${model.vocabSize} entries; use the tokenizer that belongs to the model`,
    );
  }
  return { index, inputIds: text.slice(Math.max(0, text.length - longest - 1), -1), continuation };
}
