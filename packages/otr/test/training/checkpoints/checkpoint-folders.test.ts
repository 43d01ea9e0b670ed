import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  partialFolder,
  publishCheckpoint,
  removeLeftovers,
  restoreRemoved,
} from "../../../src/training/checkpoints/checkpoint-folders.js";
import { checkCheckpoint, listCheckpoints } from "../../../src/training/checkpoints/find-checkpoints.js";

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
const sound = () => listCheckpoints(folder).flatMap((found) => (checkCheckpoint(found) ? [] : found.step));

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
