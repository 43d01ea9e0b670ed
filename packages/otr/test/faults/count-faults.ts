import type { TestContext } from "vitest";

declare module "vitest" {
  interface TaskMeta {
    /** Faults that the test has injected; `docs/reliability.md` tells them. */
    faults?: number;
  }
}

/** Adds to the faults that a test has injected. */
export function countFaults(task: TestContext["task"], count: number): void {
  task.meta.faults = (task.meta.faults ?? 0) + count;
}
