/** @file The tests that take minutes: `npx vitest run -c vitest.slow.config.ts`. */
import { defineConfig, mergeConfig } from "vitest/config";
import base from "./vitest.config.js";

const merged = mergeConfig(
  base,
  defineConfig({
    test: { testTimeout: 600_000, hookTimeout: 600_000 },
  }),
);
// Merging would join the two lists of files.
merged.test.include = ["packages/*/test/slow/*.slow.ts"];

export default merged;
