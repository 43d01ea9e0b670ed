import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import {
  findDamage,
  MANIFEST,
  makeManifest,
  readManifest,
} from "../../../src/training/checkpoints/manifest.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-manifest-"));
  writeFileSync(join(folder, "a.json"), "{}");
  writeFileSync(join(folder, "b.safetensors"), Buffer.alloc(3_000_000, 7));
  writeFileSync(join(folder, "empty"), "");
  const manifest = makeManifest(folder, { run_id: "r", step: 3 });
  writeFileSync(join(folder, MANIFEST), JSON.stringify(manifest, null, 2));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What is wrong with the folder. */
function problem(): string | null {
  const manifest = readManifest(folder);
  return "problem" in manifest ? manifest.problem : findDamage(folder, manifest);
}

it("finds nothing wrong with what was written", () => {
  expect(readManifest(folder)).toMatchObject({ run_id: "r", step: 3, files: { empty: { size: 0 } } });
  expect(problem()).toBe(null);
});

it("notices each bit of each byte of the manifest that changes", () => {
  const path = join(folder, MANIFEST);
  const sound = readFileSync(path);
  for (let at = 0; at < sound.length; at++) {
    const flipped = Buffer.from(sound);
    flipped[at]! ^= 1 << (at % 8);
    writeFileSync(path, flipped);
    // A blank that became another one changes nothing.
    const isSame =
      /^\s$/.test(String.fromCharCode(flipped[at]!)) && /^\s$/.test(String.fromCharCode(sound[at]!));
    if (!isSame) expect(problem(), `byte ${at}`).toMatch(/manifest.json/);
  }
});

it.each(["a.json", "b.safetensors"])("notices a bit that changes in %s", (name) => {
  const path = join(folder, name);
  const content = readFileSync(path);
  content[content.length - 1]! ^= 1;
  writeFileSync(path, content);
  expect(problem()).toBe(`${name} has changed since it was written`);
});

it("notices a file that is cut, longer or gone, and a manifest that is gone", () => {
  truncateSync(join(folder, "b.safetensors"), 2_999_999);
  expect(problem()).toBe("b.safetensors has 2999999 bytes instead of 3000000");
  writeFileSync(join(folder, "b.safetensors"), Buffer.alloc(3_000_000, 7));
  writeFileSync(join(folder, "empty"), "x");
  expect(problem()).toBe("empty has 1 bytes instead of 0");
  rmSync(join(folder, "empty"));
  expect(problem()).toBe("empty is missing");
  rmSync(join(folder, MANIFEST));
  expect(problem()).toBe("it has no manifest.json");
});

it.each([
  ["a path out of the folder", { "../a": { size: 1, sha256: "0".repeat(64) } }],
  ["a hash that is none", { a: { size: 1, sha256: "no" } }],
  ["a negative size", { a: { size: -1, sha256: "0".repeat(64) } }],
])("refuses %s", (_, files) => {
  const manifest = JSON.parse(readFileSync(join(folder, MANIFEST), "utf8"));
  writeFileSync(join(folder, MANIFEST), JSON.stringify({ ...manifest, files }));
  expect(problem()).toMatch(/manifest.json is damaged/);
});
