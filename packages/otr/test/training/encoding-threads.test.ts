/** @file Threads run compiled code: `npx tsc -b` comes first. */
import { expect, it, onTestFinished } from "vitest";
import { train, type TrainInput } from "../../dist/index.js";
import { compareRuns } from "../../dist/training/compare-runs.js";
import { makeRunWorkspace } from "./run-workspace.js";

it.each<[string, Partial<TrainInput>]>([
  ["bins and shuffling", { packing: true, maxLength: 128 }],
  ["rows by length", { trainSamplingStrategy: "group_by_length" }],
])("do not change a run on a mixture: %s", async (_, changes) => {
  const workspace = await makeRunWorkspace();
  onTestFinished(() => workspace.dispose());
  const rows = (letter: string) =>
    Array.from({ length: 1500 }, (_, at) => ({ text: `${letter}${at} `.repeat(10 + (at % 7)) }));
  const dataset = ["a", "b"].map((letter, at) => ({
    path: workspace.writeRows(`${letter}.jsonl`, rows(letter)),
    weight: 1 + at,
  }));
  const run = (datasetNumProc: number) => {
    const outputDir = workspace.path(`threads-${datasetNumProc}`);
    return train(
      workspace.input({
        dataset,
        loadFromCacheFile: false,
        maxSteps: 3,
        datasetNumProc,
        outputDir,
        ...changes,
      }),
    );
  };
  await run(1);
  await run(4);
  expect(workspace.readJson("threads-4", "run.json").config.dataset_num_proc).toBe(4);
  expect(await compareRuns([workspace.path("threads-1"), workspace.path("threads-4")])).toEqual([]);
});
