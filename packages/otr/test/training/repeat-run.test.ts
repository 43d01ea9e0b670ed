import { appendFileSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { aten, noGrad, readSafetensors, scope, writeSafetensors } from "@one-token/torch";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TrainInput } from "../../src/config/train-options.js";
import { createObjective } from "../../src/objectives/registry.js";
import { compareRuns } from "../../src/training/compare-runs.js";
import { repeatRun } from "../../src/training/repeat-run.js";
import { train } from "../../src/training/train.js";
import { makeRunWorkspace, type RunWorkspace } from "./run-workspace.js";

let workspace: RunWorkspace;
beforeEach(async () => {
  workspace = await makeRunWorkspace();
  workspace.writeRows(
    "rows.jsonl",
    Array.from({ length: 12 }, (_, at) => ({ prompt: `${at}: `, completion: "yes ".repeat(1 + (at % 4)) })),
  );
});
afterEach(() => workspace.dispose());

/** Options of four steps of two rows. */
const input = (changes: Partial<TrainInput> = {}) =>
  workspace.input({ maxSteps: 4, gradientAccumulationSteps: 1, loggingSteps: 1, ...changes });

const repeat = (changes: Partial<TrainInput> = {}) =>
  train(input(changes)).then(() => repeatRun(workspace.path("out"), workspace.path("again")));

function changeRecord(change: (record: Record<string, Record<string, unknown>>) => void): void {
  const path = workspace.path("out", "run.json");
  const record = JSON.parse(readFileSync(path, "utf8"));
  change(record);
  writeFileSync(path, JSON.stringify(record));
}

