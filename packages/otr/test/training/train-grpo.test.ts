/** Runs in which the model answers the prompts itself. */
import { writeFileSync } from "node:fs";
import { liveTensorCount } from "@one-token/torch";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { TrainInput } from "../../src/config/train-options.js";
import { train } from "../../src/training/train.js";
import { makeRunWorkspace, type RunWorkspace } from "./run-workspace.js";

let workspace: RunWorkspace;
beforeAll(async () => {
  workspace = await makeRunWorkspace();
  writeFileSync(
    workspace.path("plain.mjs"),
    "export default ({ completions }) => completions.map((text) => text.replace(/[^ -~]/g, '').length);",
  );
});
afterAll(() => workspace.dispose());
let live = 0;
beforeEach(() => {
  live = liveTensorCount();
});
afterEach(() => {
  expect(liveTensorCount()).toBe(live);
});

/** A run of three prompts a step, whose completions are judged by how many characters of ASCII they have. */
const input = (outputDir: string, more: Partial<TrainInput> = {}): TrainInput => {
  const options = workspace.input({
    outputDir: workspace.path(outputDir),
    lossType: "grpo",
    rewardFuncs: [workspace.path("plain.mjs")],
    numGenerations: 4,
    maxCompletionLength: 6,
    perDeviceTrainBatchSize: 6,
    gradientAccumulationSteps: 2,
    maxSteps: 6,
    loggingSteps: 1,
    learningRate: 1e-2,
    ...more,
  });
  return options;
};

const lines = (name: string) =>
  workspace
    .readLines(name, "metrics.jsonl")
    .map(({ time: _, step_time: _a, tokens_per_second: _b, memory_bytes: _c, ...line }) => line);

describe("train with grpo", () => {
  it("raises the reward, and tells of completions, rewards and clipping", async () => {
    const { status } = await train(input("learns", { maxSteps: 30, temperature: 1.2, learningRate: 3e-2 }));
    expect(status).toBe("completed");
    const metrics = lines("learns").filter(({ alert }) => alert === undefined);
    expect(metrics[0]).toMatchObject({
      step: 1,
      "clip_ratio/region_mean": 0,
      "rewards/plain/mean": metrics[0].reward,
      "completions/max_length": 6,
    });
    expect(metrics[0]).not.toHaveProperty("kl");
    expect(metrics[0]["completions/clipped_ratio"]).toBeGreaterThan(0.5);
    const mean = (some: readonly { reward: number }[]) =>
      some.reduce((sum, { reward }) => sum + reward, 0) / some.length;
    expect(mean(metrics.slice(-5))).toBeGreaterThan(mean(metrics.slice(0, 5)) + 1);
    expect(workspace.readJson("learns", "run.json").config.loss_type).toBe("grpo");
  });

  it.each<[string, Partial<TrainInput>]>([
    ["new completions each step", { maskTruncatedCompletions: true }],
    ["three steps with each, and a reference", { numIterations: 3, beta: 0.1, epsilon: 0.1 }],
    [
      "an adapter with dropout, and a reference",
      { numIterations: 2, beta: 0.1, usePeft: true, loraDropout: 0.2 },
    ],
  ])("goes on from any step as if it had not stopped: %s", async (name, options) => {
    const straight = `${name} straight`;
    const resumed = `${name} resumed`;
    await train(input(straight, options));
    let steps = 0;
    const stopped = await train(input(resumed, options), { shouldStop: () => ++steps === 2 });
    expect(stopped.status).toBe("interrupted");
    await train(input(resumed, { ...options, resumeFromCheckpoint: true }));
    const file = options.usePeft ? "adapter_model.safetensors" : "model.safetensors";
    expect(workspace.numbersOf(resumed, [file])).toEqual(workspace.numbersOf(straight, [file]));
    expect(lines(resumed)).toEqual(lines(straight));
    const last = lines(straight).at(-1);
    expect(last.kl > 0).toBe(options.beta !== undefined);
  });

  it("makes num_iterations steps with the same completions, whose ratios move away from 1", async () => {
    await train(input("iterations", { numIterations: 3, epsilon: 0.01 }));
    const metrics = lines("iterations");
    expect(metrics.map((line) => "reward" in line)).toEqual([true, false, false, true, false, false]);
    expect(metrics.map((line) => line["clip_ratio/region_mean"] > 0)).toEqual([
      ...[false, true, true],
      ...[false, true, true],
    ]);
    expect(metrics.map(({ epoch }) => epoch)).toEqual(
      [1, 2, 3, 4, 5, 6].map((step) => expect.closeTo(step / 3 / 4, 10)),
    );
  });

  it("computes the same gradient in one pass and in several", async () => {
    const options = { maxSteps: 1, grpoAggregation: "grpo" } as const;
    await train(input("one", { ...options, perDeviceTrainBatchSize: 12, gradientAccumulationSteps: 1 }));
    await train(input("several", { ...options, perDeviceTrainBatchSize: 3, gradientAccumulationSteps: 4 }));
    const [one, several] = [lines("one")[0], lines("several")[0]];
    for (const key of ["reward", "reward_std", "num_tokens", "completions/mean_length"]) {
      expect(several[key]).toBe(one[key]);
    }
    for (const key of ["loss", "grad_norm", "nll"]) expect(several[key]).toBeCloseTo(one[key], 5);
  });

  it("evaluates rows of a data set by their likelihood alone", async () => {
    await train(
      input("evaluated", {
        maxSteps: 1,
        evalDataset: workspace.path("rows.jsonl"),
        evalStrategy: "steps",
        evalSteps: 1,
      }),
    );
    const evaluation = lines("evaluated").at(-1);
    expect(evaluation.eval_loss).toBeGreaterThan(0);
    expect(evaluation).not.toHaveProperty("eval_objective_loss");
  });

  it("survives a step whose completions are all masked", async () => {
    await train(input("masked", { maxSteps: 1, maskTruncatedCompletions: true, maxCompletionLength: 1 }));
    const [line] = lines("masked");
    expect(line["completions/clipped_ratio"]).toBe(1);
    expect(line.num_supervised_tokens).toBe(0);
    expect(line.grad_norm).toBe(0);
  });

  it("ends with a message where a reward function gives what is no reward", async () => {
    writeFileSync(workspace.path("wrong.mjs"), "export default ({ completions }) => [1, 2];");
    await expect(
      train(input("wrong", { rewardFuncs: ["exact_match", workspace.path("wrong.mjs")] })),
    ).rejects.toThrow(expect.objectContaining({ code: "REWARD_INVALID" }));
  });

  it("refuses rows without a prompt, and goes on only with the same reward functions", async () => {
    const dataset = workspace.writeRows("text.jsonl", [{ text: "no prompt here" }]);
    await expect(train(input("text", { dataset }))).rejects.toThrow(
      expect.objectContaining({ code: "ROLLOUT_PROMPT_MISSING" }),
    );
    writeFileSync(workspace.path("own.mjs"), "export default ({ completions }) => completions.map(() => 0);");
    const options = { rewardFuncs: [workspace.path("own.mjs")] };
    await train(input("other", options), { shouldStop: () => true });
    writeFileSync(workspace.path("own.mjs"), "export default ({ completions }) => completions.map(() => 1);");
    await expect(train(input("other", { ...options, resumeFromCheckpoint: true }))).rejects.toThrow(
      /reward_modules: its content is another/,
    );
  });
});
