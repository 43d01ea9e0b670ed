/** @file When checkpoints are saved, which stay, and what becomes of a run whose saves fail. */
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { TrainInput } from "../../../src/config/train-options.js";
import { checkCheckpoint, listCheckpoints } from "../../../src/training/checkpoints/find-checkpoints.js";
import type { TrainEvent } from "../../../src/training/events.js";
import { withOutputFolder } from "../../../src/training/output-folder.js";
import { type TrainOptions, train } from "../../../src/training/train.js";
import { makeRunWorkspace, type RunWorkspace } from "../run-workspace.js";

const disk = vi.hoisted(() => ({ problem: null as string | null }));
vi.mock(import("../../../src/training/check-disk-space.js"), async (original) => ({
  ...(await original()),
  requireDiskSpace: () => {
    if (disk.problem !== null) throw new Error(disk.problem);
  },
}));

const tidying = vi.hoisted(() => ({ fails: false }));
vi.mock(import("../../../src/training/checkpoints/finish-on-thread.js"), async (original) => {
  const { finishCheckpoint, finishOnThread } = await original();
  const finish: typeof finishOnThread = async (request) => {
    const left = await finishOnThread(request);
    return tidying.fails ? "EBUSY: resource busy" : left;
  };
  return { finishCheckpoint, finishOnThread: finish };
});
vi.mock(import("../../../src/training/checkpoints/resume-point.js"), async (original) => {
  const actual = await original();
  const removeOtherRuns: typeof actual.removeOtherRuns = (...all) => {
    if (tidying.fails) throw new Error("EBUSY: resource busy");
    actual.removeOtherRuns(...all);
  };
  return { ...actual, removeOtherRuns };
});

let work: RunWorkspace;
beforeEach(async () => {
  work = await makeRunWorkspace();
});
afterEach(() => work.dispose());

/** Trains 6 steps, of which an epoch has 3, and returns what was told. */
async function run(changes: Partial<TrainInput>, { onEvent = () => {}, ...options }: TrainOptions = {}) {
  const events: TrainEvent[] = [];
  const watch = (event: TrainEvent) => {
    events.push(event);
    onEvent(event);
  };
  const result = await train(work.input({ maxSteps: 6, ...changes }), { ...options, onEvent: watch });
  const warnings = events.flatMap((event) => (event.type === "warning" ? event.message : []));
  const summary = events.flatMap((event) => (event.type === "end" ? event.summary : []));
  const notes = events.flatMap((event) => (event.type === "start" ? event.notes : [])).join("\n");
  return { ...result, warnings, summary, notes };
}

/** The steps of the checkpoints that are there, each verified. */
const saved = (name = "out") =>
  listCheckpoints(work.path(name)).map((found) => {
    expect(checkCheckpoint(found)).toBe(null);
    return found.step;
  });

