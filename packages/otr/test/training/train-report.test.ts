import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { TrainInput } from "../../src/config/train-options.js";
import { initModel } from "../../src/models/init-model.js";
import { parseModelConfig } from "../../src/models/model-config.js";
import { saveModel } from "../../src/models/save-model.js";
import type { TrainEvent } from "../../src/training/events.js";
import { type TrainOptions, train } from "../../src/training/train.js";
import { byteTokenizerJson } from "../data/byte-tokenizer.js";
import { tinyConfig } from "../models/tiny-config.js";

let folder = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "otr-report-"));
  vi.stubEnv("TRACKIO_DIR", join(folder, "trackio"));
  // No trackio of python3's takes the inbox in.
  vi.stubEnv("PATH", "/nowhere");
  const base = join(folder, "base");
  const model = initModel(parseModelConfig(tinyConfig({ vocab_size: 260, eos_token_id: 259 })), { seed: 1 });
  await saveModel(model, base);
  model.dispose();
  writeFileSync(join(base, "tokenizer.json"), JSON.stringify(byteTokenizerJson()));
  writeFileSync(join(base, "tokenizer_config.json"), JSON.stringify({ eos_token: "<|endoftext|>" }));
  writeFileSync(join(folder, "rows.jsonl"), '{"prompt": "a", "completion": "b"}\n');
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const run = (changes: Partial<TrainInput>, options?: TrainOptions) =>
  train(
    {
      modelNameOrPath: join(folder, "base"),
      dataset: join(folder, "rows.jsonl"),
      outputDir: join(folder, "out"),
      loggingSteps: 1,
      maxSteps: 6,
      bf16: false,
      device: "cpu",
      ...changes,
    },
    options,
  );

const readLines = (path: string) =>
  readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

it("goes on in the same run of each logger where a run goes on", async () => {
  const output = join(folder, "out");
  const reportTo: TrainInput["reportTo"] = ["tensorboard", "trackio"];
  let steps = 0;
  const shouldStop = () => ++steps === 3;
  expect(await run({ reportTo }, { shouldStop })).toMatchObject({ status: "interrupted" });
  const first = JSON.parse(readFileSync(join(output, "loggers.json"), "utf8"));
  await run({ reportTo, resumeFromCheckpoint: true });
  const lines = readLines(join(output, "metrics.jsonl"));
  expect(lines.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);

  const { run_id: runId, loggers } = JSON.parse(readFileSync(join(output, "loggers.json"), "utf8"));
  expect(runId).toBe(JSON.parse(readFileSync(join(output, "run.json"), "utf8")).run_id);
  expect(loggers).toEqual({
    tensorboard: {
      delivered: 6,
      state: { folder: first.loggers.tensorboard.state.folder, files: expect.stringMatching(/^\S+ \S+$/) },
    },
    trackio: { delivered: 6, state: {} },
  });
  expect(readdirSync(join(output, loggers.tensorboard.state.folder))).toHaveLength(2);
  const inbox = join(folder, "trackio/inbox", runId);
  const records = readdirSync(inbox).flatMap((name) => readLines(join(inbox, name)));
  const losses = new Map(records.map(({ step, metrics }) => [step, metrics["train/loss"]]));
  expect(records).toHaveLength(6);
  expect([...losses].sort(([a], [b]) => a - b)).toEqual(lines.map(({ step, loss }) => [step, loss]));
});

it("ends as it should where a server never answers, and says so at the end", async () => {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("MLFLOW_TRACKING_URI", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const output = join(folder, "hanging");
  const events: TrainEvent[] = [];
  let steps = 0;
  const shouldStop = () => ++steps === 3;
  const onEvent = (event: TrainEvent) => void events.push(event);
  await run({ outputDir: output, reportTo: ["mlflow"], saveStrategy: "no" }, { onEvent, shouldStop });
  const sentence = `mlflow lacks the last 3 lines of metrics.jsonl (no answer in time). Later: npx otr report ${output} --report_to mlflow`;
  const end = events.find(({ type }) => type === "end");
  expect(events.filter(({ type }) => type === "wait")).toEqual([
    { type: "wait", loggers: ["mlflow"], seconds: 5 },
  ]);
  expect(end).toMatchObject({ status: "interrupted", summary: expect.arrayContaining([sentence]) });
  expect(JSON.parse(readFileSync(join(output, "run.json"), "utf8")).summary).toContain(sentence);
  server.closeAllConnections();
  server.close();
});
