import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { publishModel } from "../../src/training/publish-model.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-publish-"));
  writeFileSync(join(folder, "config.json"), "old");
  writeFileSync(join(folder, "value_head.safetensors"), "old");
  writeFileSync(join(folder, "notes.txt"), "mine");
});
afterEach(() => rmSync(folder, { recursive: true }));

it("replaces a model, removes what the new one lacks, and leaves other files", async () => {
  const write = async (into: string) => {
    for (const name of ["config.json", "model.safetensors", "more.txt"])
      writeFileSync(join(into, name), "new");
    return 5;
  };
  expect(await publishModel(folder, write)).toBe(5);
  expect(readdirSync(folder).sort()).toEqual(["config.json", "model.safetensors", "more.txt", "notes.txt"]);
  expect(readFileSync(join(folder, "config.json"), "utf8")).toBe("new");
});

it("leaves everything as it was where writing fails", async () => {
  const write = async (into: string) => {
    writeFileSync(join(into, "config.json"), "new");
    throw new Error("full");
  };
  await expect(publishModel(folder, write)).rejects.toThrow("full");
  expect(readdirSync(folder).sort()).toEqual(["config.json", "notes.txt", "value_head.safetensors"]);
  expect(readFileSync(join(folder, "config.json"), "utf8")).toBe("old");
});
