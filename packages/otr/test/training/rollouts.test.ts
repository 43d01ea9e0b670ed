import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EncodedRow } from "../../src/data/encoded-row.js";
import { loadTokenizer, type Tokenizer } from "../../src/data/tokenizer.js";
import { loadModel } from "../../src/models/load-model.js";
import { createObjective } from "../../src/objectives/registry.js";
import type { RewardInput } from "../../src/training/rewards/reward.js";
import { promptLengthOf, type RolloutRow } from "../../src/training/rollout-row.js";
import { type RolloutOptions, Rollouts } from "../../src/training/rollouts.js";
import { TrainingModel } from "../../src/training/training-model.js";
import { makeRunWorkspace, type RunWorkspace } from "./run-workspace.js";

let workspace: RunWorkspace;
let model: TrainingModel;
let tokenizer: Tokenizer;
beforeAll(async () => {
  workspace = await makeRunWorkspace();
  model = new TrainingModel({
    model: await loadModel(workspace.path("base")),
    objective: createObjective({ lossType: "grpo" }),
    computeDtype: "float32",
    headChunkBytes: 2 ** 20,
    gradientCheckpointing: false,
    seed: 1,
  });
  tokenizer = await loadTokenizer(workspace.path("base"));
});
afterAll(() => {
  model.dispose();
  workspace.dispose();
});

const IGNORED = -100;
const EOS = 259;
const rowOf = async (id: number, prompt: string, completion: string): Promise<EncodedRow> => {
  const ids = await tokenizer.encode(prompt);
  const answer = await tokenizer.encode(completion);
  const inputIds = Int32Array.from([...ids, ...answer, EOS]);
  return { id, inputIds, labels: inputIds.map((token, at) => (at < ids.length ? IGNORED : token)) };
};

const judged: RewardInput[] = [];
const rolloutsOf = (more: Partial<RolloutOptions> = {}) =>
  new Rollouts({
    model,
    tokenizer,
    reference: null,
    computeDtype: "float32",
    rewards: [
      {
        name: "spaces",
        judge: (input) => {
          judged.push(input);
          return input.completions.map((text) => text.split("e").length);
        },
      },
    ],
    config: {
      seed: 3,
      numGenerations: 4,
      maxCompletionLength: 12,
      temperature: 1,
      topP: 1,
      topK: 0,
      rewardWeights: null,
      scaleRewards: "group",
      numIterations: 1,
      maskTruncatedCompletions: false,
      perDeviceTrainBatchSize: 3,
      ...more,
    },
  });

const contents = (rows: readonly RolloutRow[]) =>
  rows.map((row) => ({ ...row, inputIds: [...row.inputIds] }));

describe("Rollouts", () => {
  it("writes the same for a prompt whatever prompts stand beside it", async () => {
    const rows = await Promise.all([
      rowOf(7, "a: ", "yes"),
      rowOf(2, "a longer prompt: ", "no"),
      rowOf(5, "b: ", "yes"),
    ]);
    const together = (await rolloutsOf().take(4, rows)).batches.flat();
    const alone = (await rolloutsOf().take(4, [rows[2]!])).batches.flat();
    expect(contents(together.slice(8))).toEqual(contents(alone));
    expect(together.map(({ sourceId }) => sourceId)).toEqual([7, 7, 7, 7, 2, 2, 2, 2, 5, 5, 5, 5]);
    const texts = together.map(({ inputIds }) => inputIds.join());
    expect(new Set(texts).size).toBe(12);
    const later = (await rolloutsOf().take(5, rows)).batches.flat();
    expect(later[0]!.inputIds).not.toEqual(together[0]!.inputIds);
  });

  it("hands reward functions the texts, and the row's own answer without its end", async () => {
    const { metrics, batches } = await rolloutsOf().take(0, [await rowOf(0, "say: ", " yes")]);
    const input = judged.at(-1)!;
    expect(input.prompts).toEqual(new Array(4).fill("say: "));
    expect(input.references).toEqual(new Array(4).fill(" yes"));
    expect(batches.map((batch) => batch.length)).toEqual([3, 1]);
    const rewards = input.completions.map((text) => text.split("e").length);
    expect(metrics!.reward).toBeCloseTo(rewards.reduce((sum, value) => sum + value, 0) / 4, 12);
    const [first] = batches[0]!;
    expect(first!.promptLength).toBe(5);
    expect(await tokenizer.decode([...first!.inputIds.subarray(5)])).toBe(input.completions[0]);
  });

  it("keeps completions for num_iterations steps, with the log-probabilities they were written with, and over a checkpoint", async () => {
    const rows = [await rowOf(1, "a: ", "yes")];
    const rollouts = rolloutsOf({ numIterations: 2 });
    const first = await rollouts.take(2, rows);
    expect(first.batches.flat().every(({ oldLogProbabilities }) => oldLogProbabilities === null)).toBe(true);
    const state = JSON.parse(JSON.stringify(rollouts.stateAfter(3)));
    const second = await rollouts.take(3, rows);
    expect(second.metrics).toBeNull();
    const [row] = second.batches.flat();
    expect(row!.oldLogProbabilities).toEqual(model.logProbabilities([row!])[0]);
    expect(rollouts.stateAfter(4)).toBeNull();
    const other = rolloutsOf({ numIterations: 2 });
    other.restore(state);
    expect(contents((await other.take(3, rows)).batches.flat())).toEqual(contents(second.batches.flat()));
  });

  it("leaves completions that were cut off out of the loss where it is asked to", async () => {
    const rows = [await rowOf(1, "a: ", "yes")];
    const { batches, metrics } = await rolloutsOf({ maskTruncatedCompletions: true }).take(0, rows);
    expect(metrics!["completions/clipped_ratio"]).toBe(1);
    for (const { labels } of batches.flat()) expect(labels.every((label) => label === IGNORED)).toBe(true);
  });
});

describe("log-probabilities", () => {
  it.each([
    ["float32", false, 1],
    ["float32", true, 0.7],
    ["bfloat16", true, 1],
  ] as const)(
    "are those of a step, digit for digit: %s, checkpointing %s, temperature %f",
    async (computeDtype, gradientCheckpointing, temperature) => {
      const own = new TrainingModel({
        model: await loadModel(workspace.path("base"), { trainable: true }),
        objective: createObjective({ lossType: "grpo", temperature }),
        headChunkBytes: 4096,
        seed: 1,
        ...{ computeDtype, gradientCheckpointing },
      });
      const rows = await Promise.all([rowOf(0, "a: ", "yes"), rowOf(1, "another: ", "no, never")]);
      const scores = own.logProbabilities(rows);
      const rollouts = rows.map((row, at) => ({
        ...row,
        ...{ sourceId: row.id, promptLength: promptLengthOf(row), advantage: 1 },
        ...{ oldLogProbabilities: scores[at]!, referenceLogProbabilities: null },
      }));
      const sums = own.accumulateGradients(rollouts, 0, () => 1);
      expect(sums.count).toBe(14);
      expect(sums.loss).toBe(-sums.count);
      own.dispose();
    },
  );
});

describe("promptLengthOf", () => {
  it.each([
    [[IGNORED, IGNORED, 4, 5], 2],
    [[IGNORED, 3, IGNORED, IGNORED, 5, IGNORED], 4],
    [[1, 2, 3], 0],
    [[IGNORED, IGNORED], 0],
  ])("is where the last stretch begins that is learned: %j", (labels, length) => {
    expect(promptLengthOf({ labels: Int32Array.from(labels) })).toBe(length);
  });
});
