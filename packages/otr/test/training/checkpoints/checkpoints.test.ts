/** @file When checkpoints are saved, which stay, and what becomes of a run whose saves fail. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { TrainInput } from "../../../src/config/train-options.js";
import { checkCheckpoint, listCheckpoints } from "../../../src/training/checkpoints/find-checkpoints.js";
import type { TrainEvent } from "../../../src/training/events.js";
import { train } from "../../../src/training/train.js";
import { makeRunWorkspace, type RunWorkspace } from "../run-workspace.js";

const disk = vi.hoisted(() => ({ problem: null as string | null }));
vi.mock(import("../../../src/training/check-disk-space.js"), async (original) => ({
  ...(await original()),
  requireDiskSpace: () => {
    if (disk.problem !== null) throw new Error(disk.problem);
  },
}));

let work: RunWorkspace;
beforeEach(async () => {
  work = await makeRunWorkspace();
});
afterEach(() => work.dispose());

/** Trains 6 steps, of which an epoch has 3, and returns what was told. */
async function run(changes: Partial<TrainInput>, onEvent: (event: TrainEvent) => void = () => {}) {
  const events: TrainEvent[] = [];
  const watch = (event: TrainEvent) => {
    events.push(event);
    onEvent(event);
  };
  const result = await train(work.input({ maxSteps: 6, ...changes }), { onEvent: watch });
  const warnings = events.flatMap((event) => (event.type === "warning" ? event.message : []));
  const summary = events.flatMap((event) => (event.type === "end" ? event.summary : []));
  return { ...result, warnings, summary };
}

/** The steps of the checkpoints that are there, each verified. */
const saved = (name = "out") =>
  listCheckpoints(work.path(name)).map((found) => {
    expect(checkCheckpoint(found)).toBe(null);
    return found.step;
  });

describe("a checkpoint is saved", () => {
  it.each<[Partial<TrainInput>, number[]]>([
    [{ saveStrategy: "no" }, []],
    [{ saveStrategy: "steps" }, []],
    [{ saveStrategy: "steps", saveSteps: 2 }, [2, 4, 6]],
    [{ saveStrategy: "steps", saveSteps: 0.5 }, [3, 6]],
    [{ saveStrategy: "epoch" }, [3, 6]],
    [{ saveStrategy: "epoch", maxSteps: 4 }, [3, 4]],
    [{ saveStrategy: "no", saveMinutes: 1e-9 }, [1, 2, 3, 4, 5, 6]],
    [{ saveStrategy: "steps", saveSteps: 1, saveTotalLimit: 2 }, [5, 6]],
  ])("with %j after steps %j", async (changes, steps) => {
    await run(changes);
    expect(saved()).toEqual(steps);
    expect(readdirSync(work.path("out")).filter((name) => name.startsWith("."))).toEqual([]);
  });
});

describe("with evaluations", () => {
  /** The loss grows from the fourth step on, because the learning rate is absurd. */
  const evaluated = { evalStrategy: "steps", evalSteps: 1, lossType: "nll" } as const;
  const input = () => ({ ...evaluated, evalDataset: work.path("rows.jsonl") });

  it("the best stays, whatever the limit, and is the finished model where that is asked for", async () => {
    const losses = (name: string) =>
      work.readLines(`${name}/metrics.jsonl`).flatMap(({ eval_loss: loss }) => loss ?? []) as number[];
    const changes = { ...input(), learningRate: 0.5, lrSchedulerType: "constant" } as const;
    const { summary } = await run({
      ...changes,
      loadBestModelAtEnd: true,
      saveStrategy: "steps",
      saveSteps: 1,
      saveTotalLimit: 1,
    });
    const best = losses("out").indexOf(Math.min(...losses("out"))) + 1;
    expect(best).toBeLessThan(6);
    expect(saved()).toEqual([best, 6]);
    expect(summary.join("\n")).toContain(`The model is that of step ${best}, whose eval_loss`);
    expect(work.numbersOf("out")).toEqual(work.numbersOf(`out/checkpoint-${best}`));
    expect(readdirSync(work.path("out"))).not.toContain("optimizer.safetensors");
    await run({ ...changes, outputDir: work.path("bestOnly"), saveStrategy: "best" });
    expect(saved("bestOnly").at(-1)).toBe(best);
  });

  it("a run ends early where patience is used up", async () => {
    const changes = { ...input(), learningRate: 0.5, lrSchedulerType: "constant", maxSteps: 50 } as const;
    const { status, steps, summary } = await run({ ...changes, earlyStoppingPatience: 2 });
    expect(status).toBe("completed");
    expect(steps).toBeLessThan(50);
    expect(summary.join("\n")).toMatch(/Stopped after step \d+: 2 evaluations in a row were no better/);
    expect(work.readJson("out/run.json")).toMatchObject({ status: "completed" });
  });
});

