import { existsSync } from "node:fs";
import { basename } from "node:path";
import { aten, liveTensorCount } from "@one-token/torch";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TrainInput } from "../../src/config/train-options.js";
import type { Objective, TokenContext, TokenTerms } from "../../src/objectives/objective.js";
import { createObjective } from "../../src/objectives/registry.js";
import type { TrainEvent } from "../../src/training/events.js";
import { train } from "../../src/training/train.js";
import { makeRunWorkspace, type RunWorkspace } from "./run-workspace.js";

let workspace: RunWorkspace;
beforeEach(async () => {
  workspace = await makeRunWorkspace();
  // The fifth row, in the third step of two rows, has the sign that spoils it.
  const rows = Array.from({ length: 8 }, (_, at) => ({
    prompt: `${at}: `,
    completion: at === 4 ? "!" : "yes",
  }));
  workspace.writeRows("rows.jsonl", rows);
});
afterEach(() => workspace.dispose());

/** Options of four steps of two rows. */
const input = (changes: Partial<TrainInput> = {}) =>
  workspace.input({ maxSteps: 4, gradientAccumulationSteps: 1, loggingSteps: 1, ...changes });

/** The negative log-likelihood, which `spoil` changes where a target is an exclamation mark. */
function spoiled(spoil: (terms: TokenTerms) => TokenTerms): Objective {
  const { terms: _, ...nll } = createObjective({ lossType: "nll" });
  return {
    ...nll,
    evaluate(context: TokenContext) {
      const terms = nll.evaluate(context);
      const isSpoiled = aten.any(context.targets.eq("!".charCodeAt(0))).item() !== 0;
      return isSpoiled ? spoil(terms) : terms;
    },
  };
}
const nanLoss = spoiled((terms) => ({ ...terms, losses: terms.losses.mul(Number.NaN) }));
const infiniteGradient = spoiled((terms) => ({
  ...terms,
  weights: { ...terms.weights, total: terms.weights.total.mul(Number.POSITIVE_INFINITY) },
}));

async function run(objective: Objective, changes: Partial<TrainInput> = {}) {
  const events: TrainEvent[] = [];
  const before = liveTensorCount();
  const written = input({ trainSamplingStrategy: "sequential", ...changes });
  const outcome = await train(written, { objective, onEvent: (event) => events.push(event) }).then(
    (result) => ({ result, error: null }),
    (error: unknown) => ({ result: null, error }),
  );
  expect(liveTensorCount()).toBe(before);
  const folder = changes.outputDir === undefined ? "out" : basename(changes.outputDir);
  return { ...outcome, events, lines: workspace.readLines(folder, "metrics.jsonl") };
}

describe.each([
  ["loss", nanLoss, "NONFINITE_LOSS"],
  ["gradient", infiniteGradient, "NONFINITE_GRADIENT"],
] as const)("a %s that is not finite", (what, objective, code) => {
  it("ends the run before it reaches the weights; the rows are named and kept", async () => {
    const { error, lines, events } = await run(objective);
    expect(error).toMatchObject({ code, message: expect.stringMatching(/of step 3 is .* rows 5, 6 of /) });
    expect(lines.at(-1)).toMatchObject({ step: 3, alert: `nonfinite_${what}`, row_ids: [4, 5] });
    // The error tells of it.
    expect(events.map(({ type }) => type)).not.toContain("alert");
    expect(workspace.readJson("out", "run.json")).toMatchObject({ status: "failed" });
    expect(workspace.readJson("out", "run.json").reason).toContain("rows 5, 6 of ");
    const two = { outputDir: workspace.path("two"), trainSamplingStrategy: "sequential" } as const;
    let steps = 0;
    await train(input(two), {
      objective: spoiled((terms) => terms),
      shouldStop: () => ++steps === 2,
    });
    expect(workspace.numbersOf("out/checkpoint-2")).toEqual(workspace.numbersOf("two/checkpoint-2"));
  });

  it("may be skipped: the step makes no update, and schedule and data go on", async () => {
    const { result, lines, events } = await run(objective, { skipNonfiniteSteps: 1 });
    expect(events.find(({ type }) => type === "alert")).toMatchObject({ step: 3, row_ids: [4, 5] });
    expect(result).toMatchObject({ status: "completed", steps: 4 });
    expect(lines.map(({ step, alert }) => [step, alert ?? "step"])).toEqual([
      [1, "step"],
      [2, "step"],
      [3, `nonfinite_${what}`],
      [4, "step"],
    ]);
    expect(lines.at(-1).learning_rate).toBeCloseTo(1e-3 / 4, 12);
    expect(lines.at(-1).num_supervised_tokens).toBe(6 * 4);
    const end = events.at(-1);
    expect(end?.type === "end" && end.summary.join("\n")).toMatch(/1 step made no update, because .* NaN/);
  });
});

