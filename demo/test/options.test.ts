import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A clone in which nothing is installed or compiled: what `npm start` runs, and no more. */
let clone: string;
beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), "one-token-clone-"));
  for (const path of ["package.json", "scripts", "packages/torch/setup", "demo/options.js"]) {
    mkdirSync(dirname(join(clone, path)), { recursive: true });
    cpSync(join(root, path), join(clone, path), { recursive: true });
  }
});
afterAll(() => rmSync(clone, { recursive: true }));

const start = (...args: string[]) =>
  spawnSync(process.execPath, [join(clone, "scripts", "start.js"), ...args], { encoding: "utf8" });

describe("npm start before the set-up", () => {
  it("prints its help in 80 columns", () => {
    const { status, stdout, stderr } = start("--help");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^Usage: npm start -- /);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  it.each([
    [["--frobnicate"], /^There is no option --frobnicate\.\n\nUsage/],
    [["--sedes", "3"], /^There is no option --sedes\. Did you mean --seeds\?\n/],
    [["now"], /'now'/],
    [["--seeds"], /--seeds/],
    [["--seeds", "1"], /--seeds is "1", but a standard error needs a whole number from 2 to 100/],
  ])("refuses %j", (args, message) => {
    const { status, stdout, stderr } = start(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/--seeds N .*\n.*--json .*/);
    expect(readdirSync(clone)).not.toContain("node_modules");
  });
});
