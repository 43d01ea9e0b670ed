/** @file Lets the model answer the prompts of a step, has the answers judged, and makes rows to train on of them. */
import { type DType, recordFunction } from "@one-token/torch";
import { z } from "zod";
import type { TrainConfig } from "../config/train-options.js";
import { type EncodedRow, IGNORE_INDEX } from "../data/encoded-row.js";
import type { Tokenizer } from "../data/tokenizer.js";
import { continuationText } from "../generation/generate.js";
import { generateTokens, type TokenGeneration } from "../generation/generate-tokens.js";
import { groupAdvantages } from "./group-advantages.js";
import type { ReferenceModel } from "./reference-model.js";
import { judgeCompletions } from "./rewards/judge-completions.js";
import type { Reward } from "./rewards/reward.js";
import { promptLengthOf, type RolloutRow } from "./rollout-row.js";
import type { TrainingModel } from "./training-model.js";

/** The options that decide on rollouts. */
export type RolloutOptions = Pick<
  TrainConfig,
  | "seed"
  | "numGenerations"
  | "maxCompletionLength"
  | "temperature"
  | "topP"
  | "topK"
  | "rewardWeights"
  | "scaleRewards"
  | "numIterations"
  | "maskTruncatedCompletions"
  | "perDeviceTrainBatchSize"
>;

export interface RolloutsOptions {
  readonly config: RolloutOptions;
  readonly model: TrainingModel;
  /** Null where nothing is compared with it. */
  readonly reference: ReferenceModel | null;
  readonly rewards: readonly Reward[];
  readonly tokenizer: Tokenizer;
  readonly computeDtype: DType;
}

/** What is told of the completions of a step, by TRL's names; lengths are in tokens. */
export interface CompletionMetrics {
  /** Mean reward of the completions. */
  reward: number;
  reward_std: number;
  /** Share of the completions in groups whose rewards are all the same: they teach nothing. */
  frac_reward_zero_std: number;
  "completions/mean_length": number;
  "completions/min_length": number;
  "completions/max_length": number;
  /** Share of the completions that `max_completion_length`, or the model's context, has cut off. */
  "completions/clipped_ratio": number;
}

/** The same, with mean and standard deviation of each reward function. */
export type RolloutMetrics = CompletionMetrics & Readonly<Record<`rewards/${string}`, number>>;

/** Completions that more steps are to be made with, as a checkpoint keeps them. */
export const rolloutState = z.strictObject({
  /** The first step that they were made for. */
  step: z.int().min(0),
  rows: z.array(
    z.strictObject({
      id: z.int().min(0),
      source_id: z.int().min(0),
      prompt: z.array(z.int()),
      completion: z.array(z.int()),
      is_masked: z.boolean(),
      advantage: z.number(),
      old: z.array(z.number()).nullable(),
      reference: z.array(z.number()).nullable(),
    }),
  ),
});
export type RolloutState = z.output<typeof rolloutState>;

/** The rows of a step. */
export interface StepRollouts {
  /** The micro-batches. */
  readonly batches: readonly (readonly RolloutRow[])[];
  /** Null where the completions are those of the step before. */
  readonly metrics: RolloutMetrics | null;
}

/** A completion with the prompt that it answers. */
interface Completion extends TokenGeneration {
  readonly source: EncodedRow;
  readonly promptLength: number;
  readonly id: number;
}

/** The completions that a run trains on, step by step. */
export class Rollouts {
  readonly #options: RolloutsOptions;
  /** Those that the last step was made with. */
  #held: { readonly step: number; readonly rows: readonly RolloutRow[] } | null = null;

  constructor(options: RolloutsOptions) {
    this.#options = options;
  }

