/** @file What can be asked of generation, with defaults and checks. */
import { ConfigError, type Problem } from "../errors.js";

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
  /** Seed of the draws (default 42), which depend on it, the prompt's index and the position alone. */
  readonly seed?: number;
}

/** What to generate, and when to stop. */
export interface GenerationOptions extends SamplingOptions {
  /** Most tokens of a continuation; default 256. */
  readonly maxNewTokens?: number;
  /** Prompts computed together; default 32. More are faster and need more memory; results do not change. */
  readonly batchSize?: number;
}

/** The options with every default filled in. */
export type ResolvedGenerationOptions = Required<GenerationOptions>;

const defaults: ResolvedGenerationOptions = {
  temperature: 0,
  topK: 0,
  topP: 1,
  minP: 0,
  repetitionPenalty: 1,
  seed: 42,
  maxNewTokens: 256,
  batchSize: 32,
};

type Check = readonly [valid: (value: number) => boolean, range: string];

const atLeastOne: Check = [(value) => Number.isSafeInteger(value) && value >= 1, "an integer of at least 1"];
const checks: Record<keyof ResolvedGenerationOptions, Check> = {
  temperature: [(value) => Number.isFinite(value) && value >= 0, "a number of at least 0 (0 is greedy)"],
  topK: [(value) => Number.isSafeInteger(value) && value >= 0, "an integer of at least 0 (0 keeps all)"],
  topP: [(value) => value > 0 && value <= 1, "above 0 and at most 1 (1 keeps all)"],
  minP: [(value) => value >= 0 && value <= 1, "between 0 and 1 (0 keeps all)"],
  repetitionPenalty: [(value) => Number.isFinite(value) && value > 0, "a number above 0 (1 is none)"],
  seed: [(value) => Number.isSafeInteger(value), "an integer of at most 2^53 - 1"],
  maxNewTokens: atLeastOne,
  batchSize: atLeastOne,
};

const optionNames = Object.keys(checks) as (keyof ResolvedGenerationOptions)[];

/**
 * Fills in defaults.
 *
 * @throws {ConfigError} with every value that is out of range
 */
export function resolveGenerationOptions(options: GenerationOptions): ResolvedGenerationOptions {
  const resolved = { ...defaults };
  const problems: Problem[] = [];
  for (const name of optionNames) {
    const value = options[name] ?? defaults[name];
    const [valid, range] = checks[name];
    if (valid(value)) resolved[name] = value;
    else problems.push({ where: name, message: `is ${value}, but must be ${range}` });
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return resolved;
}