it("the finished model is that of the last step where the best one's checkpoint is damaged, and that is said", async () => {
  const changes = { evalStrategy: "steps", evalSteps: 1, lossType: "nll", learningRate: 0.5 } as const;
  const best = { ...changes, evalDataset: work.path("rows.jsonl"), loadBestModelAtEnd: true };
  const { summary } = await run({ ...best, lrSchedulerType: "constant" }, (event) => {
    if (event.type !== "checkpoint") return;
    writeFileSync(join(event.folder, "config.json"), "{}");
  });
  expect(summary.join("\n")).toMatch(/its checkpoint cannot be used \(config.json has 2 bytes/);
  expect(work.readJson("out/config.json")).toHaveProperty("model_type");
});

it("save_only_model leaves out what training would need", async () => {
  await run({ saveStrategy: "epoch", saveOnlyModel: true });
  expect(readdirSync(work.path("out/checkpoint-3"))).not.toContain("optimizer.safetensors");
  const resume = run({ resumeFromCheckpoint: work.path("out/checkpoint-3"), outputDir: work.path("other") });
  await expect(resume).rejects.toMatchObject({ code: "CHECKPOINT_INVALID" });
  await expect(resume).rejects.toThrow(/holds the model alone/);
});

it("a save that fails is told, and training goes on to the same end", async () => {
  await run({ outputDir: work.path("straight") });
  disk.problem = "the disk is full";
  const { warnings, status } = await run({ saveStrategy: "steps", saveSteps: 2 }, (event) => {
    if (event.type === "step" && event.step === 3) disk.problem = null;
  });
  expect(status).toBe("completed");
  expect(warnings).toEqual([
    "checkpoint-2 was not saved: the disk is full. Training goes on; the checkpoints from before stay.",
  ]);
  expect(saved()).toEqual([4, 6]);
  expect(work.numbersOf("out")).toEqual(work.numbersOf("straight"));
});

it("a save that fails for want of memory says how much it takes, and what would take less", async () => {
  disk.problem = "DefaultCPUAllocator: can't allocate memory";
  const { warnings } = await run({ maxSteps: 3, saveStrategy: "steps", saveSteps: 2, saveTotalLimit: 1 });
  disk.problem = null;
  expect(warnings).toEqual([
    expect.stringMatching(
      /^checkpoint-2 was not saved: there is not enough memory for a copy of what it holds, [\d.]+ [KM]iB; save_only_model true leaves [\d.]+ [KM]iB of that out\. Training goes on;/,
    ),
  ]);
});

it("a checkpoint holds a model that loads by itself, with the state of the run beside it", async () => {
  await run({ saveStrategy: "steps", saveSteps: 6, saveDtype: "bfloat16" });
  const files = readdirSync(work.path("out/checkpoint-6")).sort();
  expect(files).toEqual([
    "config.json",
    "manifest.json",
    "model.safetensors",
    "optimizer.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
    "trainer_state.json",
  ]);
  const read = (name: string) => readFileSync(join(work.path(name), "model.safetensors"));
  expect(read("out/checkpoint-6").equals(read("out"))).toBe(true);
  expect(work.readJson("out/checkpoint-6/trainer_state.json")).toMatchObject({
    format: 1,
    step: 6,
    epoch: 2,
  });
});
