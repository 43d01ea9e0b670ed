import { readFileSync } from "node:fs";
import { totalmem } from "node:os";

/** Bytes that a new process may take: what the machine has left, and no more than the container's limit. */
export function availableMemory(meminfo = readFileSync("/proc/meminfo", "utf8")): number {
  const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec(meminfo)?.[1];
  const left = kibibytes === undefined ? totalmem() : Number(kibibytes) * 1024;
  const limit = process.constrainedMemory();
  // Without a limit it is 0, or larger than any machine.
  return limit > 0 ? Math.min(left, limit) : left;
}
