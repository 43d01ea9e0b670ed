import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readDamaged, smallGguf } from "../gguf/damage.js";
import { reference } from "../gguf/references.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-gguf-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ["a small file", smallGguf, 10_000],
  ["a model with merges", readFileSync(reference("qwen2.gguf")), 4_000],
  ["a model with scores", readFileSync(reference("llama.gguf")), 4_000],
])("is a DataError or reads, whatever was changed in %s", { timeout: 600_000 }, (_, sound, cases) => {
  const { refused, slowest } = readDamaged(sound, join(folder, "damaged.gguf"), cases, 2);
  expect(refused).toBeGreaterThan(cases / 4);
  expect(slowest).toBeLessThan(10_000);
});
