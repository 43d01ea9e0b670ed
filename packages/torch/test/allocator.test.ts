import { describe, expect, it } from "vitest";
import {
  empty,
  full,
  keep,
  maxMemoryAllocated,
  memoryAllocated,
  resetPeakMemoryStats,
  scope,
  type Tensor,
} from "../src/index.js";
import { runNode } from "./run-node.js";
import { torchError } from "./torch-error.js";

const MIB = 2 ** 20;

describe("the memory of large tensors", () => {
  it("is counted while they live", () => {
    const before = memoryAllocated();
    resetPeakMemoryStats();
    scope(() => {
      empty([3 * MIB], { dtype: "uint8" });
      expect(memoryAllocated() - before).toBe(3 * MIB);
    });
    expect(memoryAllocated()).toBe(before);
    expect(maxMemoryAllocated() - before).toBe(3 * MIB);
  });

  it("is never given to two tensors at once, and free neighbours are joined", () => {
    const before = memoryAllocated();
    const live: { tensor: Tensor; value: number; count: number }[] = [];
    // A fixed sequence of sizes and lifetimes: multiplicative steps modulo a prime.
    let state = 1;
    const next = (bound: number) => {
      state = (state * 48271) % 2147483647;
      return state % bound;
    };
    for (let round = 0; round < 400; round++) {
      if (live.length > 12) {
        const [{ tensor, value, count }] = live.splice(next(live.length), 1) as [(typeof live)[number]];
        expect(scope(() => tensor.eq(value).sum().item())).toBe(count);
        tensor.dispose();
      }
      const count = 16_000 + next(80_000);
      live.push({ tensor: keep(scope(() => full([count], round))), value: round, count });
    }
    for (const { tensor, value, count } of live) {
      expect(scope(() => tensor.eq(value).sum().item())).toBe(count);
      tensor.dispose();
    }
    expect(memoryAllocated()).toBe(before);
  });

  it("goes back to the system when asked", () => {
    const { stdout } = runNode(`
      const rss = () => Math.round(process.memoryUsage.rss() / ${MIB});
      torch.ones([64 * ${MIB}]).dispose();
      const kept = rss();
      torch.releaseFreeMemory();
      console.log(kept - rss());`);
    expect(Number(stdout)).toBeGreaterThan(200);
  });

  it("says so when there is not enough", () => {
    expect(torchError(() => empty([2 ** 50], { dtype: "uint8" })).message).toMatch(/can.t allocate memory/);
  });
});
