import { cpSync, rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TrainInput } from "../../../src/config/train-options.js";
import { resolveTrainConfig } from "../../../src/config/resolve-train-config.js";
import { bytesOnDisk, presentBytes } from "../../../src/training/checkpoints/checkpoint-bytes.js";
import { train } from "../../../src/training/train.js";
import { makeRunWorkspace, type RunWorkspace } from "../run-workspace.js";

let work: RunWorkspace;
/** A run that was stopped after its second step, and one that is complete, each with two checkpoints. */
beforeAll(async () => {
  work = await makeRunWorkspace();
  let steps = 0;
  const input = (name: string) =>
    work.input({ maxSteps: 2, saveStrategy: "steps", saveSteps: 1, outputDir: work.path(name) });
  await train({ ...input("unfinished"), maxSteps: 3 }, { shouldStop: () => ++steps === 2 });
  await train(input("complete"));
});
afterAll(() => work.dispose());

describe("bytesOnDisk", () => {
  /** How many checkpoints of 100 bytes lie there at most, beside the model of as many. */
  const most = (changes: Partial<TrainInput>) => {
    const config = resolveTrainConfig(work.input({ saveOnlyModel: true, ...changes }));
    return bytesOnDisk(config, { totalSteps: 1000, stepsPerEpoch: 500 }, 100, []) / 100 - 1;
  };
  const evaluating = () =>
    ({ evalDataset: work.path("rows.jsonl"), evalStrategy: "steps", evalSteps: 1 }) as const;

  it.each<[Partial<TrainInput>, boolean, number]>([
    [{ saveStrategy: "no", saveOnlyModel: false }, false, 0],
    [{ saveStrategy: "steps", saveSteps: 100 }, false, 10],
    [{ saveStrategy: "epoch" }, false, 2],
    [{ saveStrategy: "steps", saveSteps: 100, saveTotalLimit: 1 }, false, 2],
    [{ saveStrategy: "steps", saveSteps: 100, saveTotalLimit: 3 }, false, 4],
    // The best, the last, and the one that is being written.
    [{ saveStrategy: "steps", saveSteps: 100, saveTotalLimit: 1 }, true, 3],
    [{ saveStrategy: "steps", saveSteps: 100, saveTotalLimit: 3 }, true, 4],
    [{ saveStrategy: "best" }, true, 1],
  ])("counts with %j, evaluating %s, %i checkpoints", (changes, isEvaluating, count) => {
    expect(most({ ...changes, ...(isEvaluating && evaluating()) })).toBe(count);
  });
});

describe("presentBytes", () => {
  const present = (folder: string, resumeFromCheckpoint: boolean | string) =>
    presentBytes({ outputDir: work.path(folder), resumeFromCheckpoint });

  it("counts the checkpoints of the run that goes on, and of an unfinished one that is begun over", () => {
    const size = present("unfinished", true);
    expect(size).toBeGreaterThan(0);
    expect(present("unfinished", false)).toBe(size);
    expect(present("unfinished", work.path("unfinished/checkpoint-1"))).toBe(size);
    expect(present("complete", true)).toBeGreaterThan(0);
  });

  it("does not count those of other runs, which stay until this one is complete", () => {
    expect(present("complete", false)).toBe(0);
    expect(present("complete", work.path("unfinished/checkpoint-1"))).toBe(0);
    expect(present("none", true)).toBe(0);
    const alone = present("unfinished", true);
    cpSync(work.path("complete/checkpoint-1"), work.path("unfinished/checkpoint-7"), { recursive: true });
    expect(present("unfinished", true)).toBe(alone);
    rmSync(work.path("unfinished/checkpoint-7"), { recursive: true });
  });
});
