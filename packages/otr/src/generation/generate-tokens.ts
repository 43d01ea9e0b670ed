/** @file Continues prompts given as token ids. */
import { setImmediate } from "node:timers/promises";
import { noGrad, scope, type Tensor, tensor } from "@one-token/torch";
import { DataError } from "../errors.js";
import { attentionForm, packedAttention } from "../models/attention.js";
import type { CausalLM } from "../models/causal-lm.js";
import { runDecoder } from "../models/decoder.js";
import { lengthGroups, packRows } from "../models/packed-rows.js";
import { chooseTokens } from "./choose-tokens.js";
import {
  type GenerationOptions,
  type ResolvedGenerationOptions,
  resolveGenerationOptions,
} from "./generation-options.js";
import { KeyValueCache } from "./key-value-cache.js";

/** Columns that a cache is made with beyond the prompts; it doubles when they are used up. */
const initialReserve = 256;

/** {@link GenerationOptions}, and what ends a continuation besides its length. */
export interface TokenGenerationOptions extends GenerationOptions {
  /** A continuation ends with the first of these; default: the model's own. */
  readonly eosTokenIds?: readonly number[];
  /** Asked after each token that is no end token: whether the continuation ends with it. */
  readonly shouldStop?: (continuation: readonly number[], promptIndex: number) => boolean | Promise<boolean>;
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

/** A prompt with its continuation so far. */
interface Sequence {
  readonly promptIndex: number;
  readonly promptLength: number;
  /** Prompt and continuation. */
  readonly tokenIds: number[];
}

/**
 * Continues each prompt, in the prompts' order. Results do not depend on how prompts are batched (but for rounding).
 *
 * @throws {ConfigError} for options that do not exist or are out of range
 * @throws {DataError} `PROMPT_EMPTY`, `PROMPT_TOO_LONG`, `TOKEN_UNKNOWN`
 */
export async function generateTokens(
  model: CausalLM,
  prompts: readonly Int32Array[],
  { eosTokenIds, shouldStop, ...options }: TokenGenerationOptions = {},
): Promise<TokenGeneration[]> {
  const resolved = resolveGenerationOptions(options);
  checkPrompts(model, prompts);
  const endOf = endingRule(model, { eosTokenIds, shouldStop }, resolved);
  const generations = new Array<TokenGeneration>(prompts.length);
  // Prompts of like lengths share a batch; the longest come first, so that a lack of memory shows at once.
  const sequences = prompts.map(
    (prompt, promptIndex): Sequence => ({
      promptIndex,
      promptLength: prompt.length,
      tokenIds: Array.from(prompt),
    }),
  );
  sequences.sort((a, b) => b.promptLength - a.promptLength);
  for (let start = 0; start < sequences.length; start += resolved.batchSize) {
    const batch = sequences.slice(start, start + resolved.batchSize);
    for (const [sequence, end] of await continueBatch(model, batch, resolved, endOf)) {
      const tokenIds = sequence.tokenIds.slice(sequence.promptLength);
      generations[sequence.promptIndex] = { tokenIds, ...end };
    }
  }
  return generations;
}

type End = Pick<TokenGeneration, "finishReason" | "reachedContextLimit">;
type EndOf = (sequence: Sequence) => Promise<End | null>;

/** Decides after each token whether, and why, a sequence ends with it. */
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

/** Continues sequences in place until each has ended; those that have leave the batch at once. */
async function continueBatch(
  model: CausalLM,
  sequences: readonly Sequence[],
  options: ResolvedGenerationOptions,
  endOf: EndOf,
): Promise<Map<Sequence, End>> {
  const ends = new Map<Sequence, End>();
  // Rows are packed shortest first, and the cache's rows stand in that order.
  let active = sequences.toSorted((a, b) => a.promptLength - b.promptLength);
  const reserve = Math.min(options.maxNewTokens, initialReserve);
  const lengths = active.map((sequence) => sequence.promptLength);
  const cache = new KeyValueCache(model.spec, lengths, reserve, model);
  const step = (logits: () => Tensor) => scope(() => noGrad(() => chooseTokens(logits(), active, options)));
  try {
    let chosen = step(() => prefill(model, cache, active));
    for (;;) {
      for (const [row, sequence] of active.entries()) sequence.tokenIds.push(chosen[row]!);
      const rowEnds = await Promise.all(active.map(endOf));
      const remaining = rowEnds.flatMap((end, row) => (end ? [] : [row]));
      for (const [row, end] of rowEnds.entries()) if (end) ends.set(active[row]!, end);
      if (remaining.length === 0) return ends;
      if (remaining.length < active.length) {
        cache.keepRows(remaining);
        active = remaining.map((row) => active[row]!);
      }
      chosen = step(() => decode(model, cache, active));
      await setImmediate(); // timers and input get a turn once a step
    }
  } finally {
    cache.dispose();
  }
}

/** Computes the prompts, fills the cache, and returns the logits `(B, V)` that follow them. */
function prefill(model: CausalLM, cache: KeyValueCache, sequences: readonly Sequence[]): Tensor {
  const rows = sequences.map((sequence) => ({ inputIds: Int32Array.from(sequence.tokenIds) }));
  const packed = packRows(rows, model.device);
  const groups = lengthGroups(packed.lengths);
  const pass = model.decoderPass(packed, (layer, query, key, value) => {
    cache.storePrompts(layer, key, value, groups);
    return packedAttention(query, key, value, packed.lengths, attentionForm(model.spec, layer));
  });
  const hidden = runDecoder(pass);
  const lastTokens: number[] = [];
  for (const length of packed.lengths) lastTokens.push((lastTokens.at(-1) ?? -1) + length);
  return model.logits(hidden.indexSelect(0, indices(lastTokens, model.device)));
}

/** Computes the newest token of each sequence and returns the logits `(B, V)` that follow. */
function decode(model: CausalLM, cache: KeyValueCache, sequences: readonly Sequence[]): Tensor {
  cache.advance();
  const input = {
    inputIds: indices(
      sequences.map((sequence) => sequence.tokenIds.at(-1)!),
      model.device,
    ),
    positions: indices(
      sequences.map((sequence) => sequence.tokenIds.length - 1),
      model.device,
    ),
    spans: sequences.map((sequence) => ({ tokens: 1, length: sequence.tokenIds.length })),
  };
  const pass = model.decoderPass(input, (layer, query, key, value) => cache.attend(layer, query, key, value));
  return model.logits(runDecoder(pass));
}

const indices = (values: readonly number[], device: string): Tensor =>
  tensor([...values], { dtype: "int64", device });

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
