import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { TrainEvent } from "../../../src/training/events.js";
import { RunReporter } from "../../../src/training/loggers/run-reporter.js";
import { cutBack, makeRunFolder, measure, RUN_ID } from "./run-folder.js";

beforeEach(() => void vi.stubEnv("TRACKIO_DIR", mkdtempSync(join(tmpdir(), "otr-trackio-"))));
afterEach(() => void vi.unstubAllEnvs());

type Names = ("tensorboard" | "trackio" | "mlflow")[];

async function startReporter(folder: string, reportTo: Names) {
  const events: TrainEvent[] = [];
  const config = { outputDir: folder, reportTo, runName: null, project: "huggingface" };
  const reporter = await RunReporter.start(config, RUN_ID, (event) => void events.push(event));
  return { reporter: reporter!, events };
}

const delivered = (folder: string) => {
  const { loggers } = JSON.parse(readFileSync(join(folder, "loggers.json"), "utf8"));
  return Object.fromEntries(
    Object.entries(loggers).map(([name, entry]) => [name, (entry as { delivered: number }).delivered]),
  );
};

it("reports while a run goes on, and has all at its end", async () => {
  const folder = makeRunFolder();
  const { reporter, events } = await startReporter(folder, ["tensorboard", "trackio"]);
  measure(folder, 1, 4);
  await vi.waitFor(() => expect(delivered(folder)).toEqual({ tensorboard: 5, trackio: 5 }), 10_000);
  measure(folder, 5, 8);
  expect(await reporter.finish("completed")).toEqual([]);
  expect(delivered(folder)).toEqual({ tensorboard: 10, trackio: 10 });
  expect(events).toEqual([
    { type: "report", logger: "tensorboard", place: `tensorboard --logdir ${folder}/runs` },
    { type: "report", logger: "trackio", place: "trackio show --project huggingface" },
  ]);
});

it("sends again what a resumed run has cut off, also where the run went on without the logger", async () => {
  const folder = makeRunFolder();
  measure(folder, 1, 12);
  const first = await startReporter(folder, ["trackio"]);
  await first.reporter.finish("interrupted");
  expect(delivered(folder)).toEqual({ trackio: 15 });
  cutBack(folder, 6);
  const second = await RunReporter.start(
    { outputDir: folder, reportTo: [], runName: null, project: "p" },
    RUN_ID,
    () => {},
  );
  expect(second).toBeNull();
  expect(delivered(folder)).toEqual({ trackio: 7 });
  measure(folder, 7, 12);
  const third = await startReporter(folder, ["trackio"]);
  await third.reporter.finish("completed");
  expect(delivered(folder)).toEqual({ trackio: 15 });
});

it("forgets what an earlier run of the folder left", async () => {
  const folder = makeRunFolder();
  writeFileSync(join(folder, "loggers.json"), JSON.stringify({ run_id: "another", loggers: {} }));
  await RunReporter.start({ outputDir: folder, reportTo: [], runName: null, project: "p" }, RUN_ID, () => {});
  expect(existsSync(join(folder, "loggers.json"))).toBe(false);
});

it("neither waits for a server that hangs nor leaves its lines unsaid", async () => {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("MLFLOW_TRACKING_URI", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const folder = makeRunFolder();
  measure(folder, 1, 3);
  const { reporter } = await startReporter(folder, ["mlflow", "tensorboard"]);
  const began = performance.now();
  const summary = await reporter.finish("completed", 500);
  expect(performance.now() - began).toBeLessThan(5000);
  expect(summary).toEqual([
    `mlflow lacks the last 3 lines of metrics.jsonl (no answer in time). Later: npx otr report ${folder} --report_to mlflow`,
  ]);
  expect(delivered(folder)).toEqual({ mlflow: 0, tensorboard: 3 });
  server.closeAllConnections();
  server.close();
});

it("says once that a logger fails, while the others go on", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise((resolve) => server.close(resolve));
  vi.stubEnv("MLFLOW_TRACKING_URI", `http://${host}`);
  const folder = makeRunFolder();
  measure(folder, 1, 3);
  const { reporter, events } = await startReporter(folder, ["mlflow", "tensorboard"]);
  await vi.waitFor(() => expect(events).toHaveLength(2), 10_000);
  const summary = await reporter.finish("failed");
  const failure = `${host} does not answer (connect ECONNREFUSED ${host})`;
  expect(events).toContainEqual({
    type: "warning",
    kind: "mlflow_failed",
    message: `mlflow failed (${failure}). Training goes on; it is tried again, and catches up from metrics.jsonl.`,
  });
  expect(summary).toEqual([
    `mlflow lacks the last 3 lines of metrics.jsonl (${failure}). Later: npx otr report ${folder} --report_to mlflow`,
  ]);
});

it("survives a watcher that throws", async () => {
  const folder = makeRunFolder();
  measure(folder, 1, 3);
  let calls = 0;
  const watch = () => {
    calls += 1;
    throw new Error("watcher");
  };
  const config = { outputDir: folder, reportTo: ["tensorboard" as const], runName: null, project: "p" };
  const reporter = await RunReporter.start(config, RUN_ID, watch);
  expect(await reporter!.finish("completed")).toEqual([]);
  expect(calls).toBe(1);
});

it("says once that the thread has ended, and how the loggers catch up", async () => {
  const folder = makeRunFolder();
  measure(folder, 1, 3);
  rmSync(join(folder, "run.json"));
  const { reporter, events } = await startReporter(folder, ["tensorboard", "trackio"]);
  await vi.waitFor(() => expect(events).toHaveLength(1), 10_000);
  expect(events).toEqual([
    {
      type: "warning",
      kind: "reporting_failed",
      message: expect.stringMatching(
        /^the run is not reported to tensorboard, trackio any more \(.*run\.json.*\)\. Training goes on, .* npx otr report /,
      ),
    },
  ]);
  expect(await reporter.finish("completed")).toHaveLength(2);
  expect(events).toHaveLength(1);
});

it("bears that it cannot begin", async () => {
  const folder = makeRunFolder();
  mkdirSync(join(folder, "loggers.json", "folder"), { recursive: true });
  const { reporter, events } = await startReporter(folder, ["tensorboard"]);
  expect(events).toMatchObject([
    { kind: "reporting_failed", message: expect.stringContaining("loggers.json") },
  ]);
  expect(await reporter.finish("completed")).toEqual([
    expect.stringMatching(/^tensorboard was not told all/),
  ]);
});

it("says nothing of a thread that it has ended itself", async () => {
  const { reporter, events } = await startReporter(makeRunFolder(), ["tensorboard"]);
  reporter.dispose();
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(events.filter(({ type }) => type === "warning")).toEqual([]);
});

it("bears that run.json or the whole folder goes away", async () => {
  const folder = makeRunFolder();
  rmSync(join(folder, "run.json"));
  const { reporter } = await startReporter(folder, ["tensorboard"]);
  const [sentence = ""] = await reporter.finish("completed");
  expect(sentence).toContain("tensorboard was not told all");
  const gone = makeRunFolder();
  measure(gone, 1, 3);
  const other = await startReporter(gone, ["tensorboard"]);
  rmSync(gone, { recursive: true });
  expect(await other.reporter.finish("failed")).toHaveLength(1);
});
