/** @file A run that is stopped and goes on is the run that was never stopped, bit for bit. */
import { readdirSync, rmSync } from "node:fs";
import { liveTensorCount } from "@one-token/torch";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TrainInput } from "../../../src/config/train-options.js";
import type { TrainEvent } from "../../../src/training/events.js";
import { train, type TrainOptions } from "../../../src/training/train.js";
import { countFaults } from "../../faults/count-faults.js";
import { makeRunWorkspace, type RunWorkspace } from "../run-workspace.js";

let work: RunWorkspace;
beforeEach(async () => {
  work = await makeRunWorkspace();
});
afterEach(() => work.dispose());

/** Options that stop a run after so many steps. */
const stopAfter = (count: number): TrainOptions => {
  let steps = 0;
  return {
    onEvent: (event) => {
      if (event.type === "step") steps = event.step;
    },
    shouldStop: () => steps >= count,
  };
};

/** A line without what a clock or the system says. */
function withoutClock(line: Record<string, unknown>): Record<string, unknown> {
  const clock = ["time", "step_time", "tokens_per_second", "memory_bytes", "eval_runtime"];
  return Object.fromEntries(Object.entries(line).filter(([name]) => !clock.includes(name)));
}

const linesOf = (name: string) => work.readLines(`${name}/metrics.jsonl`).map(withoutClock);

const CASES: Record<string, { changes: Partial<TrainInput>; files: string[] }> = {
  "the whole model, with OTR, a critic, evaluations and bfloat16 files": {
    changes: {
      otrBaseline: "value",
      saveDtype: "bfloat16",
      evalStrategy: "steps",
      evalSteps: 3,
      lrSchedulerType: "cosine",
      warmupSteps: 2,
    },
    files: ["model.safetensors", "value_head.safetensors"],
  },
  "an adapter, with dropout, packing and moments of one byte": {
    changes: {
      usePeft: true,
      loraDropout: 0.2,
      loraTargetModules: ["all-linear"],
      packing: true,
      maxLength: 48,
      optim: "adamw_8bit",
    },
    files: ["adapter_model.safetensors"],
  },
};

describe.each(Object.entries(CASES))("%s", (_, { changes, files }) => {
  it("goes on at each of 12 steps as if it had not stopped", async ({ task }) => {
    const evalDataset = changes.evalStrategy ? { evalDataset: work.path("rows.jsonl") } : {};
    const input = (more: Partial<TrainInput>) =>
      work.input({ ...changes, ...evalDataset, maxSteps: 12, loggingSteps: 5, ...more });
    const before = liveTensorCount();
    await train(input({ outputDir: work.path("straight") }));
    const straight = { numbers: work.numbersOf("straight", files), lines: linesOf("straight") };
    for (let step = 1; step < 12; step++) {
      const stopped = await train(input({}), stopAfter(step));
      expect(stopped).toMatchObject({ status: "interrupted", steps: step });
      const resumed = await train(input({ resumeFromCheckpoint: true }));
      expect(resumed).toMatchObject({ status: "completed", steps: 12 });
      expect(work.numbersOf("out", files)).toEqual(straight.numbers);
      expect(linesOf("out")).toEqual(straight.lines);
      countFaults(task, 1);
      rmSync(work.path("out"), { recursive: true });
    }
    expect(liveTensorCount()).toBe(before);
  }, 60_000);
});

it("goes on from a checkpoint that was written while training went on, which is as one that was waited for", async () => {
  const input = (more: Partial<TrainInput>) => work.input({ maxSteps: 6, ...more });
  const saving = { saveStrategy: "steps", saveSteps: 2 } as const;
  const folders: string[] = [];
  await train(input({ ...saving, outputDir: work.path("straight") }), {
    onEvent: (event: TrainEvent) => event.type === "checkpoint" && folders.push(event.folder),
  });
  expect(folders).toEqual([2, 4, 6].map((step) => work.path(`straight/checkpoint-${step}`)));
  await train(input({}), stopAfter(2));
  const files = ["model.safetensors", "optimizer.safetensors"];
  expect(work.numbersOf("straight/checkpoint-2", files)).toEqual(work.numbersOf("out/checkpoint-2", files));
  expect(readdirSync(work.path("out/checkpoint-2")).sort()).toEqual(
    readdirSync(work.path("straight/checkpoint-2")).sort(),
  );
  await train(
    input({ resumeFromCheckpoint: work.path("straight/checkpoint-4"), outputDir: work.path("other") }),
  );
  expect(work.numbersOf("other")).toEqual(work.numbersOf("straight"));
  expect(linesOf("other")).toEqual(linesOf("straight"));
});
