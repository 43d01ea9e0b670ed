import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readModelLicense } from "../../src/models/model-license.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-license-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

it.each([
  ["---\nlicense: apache-2.0\ntags: [a]\n---\n# Name", { license: "apache-2.0" }],
  ["---\r\nlicense: mit\r\n---\r\n", { license: "mit" }],
  [
    "---\nlicense: other\nlicense_name: gemma\nlicense_link: https://example.org\n---\n",
    { license: "other", license_name: "gemma", license_link: "https://example.org" },
  ],
  [`---\nlicense: mit\n---\n${"x".repeat(200_000)}`, { license: "mit" }],
  [`---\nlicense: mit\ntags: ${"x".repeat(200_000)}\n---\n`, null],
  ["---\nlicense: [a, b]\n---\n", null],
  ["---\ntags: [a]\n---\n", null],
  ["# Name\n---\nlicense: mit\n---\n", null],
  ["---\nlicense: {\n---\n", null],
  ["---\n- a\n---\n", null],
  ["---\nlicense: mit\n", null],
  ["", null],
])("of card %# is read", async (text, license) => {
  writeFileSync(join(folder, "README.md"), text);
  expect(await readModelLicense(folder)).toEqual(license);
});

it("is unknown without a card", async () => {
  expect(await readModelLicense(folder)).toBeNull();
});
