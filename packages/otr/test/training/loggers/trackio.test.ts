import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { openTrackio, trackioFolder } from "../../../src/training/loggers/trackio.js";
import { linesFrom, loggedRun, makeRunFolder, measure } from "./run-folder.js";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "otr-trackio-"));
  vi.stubEnv("TRACKIO_DIR", root);
});
afterEach(() => void vi.unstubAllEnvs());

const inbox = (folder: string) => join(root, "inbox", loggedRun(folder).id);

/** All records of the inbox, each file being whole. */
function records(folder: string): { log_id: string; step: number; config: unknown; metrics: object }[] {
  const names = readdirSync(inbox(folder));
  expect(names.filter((name) => !name.endsWith(".jsonl"))).toEqual([]);
  return names
    .sort()
    .flatMap((name) =>
      readFileSync(join(inbox(folder), name), "utf8")
        .trimEnd()
        .split("\n"),
    )
    .map((line) => JSON.parse(line));
}

it("puts lines into the inbox as trackio does", async () => {
  const folder = makeRunFolder();
  measure(folder, 3, 4);
  const logger = await openTrackio(loggedRun(folder), {}, null);
  await logger.log(linesFrom(folder));
  expect(logger.place).toBe("trackio show --project 'a project'");
  const id = loggedRun(folder).id;
  const common = { v: 1, kind: "metric", project: "a project", run: "a run", run_id: id };
  expect(records(folder)).toEqual([
    {
      ...common,
      metrics: {
        "train/epoch": 0.3,
        "train/loss": 1 / 3,
        "train/learning_rate": 1e-5,
        "train/global_step": 3,
      },
      step: 3,
      timestamp: "2023-11-14T22:13:23.000Z",
      config: expect.objectContaining({ learning_rate: 1e-5 }),
      log_id: `${id}-3-0`,
    },
    expect.objectContaining({ step: 4, log_id: `${id}-4-0`, config: null }),
    {
      ...common,
      metrics: { "train/epoch": 0.4, "eval/loss": 0.5, "train/global_step": 4 },
      step: 4,
      timestamp: "2023-11-14T22:13:24.000Z",
      config: null,
      log_id: `${id}-4-1`,
    },
  ]);
});

it("gives a line that comes again the same id, and withdraws what trackio has not taken of it", async () => {
  const folder = makeRunFolder();
  measure(folder, 1, 8);
  const first = await openTrackio(loggedRun(folder), {}, null);
  await first.log(linesFrom(folder).slice(0, 4));
  await first.log(linesFrom(folder).slice(4));
  const before = records(folder).map(({ log_id }) => log_id);
  const second = await openTrackio(loggedRun(folder), {}, 4);
  expect(records(folder).map(({ step }) => step)).toEqual([1, 2, 3]);
  await second.log(linesFrom(folder, 4));
  expect(records(folder).map(({ log_id }) => log_id)).toEqual(before);
  rmSync(inbox(folder), { recursive: true });
  const third = await openTrackio(loggedRun(folder), {}, 8);
  await third.log(linesFrom(folder, 8));
  expect(records(folder).map(({ log_id }) => log_id)).toEqual(before.slice(-2));
});

it("keeps its files few where nobody takes them, and bears that trackio takes them", async () => {
  const folder = makeRunFolder();
  measure(folder, 1, 400);
  const logger = await openTrackio(loggedRun(folder), {}, null);
  const lines = linesFrom(folder);
  for (const [index, line] of lines.entries()) {
    await logger.log([line]);
    expect(readdirSync(inbox(folder)).length).toBeLessThanOrEqual(100);
    if (index !== 249) continue;
    expect(new Set(records(folder).map(({ log_id }) => log_id)).size).toBe(250);
    rmSync(inbox(folder), { recursive: true });
  }
  expect(new Set(records(folder).map(({ log_id }) => log_id)).size).toBe(250);
});

it("fails without leaving anything where the inbox cannot be written", async () => {
  const folder = makeRunFolder();
  measure(folder, 1, 2);
  const logger = await openTrackio(loggedRun(folder), {}, null);
  writeFileSync(join(root, "inbox"), "");
  await expect(logger.log(linesFrom(folder))).rejects.toThrow(/ENOTDIR|EEXIST/);
  rmSync(join(root, "inbox"));
  await logger.log(linesFrom(folder));
  expect(records(folder)).toHaveLength(2);
  expect(existsSync(join(root, "inbox"))).toBe(true);
});

it("finds trackio's folder as trackio does", () => {
  expect(trackioFolder()).toBe(root);
  vi.stubEnv("TRACKIO_DIR", "");
  vi.stubEnv("HF_HOME", "/somewhere");
  expect(trackioFolder()).toBe("/somewhere/trackio");
});