  /**
   * What a checkpoint keeps so that training goes on the same: null where the next step has new completions.
   *
   * @param steps that are done
   */
  stateAfter(steps: number): RolloutState | null {
    const held = this.#held;
    if (held === null || steps % this.#options.config.numIterations === 0) return null;
    return { step: held.step, rows: held.rows.map(stateOf) };
  }

  restore(state: RolloutState | null): void {
    this.#held = state && { step: state.step, rows: state.rows.map(rowOf) };
  }

  /**
   * The completions of a step: new ones, or with `num_iterations` those of the steps before, with the log-probabilities that
   * they were written with.
   *
   * @param step from 0; it and the rows key the random draws
   * @param prompts rows of the data set
   * @throws {RunError} `REWARD_INVALID`; `NONFINITE_LOGITS`
   */
  async take(step: number, prompts: readonly EncodedRow[]): Promise<StepRollouts> {
    const { numIterations } = this.#options.config;
    const first = step - (step % numIterations);
    if (this.#held !== null && this.#held.step === first && step > first)
      return { batches: this.#inBatches(this.#held.rows), metrics: null };
    const { rows, metrics } = await this.#make(first, prompts);
    this.#held = { step: first, rows };
    // Their own log-probabilities are those of the weights as they are.
    const fresh = rows.map((row) => ({ ...row, oldLogProbabilities: null }));
    return { batches: this.#inBatches(fresh), metrics };
  }

  async #make(
    step: number,
    prompts: readonly EncodedRow[],
  ): Promise<{ rows: RolloutRow[]; metrics: RolloutMetrics }> {
    const { config, model, reference, rewards } = this.#options;
    const completions = await recordFunction("rollouts", () => this.#generate(step, prompts));
    const weights = config.rewardWeights ?? rewards.map(() => 1);
    const texts = await this.#textsOf(prompts, completions);
    const judged = await recordFunction("rewards", () => judgeCompletions(texts, rewards, weights));
    const group = groupAdvantages(judged.rewards, config.numGenerations, config.scaleRewards);
    const rows = completions.map((completion, at) => this.#rowOf(completion, group.advantages[at]!));
    const recorded = <Scores extends (readonly number[])[] | null>(
      score: ((batch: readonly RolloutRow[]) => Scores) | null,
    ) => (score === null ? null : this.#inBatches(rows).flatMap((batch) => score(batch) ?? []));
    const old = recorded(config.numIterations > 1 ? (batch) => model.logProbabilities(batch) : null);
    const referenced = recorded(reference && ((batch) => reference.logProbabilities(batch)));
    const lengths = completions.map(({ tokenIds }) => tokenIds.length);
    return {
      rows: rows.map((row, at) => ({
        ...row,
        oldLogProbabilities: old?.[at] ?? null,
        referenceLogProbabilities: referenced?.[at] ?? null,
      })),
      metrics: {
        reward: group.mean,
        reward_std: group.deviation,
        frac_reward_zero_std: group.zeroDeviation,
        ...judged.metrics,
        "completions/mean_length": lengths.reduce((sum, length) => sum + length, 0) / lengths.length,
        "completions/min_length": lengths.reduce((least, length) => Math.min(least, length)),
        "completions/max_length": lengths.reduce((most, length) => Math.max(most, length)),
        "completions/clipped_ratio": completions.filter(isTruncated).length / completions.length,
      },
    };
  }

  async #generate(step: number, prompts: readonly EncodedRow[]): Promise<Completion[]> {
    const { config, model, tokenizer, computeDtype } = this.#options;
    const { seed, numGenerations, maxCompletionLength, temperature, topP, topK } = config;
    const starts = prompts.map((row) => row.inputIds.slice(0, promptLengthOf(row)));
    const idOf = (prompt: number, sample: number) => prompts[prompt]!.id * numGenerations + sample;
    const generations = await generateTokens(model.model, starts, {
      ...{ seed, temperature, topP, topK, computeDtype },
      maxNewTokens: maxCompletionLength,
      numReturnSequences: numGenerations,
      eosTokenIds: endTokensOf(model, tokenizer),
      drawKey: (prompt, sample) => ({ step, row: idOf(prompt, sample) }),
    });
    return generations.map((generation, at) => {
      const prompt = Math.floor(at / numGenerations);
      const id = idOf(prompt, at % numGenerations);
      return { ...generation, source: prompts[prompt]!, promptLength: starts[prompt]!.length, id };
    });
  }

  /** The texts that reward functions judge. */
  async #textsOf(prompts: readonly EncodedRow[], completions: readonly Completion[]) {
    const { model, tokenizer } = this.#options;
    const ends = endTokensOf(model, tokenizer);
    const decode = (ids: readonly number[]) => tokenizer.decode(ids, { skipSpecialTokens: true });
    const said = (row: EncodedRow, length: number, tokenIds: readonly number[]) => {
      const end = tokenIds.findIndex((id) => ends.includes(id));
      const spoken = end < 0 ? tokenIds : tokenIds.slice(0, end);
      return continuationText([...row.inputIds.subarray(0, length)], spoken, decode);
    };
    const ofPrompts = await Promise.all(
      prompts.map(async (row) => {
        const length = promptLengthOf(row);
        return {
          prompt: await tokenizer.decode([...row.inputIds.subarray(0, length)]),
          reference: await said(row, length, learnedFrom(row, length)),
        };
      }),
    );
    const bySource = new Map(prompts.map((row, at) => [row, ofPrompts[at]!]));
    return {
      prompts: completions.map(({ source }) => bySource.get(source)!.prompt),
      completions: await Promise.all(
        completions.map(({ source, promptLength, tokenIds }) => said(source, promptLength, tokenIds)),
      ),
      references: completions.map(({ source }) => bySource.get(source)!.reference),
    };
  }

  #rowOf(completion: Completion, advantage: number): RolloutRow {
    const { id, source, promptLength, tokenIds } = completion;
    const isMasked = this.#options.config.maskTruncatedCompletions && isTruncated(completion);
    return makeRow({
      ...{ id, isMasked, advantage },
      sourceId: source.id,
      prompt: source.inputIds.subarray(0, promptLength),
      completion: tokenIds,
    });
  }

  #inBatches(rows: readonly RolloutRow[]): RolloutRow[][] {
    const size = this.#options.config.perDeviceTrainBatchSize;
    return Array.from({ length: Math.ceil(rows.length / size) }, (_, at) =>
      rows.slice(at * size, (at + 1) * size),
    );
  }
}

const endTokensOf = ({ model }: TrainingModel, tokenizer: Tokenizer): number[] => [
  ...new Set([...model.eosTokenIds, ...tokenizer.stopTokenIds]),
];

const isTruncated = ({ finishReason }: TokenGeneration): boolean => finishReason === "length";

/** The tokens from a place on that are learned, up to the next that is not. */
function learnedFrom({ labels }: EncodedRow, start: number): number[] {
  const end = labels.findIndex((label, at) => at >= start && label === IGNORE_INDEX);
  return [...labels.subarray(start, end < 0 ? labels.length : end)];
}

/** A row of its parts; one that is masked has no labels. */
function makeRow(parts: {
  readonly id: number;
  readonly sourceId: number;
  readonly prompt: ArrayLike<number>;
  readonly completion: ArrayLike<number>;
  readonly isMasked: boolean;
  readonly advantage: number;
}): RolloutRow {
  const { prompt, completion, isMasked, ...row } = parts;
  const inputIds = new Int32Array(prompt.length + completion.length);
  inputIds.set(prompt);
  inputIds.set(completion, prompt.length);
  const labels = isMasked ? new Int32Array(inputIds.length) : inputIds.slice();
  labels.fill(IGNORE_INDEX, 0, isMasked ? labels.length : prompt.length);
  const promptLength = prompt.length;
  return {
    ...row,
    inputIds,
    labels,
    promptLength,
    oldLogProbabilities: null,
    referenceLogProbabilities: null,
  };
}

function stateOf(row: RolloutRow): RolloutState["rows"][number] {
  const { id, sourceId, inputIds, labels, promptLength, advantage } = row;
  return {
    id,
    source_id: sourceId,
    prompt: [...inputIds.subarray(0, promptLength)],
    completion: [...inputIds.subarray(promptLength)],
    is_masked: labels.every((label) => label === IGNORE_INDEX),
    advantage,
    old: row.oldLogProbabilities && [...row.oldLogProbabilities],
    reference: row.referenceLogProbabilities && [...row.referenceLogProbabilities],
  };
}

const rowOf = ({
  source_id: sourceId,
  is_masked: isMasked,
  old,
  reference,
  ...parts
}: RolloutState["rows"][number]): RolloutRow => ({
  ...makeRow({ ...parts, sourceId, isMasked }),
  oldLogProbabilities: old,
  referenceLogProbabilities: reference,
});
