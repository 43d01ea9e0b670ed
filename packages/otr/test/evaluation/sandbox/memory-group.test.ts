import { existsSync, readFileSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { makeMemoryGroup, sweepMemoryGroups } from "../../../src/evaluation/sandbox/memory-group.js";

const group = makeMemoryGroup(2 ** 28, 16);
if (group === null) console.warn("SKIPPED: no control group can be made here");
else await group.remove();

it.skipIf(group === null)("limits memory, and goes without a trace", async () => {
  const { processesFile, remove } = makeMemoryGroup(2 ** 28, 16)!;
  const folder = dirname(processesFile);
  const limits = ["memory.limit_in_bytes", "memory.max"].map((name) => join(folder, name)).filter(existsSync);
  expect(limits.map((file) => readFileSync(file, "utf8").trim())).toEqual([String(2 ** 28)]);
  await remove();
  expect(existsSync(folder)).toBe(false);
});

it.skipIf(group === null)("is swept away when nobody can need it any more, and not before", async () => {
  const { processesFile, remove } = makeMemoryGroup(2 ** 28, 16)!;
  sweepMemoryGroups();
  expect(existsSync(processesFile)).toBe(true);
  const hourAgo = Date.now() / 1000 - 3600;
  utimesSync(dirname(processesFile), hourAgo, hourAgo);
  sweepMemoryGroups();
  expect(existsSync(processesFile)).toBe(false);
  await remove();
});
