/**
 * @file Injects faults into the real program: `npx vitest run -c vitest.faults.config.ts`; with `-u` docs/reliability.md is
 * written anew.
 */
import { defineConfig, mergeConfig } from "vitest/config";
import base from "./vitest.config.js";

const merged = mergeConfig(
  base,
  // A test keeps the processors busy with processes of its own.
  defineConfig({
    test: {
      fileParallelism: false,
      testTimeout: 480_000,
      hookTimeout: 60_000,
    },
  }),
);
// Merging would join the two lists of files.
merged.test.include = ["packages/otr/test/faults/*.faults.ts"];

export default merged;
