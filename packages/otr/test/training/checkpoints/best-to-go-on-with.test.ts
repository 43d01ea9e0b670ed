/** @file Which evaluation counts as the best when a run goes on, and how one that ended early is made to go on. */
import { readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TrainInput } from "../../../src/config/train-options.js";
import { readTrainerState } from "../../../src/training/checkpoints/trainer-state.js";
import type { TrainEvent } from "../../../src/training/events.js";
import { train } from "../../../src/training/train.js";
import { makeRunWorkspace, type RunWorkspace } from "../run-workspace.js";

let work: RunWorkspace;
beforeEach(async () => {
  work = await makeRunWorkspace();
});
afterEach(() => work.dispose());

/** The loss grows from some step on, because the learning rate is absurd. */
async function run(changes: Partial<TrainInput>, stopAfter = Number.POSITIVE_INFINITY) {
  const told: string[] = [];
  let done = 0;
  const onEvent = (event: TrainEvent) => {
    if (event.type === "step") done++;
    if (event.type === "start") told.push(...event.notes, ...event.warnings);
    if (event.type === "end") told.push(...event.summary);
  };
  const input = work.input({
    maxSteps: 6,
    learningRate: 0.5,
    lrSchedulerType: "constant",
    lossType: "nll",
    evalDataset: work.path("rows.jsonl"),
    evalStrategy: "steps",
    evalSteps: 1,
    saveStrategy: "steps",
    saveSteps: 1,
    ...changes,
  });
  const result = await train(input, { onEvent, shouldStop: () => done === stopAfter });
  return { ...result, told: told.join("\n") };
}

const evaluations = (): { step: number; eval_loss: number; eval_entropy: number }[] =>
  work.readLines("out/metrics.jsonl").filter((line) => "eval_loss" in line);

describe("a run that goes on by another metric, or the other direction,", () => {
  beforeEach(() => run({}, 5));

  it.each([
    { metricForBestModel: "eval_entropy", greaterIsBetter: false },
    { metricForBestModel: "eval_entropy", greaterIsBetter: true },
    { metricForBestModel: "eval_loss", greaterIsBetter: true },
  ])("finds the best among the evaluations so far: %j", async (changes) => {
    const from = { resumeFromCheckpoint: work.path("out/checkpoint-4"), overwriteOutputDir: true };
    const { told } = await run({ ...changes, ...from, saveSteps: 4 }, 1);
    expect(told).toMatch(
      new RegExp(
        `chosen anew, by ${changes.metricForBestModel} \\(.* is better\\): so far it is that after step`,
      ),
    );
    // Stopped before the evaluation after step 5.
    const state = readTrainerState(work.path("out/checkpoint-5"));
    const values = evaluations().map(
      (line) => line[changes.metricForBestModel as "eval_loss" | "eval_entropy"],
    );
    expect(values).toHaveLength(4);
    const best = changes.greaterIsBetter ? Math.max(...values) : Math.min(...values);
    const step = values.indexOf(best) + 1;
    expect(state.best).toEqual({ metric: changes.metricForBestModel, step, value: best });
    expect(state.evaluations_without_improvement).toBe(4 - step);
  });

  it("says nothing where the same decides, and says it where no evaluation told the metric", async () => {
    const same = await run({ resumeFromCheckpoint: true }, 1);
    expect(same.told).not.toContain("best evaluation");
    const path = work.path("out/metrics.jsonl");
    writeFileSync(path, readFileSync(path, "utf8").replaceAll("eval_entropy", "eval_other"));
    const { told } = await run({ resumeFromCheckpoint: true, metricForBestModel: "entropy" });
    expect(told).toContain("No evaluation so far has told eval_entropy, which is what decides now");
  });
});

describe("a run that ended early", () => {
  const early = { earlyStoppingPatience: 2, maxSteps: 12 } as const;
  beforeEach(() => run(early));

  it("is complete as long as nothing is changed, and says what lets it go on", async () => {
    expect(work.readJson("out/run.json")).toMatchObject({ status: "completed", stopped_early: true });
    const [last] = work.readJson("out/run.json").summary.slice(-1);
    expect(last).toMatch(
      /^Stopped after step \d+: .* With a higher early_stopping_patience, resume_from_checkpoint true goes on\.$/,
    );
    const { told, steps } = await run({ ...early, resumeFromCheckpoint: true });
    expect(steps).toBe(0);
    expect(told).toContain("It ended early: a higher early_stopping_patience, or none, lets it go on.");
  });

  it("goes on with more patience, or with none", async () => {
    const stopped = work.readJson("out/run.json").results.step;
    const more = await run({ ...early, earlyStoppingPatience: 4, resumeFromCheckpoint: true });
    expect(more.steps).toBe(stopped + 2);
    const without = await run({ maxSteps: 12, resumeFromCheckpoint: true });
    expect(without).toMatchObject({ status: "completed", steps: 12 });
    expect(work.readJson("out/run.json")).not.toHaveProperty("stopped_early");
  });
});

it("a run whose metrics.jsonl has lost lines says which when it goes on", async () => {
  const changes = { loggingSteps: 1, evalSteps: 6 } as const;
  await run(changes, 5);
  const path = work.path("out/metrics.jsonl");
  const lines = readFileSync(path, "utf8").split("\n");
  writeFileSync(path, [...lines.slice(0, 1), ...lines.slice(3)].join("\n"));
  const { told } = await run({ ...changes, resumeFromCheckpoint: true });
  expect(told).toContain(
    "has 2 lines fewer than the run had written up to step 5. There is none between the steps 1 and 4.",
  );
});
