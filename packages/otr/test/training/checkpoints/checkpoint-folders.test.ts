import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  partialFolder,
  publishCheckpoint,
  removeLeftovers,
  restoreRemoved,
} from "../../../src/training/checkpoints/checkpoint-folders.js";
import { finishCheckpoint } from "../../../src/training/checkpoints/finish-on-thread.js";
import { checkCheckpoint, listCheckpoints } from "../../../src/training/checkpoints/find-checkpoints.js";

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  return { ...fs, renameSync: vi.fn(fs.renameSync) };
});
const { renameSync: actualRename } = await vi.importActual<typeof import("node:fs")>("node:fs");

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-folders-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const path = (name: string) => join(folder, name);
function publish(step: number, content = "weights"): void {
  mkdirSync(partialFolder(path(`checkpoint-${step}`)));
  writeFileSync(join(partialFolder(path(`checkpoint-${step}`)), "model.safetensors"), content);
  publishCheckpoint(path(`checkpoint-${step}`), { run_id: "run", step });
}
const finish = (step: number, obsolete: string[] = []) => {
  mkdirSync(partialFolder(path(`checkpoint-${step}`)));
  writeFileSync(join(partialFolder(path(`checkpoint-${step}`)), "model.safetensors"), "weights");
  const about = { run_id: "run", step };
  return finishCheckpoint({
    folder: path(`checkpoint-${step}`),
    about,
    obsolete: obsolete.map(path),
    lines: [],
  });
};
const sound = () => listCheckpoints(folder).flatMap((found) => (checkCheckpoint(found) ? [] : found.step));

it("a save that is done is done, whatever becomes of those that it takes the place of", () => {
  expect(finish(4)).toBeNull();
  expect(finish(5, ["checkpoint-4"])).toBeNull();
  expect(sound()).toEqual([5]);
  expect(finish(6, ["checkpoint-4", "checkpoint-5"])).toMatch(/ENOENT.*checkpoint-4/);
  expect(sound()).toEqual([5, 6]);
});

it("one that cannot take its name leaves the one that had it", () => {
  publish(4);
  mkdirSync(partialFolder(path("checkpoint-4")));
  vi.mocked(renameSync)
    .mockImplementationOnce(actualRename)
    .mockImplementationOnce(() => {
      throw new Error("EIO");
    });
  expect(() => publishCheckpoint(path("checkpoint-4"), { run_id: "run", step: 4 })).toThrow("EIO");
  expect(sound()).toEqual([4]);
});

describe("what a process has left that ended in the middle of a save", () => {
  it("is a sound checkpoint out of sight: it gets its name back", () => {
    publish(4);
    renameSync(path("checkpoint-4"), path(".checkpoint-4.removed"));
    restoreRemoved(folder);
    removeLeftovers(folder);
    expect(readdirSync(folder)).toEqual(["checkpoint-4"]);
    expect(sound()).toEqual([4]);
  });

  it.each([
    ["that another has replaced", () => publish(4, "new")],
    ["that is half removed", () => rmSync(path(".checkpoint-4.removed/model.safetensors"))],
    ["whose manifest is gone", () => rmSync(path(".checkpoint-4.removed/manifest.json"))],
  ])("is one %s: it goes", (_, happens) => {
    publish(4);
    publish(5);
    renameSync(path("checkpoint-4"), path(".checkpoint-4.removed"));
    happens();
    restoreRemoved(folder);
    removeLeftovers(folder);
    expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
    expect(sound().at(-1)).toBe(5);
    expect(listCheckpoints(folder).filter((found) => checkCheckpoint(found) !== null)).toEqual([]);
  });
});
