import { afterEach, beforeEach, expect, it } from "vitest";
import { carryOutRun } from "../../src/experiments/carry-out-run.js";
import { readMeasurement } from "../../src/experiments/measurement.js";
import type { RunOrder } from "../../src/experiments/run-order.js";
import { resolveTrainConfig } from "../../src/config/resolve-train-config.js";
import { withOutputFolder } from "../../src/training/output-folder.js";
import { makeRunWorkspace, type RunWorkspace } from "../training/run-workspace.js";

let workspace: RunWorkspace;
beforeEach(async () => {
  workspace = await makeRunWorkspace();
});
afterEach(() => workspace.dispose());

const order = (): RunOrder => {
  const training = resolveTrainConfig(workspace.input({ maxSteps: 2 }));
  const settings = { includePath: null, taskData: [], applyChatTemplate: false, systemInstruction: null };
  return {
    folder: training.outputDir,
    training,
    source: { path: training.outputDir, revision: null, adapter: null },
    device: "cpu",
    numThreads: 1,
    tasks: [],
    evaluation: {
      ...settings,
      ...{ numFewshot: null, limit: null, genKwargs: {}, dtype: "auto" },
      ...{ batchSize: 32, confirmRunUnsafeCode: false },
    },
    tokens: null,
  };
};

it("waits for a process that has the folder still, and then trains", async () => {
  const said: string[] = [];
  let run: Promise<void> = Promise.resolve();
  await withOutputFolder(workspace.path("out"), async () => {
    await new Promise<void>((resolve) => {
      run = carryOutRun(order(), (doing) => {
        said.push(doing);
        if (doing.startsWith("waiting")) resolve();
      });
    });
  });
  await run;
  expect(said[0]).toBe("waiting for an earlier process");
  expect(said.at(-1)).toBe("training");
  expect(readMeasurement(workspace.path("out")).training).toMatchObject({ steps: 2 });
});

it("fails for any other reason at once", async () => {
  const given = order();
  workspace.writeRows("rows.jsonl", []);
  await expect(carryOutRun(given)).rejects.toThrow(/rows\.jsonl is empty/);
});
