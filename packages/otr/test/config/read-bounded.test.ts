import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readBounded } from "../../src/config/read-bounded.js";
import { DataError } from "../../src/errors.js";
import { folderWith } from "../data/byte-tokenizer.js";

it("reads a file up to its bound, and refuses a larger one", () => {
  const path = join(folderWith({ "a.json": "größer" }), "a.json");
  expect(readBounded(path, 8)).toBe("größer");
  expect(() => readBounded(path, 7)).toThrow(`${path} has 8 bytes, more than the 7 `);
  expect(() => readBounded(path, 7)).toThrow(DataError);
});

it("refuses what has no end, or never begins", () => {
  const pipe = join(folderWith({}), "pipe");
  spawnSync("mkfifo", [pipe]);
  for (const path of ["/dev/zero", "/tmp", pipe]) {
    expect(() => readBounded(path, 10)).toThrow(`${path} is no ordinary file`);
  }
});

it("leaves a file that is not there to its caller", () => {
  expect(() => readBounded("/nowhere/a", 10)).toThrow(/ENOENT/);
});
