import { totalmem } from "node:os";
import { afterEach, describe, expect, it, vi } from "vitest";
import { availableMemory } from "../../src/training/available-memory.js";

afterEach(() => void vi.restoreAllMocks());
const meminfo = "MemTotal:       24683860 kB\nMemFree:  1 kB\nMemAvailable:   20000 kB\n";

describe("availableMemory", () => {
  it("is what the system can give", () => {
    vi.spyOn(process, "constrainedMemory").mockReturnValue(0);
    expect(availableMemory(meminfo)).toBe(20_000 * 1024);
    expect(availableMemory("")).toBe(totalmem());
  });

  it("is no more than the container may take", () => {
    vi.spyOn(process, "constrainedMemory").mockReturnValue(1000);
    expect(availableMemory(meminfo)).toBe(1000);
    vi.spyOn(process, "constrainedMemory").mockReturnValue(2 ** 64);
    expect(availableMemory(meminfo)).toBe(20_000 * 1024);
  });

  it("is found on this machine", () => {
    expect(availableMemory()).toBeGreaterThan(2 ** 20);
    expect(availableMemory()).toBeLessThanOrEqual(totalmem());
  });
});
