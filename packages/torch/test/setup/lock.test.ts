import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { withLock } from "../../setup/lock.js";
import { temporaryFolder } from "./temporary-folder.js";

const lock = new URL("../../setup/lock.js", import.meta.url).href;
const lockFiles = (path: string) => readdirSync(dirname(path)).filter((name) => name.startsWith("lock"));

describe("withLock", () => {
  it("lets one at a time work and leaves no lock behind", async () => {
    const path = join(temporaryFolder(), "lock");
    const events: string[] = [];
    const work = (name: string) => async () => {
      events.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 50));
      events.push(`${name} ends`);
    };
    const holders: string[] = [];
    const wait = (holder: string) => holders.push(holder);
    await Promise.all([withLock(path, wait, work("a")), withLock(path, wait, work("b"))]);
    expect(events).toEqual(["a begins", "a ends", "b begins", "b ends"]);
    expect(holders).toEqual([`${hostname()} ${process.pid}`]);
    expect(lockFiles(path)).toEqual([]);
  });

  it("takes over the lock of a process that is gone", async () => {
    const path = join(temporaryFolder(), "lock");
    writeFileSync(`${path}.1`, `${hostname()} 4194304`);
    await expect(
      withLock(
        path,
        () => expect.unreachable(),
        async () => 7,
      ),
    ).resolves.toBe(7);
  });

  it("takes over a lock that nobody has touched for long", async () => {
    const path = join(temporaryFolder(), "lock");
    writeFileSync(`${path}.1`, "another-machine 1");
    const long = new Date(Date.now() - 60_000);
    utimesSync(`${path}.1`, long, long);
    await expect(
      withLock(
        path,
        () => expect.unreachable(),
        async () => 7,
      ),
    ).resolves.toBe(7);
  });

  it("frees the lock when the work fails", async () => {
    const path = join(temporaryFolder(), "lock");
    await expect(
      withLock(
        path,
        () => {},
        () => Promise.reject(new Error("no")),
      ),
    ).rejects.toThrow("no");
    expect(lockFiles(path)).toEqual([]);
  });

  it("lets one of several processes at a time take over the lock of one that is gone", async () => {
    const path = join(temporaryFolder(), "lock");
    const log = join(dirname(path), "events");
    writeFileSync(`${path}.1`, `${hostname()} 4194304`);
    const source = `
      import { appendFileSync } from "node:fs";
      import { withLock } from ${JSON.stringify(lock)};
      const say = (text) => appendFileSync(${JSON.stringify(log)}, text);
      await withLock(${JSON.stringify(path)}, () => {}, async () => {
        say("begin ");
        await new Promise((resolve) => setTimeout(resolve, 100));
        say("end ");
      });`;
    const contenders = [1, 2, 3].map(() =>
      spawn(process.execPath, ["--input-type=module", "--eval", source]),
    );
    const statuses = await Promise.all(contenders.map((child) => once(child, "close")));
    expect(statuses).toEqual(Array(3).fill([0, null]));
    expect(readFileSync(log, "utf8")).toBe("begin end ".repeat(3));
    expect(lockFiles(path)).toEqual([]);
  });
});
