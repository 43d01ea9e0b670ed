/** @file `otr compare` as a person calls it: killed, called again, and compared with one that was left alone. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ComparisonReport } from "../../src/experiments/report.js";
import { makeComparisonWorkspace } from "../experiments/comparison-workspace.js";

const PROGRAM = fileURLToPath(new URL("../../bin/otr.js", import.meta.url));

let workspace: Awaited<ReturnType<typeof makeComparisonWorkspace>>;
beforeAll(async () => {
  workspace = await makeComparisonWorkspace();
  const { models, datasets, objectives, tasks, train } = workspace.input() as Record<string, object>;
  const { maxSteps: _, numThreads: __, ...common } = train as Record<string, unknown>;
  const config = {
    ...{ models, datasets, objectives, tasks },
    learning_rates: [1e-3, 1e-2],
    seeds: [1, 2],
    train: { ...common, max_steps: 4 },
    max_parallel: 2,
  };
  writeFileSync(workspace.path("comparison.json"), JSON.stringify(config));
});
afterAll(() => workspace.dispose());

/** Starts `otr compare`; `said` is what it has written to standard error. */
function compare(folder: string): { child: ChildProcess; ended: Promise<number | null>; said: () => string } {
  const child = spawn(process.execPath, [
    PROGRAM,
    "compare",
    workspace.path("comparison.json"),
    "--output_dir",
    folder,
  ]);
  let text = "";
  child.stderr!.setEncoding("utf8").on("data", (more: string) => {
    text += more;
  });
  return { child, ended: new Promise((resolve) => child.once("close", resolve)), said: () => text };
}

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
};

/** What does not depend on when and where it was measured. */
function contentOf(folder: string): unknown {
  const report: ComparisonReport = JSON.parse(readFileSync(join(folder, "report.json"), "utf8"));
  const runs = report.runs.map(({ cost, ...run }) => ({ ...run, tokens: cost?.tokens }));
  return { ...report, created: "", config: "", runs };
}

it("goes on after kill -9, repeats no finished run, and comes to the same report", async () => {
  const killed = workspace.path("killed");
  const first = compare(killed);
  await until(() => /2 of 4 {2}/.test(first.said()) || first.child.exitCode !== null);
  first.child.kill("SIGKILL");
  await first.ended;
  const finished = readdirSync(join(killed, "runs"))
    .map((name) => join(killed, "runs", name))
    .filter((folder) => existsSync(join(folder, "measurement.json")));
  expect(finished.length).toBeGreaterThanOrEqual(2);
  expect(existsSync(join(killed, "report.json"))).toBe(false);
  const weights = () => finished.map((folder) => statSync(join(folder, "model.safetensors")).mtimeMs);
  const before = weights();

  const second = compare(killed);
  expect([await second.ended, second.said()]).toEqual([0, expect.stringContaining("there already")]);
  expect(weights()).toEqual(before);

  const straight = workspace.path("straight");
  const whole = compare(straight);
  expect([await whole.ended, whole.said()]).toEqual([0, expect.stringContaining("The report is in")]);
  expect(contentOf(killed)).toEqual(contentOf(straight));
});

it("ends with 130 when it is interrupted, and leaves no process behind", async () => {
  const folder = workspace.path("interrupted");
  const { child, ended, said } = compare(folder);
  await until(() => said().includes("Choosing learning rates") || child.exitCode !== null);
  child.kill("SIGINT");
  expect([await ended, said()]).toEqual([130, expect.stringContaining("goes on where it stopped")]);
});
