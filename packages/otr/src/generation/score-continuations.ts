/** @file How probable given continuations are. */
import { setImmediate } from "node:timers/promises";
import { type DType, noGrad, scope } from "@one-token/torch";
import { DataError } from "../errors.js";
import type { CausalLM, ForwardOptions } from "../models/causal-lm.js";
import { BLOCK_TOKENS, BlockPool, blocksOf } from "./block-pool.js";
import { InferenceWeights } from "./inference-weights.js";
import { blockBytes, KeyValueCache, keysAreFinal } from "./key-value-cache.js";
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
  /** Bytes of keys and values that are held at most, but for one text at least; default 512 MiB. */
  readonly kvCacheBytes?: number;
  /** What is computed in; default: the dtype of the parameters. */
  readonly computeDtype?: DType;
  /** Called after each batch with how many pairs are done. */
  readonly onProgress?: (scored: number) => void;
}

/** A pair as the model reads it. */
interface Text {
  readonly index: number;
  /** Everything but the last token. */
  readonly inputIds: readonly number[];
  readonly continuation: readonly number[];
}

/** A text of a batch: where its keys and values lie, and how many tokens others have computed. */
interface Entered extends Text {
  readonly table: readonly number[];
  readonly start: number;
}

/**
 * A model that is ready to score continuations. Its packed weights, and what it has computed of the contexts, stay from
 * one call to the next, until it is disposed of; the model's weights must not change meanwhile.
 */
export class ContinuationScorer {
  readonly #weights: InferenceWeights;
  #pool = new BlockPool(0);
  #cache: KeyValueCache | null = null;

  constructor(
    private readonly model: CausalLM,
    private readonly options: ScoringOptions = {},
  ) {
    this.#weights = new InferenceWeights(model, options.computeDtype);
  }

