/** @file Measures a model: it answers questions, and its final answers are compared with the right ones. */
import { type CausalLM, generate, type Tokenizer } from "one-token-rollout";
import { finalAnswer } from "./arithmetic.js";
import type { Item } from "./skills.js";
import { NEWLINE } from "./tokenizer.js";

/** New tokens that an answer may have: enough for every worked form, and for the short answers of other skills. */
export const ANSWER_TOKENS = { target: 48, other: 12 } as const;

/** Questions answered together: a model this small is fastest in large batches. */
const BATCH_SIZE = 200;

export interface Score {
  /** Exact matches in percent. */
  readonly accuracy: number;
  /** Whether each item was answered right. */
  readonly right: readonly boolean[];
  /** What the model wrote for each item, up to the newline. */
  readonly answers: readonly string[];
}

/** The share of true values in percent. */
export const percentRight = (right: readonly boolean[]): number =>
  (100 * right.filter(Boolean).length) / right.length;

/** How to answer: greedily at temperature 0, else by sampling. */
export interface Decoding {
  readonly maxNewTokens: number;
  readonly temperature: number;
  readonly seed?: number;
}

/** Lets the model answer `items`, each after a newline, and compares the final answers exactly. */
export async function score(
  model: CausalLM,
  tokenizer: Tokenizer,
  items: readonly Item[],
  decoding: Decoding,
): Promise<Score> {
  const prompts = items.map(({ prompt }) => NEWLINE + prompt);
  const generations = await generate(model, tokenizer, prompts, { ...decoding, batchSize: BATCH_SIZE });
  const answers = generations.map(({ text }) => text.split(NEWLINE, 1)[0]!);
  const right = items.map(({ answer }, index) => finalAnswer(answers[index]!) === answer);
  return { accuracy: percentRight(right), right, answers };
}
