import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { fileHeader } from "../../../src/training/loggers/event-file.js";
import { findLostEventFiles, openTensorboard } from "../../../src/training/loggers/tensorboard.js";
import { linesFrom, loggedRun, makeRunFolder, measure } from "./run-folder.js";

const disk = vi.hoisted(() => ({ left: Number.POSITIVE_INFINITY }));
vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  return {
    ...fs,
    writeSync(descriptor: number, bytes: Buffer, offset: number, length: number, position: number) {
      if (disk.left === 0)
        throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
      const count = fs.writeSync(descriptor, bytes, offset, Math.min(length, disk.left), position);
      disk.left -= count;
      return count;
    },
  };
});
afterEach(() => {
  disk.left = Number.POSITIVE_INFINITY;
  vi.unstubAllEnvs();
});

/** The records of the event files of a folder, in the order in which TensorBoard reads them. */
function recordsIn(folder: string): Buffer[][] {
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const bytes = readFileSync(join(folder, name));
      const records: Buffer[] = [];
      let at = 0;
      while (at < bytes.length) {
        const length = Number(bytes.readBigUInt64LE(at));
        records.push(bytes.subarray(at + 12, at + 12 + length));
        at += length + 16;
      }
      expect(at).toBe(bytes.length);
      return records;
    });
}

it("writes the options as text and each line as numbers", async () => {
  const folder = makeRunFolder();
  measure(folder, 1, 4);
  const state: Record<string, string> = {};
  const logger = await openTensorboard(loggedRun(folder), state, null);
  await logger.log(linesFrom(folder));
  await logger.finish("completed");
  logger.close();
  expect(logger.place).toBe(`tensorboard --logdir ${folder}/runs`);
  expect(state.folder).toMatch(/^runs\/[A-Z][a-z]{2}\d\d_\d\d-\d\d-\d\d_/);
  const [records = [], ...others] = recordsIn(join(folder, state.folder!));
  expect(others).toEqual([]);
  expect(records).toHaveLength(7);
  expect(records[1]!.toString()).toContain('"learning_rate": 0.00001');
  expect(records[2]!.toString()).toContain("train/loss");
  expect(records[2]!.toString()).not.toContain("grad_norm");
  expect(records[6]!.toString()).toContain("eval/loss");
});

it("goes on in another file, which withdraws the steps that come again", async () => {
  const folder = makeRunFolder();
  measure(folder, 1, 8);
  const state: Record<string, string> = {};
  const first = await openTensorboard(loggedRun(folder), state, null);
  await first.log(linesFrom(folder));
  first.close();
  const second = await openTensorboard(loggedRun(folder), state, 6);
  await second.log(linesFrom(folder, 6));
  second.close();
  const [, records = [], ...others] = recordsIn(join(folder, state.folder!));
  expect(others).toEqual([]);
  expect(records).toHaveLength(2 + 4);
  const header = fileHeader(0, 6);
  // The step and the mark of a new session, without the time.
  expect(records[1]!.subarray(9)).toEqual(header.subarray(header.length - 4 - 6, header.length - 4));
});

it("leaves only whole records on a full disk, and no empty file", async () => {
  const folder = makeRunFolder();
  measure(folder, 1, 6);
  const state: Record<string, string> = {};
  const logger = await openTensorboard(loggedRun(folder), state, null);
  await logger.log(linesFrom(folder).slice(0, 2));
  disk.left = 20;
  await expect(logger.log(linesFrom(folder, 3))).rejects.toThrow("ENOSPC");
  logger.close();
  const runs = join(folder, state.folder!);
  expect(recordsIn(runs).map((records) => records.length)).toEqual([4]);
  await expect(openTensorboard(loggedRun(folder), state, 2)).rejects.toThrow("ENOSPC");
  expect(readdirSync(runs)).toHaveLength(1);
  disk.left = Number.POSITIVE_INFINITY;
  const again = await openTensorboard(loggedRun(folder), state, 2);
  await again.log(linesFrom(folder, 2));
  again.close();
  expect(recordsIn(runs).map((records) => records.length)).toEqual([4, 2 + 6]);
});

it("notices event files that were removed, and withdraws those that stay when all is written again", async () => {
  const folder = makeRunFolder();
  measure(folder, 1, 8);
  const run = loggedRun(folder);
  const state: Record<string, string> = {};
  const first = await openTensorboard(run, state, null);
  await first.log(linesFrom(folder));
  const second = await openTensorboard(run, state, 8);
  await second.log(linesFrom(folder, 8));
  second.close();
  expect(findLostEventFiles(run, state)).toBeNull();
  const runs = join(folder, state.folder!);
  const [removed = ""] = readdirSync(runs).sort();
  rmSync(join(runs, removed));
  expect(findLostEventFiles(run, state)).toBe(`${join(runs, removed)} was removed`);
  await expect(first.log(linesFrom(folder, 8))).rejects.toThrow("was removed");
  await expect(first.finish("completed")).rejects.toThrow("was removed");
  first.close();

  const again = await openTensorboard(run, state, null);
  await again.log(linesFrom(folder));
  again.close();
  expect(findLostEventFiles(run, state)).toBeNull();
  const [, records = []] = recordsIn(runs);
  // Version, start of a session at step 0, options, lines.
  expect(records).toHaveLength(3 + 10);
  const header = fileHeader(0, 0);
  expect(records[1]!.subarray(9)).toEqual(header.subarray(header.length - 4 - 4, header.length - 4));
  rmSync(join(folder, "runs"), { recursive: true });
  expect(findLostEventFiles(run, { folder: state.folder! })).toMatch(/^the event files in .* were removed$/);
});

it("fails where its folder cannot be made", async () => {
  const folder = makeRunFolder();
  writeFileSync(join(folder, "runs"), "");
  await expect(openTensorboard(loggedRun(folder), {}, null)).rejects.toThrow("ENOTDIR");
  rmSync(join(folder, "runs"));
  (await openTensorboard(loggedRun(folder), {}, null)).close();
});

it("finds its files where the run's folder was moved, and writes where TENSORBOARD_LOGGING_DIR says", async () => {
  const folder = makeRunFolder();
  const state: Record<string, string> = {};
  (await openTensorboard(loggedRun(folder), state, null)).close();
  const moved = `${folder}-moved`;
  renameSync(folder, moved);
  (await openTensorboard({ ...loggedRun(moved), folder: moved }, state, 1)).close();
  expect(readdirSync(join(moved, state.folder!))).toHaveLength(2);
  vi.stubEnv("TENSORBOARD_LOGGING_DIR", join(moved, "elsewhere"));
  const { place, close } = await openTensorboard(loggedRun(moved), {}, null);
  close();
  expect(place).toBe(`tensorboard --logdir ${moved}/elsewhere`);
  expect(readdirSync(join(moved, "elsewhere"))).toHaveLength(1);
});