it("a step that is skipped where a line is due leaves the line to the next step", async () => {
  const { lines } = await run(nanLoss, { skipNonfiniteSteps: 1, loggingSteps: 3, maxSteps: 6 });
  expect(lines.map(({ step, alert }) => [step, alert ?? "step"])).toEqual([
    [3, "nonfinite_loss"],
    [3, "step"],
    [6, "step"],
  ]);
  expect(lines[1].learning_rate).toBeCloseTo((1e-3 * 5) / 6, 12);
  for (const line of lines) expect(Object.values(line)).not.toContain(null);
});

it("a micro-batch is named alone, where its loss tells which it was", async () => {
  const { error } = await run(nanLoss, { perDeviceTrainBatchSize: 1, gradientAccumulationSteps: 4 });
  expect(error).toMatchObject({ message: expect.stringMatching(/of step 2 is NaN, .* row 5 of /) });
});

it("a loss above the threshold for some steps ends the run with what to do, and the model is kept", async () => {
  const { error, lines, events } = await run(createObjective({ lossType: "nll" }), {
    lossWatchdogThreshold: 0.5,
    lossWatchdogPatience: 2,
  });
  expect(error).toMatchObject({
    code: "LOSS_WATCHDOG",
    message: expect.stringContaining("lower learning_rate"),
  });
  expect(lines.map(({ step, alert }) => [step, alert ?? "step"])).toEqual([
    [1, "step"],
    [2, "step"],
    [2, "loss_watchdog"],
  ]);
  expect(existsSync(workspace.path("out/checkpoint-2/model.safetensors"))).toBe(true);
  const end = events.at(-1);
  expect(end?.type === "end" && end.summary[0]).toContain("checkpoint-2");
});

it("what was skipped and watched is part of a checkpoint: a resumed run ends where the straight one does", async () => {
  const changes = { skipNonfiniteSteps: 1, maxSteps: 8, loggingSteps: 2 };
  // The row that spoils a step comes again in the second epoch, in step 7.
  const straight = await run(nanLoss, { ...changes, outputDir: workspace.path("straight") });
  expect(straight.error).toMatchObject({
    code: "NONFINITE_LOSS",
    message: expect.stringContaining("step 7"),
  });
  const clock = { time: 0, step_time: 0, tokens_per_second: 0, memory_bytes: 0 };
  const linesOf = (name: string) =>
    workspace.readLines(name, "metrics.jsonl").map((line) => ({ ...line, ...clock }));
  for (const stopAfter of [1, 2, 3, 4, 5]) {
    const outputDir = workspace.path(`stopped-${stopAfter}`);
    const written = input({ trainSamplingStrategy: "sequential", ...changes, outputDir });
    let steps = 0;
    await train(written, { objective: nanLoss, shouldStop: () => ++steps === stopAfter });
    const resumed = train({ ...written, resumeFromCheckpoint: true }, { objective: nanLoss });
    await expect(resumed).rejects.toMatchObject({
      message: expect.stringMatching(/step 7 is NaN, .* as before/),
    });
    expect(linesOf(`stopped-${stopAfter}`)).toEqual(linesOf("straight"));
    expect(workspace.numbersOf(`stopped-${stopAfter}/checkpoint-6`)).toEqual(
      workspace.numbersOf("straight/checkpoint-6"),
    );
  }
});
