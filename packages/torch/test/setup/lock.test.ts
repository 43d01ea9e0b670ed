import { existsSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withLock } from "../../setup/lock.js";
import { temporaryFolder } from "./temporary-folder.js";

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
    expect(existsSync(path)).toBe(false);
  });

  it("takes over the lock of a process that is gone", async () => {
    const path = join(temporaryFolder(), "lock");
    writeFileSync(path, `${hostname()} 4194304`);
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
    writeFileSync(path, "another-machine 1");
    const long = new Date(Date.now() - 60_000);
    utimesSync(path, long, long);
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
    expect(existsSync(path)).toBe(false);
  });
});
