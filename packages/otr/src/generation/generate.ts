/** @file Continues prompts given as text. */
import type { DType } from "@one-token/torch";
import { formatValue } from "../config/format-value.js";
import { ConfigError } from "../errors.js";
import type { CausalLM } from "../models/causal-lm.js";
import type { Tokenizer } from "../data/tokenizer.js";
import { generateTokens, type TokenGeneration } from "./generate-tokens.js";
import type { GenerationOptions } from "./generation-options.js";
import { endsWithStop, textBeforeStop } from "./stop-strings.js";

/** {@link GenerationOptions}, and strings that end a continuation. */
export interface TextGenerationOptions extends GenerationOptions {
  /** A continuation ends where one of these occurs, and its text ends before it. */
  readonly stopStrings?: readonly string[];
  /** Whether the tokenizer adds the tokens it puts around a text; default true. False for rendered chat templates. */
  readonly addSpecialTokens?: boolean;
  /** What is computed in; default: the dtype of the parameters. */
  readonly computeDtype?: DType;
  /** Called as soon as a continuation has ended, with its place among the results; those of others may come first. */
  readonly onFinished?: (index: number, generation: Generation) => void | Promise<void>;
}

/** The continuation of one prompt. */
export interface Generation extends TokenGeneration {
  readonly prompt: string;
  /** The continuation alone, without end token and stop string. */
  readonly text: string;
}

/**
 * Continues each prompt, in the prompts' order; with `numReturnSequences`, each prompt's continuations stand side by side. A
 * continuation ends at an end token of the model or of the tokenizer.
 *
 * @throws {ConfigError} for prompts that are no list of texts, and for options that do not exist or are out of range
 * @throws {DataError} `PROMPT_EMPTY`, `PROMPT_TOO_LONG`, `TOKEN_UNKNOWN`
 */
export async function generate(
  model: CausalLM,
  tokenizer: Tokenizer,
  prompts: readonly string[],
  options: TextGenerationOptions = {},
): Promise<Generation[]> {
  const { stopStrings = [], addSpecialTokens = true, onFinished, ...tokenOptions } = options;
  if (stopStrings.includes("")) {
    throw new ConfigError([
      { where: "stopStrings", message: "holds an empty string, which occurs everywhere" },
    ]);
  }
  if (!Array.isArray(prompts) || prompts.some((prompt) => typeof prompt !== "string")) {
    const example = typeof prompts === "string" ? ` Write [${formatValue(prompts)}].` : "";
    const message = `found ${formatValue(prompts)}, but needs a list of texts.${example}`;
    throw new ConfigError([{ where: "prompts", message }]);
  }
  const eosTokenIds = [...new Set([...model.eosTokenIds, ...tokenizer.stopTokenIds])];
  const decode = (ids: readonly number[]) => tokenizer.decode(ids, { skipSpecialTokens: true });
  const promptIds = await tokenizer.encodeBatch(prompts, { addSpecialTokens });
  const inText = async (place: number, generation: TokenGeneration): Promise<Generation> => {
    const index = Math.floor(place / (tokenOptions.numReturnSequences ?? 1));
    const { tokenIds } = generation;
    const ended = eosTokenIds.includes(tokenIds.at(-1)!);
    const text = await continuationText(promptIds[index]!, ended ? tokenIds.slice(0, -1) : tokenIds, decode);
    return { prompt: prompts[index]!, text: textBeforeStop(text, stopStrings) ?? text, ...generation };
  };
  const generations: Generation[] = [];
  await generateTokens(
    model,
    promptIds.map((ids) => Int32Array.from(ids)),
    {
      ...tokenOptions,
      eosTokenIds,
      ...(stopStrings.length > 0 && {
        shouldStop: (continuation) => endsWithStop(continuation, stopStrings, decode),
      }),
      async onFinished(place, generation) {
        generations[place] = await inText(place, generation);
        await onFinished?.(place, generations[place]);
      },
    },
  );
  return generations;
}

/** What the continuation adds to the prompt's text: decoded alone, some tokenizers drop its leading space. */
export async function continuationText(
  prompt: readonly number[],
  continuation: readonly number[],
  decode: (ids: readonly number[]) => Promise<string>,
): Promise<string> {
  const before = await decode(prompt);
  const whole = await decode([...prompt, ...continuation]);
  return whole.startsWith(before) ? whole.slice(before.length) : decode(continuation);
}