describe("repeatRun", () => {
  it.each<[string, Partial<TrainInput>]>([
    ["otr with a critic", { otrBaseline: "value", gradientAccumulationSteps: 2 }],
    ["an adapter with dropout", { usePeft: true, loraDropout: 0.2, numThreads: 2 }],
    [
      "bins, a schedule and bfloat16",
      { packing: true, maxLength: 64, bf16: true, lrSchedulerType: "cosine" },
    ],
    ["8 bits, evaluation, samples", { optim: "adamw_8bit", evalStrategy: "steps", evalPrompts: ["0: "] }],
    ["rows by length", { trainSamplingStrategy: "group_by_length", lossType: "nll" }],
    [
      "a schedule's settings and two sets",
      {
        lrSchedulerType: "cosine_with_min_lr",
        lrSchedulerKwargs: { minLrRate: 0.1 },
        loggingSteps: 0.5,
        evalStrategy: "epoch",
      },
    ],
  ])("comes to the same: %s", async (_, changes) => {
    const sets =
      changes.evalStrategy === "epoch"
        ? { a: workspace.path("rows.jsonl"), b: workspace.path("rows.jsonl") }
        : null;
    const { result, machineChanges, differences } = await repeat({ ...changes, evalDataset: sets });
    expect(result).toMatchObject({ status: "completed", outputDir: workspace.path("again") });
    expect([machineChanges, differences]).toEqual([[], []]);
  });

  it("tells what is not as it was, and where the results first differ", async () => {
    await train(input());
    changeRecord(({ config, versions }) => {
      config!["learning_rate"] = 2e-3;
      versions!["libtorch"] = "2.9.0";
    });
    const { machineChanges, differences } = await repeatRun(workspace.path("out"), workspace.path("again"));
    expect(machineChanges).toEqual([expect.stringMatching(/^libtorch was "2\.9\.0" and is "2\.11/)]);
    expect(differences[0]).toBe(
      "line 1 of metrics.jsonl (step 1) is the first that differs: learning_rate was 0.001 and is 0.002",
    );
    expect(differences[1]).toMatch(
      /^model\.safetensors: the tensor lm_head\.weight|^model\.safetensors: the tensor /,
    );
  });

  it.each<[string, () => void, RegExp]>([
    [
      "data",
      () => appendFileSync(workspace.path("rows.jsonl"), '{"prompt": "a", "completion": "b"}\n'),
      /the training rows \(".*rows\.jsonl"\)/,
    ],
    [
      "the model",
      () => {
        const path = workspace.path("base", "model.safetensors");
        renameSync(path, `${path}.old`);
        scope(() =>
          noGrad(() => {
            using file = readSafetensors(`${path}.old`);
            const tensors = Object.fromEntries(
              [...file.tensors].map(([name, tensor]) => [name, aten.add.Scalar(tensor, 1)]),
            );
            writeSafetensors(path, tensors);
          }),
        );
      },
      /the base model \(".*base"\)/,
    ],
    [
      "the tokenizer",
      () => writeFileSync(workspace.path("base", "tokenizer_config.json"), '{"eos_token": "<|endoftext|>"}'),
      /the tokenizer/,
    ],
  ])("refuses where an input has changed: %s", async (_, change, message) => {
    await train(input());
    change();
    const repetition = repeatRun(workspace.path("out"), workspace.path("again"));
    await expect(repetition).rejects.toMatchObject({ code: "REPEAT_INPUT_CHANGED" });
    await expect(repetition).rejects.toThrow(message);
  });

  it("refuses what cannot be repeated", async () => {
    const refused = async (message: RegExp) => {
      const repetition = repeatRun(workspace.path("out"), workspace.path("again"));
      await expect(repetition).rejects.toMatchObject({ code: "REPEAT_NOT_POSSIBLE" });
      await expect(repetition).rejects.toThrow(message);
    };
    await refused(/run\.json is missing/);
    await train(input(), { shouldStop: () => true });
    await refused(/has the status interrupted, and only a completed one/);
    const objective = { ...createObjective({ lossType: "nll" }), lossType: "my own" };
    await train(input({ overwriteOutputDir: true }), { objective });
    await refused(/"my own", the objective of a program/);
    changeRecord((record) => {
      Object.assign(record.config!, { loss_type: "nll" });
      Object.assign(record, { changed: ["dataset"] });
    });
    await refused(/changed on its way \(dataset\)/);
    // Of an earlier version.
    changeRecord((record) => {
      Object.assign(record.config!, { resume_allow_changes: ["otr_beta"] });
      delete record.changed;
    });
    await refused(/changed on its way \(otr_beta\)/);
    for (const text of ["", "{}", "[]", "null", '{"status": 5}']) {
      writeFileSync(workspace.path("out", "run.json"), text);
      await refused(/not as this version of otr train writes it/);
    }
  });
});

describe("compareRuns", () => {
  it("finds lines and files that only one has, and bears torn lines", async () => {
    await train(input());
    await train(input({ outputDir: workspace.path("again") }));
    const folders = [workspace.path("out"), workspace.path("again")] as const;
    expect(await compareRuns(folders)).toEqual([]);
    appendFileSync(workspace.path("again", "metrics.jsonl"), '{"step": 5, "lo');
    expect(await compareRuns(folders)).toEqual([
      expect.stringMatching(/^line 5 of metrics\.jsonl is only in .*again/),
    ]);
    renameSync(workspace.path("again", "model.safetensors"), workspace.path("again", "other.safetensors"));
    expect((await compareRuns(folders))[1]).toMatch(/^model\.safetensors is not in .*again$/);
  });

  it("counts the numbers of a tensor that differ", async () => {
    await train(input());
    await train(input({ outputDir: workspace.path("again") }));
    const path = workspace.path("again", "model.safetensors");
    renameSync(path, workspace.path("old"));
    scope(() =>
      noGrad(() => {
        using file = readSafetensors(workspace.path("old"));
        const tensors = new Map([...file.tensors].map(([name, tensor]) => [name, tensor.to(tensor.dtype)]));
        const norm = aten.clone(tensors.get("model.norm.weight")!);
        norm.narrow(0, 3, 2).add_(0.5);
        writeSafetensors(path, Object.fromEntries([...tensors, ["model.norm.weight", norm]]));
      }),
    );
    expect(await compareRuns([workspace.path("out"), workspace.path("again")])).toEqual([
      "model.safetensors: the tensor model.norm.weight is the first that differs: 2 of its numbers, by 0.500 at most",
    ]);
  });
});

it("names what was freely changed when the run had gone on", async () => {
  let steps = 0;
  await train(input(), { shouldStop: () => ++steps === 2 });
  const changes = {
    loggingSteps: 2,
    headChunkBytes: 4096,
    runName: "another",
    reportTo: ["tensorboard"],
  } as const;
  await train(input({ ...changes, reportTo: ["tensorboard"], resumeFromCheckpoint: true }));
  const { adjustments, differences } = await repeatRun(workspace.path("out"), workspace.path("again"));
  expect(adjustments).toEqual([
    "head_chunk_bytes was 67108864 up to step 2, and 4096 from there on",
    "logging_steps was 1 up to step 2, and 2 from there on",
  ]);
  expect(differences[0]).toMatch(
    /^line 1 of metrics\.jsonl .* is the first that differs: step was 1 and is 2/,
  );
});
