import { mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** A control group (cgroups(7), of either version) that limits the memory of all processes of one program together. */
export interface MemoryGroup {
  /** The file that takes the processes which belong to it. */
  readonly processesFile: string;
  /** Removes it, when the last process has ended. */
  remove(): Promise<void>;
}

/** Processes end shortly before the kernel has taken them off their group. */
const MOST_TRIES = 25;
const MILLISECONDS_BETWEEN = 20;

let made = 0;

/** Makes a group below that of this process; null where this process may not. */
export function makeMemoryGroup(bytes: number, processes: number): MemoryGroup | null {
  const parent = findParent();
  if (parent === null) return null;
  const folder = join(parent.folder, `otr-sandbox-${process.pid}-${made++}`);
  try {
    mkdirSync(folder);
  } catch {
    return null;
  }
  try {
    const [memory, ...others] =
      parent.version === 1
        ? [["memory.limit_in_bytes", bytes] as const, ["memory.memsw.limit_in_bytes", bytes] as const]
        : [["memory.max", bytes] as const, ["memory.swap.max", 0] as const, ["pids.max", processes] as const];
    writeFileSync(join(folder, memory[0]), String(memory[1]));
    // Swap and processes are counted where the kernel does so; memory is what the group is for.
    for (const [name, limit] of others) ignoreErrors(() => writeFileSync(join(folder, name), String(limit)));
  } catch {
    ignoreErrors(() => rmdirSync(folder));
    return null;
  }
  return {
    processesFile: join(folder, "cgroup.procs"),
    async remove() {
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        if (ignoreErrors(() => rmdirSync(folder))) return;
        await wait(MILLISECONDS_BETWEEN);
      }
    },
  };
}

/** A program joins its group at once; one that is empty after so long is left over. */
const LEFT_OVER_MILLISECONDS = 10 * 60_000;

/** Removes what processes have left behind that were killed while a program ran. */
export function sweepMemoryGroups(): void {
  const parent = findParent();
  if (parent === null) return;
  ignoreErrors(() => {
    for (const name of readdirSync(parent.folder)) {
      if (!/^otr-sandbox-\d+-\d+$/.test(name)) continue;
      const folder = join(parent.folder, name);
      // The kernel removes no group that has processes.
      ignoreErrors(() => statSync(folder).mtimeMs < Date.now() - LEFT_OVER_MILLISECONDS && rmdirSync(folder));
    }
  });
}

function findParent(): { readonly folder: string; readonly version: 1 | 2 } | null {
  let groups: string[][];
  try {
    const lines = readFileSync("/proc/self/cgroup", "utf8").trim().split("\n");
    groups = lines.map((line) => /^\d+:([^:]*):(.*)$/.exec(line)?.slice(1) ?? []);
  } catch {
    return null;
  }
  const first = groups.find(([controllers = ""]) => controllers.split(",").includes("memory"));
  if (first !== undefined) return { folder: join("/sys/fs/cgroup/memory", first[1]!), version: 1 };
  const second = groups.find(([controllers]) => controllers === "");
  return second === undefined ? null : { folder: join("/sys/fs/cgroup", second[1]!), version: 2 };
}

function ignoreErrors(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}