const stateOf = (step: number) => work.readJson(`out/checkpoint-${step}/trainer_state.json`);

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

  it("the base model is saved where it is the best, and is the finished model where that is asked for", async () => {
    const changes = {
      ...input(),
      learningRate: 0.5,
      lrSchedulerType: "constant",
      evalOnStart: true,
    } as const;
    const { summary } = await run({ ...changes, loadBestModelAtEnd: true, evalSteps: 6, saveTotalLimit: 1 });
    expect(saved()).toEqual([0]);
    expect(summary.join("\n")).toContain("The model is that of step 0, whose eval_loss");
    await run({ ...changes, saveStrategy: "no", outputDir: work.path("none") });
    expect(saved("none")).toEqual([]);
  });

  it("one that was interrupted makes it when it goes on, and saves what is due after it", async () => {
    const changes = { ...input(), evalSteps: 2, saveStrategy: "best", learningRate: 1e-3 } as const;
    let asked = 0;
    await run(changes, { shouldStop: () => ++asked === 2 });
    expect(stateOf(2)).toMatchObject({ evaluation_pending: true, best: null });
    const again = { resumeFromCheckpoint: true, resumeAllowChanges: ["max_steps"] };
    await run({ ...changes, ...again, maxSteps: 2 });
    expect(stateOf(2)).toMatchObject({ evaluation_pending: false, best: { step: 2 } });
  });

  it("the last that is interrupted is made when the run goes on, which ends it", async () => {
    const changes = { ...input(), evalSteps: 6 };
    let isEvaluating = false;
    const onEvent = (event: TrainEvent) => {
      isEvaluating ||= event.type === "step" && event.step === 6;
    };
    const stopped = await run(changes, { onEvent, shouldStop: () => isEvaluating });
    expect(stopped).toMatchObject({ status: "interrupted", steps: 6 });
    expect(stateOf(6)).toMatchObject({ evaluation_pending: true, best: null });
    const { status, metrics } = await run({ ...changes, resumeFromCheckpoint: true });
    expect(status).toBe("completed");
    expect(metrics.eval_loss).toBeGreaterThan(0);
    const evaluated = work.readLines("out/metrics.jsonl").filter((line) => "eval_loss" in line);
    expect(evaluated.map(({ step }) => step)).toEqual([6]);
  });

  it("one that is interrupted again saves the same state again where it was removed", async () => {
    let asked = 0;
    await run({ ...input(), evalSteps: 2 }, { shouldStop: () => ++asked === 2 });
    const removing = () => {
      rmSync(work.path("out/checkpoint-2"), { recursive: true, force: true });
      return true;
    };
    await run({ ...input(), evalSteps: 2, resumeFromCheckpoint: true }, { shouldStop: removing });
    expect(saved()).toEqual([2]);
  });

  it.each([
    ["before", { lossWatchdogThreshold: 1e-9, lossWatchdogPatience: 4 }, Number.POSITIVE_INFINITY],
    ["in", {}, 5],
  ])("one that fails %s an evaluation leaves it to the run that goes on", async (_, changes, failAt) => {
    let asked = 0;
    const shouldStop = () => {
      if (++asked === failAt) throw new Error("oops");
      return false;
    };
    const failing = run({ ...input(), evalSteps: 4, ...changes }, { shouldStop });
    await expect(failing).rejects.toThrow();
    expect(stateOf(4)).toMatchObject({ evaluation_pending: true });
    await run({ ...input(), evalSteps: 4, resumeFromCheckpoint: true });
    const evaluated = work.readLines("out/metrics.jsonl").filter((line) => "eval_loss" in line);
    expect(evaluated.map(({ step }) => step)).toEqual([4, 6]);
  });

  it("the best of another folder is not counted, and that is said; the one that the run goes on from is", async () => {
    const changes = {
      ...input(),
      learningRate: 0.5,
      lrSchedulerType: "constant",
      loadBestModelAtEnd: true,
    } as const;
    const saving = { saveStrategy: "steps", saveSteps: 1 } as const;
    await run({ ...changes, ...saving });
    const best = stateOf(6).best.step;
    const from = (step: number, outputDir: string) =>
      run({ ...changes, ...saving, resumeFromCheckpoint: work.path(`out/checkpoint-${step}`), outputDir });
    const later = await from(best + 1, work.path("later"));
    expect(later.notes).toContain(
      `The best evaluation so far was after step ${best}, but ${work.path("later")} does not`,
    );
    expect(later.summary.join("\n")).not.toContain("cannot be used");
    const same = await from(best, work.path("same"));
    expect(same.notes).not.toContain("The best evaluation so far");
    expect(same.summary.join("\n")).toContain(`The model is that of step ${best}`);
    expect(work.numbersOf("same")).toEqual(work.numbersOf("out"));
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

describe("the finished model is that of the last step, which is a warning,", () => {
  /** The best evaluation is not the last: the learning rate is absurd. */
  const best = () =>
    ({
      evalStrategy: "steps",
      evalSteps: 1,
      lossType: "nll",
      learningRate: 0.5,
      lrSchedulerType: "constant",
      evalDataset: work.path("rows.jsonl"),
      loadBestModelAtEnd: true,
    }) as const;

  it.each<[string, (folder: string) => void, RegExp]>([
    [
      "damaged",
      (folder) => writeFileSync(join(folder, "config.json"), "{}"),
      /its checkpoint cannot be used: config\.json has 2 bytes/,
    ],
    [
      "removed",
      (folder) => rmSync(folder, { recursive: true }),
      /cannot be used: it is not there any more\./,
    ],
  ])("where the best one's checkpoint is %s", async (_, spoil, message) => {
    const { warnings, summary } = await run(best(), {
      onEvent(event) {
        if (event.type === "checkpoint") spoil(event.folder);
      },
    });
    expect(warnings).toEqual([expect.stringMatching(message)]);
    expect(summary).toContain("The model is that of the last step.");
    expect(work.readJson("out/config.json")).toHaveProperty("model_type");
    expect(work.numbersOf("out")).not.toEqual(work.numbersOf("base"));
  });

  it("where the best one's checkpoint could not be saved; that of the best before stays", async () => {
    onTestFinished(() => {
      disk.problem = null;
    });
    const onEvent = (event: TrainEvent) => {
      if (event.type === "step") disk.problem = event.step < 6 ? "the disk is full" : null;
    };
    const { warnings } = await run({ ...best(), evalOnStart: true, saveTotalLimit: 1 }, { onEvent });
    expect(warnings[0]).toBe(
      "checkpoint-1 was not saved: the disk is full. Training goes on; the checkpoints from before stay.",
    );
    expect(warnings.at(-1)).toMatch(
      /^The best evaluation was after step [1-5], but .* used: it was not saved\. /,
    );
    expect(saved()).toEqual([0]);
    expect(readdirSync(work.path("out")).filter((name) => name.startsWith("."))).toEqual([]);
  });
});

it("save_only_model leaves out what training would need", async () => {
  await run({ saveStrategy: "epoch", saveOnlyModel: true });
  expect(readdirSync(work.path("out/checkpoint-3"))).not.toContain("optimizer.safetensors");
  const resume = run({ resumeFromCheckpoint: work.path("out/checkpoint-3"), outputDir: work.path("other") });
  await expect(resume).rejects.toMatchObject({ code: "CHECKPOINT_INVALID" });
  await expect(resume).rejects.toThrow(/holds the model alone/);
});

it("save_only_model does not keep an interrupted run from going on", async () => {
  await run({ outputDir: work.path("straight") });
  let steps = 0;
  const changes = { saveStrategy: "steps", saveSteps: 3, saveOnlyModel: true } as const;
  const { status } = await run(changes, { shouldStop: () => ++steps === 4 });
  expect(status).toBe("interrupted");
  expect([3, 4].map((step) => stateOf(step).resumable)).toEqual([false, true]);
  await run({ ...changes, resumeFromCheckpoint: true });
  expect(work.numbersOf("out")).toEqual(work.numbersOf("straight"));
});

it("a state that a checkpoint of the folder holds is not saved again", async () => {
  let steps = 0;
  await run({ saveStrategy: "steps", saveSteps: 2 }, { shouldStop: () => ++steps === 2 });
  const { ino } = statSync(work.path("out/checkpoint-2"));
  await run({ saveStrategy: "steps", saveSteps: 2, resumeFromCheckpoint: true }, { shouldStop: () => true });
  expect(statSync(work.path("out/checkpoint-2")).ino).toBe(ino);
  const elsewhere = { resumeFromCheckpoint: work.path("out/checkpoint-2"), outputDir: work.path("other") };
  await run({ saveStrategy: "steps", saveSteps: 2, ...elsewhere });
  expect(saved("other")).toEqual([2, 4, 6]);
});

it("a save that fails is told, and training goes on to the same end", async () => {
  await run({ outputDir: work.path("straight") });
  disk.problem = "the disk is full";
  const { warnings, status } = await run(
    { saveStrategy: "steps", saveSteps: 2 },
    {
      onEvent(event) {
        if (event.type === "step" && event.step === 3) disk.problem = null;
      },
    },
  );
  expect(status).toBe("completed");
  expect(warnings).toEqual(["checkpoint-2 was not saved: the disk is full. Training goes on."]);
  expect(saved()).toEqual([4, 6]);
  expect(work.numbersOf("out")).toEqual(work.numbersOf("straight"));
});

it("what cannot be removed behind a save, or behind the end, is told: neither has failed", async () => {
  tidying.fails = true;
  onTestFinished(() => {
    tidying.fails = false;
  });
  const { status, warnings, summary } = await run({ saveStrategy: "steps", saveSteps: 6 });
  expect(status).toBe("completed");
  expect(warnings.join()).toMatch(/^checkpoint-6 is saved, but not all .* EBUSY: resource busy\.$/);
  expect(summary.join("\n")).toMatch(/Files of an earlier run in .* could not be removed: EBUSY/);
  expect(work.readJson("out/run.json")).toMatchObject({ status: "completed" });
});

it("a run whose finished model has no place on the disk fails with what it takes, and goes on with room", async () => {
  await run({ outputDir: work.path("straight") });
  onTestFinished(() => {
    disk.problem = null;
  });
  const onEvent = (event: TrainEvent) => {
    if (event.type === "step") disk.problem = event.step === 6 ? "the disk is full" : null;
  };
  await expect(run({ saveStrategy: "steps", saveSteps: 3 }, { onEvent })).rejects.toThrow("the disk is full");
  expect(saved()).toEqual([3]);
  disk.problem = null;
  await run({ resumeFromCheckpoint: true });
  expect(work.numbersOf("out")).toEqual(work.numbersOf("straight"));
});

describe("an output folder that is removed in the middle of a run", () => {
  const saving = { saveStrategy: "steps", saveSteps: 2, loggingSteps: 1 } as const;
  const steps = () => work.readLines("out/metrics.jsonl").map(({ step }) => step);

  it("is made again at the next save, with all lines, and that is said once", async () => {
    const { warnings, status } = await run(saving, {
      onEvent(event) {
        if (event.type === "step" && event.step === 3)
          rmSync(work.path("out"), { recursive: true, force: true });
      },
    });
    expect(status).toBe("completed");
    // The save of step 2 may have been under way.
    const made = warnings.filter((warning) => !warning.startsWith("checkpoint-2 was not saved"));
    expect(made).toEqual([
      expect.stringMatching(/out was removed or moved while the run goes on\. It is made/),
    ]);
    expect(saved()).toEqual([4, 6]);
    expect(steps()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("is made again with samples and traces that would have been the first of their files", async () => {
    let isRemoved = false;
    const { warnings, status } = await run(
      {
        ...saving,
        evalDataset: work.path("rows.jsonl"),
        evalStrategy: "steps",
        evalSteps: 2,
        evalPrompts: ["a"],
      },
      {
        onEvent(event) {
          if (event.type !== "evaluate" || isRemoved) return;
          isRemoved = true;
          rmSync(work.path("out"), { recursive: true, force: true });
        },
      },
    );
    expect(status).toBe("completed");
    expect(warnings.join("\n")).toMatch(/tokens\.jsonl cannot be written \(ENOENT/);
    expect(warnings.join("\n")).toMatch(/samples\.jsonl cannot be written \(ENOENT/);
    const stepsIn = (name: string) => [...new Set(work.readLines(`out/${name}`).map(({ step }) => step))];
    expect([stepsIn("tokens.jsonl"), stepsIn("samples.jsonl")]).toEqual([
      [2, 4, 6],
      [2, 4, 6],
    ]);
    expect(saved().at(-1)).toBe(6);
  });

  it("is told to a watcher that throws, which costs neither the run nor a save", async () => {
    // Noticed when the finished model is saved.
    const { status } = await run(
      { loggingSteps: 1 },
      {
        onEvent(event) {
          if (event.type === "step" && event.step === 6)
            rmSync(work.path("out"), { recursive: true, force: true });
          if (event.type === "warning") throw new Error("the watcher failed");
        },
      },
    );
    expect(status).toBe("completed");
    expect(steps()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(work.readJson("out/run.json")).toMatchObject({ status: "completed" });
  });

  it("is not taken back from another run that has it since", async () => {
    let other = Promise.resolve("");
    const lost = run(saving, {
      onEvent(event) {
        if (event.type !== "step" || event.step !== 3) return;
        rmSync(work.path("out"), { recursive: true, force: true });
        other = withOutputFolder(work.path("out"), async () => {
          writeFileSync(work.path("out/run.json"), "other");
          await lost.catch(() => {});
          return readFileSync(work.path("out/run.json"), "utf8");
        });
      },
    });
    await expect(lost).rejects.toMatchObject({ code: "OUTPUT_DIR_IN_USE" });
    expect(await other).toBe("other");
    expect(listCheckpoints(work.path("out"))).toEqual([]);
  });
});

it("a save that fails for want of memory says how much it takes, and what would take less", async () => {
  disk.problem = "DefaultCPUAllocator: can't allocate memory";
  const onEvent = (event: TrainEvent) => {
    if (event.type === "step" && event.step === 3) disk.problem = null;
  };
  const { warnings } = await run({ maxSteps: 3, saveStrategy: "steps", saveSteps: 2 }, { onEvent });
  expect(warnings).toEqual([
    expect.stringMatching(
      /^checkpoint-2 was not saved: there is not enough memory for a copy of what it holds, [\d.]+ [KM]iB; save_only_model true leaves [\d.]+ [KM]iB of that out\. Training goes on\.$/,
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