  /**
   * Scores each continuation after its context, in the pairs' order. Where both together are longer than the model's
   * context, the beginning of the context is left out, as lm-evaluation-harness does. Log-probabilities are computed in
   * float32 (float64 for float64 weights) whatever the dtype of the model. What contexts begin with alike is computed once:
   * the examples before all questions of a task, the question before its choices.
   *
   * @throws {DataError} `CONTEXT_EMPTY`, `CONTINUATION_EMPTY`, `CONTINUATION_TOO_LONG`, `TOKEN_UNKNOWN`
   */
  async score(pairs: readonly ContinuationPair[]): Promise<ContinuationScore[]> {
    const { maxBatchTokens = 4096, onProgress } = this.options;
    const texts = pairs.map((pair, index) => textOf(this.model, pair, index, pairs.length));
    const scores = new Array<ContinuationScore>(pairs.length);
    if (texts.length === 0) return scores;
    const cache = this.#cacheFor(texts);
    for (let scored = 0; scored < texts.length; ) {
      const batch = enterTexts(this.model, this.#pool, texts.slice(scored), maxBatchTokens);
      for (const [row, score] of this.#scoreBatch(cache, batch).entries()) scores[batch[row]!.index] = score;
      for (const { table } of batch) this.#pool.release(table);
      scored += batch.length;
      onProgress?.(scored);
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
  async scoreTexts(texts: readonly Int32Array[], prefixToken: number): Promise<number[]> {
    const longest = this.model.spec.maxPositionEmbeddings;
    const windows = texts.map((text) => rollingWindows(text, prefixToken, longest));
    const scores = await this.score(windows.flat());
    let next = 0;
    return windows.map((own) => {
      const sum = scores
        .slice(next, next + own.length)
        .reduce((total, each) => total + each.logProbability, 0);
      next += own.length;
      return sum;
    });
  }

  /** Frees weights and cache. */
  [Symbol.dispose](): void {
    this.#dropCache();
    this.#weights.dispose();
  }

  #scoreBatch(cache: KeyValueCache, batch: readonly Entered[]): ContinuationScore[] {
    try {
      return scoreBatch(this.model, cache, batch, this.#weights.options);
    } catch (error) {
      // Later texts would find blocks in it that were never computed.
      this.#dropCache();
      throw error;
    }
  }

  #dropCache(): void {
    this.#cache?.dispose();
    this.#cache = null;
    this.#pool = new BlockPool(0);
  }

  /** A cache with room for the longest text, and for all of them if it may be so large. A larger one begins empty. */
  #cacheFor(texts: readonly Text[]): KeyValueCache {
    const { kvCacheBytes = 512 * 1024 ** 2 } = this.options;
    const blocks = texts.map(({ inputIds }) => blocksOf(inputIds.length));
    const bound = Math.floor(kvCacheBytes / blockBytes(this.model.spec, this.#weights.options.computeDtype));
    const all = blocks.reduce((sum, each) => sum + each, 0);
    const needed = Math.max(...blocks, Math.min(all, bound));
    if (this.#cache !== null && needed <= this.#pool.count) return this.#cache;
    // Twice as large as before, so that slowly growing texts do not empty it each time.
    const count = Math.max(needed, Math.min(2 * this.#pool.count, bound));
    this.#dropCache();
    this.#pool = new BlockPool(count);
    this.#cache = new KeyValueCache(this.model, this.#pool.count, this.#weights.options);
    return this.#cache;
  }
}

/** What {@link ContinuationScorer.score} says of pairs, for a single call. */
export async function scoreContinuations(
  model: CausalLM,
  pairs: readonly ContinuationPair[],
  options: ScoringOptions = {},
): Promise<ContinuationScore[]> {
  using scorer = new ContinuationScorer(model, options);
  return await scorer.score(pairs);
}

/** What {@link ContinuationScorer.scoreTexts} says of texts, for a single call. */
export async function scoreTexts(
  model: CausalLM,
  texts: readonly Int32Array[],
  prefixToken: number,
  options: ScoringOptions = {},
): Promise<number[]> {
  using scorer = new ContinuationScorer(model, options);
  return await scorer.scoreTexts(texts, prefixToken);
}

/** As many of `texts` as fit into a batch and the cache, which then has blocks for them; one at least. */
function enterTexts(
  { spec }: CausalLM,
  pool: BlockPool,
  texts: readonly Text[],
  maxBatchTokens: number,
): Entered[] {
  const entered: Entered[] = [];
  const canShare = keysAreFinal(spec);
  let tokens = 0;
  for (const text of texts) {
    const { inputIds, continuation } = text;
    // The hidden states that predict the continuation are computed in any case.
    const shareable = canShare ? Math.floor((inputIds.length - continuation.length) / BLOCK_TOKENS) : 0;
    const shared = pool.share(inputIds, shareable);
    const start = shared.length * BLOCK_TOKENS;
    const needed = blocksOf(inputIds.length) - shared.length;
    tokens += inputIds.length - start;
    if (pool.available < needed || (entered.length > 0 && tokens > maxBatchTokens)) {
      pool.release(shared);
      return entered;
    }
    const table = [...shared, ...Array.from({ length: needed }, () => pool.take())];
    if (canShare) pool.publish(inputIds, table, shared.length);
    entered.push({ ...text, table, start });
  }
  return entered;
}

/** Scores one batch, in its order. */
function scoreBatch(
  model: CausalLM,
  cache: KeyValueCache,
  batch: readonly Entered[],
  options: ForwardOptions,
): ContinuationScore[] {
  return scope(() =>
    noGrad(() => {
      const pieces = batch.map(({ inputIds, start, table }) => ({
        tokenIds: inputIds.slice(start),
        start,
        table,
      }));
      const places: number[] = [];
      let end = 0;
      for (const [row, { tokenIds }] of pieces.entries()) {
        end += tokenIds.length;
        const { length } = batch[row]!.continuation;
        for (let place = end - length; place < end; place++) places.push(place);
      }
      const targets = batch.flatMap(({ continuation }) => continuation);
      const hidden = cache.compute(pieces);
      const { logProbabilities, isLargest } = scoreTokens(model, hidden, places, targets, options);
      let next = 0;
      return batch.map(({ continuation: { length } }) => {
        const own = logProbabilities.slice(next, next + length);
        const isGreedy = isLargest.slice(next, next + length).every(Boolean);
        next += length;
        return { logProbability: own.reduce((sum, each) => sum + each, 0), isGreedy };
      });
    }),
  );
}

/** @throws {DataError} for a pair that cannot be scored */
function textOf(
  model: CausalLM,
  { context, continuation }: ContinuationPair,
  index: number,
  count: number,
): Text {
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
  const text = [...context, ...continuation];
  const unknown = text.find((id) => id < 0 || id >= model.vocabSize);
  if (unknown !== undefined) {
    throw new DataError(
      "TOKEN_UNKNOWN",
      `${name} holds the token id ${unknown}, but the model's vocabulary has ${model.vocabSize} entries; use the tokenizer that belongs to the model`,
    );
  }
  const inputIds = text.slice(Math.max(0, text.length - longest - 1), -1);
  return { index, inputIds, continuation: Array.from(continuation) };
}
