/** @file Programs that ask for all of the machine: what they get, and that it is given back. */
import { spawn } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { findPython } from "../../src/evaluation/sandbox/find-python.js";
import { makeMemoryGroup } from "../../src/evaluation/sandbox/memory-group.js";
import { FIRST_USER, probeSandbox } from "../../src/evaluation/sandbox/probe-sandbox.js";
import { type ProgramRun, runProgram } from "../../src/evaluation/sandbox/run-program.js";

const probe = await probeSandbox();
if (!probe.available) console.warn(`SKIPPED: this machine cannot provide a sandbox: ${probe.reason}`);
const group = makeMemoryGroup(2 ** 30, 16);
await group?.remove();

describe.skipIf(!probe.available)("a program", () => {
  const run = async (program: string, timeoutSeconds: number): Promise<ProgramRun> =>
    runProgram(program, {
      python: await findPython(),
      mode: probe.available ? probe.mode : "root",
      user: FIRST_USER,
      timeoutSeconds,
      memoryBytes: 2 ** 29,
    });

  it("that forks for ever ends in time, and the next one can fork", { timeout: 30_000 }, async () => {
    const bomb = await run("import os\nwhile True:\n  try: os.fork()\n  except OSError: pass", 2);
    expect(bomb).toMatchObject({ passed: false, reason: "timed out" });
    expect(bomb.seconds).toBeLessThan(4);
    expect(await run("import os\nif os.fork() == 0: os._exit(0)\nos.wait()", 10)).toMatchObject({
      passed: true,
    });
  });

  it("starts no more than its threads", { timeout: 30_000 }, async () => {
    const program = `
import threading, time
threads = 1
try:
    while threads < 100: threading.Thread(target=time.sleep, args=(60,), daemon=True).start(); threads += 1
except RuntimeError: pass
assert threads <= 16, threads`;
    expect(await run(program, 20)).toMatchObject({ reason: "passed" });
  });

  it.skipIf(group === null)(
    "has its memory once, whatever the number of its processes",
    { timeout: 60_000 },
    async () => {
      const program = `
import os, time
children = []
for number in range(8):
    child = os.fork()
    if child == 0:
        held = bytearray(b"x" * (300 << 20)); time.sleep(1); os._exit(0)
    children.append(child)
held = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0 for child in children]
assert sum(held) * 300 <= 512, held`;
      const { passed, reason } = await run(program, 30);
      // The kernel ends whichever holds most; that may be the first process.
      expect(passed || reason === "killed").toBe(true);
    },
  );

  it("that fills /tmp, its inodes too, leaves nothing", { timeout: 60_000 }, async () => {
    const program = `
count = 0
try:
    while count < 1_000_000: open(f"/tmp/{count}", "w").close(); count += 1
except OSError: pass
assert 1000 < count < 5000, count`;
    expect(await run(program, 30)).toMatchObject({ reason: "passed" });
    expect(await run("import os; assert os.listdir('/tmp') == []", 10)).toMatchObject({ reason: "passed" });
  });

  it.skipIf(!probe.available || probe.mode !== "root")("ends with the process that started it", async () => {
    const user = 64_999;
    const running = () =>
      readdirSync("/proc").filter((name) => /^\d+$/.test(name) && ownerOf(name) === user).length;
    const source = (name: string) =>
      new URL(`../../dist/evaluation/sandbox/${name}.js`, import.meta.url).href;
    const script = `
      import { findPython } from "${source("find-python")}";
      import { runProgram } from "${source("run-program")}";
      const settings = { mode: "root", user: ${user}, timeoutSeconds: 60, memoryBytes: 2 ** 29 };
      await runProgram("import os, time\\nos.fork()\\ntime.sleep(60)", { ...settings, python: await findPython() });`;
    const starter = spawn(process.execPath, ["--input-type=module", "-e", script]);
    await vi.waitFor(() => expect(running()).toBe(2), { timeout: 20_000 });
    starter.kill("SIGKILL");
    await vi.waitFor(() => expect(running()).toBe(0), { timeout: 5000 });
  });

  it("that keeps what it has opened gets no more than its descriptors", async () => {
    const program = `
import os
count = 0
try:
    while True: os.pipe(); count += 1
except OSError: pass
assert count <= 32, count`;
    expect(await run(program, 10)).toMatchObject({ reason: "passed" });
  });
});

/** The user of a process; null where it has ended meanwhile. */
function ownerOf(processId: string): number | null {
  try {
    return statSync(`/proc/${processId}`).uid;
  } catch {
    return null;
  }
}
