/** @file Continues prompts given as token ids. */
import { setImmediate } from "node:timers/promises";
import { type DType, noGrad, scope, type Tensor, tensor } from "@one-token/torch";
import { DataError } from "../errors.js";
import type { CausalLM } from "../models/causal-lm.js";
import { chooseTokens, type DrawKey } from "./choose-tokens.js";
import {
  type GenerationOptions,
  type ResolvedGenerationOptions,
  resolveGenerationOptions,
} from "./generation-options.js";
import { InferenceWeights } from "./inference-weights.js";
import { KeyValueCache } from "./key-value-cache.js";
import { type Row, RowQueue } from "./row-queue.js";

/** {@link GenerationOptions}, and what ends a continuation besides its length. */
export interface TokenGenerationOptions extends GenerationOptions {
  /** A continuation ends with the first of these; default: the model's own. */
  readonly eosTokenIds?: readonly number[];
  /** Asked after each token that is no end token: whether the continuation ends with it. */
  readonly shouldStop?: (continuation: readonly number[], promptIndex: number) => boolean | Promise<boolean>;
  /** What is computed in; default: the dtype of the parameters. bfloat16 makes the most of a model that is held in float32. */
  readonly computeDtype?: DType;
  /**
   * Names the random draws of each continuation; default: by the places of prompt and continuation. Others make what a prompt
   * becomes independent of the prompts beside it.
   */
  readonly drawKey?: (promptIndex: number, sampleIndex: number) => DrawKey;
  /** Called as soon as a continuation has ended, with its place among the results; those of others may come first. */
  readonly onFinished?: (index: number, generation: TokenGeneration) => void | Promise<void>;
}

/** The continuation of one prompt. */
export interface TokenGeneration {
  /** The continuation alone; where an end token ended it, that is the last. */
  readonly tokenIds: number[];
  /** `"stop"`: an end token or `shouldStop` ended it; `"length"`: `maxNewTokens` or the model's context did. */
  readonly finishReason: "stop" | "length";
  /** Whether it was the model's context, not `maxNewTokens`, that ended it. */
  readonly reachedContextLimit: boolean;
}

/**
 * Continues each prompt, in the prompts' order; with `numReturnSequences`, each prompt's continuations stand side by side.
 *
 * Rows are decoded together: one that has ended leaves at once, and the next enters. Prompts that begin alike share what
 * was computed for their beginning. Results do not depend on which rows are computed together (but for rounding).
 *
 * @throws {ConfigError} for options that do not exist or are out of range
 * @throws {DataError} `PROMPT_EMPTY`, `PROMPT_TOO_LONG`, `TOKEN_UNKNOWN`
 */
export async function generateTokens(
  model: CausalLM,
  prompts: readonly Int32Array[],
  { eosTokenIds, shouldStop, onFinished, computeDtype, drawKey, ...options }: TokenGenerationOptions = {},
): Promise<TokenGeneration[]> {
  const resolved = resolveGenerationOptions(options);
  checkPrompts(model, prompts);
  if (prompts.length === 0) return [];
  const endOf = endingRule(model, { eosTokenIds, shouldStop }, resolved);
  const generations = new Array<TokenGeneration>(prompts.length * resolved.numReturnSequences);
  const weights = new InferenceWeights(model, computeDtype);
  const queue = new RowQueue(model.spec, weights.options.computeDtype, prompts, resolved, drawKey);
  const cache = new KeyValueCache(model, queue.blocks, weights.options);
  const step = (rows: readonly Row[]) =>
    scope(() =>
      noGrad(() => {
        const pieces = rows.map(({ tokenIds, stored, table }) => ({
          tokenIds: tokenIds.slice(stored),
          start: stored,
          table,
        }));
        const hidden = cache.compute(pieces);
        return chooseTokens(model.logits(lastOfEach(hidden, pieces), weights.options), rows, resolved);
      }),
    );
  try {
    for (let rows = queue.next(); rows.length > 0; rows = queue.next()) {
      const chosen = step(rows);
      for (const [index, row] of rows.entries()) queue.append(row, chosen[index]!);
      const ends = await Promise.all(rows.map(endOf));
      for (const [index, end] of ends.entries()) {
        if (end === null) continue;
        const row = rows[index]!;
        queue.finish(row);
        const place = row.promptIndex * resolved.numReturnSequences + row.sampleIndex;
        generations[place] = { tokenIds: row.tokenIds.slice(row.promptLength), ...end };
        await onFinished?.(place, generations[place]);
      }
      await setImmediate(); // timers and input get a turn once a step
    }
  } finally {
    cache.dispose();
    weights.dispose();
  }
  return generations;
}

type End = Pick<TokenGeneration, "finishReason" | "reachedContextLimit">;
type EndOf = (row: Row) => Promise<End | null>;

/** Decides after each token whether, and why, a row ends with it. */
function endingRule(
  model: CausalLM,
  { eosTokenIds = model.eosTokenIds, shouldStop }: TokenGenerationOptions,
  { maxNewTokens }: ResolvedGenerationOptions,
): EndOf {
  const context = model.spec.maxPositionEmbeddings;
  return async ({ promptIndex, promptLength, tokenIds }) => {
    const stopped =
      eosTokenIds.includes(tokenIds.at(-1)!) ||
      (shouldStop !== undefined && (await shouldStop(tokenIds.slice(promptLength), promptIndex)));
    if (stopped) return { finishReason: "stop", reachedContextLimit: false };
    if (tokenIds.length - promptLength === maxNewTokens) {
      return { finishReason: "length", reachedContextLimit: false };
    }
    return tokenIds.length === context ? { finishReason: "length", reachedContextLimit: true } : null;
  };
}

/** The hidden states `(B, D)` of the last token of each piece. */
function lastOfEach(hidden: Tensor, pieces: readonly { readonly tokenIds: readonly number[] }[]): Tensor {
  if (hidden.shape[0] === pieces.length) return hidden;
  const last: number[] = [];
  for (const { tokenIds } of pieces) last.push((last.at(-1) ?? -1) + tokenIds.length);
  return hidden.indexSelect(0, tensor(last, { dtype: "int64", device: hidden.device }));
}

function checkPrompts(model: CausalLM, prompts: readonly Int32Array[]): void {
  const { vocabSize } = model;
  const { maxPositionEmbeddings } = model.spec;
  for (const [index, prompt] of prompts.entries()) {
    const name = `prompt ${index + 1} of ${prompts.length}`;
    if (prompt.length === 0) {
      throw new DataError(
        "PROMPT_EMPTY",
        `${name} has no tokens, so there is nothing to continue; give at least a begin-of-text token`,
      );
    }
    if (prompt.length >= maxPositionEmbeddings) {
      throw new DataError(
        "PROMPT_TOO_LONG",
        `${name} has ${prompt.length} tokens, but the model's context holds ${maxPositionEmbeddings}, prompt and continuation together; shorten the prompt`,
      );
    }
    const unknown = prompt.find((id) => id < 0 || id >= vocabSize);
    if (unknown !== undefined) {
      throw new DataError(
        "TOKEN_UNKNOWN",
        `${name} holds the token id ${unknown}, but the model's vocabulary has ${vocabSize} entries; use the tokenizer that belongs to the model`,
      );
    }
  }
}
