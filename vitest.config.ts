import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import ReliabilityReporter from "./packages/otr/test/faults/reliability-reporter.js";

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: {
      "@one-token/torch/setup": source("packages/torch/setup/index.js"),
      "@one-token/torch": source("packages/torch/src/index.ts"),
      "one-token-rollout": source("packages/otr/src/index.ts"),
      "@one-token/demo": source("demo/src"),
    },
  },
  test: {
    include: ["packages/*/test/**/*.test.ts", "demo/test/**/*.test.ts", "studies/test/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    reporters: ["default", new ReliabilityReporter()],
    // Tensors in tests are tiny; threads that wait for each other would only slow down test files side by side.
    env: { OMP_NUM_THREADS: "1" },
  },
});
