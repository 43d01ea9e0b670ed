import { continuationText } from "../generation/generate.js";
import { generateTokens } from "../generation/generate-tokens.js";
import type { CausalLM } from "../models/causal-lm.js";
import type { EvaluationPrompts } from "./evaluation-prompts.js";

/** A line of `samples.jsonl`, but for the step. */
export interface EvaluationSample {
  readonly prompt: string;
  /** The continuation alone, without the end token. */
  readonly text: string;
  /** `time`: the seconds for the samples of an evaluation were used up. */
  readonly finish_reason: "stop" | "length" | "time";
}

/** Training waits while samples are made, and no longer than this for all of them. */
const MOST_SECONDS = 120;
/** Prompts that are continued together: what they need of memory comes on top of the optimizer's. */
const BATCH = 8;

/**
 * Continues each prompt with the most probable tokens.
 *
 * @param shouldStop asked after each token; true ends all of them
 */
export async function evaluationSamples(
  model: CausalLM,
  { prompts, tokenizer }: EvaluationPrompts,
  maxNewTokens: number,
  shouldStop: () => boolean,
): Promise<EvaluationSample[]> {
  const deadline = performance.now() + 1000 * MOST_SECONDS;
  const endTokens = new Set([...model.eosTokenIds, ...tokenizer.stopTokenIds]);
  const timedOut = new Set<number>();
  const generations = await generateTokens(
    model,
    prompts.map(({ tokenIds }) => Int32Array.from(tokenIds)),
    {
      temperature: 0,
      maxNewTokens,
      batchSize: BATCH,
      eosTokenIds: [...endTokens],
      shouldStop(_, index) {
        const isOver = performance.now() > deadline || shouldStop();
        if (isOver) timedOut.add(index);
        return isOver;
      },
    },
  );
  const decode = (ids: readonly number[]) => tokenizer.decode(ids, { skipSpecialTokens: true });
  return Promise.all(
    generations.map(async ({ tokenIds, finishReason }, index) => {
      const { prompt, tokenIds: promptIds } = prompts[index]!;
      const spoken = endTokens.has(tokenIds.at(-1)!) ? tokenIds.slice(0, -1) : tokenIds;
      const text = await continuationText(promptIds, spoken, decode);
      return { prompt, text, finish_reason: timedOut.has(index) ? ("time" as const) : finishReason };
    }),
  );
}
