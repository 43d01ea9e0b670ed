/** @file What can be asked of generation, with defaults and checks. */
import { z } from "zod";
import { describeOptions } from "../config/describe-options.js";
import { equalContinuations, generateOptions } from "../config/generate-options.js";
import { LARGEST_COUNT } from "../config/largest-count.js";
import type { OptionSet } from "../config/option-set.js";
import { option } from "../config/option-text.js";
import { objectLayer, resolveOptions } from "../config/resolve.js";

/** How the next token is chosen. Filters apply in transformers' order: penalty, temperature, top-k, top-p, min-p. */
export interface SamplingOptions {
  /** 0 (default): the most probable token, always. Otherwise logits are divided by it before sampling. */
  readonly temperature?: number;
  /** Sample among this many most probable tokens; 0 (default): among all. */
  readonly topK?: number;
  /** Sample among the fewest most probable tokens whose probabilities sum to this; default 1: among all. */
  readonly topP?: number;
  /** Sample among tokens at least this share as probable as the most probable one; default 0: among all. */
  readonly minP?: number;
  /** Above 1: tokens that stand in the prompt or the continuation become less probable; default 1. */
  readonly repetitionPenalty?: number;
  /** Seed of the draws (default 42), which depend on it, on which prompt and continuation it is, and the position alone. */
  readonly seed?: number;
}

/** What to generate, and when to stop. */
export interface GenerationOptions extends SamplingOptions {
  /** Most tokens of a continuation; default 256. */
  readonly maxNewTokens?: number;
  /** Continuations of each prompt; default 1. More need a temperature above 0. */
  readonly numReturnSequences?: number;
  /** Continuations computed together at most; default 64. More are faster and need more memory; results do not change. */
  readonly batchSize?: number;
  /**
   * Bytes of keys and values that are held at most, but for one continuation at least; default 2 GiB. Continuations beyond
   * that wait until others have ended.
   */
  readonly kvCacheBytes?: number;
}

/** The options with every default filled in. */
export type ResolvedGenerationOptions = Required<GenerationOptions>;

/** How many continuations are computed together, and what their keys and values take at most, unless it is said. */
export const GENERATED_TOGETHER = 64;
export const CACHE_BYTES = 2 * 1024 ** 3;

const schema = generateOptions
  .pick({
    temperature: true,
    topK: true,
    topP: true,
    minP: true,
    repetitionPenalty: true,
    seed: true,
    maxNewTokens: true,
    numReturnSequences: true,
  })
  .extend({
    batchSize: option(z.int().min(1).max(LARGEST_COUNT).default(GENERATED_TOGETHER), {
      group: "Machine",
      description: "Continuations computed together.",
    }),
    kvCacheBytes: option(z.int().min(0).default(CACHE_BYTES), {
      group: "Machine",
      unit: "bytes",
      description: "Keys and values that are held at most.",
    }),
  });

const optionSet: OptionSet<typeof schema, ResolvedGenerationOptions> = {
  schema,
  readsFile: false,
  alternatives: [],
  paths: {},
  rules: equalContinuations,
  complete: (values) => values,
};

const descriptions = describeOptions(schema);

/**
 * Fills in the defaults of `otr generate`.
 *
 * @throws {ConfigError} with every option that does not exist and every value that is out of range
 */
export function resolveGenerationOptions(options: GenerationOptions): ResolvedGenerationOptions {
  return resolveOptions(optionSet, [objectLayer(options, descriptions)], (name) => name).config;
}
